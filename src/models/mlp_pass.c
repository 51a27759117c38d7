/* SPDX-License-Identifier: Apache-2.0 */
#include "models/mlp_pass.h"

#include "core/integers.h"
#include "device/matrix_check.h"
#include "models/mlp_compact.h"
#include "optimizer/parameter_internal.h"

ard_status ard__mlp_check_batch(const ard_mlp *mlp, size_t batch)
{
    ARD__CHECK(mlp != NULL, "the network is NULL");
    ARD__CHECK(batch >= 1 && batch <= mlp->options.max_batch, "the batch is %zu, expected 1..%zu",
               batch, mlp->options.max_batch);
    return ARD_STATUS_SUCCESS;
}

/* Scales and masks of a hidden layer of a training step. */
static void drop(const ard_mlp *mlp, ard__layer_pass *layer, size_t index)
{
    const ard_dropout *dropout = &mlp->dropout[index];
    const ard_layer_pattern pattern = {*layer->out_pattern, *layer->tile};
    const float scale = ard__dropout_scale(dropout, &pattern, mlp->layers[index].out);
    layer->mask =
        (ard_bernoulli){dropout->rate, mlp->options.seed, ard_sgd_step(mlp->sgd), (uint32_t)index};
    if (dropout->kind == ARD_DROPOUT_TILE || dropout->kind == ARD_DROPOUT_DROPCONNECT) {
        layer->linear.weight_scale = scale;
    } else {
        layer->linear.scale = scale;
    }
    layer->linear.bernoulli = dropout->kind == ARD_DROPOUT_BERNOULLI ? &layer->mask : NULL;
    layer->linear.drop_connect = dropout->kind == ARD_DROPOUT_DROPCONNECT ? &layer->mask : NULL;
}

/* Sizes, patterns and activation of a layer of this step. */
static ard_status prepare_layer(ard_mlp *mlp, ard__mlp_pass *pass, size_t index,
                                const ard_layer_pattern *patterns)
{
    ard__layer_pass *layer = &pass->layers[index];
    const ard__mlp_layer *parameters = &mlp->layers[index];
    const bool hidden = index + 1 < mlp->options.layers;
    ard_linear *linear = &layer->linear;
    layer->out_pattern = ard__mlp_out_pattern(mlp, patterns, index);
    layer->in_pattern = index > 0 ? pass->layers[index - 1].out_pattern : NULL;
    layer->tile = ard__mlp_tile_pattern(mlp, patterns, index);
    ard_tile_layout layout;
    ARD_TRY(ard_tile_get_layout(layer->tile, parameters->out, parameters->in, layer->out_pattern,
                                layer->in_pattern, &layout));
    ARD_TRY(ard_pattern_kept_count(layer->out_pattern, parameters->out, &layer->kept_out));
    layer->kept_in = index > 0 ? pass->layers[index - 1].kept_out : parameters->in;
    layer->weight_cols = layout.cols;
    layer->weight_count = layout.groups * layout.rows * layout.cols;
    *linear = ard_linear_init(pass->batch, parameters->in, parameters->out);
    linear->in_pattern = layer->in_pattern != NULL ? *layer->in_pattern : ard_pattern_all();
    linear->out_pattern = *layer->out_pattern;
    linear->tile = *layer->tile;
    linear->activation = hidden ? ARD_ACTIVATION_RELU : ARD_ACTIVATION_IDENTITY;
    linear->compact = true;
    layer->dst = (ard_matrix){parameters->output.buffer, 0, layer->kept_out};
    if (hidden && pass->training) {
        drop(mlp, layer, index);
    }
    return ARD_STATUS_SUCCESS;
}

/* Whether the layer's weights are all kept. */
static bool is_whole(const ard__layer_pass *layer)
{
    return ard_pattern_is_all(layer->out_pattern) && ard_tile_is_all(layer->tile) &&
           (layer->in_pattern == NULL || ard_pattern_is_all(layer->in_pattern));
}

/* Finds a place for the copies of a layer's weights and bias, as if it had one, from `at` on; where
 * the next layer's may begin. In a step a whole layer's weights are caught up in place, so that
 * they need no copy; an evaluation changes nothing. */
