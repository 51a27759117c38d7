/* SPDX-License-Identifier: Apache-2.0 */
#include "train/compare/description.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "train/compare/description_keys.h"
#include "train/json_fields.h"
#include "train/messages.h"

enum { MAX_VALIDATION = 1 << 30 };

/* Keys beside those of options. */
static const char *const COMMON_KEYS[] = {"data",   "validation", "seeds", "baseline",
                                          "target", "settings",   NULL};
static const char *const SETTING_KEYS[] = {"name", NULL};

static const char NAME_EXPECTED[] =
    "1 to 40 printable ASCII characters without |, \", \\ and blanks at the ends";

size_t description_find(const description *made, const char *name)
{
    size_t i = 0;
    while (i < made->setting_count && strcmp(made->settings[i].name, name) != 0) {
        ++i;
    }
    return i;
}

bool description_has_seed(const description *made, uint64_t seed)
{
    size_t i = 0;
    while (i < made->seed_count && made->seeds[i] != seed) {
        ++i;
    }
    return i < made->seed_count;
}

static bool is_one_of(const char *key, const char *const *words)
{
    while (*words != NULL && strcmp(*words, key) != 0) {
        ++words;
    }
    return *words != NULL;
}

static int missing(const char *origin, const char *key, const char *expected)
{
    return cli_mistake(&train_messages, "%s: \"%s\" is missing; expected %s", origin, key,
                       expected);
}

static int read_data(const cJSON *document, const char *path, description *made)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(document, "data");
    const char *text = cJSON_GetStringValue(item);
    made->data[0] = '\0';
    if (item == NULL) {
        return CLI_SUCCESS;
    }
    if (text == NULL || text[0] == '\0' || strlen(text) >= sizeof made->data) {
        return key_mistake(item, path, "a folder or \"builtin\"");
    }
    (void)snprintf(made->data, sizeof made->data, "%s", text);
    return CLI_SUCCESS;
}

static int read_validation(const cJSON *document, const char *path, description *made)
{
    static const char EXPECTED[] = "the number of training samples to hold out, at least 1";
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(document, "validation");
    uint64_t count = 0;
    if (item == NULL) {
        return missing(path, "validation", EXPECTED);
    }
    if (!fields_get_whole(document, "validation", 1, &count) || count > MAX_VALIDATION) {
        return key_mistake(item, path, EXPECTED);
    }
    made->validation = (size_t)count;
    return CLI_SUCCESS;
}

static bool add_seed(const cJSON *item, description *made)
{
    const double number = cJSON_IsNumber(item) ? item->valuedouble : -1.0;
    if (!(number >= 0.0 && number <= FIELDS_MOST_WHOLE) || number != floor(number)) {
        return false;
    }
    if (description_has_seed(made, (uint64_t)number)) {
        return false;
    }
    made->seeds[made->seed_count++] = (uint64_t)number;
    return true;
}

static int read_seeds(const cJSON *document, const char *path, description *made)
{
    static const char EXPECTED[] = "an array of 1 to 64 different whole numbers up to 2^53";
    const cJSON *array = cJSON_GetObjectItemCaseSensitive(document, "seeds");
    const cJSON *item = NULL;
    const int count = cJSON_IsArray(array) ? cJSON_GetArraySize(array) : 0;
    if (array == NULL) {
        return missing(path, "seeds", EXPECTED);
    }
    bool good = count >= 1 && count <= COMPARE_MAX_SEEDS;
    made->seed_count = 0;
    cJSON_ArrayForEach(item, array)
    {
        good = good && add_seed(item, made);
    }
    return good ? CLI_SUCCESS : key_mistake(array, path, EXPECTED);
}

