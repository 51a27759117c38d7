/* SPDX-License-Identifier: Apache-2.0 */
#include "train/compare/description_keys.h"

#include <stdio.h>
#include <string.h>

#include "train/json_fields.h"
#include "train/messages.h"
#include "train/number_text.h"
#include "train/settings.h"

enum { LIST_TEXT_SIZE = CLI_MAX_LIST * NUMBER_TEXT_SIZE, SHOWN_SIZE = 64, MAX_OTHERS = 8 };

static void name_to_key(const char *name, char key[KEY_SIZE])
{
    size_t i = 0;
    for (; name[i] != '\0' && i + 1 < KEY_SIZE; ++i) {
        key[i] = name[i];
        if (key[i] == '-') {
            key[i] = '_';
        }
    }
    key[i] = '\0';
}

void key_of(recorded_option option, char key[KEY_SIZE])
{
    name_to_key(setting_name(option), key);
}

/* The table of what may stand in a description. Seeds are a list of their own. */
static size_t fill_table(train_options *options, cli_option table[OPTIONS_TABLE_SIZE])
{
    size_t count = options_network(table, options);
    count += options_optimizer(table + count, options);
    size_t kept = 0;
    for (size_t i = 0; i < count; ++i) {
        if (strcmp(table[i].name, setting_name(RECORDED_SEED)) != 0) {
            table[kept++] = table[i];
        }
    }
    return kept;
}

static int unknown_key(const cJSON *member, const char *origin, const char *const *others,
                       const cli_option *table, size_t count)
{
    char keys[OPTIONS_TABLE_SIZE][KEY_SIZE];
    const char *words[OPTIONS_TABLE_SIZE + MAX_OTHERS + 1];
    size_t known = 0;
    for (; known < count; ++known) {
        name_to_key(table[known].name, keys[known]);
        words[known] = keys[known];
    }
    for (size_t i = 0; others[i] != NULL && i < MAX_OTHERS; ++i) {
        words[known++] = others[i];
    }
    words[known] = NULL;
    const char *nearest = cli_nearest(member->string, words);
    if (nearest != NULL) {
        return cli_mistake(&train_messages, "%s: unknown key \"%.60s\"; did you mean \"%s\"?",
                           origin, member->string, nearest);
    }
    return cli_mistake(&train_messages,
                       "%s: unknown key \"%.60s\"; docs/ard-train.md lists those there are", origin,
                       member->string);
}

/* Writes a number, or the numbers of an array, as on a command line. False for anything else. */
static bool write_numbers(const cJSON *member, char text[LIST_TEXT_SIZE])
{
    const bool list = cJSON_IsArray(member);
    const cJSON *item = list ? member->child : member;
    char *end = text;
    if (list && cJSON_GetArraySize(member) > CLI_MAX_LIST) {
        return false;
    }
    text[0] = '\0';
    for (; item != NULL; item = list ? item->next : NULL) {
        char number[NUMBER_TEXT_SIZE];
        if (!cJSON_IsNumber(item)) {
            return false;
        }
        number_text(item->valuedouble, number);
        end += sprintf(end, "%s%s", end == text ? "" : ",", number);
    }
    return true;
}

/* Writes a value that is of the option's type as on a command line. */
static bool write_value(const cJSON *member, const cli_option *option, char text[LIST_TEXT_SIZE])
{
    const bool is_list = option->type == CLI_SIZE_LIST || option->type == CLI_DOUBLE_LIST;
    if (option->type == CLI_ENUM) {
        const char *word = cJSON_GetStringValue(member);
        return word != NULL && snprintf(text, LIST_TEXT_SIZE, "%s", word) < LIST_TEXT_SIZE;
    }
    return (is_list || !cJSON_IsArray(member)) && write_numbers(member, text);
}

int key_mistake(const cJSON *member, const char *origin, const char *expected)
{
    char *shown = cJSON_PrintUnformatted(member);
    const int status =
        cli_mistake(&train_messages, "%s: \"%.60s\": %.*s is not %s", origin, member->string,
                    SHOWN_SIZE, shown != NULL ? shown : "this", expected);
    cJSON_free(shown);
    return status;
}

