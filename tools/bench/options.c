/* SPDX-License-Identifier: Apache-2.0 */
#include "options_raw.h"

#include <string.h>

#include "cost/cost_file.h"

enum { DEFAULT_REPEAT = 5, MOST_REPEAT = 1000000, MOST_OPTIONS = 24 };

const cli_program options_program = {.name = "ard-bench"};

static const char *const formats[] = {"text", "csv", "json", NULL};
static const char *const patterns[] = {"row", "subset", "tile", "index", NULL};
static const char *const numberings[] = {"diagonal", "linear", NULL};
static const char *const scales[] = {"rate", "period", NULL};
static const char *const models[] = {"mlp", NULL};

static const char about[] =
    "Training steps that drop neurons or weights in regular patterns, against conventional\n"
    "dropout.\n"
    "Without a command it sweeps all devices over networks of four sizes at three rates,\n"
    "as much of it as a slow device can do in a few minutes.\n\n"
    "Exit status: 0 done; 1 a run or a verification failed; 2 a mistake in the command\n"
    "line; 130 interrupted.\n";

static const char about_gemm[] =
    "Forward, backward to data and backward to weights of one linear layer, with patterns\n"
    "on its inputs and its outputs, against the dense products. With --pattern tile the\n"
    "pattern is on its weights, and DropConnect is a second baseline. At rate 0 all of it\n"
    "is dense.\n";

static const char about_step[] =
    "A whole step with patterns, other ones every step as in training, against the same\n"
    "step with conventional dropout at the same rates. With --pattern tile it is weights\n"
    "into the hidden layers that are dropped, and DropConnect is a second baseline. At rate\n"
    "0 no side drops anything.\n";

#define SIZE(option_name, letter_name, field, what)                                                \
    .name = (option_name), .metavar = (letter_name), .type = CLI_SIZE, .target = &(field),         \
    .minimum = 1, .maximum = BENCH_MAX_SIZE, .help = (what)
#define RATE_BOUNDS .minimum = 0, .maximum = 1, .flags = CLI_BELOW_MAXIMUM
#define PATTERN_OPTION                                                                             \
    {                                                                                              \
        .name = "pattern", .type = CLI_ENUM, .target = &raw->pattern, .names = patterns,           \
        .help = "kept of every period: one unit, random units, or one tile of weights; index: "    \
                "random units of all",                                                             \
        .default_text = "row"                                                                      \
    }
#define TILE_OPTION                                                                                \
    {                                                                                              \
        .name = "tile", .metavar = "EDGE", .type = CLI_U32, .target = &raw->tile,                  \
        .given = &raw->tile_given, .minimum = 1, .maximum = BENCH_MAX_SIZE,                        \
        .help = "rows and columns of a tile", .default_text = "32"                                 \
    }
#define NUMBERING_OPTION                                                                           \
    {                                                                                              \
        .name = "numbering", .type = CLI_ENUM, .target = &raw->numbering,                          \
        .given = &raw->numbering_given, .names = numberings,                                       \
        .help = "tiles are counted along their diagonals, or row by row",                          \
        .default_text = "diagonal"                                                                 \
    }
#define MAX_PERIOD_OPTION                                                                          \
    {                                                                                              \
        .name = "max-period", .metavar = "N", .type = CLI_U32, .target = &raw->max_period,         \
        .given = &raw->max_period_given, .minimum = 1, .maximum = ARD_MAX_PERIOD,                  \
        .help = "longest period drawn; of subsets: the period",                                    \
        .default_text = "chosen from the rate"                                                     \
    }
#define REPEAT_OPTION                                                                              \
    {                                                                                              \
        .name = "repeat", .metavar = "COUNT", .type = CLI_U32, .target = &raw->options->repeat,    \
        .given = &raw->options->repeat_given, .minimum = 1, .maximum = MOST_REPEAT,                \
        .help = "timed passes over all draws of patterns", .default_text = "5"                     \
    }
#define SEED_OPTION                                                                                \
    {                                                                                              \
        .name = "seed", .metavar = "SEED", .type = CLI_U64, .target = &raw->options->seed,         \
        .help = "of patterns, weights and data", .default_text = "1"                               \
    }
#define CBLAS_OPTION                                                                               \
    {                                                                                              \
        .name = "cblas", .metavar = "LIBRARY", .type = CLI_STRING, .target = &raw->cblas,          \
        .help = "a further baseline: the same without patterns on the host's CPU, by cblas_sgemm " \
                "of a shared library such as libopenblas.so.0"                                     \
    }
#define VERIFY_OPTION                                                                              \
    {                                                                                              \
        .name = "verify", .type = CLI_FLAG, .target = &raw->options->verify,                       \
        .help = "compare with double precision on the host first; exit 1 if it differs"            \
    }

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
        {.name = "format",
         .type = CLI_ENUM,
         .target = &raw->format,
         .names = formats,
         .help = "of what is printed",
         .default_text = "text"},
        {0},
    };
    memcpy(table, options, sizeof options);
}

