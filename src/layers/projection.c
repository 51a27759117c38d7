/* SPDX-License-Identifier: Apache-2.0 */
#include "layers/projection.h"

#include "device/kept_part.h"
#include "layers/linear_internal.h"

ard_status ard__projection_make(bool by_input, size_t in, size_t out, const ard_pattern *inputs,
                                const ard_tile_pattern *tile, const ard_bernoulli *drop_connect,
                                float scale, ard__projection *projection)
{
    const ard_pattern all = ard_pattern_all();
    ard_linear *linear = &projection->linear;
    ard_tile_layout layout;
    projection->by_input = by_input;
    projection->in = in;
    projection->out = out;
    ARD_TRY(ard_pattern_kept_count(inputs, in, &projection->kept_in));
    *linear = by_input ? ard_linear_init(1, out, in) : ard_linear_init(1, in, out);
    *(by_input ? &linear->out_pattern : &linear->in_pattern) = *inputs;
    linear->tile = *tile;
    linear->weight_scale = scale;
    linear->compact = true;
    if (drop_connect != NULL) {
        projection->mask = *drop_connect;
        linear->drop_connect = &projection->mask;
    }
    ARD_TRY(ard_tile_get_layout(tile, by_input ? in : out, by_input ? out : in,
                                by_input ? inputs : &all, by_input ? &all : inputs, &layout));
    projection->weight_rows = layout.groups * layout.rows;
    projection->weight_cols = layout.cols;
    return ARD_STATUS_SUCCESS;
}

/* The layer for so many rows; a copy, because the projection may have moved since it was made. */
static ard_linear linear_of(const ard__projection *projection, size_t rows)
{
    ard_linear linear = projection->linear;
    linear.batch = rows;
    if (linear.drop_connect != NULL) {
        linear.drop_connect = &projection->mask;
    }
    return linear;
}

ard_status ard__projection_forward(ard_context *context, const ard__projection *projection,
                                   size_t rows, const ard_matrix *src, const ard_matrix *weights,
                                   const ard_matrix *bias, const ard_matrix *dst)
{
    const ard_linear linear = linear_of(projection, rows);
    if (!projection->by_input) {
        return ard_linear_forward(context, &linear, src, weights, bias, dst, NULL);
    }
    /* Outputs of which no tile is kept have their bias too: an engine would not see them. */
    const ard__epilogue epilogue = ard__linear_epilogue(&linear, bias);
    const bool fused = bias != NULL && ard_tile_is_all(&linear.tile);
    ARD_TRY(ard__linear_backward_data(context, &linear, src, weights, fused ? &epilogue : NULL,
                                      "dst", dst));
    return bias != NULL && !fused
               ? ard__epilogue_run(context, rows, projection->out, &epilogue, dst)
               : ARD_STATUS_SUCCESS;
}

ard_status ard__projection_backward_data(ard_context *context, const ard__projection *projection,
                                         size_t rows, const ard_matrix *diff,
                                         const ard_matrix *weights, const ard_matrix *diff_src)
{
    const ard_linear linear = linear_of(projection, rows);
    return projection->by_input
               ? ard_linear_forward(context, &linear, diff, weights, NULL, diff_src, NULL)
               : ard_linear_backward_data(context, &linear, diff, weights, diff_src, NULL);
}

ard_status ard__projection_backward_weights(ard_context *context, const ard__projection *projection,
                                            size_t rows, const ard_matrix *diff,
                                            const ard_matrix *src, const ard_matrix *diff_weights)
{
    const ard_linear linear = linear_of(projection, rows);
    if (!ard_tile_is_all(&linear.tile)) {
        ARD_TRY(
            ard__clear(context, projection->weight_rows, projection->weight_cols, diff_weights));
    }
    return projection->by_input
               ? ard_linear_backward_weights(context, &linear, src, diff, diff_weights, NULL)
               : ard_linear_backward_weights(context, &linear, diff, src, diff_weights, NULL);
}

ard_status ard__shared_product_prepare(ard_context *context, const ard__projection *projection,
                                       size_t rows, bool backward, const ard_matrix *weights,
                                       ard__scratch *room, ard__shared_product *product)
{
    *product = (ard__shared_product){.projection = projection,
                                     .rows = rows,
                                     .backward = backward,
                                     .direct = !ard_tile_is_all(&projection->linear.tile),
                                     .weights = *weights};
    if (product->direct) {
        return ARD_STATUS_SUCCESS;
    }
    product->gemm = (ard__gemm){.m = rows,
                                .n = backward ? projection->kept_in : projection->out,
                                .k = backward ? projection->out : projection->kept_in,
                                .b_transposed = projection->by_input == backward,
                                .alpha = projection->linear.weight_scale,
                                .b = *weights};
    return ard__gemm_prepare(context, &product->gemm, room);
}

ard_status ard__shared_product_run(ard_context *context, const ard__shared_product *product,
                                   const ard_matrix *src, const ard_matrix *dst)
{
    if (product->direct && product->backward) {
        return ard__projection_backward_data(context, product->projection, product->rows, src,
                                             &product->weights, dst);
    }
    if (product->direct) {
        return ard__projection_forward(context, product->projection, product->rows, src,
                                       &product->weights, NULL, dst);
    }
    ard__gemm gemm = product->gemm;
    gemm.a = *src;
    gemm.c = *dst;
    return ard__gemm_run(context, &gemm);
}
