/* SPDX-License-Identifier: Apache-2.0 */
#include "run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "devices.h"
#include "interrupt.h"
#include "report.h"
#include "stages.h"
#include "timing.h"

enum { PATH_CAPACITY = 4096, IDENTITY_CAPACITY = 4096 };

/* Shares of the time that end the searches of both engines; the rest is for what follows. */
static const double PACKED_SHARE = 0.35;

static int fail(const char *what)
{
    return cli_failure(&tune_program, "%s: %s", what, ard_detail());
}

static int no_memory(void)
{
    return cli_failure(&tune_program, "the host has not enough memory");
}

static int find_device(const tune_options *options, tune_result *result)
{
    device_list list;
    if (options->device != NULL && strcmp(options->device, "all") == 0) {
        return cli_mistake(&tune_program,
                           "--device: 'all' is not one device; tune one after the other");
    }
    const int status = devices_select(&tune_program, options->device, &list);
    if (status == CLI_CONTINUE) {
        result->device = list.devices[0];
        devices_free(&list);
    }
    return status;
}

/* Noticed before anything is measured rather than when it is to be written. */
static int check_output(const char *path)
{
    struct stat info;
    const size_t length = strlen(path);
    if (path[length - 1] == '/' || (stat(path, &info) == 0 && S_ISDIR(info.st_mode))) {
        return cli_mistake(&tune_program, "--output: %s is a folder; name a file in it", path);
    }
    return CLI_CONTINUE;
}

/* Device, shapes, path and the shipped tuning. */
static int prepare(const tune_options *options, char path[PATH_CAPACITY], tune_result *result)
{
    const int status = find_device(options, result);
    if (status != CLI_CONTINUE) {
        return status;
    }
    if (!shapes_make(&options->batches, &options->widths, &result->shapes)) {
        return cli_mistake(&tune_program,
                           "--batch and --widths make more than %d products; give fewer",
                           TUNE_MAX_SHAPES);
    }
    if (options->output == NULL &&
        ard_tuning_path(&result->device, path, PATH_CAPACITY) != ARD_STATUS_SUCCESS) {
        return fail("no place for the tuning; give --output");
    }
    result->path = options->output != NULL ? options->output : path;
    if (ard_tuning_shipped(&result->device, &result->shipped) != ARD_STATUS_SUCCESS) {
        return fail("the tuning that is shipped");
    }
    result->tuning = result->shipped;
    result->packed.tuned = report_tunes(options, ARD_ENGINE_PACKED);
    result->clblast.tuned = report_tunes(options, ARD_ENGINE_CLBLAST);
    return check_output(result->path);
}

static int plan(const tune_result *result)
{
    tune_limits limits;
    if (arena_limits(&result->device, &limits) != ARD_STATUS_SUCCESS) {
        return cli_failure(&tune_program, "%s: its properties cannot be read", result->device.id);
    }
    return result->options->quiet || report_plan(stdout, result, &limits) ? CLI_SUCCESS
                                                                          : no_memory();
}

static void append_list(char *text, const char *name, const cli_size_list *list)
{
    size_t length = strlen(text);
    snprintf(text + length, IDENTITY_CAPACITY - length, "; %s", name);
    for (size_t i = 0; i < list->count; i++) {
        length = strlen(text);
        snprintf(text + length, IDENTITY_CAPACITY - length, "%c%zu", i == 0 ? ' ' : ',',
                 list->values[i]);
    }
}

/* Everything that what is measured depends on, in one line. */
static ard_status write_identity(const tune_arena *arena, const tune_result *result,
                                 char identity[IDENTITY_CAPACITY])
{
    const tune_options *options = result->options;
    ard_context *context = NULL;
    ard_tuning own = result->shipped;
    own.clblast_count = 0; /* nothing may be overridden yet */
    const ard_status status = arena_context(arena, &own, ARD_ENGINE_CLBLAST, &context);
    if (status == ARD_STATUS_SUCCESS) {
        snprintf(identity, IDENTITY_CAPACITY, "%s; %s; seed %" PRIu64 "; engine %s",
                 ard_context_environment(arena->home), ard_context_environment(context),
                 options->seed, options_engines_name(options->engines));
        append_list(identity, "batch", &options->batches);
        append_list(identity, "widths", &options->widths);
    }
    ard_context_destroy(context);
    return status;
}

