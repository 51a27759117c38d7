/* SPDX-License-Identifier: Apache-2.0 */
#include "train/options.h"

#include <string.h>

#include "cost/cost_file.h"

static const char *const FORMAT_NAMES[] = {"text", "json", NULL};
const char *const OPTIONS_DROPOUT_NAMES[] = {"none", "bernoulli",   "row",   "subset",
                                             "tile", "dropconnect", "index", NULL};
static const char *const RATE_SCHEDULE_NAMES[] = {"constant", "exponential", NULL};
static const char *const SEARCH_NAMES[] = {"exact", "sgd", "cost", NULL};
const char *const OPTIONS_NUMBERING_NAMES[] = {"diagonal", "linear", NULL};
const char *const OPTIONS_SCALE_NAMES[] = {"rate", "period", NULL};
static const char *const SCHEDULE_NAMES[] = {"constant", "step", "cosine", NULL};

enum { MAX_WIDTH = 1 << 20, MAX_BATCH = 1 << 20 };

train_options options_defaults(void)
{
    return (train_options){.hidden = {2, {512, 512}},
                           .dropout = ARD_DROPOUT_SUBSET,
                           .rate = {1, {0.5}},
                           .entropy_share = COST_DEFAULT_ENTROPY_SHARE,
                           .tile = ARD_TILE_DEFAULT_EDGE,
                           .groups = 1,
                           .epochs = 8,
                           .batch = 128,
                           .lr = 0.01,
                           .momentum = 0.9,
                           .lr_step_epochs = 1,
                           .lr_factor = 0.1,
                           .seed = 1,
                           .save_every = 1};
}

/* clang-format off */
size_t options_network(cli_option *table, train_options *o)
{
    bool *given = o->given;
    const cli_option part[] = {
        {.name = "hidden", .metavar = "W,...", .type = CLI_SIZE_LIST, .target = &o->hidden, .given = &given[RECORDED_HIDDEN],
         .minimum = 1, .maximum = MAX_WIDTH, .help = "widths of the hidden layers", .default_text = "512,512"},
        {.name = "dropout", .type = CLI_ENUM, .target = &o->dropout, .given = &given[RECORDED_DROPOUT],
         .names = OPTIONS_DROPOUT_NAMES, .help = "how hidden neurons are dropped; tile and\ndropconnect drop weights into the hidden layers\n(synapses, not neurons)",
         .default_text = "subset"},
        {.name = "rate", .metavar = "P,...", .type = CLI_DOUBLE_LIST, .target = &o->rate, .given = &given[RECORDED_RATE],
         .minimum = 0, .maximum = 1, .flags = CLI_BELOW_MAXIMUM,
         .help = "dropout rate, one for all hidden layers or one for each", .default_text = "0.5"},
        {.name = "rate-schedule", .type = CLI_ENUM, .target = &o->rate_schedule, .given = &given[RECORDED_RATE_SCHEDULE],
         .names = RATE_SCHEDULE_NAMES, .help = "whether the dropout rate grows from 0 to --rate, as\nrate * (1 - exp(-10 step / steps of --rate-epochs))",
         .default_text = "constant"},
        {.name = "rate-epochs", .metavar = "E", .type = CLI_SIZE, .target = &o->rate_epochs,
         .given = &given[RECORDED_RATE_EPOCHS], .minimum = 1, .maximum = OPTIONS_MAX_EPOCHS,
         .help = "exponential: epochs in which the dropout rate grows", .default_text = "--epochs"},
        {.name = "max-period", .metavar = "N", .type = CLI_U32, .target = &o->max_period,
         .given = &given[RECORDED_MAX_PERIOD], .minimum = 1, .maximum = ARD_MAX_PERIOD,
         .help = "row, tile: the largest period; subset: the period", .default_text = "from the rate"},
        {.name = "search", .type = CLI_ENUM, .target = &o->search, .given = &given[RECORDED_SEARCH], .names = SEARCH_NAMES,
         .help = "row, tile: how the distribution of periods is found;\nsgd is the paper's, which comes near the rate; cost\nis the fastest by measured times",
         .default_text = "exact"},
        {.name = "cost", .metavar = "FILE", .type = CLI_STRING, .target = &o->cost, .given = &given[RECORDED_COST],
         .help = "with --search cost: times of this network, as printed\nby 'ard-bench step --per-period --format json'"},
        {.name = "entropy-share", .metavar = "S", .type = CLI_DOUBLE, .target = &o->entropy_share,
         .given = &given[RECORDED_ENTROPY_SHARE], .minimum = 0, .maximum = 1,
         .help = "with --search cost: least entropy of each layer's\nperiods, as a share of the largest of this rate",
         .default_text = "0.9"},
        {.name = "tile", .metavar = "EDGE", .type = CLI_U32, .target = &o->tile, .given = &given[RECORDED_TILE],
         .minimum = 1, .maximum = UINT32_MAX, .help = "tile: edge of the square tiles of weights", .default_text = "32"},
        {.name = "numbering", .type = CLI_ENUM, .target = &o->numbering, .given = &given[RECORDED_NUMBERING],
         .names = OPTIONS_NUMBERING_NAMES, .help = "tile: how tiles are counted, of which one of every\nperiod is kept",
         .default_text = "diagonal"},
        {.name = "scale", .type = CLI_ENUM, .target = &o->scale, .given = &given[RECORDED_SCALE], .names = OPTIONS_SCALE_NAMES,
         .help = "scale what is kept by 1/(1-rate), or by 1/(share the\npattern keeps)", .default_text = "rate"},
        {.name = "groups", .metavar = "G", .type = CLI_U32, .target = &o->groups, .given = &given[RECORDED_GROUPS],
         .minimum = 1, .maximum = ARD_MLP_MAX_GROUPS,
         .help = "row, subset, tile, index: groups of samples in a\nbatch, each with patterns of its own", .default_text = "1"},
    };
    memcpy(table, part, sizeof part);
    return sizeof part / sizeof part[0];
}

