/* SPDX-License-Identifier: Apache-2.0 */
/* Sampled row patterns: pure, and distributed as the distribution says. Sampled tile patterns: the
 * same periods and offsets. */
#include <ard/sampler.h>

#include "patterns/check_chi_square.h"
#include "support/statistics.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const uint64_t SEED = 20240003;
/* Of each chi-square test, and of all per-neuron bounds of one run together. */
static const double SIGNIFICANCE = 1e-4;
/* Relative error of the sampled kept FLOPs between two dropped layers against (1-p)^2. */
static const double FLOP_TOLERANCE = 0.01;
enum { STEPS = 100000, WIDTH = 130, LAYER = 3 };

static const struct {
    double rate;
    uint32_t max_period; /* 0: the default of the rate */
} CASES[] = {{0.1, 0}, {0.3, 0}, {0.5, 0}, {0.7, 0}, {0.9, 0}, {0.5, 8}, {0.7, 9}, {0.5, 64}};
enum { CASE_COUNT = sizeof CASES / sizeof *CASES };

static ard_distribution make_case(size_t i)
{
    uint32_t max_period = CASES[i].max_period;
    ard_distribution made;
    if (max_period == 0) {
        assert_int_equal(ard_distribution_default_max_period(CASES[i].rate, &max_period),
                         ARD_STATUS_SUCCESS);
    }
    assert_int_equal(ard_distribution_exact(CASES[i].rate, max_period, &made), ARD_STATUS_SUCCESS);
    return made;
}

static uint32_t offset_of(const ard_pattern *pattern)
{
    uint32_t offset = 0;
    while ((pattern->residues >> offset & 1) == 0) {
        offset++;
    }
    return offset;
}

static bool same(ard_pattern a, ard_pattern b)
{
    return a.period == b.period && a.residues == b.residues;
}

static void test_pure_in_seed_layer_step(void **state)
{
    (void)state;
    const ard_distribution distribution = make_case(6);
    uint32_t differs[4] = {0};
    for (uint64_t step = 0; step < 1000; step++) {
        const ard_pattern pattern = ard_sample_row(&distribution, SEED, LAYER, step, 0);
        assert_int_equal(ard_pattern_check(&pattern, 9), ARD_STATUS_SUCCESS);
        assert_int_equal(ard_pattern_residue_count(&pattern), 1);
        const ard_pattern others[] = {
            ard_sample_row(&distribution, SEED + 1, LAYER, step, 0),
            ard_sample_row(&distribution, SEED, LAYER + 1, step, 0),
            ard_sample_row(&distribution, SEED, LAYER, step + 1, 0),
            ard_sample_row(&distribution, SEED, LAYER, step + (UINT64_C(1) << 32), 0),
        };
        for (size_t i = 0; i < 4; i++) {
            differs[i] += !same(pattern, others[i]);
        }
        assert_true(same(pattern, ard_sample_row(&distribution, SEED, LAYER, step, 0)));
        assert_true(same(pattern, ard_sample_offset(pattern.period, SEED, LAYER, step, 0)));
    }
    for (size_t i = 0; i < 4; i++) {
        assert_true(differs[i] > 500);
    }
}

/* The documented order of draws, step by step: patterns of a seed must never change. */
static void test_documented_draws(void **state)
{
    (void)state;
    const double probabilities[] = {0.25, 0.25, 0.25, 0.25};
    ard_distribution uniform;
    assert_int_equal(ard_distribution_from_probabilities(probabilities, 4, &uniform),
                     ARD_STATUS_SUCCESS);
    for (uint64_t step = 0; step < 64; step++) {
        ard_draw draw = {.seed = SEED, .step = step, .layer = LAYER};
        uint32_t words[4];
        ard_draw_words(&draw, words);
        const uint32_t period = words[0] / (UINT32_C(1) << 30) + 1;
        draw.purpose = ARD_PURPOSE_OFFSET;
        const uint32_t offset = ard_draw_below(&draw, period);
        const ard_pattern pattern = ard_sample_row(&uniform, SEED, LAYER, step, 0);
        assert_int_equal(pattern.period, period);
        assert_int_equal(offset_of(&pattern), offset);
    }
}

