/* SPDX-License-Identifier: Apache-2.0 */
#include "train/lstm/lstm_options.h"

#include <assert.h>
#include <string.h>

#include "data/vocabulary.h"
#include "train/lstm/lstm_sizes.h"
#include "train/options.h"

static const char *const LEVEL_NAMES[] = {"word", "char", NULL};
static const char *const PLACEMENT_NAMES[] = {"between", "recurrent", "both", NULL};
static const char *const SCHEDULE_NAMES[] = {"epochs", "plateau", NULL};

enum { MAX_WIDTH = 1 << 20, MAX_TOKENS = 1 << 30 };

const char LSTM_SUMMARY[] = "a recurrent language model on text";
const char LSTM_DESCRIPTION[] =
    "Trains an LSTM to predict the next word or character of a text and reports its perplexity on\n"
    "the validation text after each epoch, and on the test text at the end. ctrl-C finishes the\n"
    "current step, saves where --save says, and stops with exit status 130; --resume goes on to "
    "the\n"
    "same bits as a run that was never stopped. --sample prints text of a checkpoint's.\n"
    "\n"
    "Sizes (Zaremba et al., arXiv 1409.2329); each number can be set by itself:\n"
    "           layers  steps  range  clip  epochs  dropout     learning rate\n"
    "  small   2 x 200     20  0.1       5      13  none        1, x 0.5 in each epoch after 4\n"
    "  medium  2 x 650     35  0.05      5      39  rate 0.5    1, x 1/1.2 in each after 6\n"
    "  large  2 x 1500     35  0.04     10      55  rate 0.65   1, x 1/1.15 in each after 14\n";

lstm_options lstm_options_defaults(void)
{
    return (lstm_options){.batch = 20,
                          .rate = 0.5,
                          .scale = ARD_SCALE_PERIOD,
                          .tile = ARD_TILE_DEFAULT_EDGE,
                          .seed = 1,
                          .save_every = 1,
                          .temperature = 1.0};
}

/* clang-format off */
static size_t add_text(cli_option *table, lstm_options *o)
{
    bool *given = o->given;
    const cli_option part[] = {
        {.name = "data", .metavar = "DIR|FILES|builtin", .type = CLI_STRING, .target = &o->data,
         .help = "folder with a training, a validation and a test text,\nor three files TRAIN,VALID,TEST; of characters: one\nfile; or \"builtin\": sentences of a grammar"},
        {.name = "level", .type = CLI_ENUM, .target = &o->level, .given = &given[LSTM_LEVEL], .names = LEVEL_NAMES,
         .help = "what a token is", .default_text = "word"},
        {.name = "max-words", .metavar = "N", .type = CLI_SIZE, .target = &o->max_words, .given = &given[LSTM_MAX_WORDS],
         .minimum = VOCABULARY_LEAST, .maximum = MAX_TOKENS, .help = "word: size of the vocabulary; rarer words become <unk>",
         .default_text = "all"},
        {.name = "train-tokens", .metavar = "N", .type = CLI_SIZE, .target = &o->train_tokens,
         .given = &given[LSTM_TRAIN_TOKENS], .minimum = 2, .maximum = MAX_TOKENS,
         .help = "train on the first N tokens only", .default_text = "all"},
    };
    memcpy(table, part, sizeof part);
    return sizeof part / sizeof part[0];
}

static size_t add_network(cli_option *table, lstm_options *o)
{
    bool *given = o->given;
    const cli_option part[] = {
        {.name = "size", .type = CLI_ENUM, .target = &o->size, .given = &o->size_given, .names = LSTM_SIZE_NAMES,
         .help = "defaults of what follows, see above", .default_text = "small"},
        {.name = "layers", .metavar = "N", .type = CLI_SIZE, .target = &o->layers, .given = &given[LSTM_LAYERS],
         .minimum = 1, .maximum = ARD_LSTM_MAX_LAYERS, .help = "LSTM layers", .default_text = "of the size"},
        {.name = "hidden", .metavar = "W", .type = CLI_SIZE, .target = &o->hidden, .given = &given[LSTM_HIDDEN],
         .minimum = 1, .maximum = MAX_WIDTH, .help = "width of each", .default_text = "of the size"},
        {.name = "embed", .metavar = "W", .type = CLI_SIZE, .target = &o->embed, .given = &given[LSTM_EMBED],
         .minimum = 1, .maximum = MAX_WIDTH, .help = "width of a token's vector", .default_text = "--hidden"},
        {.name = "tied", .type = CLI_FLAG, .target = &o->tied, .given = &given[LSTM_TIED],
         .help = "the softmax has the weights of the embedding"},
        {.name = "steps", .metavar = "N", .type = CLI_SIZE, .target = &o->steps, .given = &given[LSTM_STEPS],
         .minimum = 1, .maximum = MAX_WIDTH, .help = "time steps of a training step, back through which the\ngradient goes",
         .default_text = "of the size"},
        {.name = "batch", .metavar = "N", .type = CLI_SIZE, .target = &o->batch, .given = &given[LSTM_BATCH],
         .minimum = 1, .maximum = MAX_WIDTH, .help = "stretches of the text that are read side by side",
         .default_text = "20"},
    };
    memcpy(table, part, sizeof part);
    return sizeof part / sizeof part[0];
}

