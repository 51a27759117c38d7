/* SPDX-License-Identifier: Apache-2.0 */
/* ard-search: prints how often each period is to be drawn so that the mean rate is the one wanted.
 */
#include <ard/distribution.h>

#include "cli.h"
#include "cost/cost_file.h"
#include "cost_search.h"
#include "report.h"

enum { METHOD_EXACT, METHOD_SGD, METHOD_COST };
enum { FORMAT_TEXT, FORMAT_JSON };

static const char *const METHODS[] = {"exact", "sgd", "cost", NULL};
static const char *const FORMATS[] = {"text", "json", NULL};

static const char DESCRIPTION[] =
    "A step of training that draws period i keeps one unit of every i. The search\n"
    "finds probabilities of the periods 1..N whose mean rate is P and that are as\n"
    "random as possible. Periods up to N reach rates up to (N-1)/N.\n";

typedef struct settings {
    double rate;
    uint32_t max_period; /* 0: the default of the rate */
    int method;
    int format;
    const char *cost; /* a path; NULL: not given */
    double entropy_share;
    bool entropy_share_given;
} settings;

static const cli_program PROGRAM = {
    .name = "ard-search",
    .version = ARD_SEARCH_VERSION,
    .summary = "find how often each dropout period is to be drawn",
    .description = DESCRIPTION,
};

static int read_settings(int argc, char *const *argv, settings *chosen)
{
    const cli_option options[] = {
        {.name = "rate",
         .letter = 'r',
         .metavar = "P",
         .type = CLI_DOUBLE,
         .target = &chosen->rate,
         .maximum = 1,
         .flags = CLI_REQUIRED | CLI_BELOW_MAXIMUM,
         .help = "probability that a unit is dropped, 0 <= P < 1"},
        {.name = "max-period",
         .letter = 'n',
         .metavar = "N",
         .type = CLI_U32,
         .target = &chosen->max_period,
         .minimum = 1,
         .maximum = ARD_MAX_PERIOD,
         .help = "largest period that may be drawn, 1 to 64",
         .default_text = "the smallest above 1/(1-P)"},
        {.name = "method",
         .letter = 'm',
         .type = CLI_ENUM,
         .target = &chosen->method,
         .names = METHODS,
         .help = "exact: the most random distribution of this rate, by Newton's method\n"
                 "sgd: gradient descent, which comes near the rate\n"
                 "cost: the fastest of this rate that are random enough, by measured times",
         .default_text = "exact"},
        {.name = "cost",
         .letter = 'c',
         .metavar = "FILE",
         .type = CLI_STRING,
         .target = &chosen->cost,
         .help = "with --method cost: times of a network, as printed by "
                 "'ard-bench step --per-period --format json'"},
        {.name = "entropy-share",
         .letter = 's',
         .metavar = "S",
         .type = CLI_DOUBLE,
         .target = &chosen->entropy_share,
         .given = &chosen->entropy_share_given,
         .minimum = 0,
         .maximum = 1,
         .help = "with --method cost: least entropy of each layer's periods, as a share of "
                 "the largest of this rate",
         .default_text = "0.9"},
        {.name = "format",
         .letter = 'f',
         .type = CLI_ENUM,
         .target = &chosen->format,
         .names = FORMATS,
         .help = "how to print it",
         .default_text = "text"},
        {0},
    };
    cli_program program = PROGRAM;
    program.options = options;
    return cli_parse(&program, argc, argv, NULL);
}

/* What the table of options cannot check. */
static int check_together(const settings *chosen)
{
    const bool by_cost = chosen->method == METHOD_COST;
    if (by_cost && chosen->cost == NULL) {
        return cli_mistake(&PROGRAM, "--method cost needs --cost");
    }
    if (!by_cost && (chosen->cost != NULL || chosen->entropy_share_given)) {
        return cli_mistake(&PROGRAM, "--%s needs --method cost",
                           chosen->cost != NULL ? "cost" : "entropy-share");
    }
    return CLI_CONTINUE;
}

/* Searches and prints. */
static int search(const settings *chosen)
{
    ard_distribution found;
    if (chosen->method == METHOD_COST) {
        const cost_settings settings = {.path = chosen->cost,
                                        .rate = chosen->rate,
                                        .max_period = chosen->max_period,
                                        .entropy_share = chosen->entropy_share,
                                        .json = chosen->format == FORMAT_JSON};
        return cost_search(&PROGRAM, &settings);
    }
    const ard_status status =
        chosen->method == METHOD_SGD
            ? ard_distribution_sgd(chosen->rate, chosen->max_period, NULL, &found)
            : ard_distribution_exact(chosen->rate, chosen->max_period, &found);
    if (status != ARD_STATUS_SUCCESS) {
        return cli_mistake(&PROGRAM, "%s", ard_detail());
    }
    if (chosen->format == FORMAT_JSON) {
        report_json(stdout, &found, METHODS[chosen->method]);
    } else {
        report_text(stdout, &found, METHODS[chosen->method]);
    }
    return CLI_CONTINUE;
}

int main(int argc, char **argv)
{
    settings chosen = {
        .method = METHOD_EXACT, .format = FORMAT_TEXT, .entropy_share = COST_DEFAULT_ENTROPY_SHARE};
    int status = read_settings(argc, argv, &chosen);
    if (status == CLI_CONTINUE) {
        status = check_together(&chosen);
    }
    if (status == CLI_CONTINUE && chosen.max_period == 0 &&
        ard_distribution_default_max_period(chosen.rate, &chosen.max_period) !=
            ARD_STATUS_SUCCESS) {
        status = cli_mistake(&PROGRAM, "%s", ard_detail());
    }
    if (status == CLI_CONTINUE) {
        status = search(&chosen);
    }
    return status == CLI_CONTINUE ? cli_finish(&PROGRAM, CLI_SUCCESS) : status;
}
