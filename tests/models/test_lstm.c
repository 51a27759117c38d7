/* SPDX-License-Identifier: Apache-2.0 */
/* Language models in small things: how they begin, their hidden state, and their parameters read
 * and written. */
#include <ard/lstm.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/lstm_run.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

static void test_defaults(void **state)
{
    (void)state;
    const ard_lstm_options options = ard_lstm_defaults();
    assert_int_equal(options.layers, 2);
    assert_int_equal(options.vocabulary, 10000);
    assert_int_equal(options.embedding, 200);
    assert_int_equal(options.hidden, 200);
    assert_int_equal(options.batch, 20);
    assert_int_equal(options.steps, 20);
    assert_int_equal(options.between.kind, ARD_DROPOUT_NONE);
    assert_int_equal(options.recurrent.kind, ARD_DROPOUT_NONE);
    assert_false(options.fresh || options.tied);
    assert_true(options.forget_bias == 0.0 && options.range == 0.1 && options.clip == 5.0);
    assert_true(options.sgd.schedule.rate == 1.0 && options.sgd.momentum == 0.0);
    assert_int_equal(options.sgd.schedule.kind, ARD_SCHEDULE_CONSTANT);
    assert_true(options.sgd.weight_decay == 0.0);
    assert_int_equal(options.seed, 1);
}

static void check_beginning(const ard_lstm_options *options, const reference_weights *weights)
{
    const size_t count = weights->rows * weights->cols;
    double sum = 0.0;
    for (size_t i = 0; i < count; ++i) {
        const double value = weights->values[i];
        if (weights->kind == ARD_LSTM_BIAS) {
            const bool forget = i >= options->hidden && i < 2 * options->hidden;
            assert_true(value == (forget ? options->forget_bias : 0.0));
        } else if (weights->kind == ARD_LSTM_SOFTMAX_BIAS) {
            assert_true(value == 0.0);
        } else {
            assert_true(value >= -options->range && value < options->range);
        }
        sum += value;
    }
    if (weights->kind != ARD_LSTM_BIAS && weights->kind != ARD_LSTM_SOFTMAX_BIAS) {
        const double deviation = options->range * sqrt((double)count / 3.0);
        assert_true(fabs(sum) < 5.0 * deviation);
        assert_true(largest_of(count, weights->values) > 0.9 * options->range);
    }
}

/* No two matrices begin alike, nor do those of two seeds. */
static void assert_all_differ(const reference_lstm *a, const reference_lstm *b)
{
    for (size_t i = 0; i < a->count; ++i) {
        for (size_t j = 0; j < b->count; ++j) {
            const reference_weights *one = &a->weights[i];
            const reference_weights *other = &b->weights[j];
            if (one->rows > 1 && other->rows > 1 && one != other) {
                assert_memory_not_equal(one->values, other->values, 8 * sizeof *one->values);
            }
        }
    }
}

static void test_beginning(void **state)
{
    ard_lstm_options options = lstm_toy_options(2, 40, 33, 3, 4);
    options.embedding = 31;
    options.forget_bias = 1.5;
    options.range = 0.25;
    lstm_run run = lstm_run_begin(*state, &options, "a new model");
    options.seed = 7;
    lstm_run other = lstm_run_begin(*state, &options, "another");
    lstm_run again = lstm_run_begin(*state, &options, "the same");
    for (size_t i = 0; i < run.reference.count; ++i) {
        check_beginning(&options, &run.reference.weights[i]);
    }
    assert_true(largest_of(99, run.reference.h[1]) == 0.0);
    assert_true(largest_of(99, run.reference.c[0]) == 0.0);
    assert_all_differ(&run.reference, &run.reference);
    assert_all_differ(&run.reference, &other.reference);
    lstm_toy_assert_same_bits(again.lstm, other.lstm, "two models of a seed");
    assert_int_equal(ard_lstm_steps_done(run.lstm), 0);
    double norm = 1.0;
    assert_success(ard_lstm_gradient_norm(run.lstm, &norm));
    assert_true(norm == 0.0);
    lstm_run_end(&run);
    lstm_run_end(&other);
    lstm_run_end(&again);
}

