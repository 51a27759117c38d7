/* SPDX-License-Identifier: Apache-2.0 */
/* The report as JSON: the document of the results, and what the table says. */
#include <math.h>

#include "train/compare/compare_report.h"
#include "train/json_fields.h"

/* Null for what there is not. */
static bool add_statistic(cJSON *object, const char *name, const statistic *value)
{
    cJSON *member = cJSON_AddObjectToObject(object, name);
    return member != NULL && fields_add_whole(member, "count", value->count) &&
           fields_add_exact(member, "mean", value->mean) &&
           fields_add_exact(member, "standard_error", value->error);
}

static bool fill_setting(cJSON *object, const char *name, bool has_target,
                         const setting_summary *summary)
{
    return fields_add_text(object, "name", name) &&
           fields_add_whole(object, "runs", summary->test.count) &&
           add_statistic(object, "validation_accuracy", &summary->validation) &&
           add_statistic(object, "test_accuracy", &summary->test) &&
           add_statistic(object, "validation_difference", &summary->validation_difference) &&
           add_statistic(object, "test_difference", &summary->test_difference) &&
           add_statistic(object, "seconds_per_epoch", &summary->epoch_seconds) &&
           (!has_target || (add_statistic(object, "epochs_to_target", &summary->target_epochs) &&
                            add_statistic(object, "seconds_to_target", &summary->target_seconds)));
}

static bool fill_summary(cJSON *object, const compare_results *results,
                         const compare_summary *summary)
{
    const description *description = &results->description;
    const size_t runs = description->setting_count * description->seed_count;
    bool good =
        fields_add_whole(object, "runs_done", results->run_count) &&
        fields_add_whole(object, "runs_missing", runs - results->run_count) &&
        fields_add_text(object, "baseline", description->settings[description->baseline].name) &&
        fields_add_exact(object, "target_accuracy", summary->target);
    cJSON *array = good ? cJSON_AddArrayToObject(object, "settings") : NULL;
    good = array != NULL;
    for (size_t i = 0; good && i < description->setting_count; ++i) {
        cJSON *setting = cJSON_CreateObject();
        good = fields_append(array, setting) &&
               fill_setting(setting, description->settings[i].name,
                            description->target.kind != TARGET_NONE, &summary->settings[i]);
    }
    return good;
}

bool compare_report_json(const compare_results *results, const compare_summary *summary)
{
    cJSON *document = results_write(results);
    cJSON *object = document != NULL ? cJSON_AddObjectToObject(document, "summary") : NULL;
    char *text = NULL;
    if (object != NULL && fill_summary(object, results, summary)) {
        text = cJSON_Print(document);
    }
    cJSON_Delete(document);
    if (text == NULL) {
        return false;
    }
    (void)printf("%s\n", text);
    cJSON_free(text);
    return true;
}
