/* SPDX-License-Identifier: Apache-2.0 */
/* A step's --per-period, --cost and --entropy-share. */
#include "options_raw.h"

#include <stdlib.h>
#include <string.h>

#include "cost/cost_choice.h"

/* What contradicts itself. */
static int check_together(const options_raw *raw)
{
    const bench_case *kase = &raw->options->kase;
    const char *option = raw->per_period ? "per-period" : "cost";
    if (raw->entropy_share_given && raw->cost == NULL) {
        return cli_mistake(&options_program, "--entropy-share needs --cost");
    }
    if (!raw->per_period && raw->cost == NULL) {
        return CLI_CONTINUE;
    }
    if (raw->per_period && raw->cost != NULL) {
        return cli_mistake(&options_program,
                           "--per-period measures the times that --cost reads; give one of them");
    }
    if (kase->pattern != ARD_DROPOUT_ROW && kase->pattern != ARD_DROPOUT_TILE) {
        return cli_mistake(&options_program, "--%s needs --pattern row or tile", option);
    }
    if (raw->per_period && kase->profile) {
        return cli_mistake(&options_program,
                           "--per-period times periods one by one; --profile is of all together");
    }
    if (raw->per_period && kase->memory) {
        return cli_mistake(&options_program,
                           "--per-period times periods one by one; --memory is of all together");
    }
    if (raw->cost != NULL && raw->format == FORMAT_CSV) {
        return cli_mistake(&options_program, "--cost needs --format text or json");
    }
    return CLI_CONTINUE;
}

/* The longest period to measure: the one given, or what all rates draw by default. */
static int choose_longest(const options_raw *raw, bench_case *kase)
{
    for (size_t side = 0; side < kase->sides && raw->max_period == 0; side++) {
        uint32_t period = 0;
        if (ard_distribution_default_max_period(raw->rates.values[side], &period) !=
            ARD_STATUS_SUCCESS) {
            return cli_mistake(&options_program, "%s", ard_detail());
        }
        kase->max_period = period > kase->max_period ? period : kase->max_period;
    }
    return kase->max_period >= 2
               ? CLI_CONTINUE
               : cli_mistake(&options_program, "--per-period needs a --max-period of at least 2");
}

int options_choose_periods(const options_raw *raw)
{
    bench_case *kase = &raw->options->kase;
    kase->per_period = raw->per_period;
    const int status = check_together(raw);
    return status == CLI_CONTINUE && raw->per_period ? choose_longest(raw, kase) : status;
}

/* Whether the times are of the same step. */
static int check_network(const options_raw *raw, const cost_file *file)
{
    const bench_case *kase = &raw->options->kase;
    cost_network network = {.pattern = kase->pattern,
                            .tile_edge = kase->tile_edge,
                            .tile_numbering = kase->tile_numbering,
                            .batch = kase->batch,
                            .layers = kase->layers};
    memcpy(network.widths, kase->widths, sizeof network.widths);
    if (cost_network_equal(&network, &file->network)) {
        return CLI_CONTINUE;
    }
    char measured[COST_NETWORK_TEXT];
    char wanted[COST_NETWORK_TEXT];
    cost_network_describe(&file->network, measured);
    cost_network_describe(&network, wanted);
    return cli_mistake(&options_program, "--cost: the times in '%s' are of %s; this step is %s",
                       raw->cost, measured, wanted);
}

/* Gives every side the fastest distribution, and the case what to expect of them. */
static int use_fastest(const options_raw *raw, const cost_file *file, cost_choice *choice)
{
    bench_case *kase = &raw->options->kase;
    double rates[ARD_MLP_MAX_LAYERS];
    uint32_t periods[ARD_MLP_MAX_LAYERS];
    char error[COST_ERROR_TEXT];
    for (size_t side = 0; side < kase->sides; side++) {
        rates[side] = kase->dropout[side].rate;
        periods[side] = kase->dropout[side].distribution.max_period;
    }
    if (!cost_choose(file, rates, periods, raw->entropy_share, choice, error)) {
        return cli_mistake(&options_program, "%s", error);
    }
    for (size_t side = 0; side < kase->sides; side++) {
        kase->dropout[side].distribution = choice->distributions[side];
    }
    kase->cost.path = raw->cost;
    kase->cost.entropy_share = raw->entropy_share;
    memcpy(kase->cost.predicted, choice->speedup, sizeof kase->cost.predicted);
    memcpy(kase->cost.device, file->device, sizeof kase->cost.device);
    return CLI_CONTINUE;
}

int options_use_cost(const options_raw *raw)
{
    char error[COST_ERROR_TEXT];
    cost_file *file = calloc(1, sizeof *file);
    cost_choice *choice = calloc(1, sizeof *choice);
    int status = CLI_CONTINUE;
    if (file == NULL || choice == NULL) {
        status = cli_failure(&options_program, "the host has not enough memory");
    } else if (!cost_file_read(raw->cost, file, error)) {
        status = cli_mistake(&options_program, "--cost: %s", error);
    }
    if (status == CLI_CONTINUE) {
        status = check_network(raw, file);
    }
    if (status == CLI_CONTINUE) {
        status = use_fastest(raw, file, choice);
    }
    free(choice);
    free(file);
    return status;
}
