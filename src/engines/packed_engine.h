/* SPDX-License-Identifier: Apache-2.0 */
/* The engine of libard's own kernels behind gemm.h (cl/packed.cl): for CPU devices. */
#ifndef ARD_PACKED_ENGINE_H
#define ARD_PACKED_ENGINE_H

#include "engines/gemm.h"

/* UNSUPPORTED where the device's local memory is smaller than a panel of the context's tuning. */
ard_status ard__packed_check(const ard_context *context);

/* The block sizes as build options of packed.cl. */
void ard__packed_options(const ard_packed_parameters *parameters, char *text, size_t capacity);

/* Vectors in the columns of a panel of panels.cl: with the most rows of a block they fill 20 of 32
 * vector registers, or 12 of 16, with sums. */
enum { ARD__PANEL_VECTORS = 2 };

/* The same for panels.cl. */
void ard__panels_options(const ard_packed_parameters *parameters, char *text, size_t capacity);

ard_status ard__packed_run(ard_context *context, const ard__gemm_batch *batch);
ard_status ard__packed_reserve(ard_context *context, const ard__gemm_batch *batch);

#endif
