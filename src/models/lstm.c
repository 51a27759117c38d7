/* SPDX-License-Identifier: Apache-2.0 */
/* A language model's life; its steps are in lstm_step.c. */
#include <stdlib.h>
#include <string.h>

#include <ard/sampler.h>

#include "core/integers.h"
#include "device/operation.h"
#include "models/lstm_internal.h"

/* Classes of the rows of weights that are stored by input, and of their tiles. */
static ard_parameter_classes input_classes(const ard_dropout *dropout, size_t in, size_t out,
                                           bool any_units)
{
    const ard__dropout_room room = ard__dropout_room_make(dropout, out, in, false);
    ard_parameter_classes classes = {.rows = ard__dropout_classes(dropout, &room), .cols = 1};
    if (any_units && ard__dropout_drops_units(dropout)) {
        classes.rows = (uint32_t)in; /* some time steps keep one unit, others another */
    }
    if (dropout->kind == ARD_DROPOUT_TILE) {
        classes.tile_edge = dropout->tile_edge;
        classes.tiles = ard__dropout_tile_classes(&room);
    }
    return classes;
}

static ard_status create_matrix(ard_lstm *lstm, const ard_dropout *dropout, size_t in, size_t out,
                                bool any_units, ard_parameter **parameter)
{
    const ard_parameter_classes classes = input_classes(dropout, in, out, any_units);
    return ard_parameter_create(lstm->sgd, in, out, &classes, parameter);
}

/* Any words may occur in a window, with the units of the first site. */
static ard_status create_embedding(ard_lstm *lstm)
{
    const ard_lstm_options *options = &lstm->options;
    const ard_parameter_classes units =
        input_classes(&lstm->between[0], options->embedding, 4 * options->hidden, false);
    const bool drops = ard__dropout_drops_units(&lstm->between[0]);
    const ard_parameter_classes classes = {.rows = (uint32_t)options->vocabulary,
                                           .cols = drops ? units.rows : 1};
    return ard_parameter_create(lstm->sgd, options->vocabulary, options->embedding, &classes,
                                &lstm->embedding);
}

static ard_status create_layer_memory(ard_lstm *lstm, ard__lstm_layer *layer)
{
    const ard_lstm_options *options = &lstm->options;
    const size_t rows = options->steps * options->batch;
    const size_t hidden = options->hidden;
    ARD_TRY(ard_matrix_create(lstm->context, rows, 4 * hidden, &layer->gates));
    ARD_TRY(ard_matrix_create(lstm->context, rows + options->batch, hidden, &layer->cell));
    ARD_TRY(ard_matrix_create(lstm->context, rows + options->batch, hidden, &layer->hidden));
    const bool masks = lstm->recurrent.kind == ARD_DROPOUT_BERNOULLI;
    if (masks || ard__dropout_drops_units(&lstm->recurrent)) {
        ARD_TRY(ard_matrix_create(lstm->context, rows, hidden, &layer->passed));
    }
    if (masks) {
        ARD_TRY(ard_matrix_create(lstm->context, options->fresh ? rows : options->batch, hidden,
                                  &layer->mask));
    }
    if (!options->fresh) {
        return ARD_STATUS_SUCCESS;
    }
    layer->kept = calloc(hidden, sizeof *layer->kept);
    return layer->kept != NULL
               ? ARD_STATUS_SUCCESS
               : ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for %zu units", hidden);
}

static ard_status create_layer(ard_lstm *lstm, size_t index)
{
    const ard_lstm_options *options = &lstm->options;
    ard__lstm_layer *layer = &lstm->layers[index];
    const size_t gates = 4 * options->hidden;
    layer->in = ard__lstm_width(options, index);
    ARD_TRY(create_matrix(lstm, &lstm->between[index], layer->in, gates, false, &layer->input));
    ARD_TRY(create_matrix(lstm, &lstm->recurrent, options->hidden, gates, options->fresh,
                          &layer->recurrent));
    ARD_TRY(ard_parameter_create(lstm->sgd, 1, gates, NULL, &layer->bias));
    return create_layer_memory(lstm, layer);
}

static ard_status create_parameters(ard_lstm *lstm)
{
    const ard_lstm_options *options = &lstm->options;
    ARD_TRY(create_embedding(lstm));
    for (size_t layer = 0; layer < options->layers; ++layer) {
        ARD_TRY(create_layer(lstm, layer));
    }
    if (!options->tied) {
        ARD_TRY(create_matrix(lstm, &lstm->between[options->layers], options->hidden,
                              options->vocabulary, false, &lstm->softmax));
    }
    return ard_parameter_create(lstm->sgd, 1, options->vocabulary, NULL, &lstm->softmax_bias);
}

