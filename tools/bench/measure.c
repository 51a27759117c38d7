/* SPDX-License-Identifier: Apache-2.0 */
#include "measure.h"

#include <stdlib.h>

#include "interrupt.h"
#include "progress.h"

/* What goes on during a measurement. */
typedef struct state {
    const bench_subject *subject;
    const draw_set *set;
    progress bar;
    uint64_t passes; /* done, of either side */
    double flops;    /* weighted, of all compacted passes of the repeats */
    char note[CASE_TEXT];
} state;

bench_outcome measure_outcome(ard_status status)
{
    if (status != ARD_STATUS_SUCCESS) {
        return BENCH_FAILED;
    }
    return interrupt_requested() ? BENCH_INTERRUPTED : BENCH_DONE;
}

/* One pass of a side, to its end; NULL patterns: of the dense side. */
static bench_outcome time_pass(state *state, const ard_layer_pattern *patterns,
                               double *milliseconds)
{
    const bench_subject *subject = state->subject;
    const double start = timing_now();
    ard_status status = patterns == NULL ? subject->dense(subject->state)
                                         : subject->compact(subject->state, patterns);
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_context_finish(subject->context);
    }
    *milliseconds = timing_now() - start;
    progress_update(&state->bar, ++state->passes, state->note);
    return measure_outcome(status);
}

/* How many dense passes stand before compacted pass `draw` of `count`: all are spread evenly. */
static size_t dense_before(size_t draw, size_t count)
{
    return draw * MEASURE_DENSE_PASSES / count;
}

/* One repeat: all draws, with dense passes among them. Adds its FLOPs where it counts. */
static bench_outcome run_pass(state *state, uint64_t pass, double *dense, double *compact)
{
    const draw_set *set = state->set;
    *dense = 0;
    *compact = 0;
    for (size_t draw = 0; draw < set->count; draw++) {
        ard_layer_pattern patterns[ARD_MLP_MAX_LAYERS];
        draws_patterns(set, draw, pass, patterns);
        double milliseconds = 0;
        bench_outcome outcome = time_pass(state, patterns, &milliseconds);
        *compact += set->weights[draw] * milliseconds;
        const size_t more = dense_before(draw + 1, set->count) - dense_before(draw, set->count);
        for (size_t i = 0; i < more && outcome == BENCH_DONE; i++) {
            outcome = time_pass(state, NULL, &milliseconds);
            *dense += milliseconds / MEASURE_DENSE_PASSES;
        }
        double flops = 0;
        if (outcome == BENCH_DONE) {
            outcome =
                measure_outcome(state->subject->flops(state->subject->state, patterns, &flops));
        }
        if (outcome != BENCH_DONE) {
            return outcome;
        }
        state->flops += pass > 0 ? set->weights[draw] * flops : 0;
    }
    return BENCH_DONE;
}

static bench_outcome run_repeats(state *state, double *dense, double *compact)
{
    const uint32_t repeat = state->set->kase->repeat;
    double unmeasured[2];
    bench_outcome outcome = run_pass(state, 0, &unmeasured[0], &unmeasured[1]);
    for (uint32_t i = 0; i < repeat && outcome == BENCH_DONE; i++) {
        outcome = run_pass(state, (uint64_t)i + 1, &dense[i], &compact[i]);
    }
    return outcome;
}

bench_outcome measure(const bench_subject *subject, const draw_set *set, const char *label,
                      bench_result *result)
{
    const size_t repeat = set->kase->repeat;
    double *dense = calloc(repeat, sizeof *dense);
    double *compact = calloc(repeat, sizeof *compact);
    bench_outcome outcome = BENCH_NO_MEMORY;
    state state = {.subject = subject, .set = set};
    double dense_flops = 0;
    if (dense == NULL || compact == NULL) {
        goto cleanup;
    }
    outcome = measure_outcome(subject->flops(subject->state, NULL, &dense_flops));
    if (outcome != BENCH_DONE) {
        goto cleanup;
    }
    progress_start(&state.bar, label, "passes", (repeat + 1) * (set->count + MEASURE_DENSE_PASSES));
    case_describe(set->kase, state.note);
    outcome = run_repeats(&state, dense, compact);
    progress_finish(&state.bar);
    if (outcome == BENCH_DONE) {
        result->dense = timing_summarise(dense, repeat);
        result->compact = timing_summarise(compact, repeat);
        result->speedup = result->dense.median / result->compact.median;
        result->flop_limit = dense_flops * (double)repeat / state.flops;
        result->efficiency = result->speedup / result->flop_limit;
    }
cleanup:
    free(dense);
    free(compact);
    return outcome;
}
