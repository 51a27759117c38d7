/* SPDX-License-Identifier: Apache-2.0 */
#include "train/compare/compare_options.h"

#include <string.h>

#include "train/messages.h"

static const char *const FORMAT_NAMES[] = {"text", "json", NULL};
static const char *const TABLES_NAMES[] = {"text", "markdown", NULL};
static const char *const CSV_NAMES[] = {"curves", "differences", NULL};

const char COMPARE_SUMMARY[] = "settings side by side, over several seeds";
const char COMPARE_DESCRIPTION[] =
    "Trains every setting of DESCRIPTION.json with every seed, all settings with one seed before\n"
    "the next, and prints a table of accuracies, of differences to a baseline seed by seed, and\n"
    "of the time it took. docs/ard-train.md has the keys of a description; this is one:\n"
    "\n"
    "  {\"data\": \"builtin\", \"validation\": 1000, \"seeds\": [1, 2, 3], \"epochs\": 4,\n"
    "   \"settings\": [{\"name\": \"conventional\", \"dropout\": \"bernoulli\", \"rate\": 0.3},\n"
    "                {\"name\": \"rows\", \"dropout\": \"row\", \"rate\": 0.3}],\n"
    "   \"baseline\": \"conventional\", \"target\": {\"setting\": \"conventional\", \"less\": "
    "0.5}}\n"
    "\n"
    "ctrl-C finishes the current step and stops with exit status 130; finished runs are kept\n"
    "where --results says, and --resume goes on with those that are missing.\n";

/* clang-format off */
void compare_options_table(compare_options *o, cli_option table[COMPARE_TABLE_SIZE])
{
    const cli_option part[] = {
        {.name = "data", .metavar = "DIR|builtin", .type = CLI_STRING, .target = &o->data,
         .help = "folder with the four idx files of MNIST, or \"builtin\"", .default_text = "the description's"},
        {.name = "results", .metavar = "FILE", .type = CLI_STRING, .target = &o->results,
         .help = "write the results there after each run"},
        {.name = "resume", .type = CLI_FLAG, .target = &o->resume,
         .help = "go on with the runs that --results lacks; the data\nand settings with runs must be the same, settings\nand seeds may be added"},
        {.name = "report", .metavar = "FILE", .type = CLI_STRING, .target = &o->report,
         .help = "print the report of such a file; trains nothing and\ntakes no description"},
        {.name = "device", .metavar = "P:D|TYPE|NAME", .type = CLI_STRING, .target = &o->device,
         .help = "OpenCL device: numbers as in clinfo -l, cpu, gpu,\nor part of a name",
         .default_text = "$ARD_DEVICE, else a GPU, else any"},
        {.name = "format", .type = CLI_ENUM, .target = &o->format, .names = FORMAT_NAMES,
         .help = "of the report", .default_text = "text"},
        {.name = "tables", .type = CLI_ENUM, .target = &o->tables, .given = &o->tables_given, .names = TABLES_NAMES,
         .help = "how the text has its table", .default_text = "text"},
        {.name = "csv", .type = CLI_ENUM, .target = &o->csv, .given = &o->csv_given, .names = CSV_NAMES,
         .help = "print comma-separated values instead: means of\nevery epoch, or differences to the baseline"},
        {.name = "quiet", .letter = 'q', .type = CLI_FLAG, .target = &o->quiet, .help = "no progress"},
        {0},
    };
    memcpy(table, part, sizeof part);
}
/* clang-format on */

static int check_report(const compare_options *options)
{
    const struct {
        bool given;
        const char *name;
    } TRAINING[] = {
        {options->description != NULL, "a description"}, {options->data != NULL, "--data"},
        {options->results != NULL, "--results"},         {options->resume, "--resume"},
        {options->device != NULL, "--device"},
    };
    for (size_t i = 0; i < sizeof TRAINING / sizeof TRAINING[0]; ++i) {
        if (TRAINING[i].given) {
            return cli_mistake(&train_messages, "--report trains nothing; leave %s out",
                               TRAINING[i].name);
        }
    }
    return CLI_SUCCESS;
}

int compare_options_check(const compare_options *options)
{
    if (options->tables_given && options->format != 0) {
        return cli_mistake(&train_messages, "--tables goes only with --format text");
    }
    if (options->csv_given && (options->tables_given || options->format != 0)) {
        return cli_mistake(&train_messages, "--csv has neither tables nor JSON; leave %s out",
                           options->tables_given ? "--tables" : "--format");
    }
    if (options->report != NULL) {
        return check_report(options);
    }
    if (options->description == NULL) {
        return cli_mistake(&train_messages,
                           "a description is missing: ard-train compare DESCRIPTION.json");
    }
    if (options->resume && options->results == NULL) {
        return cli_mistake(&train_messages, "--resume needs --results");
    }
    return CLI_SUCCESS;
}
