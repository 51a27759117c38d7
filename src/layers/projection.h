/* SPDX-License-Identifier: Apache-2.0 */
/* A matrix of weights between dropped inputs and outputs that are all kept, stored by input or by
 * output:
 *     dst [rows x out] = scale * src W + b
 * It is a linear layer (linear.h), whose roles are exchanged where the weights are stored by input:
 * what is dropped are rows of them then, which can often be used as they are. */
#ifndef ARD_PROJECTION_H
#define ARD_PROJECTION_H

#include <ard/linear.h>

#include "device/context_internal.h"
#include "engines/gemm.h"

typedef struct ard__projection {
    bool by_input; /* weights [in x out], else [out x in] */
    ard_linear linear;
    ard_bernoulli mask; /* DropConnect, where linear.drop_connect is set */
    size_t in;
    size_t out;
    size_t kept_in;
    size_t weight_rows; /* of the compact weights and their gradient, padding included */
    size_t weight_cols;
} ard__projection;

/* What it drops: inputs, tiles of the stored weights, or by `drop_connect` (NULL: no) single
 * weights. `scale` is the factor of what is kept. The patterns were checked. */
ard_status ard__projection_make(bool by_input, size_t in, size_t out, const ard_pattern *inputs,
                                const ard_tile_pattern *tile, const ard_bernoulli *drop_connect,
                                float scale, ard__projection *projection);

/* Elements of the compact weights. */
static inline size_t ard__projection_weights(const ard__projection *projection)
{
    return projection->weight_rows * projection->weight_cols;
}

/* dst [rows x out]; src [rows x kept_in], weights compact, bias [1 x out] or NULL. */
ard_status ard__projection_forward(ard_context *context, const ard__projection *projection,
                                   size_t rows, const ard_matrix *src, const ard_matrix *weights,
                                   const ard_matrix *bias, const ard_matrix *dst);

/* diff_src [rows x kept_in] from diff [rows x out]. */
ard_status ard__projection_backward_data(ard_context *context, const ard__projection *projection,
                                         size_t rows, const ard_matrix *diff,
                                         const ard_matrix *weights, const ard_matrix *diff_src);

/* The compact gradient of the weights; what pads its tiles becomes 0. */
ard_status ard__projection_backward_weights(ard_context *context, const ard__projection *projection,
                                            size_t rows, const ard_matrix *diff,
                                            const ard_matrix *src, const ard_matrix *diff_weights);

/* A forward or backward to data product that is run several times with the same weights. */
typedef struct ard__shared_product {
    const ard__projection *projection;
    size_t rows;
    bool backward;
    bool direct;        /* run through the projection, else as `gemm` */
    ard_matrix weights; /* direct */
    ard__gemm gemm;
} ard__shared_product;

/* Prepares it; `room` holds what the engine makes of the weights and must not be used for another
 * before the last run. */
ard_status ard__shared_product_prepare(ard_context *context, const ard__projection *projection,
                                       size_t rows, bool backward, const ard_matrix *weights,
                                       ard__scratch *room, ard__shared_product *product);

/* dst = what ard__projection_forward (without bias) or _backward_data gives of src. */
ard_status ard__shared_product_run(ard_context *context, const ard__shared_product *product,
                                   const ard_matrix *src, const ard_matrix *dst);

#endif
