/* SPDX-License-Identifier: Apache-2.0 */
#include "support/reference_lstm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/memory.h"
#include "support/reference.h"
#include "support/reference_product.h"

static double *multiplied(size_t count, const double *values, const double *factors)
{
    double *result = test_alloc(count, sizeof *result);
    for (size_t i = 0; i < count; ++i) {
        result[i] = factors != NULL ? factors[i] * values[i] : values[i];
    }
    return result;
}

static double *multiplied_weights(const reference_weights *weights, const double *factors)
{
    return multiplied(weights->rows * weights->cols, weights->values, factors);
}

static double *read_embedding(const reference_lstm *lstm, size_t rows, const uint32_t *tokens)
{
    const reference_weights *words = reference_lstm_weights(lstm, ARD_LSTM_EMBEDDING, 0);
    double *values = test_alloc(rows * words->cols, sizeof *values);
    for (size_t row = 0; row < rows; ++row) {
        memcpy(values + row * words->cols, words->values + tokens[row] * words->cols,
               words->cols * sizeof *values);
    }
    return values;
}

/* [rows x cols], each row the bias. */
static double *repeat_bias(const reference_weights *bias, size_t rows)
{
    double *values = test_alloc(rows * bias->cols, sizeof *values);
    for (size_t row = 0; row < rows; ++row) {
        memcpy(values + row * bias->cols, bias->values, bias->cols * sizeof *values);
    }
    return values;
}

static double sigmoid(double x)
{
    return 1.0 / (1.0 + exp(-x));
}

/* Gates from their sums, in place, and the new states. */
static void run_cell(size_t hidden, double *gates, const double *past_c, double *c, double *h)
{
    for (size_t j = 0; j < hidden; ++j) {
        const double i = sigmoid(gates[j]);
        const double f = sigmoid(gates[hidden + j]);
        const double g = tanh(gates[2 * hidden + j]);
        const double o = sigmoid(gates[3 * hidden + j]);
        c[j] = f * past_c[j] + i * g;
        h[j] = o * tanh(c[j]);
        gates[j] = i;
        gates[hidden + j] = f;
        gates[2 * hidden + j] = g;
        gates[3 * hidden + j] = o;
    }
}

/* Time step t of a layer whose gates hold the bias and the input's part. */
static void run_step(const reference_lstm *lstm, const reference_lstm_window *w, size_t l, size_t t)
{
    const size_t hidden = lstm->options.hidden;
    const size_t count = w->batch * hidden;
    const double *factors = w->factors->recurrent[l];
    double *past = w->past[l] + t * count;
    double *past_c = w->past_c[l] + t * count;
    memcpy(past, t > 0 ? w->h[l] + (t - 1) * count : lstm->h[l], count * sizeof *past);
    memcpy(past_c, t > 0 ? w->c[l] + (t - 1) * count : lstm->c[l], count * sizeof *past_c);
    for (size_t i = 0; i < count && factors != NULL; ++i) {
        past[i] *= factors[t * count + i];
    }
    double *gates = w->gates[l] + t * 4 * count;
    reference_product(w->batch, 4 * hidden, hidden, reference_plain(past, hidden),
                      reference_plain(w->recurrent_weights[l], 4 * hidden), gates);
    for (size_t b = 0; b < w->batch; ++b) {
        const size_t at = b * hidden;
        run_cell(hidden, gates + 4 * at, past_c + at, w->c[l] + t * count + at,
                 w->h[l] + t * count + at);
    }
}

static void run_layer(const reference_lstm *lstm, reference_lstm_window *w, size_t l)
{
    const size_t in = reference_lstm_width(lstm, l);
    const size_t hidden = lstm->options.hidden;
    const size_t count = w->rows * hidden;
    w->input_weights[l] = multiplied_weights(reference_lstm_weights(lstm, ARD_LSTM_INPUT, l),
                                             w->factors->input_weights[l]);
    w->recurrent_weights[l] = multiplied_weights(
        reference_lstm_weights(lstm, ARD_LSTM_RECURRENT, l), w->factors->recurrent_weights[l]);
    w->gates[l] = repeat_bias(reference_lstm_weights(lstm, ARD_LSTM_BIAS, l), w->rows);
    w->past[l] = test_alloc(count, sizeof *w->past[l]);
    w->past_c[l] = test_alloc(count, sizeof *w->past_c[l]);
    w->h[l] = test_alloc(count, sizeof *w->h[l]);
    w->c[l] = test_alloc(count, sizeof *w->c[l]);
    reference_product(w->rows, 4 * hidden, in, reference_plain(w->input[l], in),
                      reference_plain(w->input_weights[l], 4 * hidden), w->gates[l]);
    for (size_t t = 0; t < w->steps; ++t) {
        run_step(lstm, w, l, t);
    }
}

