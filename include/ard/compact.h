/* SPDX-License-Identifier: Apache-2.0 */
/* Compaction: taking the kept rows, columns and tiles of a matrix out, and putting them back.
 *
 * The lowest level of libard. An application with its own multiplication needs no more than this;
 * the layers of linear.h do it by themselves. */
#ifndef ARD_COMPACT_H
#define ARD_COMPACT_H

#include <stdbool.h>
#include <stddef.h>

#include <ard/context.h>
#include <ard/matrix.h>
#include <ard/pattern.h>
#include <ard/tile.h>

#ifdef __cplusplus
extern "C" {
#endif

/* dst[i][j] = src[row_i][col_j] over the kept rows and columns, in increasing order.
 * src [rows x cols], dst [kept(rows) x kept(cols)], not overlapping. Either pattern may be NULL:
 * everything. `event`, where not NULL, gets an event of the copy, the caller's to release. Does not
 * block. INVALID_PATTERN, INVALID_ARGUMENT (a matrix that exceeds its buffer, ld < width), OPENCL.
 */
ARD_API ard_status ard_compact(ard_context *context, size_t rows, size_t cols,
                               const ard_pattern *row_pattern, const ard_pattern *col_pattern,
                               const ard_matrix *src, const ard_matrix *dst, cl_event *event);

/* The inverse: dst [rows x cols] gets src [kept(rows) x kept(cols)] at the kept places and zero
 * elsewhere. */
ARD_API ard_status ard_expand(ard_context *context, size_t rows, size_t cols,
                              const ard_pattern *row_pattern, const ard_pattern *col_pattern,
                              const ard_matrix *src, const ard_matrix *dst, cl_event *event);

/* The same with a tile pattern on the whole matrix as well (NULL: none). The compact matrix is
 * [groups * rows x cols] of ard_tile_get_layout(tile, rows, cols, row_pattern, col_pattern): dense
 * blocks one below the other, their padding zero. */
ARD_API ard_status ard_compact_tiles(ard_context *context, size_t rows, size_t cols,
                                     const ard_tile_pattern *tile, const ard_pattern *row_pattern,
                                     const ard_pattern *col_pattern, const ard_matrix *src,
                                     const ard_matrix *dst, cl_event *event);

/* The inverse; what is in the padding of src does not matter. */
ARD_API ard_status ard_expand_tiles(ard_context *context, size_t rows, size_t cols,
                                    const ard_tile_pattern *tile, const ard_pattern *row_pattern,
                                    const ard_pattern *col_pattern, const ard_matrix *src,
                                    const ard_matrix *dst, cl_event *event);

/* Whether the compact matrix can be had without a copy, and then the view of it: all columns kept
 * and equally spaced rows, so that offset' = offset + row * ld and ld' = period * ld; an index
 * pattern is never a view. Touches no device. */
ARD_API bool ard_compact_view(const ard_pattern *row_pattern, const ard_pattern *col_pattern,
                              const ard_matrix *src, ard_matrix *view);

#ifdef __cplusplus
}
#endif

#endif
