/* SPDX-License-Identifier: Apache-2.0 */
#include "train/lstm/lstm_recorded.h"

#include "train/lstm/lstm_sizes.h"
#include "train/option_values.h"
#include "train/options.h"

static bool is_alike(const ard_dropout *a, const ard_dropout *b)
{
    return a->kind == b->kind && a->scale == b->scale && a->rate == b->rate &&
           a->tile_edge == b->tile_edge && a->tile_numbering == b->tile_numbering;
}

static uint32_t period_of(const ard_dropout *dropout)
{
    switch (dropout->kind) {
    case ARD_DROPOUT_SUBSET:
        return dropout->subset.period;
    case ARD_DROPOUT_ROW:
    case ARD_DROPOUT_TILE:
        return dropout->distribution.max_period;
    default:
        return 0;
    }
}

/* The same dropout wherever there is one. */
static bool read_dropout(const ard_lstm_options *network, lstm_options *options)
{
    const bool between = network->between.kind != ARD_DROPOUT_NONE;
    const bool recurrent = network->recurrent.kind != ARD_DROPOUT_NONE;
    const ard_dropout *dropout = between ? &network->between : &network->recurrent;
    options->dropout = (int)dropout->kind;
    options->rate = dropout->rate;
    options->scale = (int)dropout->scale;
    options->tile = dropout->tile_edge;
    options->numbering = (int)dropout->tile_numbering;
    options->max_period = period_of(dropout);
    options->fresh = network->fresh;
    options->placement = recurrent ? (between ? LSTM_BOTH : LSTM_RECURRENT) : LSTM_BETWEEN;
    return !between || !recurrent ||
           (is_alike(&network->between, &network->recurrent) &&
            period_of(&network->between) == period_of(&network->recurrent));
}

static void read_extra(const lstm_extra *extra, lstm_options *options)
{
    options->level = extra->level;
    options->max_words = extra->max_words;
    options->train_tokens = extra->train_tokens;
    options->lr = extra->lr;
    options->schedule = extra->schedule;
    options->lr_decay = extra->lr_decay;
    options->lr_decay_after = extra->lr_decay_after;
    options->epochs = extra->epochs;
}

bool lstm_recorded_read(const ard_lstm *lstm, const lstm_extra *extra, lstm_options *options)
{
    const ard_lstm_options *network = ard_lstm_get_options(lstm);
    read_extra(extra, options);
    options->layers = network->layers;
    options->hidden = network->hidden;
    options->embed = network->embedding;
    options->tied = network->tied;
    options->steps = network->steps;
    options->batch = network->batch;
    options->range = network->range;
    options->forget_bias = network->forget_bias;
    options->clip = network->clip;
    options->seed = network->seed;
    options->momentum = network->sgd.momentum;
    options->weight_decay = network->sgd.weight_decay;
    return read_dropout(network, options) && network->sgd.schedule.kind == ARD_SCHEDULE_CONSTANT &&
           network->sgd.schedule.warmup == 0;
}

/* Settings that the command line leaves open, from the checkpoint. */
static void complete(const lstm_options *recorded, lstm_options *options)
{
    cli_option there[LSTM_TABLE_SIZE];
    cli_option here[LSTM_TABLE_SIZE];
    lstm_options from = *recorded;
    lstm_options_table(&from, there);
    lstm_options_table(options, here);
    for (lstm_setting setting = 0; setting < LSTM_SETTINGS; ++setting) {
        if (!options->given[setting] && !(setting == LSTM_SEED && options->sample > 0)) {
            option_copy(lstm_options_find(there, &from, setting),
                        lstm_options_find(here, options, setting));
        }
    }
}

static bool may_differ(const lstm_options *recorded, const lstm_options *given,
                       lstm_setting setting)
{
    return setting == LSTM_EPOCHS || (setting == LSTM_SEED && given->sample > 0) ||
           !lstm_options_uses(recorded, setting);
}

static int compare(const lstm_options *recorded, const lstm_options *given)
{
    cli_option there[LSTM_TABLE_SIZE];
    cli_option here[LSTM_TABLE_SIZE];
    lstm_options was = *recorded;
    lstm_options is = *given;
    lstm_options_table(&was, there);
    lstm_options_table(&is, here);
    int status = CLI_SUCCESS;
    for (lstm_setting setting = 0; status == CLI_SUCCESS && setting < LSTM_SETTINGS; ++setting) {
        if (is.given[setting] && !may_differ(recorded, given, setting)) {
            status = option_compare(lstm_options_find(there, &was, setting),
                                    lstm_options_find(here, &is, setting));
        }
    }
    return status;
}

int lstm_recorded_merge(const lstm_options *recorded, lstm_options *options)
{
    lstm_options merged = *options;
    complete(recorded, &merged);
    int status = lstm_options_check(&merged);
    if (status != CLI_SUCCESS) {
        return status;
    }
    lstm_options said = merged;
    lstm_sizes_expand(&said);
    status = compare(recorded, &said);
    if (status == CLI_SUCCESS) {
        *options = merged;
    }
    return status;
}
