/* SPDX-License-Identifier: Apache-2.0 */
#include "models/toy.h"

#include <stdlib.h>

#include "models/mlp_internal.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

enum { OFFSET = 5, GAP = 3 };

toy_data toy_create(ard_context *context, size_t samples, size_t width, size_t classes, float noise,
                    uint64_t seed)
{
    toy_data data = {.samples = samples, .width = width};
    float *centres = test_random_floats(classes * width, seed);
    uint64_t random = test_mix(seed, 1);
    data.values = test_alloc(samples * width, sizeof *data.values);
    data.labels = test_alloc(samples, sizeof *data.labels);
    for (size_t i = 0; i < samples; ++i) {
        const size_t label = test_random_below(&random, classes);
        data.labels[i] = (int32_t)label;
        for (size_t j = 0; j < width; ++j) {
            data.values[i * width + j] =
                centres[label * width + j] + noise * test_random_float(&random);
        }
    }
    guarded src = guarded_create_with(context, samples, width, OFFSET, GAP, data.values);
    data.src = src.matrix;
    free(src.shadow);
    data.src_labels = test_labels(context, samples, data.labels, OFFSET);
    free(centres);
    return data;
}

void toy_destroy(toy_data *data)
{
    clReleaseMemObject(data->src.buffer);
    clReleaseMemObject(data->src_labels.buffer);
    free(data->values);
    free(data->labels);
    *data = (toy_data){0};
}

ard_matrix toy_src(const toy_data *data, size_t first)
{
    return (ard_matrix){data->src.buffer, data->src.offset + first * data->src.ld, data->src.ld};
}

ard_labels toy_labels(const toy_data *data, size_t first)
{
    return (ard_labels){data->src_labels.buffer, data->src_labels.offset + first};
}

ard_dropout toy_dropout(ard_dropout_kind kind, ard_scale_kind scale)
{
    ard_dropout dropout;
    assert_success(ard_dropout_init(kind, 0.5, 0, scale, &dropout));
    if (kind == ARD_DROPOUT_TILE) {
        dropout.tile_edge = TOY_EDGE;
    }
    return dropout;
}

ard_layer_pattern toy_units(uint32_t period, uint64_t residues)
{
    ard_layer_pattern pattern = ard_layer_pattern_all();
    pattern.units = (ard_pattern){.period = period, .residues = residues};
    return pattern;
}

ard_mlp_options toy_options(size_t layers, const size_t *widths, const ard_dropout *dropout,
                            size_t max_batch)
{
    ard_mlp_options options = {.layers = layers,
                               .widths = widths,
                               .dropout = dropout,
                               .max_batch = max_batch,
                               .seed = 2024,
                               .sgd = ard_sgd_defaults()};
    options.sgd.schedule.rate = 0.05;
    options.sgd.weight_decay = 1e-3;
    return options;
}

ard_mlp *toy_network(ard_context *context, const ard_mlp_options *options)
{
    ard_mlp *mlp = NULL;
    assert_success(ard_mlp_create(context, options, &mlp));
    assert_non_null(mlp);
    return mlp;
}

void toy_train(ard_mlp *mlp, const toy_data *data, size_t steps, size_t batch)
{
    for (size_t i = 0; i < steps; ++i) {
        const uint64_t step = ard_mlp_steps_done(mlp);
        const size_t first = (size_t)step * batch % (data->samples - batch + 1);
        const ard_matrix src = toy_src(data, first);
        const ard_labels labels = toy_labels(data, first);
        assert_success(ard_mlp_step(mlp, batch, &src, &labels, NULL));
    }
}

void toy_assert_same_bits(ard_mlp *actual, ard_mlp *expected, const char *what)
{
    const ard_mlp_options *options = ard_mlp_get_options(expected);
    for (size_t l = 0; l < options->layers; ++l) {
        const size_t out = options->widths[l + 1];
        const size_t in = options->widths[l];
        float *weights[2];
        float *bias[2];
        ard_mlp *const networks[2] = {actual, expected};
        for (size_t i = 0; i < 2; ++i) {
            weights[i] = test_alloc(in * out, sizeof *weights[i]);
            bias[i] = test_alloc(out, sizeof *bias[i]);
            assert_success(ard_mlp_read_layer(networks[i], l, weights[i], bias[i]));
        }
        const comparison about_weights = {"weights", what, out, in, options->seed};
        const comparison about_bias = {"bias", what, 1, out, options->seed};
        assert_same_bits(&about_weights, weights[0], weights[1]);
        assert_same_bits(&about_bias, bias[0], bias[1]);
        for (size_t i = 0; i < 2; ++i) {
            free(weights[i]);
            free(bias[i]);
        }
    }
}

toy_memory toy_read_memory(const ard_mlp *mlp)
{
    const ard_context *context = mlp->context;
    return (toy_memory){.grouped_a = context->grouped_a.bytes,
                        .grouped_n = context->grouped_n.bytes,
                        .gemm = context->gemm.bytes,
                        .compact = mlp->compact.bytes};
}

void toy_assert_same_memory(const ard_mlp *mlp, const toy_memory *before)
{
    const toy_memory after = toy_read_memory(mlp);
    assert_int_equal(after.grouped_a, before->grouped_a);
    assert_int_equal(after.grouped_n, before->grouped_n);
    assert_int_equal(after.gemm, before->gemm);
    assert_int_equal(after.compact, before->compact);
}
