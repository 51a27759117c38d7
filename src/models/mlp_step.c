/* SPDX-License-Identifier: Apache-2.0 */
/* One training step of a network: the groups of its batch one after the other, each with its own
 * patterns. */
#include "core/integers.h"
#include "device/matrix_check.h"
#include "device/operation.h"
#include "layers/loss_internal.h"
#include "models/mlp_pass.h"

/* Plans the pass of each group and finds it its memory. Patterns that the network can draw find it
 * there already. */
static ard_status plan_step(ard_mlp *mlp, size_t batch, const ard_layer_pattern *patterns)
{
    const size_t groups = mlp->options.groups;
    size_t end = 0;
    for (size_t k = 0; k < groups; ++k) {
        ard__mlp_pass *pass = &mlp->passes[k];
        const size_t rows =
            ard__mlp_group_start(mlp, batch, k + 1) - ard__mlp_group_start(mlp, batch, k);
        size_t count = 0;
        pass->batch = 0;
        if (rows > 0) {
            ARD_TRY(ard__mlp_plan(mlp, pass, rows, true, ard__mlp_group_patterns(mlp, patterns, k),
                                  &count));
            end = ard__larger(end, groups > 1 ? pass->copies : count);
        }
    }
    for (size_t k = 0; groups > 1 && k < groups; ++k) {
        if (mlp->passes[k].batch > 0) {
            end = ard__mlp_place_gradients(mlp, &mlp->passes[k], end);
        }
    }
    ARD_TRY(ard__scratch_reserve(mlp->context, &mlp->compact, end * sizeof(cl_float)));
    for (size_t k = 0; k < groups; ++k) {
        mlp->passes[k].compact = mlp->compact.buffer;
    }
    return ARD_STATUS_SUCCESS;
}

static ard_matrix diff_weights_of(const ard__mlp_pass *pass, size_t index)
{
    const ard__layer_pass *layer = &pass->layers[index];
    return (ard_matrix){pass->compact, layer->gradient_at, layer->weight_cols};
}

static ard_matrix diff_bias_of(const ard_mlp *mlp, const ard__mlp_pass *pass, size_t index)
{
    const ard__layer_pass *layer = &pass->layers[index];
    return pass->apart ? (ard_matrix){pass->compact, layer->bias_gradient_at, layer->kept_out}
                       : (ard_matrix){mlp->diff_bias.buffer, 0, layer->kept_out};
}

static ard_status update_layer(ard_mlp *mlp, const ard__mlp_pass *pass, size_t index)
{
    const ard__layer_pass *layer = &pass->layers[index];
    const ard__mlp_layer *parameters = &mlp->layers[index];
    const ard_matrix diff_weights = diff_weights_of(pass, index);
    const ard_matrix diff_bias = diff_bias_of(mlp, pass, index);
    ARD_TRY(ard_parameter_update(parameters->weights, layer->out_pattern, layer->in_pattern,
                                 layer->tile, &diff_weights));
    return ard_parameter_update(parameters->bias, NULL, layer->out_pattern, NULL, &diff_bias);
}

/* Backward through one layer, from the gradient before its activation to that of its parameters,
 * whose memory the next layer takes unless it is apart, and to the gradient before the activation
 * of the layer below. */
static ard_status backward_layer(ard_mlp *mlp, const ard__mlp_pass *pass, size_t index,
                                 const ard_matrix *diff_pre, const ard_matrix *diff_pre_below)
{
    const ard__layer_pass *layer = &pass->layers[index];
    const ard_matrix diff_weights = diff_weights_of(pass, index);
    const ard_matrix diff_bias = diff_bias_of(mlp, pass, index);
    ARD_TRY(ard_linear_backward_bias(mlp->context, &layer->linear, diff_pre, &diff_bias, NULL));
    if (index > 0) {
        ARD_TRY(ard_linear_backward_data_activation(
            mlp->context, &layer->linear, &pass->layers[index - 1].linear, diff_pre,
            &layer->weights, &layer->src, diff_pre_below, NULL));
    }
    ARD_TRY(ard_linear_backward_weights(mlp->context, &layer->linear, diff_pre, &layer->src,
                                        &diff_weights, NULL));
    return pass->apart ? ARD_STATUS_SUCCESS : update_layer(mlp, pass, index);
}

/* The last layer has no activation and drops nothing: the gradient of the loss, which is a mean
 * over the whole batch, is that before it. */