/* The setting that a member names. */
static int read_reference(const cJSON *item, const char *origin, const description *made,
                          size_t *index)
{
    const char *name = cJSON_GetStringValue(item);
    const char *names[COMPARE_MAX_SETTINGS + 1] = {NULL};
    for (size_t i = 0; i < made->setting_count; ++i) {
        names[i] = made->settings[i].name;
    }
    if (name == NULL) {
        return key_mistake(item, origin, "the name of a setting");
    }
    *index = description_find(made, name);
    if (*index < made->setting_count) {
        return CLI_SUCCESS;
    }
    const char *nearest = cli_nearest(name, names);
    return cli_mistake(&train_messages, "%s: \"%s\": no setting is named \"%.60s\"%s%s%s", origin,
                       item->string, name, nearest != NULL ? "; did you mean \"" : "",
                       nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
}

static int read_relative_target(const cJSON *object, const char *path, description *made)
{
    char origin[COMPARE_ORIGIN_SIZE];
    static const char *const KEYS[] = {"setting", "less", NULL};
    const cJSON *item = NULL;
    (void)snprintf(origin, sizeof origin, "%.200s: \"target\"", path);
    int status = key_check_twice(object, origin);
    cJSON_ArrayForEach(item, object)
    {
        if (status == CLI_SUCCESS && !is_one_of(item->string, KEYS)) {
            status = cli_mistake(&train_messages,
                                 "%s: unknown key \"%.60s\"; expected \"setting\" and \"less\"",
                                 origin, item->string);
        }
    }
    if (status != CLI_SUCCESS) {
        return status;
    }
    const cJSON *setting = cJSON_GetObjectItemCaseSensitive(object, "setting");
    const cJSON *less = cJSON_GetObjectItemCaseSensitive(object, "less");
    if (setting == NULL) {
        return missing(origin, "setting", "the name of a setting");
    }
    if (less != NULL && !fields_get_number(object, "less", 0.0, 100.0, &made->target.less)) {
        return key_mistake(less, origin, "a number of points from 0 to 100");
    }
    made->target.kind = TARGET_SETTING;
    return read_reference(setting, origin, made, &made->target.setting);
}

static int read_target(const cJSON *document, const char *path, description *made)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(document, "target");
    made->target = (compare_target){.kind = TARGET_NONE};
    if (item == NULL) {
        return CLI_SUCCESS;
    }
    if (cJSON_IsObject(item)) {
        return read_relative_target(item, path, made);
    }
    /* A share of 0.97 is hardly meant as 0.97 percent. */
    if (!fields_get_number(document, "target", 1.0, 100.0, &made->target.percent) ||
        made->target.percent <= 1.0) {
        return key_mistake(item, path,
                           "a percentage above 1 and at most 100, or {\"setting\": NAME, "
                           "\"less\": POINTS}");
    }
    made->target.kind = TARGET_ACCURACY;
    return CLI_SUCCESS;
}

static int read_baseline(const cJSON *document, const char *path, description *made)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(document, "baseline");
    made->baseline = 0;
    return item == NULL ? CLI_SUCCESS : read_reference(item, path, made, &made->baseline);
}

static bool is_good_name(const char *name)
{
    const size_t length = name != NULL ? strlen(name) : 0;
    for (size_t i = 0; i < length; ++i) {
        if (name[i] < ' ' || name[i] > '~' || strchr("|\"\\", name[i]) != NULL) {
            return false;
        }
    }
    return length > 0 && length < COMPARE_NAME_SIZE && name[0] != ' ' && name[length - 1] != ' ';
}

static int read_name(const cJSON *object, const char *path, description *made,
                     compare_setting *setting)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, "name");
    const char *name = cJSON_GetStringValue(item);
    (void)snprintf(setting->origin, sizeof setting->origin, "%.200s: setting %zu", path,
                   made->setting_count + 1);
    if (!cJSON_IsObject(object)) {
        return cli_mistake(&train_messages, "%s: expected an object", setting->origin);
    }
    if (item == NULL) {
        return missing(setting->origin, "name", NAME_EXPECTED);
    }
    if (!is_good_name(name)) {
        return key_mistake(item, setting->origin, NAME_EXPECTED);
    }
    if (description_find(made, name) < made->setting_count) {
        return cli_mistake(&train_messages, "%s: another setting is named \"%s\" already",
                           setting->origin, name);
    }
    (void)snprintf(setting->name, sizeof setting->name, "%s", name);
    (void)snprintf(setting->origin, sizeof setting->origin, "%.200s: setting \"%s\"", path, name);
    return key_check_twice(object, setting->origin);
}

