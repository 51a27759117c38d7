/* SPDX-License-Identifier: Apache-2.0 */
/* A window forward. */
#include <string.h>

#include "device/kept_part.h"
#include "layers/mask.h"
#include "models/lstm_internal.h"

/* Copies rows that lie side by side. */
static ard_status copy_rows(ard_lstm *lstm, size_t rows, const ard_matrix *src,
                            const ard_matrix *dst)
{
    return ard__matrix_copy(lstm->context, rows * lstm->options.hidden, src, dst);
}

/* The part of `src` [rows x width] that a pattern keeps: as it is where that is all. */
static ard_status keep_units(ard_lstm *lstm, size_t rows, size_t width, const ard_pattern *pattern,
                             const ard_matrix *src, const ard_matrix *room, ard_matrix *kept)
{
    if (ard_pattern_is_all(pattern)) {
        *kept = *src;
        return ARD_STATUS_SUCCESS;
    }
    size_t count = 0;
    ard__kept_part part;
    ARD_TRY(ard_pattern_kept_count(pattern, width, &count));
    ARD_TRY(ard__kept_part_get(lstm->context, rows, width, NULL, NULL, pattern, &part));
    *kept = (ard_matrix){room->buffer, room->offset, count};
    return ard__compact(lstm->context, &part, src, kept);
}

/* What a site of `between` leaves of its input. */
static ard_status drop_between(ard_lstm *lstm, ard__lstm_pass *pass, size_t site,
                               const ard_matrix *src)
{
    const ard_dropout *dropout = &lstm->between[site];
    const size_t width = ard__lstm_width(&lstm->options, site);
    const size_t rows = ard__lstm_rows(pass);
    if (pass->training && dropout->kind == ARD_DROPOUT_BERNOULLI) {
        const ard_bernoulli mask = ard__lstm_mask(lstm, dropout, site);
        pass->srcs[site] = lstm->srcs[site];
        return ard__mask(lstm->context, rows, width, ard__lstm_mask_scale(dropout), &mask, src,
                         &pass->srcs[site]);
    }
    const size_t index =
        site < lstm->options.layers ? ard__lstm_input_index(site) : ARD__LSTM_SOFTMAX_INDEX;
    return keep_units(lstm, rows, width, &pass->matrices[index].units, src, &lstm->srcs[site],
                      &pass->srcs[site]);
}

/* The embedding's rows have no columns but the kept ones. */
static ard_status embed(ard_lstm *lstm, ard__lstm_pass *pass)
{
    const ard_dropout *dropout = &lstm->between[0];
    const size_t width = pass->matrices[ard__lstm_input_index(0)].projection.kept_in;
    const ard_matrix rows = {lstm->embedding_rows.buffer, 0, width};
    pass->srcs[0] = (ard_matrix){lstm->srcs[0].buffer, 0, width};
    ARD_TRY(ard__embedding_forward(lstm->context, lstm->occurrences, width, &rows, &pass->srcs[0]));
    if (!pass->training || dropout->kind != ARD_DROPOUT_BERNOULLI) {
        return ARD_STATUS_SUCCESS;
    }
    const ard_bernoulli mask = ard__lstm_mask(lstm, dropout, 0);
    return ard__mask(lstm->context, ard__lstm_rows(pass), width, ard__lstm_mask_scale(dropout),
                     &mask, &pass->srcs[0], &pass->srcs[0]);
}

/* The factors of conventional dropout on the hidden state. */
static ard_status make_mask(ard_lstm *lstm, const ard__lstm_pass *pass, size_t layer)
{
    static const float one = 1.0f;
    const ard__lstm_layer *of = &lstm->layers[layer];
    const size_t hidden = lstm->options.hidden;
    const size_t rows = lstm->options.fresh ? ard__lstm_rows(pass) : pass->batch;
    const ard_bernoulli mask =
        ard__lstm_mask(lstm, &lstm->recurrent, ARD__LSTM_RECURRENT_STREAM + layer);
    uint32_t word = 0;
    memcpy(&word, &one, sizeof word);
    ARD_TRY(
        ard__buffer_fill(lstm->context, of->mask.buffer, word, rows * hidden * sizeof(cl_float)));
    return ard__mask(lstm->context, rows, hidden, ard__lstm_mask_scale(&lstm->recurrent), &mask,
                     &of->mask, &of->mask);
}

/* Passes the state that was carried in to the first time step. */
static ard_status pass_first(ard_lstm *lstm, const ard__lstm_pass *pass, size_t layer)
{
    const ard__lstm_layer *of = &lstm->layers[layer];
    const size_t hidden = lstm->options.hidden;
    const ard_matrix passed = ard__lstm_passed(lstm, pass, layer, 0);
    const ard_lstm_passing passing = ard__lstm_passing_to(lstm, pass, layer, 0);
    if (pass->way == ARD__LSTM_PASS_MASKED) {
        const ard_bernoulli mask =
            ard__lstm_mask(lstm, &lstm->recurrent, ARD__LSTM_RECURRENT_STREAM + layer);
        return ard__mask(lstm->context, pass->batch, hidden, ard__lstm_mask_scale(&lstm->recurrent),
                         &mask, &of->hidden, &passed);
    }
    ard__kept_part part;
    ARD_TRY(
        ard__kept_part_get(lstm->context, pass->batch, hidden, NULL, NULL, passing.pattern, &part));
    return ard__compact(lstm->context, &part, &of->hidden, &passed);
}