/* Without a command. */
static void make_sweep(options_raw *raw, cli_option table[MOST_OPTIONS])
{
    const cli_option options[] = {
        {.name = "full",
         .type = CLI_FLAG,
         .target = &raw->options->full,
         .help = "run every case whole, however slow the device"},
        REPEAT_OPTION,
        SEED_OPTION,
        VERIFY_OPTION,
        {0},
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
        CBLAS_OPTION,
        REPEAT_OPTION,
        SEED_OPTION,
        VERIFY_OPTION,
        {0},
    };
    memcpy(table, options, sizeof options);
}

/* Of step. */
static void make_step(options_raw *raw, cli_option table[MOST_OPTIONS])
{
    const cli_option options[] = {
        {.name = "model",
         .type = CLI_ENUM,
         .target = &raw->model,
         .names = models,
         .help = "kind of network",
         .default_text = "mlp"},
        {SIZE("in", "WIDTH", raw->in, "inputs"), .default_text = "784"},
        {.name = "hidden",
         .metavar = "WIDTH,...",
         .type = CLI_SIZE_LIST,
         .target = &raw->hidden,
         .minimum = 1,
         .maximum = BENCH_MAX_SIZE,
         .help = "widths of the hidden layers",
         .default_text = "2048,2048"},
        {SIZE("out", "WIDTH", raw->out, "classes"), .default_text = "10"},
        {SIZE("batch", "COUNT", raw->batch, "samples in the batch"), .default_text = "128"},
        {.name = "rate",
         .metavar = "P,...",
         .type = CLI_DOUBLE_LIST,
         .target = &raw->rates,
         RATE_BOUNDS,
         .help = "dropout rates of the hidden layers, one for all or one each",
         .default_text = "0.5"},
        PATTERN_OPTION,
        TILE_OPTION,
        NUMBERING_OPTION,
        MAX_PERIOD_OPTION,
        {.name = "scale",
         .type = CLI_ENUM,
         .target = &raw->scale,
         .names = scales,
         .help = "what is kept is multiplied by 1/(1-rate), or by 1/(share the pattern keeps)",
         .default_text = "rate"},
        {.name = "groups",
         .metavar = "COUNT",
         .type = CLI_U32,
         .target = &raw->groups,
         .minimum = 1,
         .maximum = ARD_MLP_MAX_GROUPS,
         .help = "groups of samples in a batch, each with patterns of its own",
         .default_text = "1"},
        {.name = "per-period",
         .type = CLI_FLAG,
         .target = &raw->per_period,
         .help = "time each combination of periods up to the longest by itself, of rows or "
                 "tiles, fit a model, and say at which compaction loses"},
        {.name = "cost",
         .metavar = "FILE",
         .type = CLI_STRING,
         .target = &raw->cost,
         .help = "draw periods for speed, by the times that --per-period --format json wrote to "
                 "FILE for this network, and print the speed-up they predict"},
        {.name = "entropy-share",
         .metavar = "S",
         .type = CLI_DOUBLE,
         .target = &raw->entropy_share,
         .given = &raw->entropy_share_given,
         .minimum = 0,
         .maximum = 1,
         .help = "with --cost: least entropy of the periods, as a share of what is possible",
         .default_text = "0.9"},
        CBLAS_OPTION,
        REPEAT_OPTION,
        SEED_OPTION,
        VERIFY_OPTION,
        {.name = "profile",
         .type = CLI_FLAG,
         .target = &raw->options->kase.profile,
         .help = "show afterwards where the time goes, kernel by kernel"},
        {.name = "memory",
         .type = CLI_FLAG,
         .target = &raw->options->kase.memory,
         .help = "show how much device memory each side takes at the most"},
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
    make_common(raw, common);
    make_sweep(raw, sweep);
    make_gemm(raw, gemm);
    make_step(raw, step);
    const cli_command commands[] = {
        {.name = "list", .summary = "show the OpenCL devices"},
        {.name = "gemm",
         .summary = "time the three products of one layer",
         .description = about_gemm,
         .options = gemm},
        {.name = "step",
         .summary = "time a training step of a network",
         .description = about_step,
         .options = step},
        {0},
    };
    const cli_program program = {.name = options_program.name,
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
    *options = (bench_options){.repeat = DEFAULT_REPEAT, .seed = 1};
    options_raw raw = {
        .options = options,
        .in = 784,
        .out = 10,
        .batch = 128,
        .hidden = {.count = 2, .values = {2048, 2048}},
        .rates = {.count = 1, .values = {0.5}},
        .rate = 0.5,
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
    if (strcmp(command, "gemm") == 0) {
        options->command = COMMAND_GEMM;
        checked = options_check_gemm(&raw);
    } else if (strcmp(command, "step") == 0) {
        options->command = COMMAND_STEP;
        checked = options_check_step(&raw);
    }
    return checked == CLI_CONTINUE ? options_use_cblas(&raw) : checked;
}