static size_t place_layer(const ard__mlp_pass *pass, ard__layer_pass *layer, size_t at)
{
    layer->copy_at = at;
    layer->bias_at = at;
    if (!pass->training || !is_whole(layer)) {
        layer->bias_at += ard__mlp_compact_round(layer->weight_count);
    }
    return layer->bias_at + ard__mlp_compact_round(layer->kept_out);
}

/* All layers (mlp_compact.h); how many elements they take. */
static size_t place_layers(const ard_mlp *mlp, ard__mlp_pass *pass)
{
    size_t at = 0;
    size_t most = 0;
    for (size_t i = 1; i <= mlp->options.layers; ++i) {
        ard__layer_pass *layer = &pass->layers[i % mlp->options.layers];
        layer->gradient_at = i < mlp->options.layers ? at : 0;
        most = ard__larger(most, layer->gradient_at + layer->weight_count);
        at = place_layer(pass, layer, at);
    }
    pass->copies = at;
    return ard__larger(most, at);
}

size_t ard__mlp_place_gradients(const ard_mlp *mlp, ard__mlp_pass *pass, size_t at)
{
    pass->apart = true;
    for (size_t i = 0; i < mlp->options.layers; ++i) {
        ard__layer_pass *layer = &pass->layers[i];
        layer->gradient_at = at;
        layer->bias_gradient_at = at + ard__mlp_compact_round(layer->weight_count);
        at = layer->bias_gradient_at + ard__mlp_compact_round(layer->kept_out);
    }
    return at;
}

/* Fetches the weights of a layer, brought up to date and without what is dropped. */
static ard_status fetch_weights(ard_mlp *mlp, const ard__mlp_pass *pass, ard__layer_pass *layer,
                                const ard__mlp_layer *parameters)
{
    const ard__kept kept = {layer->out_pattern, layer->in_pattern, layer->tile};
    const ard__kept kept_bias = {NULL, layer->out_pattern, NULL};
    const ard_matrix room = {pass->compact, layer->copy_at, 0};
    const ard_matrix bias_room = {pass->compact, layer->bias_at, 0};
    if (pass->training && is_whole(layer)) {
        ARD_TRY(ard__parameter_catch_up(parameters->weights));
    }
    ARD_TRY(ard__parameter_gather_into(parameters->weights, &kept, &room, &layer->weights));
    if (layer->linear.drop_connect != NULL) {
        ARD_TRY(ard_drop_connect(mlp->context, parameters->out, parameters->in,
                                 layer->linear.drop_connect, &layer->weights, &parameters->masked,
                                 NULL));
        layer->weights = parameters->masked;
    }
    return ard__parameter_gather_into(parameters->bias, &kept_bias, &bias_room, &layer->bias);
}

ard_status ard__mlp_plan(ard_mlp *mlp, ard__mlp_pass *pass, size_t batch, bool training,
                         const ard_layer_pattern *patterns, size_t *count)
{
    pass->batch = batch;
    pass->training = training;
    pass->apart = false;
    for (size_t i = 0; i < mlp->options.layers; ++i) {
        pass->layers[i] = (ard__layer_pass){0};
        ARD_TRY(prepare_layer(mlp, pass, i, patterns));
    }
    *count = place_layers(mlp, pass);
    return ARD_STATUS_SUCCESS;
}

ard_status ard__mlp_fetch(ard_mlp *mlp, ard__mlp_pass *pass)
{
    for (size_t i = 0; i < mlp->options.layers; ++i) {
        ARD_TRY(fetch_weights(mlp, pass, &pass->layers[i], &mlp->layers[i]));
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard__mlp_run_forward(ard_mlp *mlp, ard__mlp_pass *pass, const ard_matrix *src)
{
    const ard_matrix *from = src;
    for (size_t i = 0; i < mlp->options.layers; ++i) {
        ard__layer_pass *layer = &pass->layers[i];
        layer->src = *from;
        ARD_TRY(ard_linear_forward(mlp->context, &layer->linear, &layer->src, &layer->weights,
                                   &layer->bias, &layer->dst, NULL));
        from = &layer->dst;
    }
    return ARD_STATUS_SUCCESS;
}