static ard_status create_state(ard_lstm *lstm, size_t batch, ard__lstm_state *state)
{
    for (size_t layer = 0; layer < lstm->options.layers; ++layer) {
        ARD_TRY(ard_matrix_create(lstm->context, batch, lstm->options.hidden, &state->h[layer]));
        ARD_TRY(ard_matrix_create(lstm->context, batch, lstm->options.hidden, &state->c[layer]));
    }
    return ard__lstm_clear_state(lstm, state, batch);
}

static ard_status create_buffers(ard_lstm *lstm)
{
    ard_context *context = lstm->context;
    const ard_lstm_options *options = &lstm->options;
    const size_t rows = options->steps * options->batch;
    const size_t hidden = options->hidden;
    for (size_t site = 0; site <= options->layers; ++site) {
        /* Without dropout on its way, a layer takes the hidden states of the one below as they are.
         */
        if (site == 0 || ard__dropout_drops_units(&lstm->between[site]) ||
            lstm->between[site].kind == ARD_DROPOUT_BERNOULLI) {
            ARD_TRY(ard_matrix_create(context, rows, ard__lstm_width(options, site),
                                      &lstm->srcs[site]));
        }
    }
    ARD_TRY(create_state(lstm, options->batch, &lstm->training));
    ARD_TRY(create_state(lstm, options->batch, &lstm->evaluation));
    ARD_TRY(create_state(lstm, 1, &lstm->prediction));
    ARD_TRY(ard__occurrences_create(context, rows, &lstm->occurrences));
    ARD_TRY(ard__buffer_create(context, rows * sizeof(cl_int), &lstm->targets));
    ARD_TRY(ard_matrix_create(context, ard__lstm_most_words(options), options->embedding,
                              &lstm->embedding_rows));
    ARD_TRY(ard_matrix_create(context, rows, options->vocabulary, &lstm->logits));
    ARD_TRY(ard_matrix_create(context, options->batch, 4 * hidden, &lstm->products));
    ARD_TRY(
        ard_matrix_create(context, rows, ard__larger(hidden, options->embedding), &lstm->diff_src));
    ARD_TRY(ard_matrix_create(context, rows, hidden, &lstm->diff_hidden));
    ARD_TRY(ard_matrix_create(context, options->batch, hidden, &lstm->diff_passed));
    ARD_TRY(ard_matrix_create(context, options->batch, hidden, &lstm->diff_cell));
    ARD_TRY(ard_matrix_create(context, 1, 2, &lstm->totals));
    ARD_TRY(ard_matrix_create(context, 1, 2, &lstm->evaluation_totals));
    ARD_TRY(ard__lstm_reserve(lstm));
    return ard__buffer_fill(context, lstm->totals.buffer, 0, 2 * sizeof(cl_float));
}

/* Host memory for what a step is planned in. */
static ard_status create_plans(ard_lstm *lstm)
{
    const size_t patterns = ard_lstm_pattern_count(lstm);
    lstm->indices_stride = ard__larger(lstm->options.embedding, lstm->options.hidden);
    lstm->pass = calloc(1, sizeof *lstm->pass);
    lstm->patterns = calloc(patterns, sizeof *lstm->patterns);
    lstm->indices = calloc(patterns * lstm->indices_stride, sizeof *lstm->indices);
    return lstm->pass != NULL && lstm->patterns != NULL && lstm->indices != NULL
               ? ARD_STATUS_SUCCESS
               : ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for the plan of a step");
}

/* Weights of a stream, uniform in the range of the options; for a bias NULL. */
static ard_status initialise(const ard_lstm *lstm, ard_parameter *parameter, size_t count,
                             size_t stream)
{
    float *values = malloc(count * sizeof *values);
    if (values == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for %zu initial weights", count);
    }
    ard_status status = ard_sample_uniform(lstm->options.seed, (uint32_t)stream,
                                           (float)lstm->options.range, count, values);
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_parameter_write(parameter, values);
    }
    free(values);
    return status;
}

static ard_status initialise_bias(ard_lstm *lstm, size_t layer)
{
    const size_t hidden = lstm->options.hidden;
    float *values = calloc(4 * hidden, sizeof *values);
    if (values == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for a bias of %zu", 4 * hidden);
    }
    for (size_t i = hidden; i < 2 * hidden; ++i) {
        values[i] = (float)lstm->options.forget_bias;
    }
    const ard_status status = ard_parameter_write(lstm->layers[layer].bias, values);
    free(values);
    return status;
}