static int open_journal(const tune_arena *arena, const tune_result *result, journal *journal)
{
    char path[PATH_CAPACITY];
    char identity[IDENTITY_CAPACITY];
    const int length = snprintf(path, sizeof path, "%s.journal", result->path);
    if (length < 0 || (size_t)length >= sizeof path) {
        return cli_mistake(&tune_program, "--output: the path is too long");
    }
    if (write_identity(arena, result, identity) != ARD_STATUS_SUCCESS) {
        return fail("clblast");
    }
    return journal_open(path, identity, result->options->resume, journal);
}

/* All measurements. */
static bench_outcome tune(tune_arena *arena, journal *journal, tune_result *result)
{
    const double start = timing_now();
    const double milliseconds = 60e3 * result->options->minutes;
    bench_outcome outcome = BENCH_DONE;
    if (result->packed.tuned) {
        const double share = result->clblast.tuned ? PACKED_SHARE : 1;
        outcome = stage_packed(arena, journal, start + share * milliseconds, result);
    }
    if (outcome == BENCH_DONE && result->clblast.tuned) {
        outcome = stage_clblast_before(arena, result);
    }
    if (outcome == BENCH_DONE && result->clblast.tuned) {
        outcome = stage_clblast(arena, journal, start + milliseconds, result);
    }
    if (outcome == BENCH_DONE && result->packed.tuned && result->clblast.tuned) {
        outcome = stage_engines(arena, result);
    }
    return outcome;
}

/* Writes what was found and prints it. */
static int finish(tune_result *result)
{
    if (ard_tuning_write(result->path, &result->device, &result->tuning) != ARD_STATUS_SUCCESS) {
        return cli_failure(&tune_program, "%s; --resume tries again", ard_detail());
    }
    return result->options->quiet || report_result(stdout, result) ? CLI_SUCCESS : no_memory();
}

static int explain(bench_outcome outcome, const journal *journal, const tune_result *result)
{
    switch (outcome) {
    case BENCH_INTERRUPTED:
        fprintf(stderr, "%s: interrupted; nothing is written yet%s\n", tune_program.name,
                journal->file != NULL ? "; go on with --resume" : "");
        return INTERRUPT_EXIT;
    case BENCH_NO_MEMORY:
        return cli_failure(&tune_program, "not enough memory, or %s.journal could not be written",
                           result->path);
    default:
        return fail(result->device.id);
    }
}

static int measure(tune_arena *arena, journal *journal, tune_result *result)
{
    const tune_options *options = result->options;
    bench_outcome outcome = arena_create(&result->device, &result->shapes, options->seed, arena);
    if (outcome != BENCH_DONE) {
        return outcome == BENCH_NO_MEMORY ? no_memory() : explain(outcome, journal, result);
    }
    const int status = open_journal(arena, result, journal);
    if (status != CLI_CONTINUE) {
        return status;
    }
    result->read = journal->read;
    if (!options->quiet) {
        progress_start(&arena->bar, "ard-tune", NULL, (uint64_t)(60e3 * options->minutes));
    }
    outcome = tune(arena, journal, result);
    progress_finish(&arena->bar);
    result->seconds = (timing_now() - arena->started) / 1e3;
    return outcome == BENCH_DONE ? finish(result) : explain(outcome, journal, result);
}

int run_tune(const tune_options *options)
{
    char path[PATH_CAPACITY];
    tune_arena arena = {0};
    journal journal = {0};
    tune_result *result = calloc(1, sizeof *result);
    if (result == NULL) {
        return no_memory();
    }
    result->options = options;
    int status = prepare(options, path, result);
    if (status == CLI_CONTINUE && options->dry_run) {
        status = plan(result);
    } else if (status == CLI_CONTINUE) {
        status = measure(&arena, &journal, result);
    }
    journal_close(&journal, status == CLI_SUCCESS);
    arena_destroy(&arena);
    free(result);
    return status;
}
