/* SPDX-License-Identifier: Apache-2.0 */
/* Saving and loading a language model. */
#include <stdlib.h>

#include "device/operation.h"
#include "models/checkpoint_parts.h"
#include "models/lstm_internal.h"
#include "optimizer/sgd_state.h"

static void put_options(ard__writer *writer, const ard_lstm_options *options)
{
    const size_t sizes[] = {options->layers, options->vocabulary, options->embedding,
                            options->hidden, options->batch,      options->steps};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        ard__put_u64(writer, sizes[i]);
    }
    ard__dropout_put(writer, &options->between);
    ard__dropout_put(writer, &options->recurrent);
    ard__put_u32(writer, options->fresh);
    ard__put_u32(writer, options->tied);
    ard__put_f64(writer, options->forget_bias);
    ard__put_f64(writer, options->range);
    ard__put_f64(writer, options->clip);
    ard__put_u64(writer, options->seed);
    ard__sgd_options_put(writer, &options->sgd);
}

/* Whether weights [in x out], 4 bytes each, are in what is left of the file. */
static bool take_weights(size_t in, size_t out, size_t *left)
{
    if (in == 0 || out == 0 || in > *left / 4 / out) {
        return false;
    }
    *left -= 4 * in * out;
    return true;
}

/* So that nothing large is allocated for a file that cannot hold it. */
static bool weights_fit(const ard_lstm_options *options, size_t left)
{
    if (options->hidden > left / 16 || options->layers > ARD_LSTM_MAX_LAYERS) {
        return false;
    }
    const size_t gates = 4 * options->hidden;
    bool fit = take_weights(options->vocabulary, options->embedding, &left);
    for (size_t layer = 0; layer < options->layers && fit; ++layer) {
        fit = take_weights(ard__lstm_width(options, layer), gates, &left) &&
              take_weights(options->hidden, gates, &left);
    }
    fit = fit && take_weights(2 * options->batch, options->layers * options->hidden, &left);
    return fit && (options->tied || take_weights(options->hidden, options->vocabulary, &left));
}