/* A file. */
static int store_text(const cJSON *member, const char *origin, const cli_option *option)
{
    const char *text = cJSON_GetStringValue(member);
    if (text == NULL || text[0] == '\0' || strlen(text) >= KEY_TEXT_SIZE) {
        return key_mistake(member, origin, "the name of a file");
    }
    *(const char **)option->target = text;
    *option->given = true;
    return CLI_SUCCESS;
}

int key_store(const cJSON *member, const char *origin, const char *const *others,
              train_options *options)
{
    cli_option table[OPTIONS_TABLE_SIZE];
    const size_t count = fill_table(options, table);
    char key[KEY_SIZE];
    size_t i = 0;
    for (; i < count; ++i) {
        name_to_key(table[i].name, key);
        if (strcmp(key, member->string) == 0) {
            break;
        }
    }
    if (i == count) {
        return unknown_key(member, origin, others, table, count);
    }
    char text[LIST_TEXT_SIZE];
    char expected[CLI_EXPECTED_CAPACITY];
    if (table[i].type == CLI_STRING) {
        return store_text(member, origin, &table[i]);
    }
    /* The empty text is nothing that an option takes. */
    if (!write_value(member, &table[i], text)) {
        text[0] = '\0';
    }
    if (!cli_store(&table[i], text, expected)) {
        return key_mistake(member, origin, expected);
    }
    *table[i].given = true;
    return CLI_SUCCESS;
}

int key_check_twice(const cJSON *object, const char *origin)
{
    const cJSON *member = NULL;
    cJSON_ArrayForEach(member, object)
    {
        const cJSON *first = cJSON_GetObjectItemCaseSensitive(object, member->string);
        if (first != member) {
            return cli_mistake(&train_messages, "%s: \"%.60s\" is there twice", origin,
                               member->string);
        }
    }
    return CLI_SUCCESS;
}

static bool add_number(cJSON *object, const char *key, const train_options *options,
                       recorded_option option)
{
    switch (option) {
    case RECORDED_RATE_EPOCHS:
        return fields_add_whole(object, key, options->rate_epochs);
    case RECORDED_ENTROPY_SHARE:
        return fields_add_exact(object, key, options->entropy_share);
    case RECORDED_MAX_PERIOD:
        /* None is the default for the rate. */
        return options->max_period == 0 || fields_add_whole(object, key, options->max_period);
    case RECORDED_TILE:
        return fields_add_whole(object, key, options->tile);
    case RECORDED_GROUPS:
        return fields_add_whole(object, key, options->groups);
    case RECORDED_BATCH:
        return fields_add_whole(object, key, options->batch);
    case RECORDED_EPOCHS:
        return fields_add_whole(object, key, options->epochs);
    case RECORDED_LR_STEP_EPOCHS:
        return fields_add_whole(object, key, options->lr_step_epochs);
    case RECORDED_LR:
        return fields_add_exact(object, key, options->lr);
    case RECORDED_MOMENTUM:
        return fields_add_exact(object, key, options->momentum);
    case RECORDED_WEIGHT_DECAY:
        return fields_add_exact(object, key, options->weight_decay);
    case RECORDED_LR_FACTOR:
        return fields_add_exact(object, key, options->lr_factor);
    case RECORDED_LR_FINAL:
        return fields_add_exact(object, key, options->lr_final);
    case RECORDED_LR_WARMUP_EPOCHS:
        return fields_add_whole(object, key, options->lr_warmup_epochs);
    default: /* seed and validation belong to the whole comparison */
        return true;
    }
}

bool key_add(cJSON *object, const train_options *options, recorded_option option)
{
    char key[KEY_SIZE];
    char text[SETTING_TEXT_SIZE];
    key_of(option, key);
    switch (option) {
    case RECORDED_HIDDEN:
        return fields_add_sizes(object, key, &options->hidden);
    case RECORDED_RATE:
        return fields_add_doubles(object, key, &options->rate);
    case RECORDED_DROPOUT:
    case RECORDED_RATE_SCHEDULE:
    case RECORDED_SEARCH:
    case RECORDED_COST:
    case RECORDED_NUMBERING:
    case RECORDED_SCALE:
    case RECORDED_SCHEDULE:
        setting_text(options, option, text);
        return fields_add_text(object, key, text);
    default:
        return add_number(object, key, options, option);
    }
}