/* Period 1 is drawn for words below cumulative[0], not for that word itself. */
static void test_period_boundary(void **state)
{
    (void)state;
    uint32_t words[4];
    ard_draw_words(&(ard_draw){.seed = SEED, .step = 9, .layer = LAYER}, words);
    ard_distribution two = make_case(1);
    assert_int_equal(two.max_period, 2);
    two.cumulative[0] = words[0];
    assert_int_equal(ard_sample_row(&two, SEED, LAYER, 9, 0).period, 2);
    two.cumulative[0] = (uint64_t)words[0] + 1;
    assert_int_equal(ard_sample_row(&two, SEED, LAYER, 9, 0).period, 1);
}

static void test_period_offset_cells(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASE_COUNT; i++) {
        const ard_distribution distribution = make_case(i);
        static uint64_t observed[ARD_MAX_PERIOD * ARD_MAX_PERIOD];
        static double expected[ARD_MAX_PERIOD * ARD_MAX_PERIOD];
        size_t cells = 0;
        size_t first[ARD_MAX_PERIOD + 1] = {0};
        for (uint32_t period = 1; period <= distribution.max_period; period++) {
            first[period] = cells;
            for (uint32_t offset = 0; offset < period; offset++) {
                observed[cells] = 0;
                expected[cells++] = STEPS * distribution.probabilities[period - 1] / period;
            }
        }
        for (uint64_t step = 0; step < STEPS; step++) {
            const ard_pattern pattern = ard_sample_row(&distribution, SEED, LAYER, step, 0);
            observed[first[pattern.period] + offset_of(&pattern)]++;
        }
        check_chi_square(observed, expected, cells, "cells (period, offset)", SIGNIFICANCE, SEED);
    }
}

static void test_each_neuron_is_dropped_at_the_rate(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASE_COUNT; i++) {
        const ard_distribution distribution = make_case(i);
        uint64_t dropped[WIDTH] = {0};
        for (uint64_t step = 0; step < STEPS; step++) {
            const ard_pattern pattern = ard_sample_row(&distribution, SEED, LAYER, step, 0);
            for (size_t unit = 0; unit < WIDTH; unit++) {
                dropped[unit] += !ard_pattern_keeps(&pattern, unit);
            }
        }
        uint64_t low = 0;
        uint64_t high = 0;
        statistics_binomial_bounds(STEPS, CASES[i].rate, SIGNIFICANCE / WIDTH, &low, &high);
        for (size_t unit = 0; unit < WIDTH; unit++) {
            if (dropped[unit] < low || dropped[unit] > high) {
                fail_msg("rate %g: neuron %zu dropped %" PRIu64 " times, outside %" PRIu64
                         "..%" PRIu64,
                         CASES[i].rate, unit, dropped[unit], low, high);
            }
        }
    }
}

static void test_kept_share_and_flops(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASE_COUNT; i++) {
        const ard_distribution distribution = make_case(i);
        const double kept = 1.0 - CASES[i].rate;
        double expectation = 0.0;
        for (uint32_t period = 1; period <= distribution.max_period; period++) {
            expectation += distribution.probabilities[period - 1] / period;
        }
        assert_true(fabs(expectation - kept) <= 1e-12);

        double products = 0.0;
        for (uint64_t step = 0; step < STEPS; step++) {
            const ard_pattern in = ard_sample_row(&distribution, SEED, 0, step, 0);
            const ard_pattern out = ard_sample_row(&distribution, SEED, 1, step, 0);
            products += ard_pattern_kept_share(&in) * ard_pattern_kept_share(&out);
        }
        const double error = products / STEPS / (kept * kept) - 1.0;
        if (!(fabs(error) <= FLOP_TOLERANCE)) {
            fail_msg("rate %g: kept FLOPs off by %g of (1-p)^2", CASES[i].rate, error);
        }
    }
}

