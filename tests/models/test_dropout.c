/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include <ard/mlp.h>

#include "support/unit.h"

static void test_none_and_bernoulli(void **state)
{
    (void)state;
    ard_dropout dropout;
    assert_success(ard_dropout_init(ARD_DROPOUT_NONE, 0.5, 0, ARD_SCALE_RATE, &dropout));
    assert_int_equal(dropout.kind, ARD_DROPOUT_NONE);
    assert_success(ard_dropout_init(ARD_DROPOUT_BERNOULLI, 0.3, 0, ARD_SCALE_RATE, &dropout));
    assert_int_equal(dropout.kind, ARD_DROPOUT_BERNOULLI);
    assert_true(dropout.rate == 0.3);
}

static void test_row(void **state)
{
    (void)state;
    ard_dropout dropout;
    assert_success(ard_dropout_init(ARD_DROPOUT_ROW, 0.5, 0, ARD_SCALE_PERIOD, &dropout));
    assert_int_equal(dropout.kind, ARD_DROPOUT_ROW);
    assert_int_equal(dropout.scale, ARD_SCALE_PERIOD);
    assert_int_equal(dropout.distribution.max_period, 3);
    assert_true(fabs(dropout.distribution.achieved_rate - 0.5) <= 1e-12);
    assert_success(ard_dropout_init(ARD_DROPOUT_ROW, 0.5, 8, ARD_SCALE_RATE, &dropout));
    assert_int_equal(dropout.distribution.max_period, 8);
    assert_success(ard_dropout_init(ARD_DROPOUT_ROW, 0.0, 0, ARD_SCALE_RATE, &dropout));
    assert_true(dropout.distribution.achieved_rate == 0.0);
}

static void test_subset(void **state)
{
    (void)state;
    ard_dropout dropout;
    assert_success(ard_dropout_init(ARD_DROPOUT_SUBSET, 0.5, 0, ARD_SCALE_RATE, &dropout));
    assert_int_equal(dropout.kind, ARD_DROPOUT_SUBSET);
    assert_int_equal(dropout.subset.period, 8);
    assert_int_equal(dropout.subset.low, 4);
    assert_success(ard_dropout_init(ARD_DROPOUT_SUBSET, 0.5, 12, ARD_SCALE_RATE, &dropout));
    assert_int_equal(dropout.subset.period, 12);
    assert_int_equal(dropout.subset.low, 6);
}

static void test_tile(void **state)
{
    (void)state;
    ard_dropout dropout;
    assert_success(ard_dropout_init(ARD_DROPOUT_TILE, 0.5, 0, ARD_SCALE_PERIOD, &dropout));
    assert_int_equal(dropout.kind, ARD_DROPOUT_TILE);
    assert_int_equal(dropout.scale, ARD_SCALE_PERIOD);
    assert_int_equal(dropout.tile_edge, ARD_TILE_DEFAULT_EDGE);
    assert_int_equal(dropout.tile_numbering, ARD_TILE_DIAGONAL);
    assert_int_equal(dropout.distribution.max_period, 3);
    assert_true(fabs(dropout.distribution.achieved_rate - 0.5) <= 1e-12);
    assert_success(ard_dropout_init(ARD_DROPOUT_TILE, 0.7, 9, ARD_SCALE_RATE, &dropout));
    assert_int_equal(dropout.distribution.max_period, 9);
    assert_true(fabs(dropout.distribution.achieved_rate - 0.7) <= 1e-12);
}

static void test_drop_connect(void **state)
{
    (void)state;
    ard_dropout dropout;
    assert_success(ard_dropout_init(ARD_DROPOUT_DROPCONNECT, 0.3, 0, ARD_SCALE_RATE, &dropout));
    assert_int_equal(dropout.kind, ARD_DROPOUT_DROPCONNECT);
    assert_true(dropout.rate == 0.3);
    assert_int_equal(dropout.tile_edge, 0);
}

/* Its distribution is found where the width is known. */
static void test_index(void **state)
{
    (void)state;
    ard_dropout dropout;
    assert_success(ard_dropout_init(ARD_DROPOUT_INDEX, 0.3, 0, ARD_SCALE_PERIOD, &dropout));
    assert_int_equal(dropout.kind, ARD_DROPOUT_INDEX);
    assert_int_equal(dropout.scale, ARD_SCALE_PERIOD);
    assert_true(dropout.rate == 0.3);
    assert_int_equal(dropout.index.width, 0);
}

/* A refused call leaves the caller's struct as it was. */
static void test_errors(void **state)
{
    (void)state;
    static const double rates[] = {-0.1, 1.0, 1.5, NAN, INFINITY};
    static const ard_dropout_kind kinds[] = {ARD_DROPOUT_BERNOULLI,   ARD_DROPOUT_ROW,
                                             ARD_DROPOUT_SUBSET,      ARD_DROPOUT_TILE,
                                             ARD_DROPOUT_DROPCONNECT, ARD_DROPOUT_INDEX};
    ard_dropout dropout = {.rate = 0.25};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; ++k) {
        for (size_t i = 0; i < sizeof rates / sizeof rates[0]; ++i) {
            assert_fails(ard_dropout_init(kinds[k], rates[i], 0, ARD_SCALE_RATE, &dropout),
                         ARD_STATUS_INVALID_RATE);
        }
    }
    assert_fails(ard_dropout_init(ARD_DROPOUT_ROW, 0.8, 4, ARD_SCALE_RATE, &dropout),
                 ARD_STATUS_INVALID_RATE);
    assert_invalid(ard_dropout_init(ARD_DROPOUT_ROW, 0.5, 65, ARD_SCALE_RATE, &dropout));
    assert_fails(ard_dropout_init(ARD_DROPOUT_TILE, 0.8, 4, ARD_SCALE_RATE, &dropout),
                 ARD_STATUS_INVALID_RATE);
    assert_invalid(ard_dropout_init(ARD_DROPOUT_TILE, 0.5, 65, ARD_SCALE_RATE, &dropout));
    assert_invalid(ard_dropout_init(ARD_DROPOUT_SUBSET, 0.5, 65, ARD_SCALE_RATE, &dropout));
    assert_invalid(ard_dropout_init((ard_dropout_kind)7, 0.5, 0, ARD_SCALE_RATE, &dropout));
    assert_invalid(ard_dropout_init(ARD_DROPOUT_ROW, 0.5, 0, (ard_scale_kind)2, &dropout));
    assert_invalid(ard_dropout_init(ARD_DROPOUT_ROW, 0.5, 0, ARD_SCALE_RATE, NULL));
    assert_true(dropout.rate == 0.25);
    assert_int_equal(dropout.kind, ARD_DROPOUT_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none_and_bernoulli),
        cmocka_unit_test(test_row),
        cmocka_unit_test(test_subset),
        cmocka_unit_test(test_tile),
        cmocka_unit_test(test_drop_connect),
        cmocka_unit_test(test_index),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
