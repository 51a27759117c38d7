/* SPDX-License-Identifier: Apache-2.0 */
/* Results of ard-bench and their profiles. */
#include <string.h>

#include "report/read_files.h"
#include "report/read_result.h"

/* The device of this document with an id. */
static bool find_device(report_reader *reader, const cJSON *object, size_t *index)
{
    const char *id = "";
    const cJSON *document = reader->data->files[reader->file].document;
    const cJSON *item = NULL;
    report_device device = {0};
    if (!check_word(reader, object, "device", &id) ||
        !check_text(reader, document, "version", &device.version) ||
        !check_text(reader, document, "date", &device.first_date)) {
        return false;
    }
    device.last_date = device.first_date;
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(document, "devices"))
    {
        if (!read_device_keys(reader, item, &device)) {
            return false;
        }
        if (strcmp(device.id, id) == 0) {
            return read_add_device(reader, &device, index);
        }
    }
    return check_wrong(reader, "device", "the id of one of the devices of the document");
}

static bool read_flag(report_reader *reader, const cJSON *object, const char *key, bool *flag)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    *flag = cJSON_IsTrue(item);
    return item == NULL || cJSON_IsBool(item) || check_wrong(reader, key, "true or false");
}

static bool read_words(report_reader *reader, const cJSON *object, report_result *result)
{
    return check_word(reader, object, "case", &result->kind) &&
           check_text(reader, object, "model", &result->model) &&
           check_word(reader, object, "pattern", &result->pattern) &&
           check_text(reader, object, "engine", &result->engine) &&
           check_text(reader, object, "numbering", &result->numbering) &&
           check_text(reader, object, "placement", &result->placement) &&
           read_flag(reader, object, "fresh", &result->fresh) &&
           read_flag(reader, object, "tied", &result->tied);
}

static bool read_sizes(report_reader *reader, const cJSON *object, report_result *result)
{
    const struct {
        const char *key;
        double *value;
    } sizes[] = {
        {"batch", &result->batch},           {"tile", &result->tile},
        {"groups", &result->groups},         {"steps", &result->steps},
        {"period", &result->period},         {"offset", &result->offset},
        {"max_period", &result->max_period},
    };
    bool good = true;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0] && good; i++) {
        good = check_number(reader, object, sizes[i].key, 0, REPORT_MOST_NUMBER, sizes[i].value);
    }
    return good && check_number(reader, object, "entropy_share", 0, 1, &result->entropy_share) &&
           check_numbers(reader, object, "layers", 1, REPORT_MOST_NUMBER, &result->layers) &&
           check_numbers(reader, object, "rates", 1, 1, &result->rates);
}

bool read_result_head(report_reader *reader, const cJSON *object, report_result *result)
{
    result->object = object;
    result->file = reader->file;
    result->baseline = "";
    return find_device(reader, object, &result->device) && read_words(reader, object, result) &&
           read_sizes(reader, object, result);
}

bool read_result_time(report_reader *reader, const cJSON *object, const char *key,
                      report_time *time)
{
    char least[40];
    char most[40];
    (void)snprintf(least, sizeof least, "%.20s_min", key);
    (void)snprintf(most, sizeof most, "%.20s_max", key);
    return check_measure(reader, object, key, 0, REPORT_MOST_TIME, &time->median) &&
           check_number(reader, object, least, 0, REPORT_MOST_TIME, &time->min) &&
           check_number(reader, object, most, 0, REPORT_MOST_TIME, &time->max);
}

static bool read_measures(report_reader *reader, const cJSON *object, report_result *result)
{
    return check_word(reader, object, "baseline", &result->baseline) &&
           read_result_time(reader, object, "dense_ms", &result->dense) &&
           read_result_time(reader, object, "ard_ms", &result->ard) &&
           check_measure(reader, object, "speedup", 0, REPORT_MOST_NUMBER, &result->speedup) &&
           check_measure(reader, object, "flop_limit", 0, REPORT_MOST_NUMBER,
                         &result->flop_limit) &&
           check_number(reader, object, "efficiency", 0, REPORT_MOST_NUMBER, &result->efficiency) &&
           check_number(reader, object, "max_error", 0, REPORT_MOST_NUMBER, &result->max_error) &&
           check_number(reader, object, "predicted_speedup", 0, REPORT_MOST_NUMBER,
                        &result->predicted);
}

static bool read_entry(report_reader *reader, const cJSON *object, report_result *result)
{
    return read_result_head(reader, object, result) && read_measures(reader, object, result) &&
           read_result_profiles(reader, object, result);
}

bool read_results(report_reader *reader, const cJSON *document)
{
    const cJSON *array = NULL;
    const cJSON *item = NULL;
    report_data *data = reader->data;
    size_t number = 0;
    if (!check_objects(reader, document, "results", REPORT_MOST_ENTRIES, &array)) {
        return false;
    }
    cJSON_ArrayForEach(item, array)
    {
        report_result *results = report_append(data->results, data->result_count, sizeof *results);
        if (results == NULL) {
            return check_no_memory(reader);
        }
        data->results = results;
        check_enter(reader, "results", number++, "");
        if (!read_entry(reader, item, &results[data->result_count++])) {
            return false;
        }
    }
    reader->place[0] = '\0';
    return true;
}
