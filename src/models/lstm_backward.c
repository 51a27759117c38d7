/* SPDX-License-Identifier: Apache-2.0 */
/* Back-propagation through the time of a window. */
#include "device/kept_part.h"
#include "layers/linear_internal.h"
#include "layers/mask.h"
#include "models/lstm_internal.h"

/* diff_hidden [rows x hidden] = the gradient of a site's input, from the one of what the product
 * took, which is in diff_src, or in diff_hidden already where nothing was dropped. */
static ard_status undrop_between(ard_lstm *lstm, const ard__lstm_pass *pass, size_t site,
                                 const ard_pattern *units)
{
    const ard_dropout *dropout = &lstm->between[site];
    const size_t rows = ard__lstm_rows(pass);
    const size_t hidden = lstm->options.hidden;
    if (dropout->kind == ARD_DROPOUT_BERNOULLI) {
        const ard_bernoulli mask = ard__lstm_mask(lstm, dropout, site);
        return ard__mask(lstm->context, rows, hidden, ard__lstm_mask_scale(dropout), &mask,
                         &lstm->diff_hidden, &lstm->diff_hidden);
    }
    if (ard_pattern_is_all(units)) {
        return ARD_STATUS_SUCCESS;
    }
    ard__kept_part part;
    ARD_TRY(ard__kept_part_get(lstm->context, rows, hidden, NULL, NULL, units, &part));
    const ard_matrix kept = {lstm->diff_src.buffer, 0, part.cols.stride};
    ARD_TRY(ard__clear(lstm->context, rows, hidden, &lstm->diff_hidden));
    return ard__expand(lstm->context, &part, &kept, &lstm->diff_hidden);
}

/* From the gradient of a product's outputs to those of its weights and of the hidden state at its
 * site. */
static ard_status backward_product(ard_lstm *lstm, const ard__lstm_pass *pass, size_t site,
                                   size_t index, const ard_matrix *diff)
{
    const ard__lstm_matrix *matrix = &pass->matrices[index];
    const size_t rows = ard__lstm_rows(pass);
    const ard_matrix gradient = ard__lstm_gradient(lstm, pass, index);
    const bool whole = ard_pattern_is_all(&matrix->units);
    const ard_matrix diff_src = {whole ? lstm->diff_hidden.buffer : lstm->diff_src.buffer, 0,
                                 matrix->projection.kept_in};
    ARD_TRY(ard__projection_backward_weights(lstm->context, &matrix->projection, rows, diff,
                                             &pass->srcs[site], &gradient));
    ARD_TRY(ard__projection_backward_data(lstm->context, &matrix->projection, rows, diff,
                                          &matrix->weights, &diff_src));
    return undrop_between(lstm, pass, site, &matrix->units);
}

/* diff_passed = the gradient of what a time step with patterns of its own took. */
static ard_status multiply_fresh_back(ard_lstm *lstm, const ard__lstm_pass *pass, size_t layer,
                                      size_t step, const ard_matrix *diff,
                                      const ard_matrix *diff_passed)
{
    ard__projection projection;
    ard_matrix weights;
    ARD_TRY(ard__lstm_fresh_product(lstm, pass, layer, step, &projection, &weights));
    return ard__projection_backward_data(lstm->context, &projection, pass->batch, diff, &weights,
                                         diff_passed);
}

static ard_status run_cell_back(ard_lstm *lstm, const ard__lstm_pass *pass, size_t layer,
                                size_t step, const ard_matrix *diff_passed)
{
    const ard__lstm_layer *of = &lstm->layers[layer];
    const ard_matrix gates = ard__lstm_at(pass, &of->gates, step);
    const ard_matrix c_before = ard__lstm_at(pass, &of->cell, step);
    const ard_matrix c = ard__lstm_at(pass, &of->cell, step + 1);
    const ard_matrix diff_h = ard__lstm_at(pass, &lstm->diff_hidden, step);
    const bool last = step + 1 == pass->steps;
    ard_lstm_passing passing = {0};
    if (!last) {
        passing = ard__lstm_passing_to(lstm, pass, layer, step + 1);
    }
    return ard_lstm_cell_backward(lstm->context, pass->batch, lstm->options.hidden, &gates,
                                  &c_before, &c, &diff_h, &passing, last ? NULL : diff_passed, last,
                                  &lstm->diff_cell, NULL);
}

/* Through the time steps of a layer, from the last: the gradient of its hidden states becomes that
 * before the activations of its gates. */
static ard_status run_steps_back(ard_lstm *lstm, ard__lstm_pass *pass, size_t layer)
{
    const ard__lstm_matrix *recurrent = &pass->matrices[ard__lstm_recurrent_index(layer)];
    const bool fresh = pass->way == ARD__LSTM_PASS_FRESH;
    ard_matrix diff_passed = {lstm->diff_passed.buffer, 0, recurrent->projection.kept_in};
    ard__shared_product product;
    if (!fresh) {
        ARD_TRY(ard__shared_product_prepare(lstm->context, &recurrent->projection, pass->batch,
                                            true, &recurrent->weights, &lstm->panels, &product));
    }
    for (size_t step = pass->steps; step-- > 0;) {
        const ard_matrix diff = ard__lstm_at(pass, &lstm->layers[layer].gates, step);
        ARD_TRY(run_cell_back(lstm, pass, layer, step, &diff_passed));
        if (step == 0) {
            break; /* the state carried in is where back-propagation is cut */
        }
        if (fresh) {
            diff_passed.ld = ard__lstm_passed(lstm, pass, layer, step).ld;
        }
        ARD_TRY(fresh ? multiply_fresh_back(lstm, pass, layer, step, &diff, &diff_passed)
                      : ard__shared_product_run(lstm->context, &product, &diff, &diff_passed));
    }
    return ARD_STATUS_SUCCESS;
}