static ard_status backward(ard_mlp *mlp, const ard__mlp_pass *pass, size_t batch,
                           const ard_labels *labels)
{
    size_t index = mlp->options.layers - 1;
    const ard__layer_pass *last = &pass->layers[index];
    ard_matrix diff_pre = {mlp->diff[index % 2].buffer, 0, last->kept_out};
    ARD_TRY(ard__softmax_cross_entropy(mlp->context, pass->batch, batch, last->kept_out, &last->dst,
                                       labels, &diff_pre, &mlp->totals));
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

/* Forward and backward of a group's rows of the batch. */
static ard_status run_group(ard_mlp *mlp, size_t group, size_t batch, const ard_matrix *src,
                            const ard_labels *labels)
{
    ard__mlp_pass *pass = &mlp->passes[group];
    const size_t first = ard__mlp_group_start(mlp, batch, group);
    const ard_matrix rows = {src->buffer, src->offset + first * src->ld, src->ld};
    const ard_labels row_labels = {labels->buffer, labels->offset + first};
    ARD_TRY(ard__mlp_fetch(mlp, pass));
    ARD_TRY(ard__mlp_run_forward(mlp, pass, &rows));
    return backward(mlp, pass, batch, &row_labels);
}

/* The updates of gradients that are apart. Group by group, so that the optimizer sends its tables
 * once for all layers. */
static ard_status update_groups(ard_mlp *mlp)
{
    for (size_t k = 0; k < mlp->options.groups; ++k) {
        for (size_t i = mlp->options.layers; i-- > 0 && mlp->passes[k].batch > 0;) {
            ARD_TRY(update_layer(mlp, &mlp->passes[k], i));
        }
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status run_step(ard_mlp *mlp, const ard_layer_pattern *patterns, size_t batch,
                           const ard_matrix *src, const ard_labels *labels, cl_event *event)
{
    ARD_TRY(ard__check_matrix("src", src, batch, mlp->widths[0]));
    ARD_TRY(ard__check_labels("labels", labels, batch));
    ARD_TRY(plan_step(mlp, batch, patterns));
    for (size_t k = 0; k < mlp->options.groups; ++k) {
        if (mlp->passes[k].batch > 0) {
            ARD_TRY(run_group(mlp, k, batch, src, labels));
        }
    }
    if (mlp->options.groups > 1) {
        ARD_TRY(update_groups(mlp));
    }
    ARD_TRY(ard_sgd_advance(mlp->sgd));
    mlp->total_samples += batch;
    return ard__submit(mlp->context, event);
}

static ard_status step(ard_mlp *mlp, size_t batch, const ard_matrix *src, const ard_labels *labels,
                       cl_event *event)
{
    ARD_TRY(ard__mlp_check_batch(mlp, batch));
    ARD_TRY(ard_mlp_patterns(mlp, ard_sgd_step(mlp->sgd), mlp->patterns));
    return run_step(mlp, mlp->patterns, batch, src, labels, event);
}

ard_status ard_mlp_step(ard_mlp *mlp, size_t batch, const ard_matrix *src, const ard_labels *labels,
                        cl_event *event)
{
    ard__operation_begin(ard__mlp_context(mlp), "mlp_step");
    return ard__mlp_end(ard__mlp_context(mlp), mlp, batch, mlp != NULL ? mlp->patterns : NULL,
                        step(mlp, batch, src, labels, event));
}

static ard_status step_with_patterns(ard_mlp *mlp, const ard_layer_pattern *patterns, size_t batch,
                                     const ard_matrix *src, const ard_labels *labels,
                                     cl_event *event)
{
    ARD_TRY(ard__mlp_check_batch(mlp, batch));
    ARD__CHECK(patterns != NULL || mlp->options.layers == 1,
               "ard_mlp_step_with_patterns: patterns is NULL");
    ARD_TRY(ard__mlp_check_patterns(mlp, patterns));
    return run_step(mlp, patterns, batch, src, labels, event);
}

ard_status ard_mlp_step_with_patterns(ard_mlp *mlp, const ard_layer_pattern *patterns, size_t batch,
                                      const ard_matrix *src, const ard_labels *labels,
                                      cl_event *event)
{
    ard__operation_begin(ard__mlp_context(mlp), "mlp_step");
    return ard__mlp_end(ard__mlp_context(mlp), mlp, batch, patterns,
                        step_with_patterns(mlp, patterns, batch, src, labels, event));
}
