/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <inttypes.h>

#include "document.h"

/* Version of the document's form. */
enum { SCHEMA = 1 };

static bool add_devices(cJSON *document, const device_list *list)
{
    bool good = cJSON_AddArrayToObject(document, "devices") != NULL;
    for (size_t i = 0; i < list->count && good; i++) {
        good = document_add_device(document, &list->devices[i]);
    }
    return good;
}

cJSON *report_json_document(const device_list *list, report_content content)
{
    const char *name = content == REPORT_PERIODS ? "per_period" : "results";
    cJSON *document = cJSON_CreateObject();
    if (document != NULL && cJSON_AddNumberToObject(document, "schema", SCHEMA) != NULL &&
        cJSON_AddStringToObject(document, "version", ard_version()) != NULL &&
        add_devices(document, list) &&
        (content == REPORT_DEVICES ||
         (document_add_origin(document) && cJSON_AddArrayToObject(document, name) != NULL))) {
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
    for (size_t i = 0; i < case_rate_count(kase) && good; i++) {
        char text[40];
        snprintf(text, sizeof text, CASE_RATE_FORMAT, case_rate(kase, i));
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

/* What only an LSTM has. */
static bool add_window(cJSON *object, const bench_case *kase)
{
    return kase->model != MODEL_LSTM ||
           (cJSON_AddNumberToObject(object, "hidden", (double)kase->widths[1]) != NULL &&
            cJSON_AddNumberToObject(object, "embed", (double)kase->widths[0]) != NULL &&
            cJSON_AddNumberToObject(object, "vocab", (double)kase->widths[kase->layers]) != NULL &&
            cJSON_AddNumberToObject(object, "steps", (double)kase->steps) != NULL &&
            cJSON_AddStringToObject(object, "placement", case_placement_name(kase)) != NULL &&
            cJSON_AddBoolToObject(object, "fresh", kase->fresh) != NULL &&
            cJSON_AddBoolToObject(object, "tied", kase->tied) != NULL);
}

/* What only steps have that were asked for it. */
static bool add_groups(cJSON *object, const bench_case *kase)
{
    return kase->groups == 0 || cJSON_AddNumberToObject(object, "groups", kase->groups) != NULL;
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

static bool add_baseline(cJSON *object, const bench_result *result)
{
    return cJSON_AddStringToObject(object, "baseline", case_baseline_name(result->baseline)) !=
           NULL;
}

/* What else the case was, and the command line that repeats it. The seed may have more digits than
 * a double. */
static bool add_settings(cJSON *object, const ard_device_info *device, const bench_case *kase,
                         const bench_error *error)
{
    char seed[24];
    char command[CASE_TEXT];
    snprintf(seed, sizeof seed, "%" PRIu64, kase->seed);
    case_command(kase, device->id, command);
    return cJSON_AddNumberToObject(object, "repeat", kase->repeat) != NULL &&
           cJSON_AddRawToObject(object, "seed", seed) != NULL &&
           (kase->kind == BENCH_GEMM ||
            cJSON_AddStringToObject(object, "scale", case_scale_name(kase)) != NULL) &&
           (kase->max_period == 0 ||
            cJSON_AddNumberToObject(object, "max_period", kase->max_period) != NULL) &&
           (kase->fixed.period == 0 ||
            (cJSON_AddNumberToObject(object, "period", kase->fixed.period) != NULL &&
             cJSON_AddNumberToObject(object, "offset", kase->fixed.offset) != NULL)) &&
           (!kase->verify ||
            cJSON_AddBoolToObject(object, "verified", error->largest <= error->bound) != NULL) &&
           cJSON_AddStringToObject(object, "command", command) != NULL;
}

/* What only cases have whose distributions measured times chose. */
static bool add_cost(cJSON *object, const bench_case *kase, const bench_result *result)
{
    return kase->cost.path == NULL ||
           (cJSON_AddNumberToObject(object, "entropy_share", kase->cost.entropy_share) != NULL &&
            json_add_measure(object, "predicted_speedup", result->predicted));
}

/* What only the CBLAS baseline has. */
static bool add_library(cJSON *object, const bench_case *kase, const bench_result *result)
{
    return result->baseline != BASELINE_CBLAS ||
           cJSON_AddStringToObject(object, "library", kase->cblas->path) != NULL;
}

static bool add_memory(cJSON *object, const bench_result *result)
{
    if (result->dense_bytes == 0) {
        return true;
    }
    cJSON *memory = cJSON_AddObjectToObject(object, "memory");
    return memory != NULL &&
           cJSON_AddNumberToObject(memory, "dense_bytes", (double)result->dense_bytes) != NULL &&
           cJSON_AddNumberToObject(memory, "ard_bytes", (double)result->compact_bytes) != NULL;
}

bool report_json_result(cJSON *document, const ard_device_info *device, const bench_case *kase,
                        const bench_result *result)
{
    cJSON *results = cJSON_GetObjectItemCaseSensitive(document, "results");
    cJSON *object = cJSON_CreateObject();
    if (results == NULL || !json_append(results, object)) {
        return false;
    }
    return add_words(object, device, kase, result) && add_baseline(object, result) &&
           add_lists(object, kase) && add_measures(object, result) && add_tiles(object, kase) &&
           add_window(object, kase) && add_groups(object, kase) && add_cost(object, kase, result) &&
           add_library(object, kase, result) &&
           add_settings(object, device, kase, &result->error) && add_memory(object, result) &&
           (result->compact_profile == NULL ||
            report_json_profile(object, result->dense_profile, result->compact_profile));
}

/* An object at the end of an array, which owns it; NULL without memory. */
static cJSON *append_object(cJSON *array)
{
    cJSON *object = cJSON_CreateObject();
    return json_append(array, object) ? object : NULL;
}

static bool add_times(cJSON *object, const timing_summary *times)
{
    return json_add_measure(object, "ms", times->median) &&
           json_add_measure(object, "ms_min", times->min) &&
           json_add_measure(object, "ms_max", times->max);
}

static bool add_baselines(cJSON *object, const bench_case *kase, const bench_result *results)
{
    cJSON *array = cJSON_AddArrayToObject(object, "baselines");
    bool good = array != NULL;
    for (size_t i = 0; i < case_baseline_count(kase) && good; i++) {
        cJSON *baseline = append_object(array);
        good = baseline != NULL && add_baseline(baseline, &results[i]) &&
               add_times(baseline, &results[i].dense);
    }
    return good;
}

static bool add_numbers(cJSON *object, const char *key, const double *values, size_t count)
{
    cJSON *array = cJSON_CreateDoubleArray(values, (int)count);
    if (array != NULL && cJSON_AddItemToObject(object, key, array)) {
        return true;
    }
    cJSON_Delete(array);
    return false;
}

static bool append_periods(cJSON *array, const bench_case *kase, const uint32_t *periods)
{
    cJSON *list = cJSON_CreateArray();
    bool good = json_append(array, list);
    for (size_t side = 0; side < kase->sides && good; side++) {
        good = json_append(list, cJSON_CreateNumber(periods[side]));
    }
    return good;
}

static bool add_period_times(cJSON *object, const bench_case *kase, const period_times *times)
{
    cJSON *array = cJSON_AddArrayToObject(object, "times");
    cJSON *losing = cJSON_AddArrayToObject(object, "losing");
    bool good = array != NULL && losing != NULL;
    for (size_t i = 0; i < times->count && good; i++) {
        cJSON *entry = append_object(array);
        cJSON *periods = entry != NULL ? cJSON_AddArrayToObject(entry, "periods") : NULL;
        good = periods != NULL;
        for (size_t side = 0; side < kase->sides && good; side++) {
            good = json_append(periods, cJSON_CreateNumber(times->periods[i][side]));
        }
        good = good && add_times(entry, &times->times[i]) &&
               json_add_measure(entry, "fitted_ms", times->fitted[i]) &&
               (!per_period_loses(times, i) || append_periods(losing, kase, times->periods[i]));
    }
    return good;
}

static bool add_fit(cJSON *object, const ard_cost_model *model)
{
    cJSON *fit = cJSON_AddObjectToObject(object, "fit");
    bool good = fit != NULL && cJSON_AddNumberToObject(fit, "constant", model->constant) != NULL &&
                add_numbers(fit, "inverse", model->inverse, model->layers) &&
                add_numbers(fit, "product", model->product, model->layers - 1);
    cJSON *deviation = good ? cJSON_AddArrayToObject(fit, "deviation") : NULL;
    good = deviation != NULL;
    for (size_t layer = 0; layer < model->layers && good; layer++) {
        good = json_append(deviation, cJSON_CreateDoubleArray(model->deviation[layer],
                                                              (int)model->max_period[layer]));
    }
    return good && json_add_measure(fit, "misfit", model->misfit);
}

bool report_json_periods(cJSON *document, const ard_device_info *device, const bench_case *kase,
                         const bench_result *results, const period_times *times)
{
    cJSON *object = append_object(cJSON_GetObjectItemCaseSensitive(document, "per_period"));
    return object != NULL && add_words(object, device, kase, &results[0]) &&
           add_lists(object, kase) && add_tiles(object, kase) && add_groups(object, kase) &&
           cJSON_AddNumberToObject(object, "max_period", kase->max_period) != NULL &&
           cJSON_AddStringToObject(object, "unit", "ms") != NULL &&
           add_baselines(object, kase, results) && add_period_times(object, kase, times) &&
           add_fit(object, &times->model) &&
           json_add_measure(object, "max_error", results[0].error.largest);
}
