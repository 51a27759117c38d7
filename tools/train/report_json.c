/* SPDX-License-Identifier: Apache-2.0 */
#include "train/json_fields.h"
#include "train/report.h"
#include "train/report_frame.h"

/* Every function answers whether all went in. */

/* What belongs to a rate that changes is there only where it does. */
static bool add_rate_schedule(cJSON *object, const train_options *options)
{
    return fields_add_text(object, "rate_schedule",
                           options_rate_schedule_name(options->rate_schedule)) &&
           (!options_rate_changes(options) ||
            fields_add_whole(object, "rate_epochs", options->rate_epochs));
}

/* The search, the edge and numbering of tiles, and the groups are there only where they are used.
 */
static bool add_dropout(cJSON *object, const train_options *options)
{
    bool good = fields_add_text(object, "dropout", options_dropout_name(options->dropout)) &&
                fields_add_doubles(object, "rate", &options->rate) &&
                add_rate_schedule(object, options) &&
                fields_add_sizes(object, "max_period", &options->periods);
    if (options_searches(options->dropout)) {
        good = good && fields_add_text(object, "search", options_search_name(options->search));
    }
    if (options_uses_cost(options)) {
        good = good && fields_add_text(object, "cost", options->cost) &&
               fields_add_exact(object, "entropy_share", options->entropy_share);
    }
    if (options->dropout == ARD_DROPOUT_TILE) {
        good = good && fields_add_whole(object, "tile", options->tile) &&
               fields_add_text(object, "numbering", options_numbering_name(options->numbering));
    }
    if (options_has_groups(options->dropout)) {
        good = good && fields_add_whole(object, "groups", options->groups);
    }
    return good && fields_add_text(object, "scale", options_scale_name(options->scale));
}

/* Likewise what belongs to one schedule. */
static bool add_schedule(cJSON *object, const train_options *options)
{
    bool good = fields_add_text(object, "schedule", options_schedule_name(options->schedule));
    if (options->schedule == ARD_SCHEDULE_STEP) {
        good = good && fields_add_whole(object, "lr_step_epochs", options->lr_step_epochs) &&
               fields_add_number(object, "lr_factor", options->lr_factor);
    } else if (options->schedule == ARD_SCHEDULE_COSINE) {
        good = good && fields_add_number(object, "lr_final", options->lr_final);
    }
    return good && fields_add_whole(object, "lr_warmup_epochs", options->lr_warmup_epochs);
}

static bool add_settings(cJSON *root, const train_options *options, const run_facts *facts)
{
    cJSON *object = cJSON_AddObjectToObject(root, "settings");
    return object != NULL && fields_add_text(object, "data", options->data) &&
           fields_add_whole(object, "train_samples", facts->train_samples) &&
           (facts->validation_samples == 0 ||
            fields_add_whole(object, "validation_samples", facts->validation_samples)) &&
           fields_add_whole(object, "test_samples", facts->test_samples) &&
           fields_add_whole(object, "inputs", facts->inputs) &&
           fields_add_sizes(object, "hidden", &options->hidden) &&
           fields_add_whole(object, "classes", facts->classes) && add_dropout(object, options) &&
           fields_add_whole(object, "epochs", options->epochs) &&
           fields_add_whole(object, "batch", options->batch) &&
           fields_add_number(object, "lr", options->lr) &&
           fields_add_number(object, "momentum", options->momentum) &&
           fields_add_number(object, "weight_decay", options->weight_decay) &&
           add_schedule(object, options) && fields_add_whole(object, "seed", options->seed) &&
           fields_add_text(object, "save", options->save) &&
           fields_add_text(object, "resume", options->resume);
}

static bool append_epoch(cJSON *array, bool validation, const epoch_record *record)
{
    cJSON *object = cJSON_CreateObject();
    return fields_append(array, object) && fields_add_whole(object, "epoch", record->epoch) &&
           fields_add_number(object, "loss", record->loss) &&
           fields_add_number(object, "train_accuracy", record->train_accuracy) &&
           fields_add_number(object, validation ? "validation_loss" : "test_loss",
                             record->after.loss) &&
           fields_add_number(object, validation ? "validation_accuracy" : "test_accuracy",
                             record->after.accuracy) &&
           fields_add_number(object, "seconds", record->seconds);
}

static bool add_epochs(cJSON *root, const train_options *options, const train_result *result)
{
    cJSON *array = cJSON_AddArrayToObject(root, "epochs");
    bool good = array != NULL;
    for (size_t i = 0; good && i < result->epoch_count; ++i) {
        good = append_epoch(array, options->validation > 0, &result->epochs[i]);
    }
    return good;
}

static bool add_measured(cJSON *root, const char *name, const train_result *result, double value)
{
    return result->tested ? fields_add_number(root, name, value)
                          : cJSON_AddNullToObject(root, name) != NULL;
}

static bool add_result(cJSON *root, const train_options *options, const train_result *result)
{
    return add_epochs(root, options, result) &&
           fields_add_whole(root, "first_step", result->first_step) &&
           fields_add_whole(root, "steps", result->steps) &&
           fields_add_bool(root, "interrupted", result->interrupted) &&
           add_measured(root, "test_loss", result, result->test.loss) &&
           add_measured(root, "test_accuracy", result, result->test.accuracy) &&
           fields_add_number(root, "seconds", result->seconds) &&
           fields_add_number(root, "total_seconds", result->total_seconds);
}

int report_json(const train_options *options, const run_facts *facts, const train_result *result)
{
    cJSON *root = report_frame_begin("mlp", facts->device);
    return report_frame_end(root, root != NULL && add_settings(root, options, facts) &&
                                      add_result(root, options, result));
}
