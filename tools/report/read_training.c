/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of ard-train mlp and lstm, and those of ard-train compare. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/read_epochs.h"
#include "report/read_files.h"

enum { MOST_SHOWN = 8 }; /* widths or rates of a name */

/* Adds a number, or the numbers of an array joined by "x", in short. */
static void add_numbers(char *text, size_t size, const cJSON *item)
{
    const cJSON *entry = cJSON_IsArray(item) ? item->child : item;
    for (size_t i = 0; cJSON_IsNumber(entry) && i < MOST_SHOWN; i++) {
        const size_t length = strlen(text);
        snprintf(text + length, size - length, "%s%.6g", i > 0 ? "x" : "", entry->valuedouble);
        entry = cJSON_IsArray(item) ? entry->next : NULL;
    }
}

/* Adds ", `what` `numbers`", or nothing where there is no such key. */
static void add_setting(char *text, size_t size, const cJSON *settings, const char *key,
                        const char *what)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(settings, key);
    if (cJSON_IsNumber(item) || (cJSON_IsArray(item) && cJSON_IsNumber(item->child))) {
        const size_t length = strlen(text);
        snprintf(text + length, size - length, ", %s ", what);
        add_numbers(text, size, item);
    }
}

static bool add_word(report_reader *reader, char *text, size_t size, const cJSON *settings,
                     const char *key)
{
    const char *word = "";
    const bool good = check_text(reader, settings, key, &word);
    const size_t length = strlen(text);
    if (good && word[0] != '\0') {
        snprintf(text + length, size - length, "%s%.60s", length > 0 ? ", " : "", word);
    }
    return good;
}

/* The last name of a path, which is what data in files are known by. */
static void add_data(char *text, size_t size, const char *data)
{
    size_t end = strlen(data);
    while (end > 1 && data[end - 1] == '/') {
        end--;
    }
    size_t begin = end;
    while (begin > 0 && data[begin - 1] != '/') {
        begin--;
    }
    const size_t length = strlen(text);
    snprintf(text + length, size - length, "%.*s", (int)(end - begin < 60 ? end - begin : 60),
             data + begin);
}

/* The name of a run among those of one network and data, and what those are. */
static bool name_run(report_reader *reader, const cJSON *settings, report_run *run)
{
    const cJSON *dropout = cJSON_GetObjectItemCaseSensitive(settings, "dropout");
    snprintf(run->group, sizeof run->group, "%s on ",
             read_run_is_lstm(run) ? "language model" : "network");
    add_data(run->group, sizeof run->group, run->data);
    add_setting(run->group, sizeof run->group, settings, "layers", "layers");
    add_setting(run->group, sizeof run->group, settings, "hidden", "hidden");
    if (!add_word(reader, run->name, sizeof run->name, settings, "dropout") ||
        !add_word(reader, run->name, sizeof run->name, settings, "placement")) {
        return false;
    }
    if (cJSON_IsString(dropout) && strcmp(dropout->valuestring, "none") != 0) {
        add_setting(run->name, sizeof run->name, settings, "rate", "rate");
        add_setting(run->name, sizeof run->name, settings, "max_period", "periods to");
        add_setting(run->name, sizeof run->name, settings, "tile", "tile");
    }
    return true;
}

static bool read_run_device(report_reader *reader, const cJSON *document, report_run *run)
{
    const cJSON *object = cJSON_GetObjectItemCaseSensitive(document, "device");
    report_device device = {0};
    if (!cJSON_IsObject(object)) {
        return check_wrong(reader, "device", "an object");
    }
    if (!check_text(reader, document, "version", &device.version) ||
        !check_text(reader, document, "date", &device.first_date)) {
        return false;
    }
    device.last_date = device.first_date;
    run->date = device.first_date;
    snprintf(reader->place, sizeof reader->place, "device.");
    const bool good =
        read_device_keys(reader, object, &device) && read_add_device(reader, &device, &run->device);
    reader->place[0] = good ? '\0' : reader->place[0];
    return good;
}

