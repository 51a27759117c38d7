/* SPDX-License-Identifier: Apache-2.0 */
/* A recurrent language model: an embedding, a stack of LSTM layers and a softmax over the
 * vocabulary, trained by truncated back-propagation through time with dropout where Zaremba et al.
 * (arXiv 1409.2329) and where Gal and Ghahramani (arXiv 1512.05287) put it.
 *
 * At time t a layer with input x_t (in wide) and hidden state h (hidden wide) computes
 *     a = x_t W + h_{t-1} R + b                            (4 * hidden wide)
 *     i = sigmoid(a_i)  f = sigmoid(a_f)  g = tanh(a_g)  o = sigmoid(a_o)
 *     c_t = f c_{t-1} + i g,    h_t = o tanh(c_t)
 * with the gates side by side in the order i, f, g, o. Weights are stored by input: W [in x
 * 4 hidden], R [hidden x 4 hidden], so that dropped inputs are dropped rows.
 *
 * Sequences are time-first: row t * batch + b of a window is time step t of sequence b. The hidden
 * state is carried from window to window; gradients stop between them.
 *
 * Dropout, with rate p, and what becomes smaller by 1 - p with a pattern:
 *   between    the inputs of every layer and of the softmax. One pattern an input and window: all
 *              its time steps are one multiplication. Forward, backward to data and backward to
 *              weights of the input and softmax products.
 *   recurrent  the hidden state on its way to the next time step: one pattern a layer for the whole
 *              window, or `fresh` ones every step (as in Sarma et al., 2021). The same three of the
 *              recurrent products; with fresh patterns the weight gradient is over the units that
 *              some step keeps.
 *   TILE and DROPCONNECT drop the weights of the same products instead, once a window.
 * With V words, hidden = embedding = H and L layers the products take 8 L H^2 + V H multiply-adds a
 * token forward, and as many again to data and to weights, so that the FLOP limits are
 *     between            (8 L H + V) / (4 L H + (1 - p) (4 L H + V))
 *     recurrent          (8 L H + V) / (4 L H + V + (1 - p) 4 L H)
 *     recurrent, fresh   (8 L H + V) / (4 L H + V + (2 (1 - p) + u) / 3 * 4 L H), where some time
 *                        step of a window keeps a share u of the units
 *     both               1 / (1 - p) without `fresh`
 * of all patterns, TILE included, and 1 of BERNOULLI and DROPCONNECT, which save nothing. */
#ifndef ARD_LSTM_H
#define ARD_LSTM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/context.h>
#include <ard/mlp.h>
#include <ard/sgd.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ARD_LSTM_MAX_LAYERS = 16, ARD_LSTM_MAX_FRESH_STEPS = 255 };

/* What a language model is made of. */
typedef struct ard_lstm_options {
    size_t layers;         /* 1..ARD_LSTM_MAX_LAYERS */
    size_t vocabulary;     /* words, V */
    size_t embedding;      /* width of a word's vector, E */
    size_t hidden;         /* width of each layer, H */
    size_t batch;          /* most sequences side by side */
    size_t steps;          /* most time steps of a window */
    ard_dropout between;   /* on the inputs of the layers and of the softmax */
    ard_dropout recurrent; /* on the hidden states that go to the next time step */
    bool fresh;            /* of `recurrent`: a pattern or mask a time step, not a window. At most
                              ARD_LSTM_MAX_FRESH_STEPS steps then; not TILE or DROPCONNECT */
    bool tied;             /* the softmax has the embedding's weights and the embedding's pattern;
                              embedding == hidden, `between` not TILE */
    double forget_bias;    /* initial bias of the forget gates; the other biases begin with 0 */
    double range;          /* initial weights are uniform in [-range, range), > 0 */
    double clip;           /* the largest global norm of a step's gradient (ard_sgd_clip); 0: any */
    uint64_t seed;         /* of initial weights, patterns and masks */
    ard_sgd_options sgd;   /* momentum SGD and its schedule */
} ard_lstm_options;

