/* SPDX-License-Identifier: Apache-2.0 */
#include "train/settings.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "train/number_text.h"

static const char *const NAMES[RECORDED_COUNT] = {
    [RECORDED_HIDDEN] = "hidden",
    [RECORDED_DROPOUT] = "dropout",
    [RECORDED_RATE] = "rate",
    [RECORDED_MAX_PERIOD] = "max-period",
    [RECORDED_SEARCH] = "search",
    [RECORDED_TILE] = "tile",
    [RECORDED_NUMBERING] = "numbering",
    [RECORDED_SCALE] = "scale",
    [RECORDED_BATCH] = "batch",
    [RECORDED_LR] = "lr",
    [RECORDED_MOMENTUM] = "momentum",
    [RECORDED_WEIGHT_DECAY] = "weight-decay",
    [RECORDED_SCHEDULE] = "schedule",
    [RECORDED_LR_STEP_EPOCHS] = "lr-step-epochs",
    [RECORDED_LR_FACTOR] = "lr-factor",
    [RECORDED_LR_FINAL] = "lr-final",
    [RECORDED_LR_WARMUP_EPOCHS] = "lr-warmup-epochs",
    [RECORDED_SEED] = "seed",
    [RECORDED_VALIDATION] = "validation",
    [RECORDED_EPOCHS] = "epochs",
    [RECORDED_GROUPS] = "groups",
    [RECORDED_RATE_SCHEDULE] = "rate-schedule",
    [RECORDED_RATE_EPOCHS] = "rate-epochs",
    [RECORDED_COST] = "cost",
    [RECORDED_ENTROPY_SHARE] = "entropy-share",
};

const char *setting_name(recorded_option option)
{
    return NAMES[option];
}

static void append(char text[SETTING_TEXT_SIZE], const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

static void append(char text[SETTING_TEXT_SIZE], const char *format, ...)
{
    const size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text + used, SETTING_TEXT_SIZE - used, format, arguments);
    va_end(arguments);
}

static void append_double(char text[SETTING_TEXT_SIZE], double value)
{
    char number[NUMBER_TEXT_SIZE];
    number_text(value, number);
    append(text, "%s", number);
}

static void append_sizes(char text[SETTING_TEXT_SIZE], const cli_size_list *list, char separator)
{
    for (size_t i = 0; i < list->count; ++i) {
        if (i > 0) {
            append(text, "%c", separator);
        }
        append(text, "%zu", list->values[i]);
    }
}

/* Written once where all are equal. */
static void append_periods(char text[SETTING_TEXT_SIZE], const cli_size_list *list)
{
    cli_size_list shown = *list;
    bool equal = true;
    for (size_t i = 1; i < list->count; ++i) {
        equal = equal && list->values[i] == list->values[0];
    }
    shown.count = equal && list->count > 0 ? 1 : list->count;
    append_sizes(text, &shown, ',');
}

/* Likewise. */
static void append_rates(char text[SETTING_TEXT_SIZE], const cli_double_list *list)
{
    bool equal = true;
    for (size_t i = 1; i < list->count; ++i) {
        equal = equal && list->values[i] == list->values[0];
    }
    const size_t count = equal && list->count > 0 ? 1 : list->count;
    for (size_t i = 0; i < count; ++i) {
        if (i > 0) {
            append(text, ",");
        }
        append_double(text, list->values[i]);
    }
}

static void append_number(const train_options *options, recorded_option option,
                          char text[SETTING_TEXT_SIZE])
{
    switch (option) {
    case RECORDED_RATE_EPOCHS:
        append(text, "%zu", options->rate_epochs);
        break;
    case RECORDED_ENTROPY_SHARE:
        append_double(text, options->entropy_share);
        break;
    case RECORDED_LR:
        append_double(text, options->lr);
        break;
    case RECORDED_MOMENTUM:
        append_double(text, options->momentum);
        break;
    case RECORDED_WEIGHT_DECAY:
        append_double(text, options->weight_decay);
        break;
    case RECORDED_LR_FACTOR:
        append_double(text, options->lr_factor);
        break;
    case RECORDED_LR_FINAL:
        append_double(text, options->lr_final);
        break;
    case RECORDED_TILE:
        append(text, "%" PRIu32, options->tile);
        break;
    case RECORDED_GROUPS:
        append(text, "%" PRIu32, options->groups);
        break;
    case RECORDED_BATCH:
        append(text, "%zu", options->batch);
        break;
    case RECORDED_VALIDATION:
        append(text, "%zu", options->validation);
        break;
    case RECORDED_EPOCHS:
        append(text, "%zu", options->epochs);
        break;
    case RECORDED_LR_STEP_EPOCHS:
        append(text, "%zu", options->lr_step_epochs);
        break;
    case RECORDED_LR_WARMUP_EPOCHS:
        append(text, "%zu", options->lr_warmup_epochs);
        break;
    case RECORDED_SEED:
        append(text, "%" PRIu64, options->seed);
        break;
    default:
        break;
    }
}

void setting_text(const train_options *options, recorded_option option,
                  char text[SETTING_TEXT_SIZE])
{
    text[0] = '\0';
    switch (option) {
    case RECORDED_HIDDEN:
        append_sizes(text, &options->hidden, ',');
        break;
    case RECORDED_RATE:
        append_rates(text, &options->rate);
        break;
    case RECORDED_MAX_PERIOD:
        append_periods(text, &options->periods);
        break;
    case RECORDED_DROPOUT:
        append(text, "%s", options_dropout_name(options->dropout));
        break;
    case RECORDED_RATE_SCHEDULE:
        append(text, "%s", options_rate_schedule_name(options->rate_schedule));
        break;
    case RECORDED_SEARCH:
        append(text, "%s", options_search_name(options->search));
        break;
    case RECORDED_COST:
        append(text, "%s", options->cost != NULL ? options->cost : "");
        break;
    case RECORDED_NUMBERING:
        append(text, "%s", options_numbering_name(options->numbering));
        break;
    case RECORDED_SCALE:
        append(text, "%s", options_scale_name(options->scale));
        break;
    case RECORDED_SCHEDULE:
        append(text, "%s", options_schedule_name(options->schedule));
        break;
    default:
        append_number(options, option, text);
        break;
    }
}

bool setting_is_used(const train_options *options, recorded_option option)
{
    switch (option) {
    case RECORDED_RATE:
    case RECORDED_RATE_SCHEDULE:
        return options->dropout != ARD_DROPOUT_NONE;
    case RECORDED_RATE_EPOCHS:
        return options_rate_changes(options);
    case RECORDED_MAX_PERIOD:
        return options_has_period(options->dropout);
    case RECORDED_SEARCH:
        return options_searches(options->dropout);
    case RECORDED_SCALE: /* patterns have both */
    case RECORDED_GROUPS:
        return options_has_groups(options->dropout);
    case RECORDED_COST:
    case RECORDED_ENTROPY_SHARE:
        return options_uses_cost(options);
    case RECORDED_TILE:
    case RECORDED_NUMBERING:
        return options_has_tiles(options->dropout);
    case RECORDED_LR_STEP_EPOCHS:
    case RECORDED_LR_FACTOR:
        return options->schedule == ARD_SCHEDULE_STEP;
    case RECORDED_LR_FINAL:
        return options->schedule == ARD_SCHEDULE_COSINE;
    default:
        return true;
    }
}

void setting_layers(size_t inputs, const cli_size_list *hidden, size_t classes,
                    char text[SETTING_TEXT_SIZE])
{
    text[0] = '\0';
    append(text, "%zu-", inputs);
    append_sizes(text, hidden, '-');
    append(text, "-%zu", classes);
}
