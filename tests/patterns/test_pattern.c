/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns against counting one unit at a time, over all small widths, periods and offsets. */
#include <ard/pattern.h>
#include <ard/sampler.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_WIDTH = 130, MAX_ROW_PERIOD = 9, RANDOM_MASKS = 40, PAD = 3 };
static const uint64_t SEED = 20240001;
static const uint32_t CANARY = 0xC0FFEE11;

/* Checks every function of one pattern on one width. */
static void check_pattern(const ard_pattern *pattern, size_t width)
{
    uint32_t expected[MAX_WIDTH];
    size_t kept = 0;
    for (size_t unit = 0; unit < width; unit++) {
        const bool keeps = (pattern->residues >> (unit % pattern->period) & 1) != 0;
        assert_int_equal(ard_pattern_keeps(pattern, unit), keeps);
        if (keeps) {
            expected[kept++] = (uint32_t)unit;
        }
    }
    size_t count = 0;
    assert_int_equal(ard_pattern_check(pattern, width), ARD_STATUS_SUCCESS);
    assert_int_equal(ard_pattern_kept_count(pattern, width, &count), ARD_STATUS_SUCCESS);
    assert_int_equal(count, kept);

    uint32_t indices[MAX_WIDTH + 2 * PAD];
    for (size_t i = 0; i < MAX_WIDTH + 2 * PAD; i++) {
        indices[i] = CANARY;
    }
    count = 0;
    assert_int_equal(ard_pattern_kept_indices(pattern, width, indices + PAD, kept, &count),
                     ARD_STATUS_SUCCESS);
    assert_int_equal(count, kept);
    assert_memory_equal(indices + PAD, expected, kept * sizeof *expected);
    for (size_t i = 0; i < MAX_WIDTH + 2 * PAD; i++) {
        if (i < PAD || i >= PAD + kept) {
            assert_int_equal(indices[i], CANARY);
        }
    }
}

static void test_rows_against_counting(void **state)
{
    (void)state;
    for (uint32_t period = 1; period <= MAX_ROW_PERIOD; period++) {
        for (uint32_t offset = 0; offset < period; offset++) {
            ard_pattern pattern = {0};
            assert_int_equal(ard_pattern_row(period, offset, &pattern), ARD_STATUS_SUCCESS);
            assert_int_equal(ard_pattern_residue_count(&pattern), 1);
            assert_true(ard_pattern_kept_share(&pattern) == 1.0 / period);
            assert_int_equal(ard_pattern_is_all(&pattern), period == 1);
            for (size_t width = period; width <= MAX_WIDTH; width++) {
                check_pattern(&pattern, width);
            }
        }
    }
}

static void test_subsets_against_counting(void **state)
{
    (void)state;
    for (uint32_t period = 1; period <= ARD_MAX_PERIOD; period++) {
        const uint64_t all = period == 64 ? UINT64_MAX : (UINT64_C(1) << period) - 1;
        for (uint32_t draw = 0; draw < RANDOM_MASKS; draw++) {
            uint32_t words[4];
            ard_draw_words(&(ard_draw){.seed = SEED, .step = period, .index = draw}, words);
            const uint64_t residues = ((uint64_t)words[0] << 32 | words[1]) & all;
            const uint64_t set = residues != 0 ? residues : all;
            ard_pattern pattern = {0};
            assert_int_equal(ard_pattern_subset(period, set, &pattern), ARD_STATUS_SUCCESS);
            assert_int_equal(pattern.period, period);
            assert_true(pattern.residues == set);
            assert_int_equal(ard_pattern_is_all(&pattern), set == all);
            const size_t widths[] = {period, period + 1, 2 * (size_t)period - 1, 2 * (size_t)period,
                                     127,    MAX_WIDTH};
            for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
                check_pattern(&pattern, widths[i] <= MAX_WIDTH ? widths[i] : MAX_WIDTH);
            }
        }
    }
}

