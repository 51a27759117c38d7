/* SPDX-License-Identifier: Apache-2.0 */
/* Batches with lists of columns for engines that take none: what the lists say is gathered into
 * scratch memory before the products, [rows x count * stride], and out of it afterwards. */
#ifndef ARD_GROUPED_H
#define ARD_GROUPED_H

#include "engines/gemm.h"

ard_status ard__grouped_run(ard_context *context, const ard__gemm_batch *batch,
                            const ard__engine *engine);

/* Makes the scratch memory large enough; nothing without lists. */
ard_status ard__grouped_reserve(ard_context *context, const ard__gemm_batch *batch);

#endif
