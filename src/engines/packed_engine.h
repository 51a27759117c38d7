/* SPDX-License-Identifier: Apache-2.0 */
/* The engine of libard's own kernels behind gemm.h (cl/packed.cl): for CPU devices. */
#ifndef ARD_PACKED_ENGINE_H
#define ARD_PACKED_ENGINE_H

#include <stdint.h>

#include "engines/gemm.h"

/* Block sizes, the macros of cl/packed.cl. */
typedef struct ard__packed_parameters {
    const char *name; /* recorded in checkpoints */
    uint32_t vector_width;
    uint32_t vectors; /* in the columns of a strip */
    uint32_t rows;    /* of a block */
    uint32_t depth;   /* k of a panel */
} ard__packed_parameters;

/* The parameters for a device whose vectors have so many floats. */
const ard__packed_parameters *ard__packed_parameters_for(uint32_t native_vector_width);

/* The parameters as build options of packed.cl. */
void ard__packed_options(const ard__packed_parameters *parameters, char *text, size_t capacity);

ard_status ard__packed_run(ard_context *context, const ard__gemm_batch *batch);
ard_status ard__packed_reserve(ard_context *context, const ard__gemm_batch *batch);

#endif
