/* SPDX-License-Identifier: Apache-2.0 */
/* What a language model shows of itself, and what can be set from outside. */
#include "device/matrix_check.h"
#include "device/operation.h"
#include "models/lstm_internal.h"

const ard_lstm_options *ard_lstm_get_options(const ard_lstm *lstm)
{
    return lstm != NULL ? &lstm->options : NULL;
}

uint64_t ard_lstm_steps_done(const ard_lstm *lstm)
{
    return lstm != NULL ? ard_sgd_step(lstm->sgd) : 0;
}

ard_status ard_lstm_set_rate(ard_lstm *lstm, double rate)
{
    ARD__CHECK(lstm != NULL, "ard_lstm_set_rate: the model is NULL");
    ARD_TRY(ard_sgd_set_rate(lstm->sgd, rate));
    lstm->options.sgd.schedule.rate = rate;
    return ARD_STATUS_SUCCESS;
}

ard_status ard__lstm_clear_state(ard_lstm *lstm, const ard__lstm_state *state, size_t batch)
{
    const size_t bytes = batch * lstm->options.hidden * sizeof(cl_float);
    for (size_t layer = 0; layer < lstm->options.layers; ++layer) {
        ARD_TRY(ard__buffer_fill(lstm->context, state->h[layer].buffer, 0, bytes));
        ARD_TRY(ard__buffer_fill(lstm->context, state->c[layer].buffer, 0, bytes));
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status reset(ard_lstm *lstm)
{
    ARD__CHECK(lstm != NULL, "ard_lstm_reset: the model is NULL");
    return ard__lstm_clear_state(lstm, &lstm->training, lstm->options.batch);
}

ard_status ard_lstm_reset(ard_lstm *lstm)
{
    ard__operation_begin(ard__lstm_context(lstm), "lstm_reset");
    return ard__lstm_end(ard__lstm_context(lstm), lstm, 0, 0, NULL, reset(lstm));
}

static ard_status gradient_norm(ard_lstm *lstm, double *norm)
{
    ARD__CHECK(lstm != NULL && norm != NULL, "ard_lstm_gradient_norm: an argument is NULL");
    return ard_sgd_gradient_norm(lstm->sgd, norm);
}

ard_status ard_lstm_gradient_norm(ard_lstm *lstm, double *norm)
{
    ard__operation_begin(ard__lstm_context(lstm), "lstm_gradient_norm");
    return ard__lstm_end(ard__lstm_context(lstm), lstm, 0, 0, NULL, gradient_norm(lstm, norm));
}

static ard_status find(const ard_lstm *lstm, ard_lstm_parameter parameter, size_t layer,
                       ard_parameter **found)
{
    const bool of_layer = parameter == ARD_LSTM_INPUT || parameter == ARD_LSTM_RECURRENT ||
                          parameter == ARD_LSTM_BIAS;
    ARD__CHECK(lstm != NULL, "the model is NULL");
    ARD__CHECK(!of_layer || layer < lstm->options.layers, "layer %zu of a model of %zu", layer,
               lstm->options.layers);
    ARD__CHECK(parameter != ARD_LSTM_SOFTMAX || !lstm->options.tied,
               "a tied model has no softmax weights of its own, expected the embedding");
    switch (parameter) {
    case ARD_LSTM_EMBEDDING:
        *found = lstm->embedding;
        return ARD_STATUS_SUCCESS;
    case ARD_LSTM_INPUT:
        *found = lstm->layers[layer].input;
        return ARD_STATUS_SUCCESS;
    case ARD_LSTM_RECURRENT:
        *found = lstm->layers[layer].recurrent;
        return ARD_STATUS_SUCCESS;
    case ARD_LSTM_BIAS:
        *found = lstm->layers[layer].bias;
        return ARD_STATUS_SUCCESS;
    case ARD_LSTM_SOFTMAX:
        *found = lstm->softmax;
        return ARD_STATUS_SUCCESS;
    case ARD_LSTM_SOFTMAX_BIAS:
        *found = lstm->softmax_bias;
        return ARD_STATUS_SUCCESS;
    }
    return ard__fail(ARD_STATUS_INVALID_ARGUMENT, "the parameter is %d, expected 0..%d",
                     (int)parameter, (int)ARD_LSTM_SOFTMAX_BIAS);
}

static ard_status read_parameter(ard_lstm *lstm, ard_lstm_parameter parameter, size_t layer,
                                 float *values)
{
    ard_parameter *found = NULL;
    ARD_TRY(find(lstm, parameter, layer, &found));
    ARD__CHECK(values != NULL, "ard_lstm_read: values is NULL");
    return ard_parameter_read(found, values, NULL);
}

ard_status ard_lstm_read(ard_lstm *lstm, ard_lstm_parameter parameter, size_t layer, float *values)
{
    ard__operation_begin(ard__lstm_context(lstm), "lstm_read");
    return ard__lstm_end(ard__lstm_context(lstm), lstm, 0, 0, NULL,
                         read_parameter(lstm, parameter, layer, values));
}

static ard_status write_parameter(ard_lstm *lstm, ard_lstm_parameter parameter, size_t layer,
                                  const float *values)
{
    ard_parameter *found = NULL;
    ARD_TRY(find(lstm, parameter, layer, &found));
    ARD__CHECK(values != NULL, "ard_lstm_write: values is NULL");
    return ard_parameter_write(found, values);
}

ard_status ard_lstm_write(ard_lstm *lstm, ard_lstm_parameter parameter, size_t layer,
                          const float *values)
{
    ard__operation_begin(ard__lstm_context(lstm), "lstm_write");
    return ard__lstm_end(ard__lstm_context(lstm), lstm, 0, 0, NULL,
                         write_parameter(lstm, parameter, layer, values));
}

static ard_status read_state(ard_lstm *lstm, size_t layer, float *h, float *c)
{
    ARD__CHECK(lstm != NULL && h != NULL && c != NULL, "ard_lstm_read_state: an argument is NULL");
    ARD__CHECK(layer < lstm->options.layers, "layer %zu of a model of %zu", layer,
               lstm->options.layers);
    const size_t batch = lstm->options.batch;
    const size_t hidden = lstm->options.hidden;
    ARD_TRY(ard_matrix_read(lstm->context, batch, hidden, &lstm->training.h[layer], h));
    return ard_matrix_read(lstm->context, batch, hidden, &lstm->training.c[layer], c);
}

ard_status ard_lstm_read_state(ard_lstm *lstm, size_t layer, float *h, float *c)
{
    ard__operation_begin(ard__lstm_context(lstm), "lstm_read_state");
    return ard__lstm_end(ard__lstm_context(lstm), lstm, 0, 0, NULL, read_state(lstm, layer, h, c));
}

const void *ard_lstm_extra(const ard_lstm *lstm, size_t *extra_size)
{
    if (extra_size != NULL) {
        *extra_size = lstm != NULL ? lstm->extra_size : 0;
    }
    return lstm != NULL ? lstm->extra : NULL;
}

const char *ard_lstm_resume_note(const ard_lstm *lstm)
{
    return lstm != NULL ? lstm->resume_note : NULL;
}
