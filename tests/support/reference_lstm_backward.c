/* SPDX-License-Identifier: Apache-2.0 */
#include "support/reference_lstm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/memory.h"
#include "support/reference.h"
#include "support/reference_product.h"

static void multiply_by(size_t count, const double *factors, double *values)
{
    for (size_t i = 0; i < count && factors != NULL; ++i) {
        values[i] *= factors[i];
    }
}

static void add_to(size_t count, const double *values, double *sum)
{
    for (size_t i = 0; i < count; ++i) {
        sum[i] += values[i];
    }
}

/* The gradient of weights [rows x cols] that were multiplied by factors. */
static void add_weight_gradient(const reference_weights *weights, size_t k, reference_view a,
                                reference_view b, const double *factors)
{
    const size_t count = weights->rows * weights->cols;
    double *part = test_alloc(count, sizeof *part);
    reference_product(weights->rows, weights->cols, k, a, b, part);
    multiply_by(count, factors, part);
    add_to(count, part, weights->gradient);
    free(part);
}

static void add_bias_gradient(const reference_weights *bias, size_t rows, const double *diff)
{
    for (size_t row = 0; row < rows; ++row) {
        add_to(bias->cols, diff + row * bias->cols, bias->gradient);
    }
}

/* The gradient with respect to what a site takes, before its factors. */
static double *input_gradient(const reference_lstm *lstm, const reference_lstm_window *w,
                              size_t site, size_t k, const double *diff, reference_view weights)
{
    const size_t width = reference_lstm_width(lstm, site);
    double *result = test_alloc(w->rows * width, sizeof *result);
    reference_product(w->rows, width, k, reference_plain(diff, k), weights, result);
    multiply_by(w->rows * width, w->factors->input[site], result);
    return result;
}

static double *logit_gradient(const reference_lstm *lstm, const reference_lstm_window *w,
                              const uint32_t *targets)
{
    const size_t words = lstm->options.vocabulary;
    double *diff = test_alloc(w->rows * words, sizeof *diff);
    double totals[2] = {0.0, 0.0};
    for (size_t row = 0; row < w->rows; ++row) {
        const int32_t label = (int32_t)targets[row];
        reference_loss(1, words, w->logits + row * words, &label, diff + row * words, totals);
    }
    for (size_t i = 0; i < w->rows * words; ++i) {
        diff[i] /= (double)w->batch;
    }
    return diff;
}

/* Returns the gradient with respect to the hidden state of the last layer. */
static double *backward_softmax(const reference_lstm *lstm, const reference_lstm_window *w,
                                const uint32_t *targets)
{
    const size_t site = lstm->options.layers;
    const size_t hidden = lstm->options.hidden;
    const size_t words = lstm->options.vocabulary;
    const double *weights = w->input_weights[site];
    const bool tied = lstm->options.tied;
    double *diff = logit_gradient(lstm, w, targets);
    add_bias_gradient(reference_lstm_weights(lstm, ARD_LSTM_SOFTMAX_BIAS, 0), w->rows, diff);
    if (tied) {
        add_weight_gradient(
            reference_lstm_softmax(lstm), w->rows, reference_transposed(diff, words),
            reference_plain(w->input[site], hidden), w->factors->input_weights[site]);
    } else {
        add_weight_gradient(reference_lstm_softmax(lstm), w->rows,
                            reference_transposed(w->input[site], hidden),
                            reference_plain(diff, words), w->factors->input_weights[site]);
    }
    double *result = input_gradient(lstm, w, site, words, diff,
                                    tied ? reference_plain(weights, hidden)
                                         : reference_transposed(weights, words));
    free(diff);
    return result;
}

/* One row of a cell: from the gradients with respect to h and c to those with respect to the gates'
 * sums and to c_{t-1}, which replaces diff_c. */
