/* SPDX-License-Identifier: Apache-2.0 */
#include "options_table.h"

#include <string.h>

#include "cost/cost_file.h"
#include "options_report.h"

enum { DEFAULT_REPEAT = 5 };

cli_program options_program = {.name = "ard-bench"};

const char *const options_formats[] = {"text", "csv", "json", NULL};
const char *const options_patterns[] = {"row", "subset", "tile", "index", NULL};
const char *const options_engines[] = {"packed", "clblast", NULL};
const char *const options_numberings[] = {"diagonal", "linear", NULL};

static const char about[] =
    "Training steps that drop neurons or weights in regular patterns, against conventional\n"
    "dropout.\n"
    "Without a command it sweeps all devices over networks of four sizes and a language model\n"
    "at three rates, as much of it as a slow device can do in a few minutes.\n\n"
    "Exit status: 0 done; 1 a run or a verification failed; 2 a mistake in the command\n"
    "line; 130 interrupted.\n";

static const char about_gemm[] =
    "Forward, backward to data and backward to weights of one linear layer, with patterns\n"
    "on its inputs and its outputs, against the dense products. With --pattern tile the\n"
    "pattern is on its weights, and DropConnect is a second baseline. At rate 0 all of it\n"
    "is dense.\n";

/* Accepted with every command. */
static void make_common(options_raw *raw, cli_option table[MOST_OPTIONS])
{
    const cli_option options[] = {
        {.name = "device",
         .metavar = "DEVICE",
         .type = CLI_STRING,
         .target = &raw->options->device,
         .help = "platform and device as P:D, cpu, gpu, part of a name, or all",
         .default_text = "all, for gemm and step ARD_DEVICE or the first GPU or device"},
        FORMAT_OPTION,
        {0},
    };
    memcpy(table, options, sizeof options);
}

/* Without a command. */
static void make_sweep(options_raw *raw, cli_option table[MOST_OPTIONS])
{
    const cli_option options[] = {
        FULL_OPTION, OUTPUT_OPTIONS, REPEAT_OPTION, SEED_OPTION, VERIFY_OPTION, {0},
    };
    memcpy(table, options, sizeof options);
}

/* Of gemm. */
static void make_gemm(options_raw *raw, cli_option table[MOST_OPTIONS])
{
    const cli_option options[] = {
        {SIZE("m", "BATCH", raw->m, "samples in the batch"), .flags = CLI_REQUIRED},
        {SIZE("n", "OUT", raw->n, "outputs of the layer"), .flags = CLI_REQUIRED},
        {SIZE("k", "IN", raw->k, "inputs of the layer"), .flags = CLI_REQUIRED},
        {.name = "rate",
         .metavar = "P",
         .type = CLI_DOUBLE,
         .target = &raw->rate,
         .given = &raw->rate_given,
         RATE_BOUNDS,
         .help = "share dropped of the inputs and of the outputs, or of the weights",
         .default_text = "0.5"},
        PATTERN_OPTION,
        TILE_OPTION,
        NUMBERING_OPTION,
        MAX_PERIOD_OPTION,
        {.name = "period",
         .metavar = "N",
         .type = CLI_U32,
         .target = &raw->period,
         .given = &raw->period_given,
         .minimum = 1,
         .maximum = UINT32_MAX,
         .help = "a fixed pattern instead of drawn ones"},
        {.name = "offset",
         .metavar = "K",
         .type = CLI_U32,
         .target = &raw->offset,
         .given = &raw->offset_given,
         .help = "first residue, or the tile, kept of a fixed pattern",
         .default_text = "0"},
        ENGINE_OPTION,
        CBLAS_OPTION(""),
        REPEAT_OPTION,
        SEED_OPTION,
        VERIFY_OPTION,
        OUTPUT_OPTIONS,
        {0},
    };
    memcpy(table, options, sizeof options);
}

static int parse(options_raw *raw, int argc, char *const *argv, const char **command_name)
{
    cli_option common[MOST_OPTIONS];
    cli_option sweep[MOST_OPTIONS];
    cli_option gemm[MOST_OPTIONS];
    cli_option step[MOST_OPTIONS];
    cli_option sweep_command[MOST_OPTIONS];
    make_common(raw, common);
    make_sweep(raw, sweep);
    make_gemm(raw, gemm);
    options_make_step(raw, step);
    options_make_sweep(raw, sweep_command);
    cli_option report[MOST_OPTIONS];
    cli_option compare[MOST_OPTIONS];
    options_make_report(raw, report);
    options_make_compare(raw, compare);
    const cli_command commands[] = {
        {.name = "list", .summary = "show the OpenCL devices"},
        {.name = "gemm",
         .summary = "time the three products of one layer",
         .description = about_gemm,
         .options = gemm},
        {.name = "step",
         .summary = "time a training step of a network",
         .description = options_about_step,
         .options = step},
        {.name = "sweep",
         .summary = "time many cases",
         .description = options_about_sweep,
         .options = sweep_command},
        {.name = "report",
         .summary = "make a page and pictures of results",
         .description = options_about_report,
         .options = report,
         .operand_name = "FILE...",
         .operands = &raw->options->files,
         .least_operands = 1,
         .alone = true},
        {.name = "compare",
         .summary = "compare the times of two files of results",
         .description = options_about_compare,
         .options = compare,
         .operand_name = "OLD.json NEW.json",
         .operands = &raw->options->files,
         .least_operands = 2,
         .most_operands = 2,
         .alone = true},
        {0},
    };
    const cli_program program = {.name = options_program.name,
                                 .where = options_program.where,
                                 .version = ard_version(),
                                 .summary = "times approximate random dropout on OpenCL devices",
                                 .description = about,
                                 .options = sweep,
                                 .common = common,
                                 .commands = commands};
    const cli_command *command = NULL;
    const int status = cli_parse(&program, argc, argv, &command);
    *command_name = command != NULL ? command->name : "";
    return status;
}

int options_parse(int argc, char *const *argv, bench_options *options)
{
    *options = (bench_options){.repeat = DEFAULT_REPEAT, .seed = 1, .compare.tolerance = 5};
    options_raw raw = {
        .options = options,
        .in = 784,
        .out = 10,
        .hidden = {.count = 2, .values = {2048, 2048}},
        .rates = {.count = 1, .values = {0.5}},
        .rate = 0.5,
        .lstm = {.layers = 2, .vocab = 10000, .steps = 35},
        .tile = ARD_TILE_DEFAULT_EDGE,
        .entropy_share = COST_DEFAULT_ENTROPY_SHARE,
    };
    const char *command = "";
    const int status = parse(&raw, argc, argv, &command);
    if (status != CLI_CONTINUE) {
        return status;
    }
    options->format = (bench_format)raw.format;
    options->command = strcmp(command, "list") == 0 ? COMMAND_LIST : COMMAND_SWEEP;
    int checked = CLI_CONTINUE;
    if (strcmp(command, "sweep") == 0) {
        checked = options_check_sweep(options);
    } else if (strcmp(command, "gemm") == 0) {
        options->command = COMMAND_GEMM;
        checked = options_check_gemm(&raw);
    } else if (strcmp(command, "step") == 0) {
        options->command = COMMAND_STEP;
        checked = options_check_step(&raw);
    } else if (strcmp(command, "report") == 0) {
        checked = options_check_report(&raw);
    } else if (strcmp(command, "compare") == 0) {
        checked = options_check_compare(&raw);
    }
    if (checked == CLI_CONTINUE) {
        checked = options_check_output(&raw);
    }
    return checked == CLI_CONTINUE ? options_use_cblas(&raw) : checked;
}
