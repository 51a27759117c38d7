/* SPDX-License-Identifier: Apache-2.0 */
/* Options that a language model refuses; what its calls refuse is in test_lstm_errors.c. */
#include <ard/lstm.h>

#include <math.h>

#include "models/lstm_toy.h"
#include "support/device.h"
#include "support/unit.h"

enum { LAYERS = 2, WORDS = 9, HIDDEN = 13, BATCH = 3, STEPS = 4 };

static void assert_refused(ard_context *context, const ard_lstm_options *options,
                           ard_status expected)
{
    ard_lstm *lstm = (ard_lstm *)&options;
    assert_fails(ard_lstm_create(context, options, &lstm), expected);
    assert_null(lstm);
}

static void assert_accepted(ard_context *context, const ard_lstm_options *options)
{
    ard_lstm *lstm = lstm_toy_model(context, options);
    ard_lstm_destroy(lstm);
}

static ard_lstm_options good_options(void)
{
    return lstm_toy_options(LAYERS, WORDS, HIDDEN, BATCH, STEPS);
}

static void test_sizes(void **state)
{
    static const size_t offsets[] = {
        offsetof(ard_lstm_options, layers),    offsetof(ard_lstm_options, vocabulary),
        offsetof(ard_lstm_options, embedding), offsetof(ard_lstm_options, hidden),
        offsetof(ard_lstm_options, batch),     offsetof(ard_lstm_options, steps)};
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; ++i) {
        ard_lstm_options options = good_options();
        size_t *size = (size_t *)((char *)&options + offsets[i]);
        *size = 0;
        assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
        *size = SIZE_MAX;
        assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
        *size = SIZE_MAX / 4 + 2;
        assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    }
    ard_lstm_options options = good_options();
    options.layers = ARD_LSTM_MAX_LAYERS + 1;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    options.layers = ARD_LSTM_MAX_LAYERS;
    assert_accepted(*state, &options);
    assert_refused(*state, NULL, ARD_STATUS_INVALID_ARGUMENT);
    ard_lstm *lstm = (ard_lstm *)&options;
    assert_invalid(ard_lstm_create(NULL, &options, &lstm));
    assert_null(lstm);
    assert_invalid(ard_lstm_create(*state, &options, NULL));
    ard_lstm_destroy(NULL);
}

static void test_too_large(void **state)
{
    ard_lstm_options options = good_options();
    options.hidden = 300000;
    options.embedding = 300000;
    assert_refused(*state, &options, ARD_STATUS_DEVICE_OUT_OF_MEMORY);
}

static void test_numbers(void **state)
{
    static const double bad_ranges[] = {0.0, -0.1, 1e-39, 1e39, NAN, INFINITY};
    static const double bad_clips[] = {-1.0, 1e-39, NAN, INFINITY};
    static const double bad_biases[] = {1e39, -1e39, NAN, INFINITY, -INFINITY};
    ard_lstm_options options = good_options();
    for (size_t i = 0; i < sizeof bad_ranges / sizeof bad_ranges[0]; ++i) {
        options.range = bad_ranges[i];
        assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    }
    options = good_options();
    for (size_t i = 0; i < sizeof bad_clips / sizeof bad_clips[0]; ++i) {
        options.clip = bad_clips[i];
        assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    }
    options = good_options();
    for (size_t i = 0; i < sizeof bad_biases / sizeof bad_biases[0]; ++i) {
        options.forget_bias = bad_biases[i];
        assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    }
    options = good_options();
    options.sgd.schedule.rate = 0.0;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    options = good_options();
    options.sgd.momentum = 1.0;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    options = good_options();
    options.sgd.weight_decay = NAN;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
}

