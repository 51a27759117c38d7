/* SPDX-License-Identifier: Apache-2.0 */
/* CLBlast as the engine behind gemm.h. */
#ifndef ARD_CLBLAST_ENGINE_H
#define ARD_CLBLAST_ENGINE_H

#include <stdbool.h>

#include <ard/context.h>

#include "engines/gemm.h"

/* Overrides CLBlast's parameters for the context's device where libard has better ones for it and
 * the caller does not want to keep them as they are; once a process and device. `*parameters` gets
 * the name of the set in force ("default" for CLBlast's own). */
ard_status ard__clblast_configure(ard_context *context, bool keep, const char **parameters);

ard_status ard__clblast_run(ard_context *context, const ard__gemm_batch *batch);
ard_status ard__clblast_reserve(ard_context *context, const ard__gemm *gemm);

/* The version that libard was built with. */
const char *ard__clblast_version(void);

#endif
