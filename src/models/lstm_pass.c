/* SPDX-License-Identifier: Apache-2.0 */
#include "models/lstm_pass.h"

#include <string.h>

#include "device/kept_part.h"
#include "models/lstm_internal.h"

ard_bernoulli ard__lstm_mask(const ard_lstm *lstm, const ard_dropout *dropout, size_t stream)
{
    return (ard_bernoulli){dropout->rate, lstm->options.seed, ard_sgd_step(lstm->sgd),
                           (uint32_t)stream};
}

ard_matrix ard__lstm_gradient(const ard_lstm *lstm, const ard__lstm_pass *pass, size_t index)
{
    return (ard_matrix){lstm->gradients.buffer, lstm->matrix_at[index],
                        pass->matrices[index].projection.weight_cols};
}

static ard_status make_matrix(const ard_lstm *lstm, const ard__lstm_pass *pass,
                              const ard_dropout *dropout, const ard_layer_pattern *pattern,
                              size_t stream, bool by_input, size_t in, size_t out,
                              ard__lstm_matrix *matrix)
{
    const ard_bernoulli mask = ard__lstm_mask(lstm, dropout, stream);
    const bool connects = pass->training && dropout->kind == ARD_DROPOUT_DROPCONNECT;
    const bool scaled = pass->training && dropout->kind != ARD_DROPOUT_BERNOULLI;
    matrix->units = pattern->units;
    matrix->tile = pattern->tiles;
    return ard__projection_make(
        by_input, in, out, &matrix->units, &matrix->tile, connects ? &mask : NULL,
        scaled ? ard__dropout_scale(dropout, pattern, in) : 1.0f, &matrix->projection);
}

static ard_status plan_between(ard_lstm *lstm, ard__lstm_pass *pass, size_t site)
{
    const ard_lstm_options *options = &lstm->options;
    const bool last = site == options->layers;
    const ard_layer_pattern pattern =
        pass->patterns != NULL ? pass->patterns[site] : ard_layer_pattern_all();
    ard__lstm_matrix *matrix =
        &pass->matrices[last ? ARD__LSTM_SOFTMAX_INDEX : ard__lstm_input_index(site)];
    matrix->parameter = !last           ? lstm->layers[site].input
                        : options->tied ? lstm->embedding
                                        : lstm->softmax;
    return make_matrix(lstm, pass, &lstm->between[site], &pattern, site, !last || !options->tied,
                       ard__lstm_width(options, site),
                       last ? options->vocabulary : 4 * options->hidden, matrix);
}

/* The units that some time step keeps. */
static ard_status unite(const ard_lstm *lstm, const ard__lstm_pass *pass, size_t layer,
                        ard_pattern *kept)
{
    uint32_t *units = lstm->layers[layer].kept;
    uint32_t count = 0;
    for (uint32_t unit = 0; unit < lstm->options.hidden; ++unit) {
        if (ard__lstm_keeps_unit(lstm, pass->patterns, layer, pass->steps, unit)) {
            units[count++] = unit;
        }
    }
    if (count == lstm->options.hidden) {
        *kept = ard_pattern_all();
        return ARD_STATUS_SUCCESS;
    }
    return ard_pattern_index(units, count, kept);
}

static ard_status plan_recurrent(ard_lstm *lstm, ard__lstm_pass *pass, size_t layer)
{
    const size_t hidden = lstm->options.hidden;
    ard__lstm_matrix *matrix = &pass->matrices[ard__lstm_recurrent_index(layer)];
    ard_layer_pattern pattern = ard_layer_pattern_all();
    matrix->parameter = lstm->layers[layer].recurrent;
    if (pass->way == ARD__LSTM_PASS_FRESH) {
        ARD_TRY(unite(lstm, pass, layer, &pattern.units));
    } else if (pass->patterns != NULL) {
        pattern = *ard__lstm_recurrent_pattern(lstm, pass->patterns, layer, 0);
    }
    ARD_TRY(make_matrix(lstm, pass, &lstm->recurrent, &pattern, ARD__LSTM_RECURRENT_STREAM + layer,
                        true, hidden, 4 * hidden, matrix));
    if (pass->way == ARD__LSTM_PASS_FRESH) {
        matrix->projection.linear.weight_scale = 1.0f; /* each step scales its own */
    }
    return ARD_STATUS_SUCCESS;
}

