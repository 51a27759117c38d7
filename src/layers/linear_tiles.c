/* SPDX-License-Identifier: Apache-2.0 */
/* The products of a linear layer over its kept tiles.
 *
 * In the order of the groups (src/patterns/tile_axis.h) the kept weights are dense blocks, and the
 * layer is one product a group between columns of the inputs and of the outputs. So activations are
 * gathered into that order, [batch x groups * width], and results back out of it. */
#include "device/context_internal.h"
#include "layers/compact_internal.h"
#include "layers/linear_internal.h"

/* One dimension of a tiled layer: its units in the order of the groups. */
typedef struct dimension {
    ard__tile_axis axis;
    ard_pattern pattern;
    size_t width;
    size_t kept;
    size_t stride; /* of a group */
    ard__scratch *scratch;
} dimension;

static dimension inputs(ard_context *context, const ard_linear *linear,
                        const ard__linear_kept *kept)
{
    return (dimension){kept->col_axis, linear->in_pattern, linear->in,
                       kept->in,       kept->weight_cols,  &context->grouped_in};
}

static dimension outputs(ard_context *context, const ard_linear *linear,
                         const ard__linear_kept *kept)
{
    return (dimension){kept->row_axis, linear->out_pattern, linear->out,
                       kept->out,      kept->group_rows,    &context->grouped_out};
}

/* Columns into the order of the groups, or out of it. */
static ard_status gather(ard_context *context, const dimension *d, bool ungroup, size_t batch,
                         const ard_matrix *src, const ard_matrix *dst)
{
    ard__index_key key = ard__index_key_plain(&d->pattern, d->width);
    key.axis = d->axis;
    ard__index_list list;
    ARD_TRY(ard__index_list_get(context, &key, &list));
    const size_t cols = ungroup ? list.kept : list.count;
    const cl_uint at = ungroup ? ard__index_places_at(&list) : ard__index_compact_at(&list);
    return ard__gather_columns(context, batch, cols, &list, at,
                               ard__index_key_has_runs(context, &key), src, dst);
}

/* Where the units are in the order of the groups: `units` itself if that is their order, else
 * scratch memory that is to be gathered into or out of. */
static ard_status grouped_place(ard_context *context, const dimension *d, size_t batch,
                                const ard_matrix *units, ard_matrix *grouped)
{
    if (ard__tile_axis_is_plain(&d->axis)) {
        *grouped = *units;
        return ARD_STATUS_SUCCESS;
    }
    const size_t width = d->axis.groups * d->stride;
    ARD_TRY(ard__scratch_reserve(context, d->scratch, batch * width * sizeof(cl_float)));
    *grouped = (ard_matrix){d->scratch->buffer, 0, width};
    return ARD_STATUS_SUCCESS;
}

/* The units [batch x kept] in the order of the groups. */
static ard_status group(ard_context *context, const dimension *d, size_t batch,
                        const ard_matrix *units, ard_matrix *grouped)
{
    ARD_TRY(grouped_place(context, d, batch, units, grouped));
    if (ard__tile_axis_is_plain(&d->axis)) {
        return ARD_STATUS_SUCCESS;
    }
    return gather(context, d, false, batch, units, grouped);
}

/* The way back; units in no group become zero. */
static ard_status ungroup(ard_context *context, const dimension *d, size_t batch,
                          const ard_matrix *grouped, const ard_matrix *units)
{
    if (ard__tile_axis_is_plain(&d->axis)) {
        return ARD_STATUS_SUCCESS;
    }
    return gather(context, d, true, batch, grouped, units);
}

/* Which sizes of a product are a group's rows and columns of weights. */
typedef enum product_kind {
    FORWARD,
    BACKWARD_DATA,
    BACKWARD_WEIGHTS,
} product_kind;

static void set_sizes(ard__gemm *gemm, product_kind kind, size_t batch, size_t rows, size_t cols)
{
    gemm->m = kind == BACKWARD_WEIGHTS ? rows : batch;
    gemm->n = kind == FORWARD ? rows : cols;
    gemm->k = kind == FORWARD ? cols : kind == BACKWARD_DATA ? rows : batch;
}

/* Whether all groups have the same sizes. */
static bool are_equal(const dimension *in, const dimension *out)
{
    for (uint32_t q = 0; q < in->axis.groups; ++q) {
        if (ard__tile_axis_group_size(&in->axis, &in->pattern, in->width, q) != in->stride ||
            ard__tile_axis_group_size(&out->axis, &out->pattern, out->width, q) != out->stride) {
            return false;
        }
    }
    return true;
}

