/* SPDX-License-Identifier: Apache-2.0 */
#include "train/lstm/lstm_options.h"
#include "train/messages.h"
#include "train/options.h"

bool lstm_options_uses(const lstm_options *options, lstm_setting setting)
{
    switch (setting) {
    case LSTM_MAX_WORDS:
        return options->level == LSTM_WORDS;
    case LSTM_RATE:
    case LSTM_PLACEMENT:
        return options->dropout != ARD_DROPOUT_NONE;
    case LSTM_FRESH:
        return options->dropout != ARD_DROPOUT_NONE && options->dropout != ARD_DROPOUT_TILE &&
               options->dropout != ARD_DROPOUT_DROPCONNECT && options->placement != LSTM_BETWEEN;
    case LSTM_MAX_PERIOD:
        return options_has_period(options->dropout);
    case LSTM_SCALE: /* patterns have it */
        return options_has_groups(options->dropout);
    case LSTM_TILE:
    case LSTM_NUMBERING:
        return options_has_tiles(options->dropout);
    case LSTM_LR_DECAY_AFTER:
        return options->schedule == LSTM_SCHEDULE_EPOCHS;
    default:
        return true;
    }
}

/* Options that go only with some others. */
static int check_uses(const lstm_options *options)
{
    static const struct {
        lstm_setting setting;
        const char *message;
    } ONLY[] = {
        {LSTM_MAX_WORDS, "--max-words goes only with --level word"},
        {LSTM_RATE, "--rate goes only with a --dropout"},
        {LSTM_PLACEMENT, "--placement goes only with a --dropout"},
        {LSTM_FRESH, "--fresh goes only with --placement recurrent or both and --dropout "
                     "bernoulli, row, subset or index"},
        {LSTM_MAX_PERIOD, "--max-period goes only with --dropout row, subset or tile"},
        {LSTM_SCALE, "--scale goes only with --dropout row, subset, tile or index"},
        {LSTM_TILE, "--tile goes only with --dropout tile"},
        {LSTM_NUMBERING, "--numbering goes only with --dropout tile"},
        {LSTM_LR_DECAY_AFTER, "--lr-decay-after goes only with --schedule epochs"},
    };
    for (size_t i = 0; i < sizeof ONLY / sizeof ONLY[0]; ++i) {
        if (options->given[ONLY[i].setting] && !lstm_options_uses(options, ONLY[i].setting)) {
            return cli_mistake(&train_messages, "%s", ONLY[i].message);
        }
    }
    return CLI_SUCCESS;
}

int lstm_options_check(const lstm_options *options)
{
    if (options->fresh && options->steps > ARD_LSTM_MAX_FRESH_STEPS) {
        return cli_mistake(&train_messages, "--steps %zu: at most %d with --fresh", options->steps,
                           ARD_LSTM_MAX_FRESH_STEPS);
    }
    if (options->tied && options->embed != options->hidden) {
        return cli_mistake(&train_messages, "--embed %zu: must be --hidden %zu with --tied",
                           options->embed, options->hidden);
    }
    if (options->tied && options->dropout == ARD_DROPOUT_TILE &&
        options->placement != LSTM_RECURRENT) {
        return cli_mistake(&train_messages,
                           "--tied goes with --dropout tile only where --placement is recurrent");
    }
    return check_uses(options);
}

static int check_sample(const lstm_options *options)
{
    if (options->sample == 0) {
        return options->temperature_given || options->unknown
                   ? cli_mistake(&train_messages, "--%s goes only with --sample",
                                 options->temperature_given ? "temperature" : "unknown")
                   : CLI_SUCCESS;
    }
    if (options->resume == NULL) {
        return cli_mistake(&train_messages, "--sample needs --resume, the model's checkpoint");
    }
    if (options->save != NULL) {
        return cli_mistake(&train_messages, "--save goes not with --sample, which trains nothing");
    }
    if (options->format == FORMAT_JSON) {
        return cli_mistake(&train_messages, "--format json goes not with --sample");
    }
    if (options->given[LSTM_EPOCHS] || options->quiet) {
        return cli_mistake(&train_messages, "--%s goes not with --sample, which trains nothing",
                           options->quiet ? "quiet" : "epochs");
    }
    return CLI_SUCCESS;
}

int lstm_options_check_run(const lstm_options *options)
{
    const int status = check_sample(options);
    if (status != CLI_SUCCESS) {
        return status;
    }
    if (options->data == NULL) {
        return options->resume != NULL
                   ? cli_mistake(&train_messages, "--data is needed: the words are in the text, "
                                                  "not in the checkpoint; give what it was trained "
                                                  "on")
                   : cli_mistake(&train_messages, "--data is needed: a folder, files or builtin");
    }
    if (options->save_every_given && options->save == NULL) {
        return cli_mistake(&train_messages, "--save-every needs --save");
    }
    return CLI_SUCCESS;
}
