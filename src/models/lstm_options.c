/* SPDX-License-Identifier: Apache-2.0 */
/* The options of a language model and their check. */
#include <float.h>
#include <math.h>

#include "device/matrix_check.h"
#include "models/lstm_internal.h"

ard_lstm_options ard_lstm_defaults(void)
{
    ard_lstm_options options = {.layers = 2,
                                .vocabulary = 10000,
                                .embedding = 200,
                                .hidden = 200,
                                .batch = 20,
                                .steps = 20,
                                .range = 0.1,
                                .clip = 5.0,
                                .seed = 1,
                                .sgd = ard_sgd_defaults()};
    options.sgd.schedule.rate = 1.0;
    options.sgd.momentum = 0.0;
    return options;
}

static ard_status check_sizes(const ard_lstm_options *options)
{
    ARD__CHECK(options->layers >= 1 && options->layers <= ARD_LSTM_MAX_LAYERS,
               "the model has %zu layers, expected 1..%d", options->layers, ARD_LSTM_MAX_LAYERS);
    ARD_TRY(ard__check_size("vocabulary", options->vocabulary));
    ARD_TRY(ard__check_size("embedding", options->embedding));
    ARD_TRY(ard__check_size("hidden", options->hidden));
    ARD_TRY(ard__check_size("batch", options->batch));
    ARD_TRY(ard__check_size("steps", options->steps));
    ARD_TRY(ard__check_size("four times hidden", 4 * options->hidden));
    ARD__CHECK(options->steps <= ARD__MAX_DIMENSION / options->batch - 1,
               "a window of %zu steps of %zu sequences, expected fewer than %zu tokens",
               options->steps, options->batch, ARD__MAX_DIMENSION);
    return ARD_STATUS_SUCCESS;
}

static ard_status check_numbers(const ard_lstm_options *options)
{
    ARD__CHECK(options->range >= FLT_MIN && options->range <= FLT_MAX,
               "the range of initial weights is %g, expected a positive number of float32",
               options->range);
    ARD__CHECK(fabs(options->forget_bias) <= FLT_MAX,
               "the forget bias is %g, expected a number of float32", options->forget_bias);
    ARD__CHECK(options->clip == 0.0 || (options->clip >= FLT_MIN && isfinite(options->clip)),
               "the largest gradient norm is %g, expected zero (any), or %g or more", options->clip,
               (double)FLT_MIN);
    return ARD_STATUS_SUCCESS;
}

static bool drops_weights(const ard_dropout *dropout)
{
    return dropout->kind == ARD_DROPOUT_TILE || dropout->kind == ARD_DROPOUT_DROPCONNECT;
}

static ard_status check_together(const ard_lstm_options *options)
{
    ARD__CHECK(!options->tied || options->embedding == options->hidden,
               "a tied model with an embedding of %zu and %zu hidden units, expected the same",
               options->embedding, options->hidden);
    ARD__CHECK(!options->tied || options->between.kind != ARD_DROPOUT_TILE,
               "a tied model with tile patterns on its softmax, expected untied weights or another "
               "dropout between its layers");
    ARD__CHECK(!options->fresh || !drops_weights(&options->recurrent),
               "recurrent weights that are dropped anew every time step, expected units of every "
               "step or weights of every window");
    ARD__CHECK(!options->fresh || options->steps <= ARD_LSTM_MAX_FRESH_STEPS,
               "fresh patterns for %zu time steps, expected at most %d", options->steps,
               ARD_LSTM_MAX_FRESH_STEPS);
    return ARD_STATUS_SUCCESS;
}

/* Weights are stored by input, so what drops inputs drops rows of them. */
static ard_status check_site(const ard_dropout *dropout, size_t tokens, size_t in, size_t out)
{
    ARD_TRY(ard__dropout_check(dropout, out, in));
    return ard__dropout_check_mask(dropout, tokens, in);
}

ard_status ard__lstm_check_options(const ard_lstm_options *options)
{
    ARD__CHECK(options != NULL, "the model's options are NULL");
    ARD_TRY(check_sizes(options));
    ARD_TRY(check_numbers(options));
    const size_t tokens = options->steps * options->batch;
    for (size_t site = 0; site <= options->layers; ++site) {
        const size_t out = site < options->layers ? 4 * options->hidden : options->vocabulary;
        ARD_TRY(check_site(&options->between, tokens, ard__lstm_width(options, site), out));
    }
    ARD_TRY(check_site(&options->recurrent, tokens, options->hidden, 4 * options->hidden));
    return check_together(options);
}

ard_status ard__lstm_spread_dropout(ard_lstm *lstm)
{
    const ard_lstm_options *options = &lstm->options;
    for (size_t site = 0; site <= options->layers; ++site) {
        ard_dropout *dropout = &lstm->between[site];
        *dropout = options->between;
        if (dropout->kind == ARD_DROPOUT_INDEX) {
            ARD_TRY(ard_index_distribution_from_rate(dropout->rate, ard__lstm_width(options, site),
                                                     &dropout->index));
        }
    }
    lstm->recurrent = options->recurrent;
    return lstm->recurrent.kind == ARD_DROPOUT_INDEX
               ? ard_index_distribution_from_rate(lstm->recurrent.rate, options->hidden,
                                                  &lstm->recurrent.index)
               : ARD_STATUS_SUCCESS;
}

ard_status ard__lstm_check_window(const ard_lstm *lstm, size_t batch, size_t steps,
                                  const uint32_t *tokens, const uint32_t *targets)
{
    ARD__CHECK(lstm != NULL && tokens != NULL && targets != NULL,
               "the model, the tokens or the targets are NULL");
    const ard_lstm_options *options = &lstm->options;
    ARD__CHECK(batch >= 1 && batch <= options->batch, "a window of %zu sequences, expected 1..%zu",
               batch, options->batch);
    ARD__CHECK(steps >= 1 && steps <= options->steps, "a window of %zu steps, expected 1..%zu",
               steps, options->steps);
    for (size_t i = 0; i < batch * steps; ++i) {
        ARD__CHECK(tokens[i] < options->vocabulary,
                   "token %zu of the window is %u, expected below %zu", i, tokens[i],
                   options->vocabulary);
        ARD__CHECK(targets[i] < options->vocabulary,
                   "target %zu of the window is %u, expected below %zu", i, targets[i],
                   options->vocabulary);
    }
    return ARD_STATUS_SUCCESS;
}
