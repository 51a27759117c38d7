/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/compact.h>

#include "device/context_internal.h"
#include "device/launch.h"
#include "device/matrix_check.h"
#include "layers/compact_internal.h"

/* What both directions share: the problem, and how much of it is kept. */
typedef struct compaction {
    size_t rows;
    size_t cols;
    ard_pattern row_pattern;
    ard_pattern col_pattern;
    size_t kept_rows;
    size_t kept_cols;
} compaction;

static ard_status check_compaction(const ard_context *context, size_t rows, size_t cols,
                                   const ard_pattern *row_pattern, const ard_pattern *col_pattern,
                                   compaction *checked)
{
    ARD__CHECK(context != NULL, "the context is NULL");
    ARD_TRY(ard__check_size("rows", rows));
    ARD_TRY(ard__check_size("cols", cols));
    compaction c = {.rows = rows,
                    .cols = cols,
                    .row_pattern = row_pattern != NULL ? *row_pattern : ard_pattern_all(),
                    .col_pattern = col_pattern != NULL ? *col_pattern : ard_pattern_all()};
    ARD_TRY(ard_pattern_kept_count(&c.row_pattern, rows, &c.kept_rows));
    ARD_TRY(ard_pattern_kept_count(&c.col_pattern, cols, &c.kept_cols));
    *checked = c;
    return ARD_STATUS_SUCCESS;
}

static ard_status launch_move(ard_context *context, ard__kernel_id id, const compaction *c,
                              const ard_matrix *src, const ard_matrix *dst)
{
    ard__index_list rows;
    ard__index_list cols;
    ard__launch launch;
    ARD_TRY(ard__index_list_get(context, &c->row_pattern, c->rows, 1, &rows));
    ARD_TRY(ard__index_list_get(context, &c->col_pattern, c->cols, 1, &cols));
    ARD_TRY(ard__launch_begin(context, id, &launch));
    ard__launch_uint(&launch, (cl_uint)c->kept_rows);
    ard__launch_uint(&launch, (cl_uint)c->kept_cols);
    ard__launch_buffer(&launch, rows.buffer);
    ard__launch_buffer(&launch, cols.buffer);
    ard__launch_matrix(&launch, src);
    ard__launch_matrix(&launch, dst);
    return ard__launch_2d(&launch, c->kept_cols, c->kept_rows);
}

static ard_status clear(ard_context *context, size_t rows, size_t cols, const ard_matrix *dst)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_CLEAR, &launch));
    ard__launch_uint(&launch, (cl_uint)rows);
    ard__launch_uint(&launch, (cl_uint)cols);
    ard__launch_matrix(&launch, dst);
    return ard__launch_2d(&launch, cols, rows);
}

ard_status ard__compact(ard_context *context, size_t rows, size_t cols,
                        const ard_pattern *row_pattern, const ard_pattern *col_pattern,
                        const ard_matrix *src, const ard_matrix *dst)
{
    compaction c;
    ARD_TRY(check_compaction(context, rows, cols, row_pattern, col_pattern, &c));
    return launch_move(context, ARD__KERNEL_COMPACT, &c, src, dst);
}

ard_status ard_compact(ard_context *context, size_t rows, size_t cols,
                       const ard_pattern *row_pattern, const ard_pattern *col_pattern,
                       const ard_matrix *src, const ard_matrix *dst, cl_event *event)
{
    compaction c;
    ARD_TRY(check_compaction(context, rows, cols, row_pattern, col_pattern, &c));
    ARD_TRY(ard__check_matrix("src", src, rows, cols));
    ARD_TRY(ard__check_matrix("dst", dst, c.kept_rows, c.kept_cols));
    ARD_TRY(launch_move(context, ARD__KERNEL_COMPACT, &c, src, dst));
    return ard__give_event(context, event);
}

ard_status ard_expand(ard_context *context, size_t rows, size_t cols,
                      const ard_pattern *row_pattern, const ard_pattern *col_pattern,
                      const ard_matrix *src, const ard_matrix *dst, cl_event *event)
{
    compaction c;
    ARD_TRY(check_compaction(context, rows, cols, row_pattern, col_pattern, &c));
    ARD_TRY(ard__check_matrix("src", src, c.kept_rows, c.kept_cols));
    ARD_TRY(ard__check_matrix("dst", dst, rows, cols));
    if (c.kept_rows < rows || c.kept_cols < cols) {
        ARD_TRY(clear(context, rows, cols, dst));
    }
    ARD_TRY(launch_move(context, ARD__KERNEL_EXPAND, &c, src, dst));
    return ard__give_event(context, event);
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