static ard_status get_options(ard__reader *reader, ard_lstm_options *options)
{
    size_t *const sizes[] = {&options->layers, &options->vocabulary, &options->embedding,
                             &options->hidden, &options->batch,      &options->steps};
    *options = (ard_lstm_options){0};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        *sizes[i] = (size_t)ard__get_u64(reader);
    }
    ard__dropout_get(reader, &options->between);
    ard__dropout_get(reader, &options->recurrent);
    options->fresh = ard__get_u32(reader) != 0;
    options->tied = ard__get_u32(reader) != 0;
    options->forget_bias = ard__get_f64(reader);
    options->range = ard__get_f64(reader);
    options->clip = ard__get_f64(reader);
    options->seed = ard__get_u64(reader);
    ard__sgd_options_get(reader, &options->sgd);
    if (reader->failed || !weights_fit(options, ard__reader_left(reader))) {
        return ard__checkpoint_damaged("it is shorter than its model");
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status put_matrix(ard_lstm *lstm, size_t rows, const ard_matrix *matrix,
                             ard__writer *writer)
{
    const size_t count = rows * matrix->ld;
    float *values = malloc(count * sizeof *values);
    if (values == NULL) {
        writer->failed = true;
        return ARD_STATUS_SUCCESS;
    }
    const ard_status status = ard_matrix_read(lstm->context, rows, matrix->ld, matrix, values);
    if (status == ARD_STATUS_SUCCESS) {
        ard__put_words(writer, values, count);
    }
    free(values);
    return status;
}

static ard_status get_matrix(ard_lstm *lstm, size_t rows, const ard_matrix *matrix,
                             ard__reader *reader)
{
    const size_t count = rows * matrix->ld;
    float *values = malloc(count * sizeof *values);
    if (values == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for %zu values", count);
    }
    const ard_status status =
        ard__get_words(reader, values, count)
            ? ard_matrix_write(lstm->context, rows, matrix->ld, values, matrix)
            : ard__checkpoint_damaged("its hidden state is cut");
    free(values);
    return status;
}

/* All parameters in the order of the file; how many there are. */
static size_t list_parameters(const ard_lstm *lstm,
                              ard_parameter *list[3 * ARD_LSTM_MAX_LAYERS + 3])
{
    size_t count = 0;
    list[count++] = lstm->embedding;
    for (size_t i = 0; i < lstm->options.layers; ++i) {
        list[count++] = lstm->layers[i].input;
        list[count++] = lstm->layers[i].recurrent;
        list[count++] = lstm->layers[i].bias;
    }
    if (!lstm->options.tied) {
        list[count++] = lstm->softmax;
    }
    list[count++] = lstm->softmax_bias;
    return count;
}

static ard_status put_state(ard_lstm *lstm, ard__writer *writer)
{
    ard_parameter *parameters[3 * ARD_LSTM_MAX_LAYERS + 3];
    const size_t count = list_parameters(lstm, parameters);
    ard__sgd_put(lstm->sgd, writer);
    ard__put_u64(writer, lstm->total_tokens);
    ARD_TRY(put_matrix(lstm, 1, &lstm->totals, writer));
    for (size_t i = 0; i < lstm->options.layers; ++i) {
        ARD_TRY(put_matrix(lstm, lstm->options.batch, &lstm->training.h[i], writer));
        ARD_TRY(put_matrix(lstm, lstm->options.batch, &lstm->training.c[i], writer));
    }
    for (size_t i = 0; i < count; ++i) {
        ARD_TRY(ard__parameter_put(parameters[i], writer));
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status get_totals(ard_lstm *lstm, ard__reader *reader)
{
    float totals[2];
    lstm->total_tokens = ard__get_u64(reader);
    if (!ard__get_words(reader, totals, 2)) {
        return ard__checkpoint_damaged("its totals are cut");
    }
    ARD_TRY(ard__checkpoint_check_hits(totals[1]));
    return ard_matrix_write(lstm->context, 1, 2, totals, &lstm->totals);
}

static ard_status get_state(ard_lstm *lstm, ard__reader *reader)
{
    ard_parameter *parameters[3 * ARD_LSTM_MAX_LAYERS + 3];
    const size_t count = list_parameters(lstm, parameters);
    ARD_TRY(ard__sgd_get(lstm->sgd, reader));
    ARD_TRY(get_totals(lstm, reader));
    for (size_t i = 0; i < lstm->options.layers; ++i) {
        ARD_TRY(get_matrix(lstm, lstm->options.batch, &lstm->training.h[i], reader));
        ARD_TRY(get_matrix(lstm, lstm->options.batch, &lstm->training.c[i], reader));
    }
    for (size_t i = 0; i < count; ++i) {
        ARD_TRY(ard__parameter_get(parameters[i], reader));
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status save(ard_lstm *lstm, const char *path, const void *extra, size_t extra_size)
{
    ARD__CHECK(lstm != NULL && path != NULL, "ard_lstm_save: the model or the path is NULL");
    ARD_TRY(ard__preamble_check(extra, extra_size));
    ard__writer writer = {0};
    ard__preamble_put(&writer, ARD__CHECKPOINT_LSTM, lstm->context, extra, extra_size);
    put_options(&writer, &lstm->options);
    ard_status status = put_state(lstm, &writer);
    if (status == ARD_STATUS_SUCCESS) {
        status = ard__writer_save(&writer, path);
    }
    ard__writer_free(&writer);
    return status;
}

ard_status ard_lstm_save(ard_lstm *lstm, const char *path, const void *extra, size_t extra_size)
{
    ard__operation_begin(ard__lstm_context(lstm), "lstm_save");
    return ard__lstm_end(ard__lstm_context(lstm), lstm, 0, 0, NULL,
                         save(lstm, path, extra, extra_size));
}

static ard_status get_model(ard_context *context, ard__reader *reader, ard_lstm **lstm)
{
    ard__preamble found;
    ard_lstm_options options;
    ARD_TRY(ard__preamble_get(reader, ARD__CHECKPOINT_LSTM, &found));
    ARD_TRY(get_options(reader, &options));
    ARD_TRY(ard__checkpoint_as_format(ard_lstm_create(context, &options, lstm)));
    ARD_TRY(get_state(*lstm, reader));
    if (ard__reader_left(reader) != 0) {
        return ard__checkpoint_damaged("it goes on behind its end");
    }
    return ard__preamble_keep(context, &found, &(*lstm)->extra, &(*lstm)->extra_size,
                              &(*lstm)->resume_note);
}

static ard_status load(ard_context *context, const char *path, ard_lstm **lstm)
{
    ARD__CHECK(lstm != NULL, "ard_lstm_load: lstm is NULL");
    *lstm = NULL;
    ARD__CHECK(context != NULL && path != NULL, "ard_lstm_load: the context or the path is NULL");
    ard__reader reader;
    ard_lstm *loaded = NULL;
    ARD_TRY(ard__reader_open(path, &reader));
    const ard_status status = get_model(context, &reader, &loaded);
    ard__reader_close(&reader);
    if (status != ARD_STATUS_SUCCESS) {
        ard_lstm_destroy(loaded);
        return status;
    }
    *lstm = loaded;
    return ARD_STATUS_SUCCESS;
}

ard_status ard_lstm_load(ard_context *context, const char *path, ard_lstm **lstm)
{
    ard__operation_begin(context, "lstm_load");
    const ard_status status = load(context, path, lstm);
    return ard__lstm_end(context, status == ARD_STATUS_SUCCESS ? *lstm : NULL, 0, 0, NULL, status);
}
