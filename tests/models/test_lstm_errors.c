/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments that a language model refuses; options are in test_lstm_option_errors.c. */
#include <ard/lstm.h>

#include <math.h>
#include <stdlib.h>

#include "models/lstm_internal.h"
#include "models/lstm_toy.h"
#include "models/toy.h"
#include "support/device.h"
#include "support/unit.h"

enum { LAYERS = 2, WORDS = 9, HIDDEN = 13, BATCH = 3, STEPS = 4, ROWS = BATCH * STEPS };

static ard_lstm_options good_options(void)
{
    return lstm_toy_options(LAYERS, WORDS, HIDDEN, BATCH, STEPS);
}

/* A model for calls that are refused, and a window for it. */
typedef struct fixture {
    ard_lstm *lstm;
    uint32_t *tokens;
} fixture;

static fixture make_fixture(ard_context *context)
{
    ard_lstm_options options = good_options();
    options.between = lstm_toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE);
    options.recurrent = lstm_toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE);
    return (fixture){.lstm = lstm_toy_model(context, &options),
                     .tokens = lstm_toy_text(ROWS, WORDS, 1)};
}

static void drop_fixture(fixture *f)
{
    ard_lstm_destroy(f->lstm);
    free(f->tokens);
}

static void test_step_arguments(void **state)
{
    fixture f = make_fixture(*state);
    uint32_t *tokens = f.tokens;
    assert_invalid(ard_lstm_step(NULL, BATCH, STEPS, tokens, tokens, NULL));
    assert_invalid(ard_lstm_step(f.lstm, 0, STEPS, tokens, tokens, NULL));
    assert_invalid(ard_lstm_step(f.lstm, BATCH + 1, STEPS, tokens, tokens, NULL));
    assert_invalid(ard_lstm_step(f.lstm, SIZE_MAX, STEPS, tokens, tokens, NULL));
    assert_invalid(ard_lstm_step(f.lstm, BATCH, 0, tokens, tokens, NULL));
    assert_invalid(ard_lstm_step(f.lstm, BATCH, STEPS + 1, tokens, tokens, NULL));
    assert_invalid(ard_lstm_step(f.lstm, BATCH, SIZE_MAX, tokens, tokens, NULL));
    assert_invalid(ard_lstm_step(f.lstm, BATCH, STEPS, NULL, tokens, NULL));
    assert_invalid(ard_lstm_step(f.lstm, BATCH, STEPS, tokens, NULL, NULL));
    uint32_t *spoiled = lstm_toy_text(ROWS, WORDS, 1);
    static const uint32_t bad[] = {WORDS, UINT32_MAX};
    for (size_t i = 0; i < 2; ++i) {
        spoiled[ROWS - 1] = bad[i];
        assert_invalid(ard_lstm_step(f.lstm, BATCH, STEPS, spoiled, tokens, NULL));
        assert_invalid(ard_lstm_step(f.lstm, BATCH, STEPS, tokens, spoiled, NULL));
    }
    free(spoiled);
    assert_int_equal(ard_lstm_steps_done(f.lstm), 0);
    assert_int_equal(ard_lstm_steps_done(NULL), 0);
    ard_lstm_result result;
    assert_success(ard_lstm_take_training_result(f.lstm, &result));
    assert_int_equal(result.tokens, 0);
    drop_fixture(&f);
}

static void test_given_patterns(void **state)
{
    fixture f = make_fixture(*state);
    const uint32_t *tokens = f.tokens;
    enum { COUNT = 2 * LAYERS + 1 };
    assert_int_equal(ard_lstm_pattern_count(f.lstm), COUNT);
    /* Periods up to 3 are what rate 0.5 has; subsets are of 4. */
    const ard_layer_pattern good[COUNT] = {toy_units(3, 4), toy_units(2, 1), toy_units(1, 1),
                                           toy_units(4, 5), toy_units(4, 10)};
    static const ard_pattern bad_rows[] = {{.period = 4, .residues = 1},
                                           {.period = 3, .residues = 3},
                                           {.period = 0, .residues = 1},
                                           {.period = 3, .residues = 8}};
    static const ard_pattern bad_subsets[] = {{.period = 4, .residues = 0},
                                              {.period = 8, .residues = 0x55},
                                              {.period = 2, .residues = 1}};
    ard_layer_pattern patterns[COUNT];
    for (size_t at = 0; at < COUNT; ++at) {
        const bool recurrent = at > LAYERS;
        const size_t count = recurrent ? sizeof bad_subsets / sizeof bad_subsets[0]
                                       : sizeof bad_rows / sizeof bad_rows[0];
        for (size_t i = 0; i < count; ++i) {
            for (size_t j = 0; j < COUNT; ++j) {
                patterns[j] = good[j];
            }
            patterns[at].units = recurrent ? bad_subsets[i] : bad_rows[i];
            assert_fails(
                ard_lstm_step_with_patterns(f.lstm, patterns, BATCH, STEPS, tokens, tokens, NULL),
                ARD_STATUS_INVALID_PATTERN);
        }
        patterns[at] = good[at];
        patterns[at].tiles = (ard_tile_pattern){1, 2, 0, ARD_TILE_DIAGONAL};
        assert_fails(
            ard_lstm_step_with_patterns(f.lstm, patterns, BATCH, STEPS, tokens, tokens, NULL),
            ARD_STATUS_INVALID_PATTERN);
    }
    assert_invalid(ard_lstm_step_with_patterns(f.lstm, NULL, BATCH, STEPS, tokens, tokens, NULL));
    assert_invalid(ard_lstm_step_with_patterns(NULL, good, BATCH, STEPS, tokens, tokens, NULL));
    assert_invalid(
        ard_lstm_step_with_patterns(f.lstm, good, BATCH + 1, STEPS, tokens, tokens, NULL));
    assert_int_equal(ard_lstm_steps_done(f.lstm), 0);
    assert_success(ard_lstm_step_with_patterns(f.lstm, good, BATCH, STEPS, tokens, tokens, NULL));
    assert_int_equal(ard_lstm_steps_done(f.lstm), 1);
    drop_fixture(&f);
}

