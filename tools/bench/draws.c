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

/* The orders in which the groups behind the first one go through the draws. */
static ard_status order_groups(draw_set *set)
{
    ard_status status = ARD_STATUS_SUCCESS;
    for (size_t group = 0; group < case_groups(set->kase) && status == ARD_STATUS_SUCCESS;
         group++) {
        uint32_t order[DRAWS_MOST];
        status = ard_sample_order(set->kase->seed, ARD_MLP_MAX_LAYERS + group, set->count, order);
        for (size_t draw = 0; draw < set->count && status == ARD_STATUS_SUCCESS; draw++) {
            set->order[group][draw] = (uint8_t)(group > 0 ? order[draw] : draw);
        }
    }
    return status;
}

static ard_status allocate_indices(const bench_case *kase, draw_set *set)
{
    for (size_t side = 0; side < kase->sides && kase->pattern == ARD_DROPOUT_INDEX; side++) {
        const size_t most = kase->dropout[side].index.high;
        set->indices[side] = calloc(case_groups(kase) * most, sizeof *set->indices[side]);
        if (set->indices[side] == NULL) {
            return ARD_STATUS_OUT_OF_MEMORY;
        }
    }
    return ARD_STATUS_SUCCESS;
}

/* The set without the groups' orders. */
static ard_status make_draws(const bench_case *kase, draw_set *set)
{
    support supports[ARD_MLP_MAX_LAYERS];
    size_t combinations = 1;
    for (size_t side = 0; side < kase->sides; side++) {
        find_support(kase, side, &supports[side]);
        if (combinations <= DRAWS_MOST) {
            combinations *= supports[side].count;
        }
    }
    const bool equal = combinations == 1 || case_groups(kase) == 1;
    if (combinations > DRAWS_MOST || !equal) {
        return stratify(supports, kase->sides, set);
    }
    const size_t copies = (DRAWS_FEWEST + combinations - 1) / combinations;
    enumerate(supports, kase->sides, combinations, copies, set);
    return ARD_STATUS_SUCCESS;
}

ard_status draws_make(const bench_case *kase, draw_set *set)
{
    set->kase = kase;
    set->patterns = calloc(case_groups(kase) * kase->sides, sizeof *set->patterns);
    if (set->patterns == NULL) {
        return ARD_STATUS_OUT_OF_MEMORY;
    }
    ard_status status = allocate_indices(kase, set);
    if (status == ARD_STATUS_SUCCESS) {
        status = make_draws(kase, set);
    }
    return status == ARD_STATUS_SUCCESS ? order_groups(set) : status;
}

void draws_free(draw_set *set)
{
    if (set == NULL) {
        return;
    }
    for (size_t side = 0; side < ARD_MLP_MAX_LAYERS; side++) {
        free(set->indices[side]);
        set->indices[side] = NULL;
    }
    free(set->patterns);
    set->patterns = NULL;
}

/* So many units of a side; at rate 0 all, as a network without dropout takes them. */
static ard_pattern sample_index(const draw_set *set, size_t side, uint32_t group, uint32_t value,
                                uint64_t step)
{
    const bench_case *kase = set->kase;
    ard_index_distribution exactly = kase->dropout[side].index;
    exactly.low = value;
    exactly.high = value;
    exactly.high_threshold = 0;
    exactly.high_probability = 0;
    uint32_t *indices = set->indices[side] + (size_t)group * kase->dropout[side].index.high;
    return kase->dropout[side].rate == 0
               ? ard_pattern_all()
               : ard_sample_index(&exactly, kase->seed, (uint32_t)side, step, group, indices);
}

/* The pattern of one side and group at a value of its support. */
static ard_layer_pattern sample(const draw_set *set, size_t side, uint32_t group, uint32_t value,
                                uint64_t step)
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
                                               kase->seed, layer, step, group);
    } else if (kase->pattern == ARD_DROPOUT_SUBSET) {
        ard_subset_distribution exactly = dropout->subset;
        exactly.low = value;
        exactly.high = value;
        exactly.high_threshold = 0;
        exactly.high_probability = 0;
        pattern.units = ard_sample_subset(&exactly, kase->seed, layer, step, group);
    } else if (kase->pattern == ARD_DROPOUT_INDEX) {
        pattern.units = sample_index(set, side, group, value, step);
    } else {
        pattern.units = ard_sample_offset(value, kase->seed, layer, step, group);
    }
    return pattern;
}

const ard_layer_pattern *draws_patterns(const draw_set *set, size_t draw, uint64_t pass)
{
    const size_t sides = set->kase->sides;
    const uint64_t step = pass * set->count + draw;
    for (size_t i = 0; i < case_groups(set->kase) * sides; i++) {
        const size_t group = i / sides;
        const uint32_t *values = set->values[set->order[group][draw]];
        set->patterns[i] = sample(set, i % sides, (uint32_t)group, values[i % sides], step);
    }
    return set->patterns;
}
