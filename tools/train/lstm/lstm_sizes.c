/* SPDX-License-Identifier: Apache-2.0 */
#include "train/lstm/lstm_sizes.h"

#include "train/option_values.h"

const char *const LSTM_SIZE_NAMES[] = {"small", "medium", "large", NULL};

/* What a size sets. */
static const lstm_setting OF_SIZE[] = {
    LSTM_LAYERS, LSTM_HIDDEN, LSTM_STEPS, LSTM_BATCH,    LSTM_DROPOUT,        LSTM_RATE,
    LSTM_RANGE,  LSTM_CLIP,   LSTM_LR,    LSTM_LR_DECAY, LSTM_LR_DECAY_AFTER, LSTM_EPOCHS};

enum { OF_SIZE_COUNT = sizeof OF_SIZE / sizeof OF_SIZE[0] };

static lstm_options settings_of(int size)
{
    static const lstm_options SIZES[] = {
        [LSTM_SMALL] = {.layers = 2,
                        .hidden = 200,
                        .steps = 20,
                        .batch = 20,
                        .dropout = ARD_DROPOUT_NONE,
                        .rate = 0.5,
                        .range = 0.1,
                        .clip = 5.0,
                        .lr = 1.0,
                        .lr_decay = 0.5,
                        .lr_decay_after = 4,
                        .epochs = 13},
        [LSTM_MEDIUM] = {.layers = 2,
                         .hidden = 650,
                         .steps = 35,
                         .batch = 20,
                         .dropout = ARD_DROPOUT_SUBSET,
                         .rate = 0.5,
                         .range = 0.05,
                         .clip = 5.0,
                         .lr = 1.0,
                         .lr_decay = 1.0 / 1.2,
                         .lr_decay_after = 6,
                         .epochs = 39},
        [LSTM_LARGE] = {.layers = 2,
                        .hidden = 1500,
                        .steps = 35,
                        .batch = 20,
                        .dropout = ARD_DROPOUT_SUBSET,
                        .rate = 0.65,
                        .range = 0.04,
                        .clip = 10.0,
                        .lr = 1.0,
                        .lr_decay = 1.0 / 1.15,
                        .lr_decay_after = 14,
                        .epochs = 55},
    };
    return SIZES[size];
}

/* Takes over what is not given, and marks it as given where `mark` says so. */
static void take(lstm_options *options, const lstm_options *size, lstm_setting setting, bool mark)
{
    cli_option there[LSTM_TABLE_SIZE];
    cli_option here[LSTM_TABLE_SIZE];
    lstm_options from = *size;
    if (options->given[setting]) {
        return;
    }
    lstm_options_table(&from, there);
    lstm_options_table(options, here);
    option_copy(lstm_options_find(there, &from, setting),
                lstm_options_find(here, options, setting));
    options->given[setting] = mark;
}

/* A rate is there to drop something. */
static lstm_options meant(const lstm_options *options)
{
    lstm_options size = settings_of(options->size);
    if (options->given[LSTM_RATE]) {
        size.dropout = ARD_DROPOUT_SUBSET;
    }
    return size;
}

void lstm_sizes_complete(lstm_options *options)
{
    const lstm_options size = meant(options);
    for (size_t i = 0; i < OF_SIZE_COUNT; ++i) {
        take(options, &size, OF_SIZE[i], false);
    }
    if (!options->given[LSTM_EMBED]) {
        options->embed = options->hidden;
    }
}

void lstm_sizes_expand(lstm_options *options)
{
    const lstm_options size = meant(options);
    for (size_t i = 0; options->size_given && i < OF_SIZE_COUNT; ++i) {
        if (OF_SIZE[i] != LSTM_EPOCHS) {
            take(options, &size, OF_SIZE[i], true);
        }
    }
}