/* Zaremba's small model on 10,000 words: 2 layers of 200, embedding 200, 20 sequences, 20 steps, no
 * dropout, range 0.1, forget bias 0, clip 5, learning rate 1 without momentum, untied, seed 1. */
ARD_API ard_lstm_options ard_lstm_defaults(void);

/* A language model with its training state. */
typedef struct ard_lstm ard_lstm;

/* A new model. The device memory of a step is allocated here, but for lists of indices and sums of
 * rows and gradients, small beside it, which the first steps add. The context must outlive it.
 * INVALID_ARGUMENT, INVALID_PATTERN, INVALID_RATE, *_OUT_OF_MEMORY. */
ARD_API ard_status ard_lstm_create(ard_context *context, const ard_lstm_options *options,
                                   ard_lstm **lstm);

/* NULL is fine. */
ARD_API void ard_lstm_destroy(ard_lstm *lstm);

/* What it was made with, and the learning rate that it has now. */
ARD_API const ard_lstm_options *ard_lstm_get_options(const ard_lstm *lstm);

/* Number of training steps (windows) done. */
ARD_API uint64_t ard_lstm_steps_done(const ard_lstm *lstm);

/* Another learning rate from the next step on, for decay on a plateau. The schedule must be
 * constant. INVALID_ARGUMENT. */
ARD_API ard_status ard_lstm_set_rate(ard_lstm *lstm, double rate);

/* Starts the training sequences anew: their hidden state becomes zero, as it is in a new model. */
ARD_API ard_status ard_lstm_reset(ard_lstm *lstm);

/* One training step on a window of steps <= options.steps time steps of batch <= options.batch
 * sequences: patterns, forward from the hidden state that the last window left, backward, and one
 * update. `tokens` and `targets` are host arrays [steps x batch], time-first, of words < V (the
 * target of a token is the word after it); they are copied. The gradient is that of the loss summed
 * over the time steps and averaged over the sequences. A smaller batch works on the first
 * sequences. Enqueues and flushes, does not block. `event` as everywhere. After a failure the step
 * did not count, but its loss may be in the training result, and some parameters may have been
 * updated: load a checkpoint. INVALID_ARGUMENT. */
ARD_API ard_status ard_lstm_step(ard_lstm *lstm, size_t batch, size_t steps, const uint32_t *tokens,
                                 const uint32_t *targets, cl_event *event);

/* Number of patterns of a step: layers + 1 of `between`, the inputs of the layers from the first
 * and of the softmax; then those of `recurrent`: one a layer, or where they are fresh options.steps
 * for the first layer, then for the second. */
ARD_API size_t ard_lstm_pattern_count(const ard_lstm *lstm);

/* The patterns that ard_lstm_step uses at step `step`, into patterns [ard_lstm_pattern_count].
 * Index patterns borrow memory of the model, until the next call of this or of ard_lstm_step. */
ARD_API ard_status ard_lstm_patterns(const ard_lstm *lstm, uint64_t step,
                                     ard_layer_pattern *patterns);

/* ard_lstm_step with patterns [ard_lstm_pattern_count] given in place of sampled ones, such as the
 * dropout can draw. A tied model's softmax must have the pattern of the first input. */
ARD_API ard_status ard_lstm_step_with_patterns(ard_lstm *lstm, const ard_layer_pattern *patterns,
                                               size_t batch, size_t steps, const uint32_t *tokens,
                                               const uint32_t *targets, cl_event *event);

/* Floating point operations (2 a multiply-add) of the products of one step with these patterns
 * (NULL: dense): input, recurrent and softmax products, forward, backward to data and to weights.
 */
ARD_API ard_status ard_lstm_step_flops(const ard_lstm *lstm, size_t batch, size_t steps,
                                       const ard_layer_pattern *patterns, double *flops);

