/* SPDX-License-Identifier: Apache-2.0 */
/* The language model that ard-bench compares with: its gradient against finite differences, and
 * what its steps change. */
#include "bench/reference_lstm_internal.h"
#include "support/unit.h"

#include <ard/sampler.h>
#include <math.h>
#include <stdlib.h>

/* Central differences with this step are off by its square; their rounding is far below it. */
static const double STEP = 1e-5;
static const double TOLERANCE = 1e-7;

enum { BATCH = 3, STEPS = 4, WORDS = 7, MOST_SIDES = 16 };

static const uint32_t words[(STEPS + 1) * BATCH] = {0, 6, 3, 3, 1, 0, 5, 2, 6, 4, 4, 1, 2, 0, 6};

/* Numbers of no pattern in [-1, 1). */
static double number(uint64_t index)
{
    uint32_t drawn[4];
    const ard_draw draw = {.seed = 11, .step = index};
    ard_draw_words(&draw, drawn);
    return drawn[0] / 2147483648.0 - 1;
}

/* A model whose parameters and hidden state are none of them zero. */
static reference_lstm *create(const reference_lstm_sizes *sizes)
{
    reference_lstm *lstm = reference_lstm_create(sizes);
    assert_non_null(lstm);
    reference_parameter *parameter = NULL;
    for (size_t i = 0; (parameter = reference_lstm_parameter(lstm, i)) != NULL; i++) {
        for (size_t j = 0; j < parameter->rows * parameter->cols; j++) {
            parameter->values[j] = 0.7 * number(1000 * i + j);
        }
    }
    for (size_t layer = 0; layer < sizes->layers; layer++) {
        for (size_t i = 0; i < sizes->batch * sizes->hidden; i++) {
            lstm->cells[layer].h[i] = 0.5 * number(100000 + 100 * layer + i);
            lstm->cells[layer].c[i] = number(200000 + 100 * layer + i);
        }
    }
    return lstm;
}

/* The loss that the gradient is of: summed over time steps, averaged over sequences. */
static double forward(reference_lstm *lstm, const reference_lstm_dropout *dropout, size_t stride)
{
    double loss = 0;
    reference_lstm_begin(lstm, dropout, stride);
    for (size_t t = 0; t < STEPS; t++) {
        loss += reference_lstm_forward(lstm, t, words + t * BATCH, words + (t + 1) * BATCH);
    }
    return loss / BATCH;
}

static void clear_gradients(reference_lstm *lstm)
{
    reference_parameter *parameter = NULL;
    for (size_t i = 0; (parameter = reference_lstm_parameter(lstm, i)) != NULL; i++) {
        for (size_t j = 0; j < parameter->rows * parameter->cols; j++) {
            parameter->gradient[j] = 0;
        }
    }
}

/* All derivatives by central differences, in the order of the parameters. */
static double *differentiate(reference_lstm *lstm, const reference_lstm_dropout *dropout,
                             size_t stride, size_t *count)
{
    double *derivatives = calloc(10000, sizeof *derivatives);
    assert_non_null(derivatives);
    reference_parameter *parameter = NULL;
    *count = 0;
    for (size_t i = 0; (parameter = reference_lstm_parameter(lstm, i)) != NULL; i++) {
        for (size_t j = 0; j < parameter->rows * parameter->cols; j++) {
            const double value = parameter->values[j];
            parameter->values[j] = value + STEP;
            const double above = forward(lstm, dropout, stride);
            parameter->values[j] = value - STEP;
            const double below = forward(lstm, dropout, stride);
            parameter->values[j] = value;
            assert_true(*count < 10000);
            derivatives[(*count)++] = (above - below) / (2 * STEP);
        }
    }
    return derivatives;
}

/* Makes a step of rate 1 and compares what it changed. */
static void check_gradient(const reference_lstm_sizes *sizes, const reference_lstm_dropout *dropout,
                           size_t stride)
{
    reference_lstm *lstm = create(sizes);
    size_t count = 0;
    double *derivatives = differentiate(lstm, dropout, stride, &count);
    double *before = calloc(count, sizeof *before);
    assert_non_null(before);
    clear_gradients(lstm);
    forward(lstm, dropout, stride);
    for (size_t t = STEPS; t-- > 0;) {
        reference_lstm_backward(lstm, t, words + t * BATCH);
    }
    reference_parameter *parameter = NULL;
    size_t at = 0;
    for (size_t i = 0; (parameter = reference_lstm_parameter(lstm, i)) != NULL; i++) {
        for (size_t j = 0; j < parameter->rows * parameter->cols; j++) {
            before[at++] = parameter->values[j];
        }
    }
    reference_lstm_update(lstm, 1, 1e9);
    at = 0;
    for (size_t i = 0; (parameter = reference_lstm_parameter(lstm, i)) != NULL; i++) {
        for (size_t j = 0; j < parameter->rows * parameter->cols; j++, at++) {
            const double got = before[at] - parameter->values[j];
            if (!(fabs(got - derivatives[at]) <= TOLERANCE)) {
                fail_msg("parameter %zu, value %zu: %.9g is not %.9g", i, j, got, derivatives[at]);
            }
        }
    }
    assert_int_equal(at, count);
    free(before);
    free(derivatives);
    reference_lstm_destroy(lstm);
}

static void fill_all(reference_lstm_dropout *dropout)
{
    for (size_t side = 0; side < MOST_SIDES; side++) {
        dropout[side] = (reference_lstm_dropout){
            .pattern = ard_layer_pattern_all(), .scale = 1, .weight_scale = 1};
    }
}

