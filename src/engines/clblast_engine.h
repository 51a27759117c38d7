/* SPDX-License-Identifier: Apache-2.0 */
/* CLBlast as the engine behind gemm.h. */
#ifndef ARD_CLBLAST_ENGINE_H
#define ARD_CLBLAST_ENGINE_H

#include <stdbool.h>

#include <ard/context.h>

#include "engines/gemm.h"

/* Overrides CLBlast's parameters for the context's device by those of its tuning, unless they are
 * in force already, it has none or the caller wants to keep them as they are. */
ard_status ard__clblast_configure(ard_context *context, bool keep);

/* The parameters in force now: "default" for CLBlast's own, or a checksum. */
void ard__clblast_describe(const ard_context *context, char *text, size_t capacity);

ard_status ard__clblast_run(ard_context *context, const ard__gemm_batch *batch);
ard_status ard__clblast_reserve(ard_context *context, const ard__gemm_batch *batch);

/* The version that libard was built with. */
const char *ard__clblast_version(void);

#endif
