/* SPDX-License-Identifier: Apache-2.0 */
/* Which token a draw picks. */
#include <math.h>

#include "support/unit.h"
#include "train/lstm/lstm_sample.h"

static const uint32_t NONE = VOCABULARY_NONE;

/* Where the picks change is where the probabilities add up to. */
static void test_probabilities(void **state)
{
    (void)state;
    const float logits[] = {logf(0.2f), logf(0.5f), logf(0.3f)};
    static const double BOUNDS[] = {0.2, 0.7};
    for (int i = 0; i < 1000; ++i) {
        const double draw = (i + 0.5) / 1000;
        const uint32_t expected = draw < BOUNDS[0] ? 0 : draw < BOUNDS[1] ? 1 : 2;
        assert_int_equal(lstm_sample_pick(logits, 3, 1.0, NONE, draw), expected);
    }
}

static void test_temperature(void **state)
{
    (void)state;
    const float logits[] = {0.0f, 2.0f, 2.0f, -1.0f};
    assert_int_equal(lstm_sample_pick(logits, 4, 0.0, NONE, 0.99), 1);
    /* At half the temperature squares of the odds, at a very low one only the largest two. */
    const double first = 1.0 / (1.0 + 2.0 * exp(4.0) + exp(-2.0));
    assert_int_equal(lstm_sample_pick(logits, 4, 0.5, NONE, first - 1e-9), 0);
    assert_int_equal(lstm_sample_pick(logits, 4, 0.5, NONE, first + 1e-9), 1);
    assert_int_equal(lstm_sample_pick(logits, 4, 1e-300, NONE, 0.499), 1);
    assert_int_equal(lstm_sample_pick(logits, 4, 1e-300, NONE, 0.501), 2);
    assert_int_equal(lstm_sample_pick(logits, 4, 1e300, NONE, 0.74), 2);
}

static void test_without(void **state)
{
    (void)state;
    const float logits[] = {3.0f, 1.0f, 1.0f};
    assert_int_equal(lstm_sample_pick(logits, 3, 0.0, 0, 0.0), 1);
    assert_int_equal(lstm_sample_pick(logits, 3, 1.0, 0, 0.0), 1);
    assert_int_equal(lstm_sample_pick(logits, 3, 1.0, 0, 0.49), 1);
    assert_int_equal(lstm_sample_pick(logits, 3, 1.0, 0, 0.51), 2);
    assert_int_equal(lstm_sample_pick(logits, 3, 1.0, 2, 0.9999), 1);
    assert_int_equal(lstm_sample_pick(logits, 1, 1.0, 0, 0.5), 0);
}

static void test_extremes(void **state)
{
    (void)state;
    const float logits[] = {-1e38f, 1e38f, 1e38f};
    assert_int_equal(lstm_sample_pick(logits, 3, 1.0, NONE, 0.0), 1);
    assert_int_equal(lstm_sample_pick(logits, 3, 1.0, NONE, 0.5 - 0x1p-53), 1);
    assert_int_equal(lstm_sample_pick(logits, 3, 1.0, NONE, 0.5), 2);
    assert_in_range(lstm_sample_pick(logits, 3, 1.0, NONE, 1.0 - 0x1p-53), 1, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_probabilities),
        cmocka_unit_test(test_temperature),
        cmocka_unit_test(test_without),
        cmocka_unit_test(test_extremes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
