/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/pattern.h>

#include "core/status_internal.h"
#include "patterns/pattern_internal.h"

#include <inttypes.h>

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

ard_status ard_pattern_check(const ard_pattern *pattern, size_t width)
{
    ARD__CHECK(pattern != NULL, "pattern is NULL");
    ARD_TRY(check_shape(pattern->period, pattern->residues));
    if (pattern->period > width) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "period %" PRIu32 " is larger than the width %zu", pattern->period, width);
    }
    return ARD_STATUS_SUCCESS;
}

bool ard_pattern_keeps(const ard_pattern *pattern, size_t unit)
{
    return ((pattern->residues >> (unit % pattern->period)) & 1) != 0;
}

bool ard_pattern_is_all(const ard_pattern *pattern)
{
    return pattern->residues == lowest_residues(pattern->period);
}

uint32_t ard_pattern_residue_count(const ard_pattern *pattern)
{
    return count_bits(pattern->residues);
}

double ard_pattern_kept_share(const ard_pattern *pattern)
{
    return (double)count_bits(pattern->residues) / (double)pattern->period;
}

/* Whole periods keep q units each; the ragged end keeps the residues that it reaches. */
size_t ard__pattern_count(const ard_pattern *pattern, size_t width)
{
    const uint64_t ragged = pattern->residues & lowest_residues(width % pattern->period);
    return width / pattern->period * count_bits(pattern->residues) + count_bits(ragged);
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

    size_t filled = 0;
    for (size_t first = 0; first < width; first += pattern->period) {
        for (uint32_t residue = 0; residue < pattern->period && first + residue < width;
             residue++) {
            if (((pattern->residues >> residue) & 1) != 0) {
                indices[filled++] = (uint32_t)(first + residue);
            }
        }
    }
    *count = kept;
    return ARD_STATUS_SUCCESS;
}
