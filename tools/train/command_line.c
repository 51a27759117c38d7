/* SPDX-License-Identifier: Apache-2.0 */
#include "train/command_line.h"

#include <assert.h>
#include <string.h>

#include "train/messages.h"

enum { MAX_OPTIONS = 40, MAX_SAMPLES = 1 << 30 };

static const char SUMMARY[] =
    "trains a network with dropped neurons or weights on an OpenCL device";
static const char MLP_SUMMARY[] = "a multi-layer perceptron on pictures of digits";
static const char MLP_DESCRIPTION[] =
    "Trains a perceptron with ReLU between its layers and reports the accuracy on the test half "
    "after\n"
    "each epoch, or with --validation on samples that it holds out. ctrl-C finishes the current\n"
    "step, saves where --save says, and stops with exit status 130; --resume goes on to the same\n"
    "bits as a run that was never stopped.\n";

/* clang-format off */
static size_t add_data(cli_option *table, train_options *o)
{
    const cli_option part[] = {
        {.name = "data", .metavar = "DIR|builtin", .type = CLI_STRING, .target = &o->data, .flags = CLI_REQUIRED,
         .help = "folder with the four idx files of MNIST, plain or .gz,\nor \"builtin\": drawn digits, which need no file"},
        {.name = "validation", .metavar = "COUNT", .type = CLI_SIZE, .target = &o->validation,
         .given = &o->given[RECORDED_VALIDATION], .minimum = 1, .maximum = MAX_SAMPLES,
         .help = "hold the last COUNT training samples out and\nevaluate on them after each epoch; the test half\nis evaluated once, at the end",
         .default_text = "none"},
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
        {.name = "format", .type = CLI_ENUM, .target = &o->format, .names = OPTIONS_FORMAT_NAMES,
         .help = "of the report", .default_text = "text"},
        {.name = "quiet", .letter = 'q', .type = CLI_FLAG, .target = &o->quiet,
         .help = "no progress and no line an epoch, only the result"},
    };
    memcpy(table, part, sizeof part);
    return sizeof part / sizeof part[0];
}
/* clang-format on */

static void mlp_table(train_options *o, cli_option table[MAX_OPTIONS])
{
    size_t count = add_data(table, o);
    count += options_network(table + count, o);
    count += options_optimizer(table + count, o);
    count += add_run(table + count, o);
    assert(count < MAX_OPTIONS);
}

int command_line_parse(int argc, char *const *argv, command_line *line)
{
    cli_option mlp[MAX_OPTIONS] = {{0}};
    cli_option lstm[LSTM_TABLE_SIZE];
    cli_option comparison[COMPARE_TABLE_SIZE] = {{0}};
    *line = (command_line){.mlp = options_defaults(), .lstm = lstm_options_defaults()};
    mlp_table(&line->mlp, mlp);
    lstm_options_table(&line->lstm, lstm);
    compare_options_table(&line->comparison, comparison);
    /* In the order of train_command. */
    const cli_command commands[] = {
        {.name = "mlp", .summary = MLP_SUMMARY, .description = MLP_DESCRIPTION, .options = mlp},
        {.name = "lstm", .summary = LSTM_SUMMARY, .description = LSTM_DESCRIPTION, .options = lstm},
        {.name = "compare",
         .summary = COMPARE_SUMMARY,
         .description = COMPARE_DESCRIPTION,
         .options = comparison,
         .operand_name = "DESCRIPTION.json",
         .operand = &line->comparison.description},
        {0},
    };
    const cli_program program = {.name = "ard-train",
                                 .version = ard_version(),
                                 .summary = SUMMARY,
                                 .commands = commands,
                                 .command_required = true};
    const cli_command *command = NULL;
    const int status = cli_parse(&program, argc, argv, &command);
    line->command = command != NULL ? (train_command)(command - commands) : TRAIN_MLP;
    return status;
}
