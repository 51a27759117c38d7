/* SPDX-License-Identifier: Apache-2.0 */
#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "gemm.h"
#include "interrupt.h"
#include "memory.h"
#include "needs.h"
#include "output.h"
#include "step.h"
#include "sweep.h"
#include "sweep_problems.h"
#include "waiting.h"

static void note_failure(run *run, const char *id, const char *what, const char *why)
{
    fprintf(stderr, "%s: %s: %s: failed: %s\n", options_program.name, id, what, why);
    run->failed = true;
}

static const char *reason(bench_outcome outcome)
{
    return outcome == BENCH_NO_MEMORY ? "not enough memory" : ard_detail();
}

void run_note_failure(run *run, const char *id, const char *what, bench_outcome outcome)
{
    note_failure(run, id, what, reason(outcome));
}

/* Prints what is wrong with a case's numbers, or that a baseline is faster, and how to see it
 * again; notes a mismatch. Of single periods the report itself says which are slower. */
static void judge(run *run, const char *id, const bench_case *kase, const bench_result *results)
{
    char command[CASE_TEXT];
    case_command(kase, id, command);
    const bench_error *error = &results[0].error; /* the same in all of them */
    if (kase->verify && !(error->largest <= error->bound)) {
        fprintf(stderr,
                "%s: %s: results differ from double precision: error %.3g where %.3g is allowed; "
                "repeat with: %s\n",
                options_program.name, id, error->largest, error->bound, command);
        run->failed = true;
    }
    for (size_t i = 0; i < case_baseline_count(kase) && !kase->per_period; i++) {
        if (results[i].speedup < 1) {
            fprintf(stderr, "%s: %s: slower than %s, %.3f times as fast; repeat with: %s\n",
                    options_program.name, id, case_baseline_words(results[i].baseline),
                    results[i].speedup, command);
        }
    }
}

/* What came out of a case. */
typedef struct measured {
    bench_result results[BENCH_MOST_BASELINES];
    bench_profile profile; /* of a case with one */
    period_times periods;  /* of a case per period */
} measured;

/* Reports what was measured of a case. */
static void report_case(run *run, const ard_device_info *device, const bench_case *kase,
                        const measured *measured)
{
    const bench_result *results = measured->results;
    if (kase->per_period) {
        report_periods(&run->report, device, kase, results, &measured->periods);
    }
    for (size_t i = 0; i < case_baseline_count(kase) && !kase->per_period; i++) {
        report_result(&run->report, device, kase, &results[i]);
        summary_add(&run->summary, device, kase, &results[i]);
    }
    report_profiles(&run->report, kase, results);
    report_memory(&run->report, kase, results);
    judge(run, device->id, kase, results);
}

/* Profiles a case that was measured, into its results. */
static bench_outcome profile_case(const char *id, const draw_set *set, measured *measured)
{
    char label[64];
    snprintf(label, sizeof label, "%s profile", id);
    const bench_outcome outcome = step_profile(id, set, label, &measured->profile);
    for (size_t i = 0; i < case_device_baselines(set->kase) && outcome == BENCH_DONE; i++) {
        measured->results[i].dense_profile = &measured->profile.dense[i];
        measured->results[i].compact_profile = &measured->profile.compact;
    }
    return outcome;
}

/* Measures a step at each of its joint periods. */
static bench_outcome measure_periods(ard_context *context, const draw_set *set, const char *label,
                                     measured *measured)
{
    double *milliseconds = calloc(set->count * set->kase->repeat, sizeof *milliseconds);
    bench_outcome outcome = BENCH_NO_MEMORY;
    if (milliseconds != NULL) {
        outcome = measure_outcome(per_period_check(set, &measured->periods));
    }
    if (outcome == BENCH_DONE) {
        outcome = step_run(context, set, label, measured->results, milliseconds);
    }
    if (outcome == BENCH_DONE) {
        outcome = per_period_summarise(set, milliseconds, measured->results, &measured->periods);
    }
    free(milliseconds);
    return outcome;
}

