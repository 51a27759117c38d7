/* SPDX-License-Identifier: Apache-2.0 */
#include "train/compare/compare.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "interrupt.h"
#include "measure/json_file.h"
#include "train/compare/compare_report.h"
#include "train/compare/compare_runs.h"
#include "train/compare/compare_times.h"
#include "train/messages.h"
#include "train/setup.h"

static int report_file(const compare_options *options)
{
    compare_results *results = NULL;
    int status = results_load(options->report, &results);
    if (status == CLI_SUCCESS) {
        status = compare_report(options, results);
    }
    results_destroy(results);
    return status;
}

static int read_description(const char *path, description *made)
{
    cJSON *document = NULL;
    int status = json_file_read(&train_messages, path, &document);
    if (status == CLI_SUCCESS) {
        status = description_read(document, path, made);
    }
    cJSON_Delete(document);
    return status;
}

/* Results that would be lost are not written over. */
static int check_results(const compare_options *options)
{
    if (options->results != NULL && !options->resume && access(options->results, F_OK) == 0) {
        return cli_mistake(&train_messages,
                           "--results: %s exists; go on with --resume, or name another file",
                           options->results);
    }
    return CLI_SUCCESS;
}

/* Data, split and device. */
static int set_up(const compare_options *options, compare_results *results, train_setup *setup)
{
    const char *path = options->description;
    const description *description = &results->description;
    const bool own = options->data == NULL;
    if (own && description->data[0] == '\0') {
        return cli_mistake(&train_messages,
                           "%s: \"data\" is missing; give it there or by --data DIR|builtin", path);
    }
    int status = setup_load(setup, own ? path : NULL, own ? description->data : options->data);
    if (status == CLI_SUCCESS) {
        status = setup_hold_out(setup, path, description->validation);
    }
    if (status == CLI_SUCCESS) {
        status = setup_open(setup, options->device);
    }
    if (status == CLI_SUCCESS) {
        status = setup_upload(setup);
    }
    (void)snprintf(results->data, sizeof results->data, "%s", setup->facts.data);
    results->checksum = setup->facts.checksum;
    results->train_samples = setup->data.train.samples;
    results->test_samples = setup->data.test.samples;
    return status;
}

static void warn_of_environment(const compare_options *options, const compare_results *results,
                                const train_setup *setup)
{
    const char *environment = ard_context_environment(setup->context);
    for (size_t i = 0; i < results->run_count; ++i) {
        if (strcmp(results->runs[i].environment, environment) != 0) {
            (void)fprintf(stderr,
                          "ard-train: warning: %s: some runs there are of another environment "
                          "(%s), this is %s\n",
                          options->results, results->runs[i].environment, environment);
            return;
        }
    }
}

/* Takes over what is done already; the file is written at once, so that a path that cannot be is
 * noticed before any training. */
static int begin_results(const compare_options *options, compare_results *saved,
                         compare_results *results, const train_setup *setup)
{
    if (saved != NULL) {
        int status = results_adopt(results, saved, options->results);
        if (status == CLI_SUCCESS) {
            status = compare_times_check(results, options->results);
        }
        if (status != CLI_SUCCESS) {
            return status;
        }
        warn_of_environment(options, results, setup);
    }
    return options->results != NULL ? results_save(options->results, results) : CLI_SUCCESS;
}

static int explain_stop(const compare_options *options, const compare_results *results)
{
    const description *description = &results->description;
    const size_t runs = description->setting_count * description->seed_count;
    if (options->results != NULL) {
        (void)fprintf(stderr,
                      "ard-train: interrupted; %zu of %zu runs are in %s, go on with --resume\n",
                      results->run_count, runs, options->results);
    } else {
        (void)fprintf(stderr,
                      "ard-train: interrupted after %zu of %zu runs; not kept without --results\n",
                      results->run_count, runs);
    }
    return INTERRUPT_EXIT;
}

static int compare(const compare_options *options, compare_results *saved, compare_results *results,
                   train_setup *setup)
{
    int status = set_up(options, results, setup);
    if (status == CLI_SUCCESS) {
        status = begin_results(options, saved, results, setup);
    }
    if (status == CLI_SUCCESS) {
        status = compare_runs(options, setup, results);
    }
    if (status != CLI_SUCCESS && status != INTERRUPT_EXIT) {
        return status;
    }
    const int printed = compare_report(options, results);
    if (status == INTERRUPT_EXIT) {
        return explain_stop(options, results);
    }
    return printed;
}

static int train(const compare_options *options)
{
    train_setup setup = {.context = NULL};
    compare_results *saved = NULL;
    compare_results *results = results_create();
    if (results == NULL) {
        return cli_failure(&train_messages, "not enough memory");
    }
    int status = check_results(options);
    if (status == CLI_SUCCESS) {
        status = read_description(options->description, &results->description);
    }
    if (status == CLI_SUCCESS && options->resume) {
        status = results_load(options->results, &saved);
    }
    if (status == CLI_SUCCESS) {
        status = compare(options, saved, results, &setup);
    }
    setup_destroy(&setup);
    results_destroy(saved);
    results_destroy(results);
    return status;
}

int compare_main(const compare_options *options)
{
    const int status = compare_options_check(options);
    if (status != CLI_SUCCESS) {
        return status;
    }
    return options->report != NULL ? report_file(options) : train(options);
}
