/* SPDX-License-Identifier: Apache-2.0 */
/* The options of sweep. */
#include <string.h>

#include "options_table.h"
#include "sweep_axes.h"

const char options_about_sweep[] =
    "Many cases on the same devices: every combination of the values given, or those in a\n"
    "file, one a line. Without an option that names cases it is the sweep that ard-bench\n"
    "does without a command.\n\n"
    "A comma separates cases, an x joins the layers of one network:\n"
    "  ard-bench sweep --hidden 1024x64,2048x2048 --rate 0.3,0.5,0.7 --pattern row,tile\n"
    "has 2 x 3 x 2 cases. Options of one model, or of tiles, are left out of the others.\n\n"
    "A line of a file of problems is the words of 'ard-bench step' or 'ard-bench gemm' from\n"
    "that word on; # begins a comment. --dry-run prints such lines.\n";

/* Appends the options of `more`, up to the nameless one, to a table that has `count`. */
static void append(cli_option *table, size_t *count, const cli_option *more)
{
    for (; more->name != NULL; more++) {
        table[(*count)++] = *more;
    }
    table[*count] = (cli_option){0};
}

void options_make_sweep(options_raw *raw, cli_option table[MOST_OPTIONS])
{
    bench_sweep *sweep = &raw->options->sweep;
    const cli_option first[] = {
        {.name = "problems",
         .metavar = "FILE",
         .type = CLI_STRING,
         .target = &sweep->problems,
         .help = "the cases in FILE, or in a set that is shipped: paper-mlp, paper-lstm, quick"},
        {0},
    };
    const cli_option last[] = {
        {.name = "fresh",
         .type = CLI_FLAG,
         .target = &sweep->fresh,
         .help = "lstm: drop hidden states by other patterns every time step"},
        {.name = "tied",
         .type = CLI_FLAG,
         .target = &sweep->tied,
         .help = "lstm: the softmax has the embedding's weights, and its pattern"},
        FULL_OPTION,
        REPEAT_OPTION,
        SEED_OPTION,
        VERIFY_OPTION,
        {.name = "profile",
         .type = CLI_FLAG,
         .target = &sweep->profile,
         .help = "show after each step where its time goes, kernel by kernel"},
        {.name = "memory",
         .type = CLI_FLAG,
         .target = &sweep->memory,
         .help = "show how much device memory each side of a step takes at the most"},
        {.name = "dry-run",
         .type = CLI_FLAG,
         .target = &sweep->dry_run,
         .help = "print the cases as a file of problems and measure nothing"},
        OUTPUT_OPTIONS,
        {0},
    };
    size_t count = 0;
    append(table, &count, first);
    for (size_t i = 0; i < AXIS_COUNT; i++) {
        table[count++] = (cli_option){.name = sweep_axes[i].name,
                                      .metavar = sweep_axes[i].metavar,
                                      .type = CLI_STRING,
                                      .target = &sweep->axes[i],
                                      .help = sweep_axes[i].help,
                                      .default_text = sweep_axes[i].default_text};
    }
    append(table, &count, last);
}

/* The name of an option given that describes cases, without those that go with files of them; NULL:
 * none is. */
static const char *option_of_cases(const bench_sweep *sweep)
{
    for (size_t i = 0; i < AXIS_COUNT; i++) {
        if (sweep->axes[i] != NULL && i != AXIS_ENGINE) {
            return sweep_axes[i].name;
        }
    }
    return sweep->fresh ? "fresh" : sweep->tied ? "tied" : NULL;
}

bool options_name_cases(const bench_options *options)
{
    const bench_sweep *sweep = &options->sweep;
    return sweep->problems != NULL || sweep->axes[AXIS_ENGINE] != NULL || sweep->profile ||
           sweep->memory || option_of_cases(sweep) != NULL;
}

int options_check_sweep(const bench_options *options)
{
    const bench_sweep *sweep = &options->sweep;
    const char *named = option_of_cases(sweep);
    if (options->full && options_name_cases(options)) {
        return cli_mistake(&options_program,
                           "--full is of the default sweep; cases that are named all run whole");
    }
    if (sweep->problems != NULL && named != NULL) {
        return cli_mistake(&options_program,
                           "--problems has the cases of its file; --%s does not go with it", named);
    }
    if (sweep->dry_run && options->output != NULL) {
        return cli_mistake(&options_program, "--dry-run has no results for --output");
    }
    if (sweep->dry_run && options->format != FORMAT_TEXT) {
        return cli_mistake(&options_program, "--dry-run prints lines of text; --format must be "
                                             "text");
    }
    return CLI_CONTINUE;
}
