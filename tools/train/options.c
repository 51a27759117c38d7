/* SPDX-License-Identifier: Apache-2.0 */
#include "train/options.h"

#include <assert.h>
#include <string.h>

#include "train/messages.h"

static const char *const DROPOUT_NAMES[] = {"none", "bernoulli",   "row", "subset",
                                            "tile", "dropconnect", NULL};
static const char *const NUMBERING_NAMES[] = {"diagonal", "linear", NULL};
static const char *const SCALE_NAMES[] = {"rate", "period", NULL};
static const char *const SCHEDULE_NAMES[] = {"constant", "step", "cosine", NULL};
static const char *const FORMAT_NAMES[] = {"text", "json", NULL};

enum { MAX_OPTIONS = 32, MAX_WIDTH = 1 << 20, MAX_BATCH = 1 << 20 };

static const char SUMMARY[] =
    "trains a network with dropped neurons or weights on an OpenCL device";
static const char MLP_SUMMARY[] = "a multi-layer perceptron on pictures of digits";
static const char MLP_DESCRIPTION[] =
    "Trains a perceptron with ReLU between its layers and reports the accuracy on the test half "
    "after\n"
    "each epoch. ctrl-C finishes the current step, saves where --save says, and stops with exit\n"
    "status 130; --resume goes on to the same bits as a run that was never stopped.\n";

static train_options defaults(void)
{
    return (train_options){.hidden = {2, {512, 512}},
                           .dropout = ARD_DROPOUT_ROW,
                           .rate = {1, {0.5}},
                           .tile = ARD_TILE_DEFAULT_EDGE,
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
static size_t add_network(cli_option *table, train_options *o)
{
    bool *given = o->given;
    const cli_option part[] = {
        {.name = "data", .metavar = "DIR|builtin", .type = CLI_STRING, .target = &o->data, .flags = CLI_REQUIRED,
         .help = "folder with the four idx files of MNIST, plain or .gz,\nor \"builtin\": drawn digits, which need no file"},
        {.name = "hidden", .metavar = "W,...", .type = CLI_SIZE_LIST, .target = &o->hidden, .given = &given[RECORDED_HIDDEN],
         .minimum = 1, .maximum = MAX_WIDTH, .help = "widths of the hidden layers", .default_text = "512,512"},
        {.name = "dropout", .type = CLI_ENUM, .target = &o->dropout, .given = &given[RECORDED_DROPOUT],
         .names = DROPOUT_NAMES, .help = "how hidden neurons are dropped; tile and\ndropconnect drop weights into the hidden layers\n(synapses, not neurons)",
         .default_text = "row"},
        {.name = "rate", .metavar = "P,...", .type = CLI_DOUBLE_LIST, .target = &o->rate, .given = &given[RECORDED_RATE],
         .minimum = 0, .maximum = 1, .flags = CLI_BELOW_MAXIMUM,
         .help = "dropout rate, one for all hidden layers or one for each", .default_text = "0.5"},
        {.name = "max-period", .metavar = "N", .type = CLI_U32, .target = &o->max_period,
         .given = &given[RECORDED_MAX_PERIOD], .minimum = 1, .maximum = ARD_MAX_PERIOD,
         .help = "row, tile: the largest period; subset: the period", .default_text = "from the rate"},
        {.name = "tile", .metavar = "EDGE", .type = CLI_U32, .target = &o->tile, .given = &given[RECORDED_TILE],
         .minimum = 1, .maximum = UINT32_MAX, .help = "tile: edge of the square tiles of weights", .default_text = "32"},
        {.name = "numbering", .type = CLI_ENUM, .target = &o->numbering, .given = &given[RECORDED_NUMBERING],
         .names = NUMBERING_NAMES, .help = "tile: how tiles are counted, of which one of every\nperiod is kept",
         .default_text = "diagonal"},
        {.name = "scale", .type = CLI_ENUM, .target = &o->scale, .given = &given[RECORDED_SCALE], .names = SCALE_NAMES,
         .help = "scale what is kept by 1/(1-rate) or by the period", .default_text = "rate"},
    };
    memcpy(table, part, sizeof part);
    return sizeof part / sizeof part[0];
}

static size_t add_optimizer(cli_option *table, train_options *o)
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
         .help = "cosine: the rate after the last of --epochs", .default_text = "0"},
        {.name = "seed", .metavar = "S", .type = CLI_U64, .target = &o->seed, .given = &given[RECORDED_SEED],
         .help = "of initial weights, patterns and the order of the data", .default_text = "1"},
    };
    memcpy(table, part, sizeof part);
    return sizeof part / sizeof part[0];
}