/* Joint cells of the periods of two neighbouring layers, and of one layer in two following steps.
 */
static void test_draws_are_independent(void **state)
{
    (void)state;
    const ard_distribution distribution = make_case(6);
    const uint32_t n = distribution.max_period;
    uint64_t layers[81] = {0};
    uint64_t steps[81] = {0};
    double expected[81] = {0};
    for (uint32_t i = 0; i < n * n; i++) {
        expected[i] = STEPS * distribution.probabilities[i / n] * distribution.probabilities[i % n];
    }
    for (uint64_t step = 0; step < STEPS; step++) {
        const ard_pattern one = ard_sample_row(&distribution, SEED, LAYER, 2 * step, 0);
        const ard_pattern beside = ard_sample_row(&distribution, SEED, LAYER + 1, 2 * step, 0);
        const ard_pattern next = ard_sample_row(&distribution, SEED, LAYER, 2 * step + 1, 0);
        layers[(one.period - 1) * n + beside.period - 1]++;
        steps[(one.period - 1) * n + next.period - 1]++;
    }
    check_chi_square(layers, expected, n * n, "periods of two layers", SIGNIFICANCE, SEED);
    check_chi_square(steps, expected, n * n, "periods of two steps", SIGNIFICANCE, SEED);
}

static void test_closed_and_impossible_periods(void **state)
{
    (void)state;
    const double probabilities[] = {0.0, 0.5, 0.0, 0.5, 0.0};
    ard_distribution gaps;
    ard_distribution none;
    ard_distribution limit;
    assert_int_equal(ard_distribution_from_probabilities(probabilities, 5, &gaps),
                     ARD_STATUS_SUCCESS);
    assert_int_equal(ard_distribution_exact(0.0, 7, &none), ARD_STATUS_SUCCESS);
    assert_int_equal(ard_distribution_exact(6.0 / 7.0, 7, &limit), ARD_STATUS_SUCCESS);
    for (uint64_t step = 0; step < 10000; step++) {
        const uint32_t period = ard_sample_row(&gaps, SEED, LAYER, step, 0).period;
        assert_true(period == 2 || period == 4);
        const ard_pattern all = ard_sample_row(&none, SEED, LAYER, step, 0);
        assert_true(ard_pattern_is_all(&all));
        assert_int_equal(ard_sample_row(&limit, SEED, LAYER, step, 0).period, 7);
    }
    /* A period that no pattern can have gives one that every check refuses. */
    const ard_pattern zero = ard_sample_offset(0, SEED, LAYER, 0, 0);
    const ard_pattern large = ard_sample_offset(65, SEED, LAYER, 0, 0);
    assert_int_equal(ard_pattern_check(&zero, 100), ARD_STATUS_INVALID_PATTERN);
    assert_int_equal(ard_pattern_check(&large, 100), ARD_STATUS_INVALID_PATTERN);
}

static bool same_tile(ard_tile_pattern a, ard_tile_pattern b)
{
    return a.edge == b.edge && a.numbering == b.numbering && a.period == b.period &&
           a.offset == b.offset;
}

/* Whatever the edge and the numbering, which are passed through, and a tile pattern's period being
 * drawn or given. */
static void test_tiles_are_drawn_as_rows(void **state)
{
    (void)state;
    const uint32_t edges[] = {1, 16, 32, UINT32_MAX};
    for (size_t i = 0; i < CASE_COUNT; i++) {
        const ard_distribution distribution = make_case(i);
        for (uint64_t step = 0; step < 1000; step++) {
            const ard_pattern row = ard_sample_row(&distribution, SEED, LAYER, step, 0);
            for (size_t k = 0; k < 8; k++) {
                const ard_tile_numbering numbering =
                    k % 2 == 0 ? ARD_TILE_DIAGONAL : ARD_TILE_LINEAR;
                const ard_tile_pattern expected = {edges[k / 2], row.period, offset_of(&row),
                                                   numbering};
                assert_true(same_tile(expected, ard_sample_tile(&distribution, edges[k / 2],
                                                                numbering, SEED, LAYER, step, 0)));
                assert_true(
                    same_tile(expected, ard_sample_tile_offset(edges[k / 2], numbering, row.period,
                                                               SEED, LAYER, step, 0)));
            }
        }
    }
}

