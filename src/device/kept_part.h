/* SPDX-License-Identifier: Apache-2.0 */
/* Compaction (cl/compact.cl) for layers and engines, whose own checks have covered patterns and
 * matrices. Patterns may be NULL: everything. */
#ifndef ARD_KEPT_PART_H
#define ARD_KEPT_PART_H

#include <ard/matrix.h>
#include <ard/tile.h>

#include "device/index_cache.h"

/* The kept part of a matrix as two lists; compact it is [rows.count x cols.stride]. */
typedef struct ard__kept_part {
    ard__index_list rows;
    ard__index_list cols;
    bool runs; /* the columns mostly come in runs of a vector's width */
} ard__kept_part;

ard_status ard__kept_part_get(ard_context *context, size_t rows, size_t cols,
                              const ard_tile_pattern *tile, const ard_pattern *row_pattern,
                              const ard_pattern *col_pattern, ard__kept_part *part);

/* The kept part of src into dst. */
ard_status ard__compact(ard_context *context, const ard__kept_part *part, const ard_matrix *src,
                        const ard_matrix *dst);

/* The way back; the rest of dst stays as it is. */
ard_status ard__expand(ard_context *context, const ard__kept_part *part, const ard_matrix *src,
                       const ard_matrix *dst);

/* dst[i][j] = src[i][list[at + j]] for j < cols, 0 where the list has NONE; `runs` as above. */
ard_status ard__gather_columns(ard_context *context, size_t rows, size_t cols, cl_mem list,
                               size_t at, bool runs, const ard_matrix *src, const ard_matrix *dst);

/* dst [rows x cols] = 0. */
ard_status ard__clear(ard_context *context, size_t rows, size_t cols, const ard_matrix *dst);

#endif
