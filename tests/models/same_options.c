/* SPDX-License-Identifier: Apache-2.0 */
#include "models/same_options.h"

#include "support/unit.h"

static void assert_same_distribution(const ard_distribution *actual,
                                     const ard_distribution *expected)
{
    assert_int_equal(actual->max_period, expected->max_period);
    assert_memory_equal(actual->cumulative, expected->cumulative, sizeof actual->cumulative);
    assert_memory_equal(actual->probabilities, expected->probabilities,
                        sizeof actual->probabilities);
}

void assert_same_dropout(const ard_dropout *actual, const ard_dropout *expected)
{
    assert_int_equal(actual->kind, expected->kind);
    assert_int_equal(actual->scale, expected->scale);
    assert_true(actual->rate == expected->rate);
    assert_same_distribution(&actual->distribution, &expected->distribution);
    assert_int_equal(actual->subset.period, expected->subset.period);
    assert_int_equal(actual->subset.low, expected->subset.low);
    assert_int_equal(actual->tile_edge, expected->tile_edge);
    assert_int_equal(actual->tile_numbering, expected->tile_numbering);
}

void assert_same_sgd(const ard_sgd_options *actual, const ard_sgd_options *expected)
{
    assert_int_equal(actual->schedule.kind, expected->schedule.kind);
    assert_true(actual->schedule.rate == expected->schedule.rate);
    assert_true(actual->schedule.factor == expected->schedule.factor);
    assert_true(actual->schedule.final_rate == expected->schedule.final_rate);
    assert_true(actual->schedule.every == expected->schedule.every);
    assert_true(actual->schedule.warmup == expected->schedule.warmup);
    assert_true(actual->momentum == expected->momentum);
    assert_true(actual->weight_decay == expected->weight_decay);
}
