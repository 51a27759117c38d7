/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the linear layer share. */
#ifndef ARD_LINEAR_INTERNAL_H
#define ARD_LINEAR_INTERNAL_H

#include <ard/linear.h>

#include "engines/gemm.h"
#include "patterns/tile_axis.h"

/* A checked layer, and how much of it is kept. */
typedef struct ard__linear_kept {
    size_t in;
    size_t out;
    bool tiled; /* the weights are in groups, along these axes: */
    ard__tile_axis row_axis;
    ard__tile_axis col_axis;
    size_t weight_rows; /* of the compact weights, all groups */
    size_t weight_cols;
    size_t group_rows; /* of one group of them */
} ard__linear_kept;

/* INVALID_* unless the layer is one. */
ard_status ard__linear_check(const ard_context *context, const ard_linear *linear,
                             ard__linear_kept *kept);

/* Ends an operation on the layer, described where it is to be (operation.h). Returns the status. */
ard_status ard__linear_end(ard_context *context, const ard_linear *linear, ard_status status);

ard_status ard__linear_check_weights(const ard_linear *linear, const ard__linear_kept *kept,
                                     const ard_matrix *weights);

/* The weights that the products take, compact: as they were given or a view of them where that is
 * possible, else a copy in the context's scratch memory. */
ard_status ard__linear_product_weights(ard_context *context, const ard_linear *linear,
                                       const ard__linear_kept *kept, const ard_matrix *weights,
                                       ard_matrix *compact);

/* Bias (NULL: none; compact), activation and scale of the layer's outputs. */
ard__epilogue ard__linear_epilogue(const ard_linear *linear, const ard_matrix *bias);

/* The same under the layer's conventional mask: dst = scale * mask * activation(dst + bias). */
ard_status ard__linear_activate_masked(ard_context *context, const ard_linear *linear,
                                       const ard__epilogue *epilogue, const ard_matrix *dst);

/* diff_pre = scale * mask * activation'(.) * diff_dst */
ard_status ard__linear_differentiate(ard_context *context, const ard_linear *linear,
                                     const ard__linear_kept *kept, const ard_matrix *dst,
                                     const ard_matrix *diff_dst, const ard_matrix *diff_pre);

/* ard_linear_backward_data() and what follows the product (NULL: nothing); `name` is that of
 * diff_src in messages. */
ard_status ard__linear_backward_data(ard_context *context, const ard_linear *linear,
                                     const ard_matrix *diff_pre, const ard_matrix *weights,
                                     const ard__epilogue *epilogue, const char *name,
                                     const ard_matrix *diff_src);

/* sums [1 x cols] = the sums of src's columns. */
ard_status ard__sum_rows(ard_context *context, size_t rows, size_t cols, const ard_matrix *src,
                         const ard_matrix *sums);

/* The products of a layer that is tiled, and what follows (NULL: nothing); `weights` and
 * diff_weights are compact. */
ard_status ard__tiles_forward(ard_context *context, const ard_linear *linear,
                              const ard__linear_kept *kept, const ard_matrix *src,
                              const ard_matrix *weights, const ard__epilogue *epilogue,
                              const ard_matrix *dst);
ard_status ard__tiles_backward_data(ard_context *context, const ard_linear *linear,
                                    const ard__linear_kept *kept, const ard_matrix *diff_pre,
                                    const ard_matrix *weights, const ard__epilogue *epilogue,
                                    const ard_matrix *diff_src);
ard_status ard__tiles_backward_weights(ard_context *context, const ard_linear *linear,
                                       const ard__linear_kept *kept, const ard_matrix *diff_pre,
                                       const ard_matrix *src, const ard_matrix *diff_weights);

#endif