static void test_tiles_are_pure_in_seed_layer_step(void **state)
{
    (void)state;
    const ard_distribution distribution = make_case(6);
    const ard_tile_numbering linear = ARD_TILE_LINEAR;
    uint32_t differs[4] = {0};
    for (uint64_t step = 0; step < 1000; step++) {
        const ard_tile_pattern tile =
            ard_sample_tile(&distribution, 16, linear, SEED, LAYER, step, 0);
        const ard_tile_pattern others[] = {
            ard_sample_tile(&distribution, 16, linear, SEED + 1, LAYER, step, 0),
            ard_sample_tile(&distribution, 16, linear, SEED, LAYER + 1, step, 0),
            ard_sample_tile(&distribution, 16, linear, SEED, LAYER, step + 1, 0),
            ard_sample_tile(&distribution, 16, linear, SEED, LAYER, step + (UINT64_C(1) << 32), 0),
        };
        for (size_t i = 0; i < 4; i++) {
            differs[i] += !same_tile(tile, others[i]);
        }
        assert_true(
            same_tile(tile, ard_sample_tile(&distribution, 16, linear, SEED, LAYER, step, 0)));
    }
    for (size_t i = 0; i < 4; i++) {
        assert_true(differs[i] > 500);
    }
}

/* The offset of every period that row patterns have is theirs; above, it is uniform too. */
static void test_tile_offsets_of_given_periods(void **state)
{
    (void)state;
    enum { LONG_PERIOD = 100 };
    uint64_t observed[LONG_PERIOD] = {0};
    double expected[LONG_PERIOD];
    for (uint32_t i = 0; i < LONG_PERIOD; i++) {
        expected[i] = (double)STEPS / LONG_PERIOD;
    }
    for (uint64_t step = 0; step < STEPS; step++) {
        const uint32_t period = (uint32_t)(step % ARD_MAX_PERIOD) + 1;
        const ard_pattern row = ard_sample_offset(period, SEED, LAYER, step, 0);
        const ard_tile_pattern tile =
            ard_sample_tile_offset(32, ARD_TILE_DIAGONAL, period, SEED, LAYER, step, 0);
        assert_int_equal(tile.period, period);
        assert_int_equal(tile.offset, offset_of(&row));
        const ard_tile_pattern far =
            ard_sample_tile_offset(32, ARD_TILE_DIAGONAL, LONG_PERIOD, SEED, LAYER, step, 0);
        const ard_draw draw = {
            .seed = SEED, .step = step, .layer = LAYER, .purpose = ARD_PURPOSE_OFFSET};
        assert_int_equal(far.offset, ard_draw_below(&draw, LONG_PERIOD));
        observed[far.offset]++;
    }
    check_chi_square(observed, expected, LONG_PERIOD, "offsets of 100", SIGNIFICANCE, SEED);
    const ard_tile_pattern zero = ard_sample_tile_offset(32, ARD_TILE_LINEAR, 0, SEED, LAYER, 0, 0);
    assert_int_equal(ard_tile_check(&zero, 784, 784), ARD_STATUS_INVALID_PATTERN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pure_in_seed_layer_step),
        cmocka_unit_test(test_documented_draws),
        cmocka_unit_test(test_period_boundary),
        cmocka_unit_test(test_period_offset_cells),
        cmocka_unit_test(test_each_neuron_is_dropped_at_the_rate),
        cmocka_unit_test(test_kept_share_and_flops),
        cmocka_unit_test(test_draws_are_independent),
        cmocka_unit_test(test_closed_and_impossible_periods),
        cmocka_unit_test(test_tiles_are_drawn_as_rows),
        cmocka_unit_test(test_tiles_are_pure_in_seed_layer_step),
        cmocka_unit_test(test_tile_offsets_of_given_periods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