static bench_outcome measure_case(const run *run, ard_context *context, const draw_set *set,
                                  measured *measured)
{
    const bench_case *kase = set->kase;
    char pace[PACE_TEXT];
    char label[PACE_TEXT + 32];
    pace_describe(&run->pace, pace);
    snprintf(label, sizeof label, "%s %s", ard_context_device(context)->id,
             pace[0] != '\0' ? pace : case_name(kase));
    if (kase->per_period) {
        return measure_periods(context, set, label, measured);
    }
    return kase->kind == BENCH_GEMM ? gemm_run(context, set, label, measured->results)
                                    : step_run(context, set, label, measured->results, NULL);
}

/* A case or its profile came to nothing. */
static void note_case(run *run, const char *id, const bench_case *kase, const char *why)
{
    char what[CASE_TEXT];
    char command[CASE_TEXT];
    case_describe(kase, what);
    case_command(kase, id, command);
    note_failure(run, id, what, why);
    fprintf(stderr, "%s: %s: repeat with: %s\n", options_program.name, id, command);
}

/* Says where the host's CPU is not what the device runs on. */
static void note_host(const ard_device_info *device, const bench_case *kase)
{
    if (kase->cblas != NULL && device->type != ARD_DEVICE_CPU) {
        fprintf(stderr, "%s: %s: the baseline cblas runs on the host's CPU, not on this device\n",
                options_program.name, device->id);
    }
}

/* Says in how many threads the CBLAS library multiplied, if it tells. */
static void note_threads(const cblas_library *cblas)
{
    if (cblas != NULL && cblas->thread_count != NULL) {
        const int count = cblas->thread_count();
        fprintf(stderr, "%s: %s: %d thread%s\n", options_program.name, cblas->path, count,
                count == 1 ? "" : "s");
    }
}

/* Says where the prediction is not for this device. */
static void note_device(const ard_device_info *device, const bench_cost *cost)
{
    if (cost->path != NULL && strcmp(cost->device, device->name) != 0) {
        fprintf(stderr,
                "%s: %s: the times in '%s' are those of another device, %s, and so is the "
                "predicted speed-up\n",
                options_program.name, device->id, cost->path, cost->device);
    }
}

/* Whether a case can fit into memory; notes one that cannot. */
static bool check_memory(run *run, const ard_device_info *device, const bench_case *kase)
{
    char why[NEEDS_TEXT];
    const bool fits = needs_fit(device, kase, why);
    if (!fits) {
        note_case(run, device->id, kase, why);
    }
    return fits;
}

bool run_keeps(run *run, const ard_device_info *device, const bench_case *kase)
{
    bool wrong = false;
    if (!output_has(&run->report, device, kase, &wrong)) {
        return false;
    }
    run->kept++;
    if (wrong) {
        char command[CASE_TEXT];
        case_command(kase, device->id, command);
        fprintf(stderr, "%s: %s: the results kept differ from double precision; repeat with: %s\n",
                options_program.name, device->id, command);
        run->failed = true;
    }
    return true;
}

/* Shows a case on a terminal while it is prepared. */
static void show_case(const run *run, const char *id, const bench_case *kase)
{
    char pace[PACE_TEXT];
    char what[CASE_TEXT];
    char text[CASE_TEXT + PACE_TEXT + 2];
    pace_describe(&run->pace, pace);
    case_describe(kase, what);
    snprintf(text, sizeof text, "%s%s%s", pace, pace[0] != '\0' ? ": " : "", what);
    waiting_show(id, text);
}

/* Keeps the results in their file; false where that failed. */
static bool save(run *run)
{
    run->unsaved = !output_save(&run->report);
    return !run->unsaved;
}

