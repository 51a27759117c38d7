/* SPDX-License-Identifier: Apache-2.0 */
/* One training step of a network, and its evaluation. */
#include "device/matrix_check.h"
#include "models/mlp_internal.h"

/* A layer as one pass sees it. Weights and activations are compact. */
typedef struct layer_pass {
    ard_linear linear;
    ard_bernoulli mask;
    const ard_pattern *in_pattern; /* NULL: the network's inputs */
    const ard_pattern *out_pattern;
    const ard_tile_pattern *tile;
    size_t kept_in;
    size_t kept_out;
    size_t weight_cols; /* of the compact weights */
    ard_matrix weights;
    ard_matrix bias;
    ard_matrix src;
    ard_matrix dst;
} layer_pass;

typedef struct network_pass {
    size_t batch;
    bool training;
    layer_pass layers[ARD_MLP_MAX_LAYERS];
} network_pass;

/* What makes up for the share that is dropped. */
static float dropout_scale(const ard_dropout *dropout, double kept_share)
{
    return (float)(1.0 / (dropout->scale == ARD_SCALE_PERIOD ? kept_share : 1.0 - dropout->rate));
}

/* Scales and masks of a hidden layer of a training step. */
static void drop(const ard_mlp *mlp, layer_pass *layer, size_t index)
{
    const ard_dropout *dropout = &mlp->dropout[index];
    const double rest = 1.0 - dropout->rate;
    layer->mask =
        (ard_bernoulli){dropout->rate, mlp->options.seed, ard_sgd_step(mlp->sgd), (uint32_t)index};
    switch (dropout->kind) {
    case ARD_DROPOUT_NONE:
        break;
    case ARD_DROPOUT_BERNOULLI:
        layer->linear.scale = (float)(1.0 / rest);
        layer->linear.bernoulli = &layer->mask;
        break;
    case ARD_DROPOUT_ROW:
    case ARD_DROPOUT_SUBSET:
        layer->linear.scale = dropout_scale(dropout, ard_pattern_kept_share(layer->out_pattern));
        break;
    case ARD_DROPOUT_TILE:
        layer->linear.weight_scale = dropout_scale(dropout, 1.0 / layer->tile->period);
        break;
    case ARD_DROPOUT_DROPCONNECT:
        layer->linear.weight_scale = (float)(1.0 / rest);
        layer->linear.drop_connect = &layer->mask;
        break;
    }
}

