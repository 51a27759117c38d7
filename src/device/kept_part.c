/* SPDX-License-Identifier: Apache-2.0 */
#include "device/kept_part.h"

#include "core/integers.h"
#include "device/context_internal.h"
#include "device/launch.h"

ard_status ard__kept_part_get(ard_context *context, size_t rows, size_t cols,
                              const ard_tile_pattern *tile, const ard_pattern *row_pattern,
                              const ard_pattern *col_pattern, ard__kept_part *part)
{
    ard__index_key row_key = ard__index_key_plain(row_pattern, rows);
    ard__index_key col_key = ard__index_key_plain(col_pattern, cols);
    ard__tile_axes(tile, rows, cols, &row_key.axis, &col_key.axis);
    part->runs = ard__index_key_has_runs(context, &col_key);
    ARD_TRY(ard__index_list_get(context, &row_key, &part->rows));
    return ard__index_list_get(context, &col_key, &part->cols);
}

static void add_part(ard__launch *launch, const ard__kept_part *part)
{
    ard__launch_uint(launch, (cl_uint)part->rows.stride);
    ard__launch_uint(launch, (cl_uint)part->cols.stride);
    ard__launch_buffer(launch, part->rows.buffer);
    ard__launch_buffer(launch, part->cols.buffer);
}

/* Work-items for `cols` columns. */
static size_t columns_items(const ard_context *context, size_t cols, bool runs)
{
    return runs ? ard__divide_up(cols, context->vector_width) : cols;
}

ard_status ard__compact(ard_context *context, const ard__kept_part *part, const ard_matrix *src,
                        const ard_matrix *dst)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, part->runs ? ARD__KERNEL_COMPACT_RUNS : ARD__KERNEL_COMPACT,
                              &launch));
    add_part(&launch, part);
    ard__launch_uint(&launch, 0);
    ard__launch_matrix(&launch, src);
    ard__launch_matrix(&launch, dst);
    ard__launch_touches(&launch, part->rows.count, part->cols.stride, 2);
    return ard__launch_3d(&launch, columns_items(context, part->cols.stride, part->runs),
                          part->rows.stride, part->rows.groups);
}

ard_status ard__gather_columns(ard_context *context, size_t rows, size_t cols, cl_mem list,
                               size_t at, bool runs, const ard_matrix *src, const ard_matrix *dst)
{
    const ard__index_key key = ard__index_key_plain(NULL, rows);
    ard__index_list all_rows;
    ard__launch launch;
    ARD_TRY(ard__index_list_get(context, &key, &all_rows));
    ARD_TRY(
        ard__launch_begin(context, runs ? ARD__KERNEL_COMPACT_RUNS : ARD__KERNEL_COMPACT, &launch));
    ard__launch_uint(&launch, (cl_uint)rows);
    ard__launch_uint(&launch, (cl_uint)cols);
    ard__launch_buffer(&launch, all_rows.buffer);
    ard__launch_buffer(&launch, list);
    ard__launch_uint(&launch, (cl_uint)at);
    ard__launch_matrix(&launch, src);
    ard__launch_matrix(&launch, dst);
    ard__launch_touches(&launch, rows, cols, 2);
    return ard__launch_3d(&launch, columns_items(context, cols, runs), rows, 1);
}

ard_status ard__clear(ard_context *context, size_t rows, size_t cols, const ard_matrix *dst)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_CLEAR, &launch));
    ard__launch_uint(&launch, (cl_uint)rows);
    ard__launch_uint(&launch, (cl_uint)cols);
    ard__launch_matrix(&launch, dst);
    ard__launch_touches(&launch, rows, cols, 1);
    return ard__launch_2d(&launch, cols, rows);
}

ard_status ard__expand(ard_context *context, const ard__kept_part *part, const ard_matrix *src,
                       const ard_matrix *dst)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_EXPAND, &launch));
    add_part(&launch, part);
    ard__launch_matrix(&launch, src);
    ard__launch_matrix(&launch, dst);
    ard__launch_touches(&launch, part->rows.count, part->cols.stride, 2);
    return ard__launch_3d(&launch, part->cols.stride, part->rows.stride, part->rows.groups);
}
