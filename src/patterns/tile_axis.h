/* SPDX-License-Identifier: Apache-2.0 */
/* A tile pattern along one dimension of the weights, as groups of tiles.
 *
 * Rows of tiles r and r + G, G = period / gcd(skew, period), keep the same columns of tiles: c =
 * offset - r * skew (mod period). So group q, q < min(G, R), is the dense product of
 *     the rows of tiles      q, q + G, q + 2 G, ...
 *     the columns of tiles   c0, c0 + period, ...,   c0 = (offset - q * skew) % period
 * and no two groups share a row or a column. Without a tile pattern there is one group of one tile
 * that holds everything. */
#ifndef ARD_TILE_AXIS_H
#define ARD_TILE_AXIS_H

#include <stdbool.h>

#include <ard/tile.h>

/* Group q takes the tiles start, start + step, ... where start = (first + q * shift) % step. */
typedef struct ard__tile_axis {
    uint32_t edge;
    uint32_t step;
    uint32_t first;
    uint32_t shift;
    uint32_t groups;
} ard__tile_axis;

/* In the padding of an index list. */
#define ARD__INDEX_NONE UINT32_MAX

/* One group that holds everything. */
ard__tile_axis ard__tile_axis_plain(void);

/* The two axes of a checked pattern (NULL: plain). */
void ard__tile_axes(const ard_tile_pattern *tile, size_t out, size_t in, ard__tile_axis *rows,
                    ard__tile_axis *cols);

/* Whether the axis keeps every unit in order, in one group. */
bool ard__tile_axis_is_plain(const ard__tile_axis *axis);

/* Number of units of group q that `pattern` (checked; NULL: everything) keeps of `width`. */
size_t ard__tile_axis_group_size(const ard__tile_axis *axis, const ard_pattern *pattern,
                                 size_t width, uint32_t group);

/* The largest group's size, at least 1. */
size_t ard__tile_axis_stride(const ard__tile_axis *axis, const ard_pattern *pattern, size_t width);

/* The kept units of all groups, group q from units[q * stride] on, padded with ARD__INDEX_NONE, and
 * where compact is not NULL their places in the increasing list of all kept units. */
void ard__tile_axis_units(const ard__tile_axis *axis, const ard_pattern *pattern, size_t width,
                          size_t stride, uint32_t *units, uint32_t *compact);

/* The largest layout that the offsets of a period can have; `weights` counts the padding. */
ard_tile_layout ard__tile_largest_layout(const ard_tile_pattern *tile, size_t out, size_t in);

#endif
