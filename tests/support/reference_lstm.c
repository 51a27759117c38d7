/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters, the state and the optimizer. */
#include "support/reference_lstm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/memory.h"
#include "support/reference_model.h"

static void add_weights(reference_lstm *lstm, ard_lstm_parameter kind, size_t layer, size_t rows,
                        size_t cols)
{
    reference_weights *weights = &lstm->weights[lstm->count++];
    *weights = (reference_weights){.kind = kind, .layer = layer, .rows = rows, .cols = cols};
    weights->values = test_alloc(rows * cols, sizeof *weights->values);
    weights->velocity = test_alloc(rows * cols, sizeof *weights->velocity);
    weights->gradient = test_alloc(rows * cols, sizeof *weights->gradient);
}

reference_lstm reference_lstm_create(const ard_lstm_options *options)
{
    reference_lstm lstm = {.options = *options};
    const size_t hidden = options->hidden;
    add_weights(&lstm, ARD_LSTM_EMBEDDING, 0, options->vocabulary, options->embedding);
    for (size_t l = 0; l < options->layers; ++l) {
        add_weights(&lstm, ARD_LSTM_INPUT, l, reference_lstm_width(&lstm, l), 4 * hidden);
        add_weights(&lstm, ARD_LSTM_RECURRENT, l, hidden, 4 * hidden);
        add_weights(&lstm, ARD_LSTM_BIAS, l, 1, 4 * hidden);
        lstm.h[l] = test_alloc(options->batch * hidden, sizeof *lstm.h[l]);
        lstm.c[l] = test_alloc(options->batch * hidden, sizeof *lstm.c[l]);
    }
    if (!options->tied) {
        add_weights(&lstm, ARD_LSTM_SOFTMAX, 0, hidden, options->vocabulary);
    }
    add_weights(&lstm, ARD_LSTM_SOFTMAX_BIAS, 0, 1, options->vocabulary);
    return lstm;
}

void reference_lstm_destroy(reference_lstm *lstm)
{
    for (size_t i = 0; i < lstm->count; ++i) {
        free(lstm->weights[i].values);
        free(lstm->weights[i].velocity);
        free(lstm->weights[i].gradient);
    }
    for (size_t l = 0; l < lstm->options.layers; ++l) {
        free(lstm->h[l]);
        free(lstm->c[l]);
    }
    *lstm = (reference_lstm){0};
}

const reference_weights *reference_lstm_weights(const reference_lstm *lstm, ard_lstm_parameter kind,
                                                size_t layer)
{
    for (size_t i = 0; i < lstm->count; ++i) {
        if (lstm->weights[i].kind == kind && lstm->weights[i].layer == layer) {
            return &lstm->weights[i];
        }
    }
    return NULL;
}

const reference_weights *reference_lstm_softmax(const reference_lstm *lstm)
{
    return reference_lstm_weights(lstm, lstm->options.tied ? ARD_LSTM_EMBEDDING : ARD_LSTM_SOFTMAX,
                                  0);
}

size_t reference_lstm_width(const reference_lstm *lstm, size_t site)
{
    return site == 0 ? lstm->options.embedding : lstm->options.hidden;
}

void reference_lstm_factors_destroy(reference_lstm_factors *factors)
{
    for (size_t l = 0; l <= ARD_LSTM_MAX_LAYERS; ++l) {
        free(factors->input[l]);
        free(factors->input_weights[l]);
    }
    for (size_t l = 0; l < ARD_LSTM_MAX_LAYERS; ++l) {
        free(factors->recurrent[l]);
        free(factors->recurrent_weights[l]);
    }
    *factors = (reference_lstm_factors){0};
}

void reference_lstm_keep_state(reference_lstm *lstm, const reference_lstm_window *window)
{
    const size_t count = window->batch * lstm->options.hidden;
    const size_t last = (window->steps - 1) * count;
    for (size_t l = 0; l < lstm->options.layers; ++l) {
        memcpy(lstm->h[l], window->h[l] + last, count * sizeof *lstm->h[l]);
        memcpy(lstm->c[l], window->c[l] + last, count * sizeof *lstm->c[l]);
    }
}

void reference_lstm_reset(reference_lstm *lstm)
{
    const size_t bytes = lstm->options.batch * lstm->options.hidden * sizeof *lstm->h[0];
    for (size_t l = 0; l < lstm->options.layers; ++l) {
        memset(lstm->h[l], 0, bytes);
        memset(lstm->c[l], 0, bytes);
    }
}

static double global_norm(const reference_lstm *lstm)
{
    double squares = 0.0;
    for (size_t i = 0; i < lstm->count; ++i) {
        const reference_weights *weights = &lstm->weights[i];
        for (size_t at = 0; at < weights->rows * weights->cols; ++at) {
            squares += weights->gradient[at] * weights->gradient[at];
        }
    }
    return sqrt(squares);
}

void reference_lstm_update(reference_lstm *lstm)
{
    const double clip = lstm->options.clip;
    lstm->norm = global_norm(lstm);
    const double share = clip > 0.0 && lstm->norm > clip ? clip / lstm->norm : 1.0;
    for (size_t i = 0; i < lstm->count; ++i) {
        reference_weights *weights = &lstm->weights[i];
        const size_t count = weights->rows * weights->cols;
        for (size_t at = 0; at < count; ++at) {
            weights->gradient[at] *= share;
        }
        reference_sgd(&lstm->options.sgd, lstm->step, count, weights->values, weights->velocity,
                      weights->gradient);
    }
    ++lstm->step;
}
