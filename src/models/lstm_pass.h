/* SPDX-License-Identifier: Apache-2.0 */
/* One window through a language model: what steps and evaluations share. */
#ifndef ARD_LSTM_PASS_H
#define ARD_LSTM_PASS_H

#include <ard/lstm.h>
#include <ard/lstm_cell.h>

#include "layers/projection.h"
#include "optimizer/parameter_internal.h"

/* The matrices of weights that can be dropped from: the input products of all layers, their
 * recurrent products, the softmax. */
enum { ARD__LSTM_MATRICES = 2 * ARD_LSTM_MAX_LAYERS + 1 };

static inline size_t ard__lstm_input_index(size_t layer)
{
    return layer;
}

static inline size_t ard__lstm_recurrent_index(size_t layer)
{
    return ARD_LSTM_MAX_LAYERS + layer;
}

enum { ARD__LSTM_SOFTMAX_INDEX = 2 * ARD_LSTM_MAX_LAYERS };

/* A matrix of weights in one window. */
typedef struct ard__lstm_matrix {
    ard_parameter *parameter;
    ard__projection projection;
    ard_pattern units; /* inputs that it keeps */
    ard_tile_pattern tile;
    ard_matrix weights; /* compact, up to date */
} ard__lstm_matrix;

/* How the hidden state of a layer goes to the next time step. */
typedef enum ard__lstm_way {
    ARD__LSTM_PASS_ALL,     /* as it is */
    ARD__LSTM_PASS_MASKED,  /* by the layer's mask */
    ARD__LSTM_PASS_PATTERN, /* one pattern for the window */
    ARD__LSTM_PASS_FRESH,   /* a pattern a time step */
} ard__lstm_way;

typedef struct ard__lstm_pass {
    size_t batch;
    size_t steps;
    bool training;
    const ard_layer_pattern *patterns; /* NULL: nothing is dropped */
    const struct ard__lstm_state *state;
    ard__lstm_way way;
    ard__lstm_matrix matrices[ARD__LSTM_MATRICES];
    ard_matrix bias[ARD_LSTM_MAX_LAYERS];
    ard_matrix softmax_bias;
    ard_matrix srcs[ARD_LSTM_MAX_LAYERS + 1]; /* as the products take them */
} ard__lstm_pass;

/* Tokens of the window: rows of its matrices. */
static inline size_t ard__lstm_rows(const ard__lstm_pass *pass)
{
    return pass->batch * pass->steps;
}

/* The part of a matrix behind its first `block` blocks of `batch` rows, one a time step. */
static inline ard_matrix ard__lstm_at(const ard__lstm_pass *pass, const ard_matrix *matrix,
                                      size_t block)
{
    return (ard_matrix){matrix->buffer, matrix->offset + block * pass->batch * matrix->ld,
                        matrix->ld};
}

/* What a window's matrices keep, and their weights without the rest. A step brings weights that are
 * kept whole up to date in place; an evaluation changes nothing and copies those that are behind.
 */
ard_status ard__lstm_plan(ard_lstm *lstm, ard__lstm_pass *pass);
ard_status ard__lstm_fetch(ard_lstm *lstm, ard__lstm_pass *pass);

/* The words of a window, the compact rows of their embedding, and its targets (NULL: none). */
ard_status ard__lstm_take_window(ard_lstm *lstm, ard__lstm_pass *pass, const uint32_t *tokens,
                                 const uint32_t *targets);

/* Forward from the state in pass->state to the logits. */
ard_status ard__lstm_forward(ard_lstm *lstm, ard__lstm_pass *pass);

/* The state after the window becomes that of pass->state. */
ard_status ard__lstm_keep_state(ard_lstm *lstm, const ard__lstm_pass *pass);

/* From the gradient of the logits to those of all parameters, in their places. */
ard_status ard__lstm_backward(ard_lstm *lstm, ard__lstm_pass *pass);

/* What makes up for what a conventional mask drops. */
static inline float ard__lstm_mask_scale(const ard_dropout *dropout)
{
    return (float)(1.0 / (1.0 - dropout->rate));
}

/* The dropout mask of a site of `between`, or of a layer's recurrent dropout. */
ard_bernoulli ard__lstm_mask(const ard_lstm *lstm, const ard_dropout *dropout, size_t stream);

/* The projection of one fresh time step of a layer, and its weights: a view or a copy. */
ard_status ard__lstm_fresh_product(ard_lstm *lstm, const ard__lstm_pass *pass, size_t layer,
                                   size_t step, ard__projection *projection, ard_matrix *weights);

/* What time step `step` takes of the hidden state before it: where, and how it was passed. */
ard_matrix ard__lstm_passed(const ard_lstm *lstm, const ard__lstm_pass *pass, size_t layer,
                            size_t step);
ard_lstm_passing ard__lstm_passing_to(const ard_lstm *lstm, const ard__lstm_pass *pass,
                                      size_t layer, size_t step);

/* Where the compact gradient of a matrix of weights goes. */
ard_matrix ard__lstm_gradient(const ard_lstm *lstm, const ard__lstm_pass *pass, size_t index);

#endif