/* A tied model's softmax has the embedding's pattern. */
static void test_given_tied_patterns(void **state)
{
    ard_lstm_options options = lstm_toy_options(1, WORDS, HIDDEN, BATCH, STEPS);
    options.tied = true;
    options.between = lstm_toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE);
    ard_lstm *lstm = lstm_toy_model(*state, &options);
    uint32_t *tokens = lstm_toy_text(ROWS, WORDS, 1);
    ard_layer_pattern patterns[3] = {toy_units(3, 4), toy_units(3, 2), ard_layer_pattern_all()};
    assert_fails(ard_lstm_step_with_patterns(lstm, patterns, BATCH, STEPS, tokens, tokens, NULL),
                 ARD_STATUS_INVALID_PATTERN);
    patterns[1] = patterns[0];
    assert_success(ard_lstm_step_with_patterns(lstm, patterns, BATCH, STEPS, tokens, tokens, NULL));
    patterns[2] = patterns[0]; /* nothing is dropped there */
    assert_fails(ard_lstm_step_with_patterns(lstm, patterns, BATCH, STEPS, tokens, tokens, NULL),
                 ARD_STATUS_INVALID_PATTERN);
    free(tokens);
    ard_lstm_destroy(lstm);
}

static void test_evaluation_arguments(void **state)
{
    fixture f = make_fixture(*state);
    ard_lstm_result result = {.tokens = 77};
    float logits[WORDS];
    assert_invalid(ard_lstm_evaluate(NULL, ROWS, f.tokens, &result));
    assert_invalid(ard_lstm_evaluate(f.lstm, 0, f.tokens, &result));
    assert_invalid(ard_lstm_evaluate(f.lstm, 1, f.tokens, &result));
    assert_invalid(ard_lstm_evaluate(f.lstm, ROWS, NULL, &result));
    assert_invalid(ard_lstm_evaluate(f.lstm, ROWS, f.tokens, NULL));
    assert_invalid(ard_lstm_predict(NULL, true, 0, logits));
    assert_invalid(ard_lstm_predict(f.lstm, true, WORDS, logits));
    assert_invalid(ard_lstm_predict(f.lstm, true, UINT32_MAX, logits));
    assert_invalid(ard_lstm_predict(f.lstm, true, 0, NULL));
    for (size_t at = 0; at < ROWS; at += ROWS - 1) {
        uint32_t *spoiled = lstm_toy_text(ROWS, WORDS, 1);
        spoiled[at] = WORDS;
        assert_invalid(ard_lstm_evaluate(f.lstm, ROWS, spoiled, &result));
        free(spoiled);
    }
    assert_int_equal(result.tokens, 77);
    assert_invalid(ard_lstm_take_training_result(NULL, &result));
    assert_invalid(ard_lstm_take_training_result(f.lstm, NULL));
    drop_fixture(&f);
}

static void test_parameter_arguments(void **state)
{
    fixture f = make_fixture(*state);
    float values[4 * HIDDEN * HIDDEN] = {0};
    static const ard_lstm_parameter layered[] = {ARD_LSTM_INPUT, ARD_LSTM_RECURRENT, ARD_LSTM_BIAS};
    for (size_t i = 0; i < 3; ++i) {
        assert_invalid(ard_lstm_read(f.lstm, layered[i], LAYERS, values));
        assert_invalid(ard_lstm_read(f.lstm, layered[i], SIZE_MAX, values));
        assert_invalid(ard_lstm_write(f.lstm, layered[i], LAYERS, values));
    }
    assert_success(ard_lstm_read(f.lstm, ARD_LSTM_EMBEDDING, 99, values));
    assert_success(ard_lstm_write(f.lstm, ARD_LSTM_SOFTMAX, 99, values));
    assert_success(ard_lstm_read(f.lstm, ARD_LSTM_SOFTMAX_BIAS, 99, values));
    assert_invalid(ard_lstm_read(f.lstm, (ard_lstm_parameter)6, 0, values));
    assert_invalid(ard_lstm_write(f.lstm, (ard_lstm_parameter)6, 0, values));
    assert_invalid(ard_lstm_read(NULL, ARD_LSTM_BIAS, 0, values));
    assert_invalid(ard_lstm_read(f.lstm, ARD_LSTM_BIAS, 0, NULL));
    assert_invalid(ard_lstm_write(NULL, ARD_LSTM_BIAS, 0, values));
    assert_invalid(ard_lstm_write(f.lstm, ARD_LSTM_BIAS, 0, NULL));
    assert_invalid(ard_lstm_read_state(NULL, 0, values, values));
    assert_invalid(ard_lstm_read_state(f.lstm, LAYERS, values, values));
    ard_lstm_options options = good_options();
    options.tied = true;
    ard_lstm *tied = lstm_toy_model(*state, &options);
    assert_invalid(ard_lstm_read(tied, ARD_LSTM_SOFTMAX, 0, values));
    assert_invalid(ard_lstm_write(tied, ARD_LSTM_SOFTMAX, 0, values));
    ard_lstm_destroy(tied);
    drop_fixture(&f);
}

