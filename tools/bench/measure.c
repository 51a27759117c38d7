/* SPDX-License-Identifier: Apache-2.0 */
#include "measure.h"

#include <math.h>
#include <stdlib.h>

#include "progress.h"

static const double PACE_MILLISECONDS = 30;

/* What goes on during a measurement. */
typedef struct state {
    const bench_subject *subject;
    const draw_set *set;
    size_t baselines;
    size_t device_baselines; /* the first ones */
    progress bar;
    uint64_t passes; /* done, of any side */
    double flops;    /* weighted, of all compacted passes of the repeats */
    char note[CASE_TEXT];
} state;

/* Milliseconds of one repeat: means, of the compacted passes weighted. */
typedef struct times {
    double dense[BENCH_MOST_BASELINES];
    double compact;
    double *passes; /* the compacted ones: that of draw d at [d * repeats]; NULL: not wanted */
} times;

/* Ends a pass that began at `start`, and takes its time. */
static bench_outcome end_pass(state *state, ard_status status, double start, double *milliseconds)
{
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_context_finish(state->subject->context);
    }
    *milliseconds = timing_now() - start;
    progress_update(&state->bar, ++state->passes, state->note);
    return measure_outcome(status);
}

/* One pass of baseline `index`, and its time. */
static bench_outcome run_baseline(state *state, size_t index, double *milliseconds)
{
    const bench_subject *subject = state->subject;
    const double start = timing_now();
    const ard_status status = subject->dense(subject->state, index, state->passes);
    return end_pass(state, status, start, milliseconds);
}

/* One measured pass of every baseline on the device. */
static bench_outcome run_dense(state *state, times *times)
{
    bench_outcome outcome = BENCH_DONE;
    for (size_t i = 0; i < state->device_baselines && outcome == BENCH_DONE; i++) {
        double milliseconds = 0;
        outcome = run_baseline(state, i, &milliseconds);
        times->dense[i] += milliseconds / MEASURE_DENSE_PASSES;
    }
    return outcome;
}

/* Unmeasured passes of a baseline until it has been at it for a while: threads wake up, and
 * processors that slept or did something else get back to their pace. They count as one. */
static bench_outcome pick_up_pace(state *state, size_t index)
{
    enum { MOST_PASSES = 20 };
    const uint64_t passes = state->passes;
    const double start = timing_now();
    bench_outcome outcome = BENCH_DONE;
    double milliseconds = 0;
    for (int i = 0; i < MOST_PASSES && outcome == BENCH_DONE; i++) {
        state->passes = passes;
        outcome = run_baseline(state, index, &milliseconds);
        if (timing_now() - start >= PACE_MILLISECONDS) {
            break;
        }
    }
    return outcome;
}

/* All measured passes of the baselines on the host, as fast as in a loop of their own. Their
 * library's threads go on spinning for a while, so the device has the processors back when they
 * sleep. */
static bench_outcome run_on_host(state *state, times *times)
{
    bench_outcome outcome = BENCH_DONE;
    double milliseconds = 0;
    for (size_t i = state->device_baselines; i < state->baselines && outcome == BENCH_DONE; i++) {
        outcome = pick_up_pace(state, i);
        for (int j = 0; j < MEASURE_DENSE_PASSES && outcome == BENCH_DONE; j++) {
            outcome = run_baseline(state, i, &milliseconds);
            times->dense[i] += milliseconds / MEASURE_DENSE_PASSES;
        }
        if (outcome == BENCH_DONE) {
            timing_settle();
            outcome = pick_up_pace(state, 0);
        }
    }
    return outcome;
}

/* The compacted pass of a draw, which weighs as much as it; counts its FLOPs. */
static bench_outcome run_compact(state *state, size_t draw, const ard_layer_pattern *patterns,
                                 times *times)
{
    const bench_subject *subject = state->subject;
    const double weight = state->set->weights[draw];
    double milliseconds = 0;
    double flops = 0;
    const double start = timing_now();
    ard_status status = subject->compact(subject->state, patterns);
    const bench_outcome outcome = end_pass(state, status, start, &milliseconds);
    if (outcome != BENCH_DONE) {
        return outcome;
    }
    status = subject->flops(subject->state, patterns, &flops);
    times->compact += weight * milliseconds;
    if (times->passes != NULL) {
        times->passes[draw * state->set->kase->repeat] = milliseconds;
    }
    state->flops += weight * flops;
    return measure_outcome(status);
}

