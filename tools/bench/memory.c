/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.h"

#include "engine.h"
#include "step.h"

/* A side on its own. */
typedef struct side {
    ard_context *context;
    const step_model *model;
    void *input;
    void *network;
} side;

/* Steps of every draw with its patterns, or of a baseline as it draws itself. */
static ard_status train(side *side, const draw_set *set, bool with_patterns)
{
    ard_status status = ARD_STATUS_SUCCESS;
    const size_t steps = with_patterns ? set->count : 1;
    for (size_t draw = 0; draw < steps && status == ARD_STATUS_SUCCESS; draw++) {
        status = side->model->step(side->network, side->input,
                                   with_patterns ? draws_patterns(set, draw, 0) : NULL);
    }
    return status;
}

/* Makes a network with dropout of a kind, and trains it. */
static bench_outcome run_side(side *side, const char *id, const draw_set *set,
                              ard_dropout_kind kind)
{
    const bench_case *kase = set->kase;
    bench_outcome outcome =
        measure_outcome(engine_context(id, kase->engine, false, &side->context));
    if (outcome == BENCH_DONE) {
        outcome = side->model->create_input(side->context, kase, &side->input);
    }
    if (outcome == BENCH_DONE) {
        outcome = measure_outcome(side->model->create(side->context, kase, kind, &side->network));
    }
    if (outcome == BENCH_DONE) {
        outcome = measure_outcome(train(side, set, kind == kase->pattern));
    }
    return outcome == BENCH_DONE ? measure_outcome(ard_context_finish(side->context)) : outcome;
}

/* The peak of a network with dropout of a kind. */
static bench_outcome measure_peak(const char *id, const draw_set *set, ard_dropout_kind kind,
                                  size_t *peak)
{
    side side = {.model = step_model_of(set->kase)};
    bench_outcome outcome = run_side(&side, id, set, kind);
    if (outcome == BENCH_DONE) {
        outcome = measure_outcome(ard_context_memory(side.context, NULL, peak));
    }
    side.model->destroy(side.network);
    side.model->destroy_input(side.input);
    ard_context_destroy(side.context);
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
