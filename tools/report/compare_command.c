/* SPDX-License-Identifier: Apache-2.0 */
#include "report/compare_command.h"

#include <string.h>

#include "report/compare_print.h"
#include "report/read_files.h"

static FILE *error_stream(const cli_program *program)
{
    return program->error != NULL ? program->error : stderr;
}

/* Results of ard-bench, at least one of them. */
static int read_side(const cli_program *program, const char *path, report_data *data)
{
    const int status = read_files(program, &path, 1, data);
    if (status == CLI_CONTINUE && data->result_count == 0) {
        return cli_mistake(program,
                           "%.400s: has no results; expected what 'ard-bench --format json' prints "
                           "or writes to --output",
                           path);
    }
    return status;
}

static void list_alone(const cli_program *program, const report_data *data,
                       const report_result *const *results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char words[COMPARE_WORDS];
        compare_describe(data, results[i], words);
        fprintf(error_stream(program), "%s: only in %s: %s\n", program->name, data->files[0].path,
                words);
    }
}

static bool has_device(const report_data *data, const report_device *device)
{
    for (size_t i = 0; i < data->device_count; i++) {
        if (strcmp(data->devices[i].name, device->name) == 0 &&
            strcmp(data->devices[i].platform, device->platform) == 0) {
            return true;
        }
    }
    return false;
}

/* Why nothing could be paired: other devices, or other cases on the same ones. */
static int nothing_in_common(const cli_program *program, const report_data *old_data,
                             const report_data *new_data)
{
    const report_result *old_result = &old_data->results[0];
    const report_result *new_result = &new_data->results[0];
    const report_device *old_device = &old_data->devices[old_result->device];
    const report_device *new_device = &new_data->devices[new_result->device];
    bool shared = false;
    for (size_t i = 0; i < old_data->device_count; i++) {
        shared = shared || has_device(new_data, &old_data->devices[i]);
    }
    if (!shared) {
        return cli_mistake(program,
                           "the files have no case in common: %.120s was measured on '%.100s' of "
                           "'%.60s', %.120s on '%.100s' of '%.60s'",
                           old_data->files[0].path, old_device->name, old_device->platform,
                           new_data->files[0].path, new_device->name, new_device->platform);
    }
    char old_words[COMPARE_WORDS];
    char new_words[COMPARE_WORDS];
    compare_describe(old_data, old_result, old_words);
    compare_describe(new_data, new_result, new_words);
    return cli_mistake(program,
                       "the files have no case in common: the first of %.120s is '%.240s', of "
                       "%.120s '%.240s'",
                       old_data->files[0].path, old_words, new_data->files[0].path, new_words);
}

/* The last line: to the output of a text, to the error stream otherwise. */
static void sum_up(const cli_program *program, const compare_options *options,
                   const pairing *pairing)
{
    const size_t alone = pairing->old_only_count + pairing->new_only_count;
    fprintf(options->format == COMPARE_TEXT ? stdout : error_stream(program),
            "%zu pair%s: %zu slower and %zu faster by more than %g %%, %zu unclear, %zu the same; "
            "%zu case%s in one file only\n",
            pairing->count, pairing->count == 1 ? "" : "s", pairing->verdicts[VERDICT_SLOWER],
            pairing->verdicts[VERDICT_FASTER], options->tolerance,
            pairing->verdicts[VERDICT_UNCLEAR], pairing->verdicts[VERDICT_SAME], alone,
            alone == 1 ? " is" : "s are");
}

static int compare(const cli_program *program, const compare_options *options,
                   const report_data *old_data, const report_data *new_data)
{
    pairing pairing = {0};
    int status = CLI_CONTINUE;
    if (!pairing_make(old_data, new_data, options->tolerance / 100, &pairing)) {
        status = cli_failure(program, "the host has not enough memory");
    } else if (pairing.count == 0) {
        status = nothing_in_common(program, old_data, new_data);
    }
    const comparison comparison = {.old_data = old_data,
                                   .new_data = new_data,
                                   .pairing = &pairing,
                                   .tolerance = options->tolerance};
    if (status == CLI_CONTINUE && !compare_print(stdout, options->format, &comparison)) {
        status = cli_failure(program, "the host has not enough memory");
    }
    if (status == CLI_CONTINUE) {
        sum_up(program, options, &pairing);
        list_alone(program, old_data, pairing.old_only, pairing.old_only_count);
        list_alone(program, new_data, pairing.new_only, pairing.new_only_count);
        status = pairing.verdicts[VERDICT_SLOWER] > 0 ? CLI_FAILURE : CLI_SUCCESS;
    }
    pairing_free(&pairing);
    return status;
}

int compare_run_command(const cli_program *program, const compare_options *options)
{
    report_data old_data = {0};
    report_data new_data = {0};
    int status = read_side(program, options->files->values[0], &old_data);
    if (status == CLI_CONTINUE) {
        status = read_side(program, options->files->values[1], &new_data);
    }
    if (status == CLI_CONTINUE) {
        status = compare(program, options, &old_data, &new_data);
    }
    report_data_free(&old_data);
    report_data_free(&new_data);
    return status;
}