static void run_softmax(const reference_lstm *lstm, reference_lstm_window *w)
{
    const size_t layers = lstm->options.layers;
    const size_t hidden = lstm->options.hidden;
    const size_t words = lstm->options.vocabulary;
    w->input_weights[layers] =
        multiplied_weights(reference_lstm_softmax(lstm), w->factors->input_weights[layers]);
    w->logits = repeat_bias(reference_lstm_weights(lstm, ARD_LSTM_SOFTMAX_BIAS, 0), w->rows);
    const reference_view weights = lstm->options.tied
                                       ? reference_transposed(w->input_weights[layers], hidden)
                                       : reference_plain(w->input_weights[layers], words);
    reference_product(w->rows, words, hidden, reference_plain(w->input[layers], hidden), weights,
                      w->logits);
}

reference_lstm_window reference_lstm_forward(const reference_lstm *lstm,
                                             const reference_lstm_factors *factors, size_t batch,
                                             size_t steps, const uint32_t *tokens)
{
    static const reference_lstm_factors ones;
    reference_lstm_window w = {.batch = batch,
                               .steps = steps,
                               .rows = batch * steps,
                               .tokens = tokens,
                               .factors = factors != NULL ? factors : &ones};
    double *words = read_embedding(lstm, w.rows, tokens);
    w.input[0] = multiplied(w.rows * lstm->options.embedding, words, w.factors->input[0]);
    free(words);
    for (size_t l = 0; l < lstm->options.layers; ++l) {
        run_layer(lstm, &w, l);
        w.input[l + 1] = multiplied(w.rows * lstm->options.hidden, w.h[l], w.factors->input[l + 1]);
    }
    run_softmax(lstm, &w);
    return w;
}

void reference_lstm_window_destroy(reference_lstm_window *window)
{
    for (size_t l = 0; l < ARD_LSTM_MAX_LAYERS; ++l) {
        free(window->past[l]);
        free(window->gates[l]);
        free(window->h[l]);
        free(window->c[l]);
        free(window->past_c[l]);
        free(window->recurrent_weights[l]);
    }
    for (size_t l = 0; l <= ARD_LSTM_MAX_LAYERS; ++l) {
        free(window->input[l]);
        free(window->input_weights[l]);
    }
    free(window->logits);
    *window = (reference_lstm_window){0};
}

double reference_lstm_loss(const reference_lstm *lstm, const reference_lstm_window *window,
                           const uint32_t *targets, double *hits)
{
    double totals[2] = {0.0, 0.0};
    for (size_t row = 0; row < window->rows; ++row) {
        const int32_t label = (int32_t)targets[row];
        reference_loss(1, lstm->options.vocabulary, window->logits + row * lstm->options.vocabulary,
                       &label, NULL, totals);
    }
    if (hits != NULL) {
        *hits += totals[1];
    }
    return totals[0];
}

/* One stretch of a text: `count` predictions from a state of zero. */
static double evaluate_stretch(const reference_lstm *lstm, size_t count, const uint32_t *tokens,
                               double *hits)
{
    reference_lstm fresh = *lstm; /* the weights are borrowed */
    for (size_t l = 0; l < lstm->options.layers; ++l) {
        fresh.h[l] = test_alloc(lstm->options.hidden, sizeof *fresh.h[l]);
        fresh.c[l] = test_alloc(lstm->options.hidden, sizeof *fresh.c[l]);
    }
    reference_lstm_window window = reference_lstm_forward(&fresh, NULL, 1, count, tokens);
    const double loss = reference_lstm_loss(&fresh, &window, tokens + 1, hits);
    reference_lstm_window_destroy(&window);
    for (size_t l = 0; l < lstm->options.layers; ++l) {
        free(fresh.h[l]);
        free(fresh.c[l]);
    }
    return loss;
}

double reference_lstm_evaluate(const reference_lstm *lstm, size_t count, const uint32_t *tokens,
                               double *hits)
{
    const size_t predictions = count - 1;
    const size_t most = lstm->options.batch;
    const size_t stretches = predictions < most ? predictions : most;
    double loss = 0.0;
    size_t begin = 0;
    for (size_t b = 0; b < stretches; ++b) {
        const size_t length = predictions / stretches + (b < predictions % stretches ? 1 : 0);
        loss += evaluate_stretch(lstm, length, tokens + begin, hits);
        begin += length;
    }
    return loss / (double)predictions;
}
