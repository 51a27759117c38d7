/* SPDX-License-Identifier: Apache-2.0 */
/* The patterns of the groups of samples of a batch: draws of their own, independent of one another
 * and of those beside. */
#include <ard/sampler.h>

#include "patterns/check_chi_square.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const uint64_t SEED = 20240011;
static const double SIGNIFICANCE = 1e-4;
enum { STEPS = 40000, LAYER = 2, GROUPS = 256 };

/* Periods 1..4, equally likely. */
static const ard_distribution uniform = {
    .max_period = 4,
    .cumulative = {UINT64_C(1) << 30, UINT64_C(1) << 31, UINT64_C(3) << 30, UINT64_C(1) << 32}};

/* Two of four residues: six subsets. */
static const ard_subset_distribution half = {.period = 4, .low = 2, .high = 2, .rate = 0.5};

/* Number 0..9 of a row pattern of periods 1..4. */
static size_t number_of(const ard_pattern *row)
{
    size_t offset = 0;
    while (!ard_pattern_keeps(row, offset)) {
        offset++;
    }
    return (size_t)row->period * (row->period - 1) / 2 + offset;
}

/* By the documented layout of the counter. */
static void test_documented_draws(void **state)
{
    (void)state;
    for (uint32_t group = 0; group < GROUPS; group++) {
        ard_draw draw = {.seed = SEED,
                         .layer = LAYER,
                         .step = group % 7,
                         .purpose = ARD_PURPOSE_PERIOD,
                         .index = group << 24};
        uint32_t words[4];
        ard_draw_words(&draw, words);
        const uint32_t period = words[0] / (UINT32_C(1) << 30) + 1;
        draw.purpose = ARD_PURPOSE_OFFSET;
        const uint32_t offset = ard_draw_below(&draw, period);
        const ard_pattern row = ard_sample_row(&uniform, SEED, LAYER, draw.step, group);
        assert_int_equal(row.period, period);
        assert_int_equal(row.residues, UINT64_C(1) << offset);
        const ard_pattern given = ard_sample_offset(period, SEED, LAYER, draw.step, group);
        assert_int_equal(given.residues, row.residues);
        const ard_tile_pattern tile =
            ard_sample_tile(&uniform, 16, ARD_TILE_LINEAR, SEED, LAYER, draw.step, group);
        assert_true(tile.period == period && tile.offset == offset && tile.edge == 16);
        assert_int_equal(
            ard_sample_tile_offset(16, ARD_TILE_LINEAR, period, SEED, LAYER, draw.step, group)
                .offset,
            offset);
    }
}

/* One of n residues is the first number below n of the stream behind the group's first index. */
static void test_documented_subsets(void **state)
{
    (void)state;
    const ard_subset_distribution one = {.period = 13, .low = 1, .high = 1};
    for (uint32_t group = 0; group < GROUPS; group++) {
        const ard_draw draw = {.seed = SEED,
                               .layer = LAYER,
                               .step = group % 5,
                               .purpose = ARD_PURPOSE_RESIDUES,
                               .index = (group << 24) + 1};
        assert_int_equal(ard_sample_subset(&one, SEED, LAYER, draw.step, group).residues,
                         UINT64_C(1) << ard_draw_below(&draw, 13));
    }
}

/* Another draw than that of group `group` at (LAYER, step). */
typedef struct other {
    uint32_t layer;
    uint32_t later;
    uint32_t group;
} other;

static const struct {
    uint32_t group;
    other than;
} pairs[] = {{0, {LAYER, 0, 1}}, {1, {LAYER, 0, 2}},     {0, {LAYER, 0, 255}},
             {3, {LAYER, 0, 7}}, {1, {LAYER, 1, 0}},     {1, {LAYER + 1, 0, 0}},
             {5, {LAYER, 1, 5}}, {4, {LAYER + 1, 0, 4}}, {128, {LAYER, 0, 64}}};
enum { PAIRS = sizeof pairs / sizeof *pairs };

static void test_rows_are_independent(void **state)
{
    (void)state;
    double expected[100];
    for (size_t cell = 0; cell < 100; cell++) {
        const size_t periods[2] = {cell / 10, cell % 10};
        expected[cell] = STEPS;
        for (size_t i = 0; i < 2; i++) {
            const size_t n = periods[i];
            const double period = n < 1 ? 1.0 : n < 3 ? 2.0 : n < 6 ? 3.0 : 4.0;
            expected[cell] *= 0.25 / period;
        }
    }
    for (size_t i = 0; i < PAIRS; i++) {
        const other *than = &pairs[i].than;
        uint64_t observed[100] = {0};
        for (uint64_t step = 0; step < STEPS; step++) {
            const ard_pattern row = ard_sample_row(&uniform, SEED, LAYER, step, pairs[i].group);
            const ard_pattern beside =
                ard_sample_row(&uniform, SEED, than->layer, step + than->later, than->group);
            observed[number_of(&row) * 10 + number_of(&beside)]++;
        }
        check_chi_square(observed, expected, 100, "row patterns of two groups", SIGNIFICANCE, SEED);
    }
}

static void test_subsets_are_independent(void **state)
{
    (void)state;
    static const size_t number[16] = {[3] = 0, [5] = 1, [6] = 2, [9] = 3, [10] = 4, [12] = 5};
    double expected[36];
    for (size_t cell = 0; cell < 36; cell++) {
        expected[cell] = STEPS / 36.0;
    }
    for (size_t i = 0; i < PAIRS; i++) {
        const other *than = &pairs[i].than;
        uint64_t observed[36] = {0};
        for (uint64_t step = 0; step < STEPS; step++) {
            const ard_pattern one = ard_sample_subset(&half, SEED, LAYER, step, pairs[i].group);
            const ard_pattern beside =
                ard_sample_subset(&half, SEED, than->layer, step + than->later, than->group);
            observed[number[one.residues] * 6 + number[beside.residues]]++;
        }
        check_chi_square(observed, expected, 36, "subsets of two groups", SIGNIFICANCE, SEED);
    }
}

/* Over the groups of one step, as over the steps of one group. */
static void test_groups_of_a_step(void **state)
{
    (void)state;
    static const double share[10] = {1.0 / 4,  1.0 / 8,  1.0 / 8,  1.0 / 12, 1.0 / 12,
                                     1.0 / 12, 1.0 / 16, 1.0 / 16, 1.0 / 16, 1.0 / 16};
    uint64_t observed[10] = {0};
    double expected[10];
    enum { SOME_STEPS = 100 };
    for (size_t i = 0; i < 10; i++) {
        expected[i] = share[i] * SOME_STEPS * GROUPS;
    }
    for (uint64_t step = 0; step < SOME_STEPS; step++) {
        for (uint32_t group = 0; group < GROUPS; group++) {
            const ard_pattern row = ard_sample_row(&uniform, SEED, LAYER, step, group);
            observed[number_of(&row)]++;
        }
    }
    check_chi_square(observed, expected, 10, "row patterns of 256 groups", SIGNIFICANCE, SEED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documented_draws),     cmocka_unit_test(test_documented_subsets),
        cmocka_unit_test(test_rows_are_independent), cmocka_unit_test(test_subsets_are_independent),
        cmocka_unit_test(test_groups_of_a_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
