/* SPDX-License-Identifier: Apache-2.0 */
#include "train/extra.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

static const char SCHEMA[] = "ard-train-checkpoint-1";

enum { CHECKSUM_DIGITS = 16 };

/* Whole numbers that a JSON number holds exactly. */
static const double MOST_WHOLE = 9007199254740992.0;

static bool add_number(cJSON *object, const char *name, double value)
{
    return cJSON_AddNumberToObject(object, name, value) != NULL;
}

/* All the digits that a double needs to come back the same; cJSON itself stops at fifteen where it
 * finds them close enough. */
static bool add_exact(cJSON *object, const char *name, double value)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%.17g", value);
    return cJSON_AddRawToObject(object, name, text) != NULL;
}

static bool add_all(cJSON *object, const train_extra *extra)
{
    char checksum[CHECKSUM_DIGITS + 1];
    (void)snprintf(checksum, sizeof checksum, "%016" PRIx64, extra->checksum);
    return cJSON_AddStringToObject(object, "schema", SCHEMA) != NULL &&
           cJSON_AddStringToObject(object, "data", extra->data) != NULL &&
           cJSON_AddStringToObject(object, "checksum", checksum) != NULL &&
           add_number(object, "samples", (double)extra->samples) &&
           add_number(object, "batch", (double)extra->batch) &&
           add_number(object, "epochs", (double)extra->epochs) &&
           add_exact(object, "epoch_loss", extra->sums.loss) &&
           add_number(object, "epoch_correct", (double)extra->sums.correct) &&
           add_number(object, "epoch_samples", (double)extra->sums.samples);
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

static const char *get_string(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static bool get_whole(const cJSON *object, const char *name, uint64_t least, uint64_t *value)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!cJSON_IsNumber(item)) {
        return false;
    }
    const double number = item->valuedouble;
    if (!(number >= (double)least && number <= MOST_WHOLE) || number != floor(number)) {
        return false;
    }
    *value = (uint64_t)number;
    return true;
}

static bool get_checksum(const cJSON *object, uint64_t *checksum)
{
    const char *text = get_string(object, "checksum");
    if (text == NULL || strlen(text) != CHECKSUM_DIGITS ||
        strspn(text, "0123456789abcdef") != CHECKSUM_DIGITS) {
        return false;
    }
    return sscanf(text, "%16" SCNx64, checksum) == 1;
}

static bool get_kind(const cJSON *object, char kind[EXTRA_KIND_SIZE])
{
    const char *text = get_string(object, "data");
    if (text == NULL || (strcmp(text, "builtin") != 0 && strcmp(text, "idx") != 0)) {
        return false;
    }
    (void)snprintf(kind, EXTRA_KIND_SIZE, "%s", text);
    return true;
}

static bool get_all(const cJSON *object, train_extra *extra)
{
    const char *schema = get_string(object, "schema");
    const cJSON *loss = cJSON_GetObjectItemCaseSensitive(object, "epoch_loss");
    uint64_t samples, batch, epochs;
    if (schema == NULL || strcmp(schema, SCHEMA) != 0 || !get_kind(object, extra->data) ||
        !get_checksum(object, &extra->checksum) || !get_whole(object, "samples", 1, &samples) ||
        !get_whole(object, "batch", 1, &batch) || !get_whole(object, "epochs", 1, &epochs) ||
        !get_whole(object, "epoch_correct", 0, &extra->sums.correct) ||
        !get_whole(object, "epoch_samples", 0, &extra->sums.samples) || !cJSON_IsNumber(loss)) {
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