/* With a rate that moves nothing two windows give the states of one. */
static void test_state_is_carried(void **state)
{
    ard_lstm_options options = lstm_toy_options(3, 9, 17, 3, 7);
    options.sgd.schedule.rate = 1e-30;
    uint32_t *tokens = lstm_toy_text(21, 9, 1);
    ard_lstm *models[2];
    float *values[2][2];
    for (size_t i = 0; i < 2; ++i) {
        const size_t first = i == 0 ? 7 : 3;
        models[i] = lstm_toy_model(*state, &options);
        assert_success(ard_lstm_step(models[i], 3, first, tokens, tokens, NULL));
        if (first < 7) {
            const uint32_t *rest = tokens + 3 * first;
            assert_success(ard_lstm_step(models[i], 3, 7 - first, rest, rest, NULL));
        }
    }
    for (size_t l = 0; l < 3; ++l) {
        for (size_t i = 0; i < 2; ++i) {
            values[i][0] = test_alloc(51, sizeof(float));
            values[i][1] = test_alloc(51, sizeof(float));
            assert_success(ard_lstm_read_state(models[i], l, values[i][0], values[i][1]));
        }
        for (size_t j = 0; j < 2; ++j) {
            double *expected = test_to_double(51, values[0][j]);
            const comparison about = {j == 0 ? "h" : "c", "two windows", 3, 17, l};
            assert_true(largest_of(51, expected) > 0.01);
            assert_within(&about, values[1][j], expected, 1e-6);
            free(expected);
            free(values[0][j]);
            free(values[1][j]);
        }
    }
    ard_lstm_destroy(models[0]);
    ard_lstm_destroy(models[1]);
    free(tokens);
}

/* Back to the state of a new model, with what was learned. */
static void test_reset(void **state)
{
    ard_lstm_options options = lstm_toy_options(2, 9, 13, 3, 4);
    lstm_run run = lstm_run_begin(*state, &options, "a model that is reset");
    lstm_run_step(&run, NULL, 3, 4);
    lstm_run_reset(&run);
    lstm_run_compare(&run);
    assert_true(largest_of(39, run.reference.h[1]) == 0.0);
    lstm_run_step(&run, NULL, 2, 4);
    lstm_run_end(&run);
}

/* What is written is read back; it has no velocity, and what is not written keeps its own. */
static void check_writing(ard_context *context, const ard_lstm_options *options)
{
    lstm_run run = lstm_run_begin(context, options, "a model that is written to");
    for (size_t i = 0; i < run.reference.count; ++i) {
        reference_weights *weights = &run.reference.weights[i];
        const size_t count = weights->rows * weights->cols;
        float *values = test_random_floats(count, i);
        float *now = test_alloc(count, sizeof *now);
        lstm_run_step(&run, NULL, options->batch, options->steps);
        assert_success(ard_lstm_write(run.lstm, weights->kind, weights->layer, values));
        assert_success(ard_lstm_read(run.lstm, weights->kind, weights->layer, now));
        assert_memory_equal(now, values, count * sizeof *now);
        for (size_t at = 0; at < count; ++at) {
            weights->values[at] = values[at];
            weights->velocity[at] = 0.0;
        }
        free(values);
        free(now);
    }
    lstm_run_step(&run, NULL, options->batch, options->steps);
    lstm_run_end(&run);
}

static void test_writing(void **state)
{
    ard_lstm_options options = lstm_toy_options(2, 9, 13, 3, 4);
    options.between = lstm_toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE);
    options.recurrent = lstm_toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE);
    options.sgd.momentum = 0.9;
    options.sgd.schedule.rate = 0.05;
    check_writing(*state, &options);
    options.tied = true;
    options.fresh = true;
    check_writing(*state, &options);
}

