/* SPDX-License-Identifier: Apache-2.0 */
#include "train/compare/results.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "measure/json_file.h"
#include "train/messages.h"

enum { MAX_RUNS = COMPARE_MAX_SETTINGS * COMPARE_MAX_SEEDS };

compare_results *results_create(void)
{
    compare_results *results = calloc(1, sizeof *results);
    if (results != NULL) {
        results->runs = calloc(MAX_RUNS, sizeof *results->runs);
    }
    if (results != NULL && results->runs == NULL) {
        free(results);
        return NULL;
    }
    return results;
}

void compare_run_destroy(compare_run *run)
{
    free(run->environment);
    free(run->epochs);
    free(run->periods);
}

void results_destroy(compare_results *results)
{
    if (results == NULL) {
        return;
    }
    for (size_t i = 0; i < results->run_count; ++i) {
        compare_run_destroy(&results->runs[i]);
    }
    free(results->runs);
    free(results);
}

const compare_run *results_find(const compare_results *results, size_t setting, uint64_t seed)
{
    for (size_t i = 0; i < results->run_count; ++i) {
        const compare_run *run = &results->runs[i];
        if (run->setting == setting && run->seed == seed) {
            return run;
        }
    }
    return NULL;
}

void results_add(compare_results *results, const compare_run *run)
{
    results->runs[results->run_count++] = *run;
}

/* The settings that there are runs of. */
static int match_settings(const compare_results *results, const compare_results *saved,
                          const char *path)
{
    bool run[COMPARE_MAX_SETTINGS] = {false};
    int status = CLI_SUCCESS;
    for (size_t i = 0; i < saved->run_count; ++i) {
        run[saved->runs[i].setting] = true;
    }
    for (size_t i = 0; status == CLI_SUCCESS && i < saved->description.setting_count; ++i) {
        if (run[i]) {
            status = description_match(&saved->description, i, &results->description, path);
        }
    }
    return status;
}

static int match_seeds(const compare_results *results, const compare_results *saved,
                       const char *path)
{
    for (size_t i = 0; i < saved->run_count; ++i) {
        if (!description_has_seed(&results->description, saved->runs[i].seed)) {
            return cli_mistake(&train_messages,
                               "\"seeds\" lack %" PRIu64 ", which %s has results of",
                               saved->runs[i].seed, path);
        }
    }
    return CLI_SUCCESS;
}

int results_adopt(compare_results *results, compare_results *saved, const char *path)
{
    int status = match_settings(results, saved, path);
    if (status != CLI_SUCCESS) {
        return status;
    }
    if (strcmp(saved->data, results->data) != 0 || saved->checksum != results->checksum) {
        return cli_mistake(&train_messages,
                           "the data is not that of the results in %s (%s, %zu training and %zu "
                           "validation samples)",
                           path, saved->data, saved->train_samples, saved->description.validation);
    }
    status = match_seeds(results, saved, path);
    for (size_t i = 0; status == CLI_SUCCESS && i < saved->run_count; ++i) {
        compare_run run = saved->runs[i];
        run.setting =
            description_find(&results->description, saved->description.settings[run.setting].name);
        results_add(results, &run);
    }
    if (status == CLI_SUCCESS) {
        saved->run_count = 0;
    }
    return status;
}

int results_load(const char *path, compare_results **results)
{
    cJSON *document = NULL;
    compare_results *made = results_create();
    if (made == NULL) {
        return cli_failure(&train_messages, "not enough memory for %s", path);
    }
    int status = json_file_read(&train_messages, path, &document);
    if (status == CLI_SUCCESS) {
        status = results_read(document, path, made);
    }
    cJSON_Delete(document);
    if (status != CLI_SUCCESS) {
        results_destroy(made);
        return status;
    }
    *results = made;
    return CLI_SUCCESS;
}

int results_save(const char *path, const compare_results *results)
{
    cJSON *document = results_write(results);
    if (document == NULL) {
        return cli_failure(&train_messages, "not enough memory to write %s", path);
    }
    const int status = json_file_write(&train_messages, path, document);
    cJSON_Delete(document);
    return status;
}
