/* SPDX-License-Identifier: Apache-2.0 */
/* The recurrent language model of <ard/lstm.h> in double precision, by plain loops: every weight in
 * every step, whatever is dropped being a factor of zero.
 *
 * Matrices of a window are time-first, as everywhere: row t * batch + b is time step t of sequence
 * b. */
#ifndef ARD_TEST_REFERENCE_LSTM_H
#define ARD_TEST_REFERENCE_LSTM_H

#include <stddef.h>
#include <stdint.h>

#include <ard/lstm.h>

/* A parameter [rows x cols], stored as the header says. */
typedef struct reference_weights {
    ard_lstm_parameter kind;
    size_t layer;
    size_t rows;
    size_t cols;
    double *values;
    double *velocity;
    double *gradient;
} reference_weights;

enum { REFERENCE_LSTM_WEIGHTS = 3 * ARD_LSTM_MAX_LAYERS + 3 };

typedef struct reference_lstm {
    ard_lstm_options options; /* the rate of the schedule may be changed */
    uint64_t step;            /* updates done */
    double norm;              /* of the last update's gradient before it was clipped */
    size_t count;             /* of weights */
    reference_weights weights[REFERENCE_LSTM_WEIGHTS];
    double *h[ARD_LSTM_MAX_LAYERS]; /* [options.batch x H], carried from window to window */
    double *c[ARD_LSTM_MAX_LAYERS];
} reference_lstm;

/* All parameters and the state zero. */
reference_lstm reference_lstm_create(const ard_lstm_options *options);
void reference_lstm_destroy(reference_lstm *lstm);

/* The parameter, NULL where the model has none such. */
const reference_weights *reference_lstm_weights(const reference_lstm *lstm, ard_lstm_parameter kind,
                                                size_t layer);

/* The softmax's weights: its own [H x V], or in a tied model the embedding's [V x H]. */
const reference_weights *reference_lstm_softmax(const reference_lstm *lstm);

/* The width of input `site`: those of the layers from the first, then that of the softmax. */
size_t reference_lstm_width(const reference_lstm *lstm, size_t site);

/* What a window multiplies by, element by element; NULL: by 1. */
typedef struct reference_lstm_factors {
    double *input[ARD_LSTM_MAX_LAYERS + 1];         /* [steps * batch x width of the site] */
    double *recurrent[ARD_LSTM_MAX_LAYERS];         /* [steps * batch x H]: row t * batch + b is on
                                                       h_{t-1} on its way to step t */
    double *input_weights[ARD_LSTM_MAX_LAYERS + 1]; /* as the weights are stored */
    double *recurrent_weights[ARD_LSTM_MAX_LAYERS];
} reference_lstm_factors;

void reference_lstm_factors_destroy(reference_lstm_factors *factors);

/* What forward leaves for backward: `rows` = steps * batch rows everywhere. */
typedef struct reference_lstm_window {
    size_t batch;
    size_t steps;
    size_t rows;
    const uint32_t *tokens;                 /* [rows], borrowed */
    const reference_lstm_factors *factors;  /* borrowed */
    double *input[ARD_LSTM_MAX_LAYERS + 1]; /* of a site, after its factors */
    double *past[ARD_LSTM_MAX_LAYERS];      /* h_{t-1}, after its factors */
    double *gates[ARD_LSTM_MAX_LAYERS];     /* [rows x 4H], after their activations */
    double *h[ARD_LSTM_MAX_LAYERS];
    double *c[ARD_LSTM_MAX_LAYERS];
    double *past_c[ARD_LSTM_MAX_LAYERS];            /* c_{t-1} */
    double *input_weights[ARD_LSTM_MAX_LAYERS + 1]; /* after their factors */
    double *recurrent_weights[ARD_LSTM_MAX_LAYERS]; /* likewise */
    double *logits;                                 /* [rows x V] */
} reference_lstm_window;

/* Forward from the model's state, which stays as it is. `factors` may be NULL. */
reference_lstm_window reference_lstm_forward(const reference_lstm *lstm,
                                             const reference_lstm_factors *factors, size_t batch,
                                             size_t steps, const uint32_t *tokens);
void reference_lstm_window_destroy(reference_lstm_window *window);

/* The hidden state after the window becomes the model's, for the sequences of the window. */
void reference_lstm_keep_state(reference_lstm *lstm, const reference_lstm_window *window);

/* The state becomes zero. */
void reference_lstm_reset(reference_lstm *lstm);

/* The loss summed over all tokens of the window; the hits are added to *hits unless it is NULL. */
double reference_lstm_loss(const reference_lstm *lstm, const reference_lstm_window *window,
                           const uint32_t *targets, double *hits);

/* The gradients of all parameters: of the loss summed over the time steps and averaged over the
 * sequences. */
void reference_lstm_backward(reference_lstm *lstm, const reference_lstm_window *window,
                             const uint32_t *targets);

/* One update by the gradients, clipped as the options say. */
void reference_lstm_update(reference_lstm *lstm);

/* As ard_lstm_evaluate: the mean loss, and unless NULL the hits, of a text. */
double reference_lstm_evaluate(const reference_lstm *lstm, size_t count, const uint32_t *tokens,
                               double *hits);

#endif
