/* SPDX-License-Identifier: Apache-2.0 */
#include "train/extra.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "train/json_fields.h"

static const char SCHEMA[] = "ard-train-checkpoint-1";

/* What is there only where it is used. */
static bool add_optional(cJSON *object, const train_extra *extra)
{
    bool good = extra->validation == 0 ||
                fields_add_number(object, "validation", (double)extra->validation);
    if (extra->search != SEARCH_EXACT) {
        good =
            good && fields_add_text(object, "search", extra->search == SEARCH_SGD ? "sgd" : "cost");
    }
    if (extra->search == SEARCH_COST) {
        good = good && fields_add_exact(object, "entropy_share", extra->entropy_share) &&
               fields_add_checksum(object, "cost_checksum", extra->cost_checksum);
    }
    if (extra->rate_epochs > 0) {
        good = good && fields_add_number(object, "rate_epochs", (double)extra->rate_epochs) &&
               fields_add_doubles(object, "rate", &extra->rate);
    }
    return good;
}

static bool add_all(cJSON *object, const train_extra *extra)
{
    return cJSON_AddStringToObject(object, "schema", SCHEMA) != NULL &&
           cJSON_AddStringToObject(object, "data", extra->data) != NULL &&
           fields_add_checksum(object, "checksum", extra->checksum) &&
           fields_add_number(object, "samples", (double)extra->samples) &&
           add_optional(object, extra) &&
           fields_add_number(object, "batch", (double)extra->batch) &&
           fields_add_number(object, "epochs", (double)extra->epochs) &&
           fields_add_exact(object, "epoch_loss", extra->sums.loss) &&
           fields_add_number(object, "epoch_correct", (double)extra->sums.correct) &&
           fields_add_number(object, "epoch_samples", (double)extra->sums.samples);
}

char *extra_write(const train_extra *extra)
{
    cJSON *object = cJSON_CreateObject();
    char *text = NULL;
    if (object != NULL && add_all(object, extra)) {
        text = cJSON_PrintUnformatted(object);
    }
    cJSON_Delete(object);
    return text;
}

static bool get_kind(const cJSON *object, char kind[EXTRA_KIND_SIZE])
{
    const char *text = fields_get_text(object, "data");
    if (text == NULL || (strcmp(text, "builtin") != 0 && strcmp(text, "idx") != 0)) {
        return false;
    }
    (void)snprintf(kind, EXTRA_KIND_SIZE, "%s", text);
    return true;
}

static bool get_search(const cJSON *object, train_extra *extra)
{
    const char *text = fields_get_text(object, "search");
    extra->search = SEARCH_EXACT;
    if (!cJSON_HasObjectItem(object, "search")) {
        return true;
    }
    if (text == NULL || (strcmp(text, "sgd") != 0 && strcmp(text, "cost") != 0)) {
        return false;
    }
    extra->search = strcmp(text, "sgd") == 0 ? SEARCH_SGD : SEARCH_COST;
    return extra->search != SEARCH_COST ||
           (fields_get_number(object, "entropy_share", 0.0, 1.0, &extra->entropy_share) &&
            fields_get_checksum(object, "cost_checksum", &extra->cost_checksum));
}

static bool get_rate(const cJSON *object, train_extra *extra)
{
    const cJSON *array = cJSON_GetObjectItemCaseSensitive(object, "rate");
    const cJSON *item = NULL;
    uint64_t epochs = 0;
    extra->rate_epochs = 0;
    extra->rate.count = 0;
    if (!cJSON_HasObjectItem(object, "rate_epochs")) {
        return true;
    }
    if (!fields_get_whole(object, "rate_epochs", 1, &epochs) || epochs > OPTIONS_MAX_EPOCHS ||
        !cJSON_IsArray(array) || cJSON_GetArraySize(array) > CLI_MAX_LIST) {
        return false;
    }
    bool good = true;
    cJSON_ArrayForEach(item, array)
    {
        good = good && cJSON_IsNumber(item) && item->valuedouble >= 0.0 && item->valuedouble < 1.0;
        extra->rate.values[extra->rate.count++] = item->valuedouble;
    }
    extra->rate_epochs = (size_t)epochs;
    return good;
}

static bool get_optional(const cJSON *object, train_extra *extra)
{
    uint64_t count = 0;
    if (cJSON_HasObjectItem(object, "validation") &&
        !fields_get_whole(object, "validation", 1, &count)) {
        return false;
    }
    extra->validation = (size_t)count;
    return get_search(object, extra) && get_rate(object, extra);
}

static bool get_all(const cJSON *object, train_extra *extra)
{
    const char *schema = fields_get_text(object, "schema");
    const cJSON *loss = cJSON_GetObjectItemCaseSensitive(object, "epoch_loss");
    uint64_t samples, batch, epochs;
    if (schema == NULL || strcmp(schema, SCHEMA) != 0 || !get_kind(object, extra->data) ||
        !fields_get_checksum(object, "checksum", &extra->checksum) ||
        !fields_get_whole(object, "samples", 1, &samples) ||
        !fields_get_whole(object, "batch", 1, &batch) ||
        !fields_get_whole(object, "epochs", 1, &epochs) ||
        !fields_get_whole(object, "epoch_correct", 0, &extra->sums.correct) ||
        !fields_get_whole(object, "epoch_samples", 0, &extra->sums.samples) ||
        !cJSON_IsNumber(loss) || !get_optional(object, extra)) {
        return false;
    }
    extra->samples = (size_t)samples;
    extra->batch = (size_t)batch;
    extra->epochs = (size_t)epochs;
    extra->sums.loss = loss->valuedouble;
    return isfinite(extra->sums.loss) && extra->sums.correct <= extra->sums.samples &&
           extra->sums.samples < samples;
}

bool extra_read(const void *text, size_t size, train_extra *extra)
{
    if (text == NULL || size == 0) {
        return false;
    }
    train_extra read = {.samples = 0};
    cJSON *object = cJSON_ParseWithLength(text, size);
    const bool good = object != NULL && get_all(object, &read);
    cJSON_Delete(object);
    if (good) {
        *extra = read;
    }
    return good;
}
