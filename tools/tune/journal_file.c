/* SPDX-License-Identifier: Apache-2.0 */
#include "journal_file.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

static const char schema[] = "ard-tune-journal-1";
static const char forgotten[] = "interrupted";
static const char *const state_names[JOURNAL_STATES] = {"begun", "measured", "wrong", "failed"};

static const char *text_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsString(item) ? item->valuestring : NULL;
}

static bool find_state(const char *name, journal_state *state)
{
    for (size_t i = 0; i < JOURNAL_STATES; i++) {
        if (strcmp(name, state_names[i]) == 0) {
            *state = (journal_state)i;
            return true;
        }
    }
    return false;
}

static journal_line read_object(const cJSON *object, journal_entry *entry)
{
    const char *key = text_of(object, "candidate");
    const char *state = text_of(object, "state");
    const cJSON *score = cJSON_GetObjectItemCaseSensitive(object, "score");
    if (key == NULL || state == NULL || strlen(key) >= sizeof entry->key) {
        return JOURNAL_LINE_BAD;
    }
    *entry = (journal_entry){.score = HUGE_VAL};
    memcpy(entry->key, key, strlen(key) + 1);
    if (strcmp(state, forgotten) == 0) {
        return JOURNAL_LINE_FORGOTTEN;
    }
    if (!find_state(state, &entry->state)) {
        return JOURNAL_LINE_BAD;
    }
    if (entry->state != JOURNAL_MEASURED) {
        return JOURNAL_LINE_ENTRY;
    }
    if (!cJSON_IsNumber(score) || !(score->valuedouble > 0) || !isfinite(score->valuedouble)) {
        return JOURNAL_LINE_BAD;
    }
    entry->score = score->valuedouble;
    return JOURNAL_LINE_ENTRY;
}

journal_line journal_read_line(const char *text, journal_entry *entry)
{
    cJSON *object = cJSON_Parse(text);
    const journal_line line = read_object(object, entry);
    cJSON_Delete(object);
    return line;
}

bool journal_read_head(const char *text, const char *identity, bool *same)
{
    cJSON *object = cJSON_Parse(text);
    const char *found = text_of(object, "schema");
    const char *about = text_of(object, "about");
    const bool is_head = found != NULL && strcmp(found, schema) == 0 && about != NULL;
    *same = is_head && strcmp(about, identity) == 0;
    cJSON_Delete(object);
    return is_head;
}

/* Writes the object as one line and deletes it; NULL fails. */
static bool write_line(FILE *file, cJSON *object)
{
    char *text = object != NULL ? cJSON_PrintUnformatted(object) : NULL;
    const bool good = text != NULL && fprintf(file, "%s\n", text) > 0 && fflush(file) == 0;
    cJSON_free(text);
    cJSON_Delete(object);
    return good;
}

static cJSON *two_texts(const char *key, const char *text, const char *other_key, const char *other)
{
    cJSON *object = cJSON_CreateObject();
    if (cJSON_AddStringToObject(object, key, text) != NULL &&
        cJSON_AddStringToObject(object, other_key, other) != NULL) {
        return object;
    }
    cJSON_Delete(object);
    return NULL;
}

bool journal_write_head(FILE *file, const char *identity)
{
    return write_line(file, two_texts("schema", schema, "about", identity));
}

bool journal_write_entry(FILE *file, const journal_entry *entry)
{
    cJSON *object = two_texts("candidate", entry->key, "state", state_names[entry->state]);
    if (object != NULL && entry->state == JOURNAL_MEASURED &&
        cJSON_AddNumberToObject(object, "score", entry->score) == NULL) {
        cJSON_Delete(object);
        object = NULL;
    }
    return write_line(file, object);
}

bool journal_write_forgotten(FILE *file, const char *key)
{
    return write_line(file, two_texts("candidate", key, "state", forgotten));
}
