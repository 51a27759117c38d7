/* SPDX-License-Identifier: Apache-2.0 */
#include "models/lstm_factors.h"

#include "support/memory.h"
#include "support/reference.h"
#include "support/unit.h"

/* Layer ids of the masks: a site's of `between` is its number, a layer's of `recurrent` comes after
 * this. */
enum { FIRST_RECURRENT = 256 };

static bool drops_units(const ard_dropout *dropout)
{
    return dropout->kind == ARD_DROPOUT_ROW || dropout->kind == ARD_DROPOUT_SUBSET ||
           dropout->kind == ARD_DROPOUT_INDEX;
}

/* What a pattern of units multiplies the kept ones of `width` by. */
static double unit_scale(const ard_dropout *dropout, const ard_pattern *units, size_t width)
{
    if (dropout->scale == ARD_SCALE_RATE) {
        return (float)(1.0 / (1.0 - dropout->rate));
    }
    return ard_pattern_is_index(units)
               ? (float)((double)width / units->count)
               : (float)((double)units->period / ard_pattern_residue_count(units));
}

static double tile_scale(const ard_dropout *dropout, const ard_tile_pattern *tiles)
{
    return (float)(dropout->scale == ARD_SCALE_RATE ? 1.0 / (1.0 - dropout->rate)
                                                    : (double)tiles->period);
}

/* Rows [rows x width] under one pattern. */
static void fill_units(const ard_dropout *dropout, const ard_pattern *units, size_t rows,
                       size_t width, double *factors)
{
    const double scale = unit_scale(dropout, units, width);
    for (size_t i = 0; i < rows * width; ++i) {
        factors[i] = ard_pattern_keeps(units, i % width) ? scale : 0.0;
    }
}

static ard_bernoulli mask_of(const ard_dropout *dropout, uint64_t seed, uint64_t step, size_t id)
{
    return (ard_bernoulli){
        .rate = dropout->rate, .seed = seed, .step = step, .layer = (uint32_t)id};
}

/* Rows [rows x width] under a mask, of which `period` are drawn and repeated. */
static double *mask_factors(const ard_bernoulli *mask, size_t rows, size_t period, size_t width)
{
    const double scale = (float)(1.0 / (1.0 - mask->rate));
    double *factors = test_alloc(rows * width, sizeof *factors);
    for (size_t i = 0; i < rows * width; ++i) {
        const size_t row = i / width % period;
        factors[i] = reference_mask_keeps(mask, width, row, i % width) ? scale : 0.0;
    }
    return factors;
}

/* Of weights [rows x cols]; NULL where units are dropped or nothing is. */
static double *weight_factors(const ard_dropout *dropout, const ard_tile_pattern *tiles,
                              const ard_bernoulli *mask, size_t rows, size_t cols)
{
    if (dropout->kind == ARD_DROPOUT_DROPCONNECT) {
        return mask_factors(mask, rows, rows, cols);
    }
    if (dropout->kind != ARD_DROPOUT_TILE) {
        return NULL;
    }
    const double scale = tile_scale(dropout, tiles);
    double *factors = test_alloc(rows * cols, sizeof *factors);
    for (size_t i = 0; i < rows * cols; ++i) {
        factors[i] = ard_tile_keeps(tiles, cols, i / cols, i % cols) ? scale : 0.0;
    }
    return factors;
}

static void drop_input(const reference_lstm *lstm, const ard_layer_pattern *pattern, uint64_t step,
                       size_t rows, size_t site, reference_lstm_factors *factors)
{
    const ard_dropout *dropout = &lstm->options.between;
    const ard_bernoulli mask = mask_of(dropout, lstm->options.seed, step, site);
    const size_t width = reference_lstm_width(lstm, site);
    const reference_weights *weights = site < lstm->options.layers
                                           ? reference_lstm_weights(lstm, ARD_LSTM_INPUT, site)
                                           : reference_lstm_softmax(lstm);
    factors->input_weights[site] =
        weight_factors(dropout, &pattern->tiles, &mask, weights->rows, weights->cols);
    if (dropout->kind == ARD_DROPOUT_BERNOULLI) {
        factors->input[site] = mask_factors(&mask, rows, rows, width);
    } else if (drops_units(dropout)) {
        factors->input[site] = test_alloc(rows * width, sizeof(double));
        fill_units(dropout, &pattern->units, rows, width, factors->input[site]);
    }
}

/* `patterns` are those of the layer: one, or where they are fresh one a time step. */
static void drop_state(const reference_lstm *lstm, const ard_layer_pattern *patterns, uint64_t step,
                       size_t batch, size_t steps, size_t l, reference_lstm_factors *factors)
{
    const ard_dropout *dropout = &lstm->options.recurrent;
    const bool fresh = lstm->options.fresh;
    const ard_bernoulli mask = mask_of(dropout, lstm->options.seed, step, FIRST_RECURRENT + l);
    const size_t hidden = lstm->options.hidden;
    const size_t rows = batch * steps;
    factors->recurrent_weights[l] =
        weight_factors(dropout, &patterns[0].tiles, &mask, hidden, 4 * hidden);
    if (dropout->kind == ARD_DROPOUT_BERNOULLI) {
        factors->recurrent[l] = mask_factors(&mask, rows, fresh ? rows : batch, hidden);
    } else if (drops_units(dropout)) {
        factors->recurrent[l] = test_alloc(rows * hidden, sizeof(double));
        for (size_t t = 0; t < steps; ++t) {
            fill_units(dropout, &patterns[fresh ? t : 0].units, batch, hidden,
                       factors->recurrent[l] + t * batch * hidden);
        }
    }
}

reference_lstm_factors lstm_factors_of(const reference_lstm *lstm,
                                       const ard_layer_pattern *patterns, uint64_t step,
                                       size_t batch, size_t steps)
{
    reference_lstm_factors factors = {0};
    const size_t layers = lstm->options.layers;
    const size_t each = lstm->options.fresh ? lstm->options.steps : 1;
    for (size_t site = 0; site <= layers; ++site) {
        drop_input(lstm, &patterns[site], step, batch * steps, site, &factors);
    }
    for (size_t l = 0; l < layers; ++l) {
        drop_state(lstm, patterns + layers + 1 + l * each, step, batch, steps, l, &factors);
    }
    return factors;
}
