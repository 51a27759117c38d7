/* SPDX-License-Identifier: Apache-2.0 */
/* Known answers of Philox 4x32-10 from the Random123 distribution, the layout of a draw, bounded
 * draws. */
#include <ard/sampler.h>

#include "support/statistics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const uint64_t SEED = 20240002;
static const double SIGNIFICANCE = 1e-4;
enum { DRAWS = 100000 };

typedef struct known_answer {
    uint32_t counter[4];
    uint32_t key[2];
    uint32_t words[4];
} known_answer;

/* The first three are published (kat_vectors of Random123 1.14); the others were computed with its
 * philox.h. */
static const known_answer KNOWN[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    {{0x1, 0x0, 0x0, 0x0}, {0x0, 0x0}, {0xf8e4cca4, 0x5cb200db, 0xb1a574eb, 0x097eff67}},
    {{0x0, 0x1, 0x0, 0x0}, {0x0, 0x1}, {0x532f1322, 0x36c890fb, 0x6504b937, 0x07bbfef7}},
    {{0x0, 0x0, 0x80000000, 0x1},
     {0x3039, 0x10932},
     {0x3166ff41, 0xfcf4580f, 0x793d0281, 0x1d7910e9}},
};

static void test_known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++) {
        uint32_t words[4] = {0};
        ard_philox4x32(KNOWN[i].counter, KNOWN[i].key, words);
        assert_memory_equal(words, KNOWN[i].words, sizeof words);
    }
}

/* The words may overwrite the counter. */
static void test_in_place(void **state)
{
    (void)state;
    uint32_t words[4] = {0, 0, 0, 0};
    ard_philox4x32(words, KNOWN[0].key, words);
    assert_memory_equal(words, KNOWN[0].words, sizeof words);
}

static void test_draw_layout(void **state)
{
    (void)state;
    const ard_draw draw = {.seed = UINT64_C(0x0123456789ABCDEF),
                           .step = UINT64_C(0xFEDCBA9876543210),
                           .layer = 0xABCDEF,
                           .purpose = ARD_PURPOSE_DATA_ORDER,
                           .index = 0x13579BDF};
    const uint32_t counter[4] = {0x13579BDF, 0x05ABCDEF, 0x76543210, 0xFEDCBA98};
    const uint32_t key[2] = {0x89ABCDEF, 0x01234567};
    uint32_t expected[4] = {0};
    uint32_t words[4] = {0};
    ard_philox4x32(counter, key, expected);
    ard_draw_words(&draw, words);
    assert_memory_equal(words, expected, sizeof words);
}

/* Values modulo `cells`, which must divide the bound. */
static void check_below(uint32_t bound, uint32_t cells)
{
    uint64_t observed[64] = {0};
    double expected[64];
    for (uint32_t i = 0; i < cells; i++) {
        expected[i] = (double)DRAWS / cells;
    }
    for (uint32_t step = 0; step < DRAWS; step++) {
        const uint32_t value = ard_draw_below(&(ard_draw){.seed = SEED, .step = step}, bound);
        assert_true(value < bound);
        observed[value % cells]++;
    }
    size_t freedom = 0;
    const double statistic = statistics_chi_square(observed, expected, cells, &freedom);
    const double critical = statistics_chi_square_critical(freedom, SIGNIFICANCE);
    if (statistic > critical) {
        fail_msg("bound %u: chi-square %g > %g, %zu degrees", bound, statistic, critical, freedom);
    }
}

static void test_below_is_uniform(void **state)
{
    (void)state;
    check_below(2, 2);
    check_below(3, 3);
    check_below(7, 7);
    check_below(60, 60);
    check_below(64, 64);
    /* A quarter of the words must be refused here; without that a half of the values would be 0
     * modulo 3. */
    check_below(UINT32_C(3) << 30, 3);
    /* Nearly every second word is refused here. */
    check_below((UINT32_C(1) << 31) + 2, 2);
}

static void test_below_edges(void **state)
{
    (void)state;
    assert_int_equal(ard_draw_below(&(ard_draw){.seed = SEED}, 1), 0);
    /* A rejection that runs through several blocks still ends, and the last index wraps. */
    for (uint32_t step = 0; step < 1000; step++) {
        const ard_draw draw = {.seed = SEED, .step = step, .index = UINT32_MAX};
        assert_true(ard_draw_below(&draw, (UINT32_C(1) << 31) + 1) <= UINT32_C(1) << 31);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers), cmocka_unit_test(test_in_place),
        cmocka_unit_test(test_draw_layout),   cmocka_unit_test(test_below_is_uniform),
        cmocka_unit_test(test_below_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
