/* SPDX-License-Identifier: Apache-2.0 */
#include "patterns/tile_axis.h"

#include "core/integers.h"
#include "patterns/pattern_internal.h"

ard__tile_axis ard__tile_axis_plain(void)
{
    return (ard__tile_axis){.edge = UINT32_MAX, .step = 1, .first = 0, .shift = 0, .groups = 1};
}

void ard__tile_axes(const ard_tile_pattern *tile, size_t out, size_t in, ard__tile_axis *rows,
                    ard__tile_axis *cols)
{
    if (tile == NULL || ard_tile_is_all(tile)) {
        *rows = ard__tile_axis_plain();
        *cols = ard__tile_axis_plain();
        return;
    }
    const uint32_t period = tile->period;
    const uint32_t skew = tile->numbering == ARD_TILE_LINEAR
                              ? (uint32_t)(ard__divide_up(in, tile->edge) % period)
                              : 1;
    const uint32_t step = period / ard__greatest_common_divisor(skew, period);
    const uint32_t groups = (uint32_t)ard__smaller(step, ard__divide_up(out, tile->edge));
    *rows = ard__tile_axis_plain();
    if (groups > 1) {
        *rows = (ard__tile_axis){
            .edge = tile->edge, .step = step, .first = 0, .shift = 1, .groups = groups};
    }
    *cols = (ard__tile_axis){.edge = tile->edge,
                             .step = period,
                             .first = tile->offset,
                             .shift = period - skew,
                             .groups = groups};
}

bool ard__tile_axis_is_plain(const ard__tile_axis *axis)
{
    return axis->step == 1;
}

static size_t first_tile(const ard__tile_axis *axis, uint32_t group)
{
    return (size_t)((axis->first + (uint64_t)group * axis->shift) % axis->step);
}

/* Kept units below `end`. */
static size_t count_below(const ard_pattern *pattern, size_t end)
{
    return pattern != NULL ? ard__pattern_count(pattern, end) : end;
}

size_t ard__tile_axis_group_size(const ard__tile_axis *axis, const ard_pattern *pattern,
                                 size_t width, uint32_t group)
{
    const size_t tiles = ard__divide_up(width, axis->edge);
    size_t size = 0;
    for (size_t tile = first_tile(axis, group); tile < tiles; tile += axis->step) {
        const size_t end = ard__smaller((tile + 1) * axis->edge, width);
        size += count_below(pattern, end) - count_below(pattern, tile * axis->edge);
    }
    return size;
}

size_t ard__tile_axis_stride(const ard__tile_axis *axis, const ard_pattern *pattern, size_t width)
{
    size_t stride = 1;
    for (uint32_t q = 0; q < axis->groups; ++q) {
        const size_t size = ard__tile_axis_group_size(axis, pattern, width, q);
        stride = ard__larger(stride, size);
    }
    return stride;
}

/* first, first + 1, ... */
static void number(uint32_t *values, size_t count, size_t first)
{
    for (size_t i = 0; i < count; ++i) {
        values[i] = (uint32_t)(first + i);
    }
}

void ard__tile_axis_units(const ard__tile_axis *axis, const ard_pattern *pattern, size_t width,
                          size_t stride, uint32_t *units, uint32_t *compact)
{
    const ard_pattern all = ard_pattern_all();
    const ard_pattern *kept = pattern != NULL ? pattern : &all;
    const size_t tiles = ard__divide_up(width, axis->edge);
    for (uint32_t q = 0; q < axis->groups; ++q) {
        size_t at = q * stride;
        for (size_t tile = first_tile(axis, q); tile < tiles; tile += axis->step) {
            const size_t end = ard__smaller((tile + 1) * axis->edge, width);
            const size_t first = tile * axis->edge;
            const size_t count = ard__pattern_list(kept, first, end, units + at);
            if (compact != NULL) {
                number(compact + at, count, ard__pattern_count(kept, first));
            }
            at += count;
        }
        for (; at < (q + 1) * stride; ++at) {
            units[at] = ARD__INDEX_NONE;
            if (compact != NULL) {
                compact[at] = ARD__INDEX_NONE;
            }
        }
    }
}

ard_tile_layout ard__tile_largest_layout(const ard_tile_pattern *tile, size_t out, size_t in)
{
    ard__tile_axis rows;
    ard__tile_axis cols;
    ard__tile_axes(tile, out, in, &rows, &cols);
    const size_t row_tiles = ard__divide_up(ard__divide_up(out, rows.edge), rows.step);
    const size_t col_tiles = ard__divide_up(ard__divide_up(in, cols.edge), cols.step);
    ard_tile_layout layout = {.groups = rows.groups,
                              .rows = ard__smaller(row_tiles * ard__smaller(rows.edge, out), out),
                              .cols = ard__smaller(col_tiles * ard__smaller(cols.edge, in), in)};
    layout.weights = layout.groups * layout.rows * layout.cols;
    return layout;
}