static size_t add_dropout(cli_option *table, lstm_options *o)
{
    bool *given = o->given;
    const cli_option part[] = {
        {.name = "dropout", .type = CLI_ENUM, .target = &o->dropout, .given = &given[LSTM_DROPOUT],
         .names = OPTIONS_DROPOUT_NAMES, .help = "how neurons are dropped; tile and dropconnect drop\nweights (synapses, not neurons)",
         .default_text = "subset, but none for small without --rate"},
        {.name = "rate", .metavar = "P", .type = CLI_DOUBLE, .target = &o->rate, .given = &given[LSTM_RATE],
         .minimum = 0, .maximum = 1, .flags = CLI_BELOW_MAXIMUM, .help = "dropout rate",
         .default_text = "of the size; small: 0.5"},
        {.name = "placement", .type = CLI_ENUM, .target = &o->placement, .given = &given[LSTM_PLACEMENT],
         .names = PLACEMENT_NAMES, .help = "what is dropped: the inputs of the layers and of the\nsoftmax, the hidden states on their way to the next\ntime step, or both",
         .default_text = "between"},
        {.name = "fresh", .type = CLI_FLAG, .target = &o->fresh, .given = &given[LSTM_FRESH],
         .help = "recurrent, both: drop other hidden units at each time\nstep, not the same in all of a training step"},
        {.name = "max-period", .metavar = "N", .type = CLI_U32, .target = &o->max_period, .given = &given[LSTM_MAX_PERIOD],
         .minimum = 1, .maximum = ARD_MAX_PERIOD, .help = "row, tile: the largest period; subset: the period",
         .default_text = "from the rate"},
        {.name = "scale", .type = CLI_ENUM, .target = &o->scale, .given = &given[LSTM_SCALE], .names = OPTIONS_SCALE_NAMES,
         .help = "scale what is kept by 1/(1-rate), or by 1/(share the\npattern keeps)", .default_text = "period"},
        {.name = "tile", .metavar = "EDGE", .type = CLI_U32, .target = &o->tile, .given = &given[LSTM_TILE],
         .minimum = 1, .maximum = UINT32_MAX, .help = "tile: edge of the square tiles of weights", .default_text = "32"},
        {.name = "numbering", .type = CLI_ENUM, .target = &o->numbering, .given = &given[LSTM_NUMBERING],
         .names = OPTIONS_NUMBERING_NAMES, .help = "tile: how tiles are counted, of which one of every\nperiod is kept",
         .default_text = "diagonal"},
    };
    memcpy(table, part, sizeof part);
    return sizeof part / sizeof part[0];
}