/* What all fresh time steps took, side by side with zeros for what a step dropped, of the units
 * that some step keeps. diff_src is free for it, and then the layer's own compact copies. */
static ard_status gather_fresh(ard_lstm *lstm, const ard__lstm_pass *pass, size_t layer,
                               ard_matrix *src)
{
    const ard_pattern *kept = &pass->matrices[ard__lstm_recurrent_index(layer)].units;
    const size_t hidden = lstm->options.hidden;
    const size_t rows = ard__lstm_rows(pass);
    const ard_matrix whole = {lstm->diff_src.buffer, 0, hidden};
    ard__kept_part part;
    ARD_TRY(ard__clear(lstm->context, rows, hidden, &whole));
    for (size_t step = 0; step < pass->steps; ++step) {
        const ard_matrix passed = ard__lstm_passed(lstm, pass, layer, step);
        const ard_lstm_passing passing = ard__lstm_passing_to(lstm, pass, layer, step);
        const ard_matrix rows_of_step = ard__lstm_at(pass, &whole, step);
        ARD_TRY(ard__kept_part_get(lstm->context, pass->batch, hidden, NULL, NULL, passing.pattern,
                                   &part));
        ARD_TRY(ard__expand(lstm->context, &part, &passed, &rows_of_step));
    }
    *src = whole;
    if (ard_pattern_is_all(kept)) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(ard__kept_part_get(lstm->context, rows, hidden, NULL, NULL, kept, &part));
    *src = (ard_matrix){lstm->layers[layer].passed.buffer, 0, part.cols.stride};
    return ard__compact(lstm->context, &part, &whole, src);
}

/* The gradient of the recurrent weights: one product over all time steps. */
static ard_status backward_recurrent(ard_lstm *lstm, const ard__lstm_pass *pass, size_t layer)
{
    const size_t index = ard__lstm_recurrent_index(layer);
    const ard_matrix gradient = ard__lstm_gradient(lstm, pass, index);
    ard_matrix src = ard__lstm_passed(lstm, pass, layer, 0);
    if (pass->way == ARD__LSTM_PASS_FRESH) {
        ARD_TRY(gather_fresh(lstm, pass, layer, &src));
    }
    return ard__projection_backward_weights(lstm->context, &pass->matrices[index].projection,
                                            ard__lstm_rows(pass), &lstm->layers[layer].gates, &src,
                                            &gradient);
}

/* The gradient of the embedding, added to that of the softmax where both are one matrix. */
static ard_status backward_embedding(ard_lstm *lstm, const ard__lstm_pass *pass)
{
    const ard__lstm_matrix *input = &pass->matrices[ard__lstm_input_index(0)];
    const ard_dropout *dropout = &lstm->between[0];
    const size_t rows = ard__lstm_rows(pass);
    const size_t width = input->projection.kept_in;
    const ard_matrix gradient = ard__lstm_gradient(lstm, pass, ard__lstm_input_index(0));
    const ard_matrix diff_src = {lstm->diff_src.buffer, 0, width};
    ARD_TRY(ard__projection_backward_weights(lstm->context, &input->projection, rows,
                                             &lstm->layers[0].gates, &pass->srcs[0], &gradient));
    ARD_TRY(ard__projection_backward_data(lstm->context, &input->projection, rows,
                                          &lstm->layers[0].gates, &input->weights, &diff_src));
    if (dropout->kind == ARD_DROPOUT_BERNOULLI) {
        const ard_bernoulli mask = ard__lstm_mask(lstm, dropout, 0);
        ARD_TRY(ard__mask(lstm->context, rows, width, ard__lstm_mask_scale(dropout), &mask,
                          &diff_src, &diff_src));
    }
    const ard_matrix rows_of_words = {lstm->gradients.buffer, lstm->embedding_at, width};
    const ard_matrix of_softmax = ard__lstm_gradient(lstm, pass, ARD__LSTM_SOFTMAX_INDEX);
    return ard__embedding_backward(lstm->context, lstm->occurrences, width, &diff_src,
                                   lstm->options.tied,
                                   lstm->options.tied ? &of_softmax : &rows_of_words);
}

static ard_status sum_bias(ard_lstm *lstm, const ard__lstm_pass *pass, const ard_matrix *diff,
                           size_t width, size_t at)
{
    const ard_matrix gradient = {lstm->gradients.buffer, at, width};
    return ard__sum_rows(lstm->context, ard__lstm_rows(pass), width, diff, &gradient);
}

ard_status ard__lstm_backward(ard_lstm *lstm, ard__lstm_pass *pass)
{
    const ard_lstm_options *options = &lstm->options;
    ARD_TRY(sum_bias(lstm, pass, &lstm->logits, options->vocabulary, lstm->softmax_bias_at));
    ARD_TRY(backward_product(lstm, pass, options->layers, ARD__LSTM_SOFTMAX_INDEX, &lstm->logits));
    for (size_t layer = options->layers; layer-- > 0;) {
        const ard_matrix *gates = &lstm->layers[layer].gates;
        ARD_TRY(run_steps_back(lstm, pass, layer));
        ARD_TRY(sum_bias(lstm, pass, gates, 4 * options->hidden, lstm->bias_at[layer]));
        ARD_TRY(backward_recurrent(lstm, pass, layer));
        ARD_TRY(layer > 0 ? backward_product(lstm, pass, layer, ard__lstm_input_index(layer), gates)
                          : backward_embedding(lstm, pass));
    }
    return ARD_STATUS_SUCCESS;
}
