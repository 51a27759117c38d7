/* SPDX-License-Identifier: Apache-2.0 */
#include "report/checks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool check_wrong(report_reader *reader, const char *key, const char *expected)
{
    if (reader->status == CLI_CONTINUE) {
        reader->status = cli_mistake(reader->program, "%.400s: %s%s should be %s", reader->path,
                                     reader->place, key, expected);
    }
    return false;
}

bool check_no_memory(report_reader *reader)
{
    if (reader->status == CLI_CONTINUE) {
        reader->status = cli_failure(reader->program, "the host has not enough memory");
    }
    return false;
}

static const cJSON *find(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNull(item) ? NULL : item;
}

bool check_text(report_reader *reader, const cJSON *object, const char *key, const char **text)
{
    const cJSON *item = find(object, key);
    *text = "";
    if (item == NULL) {
        return true;
    }
    if (!cJSON_IsString(item) || strlen(item->valuestring) > REPORT_MOST_TEXT) {
        return check_wrong(reader, key, "a text of at most 4096 bytes");
    }
    *text = item->valuestring;
    return true;
}

bool check_word(report_reader *reader, const cJSON *object, const char *key, const char **text)
{
    return check_text(reader, object, key, text) &&
           ((*text)[0] != '\0' || check_wrong(reader, key, "a text"));
}

bool check_number(report_reader *reader, const cJSON *object, const char *key, double least,
                  double most, double *value)
{
    const cJSON *item = find(object, key);
    *value = NAN;
    if (item == NULL) {
        return true;
    }
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= least && item->valuedouble <= most)) {
        char expected[80];
        snprintf(expected, sizeof expected, "a number from %g to %g", least, most);
        return check_wrong(reader, key, expected);
    }
    *value = item->valuedouble;
    return true;
}

bool check_measure(report_reader *reader, const cJSON *object, const char *key, double least,
                   double most, double *value)
{
    if (cJSON_GetObjectItemCaseSensitive(object, key) == NULL) {
        return check_wrong(reader, key, "there: a number or null");
    }
    return check_number(reader, object, key, least, most, value);
}

bool check_any_number(report_reader *reader, const cJSON *object, const char *key, double *value)
{
    const cJSON *item = find(object, key);
    *value = NAN;
    if (item != NULL && !cJSON_IsNumber(item)) {
        return check_wrong(reader, key, "a number or null");
    }
    if (item != NULL && fabs(item->valuedouble) <= REPORT_MOST_NUMBER) {
        *value = item->valuedouble;
    }
    return true;
}

bool check_numbers(report_reader *reader, const cJSON *object, const char *key, size_t least,
                   double most, report_numbers *numbers)
{
    const cJSON *array = find(object, key);
    const cJSON *item = NULL;
    char expected[80];
    bool good = cJSON_IsArray(array);
    numbers->count = 0;
    snprintf(expected, sizeof expected, "an array of %zu to %d numbers from 0 to %g", least,
             REPORT_MOST_LAYERS, most);
    cJSON_ArrayForEach(item, array)
    {
        good = good && numbers->count < REPORT_MOST_LAYERS && cJSON_IsNumber(item) &&
               item->valuedouble >= 0 && item->valuedouble <= most;
        if (!good) {
            break;
        }
        numbers->values[numbers->count++] = item->valuedouble;
    }
    return (good && numbers->count >= least) || check_wrong(reader, key, expected);
}

bool check_objects(report_reader *reader, const cJSON *object, const char *key, size_t most,
                   const cJSON **array)
{
    const cJSON *item = NULL;
    size_t count = 0;
    char expected[80];
    *array = find(object, key);
    bool good = cJSON_IsArray(*array);
    cJSON_ArrayForEach(item, *array)
    {
        good = good && cJSON_IsObject(item) && ++count <= most;
        if (!good) {
            break;
        }
    }
    snprintf(expected, sizeof expected, "an array of at most %zu objects", most);
    return good || check_wrong(reader, key, expected);
}

void check_enter(report_reader *reader, const char *key, size_t index, const char *inner)
{
    snprintf(reader->place, sizeof reader->place, "%.20s[%zu]%s%.30s.", key, index,
             inner[0] != '\0' ? "." : "", inner);
}
