/* SPDX-License-Identifier: Apache-2.0 */
/* One training step of a network. */
#include "device/matrix_check.h"
#include "models/mlp_pass.h"

/* Prepares a training step. Patterns that the network can draw find their memory there already. */
static ard_status begin_step(ard_mlp *mlp, ard__mlp_pass *pass, size_t batch,
                             const ard_layer_pattern *patterns)
{
    size_t count = 0;
    ARD_TRY(ard__mlp_plan(mlp, pass, batch, true, patterns, &count));
    ARD_TRY(ard__scratch_reserve(mlp->context, &mlp->compact, count * sizeof(cl_float)));
    pass->compact = mlp->compact.buffer;
    return ard__mlp_fetch(mlp, pass);
}

/* Backward through one layer, from the gradient before its activation to its update and to the
 * gradient before the activation of the layer below. */
static ard_status backward_layer(ard_mlp *mlp, const ard__mlp_pass *pass, size_t index,
                                 const ard_matrix *diff_pre, const ard_matrix *diff_pre_below)
{
    const ard__layer_pass *layer = &pass->layers[index];
    const ard__mlp_layer *parameters = &mlp->layers[index];
    const ard_matrix diff_weights = {pass->compact, layer->gradient_at, layer->weight_cols};
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
static ard_status backward(ard_mlp *mlp, const ard__mlp_pass *pass, const ard_labels *labels)
{
    size_t index = mlp->options.layers - 1;
    const ard__layer_pass *last = &pass->layers[index];
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

static ard_status run_step(ard_mlp *mlp, const ard_layer_pattern *patterns, size_t batch,
                           const ard_matrix *src, const ard_labels *labels, cl_event *event)
{
    ard__mlp_pass pass;
    ARD_TRY(ard__check_matrix("src", src, batch, mlp->widths[0]));
    ARD_TRY(ard__check_labels("labels", labels, batch));
    ARD_TRY(begin_step(mlp, &pass, batch, patterns));
    ARD_TRY(ard__mlp_run_forward(mlp, &pass, src));
    ARD_TRY(backward(mlp, &pass, labels));
    ARD_TRY(ard_sgd_advance(mlp->sgd));
    mlp->total_samples += batch;
    return ard__mlp_submit(mlp, event);
}

ard_status ard_mlp_step(ard_mlp *mlp, size_t batch, const ard_matrix *src, const ard_labels *labels,
                        cl_event *event)
{
    ARD_TRY(ard__mlp_check_batch(mlp, batch));
    ard_layer_pattern patterns[ARD_MLP_MAX_LAYERS];
    ARD_TRY(ard_mlp_patterns(mlp, ard_sgd_step(mlp->sgd), patterns));
    return run_step(mlp, patterns, batch, src, labels, event);
}

ard_status ard_mlp_step_with_patterns(ard_mlp *mlp, const ard_layer_pattern *patterns, size_t batch,
                                      const ard_matrix *src, const ard_labels *labels,
                                      cl_event *event)
{
    ARD_TRY(ard__mlp_check_batch(mlp, batch));
    ARD__CHECK(patterns != NULL || mlp->options.layers == 1,
               "ard_mlp_step_with_patterns: patterns is NULL");
    ARD_TRY(ard__mlp_check_patterns(mlp, patterns));
    return run_step(mlp, patterns, batch, src, labels, event);
}
