/* SPDX-License-Identifier: Apache-2.0 */
/* The engine that multiplies by the definition (cl/reference.cl): slow, on every device, for tests
 * and to find out whether another engine is at fault. No tuning chooses it; ARD_ENGINE does. */
#ifndef ARD_REFERENCE_ENGINE_H
#define ARD_REFERENCE_ENGINE_H

#include "engines/gemm.h"

ard_status ard__reference_run(ard_context *context, const ard__gemm_batch *batch);

#endif
