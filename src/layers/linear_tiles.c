/* SPDX-License-Identifier: Apache-2.0 */
/* The products of a linear layer over its kept tiles.
 *
 * In the order of the groups (src/patterns/tile_axis.h) the kept weights are dense blocks, and the
 * layer is one product a group between columns of the inputs and of the outputs: a batch of
 * products that take and give their columns by lists. */
#include "device/context_internal.h"
#include "device/index_cache.h"
#include "layers/linear_internal.h"

/* The columns of the groups along one axis among the kept units; no list where there is one group
 * of them all. */
static ard_status list_columns(ard_context *context, const ard__tile_axis *axis,
                               const ard_pattern *pattern, size_t width, ard__columns *columns)
{
    *columns = (ard__columns){.stride = 0};
    if (ard__tile_axis_is_plain(axis)) {
        return ARD_STATUS_SUCCESS;
    }
    ard__index_key key = ard__index_key_plain(pattern, width);
    ard__index_list list;
    key.axis = *axis;
    ARD_TRY(ard__index_list_get(context, &key, &list));
    *columns = (ard__columns){.buffer = list.buffer,
                              .at = ard__index_compact_at(&list),
                              .sizes_at = ard__index_sizes_at(&list),
                              .places_at = ard__index_places_at(&list),
                              .stride = list.stride,
                              .width = list.kept,
                              .runs = ard__index_key_has_runs(context, &key),
                              .sizes = list.sizes};
    return ARD_STATUS_SUCCESS;
}

static ard_status list_inputs(ard_context *context, const ard_linear *linear,
                              const ard__linear_kept *kept, ard__columns *columns)
{
    return list_columns(context, &kept->col_axis, &linear->in_pattern, linear->in, columns);
}

static ard_status list_outputs(ard_context *context, const ard_linear *linear,
                               const ard__linear_kept *kept, ard__columns *columns)
{
    return list_columns(context, &kept->row_axis, &linear->out_pattern, linear->out, columns);
}

ard_status ard__tiles_forward(ard_context *context, const ard_linear *linear,
                              const ard__linear_kept *kept, const ard_matrix *src,
                              const ard_matrix *weights, const ard__epilogue *epilogue,
                              const ard_matrix *dst)
{
    ard__gemm_batch products = {.first = {.m = linear->batch,
                                          .n = kept->group_rows,
                                          .k = kept->weight_cols,
                                          .b_transposed = true,
                                          .alpha = linear->weight_scale,
                                          .a = *src,
                                          .b = *weights,
                                          .c = *dst,
                                          .epilogue = epilogue},
                                .count = kept->col_axis.groups,
                                .b_stride = kept->group_rows * weights->ld};
    ARD_TRY(list_inputs(context, linear, kept, &products.a_columns));
    ARD_TRY(list_outputs(context, linear, kept, &products.c_columns));
    return ard__gemm_run_batch(context, &products);
}

ard_status ard__tiles_backward_data(ard_context *context, const ard_linear *linear,
                                    const ard__linear_kept *kept, const ard_matrix *diff_pre,
                                    const ard_matrix *weights, const ard__epilogue *epilogue,
                                    const ard_matrix *diff_src)
{
    ard__gemm_batch products = {.first = {.m = linear->batch,
                                          .n = kept->weight_cols,
                                          .k = kept->group_rows,
                                          .alpha = linear->weight_scale,
                                          .a = *diff_pre,
                                          .b = *weights,
                                          .c = *diff_src,
                                          .epilogue = epilogue},
                                .count = kept->col_axis.groups,
                                .b_stride = kept->group_rows * weights->ld};
    ARD_TRY(list_outputs(context, linear, kept, &products.a_columns));
    ARD_TRY(list_inputs(context, linear, kept, &products.c_columns));
    return ard__gemm_run_batch(context, &products);
}

ard_status ard__tiles_backward_weights(ard_context *context, const ard_linear *linear,
                                       const ard__linear_kept *kept, const ard_matrix *diff_pre,
                                       const ard_matrix *src, const ard_matrix *diff_weights)
{
    ard__gemm_batch products = {.first = {.m = kept->group_rows,
                                          .n = kept->weight_cols,
                                          .k = linear->batch,
                                          .a_transposed = true,
                                          .alpha = linear->weight_scale,
                                          .a = *diff_pre,
                                          .b = *src,
                                          .c = *diff_weights},
                                .count = kept->col_axis.groups,
                                .c_stride = kept->group_rows * diff_weights->ld};
    ARD_TRY(list_outputs(context, linear, kept, &products.a_columns));
    ARD_TRY(list_inputs(context, linear, kept, &products.b_columns));
    return ard__gemm_run_batch(context, &products);
}
