/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* realpath() */
#include "output.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "claim.h"
#include "document.h"
#include "engine.h"
#include "measure/json_file.h"

int output_check(const bench_options *options)
{
    struct stat info;
    if (options->output == NULL || stat(options->output, &info) != 0) {
        return CLI_CONTINUE;
    }
    if (!S_ISREG(info.st_mode)) {
        return cli_mistake(&options_program, "--output: %s is not a regular file", options->output);
    }
    if (!options->resume && !options->overwrite) {
        return cli_mistake(&options_program,
                           "--output: %s exists; --resume keeps its results and measures what is "
                           "missing, --overwrite replaces it",
                           options->output);
    }
    return CLI_CONTINUE;
}

/* Where the file is behind symbolic links, which stay. */
static bool find_path(const char *name, char path[REPORT_PATH])
{
    char *real = realpath(name, NULL);
    const int length = snprintf(path, REPORT_PATH, "%s", real != NULL ? real : name);
    free(real);
    return length < REPORT_PATH;
}

/* Whether an engine's context on a device is what was measured; `now` says what it is. What cannot
 * be made is told when it is needed. */
static bool is_as_before(const char *id, bench_engine engine, const char *before,
                         char now[DOCUMENT_TEXT])
{
    ard_context *context = NULL;
    const bool made = engine_context(id, engine, false, &context) == ARD_STATUS_SUCCESS;
    const bool same = !made || strcmp(ard_context_environment(context), before) == 0;
    snprintf(now, DOCUMENT_TEXT, "%s", ard_context_environment(context));
    ard_context_destroy(context);
    return same;
}

/* A device must multiply as it did: the same driver, libard, tuning and CLBlast; in as many units.
 * Where the first run was with --engine, its engine is in the environment. */
static int check_device(const char *path, const ard_device_info *device, bench_engine engine,
                        const cJSON *known)
{
    char now[DOCUMENT_TEXT];
    const cJSON *units = cJSON_GetObjectItemCaseSensitive(known, "compute_units");
    const char *before =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(known, "environment"));
    if (before == NULL) {
        return CLI_CONTINUE; /* nothing was measured on it */
    }
    if (!is_as_before(device->id, ENGINE_TUNED, before, now) &&
        (engine == ENGINE_TUNED || !is_as_before(device->id, engine, before, now))) {
        return cli_mistake(&options_program,
                           "%s: device %s was measured as \"%.300s\", and is \"%.300s\"; give "
                           "another --output, or --overwrite",
                           path, device->id, before, now);
    }
    if (cJSON_IsNumber(units) && units->valuedouble != device->compute_units) {
        return cli_mistake(&options_program,
                           "%s: device %s was measured with %g compute units, and has %" PRIu32
                           "; give another --output, or --overwrite",
                           path, device->id, units->valuedouble, device->compute_units);
    }
    return CLI_CONTINUE;
}

/* Takes the devices of a run into a document that goes on. */
static int add_devices(cJSON *document, const char *path, const device_list *list,
                       bench_engine engine)
{
    for (size_t i = 0; i < list->count; i++) {
        const ard_device_info *device = &list->devices[i];
        const cJSON *known = document_device(document, device->id);
        const int status = check_device(path, device, engine, known);
        if (status != CLI_CONTINUE) {
            return status;
        }
        if (known == NULL && !document_add_device(document, device)) {
            return cli_failure(&options_program, "the host has not enough memory");
        }
    }
    return CLI_CONTINUE;
}

/* Reads the document of an earlier run. */
static int go_on(report *report, const device_list *list, bench_engine engine)
{
    char why[DOCUMENT_TEXT];
    cJSON *document = NULL;
    int status = json_file_read(&options_program, report->path, &document);
    if (status != CLI_SUCCESS) {
        return status;
    }
    status = CLI_CONTINUE;
    if (!document_is_one(document, report->document, why)) {
        status = cli_mistake(&options_program, "%s: %s; give another --output, or --overwrite",
                             report->path, why);
    }
    if (status == CLI_CONTINUE && !document_keep_seeds(document)) {
        status = cli_failure(&options_program, "the host has not enough memory");
    }
    if (status == CLI_CONTINUE) {
        status = add_devices(document, report->path, list, engine);
    }
    if (status != CLI_CONTINUE) {
        cJSON_Delete(document);
        return status;
    }
    cJSON_Delete(report->document);
    report->document = document;
    report->resumed = true;
    return CLI_CONTINUE;
}

int output_begin(report *report, const bench_options *options, const device_list *list)
{
    struct stat info;
    if (options->output == NULL) {
        return CLI_CONTINUE;
    }
    if (!find_path(options->output, report->path)) {
        return cli_mistake(&options_program, "--output: the path %.100s... is too long",
                           options->output);
    }
    int status = claim_take(&options_program, report->path, &report->held);
    if (status == CLI_CONTINUE) {
        status = output_check(options); /* it may be there only now */
    }
    if (status == CLI_CONTINUE && report->document != NULL && options->resume &&
        stat(report->path, &info) == 0) {
        status = go_on(report, list, options->kase.engine);
    }
    if (status == CLI_CONTINUE && !output_save(report)) {
        status = CLI_FAILURE;
    }
    return status;
}

bool output_save(report *report)
{
    if (report->path[0] == '\0') {
        return true;
    }
    if (report->document == NULL) {
        (void)cli_failure(&options_program, "the host has not enough memory for the results");
        return false;
    }
    if (!claim_holds(report->held, report->path)) {
        (void)cli_failure(&options_program, "%s is not written: another process has replaced it",
                          report->path);
        return false;
    }
    return json_file_write(&options_program, report->path, report->document) == CLI_SUCCESS &&
           claim_take(&options_program, report->path, &report->held) == CLI_CONTINUE;
}

void output_end(report *report)
{
    if (report->held != NULL) {
        (void)fclose(report->held);
        report->held = NULL;
    }
}

bool output_has(const report *report, const ard_device_info *device, const bench_case *kase,
                bool *wrong)
{
    char command[CASE_TEXT];
    if (!report->resumed || report->document == NULL) {
        return false;
    }
    case_command(kase, device->id, command);
    /* One that was interrupted has its times, but not what comes after them. */
    const size_t on_device = case_device_baselines(kase);
    const cJSON *document = report->document;
    return (!kase->profile ||
            document_count(document, device->id, command, "profile", wrong) >= on_device) &&
           (!kase->memory ||
            document_count(document, device->id, command, "memory", wrong) >= on_device) &&
           document_count(document, device->id, command, NULL, wrong) >= case_baseline_count(kase);
}

void output_forget(const report *report, const ard_device_info *device, const bench_case *kase)
{
    char command[CASE_TEXT];
    if (report->resumed) {
        case_command(kase, device->id, command);
        document_forget(report->document, device->id, command);
    }
}