static ard__lstm_way way_of(const ard_lstm *lstm, const ard__lstm_pass *pass)
{
    if (pass->training && lstm->recurrent.kind == ARD_DROPOUT_BERNOULLI) {
        return ARD__LSTM_PASS_MASKED;
    }
    if (pass->patterns == NULL || !ard__dropout_drops_units(&lstm->recurrent)) {
        return ARD__LSTM_PASS_ALL;
    }
    return lstm->options.fresh ? ARD__LSTM_PASS_FRESH : ARD__LSTM_PASS_PATTERN;
}

ard_status ard__lstm_plan(ard_lstm *lstm, ard__lstm_pass *pass)
{
    pass->way = way_of(lstm, pass);
    for (size_t site = 0; site <= lstm->options.layers; ++site) {
        ARD_TRY(plan_between(lstm, pass, site));
    }
    for (size_t layer = 0; layer < lstm->options.layers; ++layer) {
        ARD_TRY(plan_recurrent(lstm, pass, layer));
    }
    return ARD_STATUS_SUCCESS;
}

static ard__kept kept_of(const ard__lstm_matrix *matrix)
{
    const bool by_input = matrix->projection.by_input;
    return (ard__kept){by_input ? &matrix->units : NULL, by_input ? NULL : &matrix->units,
                       &matrix->tile};
}

/* A matrix of weights, brought up to date and without what is dropped. A step catches up in place
 * what it keeps whole, and what its time steps will take parts of. */
static ard_status fetch_matrix(ard_lstm *lstm, ard__lstm_pass *pass, size_t index)
{
    ard__lstm_matrix *matrix = &pass->matrices[index];
    const ard_linear *linear = &matrix->projection.linear;
    const bool fresh = pass->way == ARD__LSTM_PASS_FRESH && index >= ARD_LSTM_MAX_LAYERS &&
                       index < ARD__LSTM_SOFTMAX_INDEX;
    const bool whole = ard_pattern_is_all(&matrix->units) && ard_tile_is_all(&matrix->tile);
    const ard__kept kept = fresh ? ard__kept_all : kept_of(matrix);
    const ard_matrix room = {lstm->copies.buffer, lstm->copy_at[index], 0};
    if (pass->training && (whole || fresh)) {
        ARD_TRY(ard__parameter_catch_up(matrix->parameter));
    }
    ARD_TRY(ard__parameter_gather_into(matrix->parameter, &kept, &room, &matrix->weights));
    if (linear->drop_connect == NULL) {
        return ARD_STATUS_SUCCESS;
    }
    const ard_matrix masked = {room.buffer, room.offset, linear->in};
    ARD_TRY(ard_drop_connect(lstm->context, linear->out, linear->in, &matrix->projection.mask,
                             &matrix->weights, &masked, NULL));
    matrix->weights = masked;
    return ARD_STATUS_SUCCESS;
}

static ard_status fetch_bias(ard_parameter *parameter, ard_matrix *bias)
{
    const ard_matrix no_room = {0}; /* a bias has an update every step: it is never behind */
    return ard__parameter_gather_into(parameter, &ard__kept_all, &no_room, bias);
}

ard_status ard__lstm_fetch(ard_lstm *lstm, ard__lstm_pass *pass)
{
    for (size_t layer = 0; layer < lstm->options.layers; ++layer) {
        ARD_TRY(fetch_matrix(lstm, pass, ard__lstm_input_index(layer)));
        ARD_TRY(fetch_matrix(lstm, pass, ard__lstm_recurrent_index(layer)));
        ARD_TRY(fetch_bias(lstm->layers[layer].bias, &pass->bias[layer]));
    }
    ARD_TRY(fetch_matrix(lstm, pass, ARD__LSTM_SOFTMAX_INDEX));
    return fetch_bias(lstm->softmax_bias, &pass->softmax_bias);
}

/* The embedding of the words that occur, of each only what the first site keeps. */
static ard_status fetch_embedding(ard_lstm *lstm, ard__lstm_pass *pass)
{
    const ard__occurrences *words = lstm->occurrences;
    const ard__lstm_matrix *input = &pass->matrices[ard__lstm_input_index(0)];
    const ard_matrix room = {lstm->embedding_rows.buffer, 0, 0};
    ard_pattern occurring;
    ard_matrix rows;
    ARD_TRY(ard_pattern_index(words->word, (uint32_t)words->words, &occurring));
    const ard__kept kept = {&occurring, &input->units, NULL};
    return ard__parameter_gather_into(lstm->embedding, &kept, &room, &rows);
}

