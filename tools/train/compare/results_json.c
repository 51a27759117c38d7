/* SPDX-License-Identifier: Apache-2.0 */
/* Results as a document. */
#include <float.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "train/compare/results.h"
#include "train/json_fields.h"
#include "train/messages.h"

static const char SCHEMA[] = "ard-train-compare-1";

static bool fill_epoch(cJSON *object, size_t number, const compare_epoch *epoch)
{
    return fields_add_whole(object, "epoch", number) &&
           fields_add_exact(object, "loss", epoch->loss) &&
           fields_add_exact(object, "train_accuracy", epoch->train_accuracy) &&
           fields_add_exact(object, "validation_loss", epoch->validation.loss) &&
           fields_add_exact(object, "validation_accuracy", epoch->validation.accuracy) &&
           fields_add_exact(object, "seconds", epoch->seconds);
}

static bool add_epochs(cJSON *object, const compare_run *run)
{
    cJSON *array = cJSON_AddArrayToObject(object, "epochs");
    bool good = array != NULL;
    for (size_t i = 0; good && i < run->epoch_count; ++i) {
        cJSON *epoch = cJSON_CreateObject();
        good = fields_append(array, epoch) && fill_epoch(epoch, i + 1, &run->epochs[i]);
    }
    return good;
}

/* The checksum and the probabilities, where the setting is searched by times. */
static bool add_periods(cJSON *object, const train_options *options, const compare_run *run)
{
    char checksum[24];
    if (!options_uses_cost(options)) {
        return true;
    }
    (void)snprintf(checksum, sizeof checksum, "%016" PRIx64, run->cost_checksum);
    cJSON *array = fields_add_text(object, "cost_checksum", checksum)
                       ? cJSON_AddArrayToObject(object, "periods")
                       : NULL;
    bool good = array != NULL;
    for (size_t i = 0; good && i < options->hidden.count; ++i) {
        good = fields_append_doubles(array, &run->periods[i]);
    }
    return good;
}

static bool fill_run(cJSON *object, const compare_results *results, const compare_run *run)
{
    return fields_add_text(object, "setting", results->description.settings[run->setting].name) &&
           fields_add_whole(object, "seed", run->seed) &&
           fields_add_text(object, "date", run->date) &&
           fields_add_text(object, "environment", run->environment) &&
           add_periods(object, &results->description.settings[run->setting].options, run) &&
           add_epochs(object, run) && fields_add_exact(object, "test_loss", run->test.loss) &&
           fields_add_exact(object, "test_accuracy", run->test.accuracy);
}

static bool add_runs(cJSON *document, const compare_results *results)
{
    cJSON *array = cJSON_AddArrayToObject(document, "runs");
    bool good = array != NULL;
    for (size_t i = 0; good && i < results->run_count; ++i) {
        cJSON *run = cJSON_CreateObject();
        good = fields_append(array, run) && fill_run(run, results, &results->runs[i]);
    }
    return good;
}

static bool add_data(cJSON *document, const compare_results *results)
{
    char checksum[24];
    cJSON *object = cJSON_AddObjectToObject(document, "data");
    (void)snprintf(checksum, sizeof checksum, "%016" PRIx64, results->checksum);
    return object != NULL && fields_add_text(object, "kind", results->data) &&
           fields_add_text(object, "checksum", checksum) &&
           fields_add_whole(object, "train_samples", results->train_samples) &&
           fields_add_whole(object, "validation_samples", results->description.validation) &&
           fields_add_whole(object, "test_samples", results->test_samples);
}

cJSON *results_write(const compare_results *results)
{
    cJSON *document = cJSON_CreateObject();
    cJSON *description = description_write(&results->description);
    if (document != NULL && description != NULL && fields_add_text(document, "schema", SCHEMA) &&
        fields_add_text(document, "version", ard_version()) &&
        cJSON_AddItemToObject(document, "description", description)) {
        description = NULL; /* the document's now */
        if (add_data(document, results) && add_runs(document, results)) {
            return document;
        }
    }
    cJSON_Delete(description);
    cJSON_Delete(document);
    return NULL;
}

static bool read_share(const cJSON *object, const char *name, double *value)
{
    return fields_get_number(object, name, 0.0, 1.0, value);
}

static bool read_positive(const cJSON *object, const char *name, double *value)
{
    return fields_get_number(object, name, 0.0, DBL_MAX, value);
}

static bool read_epoch(const cJSON *object, uint64_t number, double before, compare_epoch *epoch)
{
    uint64_t stated = 0;
    return fields_get_whole(object, "epoch", 1, &stated) && stated == number &&
           read_positive(object, "loss", &epoch->loss) &&
           read_share(object, "train_accuracy", &epoch->train_accuracy) &&
           read_positive(object, "validation_loss", &epoch->validation.loss) &&
           read_share(object, "validation_accuracy", &epoch->validation.accuracy) &&
           read_positive(object, "seconds", &epoch->seconds) && epoch->seconds >= before;
}

/* All the epochs that the setting has. */
static bool read_epochs(const cJSON *object, size_t expected, compare_run *run)
{
    const cJSON *array = cJSON_GetObjectItemCaseSensitive(object, "epochs");
    const cJSON *item = NULL;
    double before = 0.0;
    if (!cJSON_IsArray(array) || (size_t)cJSON_GetArraySize(array) != expected) {
        return false;
    }
    run->epochs = calloc(expected, sizeof *run->epochs);
    bool good = run->epochs != NULL;
    cJSON_ArrayForEach(item, array)
    {
        good =
            good && read_epoch(item, run->epoch_count + 1, before, &run->epochs[run->epoch_count]);
        before = good ? run->epochs[run->epoch_count++].seconds : before;
    }
    return good;
}

