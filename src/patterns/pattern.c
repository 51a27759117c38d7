/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/pattern.h>

#include "core/status_internal.h"
#include "patterns/pattern_internal.h"

#include <inttypes.h>
#include <string.h>

/* The residues 0..count-1; a shift by 64 would be undefined. */
static uint64_t lowest_residues(size_t count)
{
    return count >= 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
}

static uint32_t count_bits(uint64_t bits)
{
    uint32_t count = 0;
    for (; bits != 0; bits &= bits - 1) {
        count++;
    }
    return count;
}

static ard_status check_shape(uint32_t period, uint64_t residues)
{
    if (period < 1 || period > ARD_MAX_PERIOD) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN, "period %" PRIu32 " is outside 1..%d", period,
                         ARD_MAX_PERIOD);
    }
    if (residues == 0) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "a pattern of period %" PRIu32 " keeps no residue; at least one is needed",
                         period);
    }
    if ((residues & ~lowest_residues(period)) != 0) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "residues 0x%" PRIx64 " lie outside 0..%" PRIu32 " of period %" PRIu32,
                         residues, period - 1, period);
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status check_indices(const ard_pattern *pattern)
{
    if (pattern->period != 0 || pattern->residues != 0) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "an index pattern with period %" PRIu32 " and residues 0x%" PRIx64
                         "; expected 0 and 0",
                         pattern->period, pattern->residues);
    }
    if (pattern->count == 0) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "an index pattern keeps no unit; at least one is needed");
    }
    for (uint32_t i = 1; i < pattern->count; i++) {
        if (pattern->indices[i] <= pattern->indices[i - 1]) {
            return ard__fail(ARD_STATUS_INVALID_PATTERN,
                             "index %" PRIu32 " follows index %" PRIu32
                             "; expected strictly increasing ones",
                             pattern->indices[i], pattern->indices[i - 1]);
        }
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status check_index_width(const ard_pattern *pattern, size_t width)
{
    const uint32_t last = pattern->indices[pattern->count - 1];
    if (last >= width) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN, "index %" PRIu32 " is outside the width %zu",
                         last, width);
    }
    return ARD_STATUS_SUCCESS;
}

ard_pattern ard_pattern_all(void)
{
    return (ard_pattern){.period = 1, .residues = 1};
}

ard_status ard_pattern_row(uint32_t period, uint32_t offset, ard_pattern *pattern)
{
    ARD__CHECK(pattern != NULL, "pattern is NULL");
    if (period >= 1 && period <= ARD_MAX_PERIOD && offset >= period) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "offset %" PRIu32 " is outside 0..%" PRIu32 " of period %" PRIu32, offset,
                         period - 1, period);
    }
    const uint64_t residues = UINT64_C(1) << (offset % ARD_MAX_PERIOD);
    ARD_TRY(check_shape(period, residues));
    *pattern = (ard_pattern){.period = period, .residues = residues};
    return ARD_STATUS_SUCCESS;
}

ard_status ard_pattern_subset(uint32_t period, uint64_t residues, ard_pattern *pattern)
{
    ARD__CHECK(pattern != NULL, "pattern is NULL");
    ARD_TRY(check_shape(period, residues));
    *pattern = (ard_pattern){.period = period, .residues = residues};
    return ARD_STATUS_SUCCESS;
}

ard_status ard_pattern_index(const uint32_t *indices, uint32_t count, ard_pattern *pattern)
{
    ARD__CHECK(indices != NULL && pattern != NULL, "the indices or the pattern is NULL");
    const ard_pattern made = {.indices = indices, .count = count};
    ARD_TRY(check_indices(&made));
    *pattern = made;
    return ARD_STATUS_SUCCESS;
}

ard_status ard_pattern_check(const ard_pattern *pattern, size_t width)
{
    ARD__CHECK(pattern != NULL, "pattern is NULL");
    if (ard_pattern_is_index(pattern)) {
        ARD_TRY(check_indices(pattern));
        return check_index_width(pattern, width);
    }
    ARD_TRY(check_shape(pattern->period, pattern->residues));
    if (pattern->count != 0) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "a pattern of %" PRIu32 " indices that are NULL", pattern->count);
    }
    if (pattern->period > width) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "period %" PRIu32 " is larger than the width %zu", pattern->period, width);
    }
    return ARD_STATUS_SUCCESS;
}