size_t options_optimizer(cli_option *table, train_options *o)
{
    bool *given = o->given;
    const cli_option part[] = {
        {.name = "epochs", .metavar = "N", .type = CLI_SIZE, .target = &o->epochs, .given = &given[RECORDED_EPOCHS],
         .minimum = 1, .maximum = OPTIONS_MAX_EPOCHS, .help = "passes over the training half", .default_text = "8"},
        {.name = "batch", .metavar = "N", .type = CLI_SIZE, .target = &o->batch, .given = &given[RECORDED_BATCH],
         .minimum = 1, .maximum = MAX_BATCH, .help = "samples in a step", .default_text = "128"},
        {.name = "lr", .metavar = "R", .type = CLI_DOUBLE, .target = &o->lr, .given = &given[RECORDED_LR],
         .minimum = 0, .maximum = CLI_NO_LIMIT, .flags = CLI_ABOVE_MINIMUM, .help = "learning rate",
         .default_text = "0.01"},
        {.name = "momentum", .metavar = "M", .type = CLI_DOUBLE, .target = &o->momentum,
         .given = &given[RECORDED_MOMENTUM], .minimum = 0, .maximum = 1, .flags = CLI_BELOW_MAXIMUM,
         .help = "share of the velocity that a step keeps", .default_text = "0.9"},
        {.name = "weight-decay", .metavar = "D", .type = CLI_DOUBLE, .target = &o->weight_decay,
         .given = &given[RECORDED_WEIGHT_DECAY], .minimum = 0, .maximum = CLI_NO_LIMIT,
         .help = "pull of every parameter towards zero", .default_text = "0"},
        {.name = "schedule", .type = CLI_ENUM, .target = &o->schedule, .given = &given[RECORDED_SCHEDULE],
         .names = SCHEDULE_NAMES, .help = "how the learning rate changes", .default_text = "constant"},
        {.name = "lr-step-epochs", .metavar = "N", .type = CLI_SIZE, .target = &o->lr_step_epochs,
         .given = &given[RECORDED_LR_STEP_EPOCHS], .minimum = 1, .maximum = OPTIONS_MAX_EPOCHS,
         .help = "step: epochs between drops", .default_text = "1"},
        {.name = "lr-factor", .metavar = "F", .type = CLI_DOUBLE, .target = &o->lr_factor,
         .given = &given[RECORDED_LR_FACTOR], .minimum = 0, .maximum = CLI_NO_LIMIT, .flags = CLI_ABOVE_MINIMUM,
         .help = "step: what a drop multiplies by", .default_text = "0.1"},
        {.name = "lr-final", .metavar = "R", .type = CLI_DOUBLE, .target = &o->lr_final,
         .given = &given[RECORDED_LR_FINAL], .minimum = 0, .maximum = CLI_NO_LIMIT,
         .help = "cosine: the learning rate after the last of --epochs", .default_text = "0"},
        {.name = "lr-warmup-epochs", .metavar = "N", .type = CLI_SIZE, .target = &o->lr_warmup_epochs,
         .given = &given[RECORDED_LR_WARMUP_EPOCHS], .minimum = 0, .maximum = OPTIONS_MAX_EPOCHS,
         .help = "epochs in which the learning rate grows to what\n--schedule says", .default_text = "0"},
        {.name = "seed", .metavar = "S", .type = CLI_U64, .target = &o->seed, .given = &given[RECORDED_SEED],
         .help = "of initial weights, patterns and the order of the data", .default_text = "1"},
    };
    memcpy(table, part, sizeof part);
    return sizeof part / sizeof part[0];
}

