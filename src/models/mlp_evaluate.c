/* SPDX-License-Identifier: Apache-2.0 */
/* What a network computes without dropout. */
#include "device/matrix_check.h"
#include "device/operation.h"
#include "models/mlp_pass.h"
#include "optimizer/parameter_internal.h"

/* Whether some weights are not up to date as they stand in memory. */
static bool is_behind(const ard_mlp *mlp)
{
    for (size_t i = 0; i < mlp->options.layers; ++i) {
        if (!ard__parameter_is_fresh(mlp->layers[i].weights, &ard__kept_all) ||
            !ard__parameter_is_fresh(mlp->layers[i].bias, &ard__kept_all)) {
            return true;
        }
    }
    return false;
}

/* Prepares a pass without dropout. It changes nothing that training sees: weights that are behind
 * are caught up in copies, which are gone with end_evaluation. */
static ard_status begin_evaluation(ard_mlp *mlp, ard__mlp_pass *pass, size_t batch)
{
    size_t count = 0;
    pass->compact = NULL;
    ARD_TRY(ard__mlp_plan(mlp, pass, batch, false, NULL, &count));
    if (is_behind(mlp)) {
        ARD_TRY(ard__buffer_create(mlp->context, count * sizeof(cl_float), &pass->compact));
    }
    return ard__mlp_fetch(mlp, pass);
}

/* The driver frees the copies when the commands that read them are done. Passes the status on. */
static ard_status end_evaluation(ard__mlp_pass *pass, ard_status status)
{
    if (pass->compact != NULL) {
        clReleaseMemObject(pass->compact);
    }
    return status;
}

static ard_status forward(ard_mlp *mlp, size_t batch, const ard_matrix *src,
                          const ard_matrix *logits, cl_event *event)
{
    ard__mlp_pass pass;
    ARD_TRY(ard__mlp_check_batch(mlp, batch));
    const size_t last = mlp->options.layers - 1;
    ARD_TRY(ard__check_matrix("src", src, batch, mlp->widths[0]));
    ARD_TRY(ard__check_matrix("logits", logits, batch, mlp->widths[last + 1]));
    ard_status status = begin_evaluation(mlp, &pass, batch);
    if (status == ARD_STATUS_SUCCESS) {
        pass.layers[last].dst = *logits;
        status = ard__mlp_run_forward(mlp, &pass, src);
    }
    ARD_TRY(end_evaluation(&pass, status));
    return ard__submit(mlp->context, event);
}

ard_status ard_mlp_forward(ard_mlp *mlp, size_t batch, const ard_matrix *src,
                           const ard_matrix *logits, cl_event *event)
{
    ard__operation_begin(ard__mlp_context(mlp), "mlp_forward");
    return ard__mlp_end(ard__mlp_context(mlp), mlp, batch, NULL,
                        forward(mlp, batch, src, logits, event));
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

static ard_status take_training_result(ard_mlp *mlp, ard_mlp_result *result)
{
    ARD__CHECK(mlp != NULL && result != NULL, "ard_mlp_take_training_result: an argument is NULL");
    ard_mlp_result taken;
    ARD_TRY(read_totals(mlp, &mlp->totals, mlp->total_samples, &taken));
    ARD_TRY(ard__mlp_clear_totals(mlp, &mlp->totals));
    mlp->total_samples = 0;
    *result = taken;
    return ARD_STATUS_SUCCESS;
}

ard_status ard_mlp_take_training_result(ard_mlp *mlp, ard_mlp_result *result)
{
    ard__operation_begin(ard__mlp_context(mlp), "mlp_take_training_result");
    return ard__mlp_end(ard__mlp_context(mlp), mlp, 0, NULL, take_training_result(mlp, result));
}

/* Adds one batch of an evaluation to evaluation_totals. */
static ard_status evaluate_batch(ard_mlp *mlp, ard__mlp_pass *pass, size_t first,
                                 const ard_matrix *src, const ard_labels *labels)
{
    const ard_matrix batch_src = {src->buffer, src->offset + first * src->ld, src->ld};
    const ard_labels batch_labels = {labels->buffer, labels->offset + first};
    const ard__layer_pass *last = &pass->layers[mlp->options.layers - 1];
    ARD_TRY(ard__mlp_run_forward(mlp, pass, &batch_src));
    return ard_softmax_cross_entropy(mlp->context, pass->batch, last->kept_out, &last->dst,
                                     &batch_labels, NULL, &mlp->evaluation_totals, NULL);
}

/* Adds all samples to evaluation_totals, the last ones as a smaller batch. */
static ard_status evaluate_all(ard_mlp *mlp, ard__mlp_pass *pass, size_t samples,
                               const ard_matrix *src, const ard_labels *labels)
{
    for (size_t first = 0; first < samples; first += pass->batch) {
        if (samples - first < pass->batch) {
            pass->batch = samples - first;
            for (size_t i = 0; i < mlp->options.layers; ++i) {
                pass->layers[i].linear.batch = pass->batch;
            }
        }
        ARD_TRY(evaluate_batch(mlp, pass, first, src, labels));
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status evaluate(ard_mlp *mlp, size_t samples, const ard_matrix *src,
                           const ard_labels *labels, ard_mlp_result *result)
{
    ARD__CHECK(mlp != NULL && result != NULL, "ard_mlp_evaluate: an argument is NULL");
    ARD_TRY(ard__check_size("samples", samples));
    ARD_TRY(ard__check_matrix("src", src, samples, mlp->widths[0]));
    ARD_TRY(ard__check_labels("labels", labels, samples));
    ard__mlp_pass pass;
    ARD_TRY(ard__mlp_clear_totals(mlp, &mlp->evaluation_totals));
    ard_status status = begin_evaluation(mlp, &pass, mlp->options.max_batch);
    if (status == ARD_STATUS_SUCCESS) {
        status = evaluate_all(mlp, &pass, samples, src, labels);
    }
    ARD_TRY(end_evaluation(&pass, status));
    return read_totals(mlp, &mlp->evaluation_totals, samples, result);
}

ard_status ard_mlp_evaluate(ard_mlp *mlp, size_t samples, const ard_matrix *src,
                            const ard_labels *labels, ard_mlp_result *result)
{
    ard__operation_begin(ard__mlp_context(mlp), "mlp_evaluate");
    return ard__mlp_end(ard__mlp_context(mlp), mlp, samples, NULL,
                        evaluate(mlp, samples, src, labels, result));
}
