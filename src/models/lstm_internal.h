/* SPDX-License-Identifier: Apache-2.0 */
/* What a language model holds. */
#ifndef ARD_LSTM_INTERNAL_H
#define ARD_LSTM_INTERNAL_H

#include <ard/lstm.h>

#include "layers/embedding.h"
#include "models/dropout_internal.h"
#include "models/lstm_pass.h"

/* Streams of draws: site s of `between` has s, the recurrent dropout of layer l this and l. */
enum { ARD__LSTM_RECURRENT_STREAM = 256 };

typedef struct ard__lstm_layer {
    size_t in;
    ard_parameter *input;     /* [in x 4 hidden] */
    ard_parameter *recurrent; /* [hidden x 4 hidden] */
    ard_parameter *bias;      /* [1 x 4 hidden] */
    ard_matrix gates;         /* of a window [steps * batch x 4 hidden] */
    ard_matrix cell; /* [(1 + steps) * batch x hidden]: the state carried in, then c of each step */
    ard_matrix hidden; /* likewise, h */
    ard_matrix passed; /* [steps * batch x hidden]: with recurrent dropout, what each step takes of
                          the hidden state before it */
    ard_matrix mask;   /* BERNOULLI: the factors that made it */
    uint32_t *kept;    /* fresh patterns: [hidden], the units that some step keeps */
} ard__lstm_layer;

/* The state that a sequence of windows carries. */
typedef struct ard__lstm_state {
    ard_matrix h[ARD_LSTM_MAX_LAYERS]; /* [batch x hidden] */
    ard_matrix c[ARD_LSTM_MAX_LAYERS];
} ard__lstm_state;

struct ard_lstm {
    ard_context *context;
    ard_lstm_options options;
    ard_dropout between[ARD_LSTM_MAX_LAYERS + 1]; /* by site, which decides about INDEX */
    ard_dropout recurrent;
    ard_sgd *sgd;
    ard_parameter *embedding;    /* [V x E] */
    ard_parameter *softmax;      /* [hidden x V]; NULL in a tied model */
    ard_parameter *softmax_bias; /* [1 x V] */
    ard__lstm_layer layers[ARD_LSTM_MAX_LAYERS];
    ard_matrix srcs[ARD_LSTM_MAX_LAYERS + 1]; /* by site: [steps * batch x width], what is left of
                                                 the input of a layer or of the softmax */
    ard__lstm_state training;
    ard__lstm_state evaluation; /* of ard_lstm_evaluate() */
    ard__lstm_state prediction; /* of ard_lstm_predict(), one sequence */
    ard__occurrences *occurrences;
    cl_mem targets;         /* [steps * batch] int32 */
    ard__scratch copies;    /* compact weights of a step (lstm_places.c) */
    ard__scratch panels;    /* recurrent weights as the engine takes them */
    ard__scratch gradients; /* of all parameters, their places: */
    size_t matrix_at[ARD__LSTM_MATRICES];
    size_t copy_at[ARD__LSTM_MATRICES]; /* and of copies */
    size_t embedding_at;
    size_t bias_at[ARD_LSTM_MAX_LAYERS];
    size_t softmax_bias_at;
    ard_matrix embedding_rows; /* [words of a window x E], compact */
    ard_matrix logits;         /* [steps * batch x V], then their gradient */
    ard_matrix products;       /* [batch x 4 hidden]: a recurrent product */
    ard_matrix diff_src;       /* [steps * batch x wider of E and hidden] */
    ard_matrix diff_hidden;    /* [steps * batch x hidden] */
    ard_matrix diff_passed;    /* [batch x hidden] */
    ard_matrix diff_cell;      /* [batch x hidden] */
    ard_matrix totals;         /* loss and hits since ard_lstm_take_training_result */
    uint64_t total_tokens;     /* and of how many tokens */
    ard_matrix evaluation_totals;
    struct ard__lstm_pass *pass;
    ard_layer_pattern *patterns; /* of a step, [ard_lstm_pattern_count] */
    uint32_t *indices;           /* INDEX: the units of all patterns of a step */
    size_t indices_stride;       /* of each */
    void *extra;
    size_t extra_size;
    char *resume_note;
};

/* NULL of NULL. */
static inline ard_context *ard__lstm_context(const ard_lstm *lstm)
{
    return lstm != NULL ? lstm->context : NULL;
}

/* Ends an operation on so many sequences and time steps (no sequences: a text; 0 of both: none),
 * under the patterns of a step (NULL: dropping nothing), described where it is to be (operation.h).
 * Returns the status. */
ard_status ard__lstm_end(ard_context *context, const ard_lstm *lstm, size_t batch, size_t steps,
                         const ard_layer_pattern *patterns, ard_status status);

/* Width of the units of site `site` of `between`. */
static inline size_t ard__lstm_width(const ard_lstm_options *options, size_t site)
{
    return site == 0 ? options->embedding : options->hidden;
}

/* Words that a window has at the most. */
static inline size_t ard__lstm_most_words(const ard_lstm_options *options)
{
    const size_t tokens = options->steps * options->batch;
    return tokens < options->vocabulary ? tokens : options->vocabulary;
}

/* Patterns of the recurrent dropout of a layer. */
static inline size_t ard__lstm_fresh_steps(const ard_lstm_options *options)
{
    return options->fresh ? options->steps : 1;
}

/* INVALID_* unless a model can be made from the options. */
ard_status ard__lstm_check_options(const ard_lstm_options *options);

/* The dropout of each site and of the recurrent products, with distributions of INDEX. */
ard_status ard__lstm_spread_dropout(ard_lstm *lstm);

/* INVALID_PATTERN unless the model can draw the patterns. */
ard_status ard__lstm_check_patterns(const ard_lstm *lstm, const ard_layer_pattern *patterns);

/* INVALID_ARGUMENT unless the model can take such a window of such tokens. */
ard_status ard__lstm_check_window(const ard_lstm *lstm, size_t batch, size_t steps,
                                  const uint32_t *tokens, const uint32_t *targets);

/* The pattern of the recurrent product of time step `step` of layer `layer`. */
const ard_layer_pattern *ard__lstm_recurrent_pattern(const ard_lstm *lstm,
                                                     const ard_layer_pattern *patterns,
                                                     size_t layer, size_t step);

/* Whether one of the first `steps` time steps with fresh patterns keeps a unit. */
bool ard__lstm_keeps_unit(const ard_lstm *lstm, const ard_layer_pattern *patterns, size_t layer,
                          size_t steps, size_t unit);

/* Finds the places of copies and gradients and makes room for them. */
ard_status ard__lstm_reserve(ard_lstm *lstm);

/* Sets a state to zero, its first `batch` sequences. */
ard_status ard__lstm_clear_state(ard_lstm *lstm, const ard__lstm_state *state, size_t batch);

#endif