bool read_training(report_reader *reader, const cJSON *document)
{
    const cJSON *settings = cJSON_GetObjectItemCaseSensitive(document, "settings");
    report_run *run = read_new_run(reader);
    if (run == NULL) {
        return false;
    }
    if (!cJSON_IsObject(settings)) {
        return check_wrong(reader, "settings", "an object");
    }
    run->interrupted = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(document, "interrupted"));
    return check_word(reader, document, "model", &run->model) &&
           check_text(reader, settings, "data", &run->data) &&
           check_number(reader, settings, "seed", 0, REPORT_MOST_NUMBER, &run->seed) &&
           check_number(reader, document, "seconds", 0, REPORT_MOST_TIME, &run->seconds) &&
           read_run_device(reader, document, run) && name_run(reader, settings, run) &&
           read_epochs(reader, document, NULL, 0, false, run);
}

/* What stands in a line from behind `before` to `after`, or to its end; left alone where there is
 * no `before`. */
static bool find_part(report_reader *reader, const char *line, const char *before,
                      const char *after, const char **part)
{
    const char *begin = strstr(line, before);
    if (begin == NULL) {
        return true;
    }
    begin += strlen(before);
    const char *end = strstr(begin, after);
    const size_t size = end != NULL ? (size_t)(end - begin) : strlen(begin);
    *part = report_keep_text(reader->data, begin, size);
    return *part != NULL || check_no_memory(reader);
}

/* All that a comparison says of the device is a line: "libard 0.1.0; device a; platform b; driver
 * c; engine packed; ...". */
static bool read_environment(report_reader *reader, const cJSON *object, report_run *run)
{
    const char *line = "";
    report_device device = {
        .id = "", .platform = "", .driver = "", .type = "", .compute_units = NAN};
    if (!check_text(reader, reader->data->files[run->file].document, "version", &device.version) ||
        !check_text(reader, object, "environment", &line) ||
        !check_text(reader, object, "date", &run->date)) {
        return false;
    }
    device.name = line;
    device.environment = line;
    device.first_date = run->date;
    device.last_date = run->date;
    return line[0] == '\0' ||
           (find_part(reader, line, "; device ", "; platform ", &device.name) &&
            find_part(reader, line, "; platform ", "; driver ", &device.platform) &&
            find_part(reader, line, "; driver ", "; ", &device.driver) &&
            read_add_device(reader, &device, &run->device));
}

static bool read_compared_run(report_reader *reader, const cJSON *object, const char *group,
                              const char *data, size_t number)
{
    const char *name = "";
    report_run *run = read_new_run(reader);
    if (run == NULL || !check_word(reader, object, "setting", &name) ||
        !check_number(reader, object, "seed", 0, REPORT_MOST_NUMBER, &run->seed) ||
        !read_environment(reader, object, run)) {
        return false;
    }
    run->data = data;
    snprintf(run->name, sizeof run->name, "%s", name);
    snprintf(run->group, sizeof run->group, "%s", group);
    if (!read_epochs(reader, object, "runs", number, true, run)) {
        return false;
    }
    run->seconds = run->count > 0 ? run->epochs[run->count - 1].seconds : 0;
    return true;
}

bool read_comparison(report_reader *reader, const cJSON *document)
{
    const cJSON *description = cJSON_GetObjectItemCaseSensitive(document, "description");
    const cJSON *array = NULL;
    const cJSON *item = NULL;
    const char *data = "";
    char group[160];
    size_t number = 0;
    if (!cJSON_IsObject(description)) {
        return check_wrong(reader, "description", "an object");
    }
    if (!check_text(reader, description, "data", &data) ||
        !check_objects(reader, document, "runs", REPORT_MOST_ENTRIES, &array)) {
        return false;
    }
    snprintf(group, sizeof group, "comparison on ");
    add_data(group, sizeof group, data);
    add_setting(group, sizeof group, description, "hidden", "hidden");
    cJSON_ArrayForEach(item, array)
    {
        check_enter(reader, "runs", number, "");
        if (!read_compared_run(reader, item, group, data, number)) {
            return false;
        }
        number++;
    }
    reader->place[0] = '\0';
    return true;
}
