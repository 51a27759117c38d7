/* SPDX-License-Identifier: Apache-2.0 */
#include "train/lstm/lstm_extra.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "train/json_fields.h"

static const char SCHEMA[] = "ard-train-lstm-checkpoint-1";
static const char *const LEVELS[] = {"word", "char"};
static const char *const SCHEDULES[] = {"epochs", "plateau"};

static bool add_text(cJSON *object, const lstm_extra *extra)
{
    return fields_add_bool(object, "builtin", extra->builtin) &&
           fields_add_text(object, "level", LEVELS[extra->level]) &&
           fields_add_checksum(object, "text", extra->text) &&
           fields_add_checksum(object, "vocabulary", extra->vocabulary) &&
           fields_add_whole(object, "tokens", extra->tokens) &&
           fields_add_whole(object, "max_words", extra->max_words) &&
           fields_add_whole(object, "train_tokens", extra->train_tokens);
}

static bool add_rate(cJSON *object, const lstm_extra *extra)
{
    return fields_add_exact(object, "lr", extra->lr) &&
           fields_add_text(object, "schedule", SCHEDULES[extra->schedule]) &&
           fields_add_exact(object, "lr_decay", extra->lr_decay) &&
           fields_add_whole(object, "lr_decay_after", extra->lr_decay_after) &&
           fields_add_exact(object, "rate", extra->rate) &&
           fields_add_whole(object, "best_epoch", extra->best_epoch) &&
           fields_add_exact(object, "best", extra->best);
}

static bool add_all(cJSON *object, const lstm_extra *extra)
{
    return fields_add_text(object, "schema", SCHEMA) && add_text(object, extra) &&
           fields_add_whole(object, "epochs", extra->epochs) && add_rate(object, extra) &&
           fields_add_exact(object, "epoch_loss", extra->sums.loss) &&
           fields_add_whole(object, "epoch_correct", extra->sums.correct) &&
           fields_add_whole(object, "epoch_tokens", extra->sums.samples);
}

char *lstm_extra_write(const lstm_extra *extra)
{
    cJSON *object = cJSON_CreateObject();
    char *text = NULL;
    if (object != NULL && add_all(object, extra)) {
        text = cJSON_PrintUnformatted(object);
    }
    cJSON_Delete(object);
    return text;
}

static bool get_size(const cJSON *object, const char *name, uint64_t least, size_t *size)
{
    uint64_t value;
    if (!fields_get_whole(object, name, least, &value) || value > SIZE_MAX) {
        return false;
    }
    *size = (size_t)value;
    return true;
}

/* One of two words. */
static bool get_word(const cJSON *object, const char *name, const char *const words[2], int *value)
{
    const char *text = fields_get_text(object, name);
    for (int i = 0; text != NULL && i < 2; ++i) {
        if (strcmp(text, words[i]) == 0) {
            *value = i;
            return true;
        }
    }
    return false;
}

static bool get_text(const cJSON *object, lstm_extra *extra)
{
    const cJSON *builtin = cJSON_GetObjectItemCaseSensitive(object, "builtin");
    extra->builtin = cJSON_IsTrue(builtin);
    return cJSON_IsBool(builtin) && get_word(object, "level", LEVELS, &extra->level) &&
           fields_get_checksum(object, "text", &extra->text) &&
           fields_get_checksum(object, "vocabulary", &extra->vocabulary) &&
           get_size(object, "tokens", 2, &extra->tokens) &&
           get_size(object, "max_words", 0, &extra->max_words) &&
           get_size(object, "train_tokens", 0, &extra->train_tokens);
}

static bool get_rate(const cJSON *object, lstm_extra *extra)
{
    return fields_get_number(object, "lr", 0.0, DBL_MAX, &extra->lr) &&
           get_word(object, "schedule", SCHEDULES, &extra->schedule) &&
           fields_get_number(object, "lr_decay", 0.0, 1.0, &extra->lr_decay) &&
           get_size(object, "lr_decay_after", 0, &extra->lr_decay_after) &&
           fields_get_number(object, "rate", 0.0, extra->lr, &extra->rate) && extra->rate > 0.0 &&
           get_size(object, "best_epoch", 0, &extra->best_epoch) &&
           fields_get_number(object, "best", 0.0, DBL_MAX, &extra->best);
}

static bool get_all(const cJSON *object, lstm_extra *extra)
{
    const char *schema = fields_get_text(object, "schema");
    epoch_sums *sums = &extra->sums;
    return schema != NULL && strcmp(schema, SCHEMA) == 0 && get_text(object, extra) &&
           get_size(object, "epochs", 1, &extra->epochs) && get_rate(object, extra) &&
           fields_get_number(object, "epoch_loss", 0.0, DBL_MAX, &sums->loss) &&
           fields_get_whole(object, "epoch_correct", 0, &sums->correct) &&
           fields_get_whole(object, "epoch_tokens", 0, &sums->samples) &&
           sums->correct <= sums->samples && sums->samples < extra->tokens;
}

bool lstm_extra_read(const void *text, size_t size, lstm_extra *extra)
{
    if (text == NULL || size == 0) {
        return false;
    }
    lstm_extra read = {.tokens = 0};
    cJSON *object = cJSON_ParseWithLength(text, size);
    const bool good = object != NULL && get_all(object, &read);
    cJSON_Delete(object);
    if (good) {
        *extra = read;
    }
    return good;
}

bool lstm_extra_validated(lstm_extra *extra, size_t epoch, double loss)
{
    const bool better = extra->best_epoch == 0 || loss < extra->best;
    const bool falls =
        extra->schedule == LSTM_SCHEDULE_PLATEAU ? !better : epoch >= extra->lr_decay_after;
    if (better) {
        extra->best_epoch = epoch;
        extra->best = loss;
    }
    /* A rate of zero would be none. */
    if (falls && extra->rate * extra->lr_decay >= FLT_MIN) {
        extra->rate *= extra->lr_decay;
    }
    return better;
}