/* Sizes, patterns and activation of a layer of this step. */
static ard_status prepare_layer(ard_mlp *mlp, network_pass *pass, size_t index,
                                const ard_layer_pattern *patterns)
{
    layer_pass *layer = &pass->layers[index];
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

/* Fetches the weights of a layer, brought up to date and without what is dropped. */
static ard_status fetch_weights(ard_mlp *mlp, layer_pass *layer, const ard__mlp_layer *parameters)
{
    ARD_TRY(ard_parameter_gather(parameters->weights, layer->out_pattern, layer->in_pattern,
                                 layer->tile, &layer->weights));
    if (layer->linear.drop_connect != NULL) {
        ARD_TRY(ard_drop_connect(mlp->context, parameters->out, parameters->in,
                                 layer->linear.drop_connect, &layer->weights, &parameters->masked,
                                 NULL));
        layer->weights = parameters->masked;
    }
    return ard_parameter_gather(parameters->bias, NULL, layer->out_pattern, NULL, &layer->bias);
}

/* Prepares all layers for a pass without (patterns NULL) or with dropped units and weights. */
static ard_status begin_pass(ard_mlp *mlp, network_pass *pass, size_t batch, bool training,
                             const ard_layer_pattern *patterns)
{
    pass->batch = batch;
    pass->training = training;
    for (size_t i = 0; i < mlp->options.layers; ++i) {
        pass->layers[i] = (layer_pass){0};
        ARD_TRY(prepare_layer(mlp, pass, i, patterns));
        ARD_TRY(fetch_weights(mlp, &pass->layers[i], &mlp->layers[i]));
    }
    return ARD_STATUS_SUCCESS;
}

/* Enqueues the forward pass; the logits go where the last layer's dst says. */
static ard_status forward(ard_mlp *mlp, network_pass *pass, const ard_matrix *src)
{
    const ard_matrix *from = src;
    for (size_t i = 0; i < mlp->options.layers; ++i) {
        layer_pass *layer = &pass->layers[i];
        layer->src = *from;
        ARD_TRY(ard_linear_forward(mlp->context, &layer->linear, &layer->src, &layer->weights,
                                   &layer->bias, &layer->dst, NULL));
        from = &layer->dst;
    }
    return ARD_STATUS_SUCCESS;
}

/* Backward through one layer, from the gradient before its activation to its update and to the
 * gradient before the activation of the layer below. */
static ard_status backward_layer(ard_mlp *mlp, const network_pass *pass, size_t index,
                                 const ard_matrix *diff_pre, const ard_matrix *diff_pre_below)
{
    const layer_pass *layer = &pass->layers[index];
    const ard__mlp_layer *parameters = &mlp->layers[index];
    const ard_matrix diff_weights = {mlp->diff_weights.buffer, 0, layer->weight_cols};
    const ard_matrix diff_bias = {mlp->diff_bias.buffer, 0, layer->kept_out};
    ARD_TRY(ard_linear_backward_bias(mlp->context, &layer->linear, diff_pre, &diff_bias, NULL));
    if (index > 0) {
        ARD_TRY(ard_linear_backward_data_activation(
            mlp->context, &layer->linear, &pass->layers[index - 1].linear, diff_pre,
            &layer->weights, &layer->src, diff_pre_below, NULL));
    }
    ARD_TRY(ard_linear_backward_weights(mlp->context, &layer->linear, diff_pre, &layer->src,
                                        &diff_weights, NULL));
    ARD_TRY(ard_parameter_update(parameters->weights, layer->out_pattern, layer->in_pattern,
                                 layer->tile, &diff_weights));
    return ard_parameter_update(parameters->bias, NULL, layer->out_pattern, NULL, &diff_bias);
}

/* The last layer has no activation and drops nothing: the gradient of the loss is that before it.
 */
static ard_status backward(ard_mlp *mlp, const network_pass *pass, const ard_labels *labels)
{
    size_t index = mlp->options.layers - 1;
    const layer_pass *last = &pass->layers[index];
    ard_matrix diff_pre = {mlp->diff[index % 2].buffer, 0, last->kept_out};
    ARD_TRY(ard_softmax_cross_entropy(mlp->context, pass->batch, last->kept_out, &last->dst, labels,
                                      &diff_pre, &mlp->totals, NULL));
    for (;; --index) {
        const ard_matrix diff_pre_below = {mlp->diff[(index + 1) % 2].buffer, 0,
                                           pass->layers[index].kept_in};
        ARD_TRY(backward_layer(mlp, pass, index, &diff_pre, &diff_pre_below));
        if (index == 0) {
            return ARD_STATUS_SUCCESS;
        }
        diff_pre = diff_pre_below;
    }
}

static ard_status check_batch(const ard_mlp *mlp, size_t batch)
{
    ARD__CHECK(mlp != NULL, "the network is NULL");
    ARD__CHECK(batch >= 1 && batch <= mlp->options.max_batch, "the batch is %zu, expected 1..%zu",
               batch, mlp->options.max_batch);
    return ARD_STATUS_SUCCESS;
}

/* Lets the device begin, and gives the caller an event. */
static ard_status submit(ard_mlp *mlp, cl_event *event)
{
    ARD_TRY(ard__give_event(mlp->context, event));
    const cl_int code = clFlush(mlp->context->queue);
    return code == CL_SUCCESS ? ARD_STATUS_SUCCESS : ard__fail_opencl(code, "clFlush");
}

static ard_status run_step(ard_mlp *mlp, const ard_layer_pattern *patterns, size_t batch,
                           const ard_matrix *src, const ard_labels *labels, cl_event *event)
{
    network_pass pass;
    ARD_TRY(ard__check_matrix("src", src, batch, mlp->widths[0]));
    ARD_TRY(ard__check_labels("labels", labels, batch));
    ARD_TRY(begin_pass(mlp, &pass, batch, true, patterns));
    ARD_TRY(forward(mlp, &pass, src));
    ARD_TRY(backward(mlp, &pass, labels));
    ARD_TRY(ard_sgd_advance(mlp->sgd));
    mlp->total_samples += batch;
    return submit(mlp, event);
}

ard_status ard_mlp_step(ard_mlp *mlp, size_t batch, const ard_matrix *src, const ard_labels *labels,
                        cl_event *event)
{
    ARD_TRY(check_batch(mlp, batch));
    ard_layer_pattern patterns[ARD_MLP_MAX_LAYERS];
    ARD_TRY(ard_mlp_patterns(mlp, ard_sgd_step(mlp->sgd), patterns));
    return run_step(mlp, patterns, batch, src, labels, event);
}

ard_status ard_mlp_step_with_patterns(ard_mlp *mlp, const ard_layer_pattern *patterns, size_t batch,
                                      const ard_matrix *src, const ard_labels *labels,
                                      cl_event *event)
{
    ARD_TRY(check_batch(mlp, batch));
    ARD__CHECK(patterns != NULL || mlp->options.layers == 1,
               "ard_mlp_step_with_patterns: patterns is NULL");
    ARD_TRY(ard__mlp_check_patterns(mlp, patterns));
    return run_step(mlp, patterns, batch, src, labels, event);
}

ard_status ard_mlp_forward(ard_mlp *mlp, size_t batch, const ard_matrix *src,
                           const ard_matrix *logits, cl_event *event)
{
    network_pass pass;
    ARD_TRY(check_batch(mlp, batch));
    const size_t last = mlp->options.layers - 1;
    ARD_TRY(ard__check_matrix("src", src, batch, mlp->widths[0]));
    ARD_TRY(ard__check_matrix("logits", logits, batch, mlp->widths[last + 1]));
    ARD_TRY(begin_pass(mlp, &pass, batch, false, NULL));
    pass.layers[last].dst = *logits;
    ARD_TRY(forward(mlp, &pass, src));
    return submit(mlp, event);
}

ard_status ard__mlp_clear_totals(ard_mlp *mlp, const ard_matrix *totals)
{
    return ard__buffer_fill(mlp->context, totals->buffer, 0, 2 * sizeof(cl_float));
}

static ard_status read_totals(ard_mlp *mlp, const ard_matrix *totals, uint64_t samples,
                              ard_mlp_result *result)
{
    float values[2];
    ARD_TRY(ard_matrix_read(mlp->context, 1, 2, totals, values));
    *result = (ard_mlp_result){.samples = samples,
                               .correct = (uint64_t)values[1],
                               .loss = samples > 0 ? (double)values[0] / (double)samples : 0.0};
    return ARD_STATUS_SUCCESS;
}

ard_status ard_mlp_take_training_result(ard_mlp *mlp, ard_mlp_result *result)
{
    ARD__CHECK(mlp != NULL && result != NULL, "ard_mlp_take_training_result: an argument is NULL");
    ard_mlp_result taken;
    ARD_TRY(read_totals(mlp, &mlp->totals, mlp->total_samples, &taken));
    ARD_TRY(ard__mlp_clear_totals(mlp, &mlp->totals));
    mlp->total_samples = 0;
    *result = taken;
    return ARD_STATUS_SUCCESS;
}

/* Adds one batch of an evaluation to evaluation_totals. */
static ard_status evaluate_batch(ard_mlp *mlp, network_pass *pass, size_t first,
                                 const ard_matrix *src, const ard_labels *labels)
{
    const ard_matrix batch_src = {src->buffer, src->offset + first * src->ld, src->ld};
    const ard_labels batch_labels = {labels->buffer, labels->offset + first};
    const layer_pass *last = &pass->layers[mlp->options.layers - 1];
    ARD_TRY(forward(mlp, pass, &batch_src));
    return ard_softmax_cross_entropy(mlp->context, pass->batch, last->kept_out, &last->dst,
                                     &batch_labels, NULL, &mlp->evaluation_totals, NULL);
}

ard_status ard_mlp_evaluate(ard_mlp *mlp, size_t samples, const ard_matrix *src,
                            const ard_labels *labels, ard_mlp_result *result)
{
    ARD__CHECK(mlp != NULL && result != NULL, "ard_mlp_evaluate: an argument is NULL");
    ARD_TRY(ard__check_size("samples", samples));
    ARD_TRY(ard__check_matrix("src", src, samples, mlp->widths[0]));
    ARD_TRY(ard__check_labels("labels", labels, samples));
    network_pass pass;
    ARD_TRY(ard__mlp_clear_totals(mlp, &mlp->evaluation_totals));
    ARD_TRY(begin_pass(mlp, &pass, mlp->options.max_batch, false, NULL));
    for (size_t first = 0; first < samples; first += pass.batch) {
        if (samples - first < pass.batch) {
            pass.batch = samples - first;
            for (size_t i = 0; i < mlp->options.layers; ++i) {
                pass.layers[i].linear.batch = pass.batch;
            }
        }
        ARD_TRY(evaluate_batch(mlp, &pass, first, src, labels));
    }
    return read_totals(mlp, &mlp->evaluation_totals, samples, result);
}