/* The products one by one. Those with an empty sum leave zeros. */
static ard_status run_unequal(ard_context *context, const ard__gemm_batch *products,
                              product_kind kind, size_t batch, const dimension *in,
                              const dimension *out)
{
    bool cleared = kind == BACKWARD_WEIGHTS;
    for (uint32_t q = 0; !cleared && q < in->axis.groups; ++q) {
        const dimension *summed = kind == FORWARD ? in : out;
        const dimension *result = kind == FORWARD ? out : in;
        if (ard__tile_axis_group_size(&summed->axis, &summed->pattern, summed->width, q) == 0) {
            ARD_TRY(ard__clear(context, batch, result->axis.groups * result->stride,
                               &products->first.c));
            cleared = true;
        }
    }
    for (uint32_t q = 0; q < in->axis.groups; ++q) {
        const size_t rows = ard__tile_axis_group_size(&out->axis, &out->pattern, out->width, q);
        const size_t cols = ard__tile_axis_group_size(&in->axis, &in->pattern, in->width, q);
        if (rows > 0 && cols > 0) {
            ard__gemm product = ard__gemm_batch_product(products, q);
            set_sizes(&product, kind, batch, rows, cols);
            ARD_TRY(ard__gemm_run(context, &product));
        }
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status run_products(ard_context *context, ard__gemm_batch *products, product_kind kind,
                               size_t batch, const dimension *in, const dimension *out)
{
    products->count = in->axis.groups;
    if (!are_equal(in, out)) {
        return run_unequal(context, products, kind, batch, in, out);
    }
    set_sizes(&products->first, kind, batch, out->stride, in->stride);
    return ard__gemm_run_batch(context, products);
}

ard_status ard__tiles_forward(ard_context *context, const ard_linear *linear,
                              const ard__linear_kept *kept, const ard_matrix *src,
                              const ard_matrix *weights, const ard_matrix *dst)
{
    const dimension in = inputs(context, linear, kept);
    const dimension out = outputs(context, linear, kept);
    ard_matrix grouped_src;
    ard_matrix grouped_dst;
    ARD_TRY(group(context, &in, linear->batch, src, &grouped_src));
    ARD_TRY(grouped_place(context, &out, linear->batch, dst, &grouped_dst));
    ard__gemm_batch products = {.first = {.b_transposed = true,
                                          .alpha = linear->weight_scale,
                                          .a = grouped_src,
                                          .b = *weights,
                                          .c = grouped_dst},
                                .a_stride = in.stride,
                                .b_stride = out.stride * weights->ld,
                                .c_stride = out.stride};
    ARD_TRY(run_products(context, &products, FORWARD, linear->batch, &in, &out));
    return ungroup(context, &out, linear->batch, &grouped_dst, dst);
}

ard_status ard__tiles_backward_data(ard_context *context, const ard_linear *linear,
                                    const ard__linear_kept *kept, const ard_matrix *diff_pre,
                                    const ard_matrix *weights, const ard_matrix *diff_src)
{
    const dimension in = inputs(context, linear, kept);
    const dimension out = outputs(context, linear, kept);
    ard_matrix grouped_diff_pre;
    ard_matrix grouped_diff_src;
    ARD_TRY(group(context, &out, linear->batch, diff_pre, &grouped_diff_pre));
    ARD_TRY(grouped_place(context, &in, linear->batch, diff_src, &grouped_diff_src));
    ard__gemm_batch products = {.first = {.alpha = linear->weight_scale,
                                          .a = grouped_diff_pre,
                                          .b = *weights,
                                          .c = grouped_diff_src},
                                .a_stride = out.stride,
                                .b_stride = out.stride * weights->ld,
                                .c_stride = in.stride};
    ARD_TRY(run_products(context, &products, BACKWARD_DATA, linear->batch, &in, &out));
    return ungroup(context, &in, linear->batch, &grouped_diff_src, diff_src);
}

ard_status ard__tiles_backward_weights(ard_context *context, const ard_linear *linear,
                                       const ard__linear_kept *kept, const ard_matrix *diff_pre,
                                       const ard_matrix *src, const ard_matrix *diff_weights)
{
    const dimension in = inputs(context, linear, kept);
    const dimension out = outputs(context, linear, kept);
    ard_matrix grouped_diff_pre;
    ard_matrix grouped_src;
    ARD_TRY(group(context, &out, linear->batch, diff_pre, &grouped_diff_pre));
    ARD_TRY(group(context, &in, linear->batch, src, &grouped_src));
    ard__gemm_batch products = {.first = {.a_transposed = true,
                                          .alpha = linear->weight_scale,
                                          .a = grouped_diff_pre,
                                          .b = grouped_src,
                                          .c = *diff_weights},
                                .a_stride = out.stride,
                                .b_stride = in.stride,
                                .c_stride = out.stride * diff_weights->ld};
    return run_products(context, &products, BACKWARD_WEIGHTS, linear->batch, &in, &out);
}

ard_status ard__tiles_reserve(ard_context *context, size_t batch, const ard_tile_layout *largest)
{
    const size_t row = largest->groups * sizeof(cl_float);
    ARD_TRY(ard__scratch_reserve(context, &context->grouped_in, batch * largest->cols * row));
    return ard__scratch_reserve(context, &context->grouped_out, batch * largest->rows * row);
}
