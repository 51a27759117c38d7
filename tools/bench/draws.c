/* SPDX-License-Identifier: Apache-2.0 */
#include "draws.h"

#include <stdlib.h>

/* What one side can draw: periods, or numbers of kept residues, and how likely each is. */
typedef struct support {
    size_t count;
    uint32_t values[ARD_MAX_PERIOD];
    double probabilities[ARD_MAX_PERIOD];
} support;

static void add_value(support *support, uint32_t value, double probability)
{
    if (probability > 0) {
        support->values[support->count] = value;
        support->probabilities[support->count] = probability;
        support->count++;
    }
}

static void find_support(const bench_case *kase, size_t side, support *support)
{
    const ard_dropout *dropout = &kase->dropout[side];
    support->count = 0;
    if (kase->fixed.period > 0) {
        add_value(support, kase->fixed.period, 1);
    } else if (kase->pattern == ARD_DROPOUT_SUBSET) {
        const ard_subset_distribution *subset = &dropout->subset;
        add_value(support, subset->low, 1 - subset->high_probability);
        add_value(support, subset->high, subset->high_probability);
    } else if (kase->pattern == ARD_DROPOUT_INDEX) {
        const ard_index_distribution *index = &dropout->index;
        add_value(support, index->low, 1 - index->high_probability);
        add_value(support, index->high, index->high_probability);
    } else {
        for (uint32_t i = 1; i <= dropout->distribution.max_period; i++) {
            if (case_draws_period(kase, side, i)) {
                add_value(support, i, dropout->distribution.probabilities[i - 1]);
            }
        }
    }
}

/* All combinations, each `copies` times. */
static void enumerate(const support *supports, size_t sides, size_t combinations, size_t copies,
                      draw_set *set)
{
    set->count = combinations * copies;
    for (size_t draw = 0; draw < set->count; draw++) {
        size_t rest = draw % combinations;
        double weight = 1.0 / (double)copies;
        for (size_t side = 0; side < sides; side++) {
            const size_t choice = rest % supports[side].count;
            rest /= supports[side].count;
            set->values[draw][side] = supports[side].values[choice];
            weight *= supports[side].probabilities[choice];
        }
        set->weights[draw] = weight;
    }
}

/* The value at quantile `u` of a support. */
static uint32_t quantile(const support *support, double u)
{
    size_t i = 0;
    double below = support->probabilities[0];
    while (i + 1 < support->count && u >= below) {
        i++;
        below += support->probabilities[i];
    }
    return support->values[i];
}

/* DRAWS_MOST draws; those of a side lie one in each of DRAWS_MOST equal strata, in random order. */
static ard_status stratify(const support *supports, size_t sides, draw_set *set)
{
    const uint64_t seed = set->kase->seed;
    set->count = DRAWS_MOST;
    for (size_t draw = 0; draw < set->count; draw++) {
        set->weights[draw] = 1.0 / DRAWS_MOST;
    }
    for (size_t side = 0; side < sides; side++) {
        uint32_t order[DRAWS_MOST];
        const ard_status status = ard_sample_order(seed, side, DRAWS_MOST, order);
        if (status != ARD_STATUS_SUCCESS) {
            return status;
        }
        uint32_t words[4];
        const ard_draw shift = {
            .seed = seed, .layer = (uint32_t)side, .purpose = ARD_PURPOSE_PERIOD};
        ard_draw_words(&shift, words);
        for (size_t draw = 0; draw < set->count; draw++) {
            const double u = (order[draw] + (words[0] + 0.5) / 4294967296.0) / DRAWS_MOST;
            set->values[draw][side] = quantile(&supports[side], u);
        }
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status allocate_indices(const bench_case *kase, draw_set *set)
{
    for (size_t side = 0; side < kase->sides && kase->pattern == ARD_DROPOUT_INDEX; side++) {
        set->indices[side] = calloc(kase->dropout[side].index.high, sizeof *set->indices[side]);
        if (set->indices[side] == NULL) {
            return ARD_STATUS_OUT_OF_MEMORY;
        }
    }
    return ARD_STATUS_SUCCESS;
}

void draws_release(draw_set *set)
{
    for (size_t side = 0; set != NULL && side < ARD_MLP_MAX_LAYERS; side++) {
        free(set->indices[side]);
    }
}

ard_status draws_make(const bench_case *kase, draw_set *set)
{
    const ard_status status = allocate_indices(kase, set);
    if (status != ARD_STATUS_SUCCESS) {
        return status;
    }
    support supports[ARD_MLP_MAX_LAYERS];
    size_t combinations = 1;
    for (size_t side = 0; side < kase->sides; side++) {
        find_support(kase, side, &supports[side]);
        if (combinations <= DRAWS_MOST) {
            combinations *= supports[side].count;
        }
    }
    set->kase = kase;
    if (combinations > DRAWS_MOST) {
        return stratify(supports, kase->sides, set);
    }
    const size_t copies = (DRAWS_FEWEST + combinations - 1) / combinations;
    enumerate(supports, kase->sides, combinations, copies, set);
    return ARD_STATUS_SUCCESS;
}

/* So many units of a side; at rate 0 all, as a network without dropout takes them. */
static ard_pattern sample_index(const draw_set *set, size_t side, uint32_t value, uint64_t step)
{
    const bench_case *kase = set->kase;
    ard_index_distribution exactly = kase->dropout[side].index;
    exactly.low = value;
    exactly.high = value;
    exactly.high_threshold = 0;
    exactly.high_probability = 0;
    return kase->dropout[side].rate == 0 ? ard_pattern_all()
                                         : ard_sample_index(&exactly, kase->seed, (uint32_t)side,
                                                            step, 0, set->indices[side]);
}

/* The pattern of one side at a value of its support. */
static ard_layer_pattern sample(const draw_set *set, size_t side, uint32_t value, uint64_t step)
{
    const bench_case *kase = set->kase;
    const ard_dropout *dropout = &kase->dropout[side];
    const uint32_t layer = (uint32_t)side;
    ard_layer_pattern pattern = ard_layer_pattern_all();
    if (kase->fixed.period > 0) {
        return case_fixed_pattern(kase);
    }
    if (kase->pattern == ARD_DROPOUT_TILE) {
        pattern.tiles = ard_sample_tile_offset(kase->tile_edge, kase->tile_numbering, value,
                                               kase->seed, layer, step);
    } else if (kase->pattern == ARD_DROPOUT_SUBSET) {
        ard_subset_distribution exactly = dropout->subset;
        exactly.low = value;
        exactly.high = value;
        exactly.high_threshold = 0;
        exactly.high_probability = 0;
        pattern.units = ard_sample_subset(&exactly, kase->seed, layer, step);
    } else if (kase->pattern == ARD_DROPOUT_INDEX) {
        pattern.units = sample_index(set, side, value, step);
    } else {
        pattern.units = ard_sample_offset(value, kase->seed, layer, step);
    }
    return pattern;
}

void draws_patterns(const draw_set *set, size_t draw, uint64_t pass, ard_layer_pattern *patterns)
{
    const uint64_t step = pass * set->count + draw;
    for (size_t side = 0; side < set->kase->sides; side++) {
        patterns[side] = sample(set, side, set->values[draw][side], step);
    }
}
