/* SPDX-License-Identifier: Apache-2.0 */
#include "tuning/json_reader.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/status_internal.h"

/* A key as part of a message: cut, without characters that would break the line. */
typedef struct shown {
    char text[48];
} shown;

static shown show(const char *key)
{
    shown s = {""};
    for (size_t i = 0; i + 1 < sizeof s.text && key[i] != '\0'; ++i) {
        s.text[i] = key[i] >= ' ' && key[i] <= '~' ? key[i] : '?';
    }
    return s;
}

static ard_status fail_type(const ard__json_object *object, const char *key, const char *expected)
{
    return ard__fail(ARD_STATUS_FORMAT, "%s: %s%s is not %s", object->file, object->place,
                     show(key).text, expected);
}

ard_status ard__json_parse(const char *file, const char *text, size_t size, cJSON **document,
                           ard__json_object *whole)
{
    cJSON *parsed = cJSON_ParseWithLengthOpts(text, size + 1, NULL, true);
    *document = NULL;
    if (!cJSON_IsObject(parsed) || memchr(text, '\0', size) != NULL) {
        cJSON_Delete(parsed);
        return ard__fail(ARD_STATUS_FORMAT, "%s is not a JSON object, or was cut short", file);
    }
    *document = parsed;
    *whole = (ard__json_object){.file = file, .place = "", .item = parsed};
    return ARD_STATUS_SUCCESS;
}

static size_t count_key(const cJSON *object, const char *key)
{
    size_t count = 0;
    for (const cJSON *item = object->child; item != NULL; item = item->next) {
        count += strcmp(item->string, key) == 0 ? 1 : 0;
    }
    return count;
}

static bool is_one_of(const char *key, const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        if (strcmp(keys[i], key) == 0) {
            return true;
        }
    }
    return false;
}

ard_status ard__json_check_keys(const ard__json_object *object, const char *const *keys,
                                size_t count)
{
    for (const cJSON *item = object->item->child; item != NULL; item = item->next) {
        if (!is_one_of(item->string, keys, count)) {
            return ard__fail(ARD_STATUS_FORMAT, "%s: %s%s is no key of a tuning", object->file,
                             object->place, show(item->string).text);
        }
    }
    for (size_t i = 0; i < count; ++i) {
        const size_t found = count_key(object->item, keys[i]);
        if (found != 1) {
            return ard__fail(ARD_STATUS_FORMAT, "%s: %s%s is %s", object->file, object->place,
                             keys[i], found == 0 ? "missing" : "there twice");
        }
    }
    return ARD_STATUS_SUCCESS;
}

static const cJSON *find(const ard__json_object *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object->item, key);
}

ard_status ard__json_text(const ard__json_object *object, const char *key, char *text,
                          size_t capacity)
{
    const char *value = cJSON_GetStringValue(find(object, key));
    if (value == NULL) {
        return fail_type(object, key, "a text");
    }
    if (strlen(value) >= capacity) {
        return ard__fail(ARD_STATUS_FORMAT, "%s: %s%s is longer than %zu bytes", object->file,
                         object->place, key, capacity - 1);
    }
    memcpy(text, value, strlen(value) + 1);
    return ARD_STATUS_SUCCESS;
}

static bool read_whole(const cJSON *item, size_t *value)
{
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0 && item->valuedouble <= INT32_MAX) ||
        item->valuedouble != floor(item->valuedouble)) {
        return false;
    }
    *value = (size_t)item->valuedouble;
    return true;
}

ard_status ard__json_whole(const ard__json_object *object, const char *key, size_t *value)
{
    return read_whole(find(object, key), value)
               ? ARD_STATUS_SUCCESS
               : fail_type(object, key, "a whole number from 0 to 2147483647");
}

ard_status ard__json_bool(const ard__json_object *object, const char *key, bool *value)
{
    const cJSON *item = find(object, key);
    if (!cJSON_IsBool(item)) {
        return fail_type(object, key, "true or false");
    }
    *value = cJSON_IsTrue(item);
    return ARD_STATUS_SUCCESS;
}

ard_status ard__json_word(const ard__json_object *object, const char *key, const char *const *words,
                          size_t count, size_t *index)
{
    const char *value = cJSON_GetStringValue(find(object, key));
    char list[128] = "";
    for (size_t i = 0; i < count; ++i) {
        if (value != NULL && strcmp(value, words[i]) == 0) {
            *index = i;
            return ARD_STATUS_SUCCESS;
        }
        const size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s\"%s\"", i > 0 ? " or " : "", words[i]);
    }
    return fail_type(object, key, list);
}

/* `key` of the object, which is to be an object itself. */
static ard_status enter(const ard__json_object *object, const char *key, const cJSON *item,
                        ard__json_object *inner)
{
    if (!cJSON_IsObject(item)) {
        return fail_type(object, key, "an object");
    }
    *inner = (ard__json_object){.file = object->file, .item = item};
    snprintf(inner->place, sizeof inner->place, "%.30s%.30s.", object->place, key);
    return ARD_STATUS_SUCCESS;
}

ard_status ard__json_object_of(const ard__json_object *object, const char *key,
                               ard__json_object *inner)
{
    return enter(object, key, find(object, key), inner);
}

ard_status ard__json_array(const ard__json_object *object, const char *key, size_t most,
                           const cJSON **array, size_t *count)
{
    const cJSON *item = find(object, key);
    if (!cJSON_IsArray(item)) {
        return fail_type(object, key, "an array");
    }
    const size_t entries = (size_t)cJSON_GetArraySize(item);
    if (entries > most) {
        return ard__fail(ARD_STATUS_FORMAT, "%s: %s%s has %zu entries, expected %zu at most",
                         object->file, object->place, key, entries, most);
    }
    *array = item;
    *count = entries;
    return ARD_STATUS_SUCCESS;
}

ard_status ard__json_entry(const ard__json_object *object, const char *key, size_t index,
                           const cJSON *entry, ard__json_object *inner)
{
    char name[32];
    snprintf(name, sizeof name, "%.20s[%zu]", key, index);
    return enter(object, name, entry, inner);
}

ard_status ard__json_free_key(const ard__json_object *object, const cJSON *item, char *key,
                              size_t capacity, size_t *value)
{
    if (strlen(item->string) >= capacity) {
        return ard__fail(ARD_STATUS_FORMAT, "%s: %s%s is a name of more than %zu bytes",
                         object->file, object->place, show(item->string).text, capacity - 1);
    }
    if (!read_whole(item, value)) {
        return fail_type(object, item->string, "a whole number from 0 to 2147483647");
    }
    memcpy(key, item->string, strlen(item->string) + 1);
    return ARD_STATUS_SUCCESS;
}
