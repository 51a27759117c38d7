/* SPDX-License-Identifier: Apache-2.0 */
/* The distribution of index patterns, and the patterns drawn from it. */
#include <ard/sampler.h>

#include "patterns/check_chi_square.h"
#include "support/statistics.h"
#include "support/unit.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const uint64_t SEED = 20240004;
static const double SIGNIFICANCE = 1e-4;
static const uint32_t CANARY = 0xC0FFEE11;
enum { STEPS = 100000, LAYER = 5, WIDEST = 131 };

static ard_index_distribution make(double rate, size_t width)
{
    ard_index_distribution found;
    assert_success(ard_index_distribution_from_rate(rate, width, &found));
    assert_int_equal(found.width, width);
    assert_true(found.rate == rate);
    return found;
}

static void check_exact(double rate, size_t width, uint32_t count)
{
    const ard_index_distribution found = make(rate, width);
    assert_int_equal(found.low, count);
    assert_int_equal(found.high, count);
    assert_true(found.high_threshold == 0);
    assert_true(found.high_probability == 0.0);
}

static void test_whole_counts(void **state)
{
    (void)state;
    check_exact(0.0, 1, 1);
    check_exact(0.0, 2048, 2048);
    check_exact(0.5, 2048, 1024);
    check_exact(0.7, 10, 3); /* 1 - 0.7 is not 0.3 in binary */
    check_exact(2.0 / 3.0, 33, 11);
    check_exact(0.6666666667, 33, 11);
    check_exact(1.0 - 1.0 / 131.0, 131, 1);
    check_exact(0.5, ARD_MAX_INDEX_WIDTH, ARD_MAX_INDEX_WIDTH / 2);
}

static void test_mean_is_exact(void **state)
{
    (void)state;
    for (size_t width = 1; width <= WIDEST; width++) {
        for (int i = 0; i <= 100; i++) {
            const double rate = (1.0 - 1.0 / (double)width) * i / 100.0;
            const ard_index_distribution found = make(rate, width);
            const double high = (double)found.high_threshold / 4294967296.0;
            const double mean = found.low + high * (found.high - found.low);
            assert_true(found.low >= 1 && found.high <= width);
            assert_true(found.high - found.low <= 1);
            assert_true(fabs(mean - (1.0 - rate) * (double)width) <= 1e-9 * (double)width);
            assert_true(fabs(found.high_probability - high) <= 0x1p-32);
        }
    }
}

static void expect(ard_status status, ard_status expected, const char *text)
{
    assert_int_equal(status, expected);
    if (strstr(ard_detail(), text) == NULL) {
        fail_msg("detail \"%s\" does not contain \"%s\"", ard_detail(), text);
    }
}

static void test_errors(void **state)
{
    (void)state;
    ard_index_distribution found = {.width = 77};
    const ard_status rate = ARD_STATUS_INVALID_RATE;
    const ard_status argument = ARD_STATUS_INVALID_ARGUMENT;
    expect(ard_index_distribution_from_rate(NAN, 9, &found), rate, "rate nan is outside 0");
    expect(ard_index_distribution_from_rate(-0.1, 9, &found), rate, "rate -0.1 is outside 0");
    expect(ard_index_distribution_from_rate(1.0, 9, &found), rate, "rate 1 is outside 0");
    expect(ard_index_distribution_from_rate(0.9, 8, &found), rate,
           "less than one of 8 units; at most 0.875");
    expect(ard_index_distribution_from_rate(0.1, 1, &found), rate,
           "less than one of 1 units; at most 0 can");
    expect(ard_index_distribution_from_rate(1.0 - 1e-12, 9, &found), rate, "less than one");
    expect(ard_index_distribution_from_rate(0.5, 0, &found), argument, "is 0, expected 1..");
    expect(ard_index_distribution_from_rate(0.5, (size_t)ARD_MAX_INDEX_WIDTH + 1, &found), argument,
           "is 33554433, expected 1..33554432");
    expect(ard_index_distribution_from_rate(0.5, 8, NULL), argument, "distribution is NULL");
    assert_int_equal(found.width, 77);
}

/* Worked out by another implementation of Philox and of algorithm S. */
static void test_known_answers(void **state)
{
    (void)state;
    static const struct {
        uint64_t seed, step;
        uint32_t layer, group, count, indices[7];
    } known[] = {
        {20240004, 0, 5, 0, 7, {0, 1, 6, 9, 10, 11, 12}},
        {20240004, 1, 5, 0, 7, {1, 2, 5, 6, 7, 9, 10}},
        {20240004, 0, 5, 1, 7, {1, 3, 4, 6, 9, 10, 11}},
        {(UINT64_C(7) << 32) + 9, (UINT64_C(1) << 40) + 3, 0xFFFFFF, 255, 6, {1, 2, 4, 5, 10, 11}},
    };
    const ard_index_distribution half = make(0.5, 13);
    assert_true(half.low == 6 && half.high == 7 && half.high_threshold == UINT64_C(1) << 31);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        uint32_t indices[8] = {[7] = CANARY};
        const ard_pattern got = ard_sample_index(&half, known[i].seed, known[i].layer,
                                                 known[i].step, known[i].group, indices);
        assert_ptr_equal(got.indices, indices);
        assert_int_equal(got.count, known[i].count);
        assert_true(got.period == 0 && got.residues == 0);
        assert_memory_equal(indices, known[i].indices, got.count * sizeof *indices);
        assert_int_equal(indices[7], CANARY);
    }
}