ard_status ard__lstm_take_window(ard_lstm *lstm, ard__lstm_pass *pass, const uint32_t *tokens,
                                 const uint32_t *targets)
{
    const size_t rows = ard__lstm_rows(pass);
    ARD_TRY(ard__occurrences_set(lstm->context, lstm->occurrences, rows, tokens));
    if (targets != NULL) {
        void *labels = NULL;
        ARD_TRY(ard__upload_begin(lstm->context, rows * sizeof(cl_int), &labels));
        memcpy(labels, targets, rows * sizeof(cl_int));
        ARD_TRY(ard__upload_send(lstm->context, rows * sizeof(cl_int), lstm->targets, 0));
    }
    return fetch_embedding(lstm, pass);
}

ard_status ard__lstm_fresh_product(ard_lstm *lstm, const ard__lstm_pass *pass, size_t layer,
                                   size_t step, ard__projection *projection, ard_matrix *weights)
{
    const size_t hidden = lstm->options.hidden;
    const size_t index = ard__lstm_recurrent_index(layer);
    const ard_layer_pattern *pattern =
        ard__lstm_recurrent_pattern(lstm, pass->patterns, layer, step);
    const ard_matrix *whole = &pass->matrices[index].weights;
    ard__kept_part part;
    ARD_TRY(ard__projection_make(true, hidden, 4 * hidden, &pattern->units, &pattern->tiles, NULL,
                                 ard__dropout_scale(&lstm->recurrent, pattern, hidden),
                                 projection));
    if (ard_compact_view(&pattern->units, NULL, whole, weights)) {
        return ARD_STATUS_SUCCESS;
    }
    *weights = (ard_matrix){lstm->copies.buffer, lstm->copy_at[index], 4 * hidden};
    ARD_TRY(
        ard__kept_part_get(lstm->context, hidden, 4 * hidden, NULL, &pattern->units, NULL, &part));
    return ard__compact(lstm->context, &part, whole, weights);
}

ard_matrix ard__lstm_passed(const ard_lstm *lstm, const ard__lstm_pass *pass, size_t layer,
                            size_t step)
{
    const ard__lstm_layer *of = &lstm->layers[layer];
    const size_t hidden = lstm->options.hidden;
    size_t kept = hidden;
    if (pass->way == ARD__LSTM_PASS_ALL) {
        return ard__lstm_at(pass, &of->hidden, step);
    }
    if (pass->way == ARD__LSTM_PASS_PATTERN) {
        kept = pass->matrices[ard__lstm_recurrent_index(layer)].projection.kept_in;
    } else if (pass->way == ARD__LSTM_PASS_FRESH) {
        const ard_pattern *units =
            &ard__lstm_recurrent_pattern(lstm, pass->patterns, layer, step)->units;
        (void)ard_pattern_kept_count(units, hidden, &kept); /* it was checked */
    }
    const size_t width = pass->way == ARD__LSTM_PASS_PATTERN ? kept : hidden;
    return (ard_matrix){of->passed.buffer, step * pass->batch * width, kept};
}

ard_lstm_passing ard__lstm_passing_to(const ard_lstm *lstm, const ard__lstm_pass *pass,
                                      size_t layer, size_t step)
{
    const ard__lstm_layer *of = &lstm->layers[layer];
    ard_lstm_passing passing = {0};
    switch (pass->way) {
    case ARD__LSTM_PASS_ALL:
        break;
    case ARD__LSTM_PASS_MASKED:
        passing.mask = ard__lstm_at(pass, &of->mask, lstm->options.fresh ? step : 0);
        break;
    case ARD__LSTM_PASS_PATTERN:
        passing.pattern = &pass->matrices[ard__lstm_recurrent_index(layer)].units;
        break;
    case ARD__LSTM_PASS_FRESH:
        passing.pattern = &ard__lstm_recurrent_pattern(lstm, pass->patterns, layer, step)->units;
        break;
    }
    return passing;
}
