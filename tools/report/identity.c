/* SPDX-License-Identifier: Apache-2.0 */
#include "report/identity.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_KEYS = 128 };

/* Times and what is computed from them; how, when and how often was measured. The seed is of the
 * draws, not of the case. */
static const char *const ignored[] = {
    "dense_ms",   "dense_ms_min", "dense_ms_max", "ard_ms",     "ard_ms_min",
    "ard_ms_max", "speedup",      "flop_limit",   "efficiency", "predicted_speedup",
    "max_error",  "verified",     "profile",      "memory",     "repeat",
    "seed",       "command",      "date",         "seconds",    "version",
    "device",     "engine",
};

static bool is_ignored(const char *key)
{
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++) {
        if (strcmp(ignored[i], key) == 0) {
            return true;
        }
    }
    return false;
}

/* What a document that lacks a key means by that: those of before the key was there, and cases that
 * were not asked for it. */
static bool is_default(const cJSON *item)
{
    const char *text = cJSON_GetStringValue(item);
    if (strcmp(item->string, "scale") == 0) {
        return text != NULL && strcmp(text, "rate") == 0;
    }
    if (strcmp(item->string, "groups") == 0) {
        return cJSON_IsNumber(item) && item->valuedouble == 1;
    }
    return cJSON_IsFalse(item);
}

static int compare_keys(const void *a, const void *b)
{
    const cJSON *const *first = a;
    const cJSON *const *second = b;
    return strcmp((*first)->string, (*second)->string);
}

static void add_pair(text_buffer *text, const char *key, const char *value)
{
    text_add(text, key);
    text_add(text, "=");
    text_add(text, value);
    text_add(text, "\n");
}

void identity_write(const report_data *data, const report_result *result, bool engine,
                    text_buffer *text)
{
    const cJSON *keys[MOST_KEYS];
    const cJSON *item = NULL;
    size_t count = 0;
    cJSON_ArrayForEach(item, result->object)
    {
        if (!is_ignored(item->string) && !is_default(item) && !cJSON_IsNull(item) &&
            count < MOST_KEYS) {
            keys[count++] = item;
        }
    }
    qsort(keys, count, sizeof keys[0], compare_keys);
    add_pair(text, "device", data->devices[result->device].name);
    add_pair(text, "platform", data->devices[result->device].platform);
    if (engine) {
        add_pair(text, "engine", result->engine);
    }
    for (size_t i = 0; i < count; i++) {
        char *value = cJSON_PrintUnformatted(keys[i]);
        text->failed = text->failed || value == NULL;
        add_pair(text, keys[i]->string, value != NULL ? value : "");
        cJSON_free(value);
    }
}
