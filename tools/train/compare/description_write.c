/* SPDX-License-Identifier: Apache-2.0 */
/* A description as a document, and two of them compared. */
#include <stdio.h>
#include <string.h>

#include "train/compare/description.h"
#include "train/compare/description_keys.h"
#include "train/json_fields.h"
#include "train/messages.h"
#include "train/settings.h"

static bool fill_setting(cJSON *object, const compare_setting *setting)
{
    bool good = fields_add_text(object, "name", setting->name);
    for (recorded_option option = 0; good && option < RECORDED_COUNT; ++option) {
        if (setting_is_used(&setting->options, option)) {
            good = key_add(object, &setting->options, option);
        }
    }
    return good;
}

static bool add_settings(cJSON *document, const description *made)
{
    cJSON *array = cJSON_AddArrayToObject(document, "settings");
    bool good = array != NULL;
    for (size_t i = 0; good && i < made->setting_count; ++i) {
        cJSON *object = cJSON_CreateObject();
        good = fields_append(array, object) && fill_setting(object, &made->settings[i]);
    }
    return good;
}

static bool add_seeds(cJSON *document, const description *made)
{
    cli_size_list seeds = {.count = made->seed_count};
    for (size_t i = 0; i < made->seed_count; ++i) {
        seeds.values[i] = (size_t)made->seeds[i];
    }
    return fields_add_sizes(document, "seeds", &seeds);
}

static bool add_target(cJSON *document, const description *made)
{
    const compare_target *target = &made->target;
    if (target->kind == TARGET_NONE) {
        return true;
    }
    if (target->kind == TARGET_ACCURACY) {
        return fields_add_exact(document, "target", target->percent);
    }
    cJSON *object = cJSON_AddObjectToObject(document, "target");
    return object != NULL &&
           fields_add_text(object, "setting", made->settings[target->setting].name) &&
           fields_add_exact(object, "less", target->less);
}

cJSON *description_write(const description *made)
{
    cJSON *document = cJSON_CreateObject();
    if (document != NULL &&
        (made->data[0] == '\0' || fields_add_text(document, "data", made->data)) &&
        fields_add_whole(document, "validation", made->validation) && add_seeds(document, made) &&
        fields_add_text(document, "baseline", made->settings[made->baseline].name) &&
        add_target(document, made) && add_settings(document, made)) {
        return document;
    }
    cJSON_Delete(document);
    return NULL;
}

void setting_value_text(const train_options *options, recorded_option option,
                        char text[SETTING_TEXT_SIZE])
{
    if (!setting_is_used(options, option)) {
        (void)snprintf(text, SETTING_TEXT_SIZE, "not used");
    } else if (option == RECORDED_MAX_PERIOD && options->max_period == 0) {
        (void)snprintf(text, SETTING_TEXT_SIZE, "left to the rate");
    } else if (option == RECORDED_MAX_PERIOD) {
        (void)snprintf(text, SETTING_TEXT_SIZE, "%u", (unsigned)options->max_period);
    } else {
        setting_text(options, option, text);
    }
}

/* The same times may be in another file; compare_times.h compares those. */
static bool may_differ(recorded_option option)
{
    return option == RECORDED_COST;
}

static int match_setting(const compare_setting *saved, const compare_setting *now, const char *path)
{
    char there[SETTING_TEXT_SIZE];
    char here[SETTING_TEXT_SIZE];
    char key[KEY_SIZE];
    for (recorded_option option = 0; option < RECORDED_COUNT; ++option) {
        if (may_differ(option)) {
            continue;
        }
        setting_value_text(&saved->options, option, there);
        setting_value_text(&now->options, option, here);
        if (strcmp(there, here) != 0) {
            key_of(option, key);
            return cli_mistake(&train_messages,
                               "%s: \"%s\" is %.100s, and the results in %.200s are for %.100s",
                               now->origin, key, here, path, there);
        }
    }
    return CLI_SUCCESS;
}

int description_match(const description *saved, size_t setting, const description *now,
                      const char *path)
{
    const compare_setting *there = &saved->settings[setting];
    const size_t here = description_find(now, there->name);
    if (saved->validation != now->validation) {
        return cli_mistake(&train_messages,
                           "\"validation\" is %zu, and the results in %s are for %zu",
                           now->validation, path, saved->validation);
    }
    if (here == now->setting_count) {
        return cli_mistake(&train_messages, "\"settings\" lack \"%s\", which %s has results of",
                           there->name, path);
    }
    return match_setting(there, &now->settings[here], path);
}