static int read_setting(const cJSON *object, const char *path, const train_options *common,
                        description *made)
{
    compare_setting *setting = &made->settings[made->setting_count];
    const cJSON *member = NULL;
    int status = read_name(object, path, made, setting);
    setting->options = *common;
    /* What holds for all may have no meaning here; what is said here must have one. */
    memset(setting->options.given, 0, sizeof setting->options.given);
    setting->options.origin = setting->origin;
    cJSON_ArrayForEach(member, object)
    {
        if (status != CLI_SUCCESS || is_one_of(member->string, SETTING_KEYS)) {
            continue;
        }
        if (is_one_of(member->string, COMMON_KEYS)) {
            status =
                cli_mistake(&train_messages,
                            "%s: \"%s\" is for all settings alike; give it beside \"settings\"",
                            setting->origin, member->string);
        } else {
            status = key_store(member, setting->origin, SETTING_KEYS, &setting->options);
        }
    }
    if (setting->options.cost != NULL) { /* the document's still */
        (void)snprintf(setting->cost, sizeof setting->cost, "%s", setting->options.cost);
        setting->options.cost = setting->cost;
    }
    if (status == CLI_SUCCESS) {
        status = options_check(&setting->options);
    }
    made->setting_count += status == CLI_SUCCESS;
    return status;
}

static int read_settings(const cJSON *document, const char *path, const train_options *common,
                         description *made)
{
    static const char EXPECTED[] = "an array of 1 to 64 objects with a \"name\" each";
    const cJSON *array = cJSON_GetObjectItemCaseSensitive(document, "settings");
    const cJSON *item = NULL;
    const int count = cJSON_IsArray(array) ? cJSON_GetArraySize(array) : 0;
    int status = CLI_SUCCESS;
    if (array == NULL) {
        return missing(path, "settings", EXPECTED);
    }
    if (count < 1 || count > COMPARE_MAX_SETTINGS) {
        return key_mistake(array, path, EXPECTED);
    }
    made->setting_count = 0;
    cJSON_ArrayForEach(item, array)
    {
        if (status == CLI_SUCCESS) {
            status = read_setting(item, path, common, made);
        }
    }
    return status;
}

/* The options that hold for all settings. */
static int read_common(const cJSON *document, const char *path, train_options *common)
{
    const cJSON *member = NULL;
    int status = key_check_twice(document, path);
    *common = options_defaults();
    cJSON_ArrayForEach(member, document)
    {
        if (status == CLI_SUCCESS && !is_one_of(member->string, COMMON_KEYS)) {
            status = key_store(member, path, COMMON_KEYS, common);
        }
    }
    common->quiet = true;
    return status;
}

int description_read(const cJSON *document, const char *path, description *made)
{
    train_options common;
    if (!cJSON_IsObject(document)) {
        return cli_mistake(&train_messages, "%s: expected a JSON object with \"settings\"", path);
    }
    int status = read_common(document, path, &common);
    int (*const parts[])(const cJSON *, const char *, description *) = {read_data, read_validation,
                                                                        read_seeds};
    for (size_t i = 0; status == CLI_SUCCESS && i < sizeof parts / sizeof parts[0]; ++i) {
        status = parts[i](document, path, made);
    }
    if (status == CLI_SUCCESS) {
        common.validation = made->validation;
        status = read_settings(document, path, &common, made);
    }
    if (status == CLI_SUCCESS) {
        status = read_baseline(document, path, made);
    }
    return status == CLI_SUCCESS ? read_target(document, path, made) : status;
}
