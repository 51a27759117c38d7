/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/compact.h>

#include "core/integers.h"
#include "device/context_internal.h"
#include "device/launch.h"
#include "device/matrix_check.h"
#include "layers/compact_internal.h"

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

/* The kept part of a caller's matrix. */
static ard_status check_part(ard_context *context, size_t rows, size_t cols,
                             const ard_tile_pattern *tile, const ard_pattern *row_pattern,
                             const ard_pattern *col_pattern, ard__kept_part *part)
{
    ARD__CHECK(context != NULL, "the context is NULL");
    ARD_TRY(ard__check_size("rows", rows));
    ARD_TRY(ard__check_size("cols", cols));
    if (tile != NULL) {
        ARD_TRY(ard_tile_check(tile, rows, cols));
    }
    if (row_pattern != NULL) {
        ARD_TRY(ard_pattern_check(row_pattern, rows));
    }
    if (col_pattern != NULL) {
        ARD_TRY(ard_pattern_check(col_pattern, cols));
    }
    return ard__kept_part_get(context, rows, cols, tile, row_pattern, col_pattern, part);
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

ard_status ard__gather_columns(ard_context *context, size_t rows, size_t cols,
                               const ard__index_list *list, cl_uint at, bool runs,
                               const ard_matrix *src, const ard_matrix *dst)
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
    ard__launch_buffer(&launch, list->buffer);
    ard__launch_uint(&launch, at);
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

static ard_status expand(ard_context *context, const ard__kept_part *part, const ard_matrix *src,
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

ard_status ard_compact_tiles(ard_context *context, size_t rows, size_t cols,
                             const ard_tile_pattern *tile, const ard_pattern *row_pattern,
                             const ard_pattern *col_pattern, const ard_matrix *src,
                             const ard_matrix *dst, cl_event *event)
{
    ard__kept_part part;
    ARD_TRY(check_part(context, rows, cols, tile, row_pattern, col_pattern, &part));
    ARD_TRY(ard__check_matrix("src", src, rows, cols));
    ARD_TRY(ard__check_matrix("dst", dst, part.rows.count, part.cols.stride));
    ARD_TRY(ard__compact(context, &part, src, dst));
    return ard__give_event(context, event);
}

ard_status ard_expand_tiles(ard_context *context, size_t rows, size_t cols,
                            const ard_tile_pattern *tile, const ard_pattern *row_pattern,
                            const ard_pattern *col_pattern, const ard_matrix *src,
                            const ard_matrix *dst, cl_event *event)
{
    ard__kept_part part;
    ARD_TRY(check_part(context, rows, cols, tile, row_pattern, col_pattern, &part));
    ARD_TRY(ard__check_matrix("src", src, part.rows.count, part.cols.stride));
    ARD_TRY(ard__check_matrix("dst", dst, rows, cols));
    const bool whole = part.rows.count == rows && part.cols.count == cols;
    if (!whole || (tile != NULL && !ard_tile_is_all(tile))) {
        ARD_TRY(ard__clear(context, rows, cols, dst));
    }
    ARD_TRY(expand(context, &part, src, dst));
    return ard__give_event(context, event);
}

ard_status ard_compact(ard_context *context, size_t rows, size_t cols,
                       const ard_pattern *row_pattern, const ard_pattern *col_pattern,
                       const ard_matrix *src, const ard_matrix *dst, cl_event *event)
{
    return ard_compact_tiles(context, rows, cols, NULL, row_pattern, col_pattern, src, dst, event);
}

ard_status ard_expand(ard_context *context, size_t rows, size_t cols,
                      const ard_pattern *row_pattern, const ard_pattern *col_pattern,
                      const ard_matrix *src, const ard_matrix *dst, cl_event *event)
{
    return ard_expand_tiles(context, rows, cols, NULL, row_pattern, col_pattern, src, dst, event);
}

/* The residue of a pattern that keeps one. */
static size_t only_residue(const ard_pattern *pattern)
{
    size_t residue = 0;
    while (!ard_pattern_keeps(pattern, residue)) {
        ++residue;
    }
    return residue;
}

static bool is_well_formed(const ard_pattern *pattern)
{
    return pattern == NULL || ard_pattern_check(pattern, SIZE_MAX) == ARD_STATUS_SUCCESS;
}

bool ard_compact_view(const ard_pattern *row_pattern, const ard_pattern *col_pattern,
                      const ard_matrix *src, ard_matrix *view)
{
    if (src == NULL || view == NULL || !is_well_formed(row_pattern) ||
        !is_well_formed(col_pattern) || (col_pattern != NULL && !ard_pattern_is_all(col_pattern))) {
        return false;
    }
    if (row_pattern == NULL || ard_pattern_is_all(row_pattern)) {
        *view = *src;
        return true;
    }
    if (ard_pattern_residue_count(row_pattern) != 1) {
        return false;
    }
    *view = (ard_matrix){src->buffer, src->offset + only_residue(row_pattern) * src->ld,
                         src->ld * row_pattern->period};
    return true;
}