bool run_case(run *run, ard_context *context, const bench_case *kase)
{
    const ard_device_info *device = ard_context_device(context);
    if (run_keeps(run, device, kase)) {
        return true;
    }
    if (!check_memory(run, device, kase)) {
        return !interrupt_requested();
    }
    note_device(device, &kase->cost);
    note_host(device, kase);
    show_case(run, device->id, kase);
    draw_set *set = calloc(1, sizeof *set);
    measured *measured = calloc(1, sizeof *measured);
    bench_outcome outcome = BENCH_NO_MEMORY;
    if (set != NULL && measured != NULL) {
        outcome = measure_outcome(draws_make(kase, set));
    }
    if (outcome == BENCH_DONE) {
        outcome = measure_case(run, context, set, measured);
    }
    const bool report = outcome == BENCH_DONE;
    if (report && kase->profile) {
        outcome = profile_case(device->id, set, measured);
    }
    if (report && outcome == BENCH_DONE && kase->memory) {
        outcome = memory_run(device->id, set, measured->results);
    }
    waiting_hide();
    if (report) {
        output_forget(&run->report, device, kase);
        report_case(run, device, kase, measured);
    }
    if (outcome != BENCH_DONE && outcome != BENCH_INTERRUPTED) {
        note_case(run, device->id, kase, reason(outcome));
    }
    draws_free(set);
    free(measured);
    free(set);
    return (!report || save(run)) && outcome != BENCH_INTERRUPTED;
}

/* Says that the device's file of a tuning is not used. */
static void note_tuning(const ard_context *context)
{
    const char *refused = ard_context_tuning_refused(context);
    if (refused[0] != '\0') {
        fprintf(stderr, "%s: %s\n", options_program.name, refused);
    }
}

/* All cases of one device; false when interrupted. */
static bool run_device(run *run, const ard_device_info *device)
{
    const bench_options *options = run->options;
    ard_context *context = NULL;
    bool go_on = true;
    waiting_show(device->id, "making a context");
    const bench_engine engine = options->kase.engine; /* a sweep has contexts of its own */
    const ard_status status = engine_context(device->id, engine, false, &context);
    waiting_hide();
    note_tuning(context);
    report_device(&run->report, device, options->verify || run->problems->verify,
                  context != NULL ? ard_context_environment(context) : NULL);
    if (status != ARD_STATUS_SUCCESS) {
        run_note_failure(run, device->id, "making a context", BENCH_FAILED);
    } else if (run->problems->count > 0) {
        go_on = sweep_problems(run, context);
    } else if (options->command == COMMAND_SWEEP) {
        go_on = sweep_device(run, context);
    } else {
        go_on = run_case(run, context, &options->kase);
    }
    ard_context_destroy(context);
    return go_on && !interrupt_requested();
}

/* Says how much of a sweep there was already. */
static void note_kept(const run *run)
{
    if (run->kept > 0) {
        fprintf(stderr, "%s: %zu case%s in %s already\n", options_program.name, run->kept,
                run->kept == 1 ? " was" : "s were", run->options->output);
    }
}

int run_all(const bench_options *options, const problems *problems, const device_list *list)
{
    run run = {.options = options, .problems = problems};
    report_begin(&run.report, options, options->kase.per_period ? REPORT_PERIODS : REPORT_RESULTS,
                 problems->groups, stdout, list);
    const int begun = output_begin(&run.report, options, list);
    if (begun != CLI_CONTINUE) {
        output_end(&run.report);
        report_drop(&run.report);
        return begun;
    }
    bool go_on = true;
    for (size_t i = 0; i < list->count && go_on; i++) {
        go_on = run_device(&run, &list->devices[i]);
    }
    if (options->command == COMMAND_SWEEP && (run.summary.cases > 0 || run.kept == 0)) {
        char text[SUMMARY_TEXT];
        summary_describe(&run.summary, text);
        report_sentence(&run.report, text);
    }
    if (!run.unsaved) {
        (void)save(&run);
    }
    output_end(&run.report);
    if (!report_end(&run.report)) {
        return cli_failure(&options_program, "the host has not enough memory for the report");
    }
    note_threads(options->kase.cblas);
    note_kept(&run);
    if (run.unsaved) {
        return CLI_FAILURE;
    }
    if (!go_on) {
        fprintf(stderr, "%s: interrupted\n", options_program.name);
        return INTERRUPT_EXIT;
    }
    return run.failed ? CLI_FAILURE : CLI_SUCCESS;
}