static void backward_cell(size_t hidden, const double *gates, const double *past_c, const double *c,
                          const double *diff_h, double *diff_c, double *diff_gates)
{
    for (size_t j = 0; j < hidden; ++j) {
        const double i = gates[j];
        const double f = gates[hidden + j];
        const double g = gates[2 * hidden + j];
        const double o = gates[3 * hidden + j];
        const double squashed = tanh(c[j]);
        const double diff = diff_c[j] + diff_h[j] * o * (1.0 - squashed * squashed);
        diff_gates[j] = diff * g * i * (1.0 - i);
        diff_gates[hidden + j] = diff * past_c[j] * f * (1.0 - f);
        diff_gates[2 * hidden + j] = diff * i * (1.0 - g * g);
        diff_gates[3 * hidden + j] = diff_h[j] * squashed * o * (1.0 - o);
        diff_c[j] = diff * f;
    }
}

/* From diff_h [rows x H], what the layer above gives, to diff_gates [rows x 4H]. */
static void backward_time(const reference_lstm *lstm, const reference_lstm_window *w, size_t l,
                          double *diff_h, double *diff_gates)
{
    const size_t hidden = lstm->options.hidden;
    const size_t count = w->batch * hidden;
    double *diff_c = test_alloc(count, sizeof *diff_c);
    double *diff_past = test_alloc(count, sizeof *diff_past);
    for (size_t t = w->steps; t-- > 0;) {
        for (size_t b = 0; b < w->batch; ++b) {
            const size_t at = t * count + b * hidden;
            backward_cell(hidden, w->gates[l] + 4 * at, w->past_c[l] + at, w->c[l] + at,
                          diff_h + at, diff_c + b * hidden, diff_gates + 4 * at);
        }
        if (t == 0) {
            break; /* gradients stop between windows */
        }
        memset(diff_past, 0, count * sizeof *diff_past);
        reference_product(w->batch, hidden, 4 * hidden,
                          reference_plain(diff_gates + t * 4 * count, 4 * hidden),
                          reference_transposed(w->recurrent_weights[l], 4 * hidden), diff_past);
        const double *factors = w->factors->recurrent[l];
        multiply_by(count, factors != NULL ? factors + t * count : NULL, diff_past);
        add_to(count, diff_past, diff_h + (t - 1) * count);
    }
    free(diff_c);
    free(diff_past);
}

/* Takes and frees the gradient with respect to the layer's h; returns that of its input. */
static double *backward_layer(const reference_lstm *lstm, const reference_lstm_window *w, size_t l,
                              double *diff_h)
{
    const size_t in = reference_lstm_width(lstm, l);
    const size_t hidden = lstm->options.hidden;
    double *diff_gates = test_alloc(w->rows * 4 * hidden, sizeof *diff_gates);
    const reference_view diff = reference_plain(diff_gates, 4 * hidden);
    backward_time(lstm, w, l, diff_h, diff_gates);
    add_bias_gradient(reference_lstm_weights(lstm, ARD_LSTM_BIAS, l), w->rows, diff_gates);
    add_weight_gradient(reference_lstm_weights(lstm, ARD_LSTM_INPUT, l), w->rows,
                        reference_transposed(w->input[l], in), diff, w->factors->input_weights[l]);
    add_weight_gradient(reference_lstm_weights(lstm, ARD_LSTM_RECURRENT, l), w->rows,
                        reference_transposed(w->past[l], hidden), diff,
                        w->factors->recurrent_weights[l]);
    double *result = input_gradient(lstm, w, l, 4 * hidden, diff_gates,
                                    reference_transposed(w->input_weights[l], 4 * hidden));
    free(diff_gates);
    free(diff_h);
    return result;
}

void reference_lstm_backward(reference_lstm *lstm, const reference_lstm_window *window,
                             const uint32_t *targets)
{
    for (size_t i = 0; i < lstm->count; ++i) {
        const reference_weights *weights = &lstm->weights[i];
        memset(weights->gradient, 0, weights->rows * weights->cols * sizeof *weights->gradient);
    }
    double *diff = backward_softmax(lstm, window, targets);
    for (size_t l = lstm->options.layers; l-- > 0;) {
        diff = backward_layer(lstm, window, l, diff);
    }
    const reference_weights *words = reference_lstm_weights(lstm, ARD_LSTM_EMBEDDING, 0);
    for (size_t row = 0; row < window->rows; ++row) {
        add_to(words->cols, diff + row * words->cols,
               words->gradient + window->tokens[row] * words->cols);
    }
    free(diff);
}
