/* SPDX-License-Identifier: Apache-2.0 */
/* What a language model makes of texts without dropout, and that this disturbs nothing. */
#include <ard/lstm.h>

#include <float.h>
#include <stdlib.h>

#include "models/lstm_run.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

/* c of c * k * eps * largest for logits after k units and a few steps. */
static const double TOLERANCE = 64.0;

enum { WORDS = 17, HIDDEN = 13, BATCH = 5, STEPS = 4 };

static ard_lstm_options make_options(void)
{
    ard_lstm_options options = lstm_toy_options(2, WORDS, HIDDEN, BATCH, STEPS);
    options.embedding = 7;
    options.between = lstm_toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE);
    options.recurrent = lstm_toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE);
    options.sgd.momentum = 0.9;
    return options;
}

/* Both after some training, so that weights are behind and hidden states not zero. */
static lstm_run make_run(ard_context *context, const ard_lstm_options *options)
{
    lstm_run run = lstm_run_begin(context, options, "an evaluated model");
    for (size_t i = 0; i < 3; ++i) {
        lstm_run_step(&run, NULL, options->batch, options->steps);
    }
    return run;
}

/* Texts shorter than a stretch a sequence, of equal stretches, and of one token more in some. */
static void test_lengths(void **state)
{
    static const size_t counts[] = {2, 3, 5, 6, 7, 20, 21, 22, 24, 26, 101, 103};
    const ard_lstm_options options = make_options();
    lstm_run run = make_run(*state, &options);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; ++i) {
        lstm_run_evaluate(&run, counts[i]);
    }
    lstm_run_end(&run);
}

static void test_one_sequence(void **state)
{
    ard_lstm_options options = lstm_toy_options(1, 2, 5, 1, 1);
    lstm_run run = make_run(*state, &options);
    lstm_run_evaluate(&run, 2);
    lstm_run_evaluate(&run, 23);
    lstm_run_end(&run);
    options.tied = true;
    options.steps = 7;
    run = make_run(*state, &options);
    lstm_run_evaluate(&run, 23);
    lstm_run_end(&run);
}

/* A run that is evaluated and read, and from which words are predicted, beside one that is not. */
static void test_nothing_changes(void **state)
{
    const ard_lstm_options options = make_options();
    ard_lstm *disturbed = lstm_toy_model(*state, &options);
    ard_lstm *alone = lstm_toy_model(*state, &options);
    uint32_t *text = lstm_toy_text(50, WORDS, 5);
    float logits[WORDS];
    float h[BATCH * HIDDEN];
    float c[BATCH * HIDDEN];
    ard_lstm_result results[2];
    for (size_t i = 0; i < 6; ++i) {
        lstm_toy_train(disturbed, 1);
        assert_success(ard_lstm_evaluate(disturbed, 50, text, &results[0]));
        assert_success(ard_lstm_predict(disturbed, i % 3 == 0, text[i], logits));
        assert_success(ard_lstm_read_state(disturbed, 1, h, c));
    }
    lstm_toy_train(alone, 6);
    lstm_toy_assert_same_bits(disturbed, alone, "a run that was evaluated");
    assert_success(ard_lstm_take_training_result(disturbed, &results[0]));
    assert_success(ard_lstm_take_training_result(alone, &results[1]));
    assert_int_equal(results[0].tokens, 6 * BATCH * STEPS);
    assert_int_equal(results[1].tokens, results[0].tokens);
    assert_int_equal(results[1].correct, results[0].correct);
    assert_true(results[1].loss == results[0].loss);
    assert_success(ard_lstm_take_training_result(alone, &results[1]));
    assert_int_equal(results[1].tokens, 0);
    assert_true(results[1].loss == 0.0);
    free(text);
    ard_lstm_destroy(disturbed);
    ard_lstm_destroy(alone);
}

/* Fails unless the model predicts as the reference does after so many tokens from a new state. */
static void check_prediction(const lstm_run *run, size_t count, const uint32_t *tokens,
                             const float *logits)
{
    ard_lstm_options options = run->reference.options;
    options.batch = 1;
    reference_lstm fresh = reference_lstm_create(&options);
    lstm_run_read_parameters(run->lstm, &fresh);
    reference_lstm_window window = reference_lstm_forward(&fresh, NULL, 1, count, tokens);
    const double *expected = window.logits + (count - 1) * options.vocabulary;
    const comparison about = {"logits", run->name, 1, options.vocabulary, count};
    assert_within(&about, logits, expected,
                  TOLERANCE * (double)options.hidden * FLT_EPSILON *
                      largest_of(options.vocabulary, expected));
    reference_lstm_window_destroy(&window);
    reference_lstm_destroy(&fresh);
}

/* Sequences token by token, training steps and evaluations between them. */
static void test_prediction(void **state)
{
    const ard_lstm_options options = make_options();
    lstm_run run = make_run(*state, &options);
    uint32_t *text = lstm_toy_text(12, WORDS, 8);
    float logits[WORDS];
    for (size_t begin = 0; begin < 12; begin += 6) {
        for (size_t i = begin; i < begin + 6; ++i) {
            assert_success(ard_lstm_predict(run.lstm, i == begin, text[i], logits));
            check_prediction(&run, i + 1 - begin, text + begin, logits);
            lstm_run_evaluate(&run, 30);
        }
        lstm_run_step(&run, NULL, BATCH, STEPS);
    }
    free(text);
    lstm_run_end(&run);
}

/* A first prediction is of a new sequence whether it is said to be or not. */
static void test_first_prediction(void **state)
{
    const ard_lstm_options options = make_options();
    lstm_run run = make_run(*state, &options);
    const uint32_t token = 3;
    float logits[WORDS];
    assert_success(ard_lstm_predict(run.lstm, false, token, logits));
    check_prediction(&run, 1, &token, logits);
    lstm_run_end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths),          cmocka_unit_test(test_one_sequence),
        cmocka_unit_test(test_nothing_changes),  cmocka_unit_test(test_prediction),
        cmocka_unit_test(test_first_prediction),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