static ard_status initialise_all(ard_lstm *lstm)
{
    const ard_lstm_options *options = &lstm->options;
    const size_t gates = 4 * options->hidden;
    ARD_TRY(initialise(lstm, lstm->embedding, options->vocabulary * options->embedding, 0));
    if (!options->tied) {
        ARD_TRY(initialise(lstm, lstm->softmax, options->hidden * options->vocabulary, 1));
    }
    for (size_t i = 0; i < options->layers; ++i) {
        const ard__lstm_layer *layer = &lstm->layers[i];
        ARD_TRY(initialise(lstm, layer->input, layer->in * gates, 2 + 2 * i));
        ARD_TRY(initialise(lstm, layer->recurrent, options->hidden * gates, 3 + 2 * i));
        ARD_TRY(initialise_bias(lstm, i));
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status build(ard_lstm *lstm, const ard_lstm_options *options)
{
    lstm->options = *options;
    ARD_TRY(ard__lstm_spread_dropout(lstm));
    ARD_TRY(create_plans(lstm));
    ARD_TRY(ard_sgd_create(lstm->context, &options->sgd, &lstm->sgd));
    ARD_TRY(create_parameters(lstm));
    ARD_TRY(create_buffers(lstm));
    return initialise_all(lstm);
}

static ard_status create(ard_context *context, const ard_lstm_options *options, ard_lstm **lstm)
{
    ARD__CHECK(lstm != NULL, "ard_lstm_create: lstm is NULL");
    *lstm = NULL;
    ARD__CHECK(context != NULL, "ard_lstm_create: the context is NULL");
    ARD_TRY(ard__lstm_check_options(options));
    ard_lstm *created = calloc(1, sizeof *created);
    if (created == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for a model");
    }
    created->context = context;
    const ard_status status = build(created, options);
    if (status != ARD_STATUS_SUCCESS) {
        ard_lstm_destroy(created);
        return status;
    }
    *lstm = created;
    return ARD_STATUS_SUCCESS;
}

ard_status ard_lstm_create(ard_context *context, const ard_lstm_options *options, ard_lstm **lstm)
{
    ard__operation_begin(context, "lstm_create");
    const ard_status status = create(context, options, lstm);
    return ard__lstm_end(context, status == ARD_STATUS_SUCCESS ? *lstm : NULL, 0, 0, NULL, status);
}

static void destroy_layer(ard__lstm_layer *layer)
{
    ard_parameter_destroy(layer->input);
    ard_parameter_destroy(layer->recurrent);
    ard_parameter_destroy(layer->bias);
    ard_matrix_destroy(&layer->gates);
    ard_matrix_destroy(&layer->cell);
    ard_matrix_destroy(&layer->hidden);
    ard_matrix_destroy(&layer->passed);
    ard_matrix_destroy(&layer->mask);
    free(layer->kept);
}

static void destroy_state(ard__lstm_state *state)
{
    for (size_t layer = 0; layer < ARD_LSTM_MAX_LAYERS; ++layer) {
        ard_matrix_destroy(&state->h[layer]);
        ard_matrix_destroy(&state->c[layer]);
    }
}

static void destroy_buffers(ard_lstm *lstm)
{
    ard_matrix *const matrices[] = {
        &lstm->embedding_rows, &lstm->logits,      &lstm->products,
        &lstm->diff_src,       &lstm->diff_hidden, &lstm->diff_passed,
        &lstm->diff_cell,      &lstm->totals,      &lstm->evaluation_totals};
    for (size_t i = 0; i < sizeof matrices / sizeof matrices[0]; ++i) {
        ard_matrix_destroy(matrices[i]);
    }
    for (size_t site = 0; site <= ARD_LSTM_MAX_LAYERS; ++site) {
        ard_matrix_destroy(&lstm->srcs[site]);
    }
    if (lstm->targets != NULL) {
        clReleaseMemObject(lstm->targets);
    }
    ard__scratch_release(&lstm->copies);
    ard__scratch_release(&lstm->gradients);
    ard__scratch_release(&lstm->panels);
    ard__occurrences_destroy(lstm->occurrences);
}

void ard_lstm_destroy(ard_lstm *lstm)
{
    if (lstm == NULL) {
        return;
    }
    for (size_t layer = 0; layer < ARD_LSTM_MAX_LAYERS; ++layer) {
        destroy_layer(&lstm->layers[layer]);
    }
    ard_parameter_destroy(lstm->embedding);
    ard_parameter_destroy(lstm->softmax);
    ard_parameter_destroy(lstm->softmax_bias);
    destroy_state(&lstm->training);
    destroy_state(&lstm->evaluation);
    destroy_state(&lstm->prediction);
    destroy_buffers(lstm);
    ard_sgd_destroy(lstm->sgd);
    free(lstm->pass);
    free(lstm->patterns);
    free(lstm->indices);
    free(lstm->extra);
    free(lstm->resume_note);
    free(lstm);
}
