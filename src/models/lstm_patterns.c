/* SPDX-License-Identifier: Apache-2.0 */
/* Which patterns a window has, drawn or given, and what they save. */
#include <stdio.h>

#include "device/matrix_check.h"
#include "models/lstm_internal.h"
#include "patterns/pattern_internal.h"

size_t ard_lstm_pattern_count(const ard_lstm *lstm)
{
    return lstm != NULL ? lstm->options.layers + 1 +
                              lstm->options.layers * ard__lstm_fresh_steps(&lstm->options)
                        : 0;
}

const ard_layer_pattern *ard__lstm_recurrent_pattern(const ard_lstm *lstm,
                                                     const ard_layer_pattern *patterns,
                                                     size_t layer, size_t step)
{
    const ard_lstm_options *options = &lstm->options;
    return &patterns[options->layers + 1 + layer * ard__lstm_fresh_steps(options) +
                     (options->fresh ? step : 0)];
}

bool ard__lstm_keeps_unit(const ard_lstm *lstm, const ard_layer_pattern *patterns, size_t layer,
                          size_t steps, size_t unit)
{
    for (size_t step = 0; step < steps; ++step) {
        if (ard_pattern_keeps(&ard__lstm_recurrent_pattern(lstm, patterns, layer, step)->units,
                              unit)) {
            return true;
        }
    }
    return false;
}

ard_status ard_lstm_patterns(const ard_lstm *lstm, uint64_t step, ard_layer_pattern *patterns)
{
    ARD__CHECK(lstm != NULL && patterns != NULL, "ard_lstm_patterns: an argument is NULL");
    const ard_lstm_options *options = &lstm->options;
    uint32_t *indices = lstm->indices;
    size_t count = 0;
    for (size_t site = 0; site <= options->layers; ++site) {
        /* The softmax of a tied model shares the pattern of the embedding. */
        const bool shares = options->tied && site == options->layers;
        const ard__dropout_draw draw = {options->seed, step, shares ? 0 : (uint32_t)site, 0};
        patterns[count++] = ard__dropout_sample(&lstm->between[site], &draw, indices);
        indices += lstm->indices_stride;
    }
    for (size_t layer = 0; layer < options->layers; ++layer) {
        for (size_t t = 0; t < ard__lstm_fresh_steps(options); ++t) {
            const ard__dropout_draw draw = {
                options->seed, step, ARD__LSTM_RECURRENT_STREAM + (uint32_t)layer, (uint32_t)t};
            patterns[count++] = ard__dropout_sample(&lstm->recurrent, &draw, indices);
            indices += lstm->indices_stride;
        }
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard__lstm_check_patterns(const ard_lstm *lstm, const ard_layer_pattern *patterns)
{
    const ard_lstm_options *options = &lstm->options;
    const size_t sites = options->layers + 1;
    char where[64];
    for (size_t site = 0; site < sites; ++site) {
        const size_t out = site < options->layers ? 4 * options->hidden : options->vocabulary;
        snprintf(where, sizeof where, "site %zu between the layers", site);
        ARD_TRY(ard__dropout_check_pattern(&lstm->between[site], where, &patterns[site], out,
                                           ard__lstm_width(options, site)));
    }
    for (size_t i = sites; i < ard_lstm_pattern_count(lstm); ++i) {
        snprintf(where, sizeof where, "recurrent layer %zu",
                 (i - sites) / ard__lstm_fresh_steps(options));
        ARD_TRY(ard__dropout_check_pattern(&lstm->recurrent, where, &patterns[i],
                                           4 * options->hidden, options->hidden));
    }
    if (options->tied && !ard__pattern_equal(&patterns[0].units, &patterns[sites - 1].units)) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "the softmax of a tied model has another pattern than its embedding");
    }
    return ARD_STATUS_SUCCESS;
}

/* Adds so many products of so many rows with weights stored [in x out]. */
static ard_status add_products(const ard_layer_pattern *pattern, double products, size_t rows,
                               size_t in, size_t out, double *sum)
{
    const ard_layer_pattern all = ard_layer_pattern_all();
    const ard_layer_pattern *kept = pattern != NULL ? pattern : &all;
    ard_tile_layout layout;
    ARD_TRY(ard_tile_get_layout(&kept->tiles, in, out, &kept->units, NULL, &layout));
    *sum += products * 2.0 * (double)rows * (double)layout.weights;
    return ARD_STATUS_SUCCESS;
}

/* Units that some of the fresh patterns of a layer keep. */
static size_t count_kept(const ard_lstm *lstm, size_t steps, const ard_layer_pattern *patterns,
                         size_t layer)
{
    size_t count = 0;
    for (size_t unit = 0; unit < lstm->options.hidden; ++unit) {
        count += ard__lstm_keeps_unit(lstm, patterns, layer, steps, unit) ? 1 : 0;
    }
    return count;
}

/* The three recurrent products of a layer. With fresh patterns that of the weights is over what
 * some step keeps. */
static ard_status add_recurrent(const ard_lstm *lstm, size_t batch, size_t steps,
                                const ard_layer_pattern *patterns, size_t layer, double *sum)
{
    const size_t hidden = lstm->options.hidden;
    if (patterns == NULL || !lstm->options.fresh) {
        return add_products(patterns != NULL ? ard__lstm_recurrent_pattern(lstm, patterns, layer, 0)
                                             : NULL,
                            3.0, batch * steps, hidden, 4 * hidden, sum);
    }
    for (size_t t = 0; t < steps; ++t) {
        ARD_TRY(add_products(ard__lstm_recurrent_pattern(lstm, patterns, layer, t), 2.0, batch,
                             hidden, 4 * hidden, sum));
    }
    return add_products(NULL, 1.0, batch * steps, count_kept(lstm, steps, patterns, layer),
                        4 * hidden, sum);
}

ard_status ard_lstm_step_flops(const ard_lstm *lstm, size_t batch, size_t steps,
                               const ard_layer_pattern *patterns, double *flops)
{
    ARD__CHECK(lstm != NULL && flops != NULL, "ard_lstm_step_flops: an argument is NULL");
    ARD_TRY(ard__check_size("batch", batch));
    ARD_TRY(ard__check_size("steps", steps));
    const ard_lstm_options *options = &lstm->options;
    ARD__CHECK(steps <= options->steps, "a window of %zu steps, expected 1..%zu", steps,
               options->steps);
    double sum = 0.0;
    for (size_t site = 0; site <= options->layers; ++site) {
        const size_t out = site < options->layers ? 4 * options->hidden : options->vocabulary;
        ARD_TRY(add_products(patterns != NULL ? &patterns[site] : NULL, 3.0, batch * steps,
                             ard__lstm_width(options, site), out, &sum));
    }
    for (size_t layer = 0; layer < options->layers; ++layer) {
        ARD_TRY(add_recurrent(lstm, batch, steps, patterns, layer, &sum));
    }
    *flops = sum;
    return ARD_STATUS_SUCCESS;
}
