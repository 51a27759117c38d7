/* SPDX-License-Identifier: Apache-2.0 */
#include "profiling.h"

#include <stdlib.h>
#include <string.h>

#include "progress.h"

/* What goes on during a profile. */
typedef struct state {
    const bench_subject *subject;
    const draw_set *set;
    size_t baselines;
    bench_profile *profile;
    progress bar;
    uint64_t passes; /* done, of any side */
    double share;    /* of one repeat in the means; 0 while nothing counts */
    char note[CASE_TEXT];
} state;

/* The kernel of a name on a side, a new one if there is none. libard has no more names than
 * ARD_PROFILE_MOST_ENTRIES. */
static profile_kernel *find_kernel(profile_side *side, const ard_profile_entry *entry)
{
    for (size_t i = 0; i < side->count; i++) {
        if (strcmp(side->kernels[i].name, entry->name) == 0) {
            return &side->kernels[i];
        }
    }
    profile_kernel *added = &side->kernels[side->count++];
    *added = (profile_kernel){.name = entry->name, .is_multiplication = entry->is_multiplication};
    return added;
}

static void add_pass(profile_side *side, double weight, double wall,
                     const ard_profile_entry *entries, size_t count)
{
    side->wall += weight * wall;
    for (size_t i = 0; i < count; i++) {
        profile_kernel *kernel = find_kernel(side, &entries[i]);
        kernel->launches += weight * (double)entries[i].launches;
        kernel->milliseconds += weight * (double)entries[i].nanoseconds / 1e6;
        kernel->flops += weight * entries[i].flops;
        kernel->bytes += weight * entries[i].bytes;
    }
}

/* One pass into `side`: of baseline `index`, or with patterns of the compacted side. */
static bench_outcome run_pass(state *state, const ard_layer_pattern *patterns, size_t index,
                              double weight, profile_side *side)
{
    const bench_subject *subject = state->subject;
    ard_profile_entry entries[ARD_PROFILE_MOST_ENTRIES];
    size_t count = 0;
    ard_status status = ard_profile_start(subject->context);
    if (status != ARD_STATUS_SUCCESS) {
        return BENCH_FAILED;
    }
    const double start = timing_now();
    status = patterns != NULL ? subject->compact(subject->state, patterns)
                              : subject->dense(subject->state, index, state->passes);
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_context_finish(subject->context);
    }
    const double wall = timing_now() - start;
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_profile_stop(subject->context, entries, ARD_PROFILE_MOST_ENTRIES, &count);
    }
    if (status == ARD_STATUS_SUCCESS && state->share > 0) {
        add_pass(side, state->share * weight, wall, entries, count);
    }
    progress_update(&state->bar, ++state->passes, state->note);
    return measure_outcome(status);
}

/* All draws once. */
static bench_outcome run_draws(state *state, uint64_t repeat)
{
    const draw_set *set = state->set;
    bench_outcome outcome = BENCH_DONE;
    for (size_t draw = 0; draw < set->count && outcome == BENCH_DONE; draw++) {
        const ard_layer_pattern *patterns = draws_patterns(set, draw, repeat);
        outcome = run_pass(state, patterns, 0, set->weights[draw], &state->profile->compact);
    }
    for (size_t i = 0; i < state->baselines * MEASURE_DENSE_PASSES && outcome == BENCH_DONE; i++) {
        const size_t index = i % state->baselines;
        outcome =
            run_pass(state, NULL, index, 1.0 / MEASURE_DENSE_PASSES, &state->profile->dense[index]);
    }
    return outcome;
}

static int compare_times(const void *left, const void *right)
{
    const double a = ((const profile_kernel *)left)->milliseconds;
    const double b = ((const profile_kernel *)right)->milliseconds;
    return a < b ? 1 : a > b ? -1 : 0;
}

static void sort(profile_side *side)
{
    qsort(side->kernels, side->count, sizeof side->kernels[0], compare_times);
}

bench_outcome profiling_run(const bench_subject *subject, const draw_set *set, const char *label,
                            bench_profile *profile)
{
    const uint32_t repeat = set->kase->repeat;
    state state = {.subject = subject,
                   .set = set,
                   .baselines = case_device_baselines(set->kase),
                   .profile = profile};
    *profile = (bench_profile){0};
    case_describe(set->kase, state.note);
    progress_start(&state.bar, label, "passes",
                   ((uint64_t)repeat + 1) * (set->count + state.baselines * MEASURE_DENSE_PASSES));
    bench_outcome outcome = run_draws(&state, 0);
    state.share = 1.0 / repeat;
    for (uint32_t i = 0; i < repeat && outcome == BENCH_DONE; i++) {
        outcome = run_draws(&state, (uint64_t)i + 1);
    }
    progress_finish(&state.bar);
    sort(&profile->compact);
    for (size_t i = 0; i < state.baselines; i++) {
        sort(&profile->dense[i]);
    }
    return outcome;
}

profile_kernel profiling_total(const profile_side *side, bool only_products)
{
    profile_kernel total = {.name = "all", .is_multiplication = only_products};
    for (size_t i = 0; i < side->count; i++) {
        const profile_kernel *kernel = &side->kernels[i];
        if (kernel->is_multiplication || !only_products) {
            total.launches += kernel->launches;
            total.milliseconds += kernel->milliseconds;
            total.flops += kernel->flops;
            total.bytes += kernel->bytes;
        }
    }
    return total;
}