static void test_other_arguments(void **state)
{
    fixture f = make_fixture(*state);
    ard_layer_pattern patterns[2 * LAYERS + 1];
    double value = 0.0;
    assert_int_equal(ard_lstm_pattern_count(NULL), 0);
    assert_invalid(ard_lstm_patterns(NULL, 0, patterns));
    assert_invalid(ard_lstm_patterns(f.lstm, 0, NULL));
    assert_invalid(ard_lstm_step_flops(NULL, 1, 1, NULL, &value));
    assert_invalid(ard_lstm_step_flops(f.lstm, 1, 1, NULL, NULL));
    assert_invalid(ard_lstm_step_flops(f.lstm, 0, 1, NULL, &value));
    assert_invalid(ard_lstm_step_flops(f.lstm, 1, 0, NULL, &value));
    assert_invalid(ard_lstm_step_flops(f.lstm, 1, STEPS + 1, NULL, &value));
    for (size_t i = 0; i < 2 * LAYERS + 1; ++i) {
        for (size_t j = 0; j < 2 * LAYERS + 1; ++j) {
            patterns[j] = j == i ? toy_units(HIDDEN + 1, 1) : ard_layer_pattern_all();
        }
        assert_fails(ard_lstm_step_flops(f.lstm, 1, 1, patterns, &value),
                     ARD_STATUS_INVALID_PATTERN);
    }
    assert_true(value == 0.0);
    assert_invalid(ard_lstm_gradient_norm(NULL, &value));
    assert_invalid(ard_lstm_gradient_norm(f.lstm, NULL));
    assert_invalid(ard_lstm_reset(NULL));
    assert_null(ard_lstm_get_options(NULL));
    size_t size = 5;
    assert_null(ard_lstm_extra(NULL, &size));
    assert_int_equal(size, 0);
    assert_null(ard_lstm_resume_note(NULL));
    drop_fixture(&f);
}

/* A step that fails behind its loss did not count, but what it adds to the totals fits together. */
static void test_failed_step(void **state)
{
    fixture f = make_fixture(*state);
    ard_lstm_result results[2];
    const double clip = f.lstm->options.clip;
    f.lstm->options.clip = 1e-39; /* which ard_sgd_clip refuses */
    assert_invalid(ard_lstm_step(f.lstm, BATCH, STEPS, f.tokens, f.tokens, NULL));
    f.lstm->options.clip = clip;
    assert_int_equal(ard_lstm_steps_done(f.lstm), 0);
    assert_success(ard_lstm_take_training_result(f.lstm, &results[0]));
    assert_int_equal(results[0].tokens, ROWS);
    assert_success(ard_lstm_step(f.lstm, BATCH, STEPS, f.tokens, f.tokens, NULL));
    assert_success(ard_lstm_take_training_result(f.lstm, &results[1]));
    assert_true(results[0].loss == results[1].loss);
    assert_int_equal(results[0].correct, results[1].correct);
    drop_fixture(&f);
}

static void test_rates(void **state)
{
    static const double bad[] = {0.0, -1.0, NAN, INFINITY};
    fixture f = make_fixture(*state);
    assert_invalid(ard_lstm_set_rate(NULL, 0.1));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        assert_invalid(ard_lstm_set_rate(f.lstm, bad[i]));
    }
    assert_true(ard_lstm_get_options(f.lstm)->sgd.schedule.rate == 0.1);
    drop_fixture(&f);
    ard_lstm_options options = good_options();
    options.sgd.schedule =
        (ard_schedule){.kind = ARD_SCHEDULE_STEP, .rate = 0.1, .factor = 0.5, .every = 10};
    ard_lstm *falling = lstm_toy_model(*state, &options);
    assert_invalid(ard_lstm_set_rate(falling, 0.05));
    ard_lstm_destroy(falling);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_step_arguments),
        cmocka_unit_test(test_given_patterns),
        cmocka_unit_test(test_given_tied_patterns),
        cmocka_unit_test(test_evaluation_arguments),
        cmocka_unit_test(test_parameter_arguments),
        cmocka_unit_test(test_other_arguments),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_failed_step),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
