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
    const ard_dropout *dropout = &kase->dropout[case_dropout_of(kase, side)];
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

/* The value of a draw and side. */
static uint32_t *value_at(const draw_set *set, size_t draw, size_t side)
{
    return &set->values[draw * set->kase->sides + side];
}

const uint32_t *draws_values(const draw_set *set, size_t draw)
{
    return value_at(set, draw, 0);
}

/* Whether a side has the draws of another one, an earlier one. */
static bool is_copy(const bench_case *kase, size_t side)
{
    return case_drawn_as(kase, side) != side;
}

/* All combinations, each `copies` times. `supports` are those of the case's dropouts. */
static void enumerate(const support *supports, size_t combinations, size_t copies, draw_set *set)
{
    const bench_case *kase = set->kase;
    set->count = combinations * copies;
    for (size_t draw = 0; draw < set->count; draw++) {
        size_t rest = draw % combinations;
        double weight = 1.0 / (double)copies;
        for (size_t side = 0; side < kase->sides; side++) {
            const support *support = &supports[case_dropout_of(kase, side)];
            if (is_copy(kase, side)) {
                *value_at(set, draw, side) = *value_at(set, draw, case_drawn_as(kase, side));
                continue;
            }
            const size_t choice = rest % support->count;
            rest /= support->count;
            *value_at(set, draw, side) = support->values[choice];
            weight *= support->probabilities[choice];
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
static ard_status stratify(const support *supports, draw_set *set)
{
    const bench_case *kase = set->kase;
    const uint64_t seed = kase->seed;
    set->count = DRAWS_MOST;
    for (size_t draw = 0; draw < set->count; draw++) {
        set->weights[draw] = 1.0 / DRAWS_MOST;
    }
    for (size_t side = 0; side < kase->sides; side++) {
        const size_t drawn_as = case_drawn_as(kase, side);
        uint32_t order[DRAWS_MOST];
        const ard_status status = ard_sample_order(seed, drawn_as, DRAWS_MOST, order);
        if (status != ARD_STATUS_SUCCESS) {
            return status;
        }
        uint32_t words[4];
        const ard_draw shift = {
            .seed = seed, .layer = (uint32_t)drawn_as, .purpose = ARD_PURPOSE_PERIOD};
        ard_draw_words(&shift, words);
        for (size_t draw = 0; draw < set->count; draw++) {
            const double u = (order[draw] + (words[0] + 0.5) / 4294967296.0) / DRAWS_MOST;
            *value_at(set, draw, side) = quantile(&supports[case_dropout_of(kase, side)], u);
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
    set->indices = calloc(kase->sides, sizeof *set->indices);
    if (set->indices == NULL) {
        return ARD_STATUS_OUT_OF_MEMORY;
    }
    for (size_t side = 0; side < kase->sides && kase->pattern == ARD_DROPOUT_INDEX; side++) {
        const size_t most = kase->dropout[case_dropout_of(kase, side)].index.high;
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
    for (size_t i = 0; i < case_dropouts(kase); i++) {
        find_support(kase, i, &supports[i]);
    }
    for (size_t side = 0; side < kase->sides && combinations <= DRAWS_MOST; side++) {
        combinations *= is_copy(kase, side) ? 1 : supports[case_dropout_of(kase, side)].count;
    }
    const bool equal = combinations == 1 || case_groups(kase) == 1;
    if (combinations > DRAWS_MOST || !equal) {
        return stratify(supports, set);
    }
    const size_t copies = (DRAWS_FEWEST + combinations - 1) / combinations;
    enumerate(supports, combinations, copies, set);
    return ARD_STATUS_SUCCESS;
}

ard_status draws_make(const bench_case *kase, draw_set *set)
{
    set->kase = kase;
    set->patterns = calloc(case_groups(kase) * kase->sides, sizeof *set->patterns);
    set->values = calloc(DRAWS_MOST * kase->sides, sizeof *set->values);
    if (set->patterns == NULL || set->values == NULL) {
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
    for (size_t side = 0; set->indices != NULL && side < set->kase->sides; side++) {
        free(set->indices[side]);
    }
    free(set->indices);
    free(set->values);
    free(set->patterns);
    *set = (draw_set){0};
}

/* So many units of a side. */
static ard_pattern sample_index(const draw_set *set, size_t side, uint32_t group, uint32_t value,
                                uint64_t step)
{
    const bench_case *kase = set->kase;
    const ard_index_distribution *index = &kase->dropout[case_dropout_of(kase, side)].index;
    const uint32_t layer = (uint32_t)case_drawn_as(kase, side);
    ard_index_distribution exactly = *index;
    exactly.low = value;
    exactly.high = value;
    exactly.high_threshold = 0;
    exactly.high_probability = 0;
    uint32_t *indices = set->indices[side] + (size_t)group * index->high;
    return ard_sample_index(&exactly, kase->seed, layer, step, group, indices);
}

/* The pattern of one side and group at a value of its support; at rate 0 everything, as a network
 * without dropout takes it. */
static ard_layer_pattern sample(const draw_set *set, size_t side, uint32_t group, uint32_t value,
                                uint64_t step)
{
    const bench_case *kase = set->kase;
    const ard_dropout *dropout = &kase->dropout[case_dropout_of(kase, side)];
    const uint32_t layer = (uint32_t)case_drawn_as(kase, side);
    ard_layer_pattern pattern = ard_layer_pattern_all();
    if (kase->fixed.period > 0) {
        return case_fixed_pattern(kase);
    }
    if (dropout->rate == 0 && !kase->per_period) {
        return pattern;
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
        const uint32_t *values = draws_values(set, set->order[group][draw]);
        set->patterns[i] = sample(set, i % sides, (uint32_t)group, values[i % sides], step);
    }
    return set->patterns;
}
