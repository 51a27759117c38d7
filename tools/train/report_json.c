/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include <cjson/cJSON.h>

#include "train/messages.h"
#include "train/report.h"

/* Every function answers whether all went in; cJSON fails only without memory. */

static bool add_text(cJSON *object, const char *name, const char *text)
{
    return text == NULL ? cJSON_AddNullToObject(object, name) != NULL
                        : cJSON_AddStringToObject(object, name, text) != NULL;
}

static bool add_number(cJSON *object, const char *name, double number)
{
    return cJSON_AddNumberToObject(object, name, number) != NULL;
}

/* A number that cJSON's doubles might round. */
static bool add_whole(cJSON *object, const char *name, uint64_t number)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRIu64, number);
    return cJSON_AddRawToObject(object, name, text) != NULL;
}

static bool add_bool(cJSON *object, const char *name, bool value)
{
    return cJSON_AddBoolToObject(object, name, value) != NULL;
}

static bool append_number(cJSON *array, double number)
{
    return cJSON_AddItemToArray(array, cJSON_CreateNumber(number));
}

static bool add_sizes(cJSON *object, const char *name, const cli_size_list *list)
{
    cJSON *array = cJSON_AddArrayToObject(object, name);
    bool good = array != NULL;
    for (size_t i = 0; good && i < list->count; ++i) {
        good = append_number(array, (double)list->values[i]);
    }
    return good;
}

static bool add_doubles(cJSON *object, const char *name, const cli_double_list *list)
{
    cJSON *array = cJSON_AddArrayToObject(object, name);
    bool good = array != NULL;
    for (size_t i = 0; good && i < list->count; ++i) {
        good = append_number(array, list->values[i]);
    }
    return good;
}

static bool add_device(cJSON *root, const ard_device_info *device)
{
    cJSON *object = cJSON_AddObjectToObject(root, "device");
    return object != NULL && add_text(object, "id", device->id) &&
           add_text(object, "name", device->name) &&
           add_text(object, "platform", device->platform) &&
           add_text(object, "driver", device->driver) &&
           add_text(object, "type", ard_device_type_name(device->type)) &&
           add_number(object, "compute_units", device->compute_units);
}

/* The edge and numbering of tiles are there only with tiles. */
static bool add_dropout(cJSON *object, const train_options *options)
{
    bool good = add_text(object, "dropout", options_dropout_name(options->dropout)) &&
                add_doubles(object, "rate", &options->rate) &&
                add_sizes(object, "max_period", &options->periods);
    if (options->dropout == ARD_DROPOUT_TILE) {
        good = good && add_whole(object, "tile", options->tile) &&
               add_text(object, "numbering", options_numbering_name(options->numbering));
    }
    return good && add_text(object, "scale", options_scale_name(options->scale));
}

/* Likewise what belongs to one schedule. */
static bool add_schedule(cJSON *object, const train_options *options)
{
    bool good = add_text(object, "schedule", options_schedule_name(options->schedule));
    if (options->schedule == ARD_SCHEDULE_STEP) {
        good = good && add_whole(object, "lr_step_epochs", options->lr_step_epochs) &&
               add_number(object, "lr_factor", options->lr_factor);
    } else if (options->schedule == ARD_SCHEDULE_COSINE) {
        good = good && add_number(object, "lr_final", options->lr_final);
    }
    return good;
}

static bool add_settings(cJSON *root, const train_options *options, const run_facts *facts)
{
    cJSON *object = cJSON_AddObjectToObject(root, "settings");
    return object != NULL && add_text(object, "data", options->data) &&
           add_whole(object, "train_samples", facts->train_samples) &&
           add_whole(object, "test_samples", facts->test_samples) &&
           add_whole(object, "inputs", facts->inputs) &&
           add_sizes(object, "hidden", &options->hidden) &&
           add_whole(object, "classes", facts->classes) && add_dropout(object, options) &&
           add_whole(object, "epochs", options->epochs) &&
           add_whole(object, "batch", options->batch) && add_number(object, "lr", options->lr) &&
           add_number(object, "momentum", options->momentum) &&
           add_number(object, "weight_decay", options->weight_decay) &&
           add_schedule(object, options) && add_whole(object, "seed", options->seed) &&
           add_text(object, "save", options->save) && add_text(object, "resume", options->resume);
}

static bool append_epoch(cJSON *array, const epoch_record *record)
{
    cJSON *object = cJSON_CreateObject();
    if (object == NULL || !cJSON_AddItemToArray(array, object)) {
        cJSON_Delete(object);
        return false;
    }
    return add_whole(object, "epoch", record->epoch) && add_number(object, "loss", record->loss) &&
           add_number(object, "train_accuracy", record->train_accuracy) &&
           add_number(object, "test_loss", record->test_loss) &&
           add_number(object, "test_accuracy", record->test_accuracy) &&
           add_number(object, "seconds", record->seconds);
}

static bool add_epochs(cJSON *root, const train_result *result)
{
    cJSON *array = cJSON_AddArrayToObject(root, "epochs");
    bool good = array != NULL;
    for (size_t i = 0; good && i < result->epoch_count; ++i) {
        good = append_epoch(array, &result->epochs[i]);
    }
    return good;
}

static bool add_measured(cJSON *root, const char *name, const train_result *result, double value)
{
    return result->evaluated ? add_number(root, name, value)
                             : cJSON_AddNullToObject(root, name) != NULL;
}

static bool add_result(cJSON *root, const train_result *result)
{
    return add_epochs(root, result) && add_whole(root, "first_step", result->first_step) &&
           add_whole(root, "steps", result->steps) &&
           add_bool(root, "interrupted", result->interrupted) &&
           add_measured(root, "test_loss", result, result->test_loss) &&
           add_measured(root, "test_accuracy", result, result->test_accuracy) &&
           add_number(root, "seconds", result->seconds) &&
           add_number(root, "total_seconds", result->total_seconds);
}

int report_json(const train_options *options, const run_facts *facts, const train_result *result)
{
    cJSON *root = cJSON_CreateObject();
    char *text = NULL;
    if (root != NULL && add_text(root, "schema", "ard-train-1") &&
        add_text(root, "version", ard_version()) && add_text(root, "model", "mlp") &&
        add_device(root, facts->device) && add_settings(root, options, facts) &&
        add_result(root, result)) {
        text = cJSON_Print(root);
    }
    cJSON_Delete(root);
    if (text == NULL) {
        return cli_failure(&train_messages, "not enough memory for the report");
    }
    (void)printf("%s\n", text);
    cJSON_free(text);
    return CLI_SUCCESS;
}
