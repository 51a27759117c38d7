/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/compact.h>

#include "device/context_internal.h"
#include "device/kept_part.h"
#include "device/matrix_check.h"
#include "device/operation.h"

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

static ard_status compact_tiles(ard_context *context, size_t rows, size_t cols,
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

ard_status ard_compact_tiles(ard_context *context, size_t rows, size_t cols,
                             const ard_tile_pattern *tile, const ard_pattern *row_pattern,
                             const ard_pattern *col_pattern, const ard_matrix *src,
                             const ard_matrix *dst, cl_event *event)
{
    ard__operation_begin(context, "compact_tiles");
    return ard__operation_end_matrix(
        context, rows, cols, row_pattern, col_pattern, tile,
        compact_tiles(context, rows, cols, tile, row_pattern, col_pattern, src, dst, event));
}

static ard_status expand_tiles(ard_context *context, size_t rows, size_t cols,
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
    ARD_TRY(ard__expand(context, &part, src, dst));
    return ard__give_event(context, event);
}

ard_status ard_expand_tiles(ard_context *context, size_t rows, size_t cols,
                            const ard_tile_pattern *tile, const ard_pattern *row_pattern,
                            const ard_pattern *col_pattern, const ard_matrix *src,
                            const ard_matrix *dst, cl_event *event)
{
    ard__operation_begin(context, "expand_tiles");
    return ard__operation_end_matrix(
        context, rows, cols, row_pattern, col_pattern, tile,
        expand_tiles(context, rows, cols, tile, row_pattern, col_pattern, src, dst, event));
}

ard_status ard_compact(ard_context *context, size_t rows, size_t cols,
                       const ard_pattern *row_pattern, const ard_pattern *col_pattern,
                       const ard_matrix *src, const ard_matrix *dst, cl_event *event)
{
    ard__operation_begin(context, "compact");
    return ard__operation_end_matrix(
        context, rows, cols, row_pattern, col_pattern, NULL,
        compact_tiles(context, rows, cols, NULL, row_pattern, col_pattern, src, dst, event));
}

ard_status ard_expand(ard_context *context, size_t rows, size_t cols,
                      const ard_pattern *row_pattern, const ard_pattern *col_pattern,
                      const ard_matrix *src, const ard_matrix *dst, cl_event *event)
{
    ard__operation_begin(context, "expand");
    return ard__operation_end_matrix(
        context, rows, cols, row_pattern, col_pattern, NULL,
        expand_tiles(context, rows, cols, NULL, row_pattern, col_pattern, src, dst, event));
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
    if (ard_pattern_is_index(row_pattern) || ard_pattern_residue_count(row_pattern) != 1) {
        return false;
    }
    *view = (ard_matrix){src->buffer, src->offset + only_residue(row_pattern) * src->ld,
                         src->ld * row_pattern->period};
    return true;
}