/* products = the recurrent product of a time step with patterns of its own. What it takes is scaled
 * first, so that the gradient of the weights is one product for all steps. */
static ard_status multiply_fresh(ard_lstm *lstm, const ard__lstm_pass *pass, size_t layer,
                                 size_t step, const ard_matrix *passed)
{
    ard__projection projection;
    ard_matrix weights;
    ARD_TRY(ard__lstm_fresh_product(lstm, pass, layer, step, &projection, &weights));
    const ard__epilogue scaled = {.scale = projection.linear.weight_scale};
    ARD_TRY(ard__epilogue_run(lstm->context, pass->batch, projection.kept_in, &scaled, passed));
    projection.linear.weight_scale = 1.0f;
    return ard__projection_forward(lstm->context, &projection, pass->batch, passed, &weights, NULL,
                                   &lstm->products);
}

static ard_status run_cell(ard_lstm *lstm, const ard__lstm_pass *pass, size_t layer, size_t step)
{
    const ard__lstm_layer *of = &lstm->layers[layer];
    const ard_matrix gates = ard__lstm_at(pass, &of->gates, step);
    const ard_matrix c_before = ard__lstm_at(pass, &of->cell, step);
    const ard_matrix c = ard__lstm_at(pass, &of->cell, step + 1);
    const ard_matrix h = ard__lstm_at(pass, &of->hidden, step + 1);
    const bool passes = pass->way != ARD__LSTM_PASS_ALL && step + 1 < pass->steps;
    ard_lstm_passing passing = {0};
    ard_matrix passed = {0};
    if (passes) {
        passing = ard__lstm_passing_to(lstm, pass, layer, step + 1);
        passed = ard__lstm_passed(lstm, pass, layer, step + 1);
    }
    return ard_lstm_cell_forward(lstm->context, pass->batch, lstm->options.hidden, &gates,
                                 &lstm->products, &pass->bias[layer], &c_before, &c, &h,
                                 passes ? &passing : NULL, passes ? &passed : NULL, NULL);
}

/* All time steps of a layer, the input products of which are in its gates. */
static ard_status run_steps(ard_lstm *lstm, ard__lstm_pass *pass, size_t layer)
{
    const ard__lstm_matrix *recurrent = &pass->matrices[ard__lstm_recurrent_index(layer)];
    const bool fresh = pass->way == ARD__LSTM_PASS_FRESH;
    ard__shared_product product;
    if (!fresh) {
        ARD_TRY(ard__shared_product_prepare(lstm->context, &recurrent->projection, pass->batch,
                                            false, &recurrent->weights, &lstm->panels, &product));
    }
    for (size_t step = 0; step < pass->steps; ++step) {
        const ard_matrix passed = ard__lstm_passed(lstm, pass, layer, step);
        ARD_TRY(fresh ? multiply_fresh(lstm, pass, layer, step, &passed)
                      : ard__shared_product_run(lstm->context, &product, &passed, &lstm->products));
        ARD_TRY(run_cell(lstm, pass, layer, step));
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status run_layer(ard_lstm *lstm, ard__lstm_pass *pass, size_t layer)
{
    const ard__lstm_layer *of = &lstm->layers[layer];
    const ard__lstm_matrix *input = &pass->matrices[ard__lstm_input_index(layer)];
    ARD_TRY(ard__projection_forward(lstm->context, &input->projection, ard__lstm_rows(pass),
                                    &pass->srcs[layer], &input->weights, NULL, &of->gates));
    ARD_TRY(copy_rows(lstm, pass->batch, &pass->state->h[layer], &of->hidden));
    ARD_TRY(copy_rows(lstm, pass->batch, &pass->state->c[layer], &of->cell));
    if (pass->way == ARD__LSTM_PASS_MASKED) {
        ARD_TRY(make_mask(lstm, pass, layer));
    }
    if (pass->way != ARD__LSTM_PASS_ALL) {
        ARD_TRY(pass_first(lstm, pass, layer));
    }
    return run_steps(lstm, pass, layer);
}

ard_status ard__lstm_forward(ard_lstm *lstm, ard__lstm_pass *pass)
{
    const size_t layers = lstm->options.layers;
    ARD_TRY(embed(lstm, pass));
    for (size_t layer = 0; layer < layers; ++layer) {
        ARD_TRY(run_layer(lstm, pass, layer));
        const ard_matrix h = ard__lstm_at(pass, &lstm->layers[layer].hidden, 1);
        ARD_TRY(drop_between(lstm, pass, layer + 1, &h));
    }
    const ard__lstm_matrix *softmax = &pass->matrices[ARD__LSTM_SOFTMAX_INDEX];
    return ard__projection_forward(lstm->context, &softmax->projection, ard__lstm_rows(pass),
                                   &pass->srcs[layers], &softmax->weights, &pass->softmax_bias,
                                   &lstm->logits);
}

ard_status ard__lstm_keep_state(ard_lstm *lstm, const ard__lstm_pass *pass)
{
    for (size_t layer = 0; layer < lstm->options.layers; ++layer) {
        const ard_matrix h = ard__lstm_at(pass, &lstm->layers[layer].hidden, pass->steps);
        const ard_matrix c = ard__lstm_at(pass, &lstm->layers[layer].cell, pass->steps);
        ARD_TRY(copy_rows(lstm, pass->batch, &h, &pass->state->h[layer]));
        ARD_TRY(copy_rows(lstm, pass->batch, &c, &pass->state->c[layer]));
    }
    return ARD_STATUS_SUCCESS;
}
