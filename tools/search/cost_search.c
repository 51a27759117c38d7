/* SPDX-License-Identifier: Apache-2.0 */
#include "cost_search.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cost/cost_choice.h"
#include "report.h"

/* What was searched in, and what came of it. */
typedef struct found {
    cost_file file;
    cost_choice choice;
    cost_choice exact; /* the same at entropy share 1: what the exact search finds */
} found;

static int search(const cli_program *program, const cost_settings *settings, found *found)
{
    double rates[ARD_MLP_MAX_LAYERS];
    uint32_t periods[ARD_MLP_MAX_LAYERS];
    char error[COST_ERROR_TEXT];
    if (!cost_file_read(settings->path, &found->file, error)) {
        return cli_mistake(program, "--cost: %s", error);
    }
    for (size_t i = 0; i < found->file.model.layers; i++) {
        rates[i] = settings->rate;
        periods[i] = settings->max_period;
    }
    if (!cost_choose(&found->file, rates, periods, settings->entropy_share, &found->choice,
                     error) ||
        !cost_choose(&found->file, rates, periods, 1, &found->exact, error)) {
        return cli_mistake(program, "%s", error);
    }
    return CLI_CONTINUE;
}

/* Of the largest entropy; where that is none, all of it. */
static double entropy_share(const found *found, size_t layer)
{
    const double largest = found->exact.distributions[layer].entropy;
    return largest > 0 ? found->choice.distributions[layer].entropy / largest : 1;
}

static void print_text(const cost_settings *settings, const found *found)
{
    char network[COST_NETWORK_TEXT];
    cost_network_describe(&found->file.network, network);
    printf("network        %s\n", network);
    printf("device         %s\n", found->file.device);
    printf("rate           %.15g\n", settings->rate);
    printf("method         cost, at least %.6g of the largest entropy\n", settings->entropy_share);
    printf("conventional   %.4g ms a step\n", found->file.model.conventional);
    printf("expected       %.4g ms a step, a speed-up of %.4gx\n", found->choice.milliseconds,
           found->choice.speedup[0]);
    printf("exact search   %.4g ms a step, a speed-up of %.4gx\n", found->exact.milliseconds,
           found->exact.speedup[0]);
    printf("misfit         %.1f%%, the furthest that a measured time lies off the fitted one\n",
           100 * found->file.model.misfit);
    for (size_t i = 0; i < found->file.model.layers; i++) {
        const ard_distribution *distribution = &found->choice.distributions[i];
        printf("\nlayer          %zu\n", i + 1);
        printf("achieved rate  %.12f\n", distribution->achieved_rate);
        printf("entropy        %.6f nats, %.6f of the largest\n", distribution->entropy,
               entropy_share(found, i));
        report_text_periods(stdout, distribution);
    }
}

/* A member, not the first, of the object being printed. */
static void print_member(const char *key, double value)
{
    printf(", \"%s\": ", key);
    report_json_number(stdout, value);
}

/* The name of a device, which has no control characters. */
static void print_device(const char *name)
{
    fputs(", \"device\": \"", stdout);
    for (; *name != '\0'; name++) {
        if (*name == '"' || *name == '\\') {
            putchar('\\');
        }
        putchar(*name);
    }
    putchar('"');
}

static void print_json(const cost_settings *settings, const found *found)
{
    fputs("{\"rate\": ", stdout);
    report_json_number(stdout, settings->rate);
    printf(", \"method\": \"cost\", \"max_period\": %" PRIu32, settings->max_period);
    print_member("entropy_share", settings->entropy_share);
    print_device(found->file.device);
    print_member("conventional_ms", found->file.model.conventional);
    print_member("expected_ms", found->choice.milliseconds);
    print_member("expected_speedup", found->choice.speedup[0]);
    print_member("exact_ms", found->exact.milliseconds);
    print_member("exact_speedup", found->exact.speedup[0]);
    print_member("misfit", found->file.model.misfit);
    fputs(", \"layers\": [", stdout);
    for (size_t i = 0; i < found->file.model.layers; i++) {
        const ard_distribution *distribution = &found->choice.distributions[i];
        printf("%s{\"achieved_rate\": ", i > 0 ? ", " : "");
        report_json_number(stdout, distribution->achieved_rate);
        print_member("entropy", distribution->entropy);
        print_member("entropy_share", entropy_share(found, i));
        report_json_periods(stdout, distribution);
        putchar('}');
    }
    fputs("]}\n", stdout);
}

int cost_search(const cli_program *program, const cost_settings *settings)
{
    found *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return cli_failure(program, "the host has not enough memory");
    }
    const int status = search(program, settings, made);
    if (status == CLI_CONTINUE && settings->json) {
        print_json(settings, made);
    } else if (status == CLI_CONTINUE) {
        print_text(settings, made);
    }
    free(made);
    return status;
}