bool ard_pattern_is_index(const ard_pattern *pattern)
{
    return pattern->indices != NULL;
}

/* Number of indices below `end`, by bisection. */
static size_t indices_below(const ard_pattern *pattern, size_t end)
{
    size_t low = 0;
    size_t high = pattern->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (pattern->indices[middle] < end) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool ard_pattern_keeps(const ard_pattern *pattern, size_t unit)
{
    if (ard_pattern_is_index(pattern)) {
        const size_t at = indices_below(pattern, unit);
        return at < pattern->count && pattern->indices[at] == unit;
    }
    return ((pattern->residues >> (unit % pattern->period)) & 1) != 0;
}

bool ard_pattern_is_all(const ard_pattern *pattern)
{
    return !ard_pattern_is_index(pattern) && pattern->residues == lowest_residues(pattern->period);
}

uint32_t ard_pattern_residue_count(const ard_pattern *pattern)
{
    return count_bits(pattern->residues);
}

double ard_pattern_kept_share(const ard_pattern *pattern)
{
    return ard_pattern_is_index(pattern)
               ? 0.0
               : (double)count_bits(pattern->residues) / (double)pattern->period;
}

/* Whole periods keep q units each; the ragged end keeps the residues that it reaches. */
size_t ard__pattern_count(const ard_pattern *pattern, size_t width)
{
    if (ard_pattern_is_index(pattern)) {
        return indices_below(pattern, width);
    }
    const uint64_t ragged = pattern->residues & lowest_residues(width % pattern->period);
    return width / pattern->period * count_bits(pattern->residues) + count_bits(ragged);
}

size_t ard__pattern_list(const ard_pattern *pattern, size_t first, size_t end, uint32_t *units)
{
    if (ard_pattern_is_index(pattern)) {
        const size_t from = indices_below(pattern, first);
        const size_t count = indices_below(pattern, end) - from;
        memcpy(units, pattern->indices + from, count * sizeof *units);
        return count;
    }
    size_t count = 0;
    uint32_t residue = (uint32_t)(first % pattern->period);
    for (size_t unit = first; unit < end; unit++) {
        if (((pattern->residues >> residue) & 1) != 0) {
            units[count++] = (uint32_t)unit;
        }
        residue = residue + 1 < pattern->period ? residue + 1 : 0;
    }
    return count;
}

bool ard__pattern_equal(const ard_pattern *a, const ard_pattern *b)
{
    return a->period == b->period && a->residues == b->residues && a->count == b->count &&
           ard_pattern_is_index(a) == ard_pattern_is_index(b) &&
           (a->count == 0 || memcmp(a->indices, b->indices, a->count * sizeof *a->indices) == 0);
}

ard_status ard_pattern_kept_count(const ard_pattern *pattern, size_t width, size_t *count)
{
    ARD__CHECK(count != NULL, "count is NULL");
    ARD_TRY(ard_pattern_check(pattern, width));
    *count = ard__pattern_count(pattern, width);
    return ARD_STATUS_SUCCESS;
}

ard_status ard_pattern_kept_indices(const ard_pattern *pattern, size_t width, uint32_t *indices,
                                    size_t capacity, size_t *count)
{
    ARD__CHECK(indices != NULL, "indices is NULL");
    ARD__CHECK(count != NULL, "count is NULL");
    ARD_TRY(ard_pattern_check(pattern, width));
    ARD__CHECK(width - 1 <= UINT32_MAX, "width %zu does not fit 32-bit indices", width);
    const size_t kept = ard__pattern_count(pattern, width);
    ARD__CHECK(capacity >= kept, "capacity %zu is too small for %zu kept units", capacity, kept);
    *count = ard__pattern_list(pattern, 0, width, indices);
    return ARD_STATUS_SUCCESS;
}
