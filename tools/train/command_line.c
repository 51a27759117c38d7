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

/* clang-format on */

static size_t add_run(cli_option *table, train_options *o)
{
    const size_t count =
        options_checkpoint(table, &o->save, &o->save_every, &o->save_every_given, &o->resume);
    return count + options_report(table + count, &o->device, &o->format, &o->quiet);
}

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
