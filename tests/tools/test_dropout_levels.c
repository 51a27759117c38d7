/* SPDX-License-Identifier: Apache-2.0 */
/* The rates of a run whose rate grows, and what is drawn at each of them. */
#include "train/dropout_levels.h"

#include <math.h>

#include "support/unit.h"

enum { STEPS_AN_EPOCH = 79, EPOCHS = 4, STEPS = STEPS_AN_EPOCH * EPOCHS, LEVELS = 32 };

static const size_t WIDTHS[] = {784, 60, 50, 40, 10};

static train_options make_options(int dropout, uint32_t max_period)
{
    train_options options = options_defaults();
    options.dropout = dropout;
    options.hidden = (cli_size_list){3, {60, 50, 40}};
    options.rate = (cli_double_list){3, {0.5, 0.0, 0.3}};
    options.max_period = max_period;
    options.rate_schedule = RATE_EXPONENTIAL;
    options.rate_epochs = EPOCHS;
    return options;
}

/* Near the curve, never down, from nothing to the whole rate. */
static void test_curve(void **state)
{
    (void)state;
    static const double RATE = 0.7;
    double before = 0.0;
    size_t changes = 0;
    for (uint64_t step = 0; step <= 2 * STEPS; ++step) {
        const double rate = dropout_rate_at(RATE, step, STEPS);
        const double curve = RATE * (1.0 - exp(-10.0 * (double)step / STEPS));
        assert_true(fabs(rate - curve) <= RATE / (2 * LEVELS) + 1e-12);
        assert_true(rate >= before);
        changes += rate > before;
        before = rate;
    }
    assert_true(dropout_rate_at(RATE, 0, STEPS) == 0.0);
    assert_true(dropout_rate_at(RATE, STEPS, STEPS) == RATE);
    assert_true(dropout_rate_at(RATE, STEPS * 43 / 100, STEPS) == RATE);
    assert_true(dropout_rate_at(RATE, STEPS * 40 / 100, STEPS) < RATE);
    assert_in_range(changes, LEVELS / 2, LEVELS);
    assert_true(dropout_rate_at(RATE, UINT64_MAX, 1) == RATE);
}

/* One rate for each layer, the same periods at all of them. */
static void check_levels(int dropout, uint32_t max_period, int search)
{
    train_options options = make_options(dropout, max_period);
    options.search = search;
    dropout_levels levels = {.layers = 0};
    assert_int_equal(dropout_levels_make(&options, WIDTHS, STEPS_AN_EPOCH, &levels), CLI_SUCCESS);
    assert_int_equal(levels.count, LEVELS + 1);
    assert_int_equal(levels.layers, 3);
    const ard_dropout *last = dropout_levels_get(&levels, LEVELS);
    for (uint64_t step = 0; step <= STEPS; ++step) {
        const ard_dropout *now = dropout_levels_at(&levels, step);
        for (size_t l = 0; l < 3; ++l) {
            const double rate = dropout_rate_at(options.rate.values[l], step, STEPS);
            assert_int_equal(now[l].kind, dropout);
            assert_true(now[l].rate == rate);
            assert_int_equal(now[l].subset.period, last[l].subset.period);
            assert_int_equal(now[l].distribution.max_period, last[l].distribution.max_period);
            if (options_searches(dropout)) {
                assert_true(fabs(now[l].distribution.achieved_rate - rate) <=
                            (search == SEARCH_EXACT ? 1e-12 : 0.01));
            }
        }
    }
    assert_ptr_equal(dropout_levels_at(&levels, STEPS), last);
    dropout_levels_destroy(&levels);
    assert_null(levels.dropouts);
    dropout_levels_destroy(&levels);
}

static void test_levels(void **state)
{
    (void)state;
    check_levels(ARD_DROPOUT_BERNOULLI, 0, SEARCH_EXACT);
    check_levels(ARD_DROPOUT_DROPCONNECT, 0, SEARCH_EXACT);
    check_levels(ARD_DROPOUT_SUBSET, 0, SEARCH_EXACT);
    check_levels(ARD_DROPOUT_SUBSET, 12, SEARCH_EXACT);
    check_levels(ARD_DROPOUT_TILE, 0, SEARCH_EXACT);
    check_levels(ARD_DROPOUT_ROW, 2, SEARCH_EXACT); /* at 1/2 it draws only one of them */
    check_levels(ARD_DROPOUT_ROW, 9, SEARCH_EXACT);
    check_levels(ARD_DROPOUT_ROW, 4, SEARCH_SGD);
}

/* A constant rate has one level, whatever the step. */
static void test_constant(void **state)
{
    (void)state;
    train_options options = make_options(ARD_DROPOUT_ROW, 0);
    dropout_levels levels = {.layers = 0};
    options.rate_schedule = RATE_CONSTANT;
    assert_int_equal(dropout_levels_make(&options, WIDTHS, STEPS_AN_EPOCH, &levels), CLI_SUCCESS);
    assert_int_equal(levels.count, 1);
    assert_ptr_equal(dropout_levels_at(&levels, 0), dropout_levels_at(&levels, STEPS));
    assert_true(dropout_levels_at(&levels, 0)[0].rate == 0.5);
    dropout_levels_destroy(&levels);
}

static void test_mistakes(void **state)
{
    (void)state;
    train_options options = make_options(ARD_DROPOUT_ROW, 2);
    dropout_levels levels = {.layers = 0};
    options.rate.values[2] = 0.6;
    assert_int_equal(dropout_levels_make(&options, WIDTHS, STEPS_AN_EPOCH, &levels), CLI_MISTAKE);
    assert_null(levels.dropouts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_curve),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_constant),
        cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
