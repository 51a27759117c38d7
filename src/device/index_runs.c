/* SPDX-License-Identifier: Apache-2.0 */
#include "device/index_runs.h"

#include "core/integers.h"
#include "patterns/tile_axis.h"

/* The entries from `at` on that make a run. */
static size_t run_length(const uint32_t *units, const uint32_t *classes, size_t at, size_t stride)
{
    const uint32_t step = units[at] != ARD__INDEX_NONE ? 1 : 0; /* padding repeats itself */
    size_t end = at + 1;
    while (end < stride && units[end] == units[end - 1] + step && classes[end] == classes[at]) {
        ++end;
    }
    return end - at;
}

size_t ard__index_runs_count(const uint32_t *units, const uint32_t *classes, size_t groups,
                             size_t stride)
{
    size_t most = 0;
    for (size_t q = 0; q < groups; ++q) {
        const size_t first = q * stride;
        size_t count = 0;
        for (size_t at = 0; at < stride; ++count) {
            at += run_length(units + first, classes + first, at, stride);
        }
        most = ard__larger(most, count);
    }
    return most;
}

void ard__index_runs_list(const uint32_t *units, const uint32_t *classes, size_t groups,
                          size_t stride, size_t count, ard__index_run *runs)
{
    for (size_t q = 0; q < groups; ++q) {
        const size_t first = q * stride;
        size_t at = 0;
        for (size_t i = 0; i < count; ++i) {
            ard__index_run *run = &runs[q * count + i];
            *run = (ard__index_run){0};
            if (at < stride) {
                run->at = (uint32_t)at;
                run->place = units[first + at];
                run->length = (uint32_t)run_length(units + first, classes + first, at, stride);
                run->class_index = classes[first + at];
                at += run->length;
            }
        }
    }
}