static size_t add_optimizer(cli_option *table, lstm_options *o)
{
    bool *given = o->given;
    const cli_option part[] = {
        {.name = "epochs", .metavar = "N", .type = CLI_SIZE, .target = &o->epochs, .given = &given[LSTM_EPOCHS],
         .minimum = 1, .maximum = OPTIONS_MAX_EPOCHS, .help = "passes over the training text", .default_text = "of the size"},
        {.name = "range", .metavar = "R", .type = CLI_DOUBLE, .target = &o->range, .given = &given[LSTM_RANGE],
         .minimum = 0, .maximum = CLI_NO_LIMIT, .flags = CLI_ABOVE_MINIMUM, .help = "initial weights are uniform between -R and R",
         .default_text = "of the size"},
        {.name = "forget-bias", .metavar = "B", .type = CLI_DOUBLE, .target = &o->forget_bias, .given = &given[LSTM_FORGET_BIAS],
         .minimum = -CLI_NO_LIMIT, .maximum = CLI_NO_LIMIT, .help = "initial bias of the forget gates", .default_text = "0"},
        {.name = "clip", .metavar = "C", .type = CLI_DOUBLE, .target = &o->clip, .given = &given[LSTM_CLIP],
         .minimum = 0, .maximum = CLI_NO_LIMIT, .help = "largest norm of a gradient; 0: any", .default_text = "of the size"},
        {.name = "lr", .metavar = "R", .type = CLI_DOUBLE, .target = &o->lr, .given = &given[LSTM_LR],
         .minimum = 0, .maximum = CLI_NO_LIMIT, .flags = CLI_ABOVE_MINIMUM, .help = "learning rate of the first epoch",
         .default_text = "1"},
        {.name = "schedule", .type = CLI_ENUM, .target = &o->schedule, .given = &given[LSTM_SCHEDULE], .names = SCHEDULE_NAMES,
         .help = "the learning rate falls in each epoch after\n--lr-decay-after, or after each whose validation\nperplexity is not the least so far",
         .default_text = "epochs"},
        {.name = "lr-decay", .metavar = "F", .type = CLI_DOUBLE, .target = &o->lr_decay, .given = &given[LSTM_LR_DECAY],
         .minimum = 0, .maximum = 1, .flags = CLI_ABOVE_MINIMUM, .help = "what it is multiplied by then",
         .default_text = "of the size"},
        {.name = "lr-decay-after", .metavar = "N", .type = CLI_SIZE, .target = &o->lr_decay_after,
         .given = &given[LSTM_LR_DECAY_AFTER], .minimum = 1, .maximum = OPTIONS_MAX_EPOCHS,
         .help = "epochs: those with the first learning rate", .default_text = "of the size"},
        {.name = "momentum", .metavar = "M", .type = CLI_DOUBLE, .target = &o->momentum, .given = &given[LSTM_MOMENTUM],
         .minimum = 0, .maximum = 1, .flags = CLI_BELOW_MAXIMUM, .help = "share of the velocity that a step keeps",
         .default_text = "0"},
        {.name = "weight-decay", .metavar = "D", .type = CLI_DOUBLE, .target = &o->weight_decay,
         .given = &given[LSTM_WEIGHT_DECAY], .minimum = 0, .maximum = CLI_NO_LIMIT,
         .help = "pull of every parameter towards zero", .default_text = "0"},
        {.name = "seed", .metavar = "S", .type = CLI_U64, .target = &o->seed, .given = &given[LSTM_SEED],
         .help = "of initial weights and patterns; of --sample's draws", .default_text = "1"},
    };
    memcpy(table, part, sizeof part);
    return sizeof part / sizeof part[0];
}

static size_t add_sample(cli_option *table, lstm_options *o)
{
    const cli_option part[] = {
        {.name = "sample", .metavar = "N", .type = CLI_SIZE, .target = &o->sample, .minimum = 1, .maximum = MAX_TOKENS,
         .help = "print N tokens of --resume's model, train nothing"},
        {.name = "temperature", .metavar = "T", .type = CLI_DOUBLE, .target = &o->temperature,
         .given = &o->temperature_given, .minimum = 0, .maximum = CLI_NO_LIMIT,
         .help = "of --sample: logits are divided by T; 0: always the\nmost probable token", .default_text = "1"},
        {.name = "unknown", .type = CLI_FLAG, .target = &o->unknown, .help = "--sample may print <unk>, which is never drawn else"},
    };
    memcpy(table, part, sizeof part);
    return sizeof part / sizeof part[0];
}
/* clang-format on */

static size_t add_run(cli_option *table, lstm_options *o)
{
    size_t count =
        options_checkpoint(table, &o->save, &o->save_every, &o->save_every_given, &o->resume);
    count += add_sample(table + count, o);
    return count + options_report(table + count, &o->device, &o->format, &o->quiet);
}

void lstm_options_table(lstm_options *options, cli_option table[LSTM_TABLE_SIZE])
{
    memset(table, 0, LSTM_TABLE_SIZE * sizeof *table);
    size_t count = add_text(table, options);
    count += add_network(table + count, options);
    count += add_dropout(table + count, options);
    count += add_optimizer(table + count, options);
    count += add_run(table + count, options);
    assert(count < LSTM_TABLE_SIZE);
}

const cli_option *lstm_options_find(const cli_option table[LSTM_TABLE_SIZE],
                                    const lstm_options *options, lstm_setting setting)
{
    const cli_option *option = table;
    while (option->given != &options->given[setting]) {
        ++option;
        assert(option->name != NULL);
    }
    return option;
}
