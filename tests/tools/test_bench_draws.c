/* SPDX-License-Identifier: Apache-2.0 */
/* Which patterns ard-bench's repeats run through: every side drops what its rate says. */
#include "bench/draws.h"
#include "support/unit.h"

#include <math.h>
#include <stdlib.h>

static bench_case lstm_case(ard_dropout_kind pattern, bench_placement placement)
{
    return (bench_case){.kind = BENCH_STEP,
                        .model = MODEL_LSTM,
                        .pattern = pattern,
                        .tile_edge = 4,
                        .batch = 3,
                        .steps = 7,
                        .layers = 3,
                        .widths = {48, 64, 64, 96},
                        .placement = placement,
                        .seed = 5};
}

static void complete(bench_case *kase, double between, double recurrent)
{
    kase->sides = case_lstm_sides(kase);
    assert_int_equal(case_lstm_set_rates(kase, between, recurrent), ARD_STATUS_SUCCESS);
}

static draw_set *make(const bench_case *kase)
{
    draw_set *set = calloc(1, sizeof *set);
    assert_non_null(set);
    assert_int_equal(draws_make(kase, set), ARD_STATUS_SUCCESS);
    return set;
}

static void destroy(draw_set *set)
{
    draws_free(set);
    free(set);
}

/* The mean share that a side keeps, by the weights of the draws; they sum to 1. */
static double mean_kept(const draw_set *set, size_t side)
{
    double sum = 0;
    double weights = 0;
    for (size_t draw = 0; draw < set->count; draw++) {
        const ard_layer_pattern *patterns = draws_patterns(set, draw, 3);
        sum += set->weights[draw] * case_kept_share(set->kase, side, &patterns[side]);
        weights += set->weights[draw];
    }
    assert_true(fabs(weights - 1) < 1e-12);
    return sum;
}

/* Strata are equal, so a stratified mean is off by what one of them holds at most. */
static void check_means(const bench_case *kase)
{
    draw_set *set = make(kase);
    for (size_t side = 0; side < kase->sides; side++) {
        const double rate = kase->dropout[case_dropout_of(kase, side)].rate;
        const double kept = mean_kept(set, side);
        if (!(fabs(kept - (1 - rate)) <= 1.0 / DRAWS_MOST)) {
            fail_msg("side %zu keeps %g at rate %g", side, kept, rate);
        }
    }
    destroy(set);
}

static void keeps_what_rates_say(void **state)
{
    (void)state;
    static const ard_dropout_kind kinds[] = {ARD_DROPOUT_ROW, ARD_DROPOUT_SUBSET, ARD_DROPOUT_TILE,
                                             ARD_DROPOUT_INDEX};
    for (size_t i = 0; i < 4; i++) {
        for (int placement = PLACEMENT_BETWEEN; placement <= PLACEMENT_BOTH; placement++) {
            bench_case kase = lstm_case(kinds[i], (bench_placement)placement);
            complete(&kase, 0.5, 0.6);
            assert_int_equal(kase.sides, 5);
            check_means(&kase);
            kase.fresh = kinds[i] != ARD_DROPOUT_TILE;
            complete(&kase, 0.3, 0.7);
            assert_int_equal(kase.sides, kase.fresh ? 3 + 2 * 7 : 5);
            check_means(&kase);
        }
    }
}

/* Where nothing is dropped everything is kept, whatever the pattern. */
static void keeps_all_elsewhere(void **state)
{
    (void)state;
    bench_case kase = lstm_case(ARD_DROPOUT_INDEX, PLACEMENT_RECURRENT);
    complete(&kase, 0.5, 0.5);
    draw_set *set = make(&kase);
    const ard_layer_pattern *patterns = draws_patterns(set, 0, 0);
    for (size_t side = 0; side < kase.sides; side++) {
        assert_int_equal(ard_pattern_is_all(&patterns[side].units), side < kase.layers);
    }
    destroy(set);
}

static void assert_same_pattern(const ard_pattern *a, const ard_pattern *b)
{
    assert_int_equal(a->period, b->period);
    assert_int_equal(a->residues, b->residues);
    assert_int_equal(a->count, b->count);
    for (uint32_t i = 0; i < a->count; i++) {
        assert_int_equal(a->indices[i], b->indices[i]);
    }
}

/* The softmax of a tied model has the pattern of the first input, enumerated or stratified. */
static void ties_patterns(void **state)
{
    (void)state;
    static const ard_dropout_kind kinds[] = {ARD_DROPOUT_ROW, ARD_DROPOUT_SUBSET,
                                             ARD_DROPOUT_INDEX};
    for (size_t i = 0; i < 6; i++) {
        bench_case kase = lstm_case(kinds[i / 2], i % 2 == 0 ? PLACEMENT_BETWEEN : PLACEMENT_BOTH);
        kase.widths[0] = kase.widths[1];
        kase.tied = true;
        complete(&kase, 0.5, 0.5);
        draw_set *set = make(&kase);
        for (size_t draw = 0; draw < set->count; draw++) {
            const ard_layer_pattern *patterns = draws_patterns(set, draw, 1);
            assert_same_pattern(&patterns[2].units, &patterns[0].units);
        }
        destroy(set);
        check_means(&kase);
    }
}

/* Recurrent patterns that are fresh differ from one time step to the next. */
static void draws_fresh_patterns(void **state)
{
    (void)state;
    bench_case kase = lstm_case(ARD_DROPOUT_SUBSET, PLACEMENT_RECURRENT);
    kase.fresh = true;
    complete(&kase, 0.5, 0.5);
    draw_set *set = make(&kase);
    const ard_layer_pattern *patterns = draws_patterns(set, 0, 0);
    size_t differing = 0;
    for (size_t side = kase.layers; side + 1 < kase.sides; side++) {
        differing += patterns[side].units.residues != patterns[side + 1].units.residues ? 1 : 0;
    }
    assert_true(differing > 10);
    destroy(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_rates_say),
        cmocka_unit_test(keeps_all_elsewhere),
        cmocka_unit_test(ties_patterns),
        cmocka_unit_test(draws_fresh_patterns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
