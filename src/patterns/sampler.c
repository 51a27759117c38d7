/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/sampler.h>

#include "core/status_internal.h"
#include "patterns/word_stream.h"

#include <inttypes.h>
#include <math.h>

enum { MAX_LAYER = 0xFFFFFF };

/* 2^-23: 24 random bits become -1 + multiples of this, exactly. */
static const float UNIFORM_STEP = 1.0F / 8388608.0F;

/* The draws of a group begin at this index. 2^24 blocks of four words are more than any pattern
 * takes: a word a unit of ARD_MAX_INDEX_WIDTH, and few are rejected. */
static uint32_t first_index(uint32_t group)
{
    return group << 24;
}

/* A malformed period gives a pattern without residues, which every check refuses. */
static ard_pattern row_pattern(uint32_t period, uint32_t offset)
{
    const bool valid = period <= ARD_MAX_PERIOD;
    return (ard_pattern){.period = period, .residues = valid ? UINT64_C(1) << offset : 0};
}

static uint32_t draw_period(const ard_distribution *distribution, uint64_t seed, uint32_t layer,
                            uint64_t step, uint32_t group)
{
    const ard_draw draw = {.seed = seed,
                           .step = step,
                           .layer = layer,
                           .purpose = ARD_PURPOSE_PERIOD,
                           .index = first_index(group)};
    uint32_t words[4];
    ard_draw_words(&draw, words);
    uint32_t period = 1;
    while (period < distribution->max_period && words[0] >= distribution->cumulative[period - 1]) {
        period++;
    }
    return period;
}

static uint32_t draw_offset(uint32_t period, uint64_t seed, uint32_t layer, uint64_t step,
                            uint32_t group)
{
    const ard_draw draw = {.seed = seed,
                           .step = step,
                           .layer = layer,
                           .purpose = ARD_PURPOSE_OFFSET,
                           .index = first_index(group)};
    return ard_draw_below(&draw, period);
}

ard_pattern ard_sample_offset(uint32_t period, uint64_t seed, uint32_t layer, uint64_t step,
                              uint32_t group)
{
    return row_pattern(period, draw_offset(period, seed, layer, step, group));
}

ard_pattern ard_sample_row(const ard_distribution *distribution, uint64_t seed, uint32_t layer,
                           uint64_t step, uint32_t group)
{
    const uint32_t period = draw_period(distribution, seed, layer, step, group);
    return ard_sample_offset(period, seed, layer, step, group);
}

ard_tile_pattern ard_sample_tile_offset(uint32_t edge, ard_tile_numbering numbering,
                                        uint32_t period, uint64_t seed, uint32_t layer,
                                        uint64_t step, uint32_t group)
{
    return (ard_tile_pattern){.edge = edge,
                              .period = period,
                              .offset = draw_offset(period, seed, layer, step, group),
                              .numbering = numbering};
}

ard_tile_pattern ard_sample_tile(const ard_distribution *distribution, uint32_t edge,
                                 ard_tile_numbering numbering, uint64_t seed, uint32_t layer,
                                 uint64_t step, uint32_t group)
{
    const uint32_t period = draw_period(distribution, seed, layer, step, group);
    return ard_sample_tile_offset(edge, numbering, period, seed, layer, step, group);
}

/* Whether the higher of two numbers is kept; `draw` moves on to what is kept. */
static bool draw_high(ard_draw *draw, uint64_t threshold)
{
    uint32_t words[4];
    ard_draw_words(draw, words);
    draw->index++;
    return words[0] < threshold;
}

ard_pattern ard_sample_subset(const ard_subset_distribution *distribution, uint64_t seed,
                              uint32_t layer, uint64_t step, uint32_t group)
{
    ard_draw draw = {.seed = seed,
                     .step = step,
                     .layer = layer,
                     .purpose = ARD_PURPOSE_RESIDUES,
                     .index = first_index(group)};
    const bool high = draw_high(&draw, distribution->high_threshold);
    const uint32_t count = high ? distribution->high : distribution->low;

    /* Floyd's selection: with the last `count` residues in turn, take a uniform one up to it, or
     * itself when that one is taken already. Each subset has the same probability. */
    ard__word_stream stream = ard__word_stream_start(draw);
    uint64_t residues = 0;
    for (uint32_t last = distribution->period - count; last < distribution->period; last++) {
        const uint64_t chosen = UINT64_C(1) << ard__word_stream_below(&stream, last + 1);
        residues |= (residues & chosen) != 0 ? UINT64_C(1) << last : chosen;
    }
    return (ard_pattern){.period = distribution->period, .residues = residues};
}

ard_pattern ard_sample_index(const ard_index_distribution *distribution, uint64_t seed,
                             uint32_t layer, uint64_t step, uint32_t group, uint32_t *indices)
{
    ard_draw draw = {.seed = seed,
                     .step = step,
                     .layer = layer,
                     .purpose = ARD_PURPOSE_RESIDUES,
                     .index = first_index(group)};
    const bool high = draw_high(&draw, distribution->high_threshold);
    const uint32_t count = high ? distribution->high : distribution->low;

    /* Selection sampling (Knuth, volume 2, 3.4.2, algorithm S): a unit is taken with probability
     * wanted / left. Each set has the same probability, and comes in order. */
    ard__word_stream stream = ard__word_stream_start(draw);
    uint32_t taken = 0;
    for (uint32_t unit = 0; taken < count; unit++) {
        if (ard__word_stream_below(&stream, distribution->width - unit) < count - taken) {
            indices[taken++] = unit;
        }
    }
    return (ard_pattern){.indices = indices, .count = count};
}

ard_status ard_sample_order(uint64_t seed, uint64_t epoch, size_t count, uint32_t *order)
{
    ARD__CHECK(order != NULL, "order is NULL");
    ARD__CHECK(count <= UINT32_MAX, "count %zu is larger than %" PRIu32, count, UINT32_MAX);
    ard__word_stream stream = ard__word_stream_start(
        (ard_draw){.seed = seed, .step = epoch, .purpose = ARD_PURPOSE_DATA_ORDER});
    for (size_t i = 0; i < count; i++) {
        order[i] = (uint32_t)i;
    }
    for (size_t left = count; left > 1; left--) {
        const uint32_t chosen = ard__word_stream_below(&stream, (uint32_t)left);
        const uint32_t swapped = order[left - 1];
        order[left - 1] = order[chosen];
        order[chosen] = swapped;
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard_sample_uniform(uint64_t seed, uint32_t layer, float limit, size_t count,
                              float *values)
{
    ARD__CHECK(values != NULL, "values is NULL");
    ARD__CHECK(layer <= MAX_LAYER, "layer %" PRIu32 " is larger than %d", layer, MAX_LAYER);
    ARD__CHECK(isnormal(limit) && limit > 0.0F, "limit %g is not a positive number", (double)limit);
    ARD__CHECK(count / 4 <= UINT32_MAX, "count %zu is larger than the 2^34 words of a stream",
               count);
    ard__word_stream stream = ard__word_stream_start(
        (ard_draw){.seed = seed, .layer = layer, .purpose = ARD_PURPOSE_INITIALISATION});
    for (size_t i = 0; i < count; i++) {
        const float bits = (float)(ard__word_stream_next(&stream) >> 8);
        values[i] = (bits * UNIFORM_STEP - 1.0F) * limit;
    }
    return ARD_STATUS_SUCCESS;
}