/* How often each unit, and the higher count, was drawn. */
static void check_units(double rate, size_t width)
{
    const ard_index_distribution distribution = make(rate, width);
    uint64_t kept[WIDEST] = {0};
    uint64_t high = 0;
    uint64_t least = 0;
    uint64_t most = 0;
    for (uint64_t step = 0; step < STEPS; step++) {
        uint32_t indices[WIDEST];
        const ard_pattern pattern = ard_sample_index(&distribution, SEED, LAYER, step, 0, indices);
        assert_success(ard_pattern_check(&pattern, width));
        assert_true(pattern.count == distribution.low || pattern.count == distribution.high);
        high += pattern.count == distribution.high;
        for (uint32_t i = 0; i < pattern.count; i++) {
            kept[indices[i]]++;
        }
    }
    statistics_binomial_bounds(STEPS, 1.0 - rate, SIGNIFICANCE / (double)width, &least, &most);
    for (size_t unit = 0; unit < width; unit++) {
        if (kept[unit] < least || kept[unit] > most) {
            fail_msg("rate %g: unit %zu of %zu kept %" PRIu64 " times, outside %" PRIu64
                     "..%" PRIu64,
                     rate, unit, width, kept[unit], least, most);
        }
    }
    if (distribution.low != distribution.high) {
        statistics_binomial_bounds(STEPS, distribution.high_probability, SIGNIFICANCE, &least,
                                   &most);
        assert_true(high >= least && high <= most);
    }
}

static void test_each_unit_is_kept_at_the_share(void **state)
{
    (void)state;
    check_units(0.0, 1);
    check_units(0.0, 7);
    check_units(0.5, 13);
    check_units(0.3, 31);
    check_units(0.7, WIDEST);
    check_units(1.0 - 1.0 / 61.0, 61); /* a single unit */
    check_units(0.99, WIDEST);
}

/* All sets of `count` of `width` units are equally likely. */
static void check_sets(uint32_t width, uint32_t count, size_t sets, uint32_t group)
{
    const ard_index_distribution distribution = {.width = width, .low = count, .high = count};
    static uint64_t by_mask[256];
    static uint64_t observed[256];
    static double expected[256];
    memset(by_mask, 0, sizeof by_mask);
    for (uint64_t step = 0; step < STEPS; step++) {
        uint32_t indices[8];
        const ard_pattern pattern =
            ard_sample_index(&distribution, SEED, LAYER, step, group, indices);
        uint32_t mask = 0;
        assert_success(ard_pattern_check(&pattern, width));
        assert_int_equal(pattern.count, count);
        for (uint32_t i = 0; i < count; i++) {
            mask |= UINT32_C(1) << indices[i];
        }
        by_mask[mask]++;
    }
    size_t cells = 0;
    for (size_t mask = 0; mask < 256; mask++) {
        if (by_mask[mask] != 0) {
            assert_true(cells < sets);
            expected[cells] = (double)STEPS / (double)sets;
            observed[cells++] = by_mask[mask];
        }
    }
    assert_int_equal(cells, sets);
    if (sets > 1) {
        check_chi_square(observed, expected, cells, "sets of units", SIGNIFICANCE, SEED);
    }
}

static void test_every_set_is_as_likely(void **state)
{
    (void)state;
    check_sets(1, 1, 1, 0);
    check_sets(7, 1, 7, 0);
    check_sets(7, 3, 35, 0);
    check_sets(8, 4, 70, 3);
    check_sets(8, 7, 8, 0);
    check_sets(7, 7, 1, 0);
}

static void test_differs_by_seed_layer_step_group(void **state)
{
    (void)state;
    const ard_index_distribution half = make(0.5, 32);
    uint32_t differs[4] = {0};
    for (uint64_t step = 0; step < 1000; step++) {
        uint32_t one[16];
        uint32_t other[4][16];
        ard_sample_index(&half, SEED, LAYER, step, 0, one);
        ard_sample_index(&half, SEED + 1, LAYER, step, 0, other[0]);
        ard_sample_index(&half, SEED, LAYER + 1, step, 0, other[1]);
        ard_sample_index(&half, SEED, LAYER, step + 1, 0, other[2]);
        ard_sample_index(&half, SEED, LAYER, step, 1, other[3]);
        for (size_t i = 0; i < 4; i++) {
            differs[i] += memcmp(one, other[i], sizeof one) != 0;
        }
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(differs[i], 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_counts),
        cmocka_unit_test(test_mean_is_exact),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_each_unit_is_kept_at_the_share),
        cmocka_unit_test(test_every_set_is_as_likely),
        cmocka_unit_test(test_differs_by_seed_layer_step_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
