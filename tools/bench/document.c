/* SPDX-License-Identifier: Apache-2.0 */
#include "document.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "json_text.h"

static const cJSON *get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static const char *get_text(const cJSON *object, const char *key)
{
    return cJSON_GetStringValue(get(object, key));
}

static bool same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* The processor's name, as Linux has it on most machines. */
static void find_processor(char name[256])
{
    char line[512];
    FILE *file = fopen("/proc/cpuinfo", "r");
    snprintf(name, 256, "unknown");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        const char *value = strstr(line, ": ");
        if (value != NULL && strncmp(line, "model name", 10) == 0) {
            snprintf(name, 256, "%.*s", (int)strcspn(value + 2, "\n"), value + 2);
            break;
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
}

bool document_add_origin(cJSON *document)
{
    char date[32] = "";
    char processor[256];
    struct tm utc;
    const time_t now = time(NULL);
    if (gmtime_r(&now, &utc) != NULL) {
        (void)strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &utc);
    }
    find_processor(processor);
    cJSON *host = cJSON_AddObjectToObject(document, "host");
    return host != NULL && cJSON_AddStringToObject(document, "date", date) != NULL &&
           cJSON_AddStringToObject(host, "cpu", processor) != NULL &&
           cJSON_AddNumberToObject(host, "processors", (double)sysconf(_SC_NPROCESSORS_ONLN)) !=
               NULL;
}

bool document_add_device(cJSON *document, const ard_device_info *device)
{
    cJSON *devices = cJSON_GetObjectItemCaseSensitive(document, "devices");
    cJSON *object = cJSON_CreateObject();
    return json_append(devices, object) && json_fill_device(object, device);
}

cJSON *document_device(const cJSON *document, const char *id)
{
    cJSON *device = NULL;
    cJSON_ArrayForEach(device, get(document, "devices"))
    {
        if (same(get_text(device, "id"), id)) {
            return device;
        }
    }
    return NULL;
}

bool document_set_environment(cJSON *document, const char *id, const char *environment)
{
    cJSON *device = document_device(document, id);
    if (device == NULL || get_text(device, "environment") != NULL) {
        return device != NULL;
    }
    cJSON_DeleteItemFromObjectCaseSensitive(device, "environment");
    return environment != NULL ? cJSON_AddStringToObject(device, "environment", environment) != NULL
                               : cJSON_AddNullToObject(device, "environment") != NULL;
}

/* Whether each entry of an array is an object with these texts. */
static bool have_texts(const cJSON *array, const char *first, const char *second)
{
    const cJSON *entry = NULL;
    cJSON_ArrayForEach(entry, array)
    {
        if (get_text(entry, first) == NULL || get_text(entry, second) == NULL) {
            return false;
        }
    }
    return cJSON_IsArray(array);
}

/* Whether the results are of devices that the document describes. */
static bool know_devices(const cJSON *document)
{
    const cJSON *result = NULL;
    cJSON_ArrayForEach(result, get(document, "results"))
    {
        const cJSON *device = document_device(document, get_text(result, "device"));
        if (get_text(device, "environment") == NULL) {
            return false;
        }
    }
    return true;
}

bool document_is_one(const cJSON *document, const cJSON *mine, char why[DOCUMENT_TEXT])
{
    const cJSON *schema = get(document, "schema");
    const cJSON *host = get(document, "host");
    const char *version = get_text(document, "version");
    const char *processor = get_text(host, "cpu");
    const char *own_version = get_text(mine, "version");
    const char *own_processor = get_text(get(mine, "host"), "cpu");
    if (!cJSON_IsNumber(schema) || schema->valuedouble != get(mine, "schema")->valuedouble ||
        version == NULL || processor == NULL ||
        !have_texts(get(document, "devices"), "id", "name") ||
        !have_texts(get(document, "results"), "device", "command") || !know_devices(document)) {
        snprintf(why, DOCUMENT_TEXT, "not results that ard-bench can go on with");
        return false;
    }
    if (!same(version, own_version)) {
        snprintf(why, DOCUMENT_TEXT, "measured by version %.32s; this is %.32s", version,
                 own_version);
        return false;
    }
    if (!same(processor, own_processor)) {
        snprintf(why, DOCUMENT_TEXT, "measured on a host with %.100s; this one has %.100s",
                 processor, own_processor);
        return false;
    }
    return true;
}

bool document_keep_seeds(cJSON *document)
{
    enum { EXACT_DIGITS = 15 };
    static const char option[] = " --seed ";
    cJSON *result = NULL;
    cJSON_ArrayForEach(result, get(document, "results"))
    {
        char digits[24];
        const char *command = get_text(result, "command");
        const char *seed = command != NULL ? strstr(command, option) : NULL;
        const size_t length = seed != NULL ? strspn(seed += strlen(option), "0123456789") : 0;
        if (length <= EXACT_DIGITS || length >= sizeof digits || get(result, "seed") == NULL) {
            continue;
        }
        snprintf(digits, sizeof digits, "%.*s", (int)length, seed);
        cJSON *exact = cJSON_CreateRaw(digits);
        if (exact == NULL || !cJSON_ReplaceItemInObjectCaseSensitive(result, "seed", exact)) {
            cJSON_Delete(exact);
            return false;
        }
    }
    return true;
}

static bool is_of(const cJSON *result, const char *id, const char *command)
{
    return same(get_text(result, "device"), id) && same(get_text(result, "command"), command);
}

void document_forget(cJSON *document, const char *id, const char *command)
{
    cJSON *results = cJSON_GetObjectItemCaseSensitive(document, "results");
    cJSON *next = NULL;
    for (cJSON *result = results != NULL ? results->child : NULL; result != NULL; result = next) {
        next = result->next;
        if (is_of(result, id, command)) {
            cJSON_Delete(cJSON_DetachItemViaPointer(results, result));
        }
    }
}

size_t document_count(const cJSON *document, const char *id, const char *command, const char *key,
                      bool *wrong)
{
    size_t count = 0;
    *wrong = false;
    const cJSON *result = NULL;
    cJSON_ArrayForEach(result, get(document, "results"))
    {
        if (is_of(result, id, command) && (key == NULL || get(result, key) != NULL)) {
            count++;
            *wrong = *wrong || cJSON_IsFalse(get(result, "verified"));
        }
    }
    return count;
}