/* Sets of units against a table of flags, within the width, at its end and beyond the indices. */
static void test_indices_against_counting(void **state)
{
    (void)state;
    for (uint32_t draw = 0; draw < 8 * RANDOM_MASKS; draw++) {
        bool kept[MAX_WIDTH] = {false};
        uint32_t indices[MAX_WIDTH];
        uint32_t got[MAX_WIDTH + 1] = {[MAX_WIDTH] = CANARY};
        uint32_t count = 0;
        size_t found = 0;
        for (uint32_t unit = 0; unit < MAX_WIDTH; unit++) {
            uint32_t words[4];
            ard_draw_words(&(ard_draw){.seed = SEED, .step = draw, .index = unit}, words);
            if (words[0] % 8 <= draw % 8) {
                kept[unit] = true;
                indices[count++] = unit;
            }
        }
        ard_pattern pattern = {0};
        assert_true(count > 0);
        assert_int_equal(ard_pattern_index(indices, count, &pattern), ARD_STATUS_SUCCESS);
        assert_true(ard_pattern_is_index(&pattern));
        assert_false(ard_pattern_is_all(&pattern));
        assert_int_equal(ard_pattern_residue_count(&pattern), 0);
        assert_true(ard_pattern_kept_share(&pattern) == 0.0);
        for (size_t unit = 0; unit < MAX_WIDTH; unit++) {
            assert_int_equal(ard_pattern_keeps(&pattern, unit), kept[unit]);
        }
        assert_false(ard_pattern_keeps(&pattern, MAX_WIDTH));
        assert_false(ard_pattern_keeps(&pattern, (size_t)UINT32_MAX + 1 + indices[0]));
        const size_t tight = (size_t)indices[count - 1] + 1;
        const size_t widths[] = {tight, MAX_WIDTH, SIZE_MAX};
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(ard_pattern_kept_count(&pattern, widths[i], &found),
                             ARD_STATUS_SUCCESS);
            assert_int_equal(found, count);
        }
        assert_int_equal(ard_pattern_kept_indices(&pattern, tight, got, count, &found),
                         ARD_STATUS_SUCCESS);
        assert_int_equal(found, count);
        assert_memory_equal(got, indices, count * sizeof *got);
        assert_int_equal(got[MAX_WIDTH], CANARY);
        assert_int_equal(ard_pattern_check(&pattern, tight - 1), ARD_STATUS_INVALID_PATTERN);
    }
}

static void test_all(void **state)
{
    (void)state;
    const ard_pattern all = ard_pattern_all();
    assert_int_equal(all.period, 1);
    assert_true(all.residues == 1);
    assert_true(ard_pattern_is_all(&all));
    assert_true(ard_pattern_is_all(&(ard_pattern){.period = 64, .residues = UINT64_MAX}));
    assert_false(ard_pattern_is_all(&(ard_pattern){.period = 64, .residues = UINT64_MAX - 1}));
    assert_int_equal(
        ard_pattern_residue_count(&(ard_pattern){.period = 64, .residues = UINT64_MAX}), 64);
    for (size_t width = 1; width <= MAX_WIDTH; width++) {
        check_pattern(&all, width);
    }
}

static void test_large_widths(void **state)
{
    (void)state;
    size_t count = 0;
    const ard_pattern third = {.period = 3, .residues = 2};
    assert_int_equal(ard_pattern_kept_count(&third, SIZE_MAX, &count), ARD_STATUS_SUCCESS);
    assert_true(count == SIZE_MAX / 3);
    uint32_t index = CANARY;
    assert_int_equal(ard_pattern_kept_indices(&third, (size_t)UINT32_MAX + 2, &index, 1, &count),
                     ARD_STATUS_INVALID_ARGUMENT);
    assert_int_equal(index, CANARY);
}

/* The call must give this status, and a detail that contains the text. */
static void expect(ard_status status, ard_status expected, const char *text)
{
    assert_int_equal(status, expected);
    if (strstr(ard_detail(), text) == NULL) {
        fail_msg("detail \"%s\" does not contain \"%s\"", ard_detail(), text);
    }
}

