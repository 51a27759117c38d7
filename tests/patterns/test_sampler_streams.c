/* SPDX-License-Identifier: Apache-2.0 */
/* What else is sampled: subset patterns, data orders, initial weights. */
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
#include <string.h>

#include <cmocka.h>

static const uint64_t SEED = 20240004;
static const double SIGNIFICANCE = 1e-4;
static const uint32_t CANARY = 0xC0FFEE11;
enum { STEPS = 100000, LAYER = 5 };

static void expect(ard_status status, const char *text)
{
    assert_int_equal(status, ARD_STATUS_INVALID_ARGUMENT);
    if (strstr(ard_detail(), text) == NULL) {
        fail_msg("detail \"%s\" does not contain \"%s\"", ard_detail(), text);
    }
}

static void check_residues(double rate, uint32_t period)
{
    ard_subset_distribution subset;
    assert_int_equal(ard_subset_distribution_from_rate(rate, period, &subset), ARD_STATUS_SUCCESS);
    uint64_t kept[ARD_MAX_PERIOD] = {0};
    uint64_t high = 0;
    for (uint64_t step = 0; step < STEPS; step++) {
        const ard_pattern pattern = ard_sample_subset(&subset, SEED, LAYER, step, 0);
        const ard_pattern again = ard_sample_subset(&subset, SEED, LAYER, step, 0);
        assert_true(pattern.residues == again.residues && pattern.period == subset.period);
        assert_int_equal(ard_pattern_check(&pattern, subset.period), ARD_STATUS_SUCCESS);
        const uint32_t count = ard_pattern_residue_count(&pattern);
        assert_true(count == subset.low || count == subset.high);
        high += count == subset.high;
        for (uint32_t residue = 0; residue < subset.period; residue++) {
            kept[residue] += pattern.residues >> residue & 1;
        }
    }
    uint64_t low_bound = 0;
    uint64_t high_bound = 0;
    statistics_binomial_bounds(STEPS, 1.0 - rate, SIGNIFICANCE / subset.period, &low_bound,
                               &high_bound);
    for (uint32_t residue = 0; residue < subset.period; residue++) {
        if (kept[residue] < low_bound || kept[residue] > high_bound) {
            fail_msg("rate %g: residue %" PRIu32 " kept %" PRIu64 " times, outside %" PRIu64
                     "..%" PRIu64,
                     rate, residue, kept[residue], low_bound, high_bound);
        }
    }
    if (subset.low != subset.high) {
        statistics_binomial_bounds(STEPS, subset.high_probability, SIGNIFICANCE, &low_bound,
                                   &high_bound);
        assert_true(high >= low_bound && high <= high_bound);
    }
}

static void test_each_residue_is_kept_at_the_share(void **state)
{
    (void)state;
    check_residues(0.0, 0);
    check_residues(0.5, 0);
    check_residues(0.3, 0);
    check_residues(0.7, 0);
    check_residues(0.505, 0);
    check_residues(0.62, 7);
    check_residues(0.5, 64);
}

/* All C(7, 3) subsets are equally likely. */
static void test_every_subset_is_as_likely(void **state)
{
    (void)state;
    const ard_subset_distribution subset = {.period = 7, .low = 3, .high = 3, .rate = 4.0 / 7.0};
    uint64_t by_mask[128] = {0};
    for (uint64_t step = 0; step < STEPS; step++) {
        by_mask[ard_sample_subset(&subset, SEED, LAYER, step, 0).residues]++;
    }
    uint64_t observed[35] = {0};
    double expected[35];
    size_t cells = 0;
    for (uint64_t mask = 0; mask < 128; mask++) {
        if (ard_pattern_residue_count(&(ard_pattern){.period = 7, .residues = mask}) == 3) {
            expected[cells] = STEPS / 35.0;
            observed[cells++] = by_mask[mask];
        } else {
            assert_int_equal(by_mask[mask], 0);
        }
    }
    assert_int_equal(cells, 35);
    check_chi_square(observed, expected, cells, "subsets 3 of 7", SIGNIFICANCE, SEED);
}

static void test_subset_differs_by_seed_layer_step(void **state)
{
    (void)state;
    ard_subset_distribution half;
    assert_int_equal(ard_subset_distribution_from_rate(0.5, 16, &half), ARD_STATUS_SUCCESS);
    uint32_t differs[3] = {0};
    for (uint64_t step = 0; step < 1000; step++) {
        const uint64_t one = ard_sample_subset(&half, SEED, LAYER, step, 0).residues;
        differs[0] += one != ard_sample_subset(&half, SEED + 1, LAYER, step, 0).residues;
        differs[1] += one != ard_sample_subset(&half, SEED, LAYER + 1, step, 0).residues;
        differs[2] += one != ard_sample_subset(&half, SEED, LAYER, step + 1, 0).residues;
    }
    for (size_t i = 0; i < 3; i++) {
        assert_true(differs[i] > 980);
    }
}

static void test_order_is_a_pure_permutation(void **state)
{
    (void)state;
    const size_t counts[] = {0, 1, 2, 3, 31, 128, 1000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        const size_t count = counts[i];
        uint32_t order[1001];
        uint32_t again[1001];
        bool seen[1000] = {false};
        order[count] = CANARY;
        assert_int_equal(ard_sample_order(SEED, 7, count, order), ARD_STATUS_SUCCESS);
        assert_int_equal(ard_sample_order(SEED, 7, count, again), ARD_STATUS_SUCCESS);
        assert_memory_equal(order, again, count * sizeof *order);
        assert_int_equal(order[count], CANARY);
        for (size_t j = 0; j < count; j++) {
            assert_true(order[j] < count && !seen[order[j]]);
            seen[order[j]] = true;
        }
        if (count >= 31) {
            assert_int_equal(ard_sample_order(SEED, 8, count, again), ARD_STATUS_SUCCESS);
            assert_memory_not_equal(order, again, count * sizeof *order);
            assert_int_equal(ard_sample_order(SEED + 1, 7, count, again), ARD_STATUS_SUCCESS);
            assert_memory_not_equal(order, again, count * sizeof *order);
        }
    }
}