static size_t add_run(cli_option *table, train_options *o)
{
    const cli_option part[] = {
        {.name = "save", .metavar = "FILE", .type = CLI_STRING, .target = &o->save,
         .help = "write a checkpoint: at the end, on ctrl-C, and in between"},
        {.name = "save-every", .metavar = "N", .type = CLI_SIZE, .target = &o->save_every,
         .given = &o->save_every_given, .minimum = 1, .maximum = OPTIONS_MAX_EPOCHS, .help = "epochs between checkpoints",
         .default_text = "1"},
        {.name = "resume", .metavar = "FILE", .type = CLI_STRING, .target = &o->resume,
         .help = "go on from a checkpoint, with its settings;\n--epochs may be raised"},
        {.name = "device", .metavar = "P:D|TYPE|NAME", .type = CLI_STRING, .target = &o->device,
         .help = "OpenCL device: numbers as in clinfo -l, cpu, gpu,\nor part of a name",
         .default_text = "$ARD_DEVICE, else a GPU, else any"},
        {.name = "format", .type = CLI_ENUM, .target = &o->format, .names = FORMAT_NAMES,
         .help = "of the report", .default_text = "text"},
        {.name = "quiet", .letter = 'q', .type = CLI_FLAG, .target = &o->quiet,
         .help = "no progress and no line an epoch, only the result"},
    };
    memcpy(table, part, sizeof part);
    return sizeof part / sizeof part[0];
}
/* clang-format on */

static int parse_mlp(int argc, char *const *argv, train_options *o)
{
    cli_option options[MAX_OPTIONS] = {{0}};
    size_t count = add_network(options, o);
    count += add_optimizer(options + count, o);
    count += add_run(options + count, o);
    assert(count < MAX_OPTIONS);
    const cli_command commands[] = {
        {.name = "mlp", .summary = MLP_SUMMARY, .description = MLP_DESCRIPTION, .options = options},
        {0},
    };
    const cli_program program = {.name = "ard-train",
                                 .version = ard_version(),
                                 .summary = SUMMARY,
                                 .commands = commands,
                                 .command_required = true};
    const cli_command *command = NULL;
    return cli_parse(&program, argc, argv, &command);
}

int options_parse(int argc, char *const *argv, train_options *options)
{
    *options = defaults();
    return parse_mlp(argc, argv, options);
}

static int check_dropout(const train_options *options)
{
    const int dropout = options->dropout;
    const bool periods =
        dropout == ARD_DROPOUT_ROW || dropout == ARD_DROPOUT_SUBSET || dropout == ARD_DROPOUT_TILE;
    if (options->given[RECORDED_MAX_PERIOD] && !periods) {
        return cli_mistake(&train_messages,
                           "--max-period goes only with --dropout row, subset or tile");
    }
    if (options->given[RECORDED_TILE] && dropout != ARD_DROPOUT_TILE) {
        return cli_mistake(&train_messages, "--tile goes only with --dropout tile");
    }
    if (options->given[RECORDED_NUMBERING] && dropout != ARD_DROPOUT_TILE) {
        return cli_mistake(&train_messages, "--numbering goes only with --dropout tile");
    }
    return CLI_SUCCESS;
}

static int check_schedule(const train_options *options)
{
    static const struct {
        recorded_option option;
        const char *name;
        int schedule;
    } ONLY_WITH[] = {
        {RECORDED_LR_STEP_EPOCHS, "lr-step-epochs", ARD_SCHEDULE_STEP},
        {RECORDED_LR_FACTOR, "lr-factor", ARD_SCHEDULE_STEP},
        {RECORDED_LR_FINAL, "lr-final", ARD_SCHEDULE_COSINE},
    };
    for (size_t i = 0; i < sizeof ONLY_WITH / sizeof ONLY_WITH[0]; ++i) {
        if (options->given[ONLY_WITH[i].option] && options->schedule != ONLY_WITH[i].schedule) {
            return cli_mistake(&train_messages, "--%s goes only with --schedule %s",
                               ONLY_WITH[i].name, SCHEDULE_NAMES[ONLY_WITH[i].schedule]);
        }
    }
    return CLI_SUCCESS;
}

static int spread_rate(train_options *options)
{
    const size_t layers = options->hidden.count;
    if (layers > ARD_MLP_MAX_LAYERS - 1) {
        return cli_mistake(&train_messages, "--hidden: %zu layers; at most %d", layers,
                           ARD_MLP_MAX_LAYERS - 1);
    }
    if (options->rate.count == 1) {
        for (size_t i = 1; i < layers; ++i) {
            options->rate.values[i] = options->rate.values[0];
        }
        options->rate.count = layers;
    }
    if (options->rate.count != layers) {
        return cli_mistake(&train_messages,
                           "--rate: %zu rates for %zu hidden layers; give one, or one for each",
                           options->rate.count, layers);
    }
    return CLI_SUCCESS;
}

int options_check(train_options *options)
{
    int status = check_dropout(options);
    if (status != CLI_SUCCESS) {
        return status;
    }
    if (options->save_every_given && options->save == NULL) {
        return cli_mistake(&train_messages, "--save-every needs --save");
    }
    status = check_schedule(options);
    return status != CLI_SUCCESS ? status : spread_rate(options);
}

const char *options_dropout_name(int dropout)
{
    return DROPOUT_NAMES[dropout];
}

const char *options_numbering_name(int numbering)
{
    return NUMBERING_NAMES[numbering];
}

const char *options_scale_name(int scale)
{
    return SCALE_NAMES[scale];
}

const char *options_schedule_name(int schedule)
{
    return SCHEDULE_NAMES[schedule];
}
