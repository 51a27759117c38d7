/* SPDX-License-Identifier: Apache-2.0 */
/* One training step of a language model. */
#include "device/operation.h"
#include "layers/loss_internal.h"
#include "models/lstm_internal.h"

/* The gradients of all parameters, for their norm. */
static size_t list_gradients(const ard_lstm *lstm, const ard__lstm_pass *pass,
                             ard_gradient *gradients)
{
    const ard_lstm_options *options = &lstm->options;
    const cl_mem buffer = lstm->gradients.buffer;
    size_t count = 0;
    for (size_t index = 0; index < ARD__LSTM_MATRICES; ++index) {
        const ard__projection *projection = &pass->matrices[index].projection;
        if (pass->matrices[index].parameter != NULL) {
            gradients[count++] = (ard_gradient){ard__lstm_gradient(lstm, pass, index),
                                                projection->weight_rows, projection->weight_cols};
        }
    }
    for (size_t layer = 0; layer < options->layers; ++layer) {
        const size_t width = 4 * options->hidden;
        gradients[count++] = (ard_gradient){{buffer, lstm->bias_at[layer], width}, 1, width};
    }
    gradients[count++] = (ard_gradient){
        {buffer, lstm->softmax_bias_at, options->vocabulary}, 1, options->vocabulary};
    if (!options->tied) {
        const size_t width = pass->matrices[ard__lstm_input_index(0)].projection.kept_in;
        gradients[count++] =
            (ard_gradient){{buffer, lstm->embedding_at, width}, lstm->occurrences->words, width};
    }
    return count;
}

static ard_status clip(ard_lstm *lstm, const ard__lstm_pass *pass)
{
    ard_gradient gradients[ARD__LSTM_MATRICES + ARD_LSTM_MAX_LAYERS + 2];
    const size_t count = list_gradients(lstm, pass, gradients);
    return lstm->options.clip > 0.0 ? ard_sgd_clip(lstm->sgd, lstm->options.clip, count, gradients)
                                    : ARD_STATUS_SUCCESS;
}

static ard_status update_matrix(ard_lstm *lstm, const ard__lstm_pass *pass, size_t index)
{
    const ard__lstm_matrix *matrix = &pass->matrices[index];
    const bool by_input = matrix->projection.by_input;
    const ard_matrix gradient = ard__lstm_gradient(lstm, pass, index);
    return ard_parameter_update(matrix->parameter, by_input ? &matrix->units : NULL,
                                by_input ? NULL : &matrix->units, &matrix->tile, &gradient);
}

static ard_status update_embedding(ard_lstm *lstm, const ard__lstm_pass *pass)
{
    const ard__occurrences *words = lstm->occurrences;
    const ard__lstm_matrix *input = &pass->matrices[ard__lstm_input_index(0)];
    const ard_matrix gradient = {lstm->gradients.buffer, lstm->embedding_at,
                                 input->projection.kept_in};
    ard_pattern occurring;
    ARD_TRY(ard_pattern_index(words->word, (uint32_t)words->words, &occurring));
    return ard_parameter_update(lstm->embedding, &occurring, &input->units, NULL, &gradient);
}

static ard_status update(ard_lstm *lstm, const ard__lstm_pass *pass)
{
    const ard_lstm_options *options = &lstm->options;
    const cl_mem buffer = lstm->gradients.buffer;
    for (size_t layer = 0; layer < options->layers; ++layer) {
        const ard_matrix bias = {buffer, lstm->bias_at[layer], 4 * options->hidden};
        ARD_TRY(update_matrix(lstm, pass, ard__lstm_input_index(layer)));
        ARD_TRY(update_matrix(lstm, pass, ard__lstm_recurrent_index(layer)));
        ARD_TRY(ard_parameter_update(lstm->layers[layer].bias, NULL, NULL, NULL, &bias));
    }
    const ard_matrix bias = {buffer, lstm->softmax_bias_at, options->vocabulary};
    ARD_TRY(update_matrix(lstm, pass, ARD__LSTM_SOFTMAX_INDEX));
    ARD_TRY(ard_parameter_update(lstm->softmax_bias, NULL, NULL, NULL, &bias));
    return options->tied ? ARD_STATUS_SUCCESS : update_embedding(lstm, pass);
}