/* All 4! orders are equally likely. */
static void test_every_order_is_as_likely(void **state)
{
    (void)state;
    uint64_t by_code[256] = {0};
    for (uint64_t epoch = 0; epoch < STEPS; epoch++) {
        uint32_t order[4];
        assert_int_equal(ard_sample_order(SEED, epoch, 4, order), ARD_STATUS_SUCCESS);
        by_code[order[0] << 6 | order[1] << 4 | order[2] << 2 | order[3]]++;
    }
    uint64_t observed[24] = {0};
    double expected[24];
    size_t cells = 0;
    for (size_t code = 0; code < 256; code++) {
        if (by_code[code] != 0) {
            assert_true(cells < 24);
            expected[cells] = STEPS / 24.0;
            observed[cells++] = by_code[code];
        }
    }
    assert_int_equal(cells, 24);
    check_chi_square(observed, expected, cells, "orders of 4", SIGNIFICANCE, SEED);
}

static void test_uniform_moments(void **state)
{
    (void)state;
    enum { COUNT = 200000, BINS = 64 };
    static float values[COUNT];
    const float limit = 0.3F;
    assert_int_equal(ard_sample_uniform(SEED, LAYER, limit, COUNT, values), ARD_STATUS_SUCCESS);
    double sum = 0.0;
    double squares = 0.0;
    uint64_t bins[BINS] = {0};
    double expected[BINS];
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(values[i] >= -limit && values[i] < limit);
        sum += (double)values[i];
        squares += (double)values[i] * (double)values[i];
        bins[(size_t)(((double)values[i] / (double)limit + 1.0) / 2.0 * BINS)]++;
    }
    for (size_t i = 0; i < BINS; i++) {
        expected[i] = (double)COUNT / BINS;
    }
    check_chi_square(bins, expected, BINS, "uniform values", SIGNIFICANCE, SEED);
    /* Five standard errors: the variance is limit^2 / 3, that of the squares 4/45 limit^4. */
    const double a = (double)limit;
    assert_true(fabs(sum / COUNT) <= 5.0 * a / sqrt(3.0 * COUNT));
    assert_true(fabs(squares / COUNT - a * a / 3.0) <= 5.0 * a * a * sqrt(4.0 / 45.0 / COUNT));
}

/* Value i is word i % 4 of index i / 4, whatever the count. */
static void test_uniform_layout(void **state)
{
    (void)state;
    for (size_t count = 0; count <= 9; count++) {
        float values[10];
        values[count] = 77.0F;
        assert_int_equal(ard_sample_uniform(SEED, LAYER, 2.0F, count, values), ARD_STATUS_SUCCESS);
        assert_true(values[count] == 77.0F);
        for (uint32_t i = 0; i < count; i++) {
            uint32_t words[4];
            const ard_draw draw = {.seed = SEED,
                                   .layer = LAYER,
                                   .purpose = ARD_PURPOSE_INITIALISATION,
                                   .index = i / 4};
            ard_draw_words(&draw, words);
            const double expected = 2.0 * ((double)(words[i % 4] >> 8) / 8388608.0 - 1.0);
            assert_true((double)values[i] == expected);
        }
    }
    float other[4];
    float values[4];
    assert_int_equal(ard_sample_uniform(SEED, LAYER, 1.0F, 4, values), ARD_STATUS_SUCCESS);
    assert_int_equal(ard_sample_uniform(SEED, LAYER + 1, 1.0F, 4, other), ARD_STATUS_SUCCESS);
    assert_memory_not_equal(values, other, sizeof values);
}

static void test_errors(void **state)
{
    (void)state;
    uint32_t order[1] = {CANARY};
    float values[1] = {77.0F};
    expect(ard_sample_order(SEED, 0, 1, NULL), "order is NULL");
    expect(ard_sample_order(SEED, 0, (size_t)UINT32_MAX + 1, order), "count 4294967296 is larger");
    expect(ard_sample_uniform(SEED, 0, 1.0F, 1, NULL), "values is NULL");
    expect(ard_sample_uniform(SEED, 1 << 24, 1.0F, 1, values), "layer 16777216 is larger");
    expect(ard_sample_uniform(SEED, 0, 0.0F, 1, values), "limit 0 is not");
    expect(ard_sample_uniform(SEED, 0, -1.0F, 1, values), "limit -1 is not");
    expect(ard_sample_uniform(SEED, 0, NAN, 1, values), "limit nan is not");
    expect(ard_sample_uniform(SEED, 0, INFINITY, 1, values), "limit inf is not");
    expect(ard_sample_uniform(SEED, 0, 1.0F, SIZE_MAX, values), "is larger than the 2^34");
    assert_int_equal(order[0], CANARY);
    assert_true(values[0] == 77.0F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_residue_is_kept_at_the_share),
        cmocka_unit_test(test_every_subset_is_as_likely),
        cmocka_unit_test(test_subset_differs_by_seed_layer_step),
        cmocka_unit_test(test_order_is_a_pure_permutation),
        cmocka_unit_test(test_every_order_is_as_likely),
        cmocka_unit_test(test_uniform_moments),
        cmocka_unit_test(test_uniform_layout),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
