/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/tile.h>

#include <inttypes.h>

#include "core/integers.h"
#include "core/status_internal.h"
#include "patterns/tile_axis.h"

static ard_status check_shape(const ard_tile_pattern *tile)
{
    if (tile->edge < 1 || tile->period < 1 || tile->offset >= tile->period) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "a tile pattern of edge %" PRIu32 ", period %" PRIu32 ", offset %" PRIu32
                         "; expected edge and period >= 1 and offset < period",
                         tile->edge, tile->period, tile->offset);
    }
    if (tile->numbering != ARD_TILE_DIAGONAL && tile->numbering != ARD_TILE_LINEAR) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "the tile numbering is %d, expected diagonal (0) or linear (1)",
                         (int)tile->numbering);
    }
    return ARD_STATUS_SUCCESS;
}

ard_tile_pattern ard_tile_all(void)
{
    return (ard_tile_pattern){
        .edge = ARD_TILE_DEFAULT_EDGE, .period = 1, .offset = 0, .numbering = ARD_TILE_DIAGONAL};
}

ard_status ard_tile_init(uint32_t edge, ard_tile_numbering numbering, uint32_t period,
                         uint32_t offset, ard_tile_pattern *tile)
{
    ARD__CHECK(tile != NULL, "ard_tile_init: tile is NULL");
    const ard_tile_pattern made = {edge, period, offset, numbering};
    ARD_TRY(check_shape(&made));
    *tile = made;
    return ARD_STATUS_SUCCESS;
}

/* Whether some tile's number is `offset` modulo the period: the numbers are 0..R + C - 2 or
 * 0..R * C - 1. */
static bool keeps_a_tile(const ard_tile_pattern *tile, size_t out, size_t in)
{
    return tile->offset < ard_tile_max_period(tile->edge, tile->numbering, out, in);
}

ard_status ard_tile_check(const ard_tile_pattern *tile, size_t out, size_t in)
{
    ARD__CHECK(tile != NULL, "the tile pattern is NULL");
    ARD__CHECK(out >= 1 && in >= 1, "[%zu x %zu] weights, expected at least one", out, in);
    ARD_TRY(check_shape(tile));
    if (!keeps_a_tile(tile, out, in)) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "offset %" PRIu32 " of period %" PRIu32 " keeps none of the %zu x %zu "
                         "tiles of edge %" PRIu32 " in [%zu x %zu] weights; expected a smaller "
                         "edge or period",
                         tile->offset, tile->period, ard__divide_up(out, tile->edge),
                         ard__divide_up(in, tile->edge), tile->edge, out, in);
    }
    return ARD_STATUS_SUCCESS;
}

bool ard_tile_is_all(const ard_tile_pattern *tile)
{
    return tile->period == 1;
}

bool ard_tile_keeps(const ard_tile_pattern *tile, size_t in, size_t o, size_t i)
{
    const uint64_t cols = ard__divide_up(in, tile->edge);
    const uint64_t skew =
        tile->numbering == ARD_TILE_LINEAR ? cols % tile->period : 1 % tile->period;
    const uint64_t row = o / tile->edge % tile->period;
    return (row * skew + i / tile->edge % tile->period) % tile->period == tile->offset;
}

uint32_t ard_tile_max_period(uint32_t edge, ard_tile_numbering numbering, size_t out, size_t in)
{
    if (edge == 0 || out == 0 || in == 0) {
        return 0;
    }
    const uint64_t rows = ard__divide_up(out, edge);
    const uint64_t cols = ard__divide_up(in, edge);
    if (numbering == ARD_TILE_LINEAR) {
        return rows > UINT32_MAX / cols ? UINT32_MAX : (uint32_t)(rows * cols);
    }
    return rows + cols - 1 > UINT32_MAX ? UINT32_MAX : (uint32_t)(rows + cols - 1);
}

ard_status ard_tile_get_layout(const ard_tile_pattern *tile, size_t out, size_t in,
                               const ard_pattern *out_pattern, const ard_pattern *in_pattern,
                               ard_tile_layout *layout)
{
    ARD__CHECK(layout != NULL, "ard_tile_get_layout: layout is NULL");
    ARD_TRY(ard_tile_check(tile, out, in));
    ARD__CHECK(out <= UINT32_MAX && in <= UINT32_MAX,
               "[%zu x %zu] weights do not fit 32-bit indices", out, in);
    if (out_pattern != NULL) {
        ARD_TRY(ard_pattern_check(out_pattern, out));
    }
    if (in_pattern != NULL) {
        ARD_TRY(ard_pattern_check(in_pattern, in));
    }
    ard__tile_axis rows;
    ard__tile_axis cols;
    ard__tile_axes(tile, out, in, &rows, &cols);
    ard_tile_layout found = {.groups = rows.groups, .rows = 1, .cols = 1, .weights = 0};
    for (uint32_t q = 0; q < rows.groups; ++q) {
        const size_t kept_rows = ard__tile_axis_group_size(&rows, out_pattern, out, q);
        const size_t kept_cols = ard__tile_axis_group_size(&cols, in_pattern, in, q);
        found.rows = ard__larger(found.rows, kept_rows);
        found.cols = ard__larger(found.cols, kept_cols);
        found.weights += kept_rows * kept_cols;
    }
    *layout = found;
    return ARD_STATUS_SUCCESS;
}

size_t ard_tile_capacity(uint32_t edge, size_t out, size_t in)
{
    if (edge == 0 || out == 0 || in == 0) {
        return 0;
    }
    /* groups * ceil(R / G) < 2 R, and ceil(C / period) <= (C + 1) / 2 where anything is dropped. */
    const size_t rows = ard__divide_up(out, edge) * ard__smaller(edge, out);
    const size_t cols = (ard__divide_up(in, edge) + 1) * ard__smaller(edge, in);
    return rows * cols;
}
