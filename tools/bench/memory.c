/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.h"

#include "input.h"
#include "step.h"

/* Steps of every draw with its patterns, or of a baseline as it draws itself. */
static ard_status train(ard_mlp *mlp, const draw_set *set, const bench_input *input,
                        bool with_patterns)
{
    ard_status status = ARD_STATUS_SUCCESS;
    const size_t steps = with_patterns ? set->count : 1;
    for (size_t draw = 0; draw < steps && status == ARD_STATUS_SUCCESS; draw++) {
        const ard_layer_pattern *patterns = draws_patterns(set, draw, 0);
        status = with_patterns
                     ? ard_mlp_step_with_patterns(mlp, patterns, input->batch, &input->matrix,
                                                  &input->device_labels, NULL)
                     : ard_mlp_step(mlp, input->batch, &input->matrix, &input->device_labels, NULL);
    }
    return status;
}

/* The peak of a network with dropout of a kind. */
static bench_outcome measure_peak(const char *id, const draw_set *set, ard_dropout_kind kind,
                                  size_t *peak)
{
    const bench_case *kase = set->kase;
    ard_context *context = NULL;
    ard_mlp *mlp = NULL;
    bench_input input = {0};
    bench_outcome outcome = measure_outcome(ard_context_create(id, NULL, &context));
    if (outcome == BENCH_DONE) {
        outcome = input_create(context, kase->batch, kase->widths[0], kase->widths[kase->layers],
                               kase->seed, &input);
    }
    if (outcome == BENCH_DONE) {
        outcome = measure_outcome(step_create_mlp(context, kase, kind, &mlp));
    }
    if (outcome == BENCH_DONE) {
        outcome = measure_outcome(train(mlp, set, &input, kind == kase->pattern));
    }
    if (outcome == BENCH_DONE) {
        outcome = measure_outcome(ard_context_finish(context));
    }
    if (outcome == BENCH_DONE) {
        outcome = measure_outcome(ard_context_memory(context, NULL, peak));
    }
    ard_mlp_destroy(mlp);
    input_destroy(&input);
    ard_context_destroy(context);
    return outcome;
}

bench_outcome memory_run(const char *id, const draw_set *set, bench_result *results)
{
    size_t compact = 0;
    bench_outcome outcome = measure_peak(id, set, set->kase->pattern, &compact);
    for (size_t i = 0; i < case_device_baselines(set->kase) && outcome == BENCH_DONE; i++) {
        const ard_dropout_kind kind = step_baseline_kind(case_baseline(set->kase, i));
        outcome = measure_peak(id, set, kind, &results[i].dense_bytes);
        results[i].compact_bytes = compact;
    }
    return outcome;
}
