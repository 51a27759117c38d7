/* SPDX-License-Identifier: Apache-2.0 */
/* The engine's workspace for the three products of a matrix of weights in a training step. */
#ifndef ARD_LAYER_PRODUCTS_H
#define ARD_LAYER_PRODUCTS_H

#include "engines/gemm.h"

/* A step's products with weights between `in` inputs and `out` outputs. */
typedef struct ard__layer_products {
    size_t rows; /* of the activations: samples */
    size_t in;
    size_t out;
    size_t groups; /* above 0: of tiles, each with weights of this size, which take their columns of
                      the activations by lists */
    bool inputs_first; /* the weights are stored [in x out] instead of [out x in] */
} ard__layer_products;

/* Makes room for forward, backward to data and backward to weights. `any` is some buffer of the
 * context, which is not touched. */
ard_status ard__layer_products_reserve(ard_context *context, const ard__layer_products *layer,
                                       cl_mem any);

#endif
