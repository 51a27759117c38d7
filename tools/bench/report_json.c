/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

/* Version of the document's form. */
enum { SCHEMA = 1 };

static bool add_devices(cJSON *document, const device_list *list)
{
    cJSON *array = cJSON_AddArrayToObject(document, "devices");
    bool good = array != NULL;
    for (size_t i = 0; i < list->count && good; i++) {
        const ard_device_info *device = &list->devices[i];
        cJSON *object = cJSON_CreateObject();
        good = json_append(array, object) && json_fill_device(object, device);
    }
    return good;
}

cJSON *report_json_document(const device_list *list, bool results)
{
    cJSON *document = cJSON_CreateObject();
    if (document != NULL && cJSON_AddNumberToObject(document, "schema", SCHEMA) != NULL &&
        cJSON_AddStringToObject(document, "version", ard_version()) != NULL &&
        add_devices(document, list) &&
        (!results || cJSON_AddArrayToObject(document, "results") != NULL)) {
        return document;
    }
    cJSON_Delete(document);
    return NULL;
}

static bool add_words(cJSON *object, const ard_device_info *device, const bench_case *kase,
                      const bench_result *result)
{
    return cJSON_AddStringToObject(object, "device", device->id) != NULL &&
           cJSON_AddStringToObject(object, "case", case_name(kase)) != NULL &&
           cJSON_AddStringToObject(object, "model", case_model(kase)) != NULL &&
           cJSON_AddStringToObject(object, "pattern", case_pattern_name(kase)) != NULL &&
           cJSON_AddStringToObject(object, "baseline", case_baseline_name(result->baseline)) !=
               NULL &&
           cJSON_AddStringToObject(object, "engine", result->engine) != NULL &&
           cJSON_AddNumberToObject(object, "batch", (double)kase->batch) != NULL;
}

static bool add_lists(cJSON *object, const bench_case *kase)
{
    cJSON *layers = cJSON_AddArrayToObject(object, "layers");
    bool good = layers != NULL;
    for (size_t i = 0; i <= kase->layers && good; i++) {
        good = json_append(layers, cJSON_CreateNumber((double)kase->widths[i]));
    }
    cJSON *rates = good ? cJSON_AddArrayToObject(object, "rates") : NULL;
    good = rates != NULL;
    for (size_t side = 0; side < kase->sides && good; side++) {
        char text[40];
        snprintf(text, sizeof text, CASE_RATE_FORMAT, kase->dropout[side].rate);
        good = json_append(rates, cJSON_CreateRaw(text));
    }
    return good;
}

/* What only tiles have. */
static bool add_tiles(cJSON *object, const bench_case *kase)
{
    return kase->pattern != ARD_DROPOUT_TILE ||
           (cJSON_AddNumberToObject(object, "tile", kase->tile_edge) != NULL &&
            cJSON_AddStringToObject(object, "numbering", case_numbering_name(kase)) != NULL);
}

static bool add_measures(cJSON *object, const bench_result *result)
{
    return json_add_measure(object, "dense_ms", result->dense.median) &&
           json_add_measure(object, "dense_ms_min", result->dense.min) &&
           json_add_measure(object, "dense_ms_max", result->dense.max) &&
           json_add_measure(object, "ard_ms", result->compact.median) &&
           json_add_measure(object, "ard_ms_min", result->compact.min) &&
           json_add_measure(object, "ard_ms_max", result->compact.max) &&
           json_add_measure(object, "speedup", result->speedup) &&
           json_add_measure(object, "flop_limit", result->flop_limit) &&
           json_add_measure(object, "efficiency", result->efficiency) &&
           json_add_measure(object, "max_error", result->error.largest);
}

bool report_json_result(cJSON *document, const ard_device_info *device, const bench_case *kase,
                        const bench_result *result)
{
    cJSON *results = cJSON_GetObjectItemCaseSensitive(document, "results");
    cJSON *object = cJSON_CreateObject();
    if (results == NULL || !json_append(results, object)) {
        return false;
    }
    return add_words(object, device, kase, result) && add_lists(object, kase) &&
           add_measures(object, result) && add_tiles(object, kase) &&
           (result->compact_profile == NULL ||
            report_json_profile(object, result->dense_profile, result->compact_profile));
}