/* What no dropout may be, wherever it is. */
static void check_dropout(ard_context *context, ard_lstm_options *options, ard_dropout *dropout)
{
    static const double rates[] = {-0.1, 1.0, NAN, INFINITY};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; ++i) {
        *dropout = lstm_toy_dropout(ARD_DROPOUT_BERNOULLI, ARD_SCALE_RATE);
        dropout->rate = rates[i];
        assert_refused(context, options, ARD_STATUS_INVALID_RATE);
    }
    *dropout = (ard_dropout){.kind = (ard_dropout_kind)7};
    assert_refused(context, options, ARD_STATUS_INVALID_ARGUMENT);
    *dropout = (ard_dropout){.scale = (ard_scale_kind)2};
    assert_refused(context, options, ARD_STATUS_INVALID_ARGUMENT);
    *dropout = (ard_dropout){.kind = ARD_DROPOUT_SUBSET, .rate = 0.5};
    assert_refused(context, options, ARD_STATUS_INVALID_ARGUMENT);
    *dropout = lstm_toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE);
    dropout->distribution.cumulative[0] = UINT64_MAX;
    assert_refused(context, options, ARD_STATUS_INVALID_ARGUMENT);
    *dropout = lstm_toy_dropout(ARD_DROPOUT_INDEX, ARD_SCALE_RATE);
    dropout->rate = 0.99; /* less than one unit */
    assert_refused(context, options, ARD_STATUS_INVALID_RATE);
    assert_success(ard_dropout_init(ARD_DROPOUT_ROW, 0.5, HIDDEN + 1, ARD_SCALE_RATE, dropout));
    assert_refused(context, options, ARD_STATUS_INVALID_PATTERN);
    assert_success(ard_dropout_init(ARD_DROPOUT_SUBSET, 0.5, HIDDEN + 1, ARD_SCALE_RATE, dropout));
    assert_refused(context, options, ARD_STATUS_INVALID_PATTERN);
    *dropout = lstm_toy_dropout(ARD_DROPOUT_TILE, ARD_SCALE_RATE);
    dropout->tile_edge = 0;
    assert_refused(context, options, ARD_STATUS_INVALID_ARGUMENT);
    dropout->tile_edge = 64; /* one tile */
    assert_refused(context, options, ARD_STATUS_INVALID_PATTERN);
    dropout->tile_edge = 3;
    dropout->tile_numbering = (ard_tile_numbering)2;
    assert_refused(context, options, ARD_STATUS_INVALID_ARGUMENT);
}

static void test_dropout(void **state)
{
    ard_lstm_options options = good_options();
    check_dropout(*state, &options, &options.between);
    options = good_options();
    check_dropout(*state, &options, &options.recurrent);
    options = good_options();
    assert_success(
        ard_dropout_init(ARD_DROPOUT_ROW, 0.5, HIDDEN, ARD_SCALE_RATE, &options.between));
    assert_accepted(*state, &options);
    options.embedding = HIDDEN - 1; /* the first input has fewer units than periods */
    assert_refused(*state, &options, ARD_STATUS_INVALID_PATTERN);
}

static void test_tied(void **state)
{
    ard_lstm_options options = good_options();
    options.tied = true;
    options.embedding = HIDDEN + 1;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    options.embedding = HIDDEN;
    options.between = lstm_toy_dropout(ARD_DROPOUT_TILE, ARD_SCALE_RATE);
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    options.between = lstm_toy_dropout(ARD_DROPOUT_DROPCONNECT, ARD_SCALE_RATE);
    options.recurrent = lstm_toy_dropout(ARD_DROPOUT_TILE, ARD_SCALE_RATE);
    assert_accepted(*state, &options);
}

static void test_fresh(void **state)
{
    ard_lstm_options options = good_options();
    options.fresh = true;
    options.recurrent = lstm_toy_dropout(ARD_DROPOUT_TILE, ARD_SCALE_RATE);
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    options.recurrent = lstm_toy_dropout(ARD_DROPOUT_DROPCONNECT, ARD_SCALE_RATE);
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    options.recurrent = lstm_toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE);
    options.steps = ARD_LSTM_MAX_FRESH_STEPS + 1;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    options.steps = ARD_LSTM_MAX_FRESH_STEPS;
    assert_accepted(*state, &options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),   cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_dropout),
        cmocka_unit_test(test_tied),    cmocka_unit_test(test_fresh),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