/* How many passes of each baseline stand before compacted pass `draw` of `count`: all are spread
 * evenly. */
static size_t dense_before(size_t draw, size_t count)
{
    return draw * MEASURE_DENSE_PASSES / count;
}

/* One repeat: all draws, with the baselines' passes among them, those on the host in the middle. */
static bench_outcome run_pass(state *state, uint64_t pass, times *times)
{
    const draw_set *set = state->set;
    bench_outcome outcome = BENCH_DONE;
    for (size_t draw = 0; draw < set->count && outcome == BENCH_DONE; draw++) {
        outcome = run_compact(state, draw, draws_patterns(set, draw, pass), times);
        const size_t more = dense_before(draw + 1, set->count) - dense_before(draw, set->count);
        for (size_t i = 0; i < more && outcome == BENCH_DONE; i++) {
            outcome = run_dense(state, times);
        }
        if (draw == set->count / 2 && outcome == BENCH_DONE) {
            outcome = run_on_host(state, times);
        }
    }
    return outcome;
}

/* Passes of one repeat, two unmeasured ones with each baseline on the host. */
static size_t passes_of(const state *state)
{
    const size_t on_host = state->baselines - state->device_baselines;
    return state->set->count + state->baselines * MEASURE_DENSE_PASSES + 2 * on_host;
}

/* The unmeasured repeat, and those that count. */
static bench_outcome run_repeats(state *state, times *times)
{
    const uint32_t repeat = state->set->kase->repeat;
    struct times unmeasured = {0};
    bench_outcome outcome = run_pass(state, 0, &unmeasured);
    state->flops = 0;
    for (uint32_t i = 0; i < repeat && outcome == BENCH_DONE; i++) {
        outcome = run_pass(state, (uint64_t)i + 1, &times[i]);
    }
    return outcome;
}

/* The result against a baseline; `series` has room for a number a repeat. */
static bench_result summarise(const state *state, const times *times, size_t index,
                              double flop_limit, double *series)
{
    const size_t repeat = state->set->kase->repeat;
    bench_result result = {.baseline = case_baseline(state->set->kase, index),
                           .engine = ard_context_engine(state->subject->context),
                           .predicted = NAN,
                           .flop_limit = flop_limit,
                           .error = state->subject->error};
    for (size_t i = 0; i < repeat; i++) {
        series[i] = times[i].dense[index];
    }
    result.dense = timing_summarise(series, repeat);
    for (size_t i = 0; i < repeat; i++) {
        series[i] = times[i].compact;
    }
    result.compact = timing_summarise(series, repeat);
    result.speedup = result.dense.median / result.compact.median;
    if (state->set->kase->cost.path != NULL && result.baseline != BASELINE_CBLAS) {
        result.predicted = state->set->kase->cost.predicted[index];
    }
    result.efficiency = result.speedup / flop_limit;
    return result;
}

bench_outcome measure(const bench_subject *subject, const draw_set *set, const char *label,
                      bench_result *results, double *milliseconds)
{
    const size_t repeat = set->kase->repeat;
    times *times = calloc(repeat, sizeof *times);
    double *series = calloc(repeat, sizeof *series);
    bench_outcome outcome = BENCH_NO_MEMORY;
    state state = {.subject = subject,
                   .set = set,
                   .baselines = case_baseline_count(set->kase),
                   .device_baselines = case_device_baselines(set->kase)};
    double dense_flops = 0;
    if (times == NULL || series == NULL) {
        goto cleanup;
    }
    for (size_t i = 0; i < repeat && milliseconds != NULL; i++) {
        times[i].passes = milliseconds + i;
    }
    outcome = measure_outcome(subject->flops(subject->state, NULL, &dense_flops));
    if (outcome != BENCH_DONE) {
        goto cleanup;
    }
    progress_start(&state.bar, label, "passes", (repeat + 1) * passes_of(&state));
    case_describe(set->kase, state.note);
    outcome = run_repeats(&state, times);
    progress_finish(&state.bar);
    const double flop_limit = dense_flops * (double)repeat / state.flops;
    for (size_t i = 0; i < state.baselines && outcome == BENCH_DONE; i++) {
        results[i] = summarise(&state, times, i, flop_limit, series);
    }
cleanup:
    free(times);
    free(series);
    return outcome;
}