static void test_events(void **state)
{
    const ard_lstm_options options = lstm_toy_options(2, 9, 13, 3, 4);
    ard_lstm *lstm = lstm_toy_model(*state, &options);
    uint32_t *tokens = lstm_toy_text(12, 9, 1);
    cl_event event = NULL;
    assert_success(ard_lstm_step(lstm, 3, 4, tokens, tokens, &event));
    assert_non_null(event);
    assert_int_equal(clWaitForEvents(1, &event), CL_SUCCESS);
    clReleaseEvent(event);
    assert_int_equal(ard_lstm_steps_done(lstm), 1);
    free(tokens);
    ard_lstm_destroy(lstm);
}

/* The arrays of a step may go once it is back. */
static void test_arrays_are_copied(void **state)
{
    const ard_lstm_options options = lstm_toy_options(2, 9, 13, 3, 4);
    ard_lstm *models[2] = {lstm_toy_model(*state, &options), lstm_toy_model(*state, &options)};
    for (size_t i = 0; i < 2; ++i) {
        for (size_t w = 0; w < 5; ++w) {
            uint32_t *tokens = lstm_toy_text(12, 9, w);
            assert_success(ard_lstm_step(models[i], 3, 4, tokens, tokens, NULL));
            if (i == 0) {
                memset(tokens, 0xff, 12 * sizeof *tokens);
            } else {
                assert_success(ard_context_finish(*state));
            }
            free(tokens);
        }
    }
    lstm_toy_assert_same_bits(models[0], models[1], "arrays that were spoiled");
    ard_lstm_destroy(models[0]);
    ard_lstm_destroy(models[1]);
}

/* Losses add up until they are taken. */
static void test_training_result(void **state)
{
    const ard_lstm_options options = lstm_toy_options(1, 9, 13, 3, 4);
    ard_lstm *models[2] = {lstm_toy_model(*state, &options), lstm_toy_model(*state, &options)};
    ard_lstm_result result;
    double loss = 0.0;
    uint64_t correct = 0;
    for (size_t w = 0; w < 4; ++w) {
        lstm_toy_train(models[0], 1);
        assert_success(ard_lstm_take_training_result(models[0], &result));
        assert_int_equal(result.tokens, 12);
        loss += result.loss / 4.0;
        correct += result.correct;
    }
    lstm_toy_train(models[1], 4);
    assert_success(ard_lstm_take_training_result(models[1], &result));
    assert_int_equal(result.tokens, 48);
    assert_int_equal(result.correct, correct);
    assert_true(fabs(result.loss - loss) < 1e-5);
    ard_lstm_destroy(models[0]);
    ard_lstm_destroy(models[1]);
}

/* Models that take turns in one context are what they are alone. */
static void test_two_models(void **state)
{
    ard_lstm_options options[2] = {lstm_toy_options(2, 9, 13, 3, 4),
                                   lstm_toy_options(1, 31, 33, 5, 7)};
    ard_lstm *models[2][2];
    for (size_t i = 0; i < 2; ++i) {
        options[i].between = lstm_toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE);
        options[i].recurrent = lstm_toy_dropout(ARD_DROPOUT_INDEX, ARD_SCALE_RATE);
        options[i].fresh = i == 1;
        models[0][i] = lstm_toy_model(*state, &options[i]);
        models[1][i] = lstm_toy_model(*state, &options[i]);
    }
    for (size_t w = 0; w < 10; ++w) {
        lstm_toy_train(models[0][w % 2], 1);
    }
    for (size_t i = 0; i < 2; ++i) {
        lstm_toy_train(models[1][i], 5);
        lstm_toy_assert_same_bits(models[0][i], models[1][i], "models that take turns");
        ard_lstm_destroy(models[0][i]);
        ard_lstm_destroy(models[1][i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),          cmocka_unit_test(test_beginning),
        cmocka_unit_test(test_state_is_carried),  cmocka_unit_test(test_reset),
        cmocka_unit_test(test_writing),           cmocka_unit_test(test_events),
        cmocka_unit_test(test_arrays_are_copied), cmocka_unit_test(test_training_result),
        cmocka_unit_test(test_two_models),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