/* Rows of several periods, scaled. */
static void fill_rows(reference_lstm_dropout *dropout)
{
    fill_all(dropout);
    for (uint32_t side = 0; side < MOST_SIDES; side++) {
        const uint32_t period = side % 3 + 1;
        assert_int_equal(ard_pattern_row(period, side / 3 % period, &dropout[side].pattern.units),
                         ARD_STATUS_SUCCESS);
        dropout[side].scale = 1.25 + 0.25 * period;
    }
}

static void differentiates_without_dropout(void **state)
{
    (void)state;
    reference_lstm_dropout dropout[MOST_SIDES];
    fill_all(dropout);
    const reference_lstm_sizes one = {1, WORDS, 3, 5, BATCH, STEPS, false, false};
    const reference_lstm_sizes two = {2, WORDS, 5, 4, BATCH, STEPS, false, false};
    check_gradient(&one, dropout, 0);
    check_gradient(&two, dropout, 0);
}

static void differentiates_rows(void **state)
{
    (void)state;
    reference_lstm_dropout dropout[MOST_SIDES];
    fill_rows(dropout);
    const reference_lstm_sizes sizes = {2, WORDS, 5, 4, BATCH, STEPS, false, false};
    check_gradient(&sizes, dropout, 0);
    check_gradient(&sizes, dropout, STEPS);     /* other ones every time step */
    check_gradient(&sizes, dropout, STEPS + 1); /* of longer windows */
}

static void differentiates_tied_models(void **state)
{
    (void)state;
    reference_lstm_dropout dropout[MOST_SIDES];
    fill_rows(dropout);
    dropout[2] = dropout[0];
    const reference_lstm_sizes sizes = {2, WORDS, 5, 5, BATCH, STEPS, true, false};
    check_gradient(&sizes, dropout, 0);
}

static void differentiates_tiles(void **state)
{
    (void)state;
    reference_lstm_dropout dropout[MOST_SIDES];
    fill_all(dropout);
    for (uint32_t side = 0; side < MOST_SIDES; side++) {
        const uint32_t period = side % 3 + 1;
        dropout[side].pattern.tiles =
            (ard_tile_pattern){2, period, side / 3 % period, ARD_TILE_DIAGONAL};
        dropout[side].weight_scale = 1.5;
    }
    const reference_lstm_sizes sizes = {2, WORDS, 5, 4, BATCH, STEPS, false, true};
    check_gradient(&sizes, dropout, 0);
}

/* A gradient above the norm is moved to it, and the next window begins where this one ended. */
static void clips_and_carries_on(void **state)
{
    (void)state;
    static const double CLIP = 0.01;
    reference_lstm_dropout dropout[MOST_SIDES];
    fill_all(dropout);
    const reference_lstm_sizes sizes = {1, WORDS, 3, 5, BATCH, STEPS, false, false};
    reference_lstm *lstm = create(&sizes);
    reference_lstm *same = create(&sizes);
    forward(lstm, dropout, 0);
    for (size_t t = STEPS; t-- > 0;) {
        reference_lstm_backward(lstm, t, words + t * BATCH);
    }
    const double last = lstm->cells[0].h[STEPS * BATCH * 5];
    reference_lstm_update(lstm, 1, CLIP);
    assert_true(lstm->cells[0].h[0] == last);
    double squares = 0;
    for (size_t i = 0; reference_lstm_parameter(lstm, i) != NULL; i++) {
        const reference_parameter *moved = reference_lstm_parameter(lstm, i);
        const reference_parameter *first = reference_lstm_parameter(same, i);
        for (size_t j = 0; j < moved->rows * moved->cols; j++) {
            const double change = moved->values[j] - first->values[j];
            squares += change * change;
        }
    }
    assert_true(fabs(sqrt(squares) - CLIP) < 1e-12);
    reference_lstm_destroy(same);
    reference_lstm_destroy(lstm);
}

/* Relative to the last change, and infinite where something is not a number. */
static void tells_errors(void **state)
{
    (void)state;
    reference_lstm_dropout dropout[MOST_SIDES];
    fill_all(dropout);
    const reference_lstm_sizes sizes = {1, WORDS, 3, 5, BATCH, STEPS, true, false};
    reference_lstm *lstm = reference_lstm_create(&sizes);
    assert_non_null(lstm);
    assert_int_equal(reference_lstm_count(lstm, ARD_LSTM_SOFTMAX, 0), 0);
    assert_int_equal(reference_lstm_count(lstm, ARD_LSTM_RECURRENT, 0), 100);
    float values[WORDS] = {1, 2, 3, 4, 5, 6, 8};
    reference_lstm_set(lstm, ARD_LSTM_SOFTMAX_BIAS, 0, values);
    assert_true(reference_lstm_error(lstm, ARD_LSTM_SOFTMAX_BIAS, 0, values) == 0);
    values[1] = 2.25F;
    assert_true(fabs(reference_lstm_error(lstm, ARD_LSTM_SOFTMAX_BIAS, 0, values) - 31.25) < 1e-9);
    values[1] = NAN;
    assert_true(isinf(reference_lstm_error(lstm, ARD_LSTM_SOFTMAX_BIAS, 0, values)));
    reference_lstm_destroy(lstm);
    reference_lstm_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differentiates_without_dropout), cmocka_unit_test(differentiates_rows),
        cmocka_unit_test(differentiates_tied_models),     cmocka_unit_test(differentiates_tiles),
        cmocka_unit_test(clips_and_carries_on),           cmocka_unit_test(tells_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