size_t options_checkpoint(cli_option *table, const char **save, size_t *save_every, bool *save_every_given,
                          const char **resume)
{
    const cli_option part[] = {
        {.name = "save", .metavar = "FILE", .type = CLI_STRING, .target = save,
         .help = "write a checkpoint: at the end, on ctrl-C, and in between"},
        {.name = "save-every", .metavar = "N", .type = CLI_SIZE, .target = save_every,
         .given = save_every_given, .minimum = 1, .maximum = OPTIONS_MAX_EPOCHS, .help = "epochs between checkpoints",
         .default_text = "1"},
        {.name = "resume", .metavar = "FILE", .type = CLI_STRING, .target = resume,
         .help = "go on from a checkpoint, with its settings;\n--epochs may be raised"},
    };
    memcpy(table, part, sizeof part);
    return sizeof part / sizeof part[0];
}

size_t options_report(cli_option *table, const char **device, int *format, bool *quiet)
{
    const cli_option part[] = {
        {.name = "device", .metavar = "P:D|TYPE|NAME", .type = CLI_STRING, .target = device,
         .help = "OpenCL device: numbers as in clinfo -l, cpu, gpu,\nor part of a name",
         .default_text = "$ARD_DEVICE, else a GPU, else any"},
        {.name = "format", .type = CLI_ENUM, .target = format, .names = FORMAT_NAMES,
         .help = "of the report", .default_text = "text"},
        {.name = "quiet", .letter = 'q', .type = CLI_FLAG, .target = quiet,
         .help = "no progress and no line an epoch, only the result"},
    };
    memcpy(table, part, sizeof part);
    return sizeof part / sizeof part[0];
}
/* clang-format on */

bool options_searches(int dropout)
{
    return dropout == ARD_DROPOUT_ROW || dropout == ARD_DROPOUT_TILE;
}

bool options_has_period(int dropout)
{
    return options_searches(dropout) || dropout == ARD_DROPOUT_SUBSET;
}

bool options_has_tiles(int dropout)
{
    return dropout == ARD_DROPOUT_TILE;
}

bool options_has_groups(int dropout)
{
    return options_has_period(dropout) || dropout == ARD_DROPOUT_INDEX;
}

bool options_uses_cost(const train_options *options)
{
    return options->search == SEARCH_COST && options_searches(options->dropout);
}

bool options_rate_changes(const train_options *options)
{
    return options->rate_schedule != RATE_CONSTANT && options->dropout != ARD_DROPOUT_NONE;
}

const char *options_dropout_name(int dropout)
{
    return OPTIONS_DROPOUT_NAMES[dropout];
}

const char *options_rate_schedule_name(int schedule)
{
    return RATE_SCHEDULE_NAMES[schedule];
}

const char *options_search_name(int search)
{
    return SEARCH_NAMES[search];
}

const char *options_numbering_name(int numbering)
{
    return OPTIONS_NUMBERING_NAMES[numbering];
}

const char *options_scale_name(int scale)
{
    return OPTIONS_SCALE_NAMES[scale];
}

const char *options_schedule_name(int schedule)
{
    return SCHEDULE_NAMES[schedule];
}
