/* SPDX-License-Identifier: Apache-2.0 */
/* A training step of a language model (ard/lstm.h) in double precision on the host, plain and slow.
 *
 * Dropped units and weights are zeros in whole arrays. Plain SGD, no momentum. */
#ifndef ARD_BENCH_REFERENCE_LSTM_H
#define ARD_BENCH_REFERENCE_LSTM_H

#include <ard/lstm.h>

typedef struct reference_lstm reference_lstm;

typedef struct reference_lstm_sizes {
    size_t layers;
    size_t vocabulary;
    size_t embedding;
    size_t hidden;
    size_t batch; /* of the steps */
    size_t steps; /* of their windows */
    bool tied;
    bool tiles; /* weights are dropped, in tiles */
} reference_lstm_sizes;

/* A model with all parameters and its hidden state zero. NULL without memory. */
reference_lstm *reference_lstm_create(const reference_lstm_sizes *sizes);
void reference_lstm_destroy(reference_lstm *lstm);

/* Values of a parameter; 0 of a softmax in a tied model. */
size_t reference_lstm_count(const reference_lstm *lstm, ard_lstm_parameter parameter, size_t layer);

void reference_lstm_set(reference_lstm *lstm, ard_lstm_parameter parameter, size_t layer,
                        const float *values);

/* What a step drops of the input of a product and of its weights. */
typedef struct reference_lstm_dropout {
    ard_layer_pattern pattern;
    double scale;        /* of the kept units */
    double weight_scale; /* of the kept weights */
} reference_lstm_dropout;

/* Begins a step. `dropout` is borrowed until its end: layers + 1 between, then the recurrent ones,
 * one a layer, or with `stride` > 0 one a time step: that of layer l and time t is
 * [layers + 1 + l * stride + t]. */
void reference_lstm_begin(reference_lstm *lstm, const reference_lstm_dropout *dropout,
                          size_t stride);

/* Time step `t` forward: words and targets [batch]. To be called for all from 0 on. Returns its
 * loss, summed over the batch. */
double reference_lstm_forward(reference_lstm *lstm, size_t t, const uint32_t *words,
                              const uint32_t *targets);

/* Time step `t` backward, from the last one on. */
void reference_lstm_backward(reference_lstm *lstm, size_t t, const uint32_t *words);

/* The end of the step: the update, with a gradient of at most the norm `clip`. */
void reference_lstm_update(reference_lstm *lstm, double rate, double clip);

/* Largest difference of a parameter from the given values, relative to the largest change that the
 * last update made to it, or to a thousandth of its largest value where that is more. Infinite
 * where something is not a number. */
double reference_lstm_error(const reference_lstm *lstm, ard_lstm_parameter parameter, size_t layer,
                            const float *values);

#endif
