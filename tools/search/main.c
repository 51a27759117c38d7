/* SPDX-License-Identifier: Apache-2.0 */
/* ard-search: prints how often each period is to be drawn so that the mean rate is the one wanted.
 */
#include <ard/distribution.h>

#include "cli.h"
#include "report.h"

enum { METHOD_EXACT, METHOD_SGD };
enum { FORMAT_TEXT, FORMAT_JSON };

static const char *const METHODS[] = {"exact", "sgd", NULL};
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
                 "sgd: gradient descent, which comes near the rate",
         .default_text = "exact"},
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

static ard_status search(settings chosen, ard_distribution *found)
{
    if (chosen.max_period == 0) {
        const ard_status status =
            ard_distribution_default_max_period(chosen.rate, &chosen.max_period);
        if (status != ARD_STATUS_SUCCESS) {
            return status;
        }
    }
    return chosen.method == METHOD_SGD
               ? ard_distribution_sgd(chosen.rate, chosen.max_period, NULL, found)
               : ard_distribution_exact(chosen.rate, chosen.max_period, found);
}

int main(int argc, char **argv)
{
    settings chosen = {.method = METHOD_EXACT, .format = FORMAT_TEXT};
    const int status = read_settings(argc, argv, &chosen);
    if (status != CLI_CONTINUE) {
        return status;
    }
    ard_distribution found;
    if (search(chosen, &found) != ARD_STATUS_SUCCESS) {
        return cli_mistake(&PROGRAM, "%s", ard_detail());
    }
    if (chosen.format == FORMAT_JSON) {
        report_json(stdout, &found, METHODS[chosen.method]);
    } else {
        report_text(stdout, &found, METHODS[chosen.method]);
    }
    return cli_finish(&PROGRAM, CLI_SUCCESS);
}
