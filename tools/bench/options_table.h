/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of options: what several commands take. */
#ifndef ARD_BENCH_OPTIONS_TABLE_H
#define ARD_BENCH_OPTIONS_TABLE_H

#include "options_raw.h"

enum { MOST_REPEAT = 1000000, MOST_OPTIONS = 48 };

/* The words of options, NULL-ended. */
extern const char *const options_patterns[];
extern const char *const options_numberings[];
extern const char *const options_engines[];
extern const char *const options_formats[];

/* The options of step, and what heads them (options_step.c). */
extern const char options_about_step[];
void options_make_step(options_raw *raw, cli_option table[MOST_OPTIONS]);

/* The same of sweep (options_sweep.c). */
extern const char options_about_sweep[];
void options_make_sweep(options_raw *raw, cli_option table[MOST_OPTIONS]);

#define SIZE(option_name, letter_name, field, what)                                                \
    .name = (option_name), .metavar = (letter_name), .type = CLI_SIZE, .target = &(field),         \
    .minimum = 1, .maximum = BENCH_MAX_SIZE, .help = (what)
#define RATE_BOUNDS .minimum = 0, .maximum = 1, .flags = CLI_BELOW_MAXIMUM
#define PATTERN_OPTION                                                                             \
    {                                                                                              \
        .name = "pattern", .type = CLI_ENUM, .target = &raw->pattern, .names = options_patterns,   \
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
        .given = &raw->numbering_given, .names = options_numberings,                               \
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
#define FORMAT_OPTION                                                                              \
    {                                                                                              \
        .name = "format", .type = CLI_ENUM, .target = &raw->format, .names = options_formats,      \
        .help = "of what is printed", .default_text = "text"                                       \
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
#define ENGINE_OPTION                                                                              \
    {                                                                                              \
        .name = "engine", .type = CLI_ENUM, .target = &raw->engine, .given = &raw->engine_given,   \
        .names = options_engines, .help = "what multiplies: kernels of libard's own, or CLBlast",  \
        .default_text = "what the device is tuned for"                                             \
    }
#define FULL_OPTION                                                                                \
    {                                                                                              \
        .name = "full", .type = CLI_FLAG, .target = &raw->options->full,                           \
        .help = "run every case whole, however slow the device"                                    \
    }
/* Three of them. */
#define OUTPUT_OPTIONS                                                                             \
    {.name = "output",                                                                             \
     .metavar = "FILE",                                                                            \
     .type = CLI_STRING,                                                                           \
     .target = &raw->options->output,                                                              \
     .help = "write the results to a new FILE, too, as JSON, after every case"},                   \
        {.name = "resume",                                                                         \
         .type = CLI_FLAG,                                                                         \
         .target = &raw->options->resume,                                                          \
         .help = "with --output: keep the results in FILE and measure what is missing"},           \
    {                                                                                              \
        .name = "overwrite", .type = CLI_FLAG, .target = &raw->options->overwrite,                 \
        .help = "with --output: write over FILE"                                                   \
    }
#define CBLAS_OPTION(of_model)                                                                     \
    {                                                                                              \
        .name = "cblas", .metavar = "LIBRARY", .type = CLI_STRING, .target = &raw->cblas,          \
        .help = of_model                                                                           \
            "a further baseline: the same without patterns on the host's CPU, by cblas_sgemm "     \
            "of a shared library such as libopenblas.so.0"                                         \
    }
#define VERIFY_OPTION                                                                              \
    {                                                                                              \
        .name = "verify", .type = CLI_FLAG, .target = &raw->options->verify,                       \
        .help = "compare with double precision on the host first; exit 1 if it differs"            \
    }

#endif