static void test_constructor_errors(void **state)
{
    (void)state;
    ard_pattern pattern = {.period = 7, .residues = 5};
    const ard_status bad = ARD_STATUS_INVALID_PATTERN;
    expect(ard_pattern_row(0, 0, &pattern), bad, "period 0 is outside 1..64");
    expect(ard_pattern_row(65, 0, &pattern), bad, "period 65 is outside 1..64");
    expect(ard_pattern_row(65, 70, &pattern), bad, "period 65 is outside 1..64");
    expect(ard_pattern_row(3, 3, &pattern), bad, "offset 3 is outside 0..2 of period 3");
    expect(ard_pattern_row(64, 64, &pattern), bad, "offset 64 is outside 0..63");
    expect(ard_pattern_row(1, 0, NULL), ARD_STATUS_INVALID_ARGUMENT, "pattern is NULL");
    expect(ard_pattern_subset(0, 1, &pattern), bad, "period 0");
    expect(ard_pattern_subset(65, 1, &pattern), bad, "period 65");
    expect(ard_pattern_subset(4, 0, &pattern), bad, "keeps no residue");
    expect(ard_pattern_subset(4, 0x11, &pattern), bad, "residues 0x11 lie outside 0..3");
    expect(ard_pattern_subset(4, 1, NULL), ARD_STATUS_INVALID_ARGUMENT, "pattern is NULL");
    const uint32_t indices[] = {0, 3, 3, 2, UINT32_MAX};
    expect(ard_pattern_index(indices, 0, &pattern), bad, "keeps no unit");
    expect(ard_pattern_index(indices, 3, &pattern), bad, "index 3 follows index 3");
    expect(ard_pattern_index(indices + 2, 2, &pattern), bad, "index 2 follows index 3");
    expect(ard_pattern_index(NULL, 2, &pattern), ARD_STATUS_INVALID_ARGUMENT, "NULL");
    expect(ard_pattern_index(indices, 2, NULL), ARD_STATUS_INVALID_ARGUMENT, "NULL");
    assert_int_equal(pattern.period, 7);
    assert_true(pattern.residues == 5);
}

static void test_use_errors(void **state)
{
    (void)state;
    const ard_status bad = ARD_STATUS_INVALID_PATTERN;
    const ard_pattern half = {.period = 2, .residues = 1};
    const ard_pattern empty = {.period = 2, .residues = 0};
    uint32_t indices[2] = {CANARY, CANARY};
    size_t count = 99;
    expect(ard_pattern_check(&half, 1), bad, "period 2 is larger than the width 1");
    expect(ard_pattern_check(&half, 0), bad, "period 2 is larger than the width 0");
    expect(ard_pattern_check(&empty, 4), bad, "keeps no residue");
    expect(ard_pattern_check(&(ard_pattern){0}, 4), bad, "period 0");
    expect(ard_pattern_check(NULL, 4), ARD_STATUS_INVALID_ARGUMENT, "pattern is NULL");
    const uint32_t listed[] = {1, 5, 4};
    const ard_pattern ordered = {.indices = listed, .count = 2};
    expect(ard_pattern_check(&ordered, 5), bad, "index 5 is outside the width 5");
    expect(ard_pattern_check(&ordered, 0), bad, "index 5 is outside the width 0");
    expect(ard_pattern_check(&(ard_pattern){.indices = listed, .count = 3}, 9), bad,
           "index 4 follows index 5");
    expect(ard_pattern_check(&(ard_pattern){.indices = listed}, 9), bad, "keeps no unit");
    expect(ard_pattern_check(&(ard_pattern){.period = 2, .indices = listed, .count = 2}, 9), bad,
           "an index pattern with period 2");
    expect(ard_pattern_check(&(ard_pattern){.residues = 2, .indices = listed, .count = 2}, 9), bad,
           "residues 0x2");
    expect(ard_pattern_check(&(ard_pattern){.period = 2, .residues = 1, .count = 2}, 9), bad,
           "2 indices that are NULL");
    expect(ard_pattern_kept_indices(&ordered, 9, indices, 1, &count), ARD_STATUS_INVALID_ARGUMENT,
           "capacity 1 is too small for 2");
    expect(ard_pattern_kept_count(&half, 1, &count), bad, "larger than the width");
    expect(ard_pattern_kept_count(&half, 4, NULL), ARD_STATUS_INVALID_ARGUMENT, "count is NULL");
    expect(ard_pattern_kept_indices(&empty, 4, indices, 2, &count), bad, "keeps no residue");
    expect(ard_pattern_kept_indices(&half, 5, indices, 2, &count), ARD_STATUS_INVALID_ARGUMENT,
           "capacity 2 is too small for 3");
    expect(ard_pattern_kept_indices(&half, 4, NULL, 2, &count), ARD_STATUS_INVALID_ARGUMENT,
           "indices is NULL");
    expect(ard_pattern_kept_indices(&half, 4, indices, 2, NULL), ARD_STATUS_INVALID_ARGUMENT,
           "count is NULL");
    expect(ard_pattern_kept_indices(NULL, 4, indices, 2, &count), ARD_STATUS_INVALID_ARGUMENT,
           "pattern is NULL");
    assert_int_equal(count, 99);
    assert_int_equal(indices[0], CANARY);
    assert_int_equal(indices[1], CANARY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_against_counting),
        cmocka_unit_test(test_subsets_against_counting),
        cmocka_unit_test(test_indices_against_counting),
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_large_widths),
        cmocka_unit_test(test_constructor_errors),
        cmocka_unit_test(test_use_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