/* The gradient of the loss takes the place of the logits: summed over the time steps and averaged
 * over the sequences. */
static ard_status differentiate_loss(ard_lstm *lstm, const ard__lstm_pass *pass)
{
    const ard_labels labels = {lstm->targets, 0};
    return ard__softmax_cross_entropy(lstm->context, ard__lstm_rows(pass), pass->batch,
                                      lstm->options.vocabulary, &lstm->logits, &labels,
                                      &lstm->logits, &lstm->totals);
}

static ard_status run_step(ard_lstm *lstm, const ard_layer_pattern *patterns, size_t batch,
                           size_t steps, const uint32_t *tokens, const uint32_t *targets,
                           cl_event *event)
{
    ard__lstm_pass *pass = lstm->pass;
    *pass = (ard__lstm_pass){.batch = batch,
                             .steps = steps,
                             .training = true,
                             .patterns = patterns,
                             .state = &lstm->training};
    ARD_TRY(ard__lstm_plan(lstm, pass));
    ARD_TRY(ard__lstm_fetch(lstm, pass));
    ARD_TRY(ard__lstm_take_window(lstm, pass, tokens, targets));
    ARD_TRY(ard__lstm_forward(lstm, pass));
    ARD_TRY(differentiate_loss(lstm, pass));
    lstm->total_tokens += batch * steps; /* their loss is in the totals, whatever fails below */
    ARD_TRY(ard__lstm_backward(lstm, pass));
    ARD_TRY(clip(lstm, pass));
    ARD_TRY(update(lstm, pass));
    ARD_TRY(ard__lstm_keep_state(lstm, pass));
    ARD_TRY(ard_sgd_advance(lstm->sgd));
    return ard__submit(lstm->context, event);
}

static ard_status step(ard_lstm *lstm, size_t batch, size_t steps, const uint32_t *tokens,
                       const uint32_t *targets, cl_event *event)
{
    ARD_TRY(ard__lstm_check_window(lstm, batch, steps, tokens, targets));
    ARD_TRY(ard_lstm_patterns(lstm, ard_sgd_step(lstm->sgd), lstm->patterns));
    return run_step(lstm, lstm->patterns, batch, steps, tokens, targets, event);
}

ard_status ard_lstm_step(ard_lstm *lstm, size_t batch, size_t steps, const uint32_t *tokens,
                         const uint32_t *targets, cl_event *event)
{
    ard__operation_begin(ard__lstm_context(lstm), "lstm_step");
    return ard__lstm_end(ard__lstm_context(lstm), lstm, batch, steps,
                         lstm != NULL ? lstm->patterns : NULL,
                         step(lstm, batch, steps, tokens, targets, event));
}

static ard_status step_with_patterns(ard_lstm *lstm, const ard_layer_pattern *patterns,
                                     size_t batch, size_t steps, const uint32_t *tokens,
                                     const uint32_t *targets, cl_event *event)
{
    ARD_TRY(ard__lstm_check_window(lstm, batch, steps, tokens, targets));
    ARD__CHECK(patterns != NULL, "ard_lstm_step_with_patterns: patterns is NULL");
    ARD_TRY(ard__lstm_check_patterns(lstm, patterns));
    return run_step(lstm, patterns, batch, steps, tokens, targets, event);
}

ard_status ard_lstm_step_with_patterns(ard_lstm *lstm, const ard_layer_pattern *patterns,
                                       size_t batch, size_t steps, const uint32_t *tokens,
                                       const uint32_t *targets, cl_event *event)
{
    ard__operation_begin(ard__lstm_context(lstm), "lstm_step");
    return ard__lstm_end(ard__lstm_context(lstm), lstm, batch, steps, patterns,
                         step_with_patterns(lstm, patterns, batch, steps, tokens, targets, event));
}
