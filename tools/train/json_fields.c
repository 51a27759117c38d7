/* SPDX-License-Identifier: Apache-2.0 */
#include "train/json_fields.h"

#include "train/number_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHECKSUM_DIGITS = 16 };

bool fields_add_text(cJSON *object, const char *name, const char *text)
{
    return text == NULL ? cJSON_AddNullToObject(object, name) != NULL
                        : cJSON_AddStringToObject(object, name, text) != NULL;
}

bool fields_add_bool(cJSON *object, const char *name, bool value)
{
    return cJSON_AddBoolToObject(object, name, value) != NULL;
}

bool fields_add_number(cJSON *object, const char *name, double value)
{
    return cJSON_AddNumberToObject(object, name, value) != NULL;
}

bool fields_add_exact(cJSON *object, const char *name, double value)
{
    char text[NUMBER_TEXT_SIZE];
    if (!isfinite(value)) {
        return cJSON_AddNullToObject(object, name) != NULL;
    }
    number_text(value, text);
    return cJSON_AddRawToObject(object, name, text) != NULL;
}

bool fields_add_whole(cJSON *object, const char *name, uint64_t value)
{
    char text[NUMBER_TEXT_SIZE];
    (void)snprintf(text, sizeof text, "%" PRIu64, value);
    return cJSON_AddRawToObject(object, name, text) != NULL;
}

bool fields_add_checksum(cJSON *object, const char *name, uint64_t value)
{
    char text[CHECKSUM_DIGITS + 1];
    (void)snprintf(text, sizeof text, "%016" PRIx64, value);
    return cJSON_AddStringToObject(object, name, text) != NULL;
}

bool fields_append(cJSON *array, cJSON *item)
{
    if (item != NULL && cJSON_AddItemToArray(array, item)) {
        return true;
    }
    cJSON_Delete(item);
    return false;
}

static bool append_exact(cJSON *array, double value)
{
    char text[NUMBER_TEXT_SIZE];
    number_text(value, text);
    return fields_append(array, cJSON_CreateRaw(text));
}

bool fields_add_sizes(cJSON *object, const char *name, const cli_size_list *list)
{
    cJSON *array = cJSON_AddArrayToObject(object, name);
    bool good = array != NULL;
    for (size_t i = 0; good && i < list->count; ++i) {
        good = append_exact(array, (double)list->values[i]);
    }
    return good;
}

static bool fill_doubles(cJSON *array, const cli_double_list *list)
{
    bool good = array != NULL;
    for (size_t i = 0; good && i < list->count; ++i) {
        good = append_exact(array, list->values[i]);
    }
    return good;
}

bool fields_add_doubles(cJSON *object, const char *name, const cli_double_list *list)
{
    return fill_doubles(cJSON_AddArrayToObject(object, name), list);
}

bool fields_append_doubles(cJSON *array, const cli_double_list *list)
{
    cJSON *inner = cJSON_CreateArray();
    return fields_append(array, inner) && fill_doubles(inner, list);
}

const char *fields_get_text(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

bool fields_get_number(const cJSON *object, const char *name, double least, double most,
                       double *value)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble) ||
        !(item->valuedouble >= least && item->valuedouble <= most)) {
        return false;
    }
    *value = item->valuedouble;
    return true;
}

bool fields_get_whole(const cJSON *object, const char *name, uint64_t least, uint64_t *value)
{
    double number;
    if (!fields_get_number(object, name, (double)least, FIELDS_MOST_WHOLE, &number) ||
        number != floor(number)) {
        return false;
    }
    *value = (uint64_t)number;
    return true;
}

bool fields_get_checksum(const cJSON *object, const char *name, uint64_t *value)
{
    const char *text = fields_get_text(object, name);
    if (text == NULL || strlen(text) != CHECKSUM_DIGITS ||
        strspn(text, "0123456789abcdef") != CHECKSUM_DIGITS) {
        return false;
    }
    return sscanf(text, "%16" SCNx64, value) == 1;
}