static bool read_checksum(const cJSON *object, const char *name, uint64_t *checksum)
{
    const char *text = fields_get_text(object, name);
    return text != NULL && strlen(text) == 16 && strspn(text, "0123456789abcdef") == 16 &&
           sscanf(text, "%16" SCNx64, checksum) == 1;
}

/* The probabilities of one layer. */
static bool read_probabilities(const cJSON *array, cli_double_list *list)
{
    const cJSON *item = NULL;
    const int count = cJSON_IsArray(array) ? cJSON_GetArraySize(array) : 0;
    bool good = count >= 1 && count <= ARD_MAX_PERIOD;
    cJSON_ArrayForEach(item, array)
    {
        good = good && cJSON_IsNumber(item) && item->valuedouble >= 0.0 && item->valuedouble <= 1.0;
        if (good) {
            list->values[list->count++] = item->valuedouble;
        }
    }
    return good;
}

static bool read_periods(const cJSON *object, const train_options *options, compare_run *run)
{
    const cJSON *array = cJSON_GetObjectItemCaseSensitive(object, "periods");
    const cJSON *item = NULL;
    const size_t layers = options->hidden.count;
    if (!options_uses_cost(options)) {
        return true;
    }
    if (!read_checksum(object, "cost_checksum", &run->cost_checksum) || !cJSON_IsArray(array) ||
        (size_t)cJSON_GetArraySize(array) != layers) {
        return false;
    }
    run->periods = calloc(layers, sizeof *run->periods);
    bool good = run->periods != NULL;
    size_t layer = 0;
    cJSON_ArrayForEach(item, array)
    {
        good = good && read_probabilities(item, &run->periods[layer++]);
    }
    return good;
}

/* Text that is printed: one line of it. */
static bool is_line(const char *text)
{
    bool good = text != NULL;
    for (const char *c = text; good && *c != '\0'; ++c) {
        good = (unsigned char)*c >= ' ' && *c != 0x7f;
    }
    return good;
}

static bool read_run(const cJSON *object, const compare_results *results, compare_run *run)
{
    const description *description = &results->description;
    const char *name = fields_get_text(object, "setting");
    const char *date = fields_get_text(object, "date");
    const char *environment = fields_get_text(object, "environment");
    if (name == NULL || !is_line(date) || strlen(date) >= sizeof run->date ||
        !is_line(environment)) {
        return false;
    }
    run->setting = description_find(description, name);
    if (run->setting == description->setting_count ||
        !fields_get_whole(object, "seed", 0, &run->seed) ||
        results_find(results, run->setting, run->seed) != NULL ||
        !read_positive(object, "test_loss", &run->test.loss) ||
        !read_share(object, "test_accuracy", &run->test.accuracy) ||
        !read_periods(object, &description->settings[run->setting].options, run) ||
        !read_epochs(object, description->settings[run->setting].options.epochs, run)) {
        return false;
    }
    (void)snprintf(run->date, sizeof run->date, "%s", date);
    run->environment = strdup(environment);
    return run->environment != NULL;
}

static int read_runs(const cJSON *array, const char *path, compare_results *results)
{
    const cJSON *item = NULL;
    size_t number = 0;
    cJSON_ArrayForEach(item, array)
    {
        compare_run run = {.setting = 0};
        ++number;
        if (!read_run(item, results, &run) ||
            !description_has_seed(&results->description, run.seed)) {
            compare_run_destroy(&run);
            return cli_mistake(&train_messages,
                               "%s: run %zu is not one of its description that was written by "
                               "ard-train compare",
                               path, number);
        }
        results_add(results, &run);
    }
    return CLI_SUCCESS;
}

static bool read_data(const cJSON *document, compare_results *results)
{
    const cJSON *object = cJSON_GetObjectItemCaseSensitive(document, "data");
    const char *kind = fields_get_text(object, "kind");
    uint64_t train, validation, test;
    if (kind == NULL || (strcmp(kind, "builtin") != 0 && strcmp(kind, "idx") != 0) ||
        !read_checksum(object, "checksum", &results->checksum) ||
        !fields_get_whole(object, "train_samples", 1, &train) ||
        !fields_get_whole(object, "validation_samples", 1, &validation) ||
        !fields_get_whole(object, "test_samples", 1, &test) ||
        validation != results->description.validation) {
        return false;
    }
    (void)snprintf(results->data, sizeof results->data, "%s", kind);
    results->train_samples = (size_t)train;
    results->test_samples = (size_t)test;
    return true;
}

int results_read(const cJSON *document, const char *path, compare_results *results)
{
    const char *schema = fields_get_text(document, "schema");
    const cJSON *runs = cJSON_GetObjectItemCaseSensitive(document, "runs");
    if (schema == NULL || strcmp(schema, SCHEMA) != 0) {
        return cli_mistake(&train_messages,
                           "%s: not results of ard-train compare (no \"schema\": \"%s\")", path,
                           SCHEMA);
    }
    const int status = description_read(cJSON_GetObjectItemCaseSensitive(document, "description"),
                                        path, &results->description);
    if (status != CLI_SUCCESS) {
        return status;
    }
    if (!read_data(document, results) || !cJSON_IsArray(runs)) {
        return cli_mistake(&train_messages, "%s: \"%s\" is not what ard-train compare writes", path,
                           cJSON_IsArray(runs) ? "data" : "runs");
    }
    return read_runs(runs, path, results);
}