/* How well tokens were predicted. */
typedef struct ard_lstm_result {
    uint64_t tokens;  /* that were predicted */
    uint64_t correct; /* where the target was the most probable word */
    double loss;      /* mean cross-entropy in nats; exp(loss) is the perplexity */
} ard_lstm_result;

/* Loss and hits of the training steps since the last call, with their dropout, before each update.
 * Blocks. */
ARD_API ard_status ard_lstm_take_training_result(ard_lstm *lstm, ard_lstm_result *result);

/* Evaluates a text of `count` >= 2 tokens without dropout: every token but the first is predicted
 * once. The text is cut into options.batch (or fewer, for a short text) stretches of equal length,
 * or one token more, each of which begins with a hidden state of zero. Blocks; changes nothing that
 * training sees. INVALID_ARGUMENT. */
ARD_API ard_status ard_lstm_evaluate(ard_lstm *lstm, size_t count, const uint32_t *tokens,
                                     ard_lstm_result *result);

/* Reads one token of a sequence of its own (`begins`: a new one) without dropout and gives the
 * logits [V] of the next one to a host array. Blocks; changes nothing that training or evaluation
 * see. For text generation. */
ARD_API ard_status ard_lstm_predict(ard_lstm *lstm, bool begins, uint32_t token, float *logits);

/* The global norm of the last step's gradient before it was clipped; 0 before the first step of a
 * new or loaded model, and always in a model that does not clip. Blocks. */
ARD_API ard_status ard_lstm_gradient_norm(ard_lstm *lstm, double *norm);

/* The parameters of a model. */
typedef enum ard_lstm_parameter {
    ARD_LSTM_EMBEDDING = 0,    /* [V x E] */
    ARD_LSTM_INPUT = 1,        /* W of a layer [in x 4H], in = E in the first, H in the others */
    ARD_LSTM_RECURRENT = 2,    /* R of a layer [H x 4H] */
    ARD_LSTM_BIAS = 3,         /* b of a layer [4H] */
    ARD_LSTM_SOFTMAX = 4,      /* [H x V]; not in a tied model */
    ARD_LSTM_SOFTMAX_BIAS = 5, /* [V] */
} ard_lstm_parameter;

/* A parameter, brought up to date, to a contiguous host array of the caller's. `layer` counts from
 * 0 and is of no meaning where there is one parameter for all. Blocks. */
ARD_API ard_status ard_lstm_read(ard_lstm *lstm, ard_lstm_parameter parameter, size_t layer,
                                 float *values);

/* Sets a parameter from a host array; its velocity becomes zero. Blocks. */
ARD_API ard_status ard_lstm_write(ard_lstm *lstm, ard_lstm_parameter parameter, size_t layer,
                                  const float *values);

/* The hidden state h and the cell state c of a layer after the last training step, each
 * [options.batch x H], to host arrays of the caller's. Blocks. */
ARD_API ard_status ard_lstm_read_state(ard_lstm *lstm, size_t layer, float *h, float *c);

/* Writes everything that a resumed run needs (options, step, hidden state, parameters with their
 * velocity and ages, and up to 64 KiB of the application's own bytes) to `path`, beside it first,
 * then renamed. Blocks. IO, INVALID_ARGUMENT. */
ARD_API ard_status ard_lstm_save(ard_lstm *lstm, const char *path, const void *extra,
                                 size_t extra_size);

/* The model saved at `path`; training goes on with the same bits on the same device and versions.
 * FORMAT with a detail for a damaged, truncated or foreign file; IO. */
ARD_API ard_status ard_lstm_load(ard_context *context, const char *path, ard_lstm **lstm);

/* As ard_mlp_extra. Borrowed. */
ARD_API const void *ard_lstm_extra(const ard_lstm *lstm, size_t *extra_size);

/* As ard_mlp_resume_note. Borrowed. */
ARD_API const char *ard_lstm_resume_note(const ard_lstm *lstm);

#ifdef __cplusplus
}
#endif

#endif
