/* SPDX-License-Identifier: Apache-2.0 */
#include "train/cost_times.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cost/cost_choice.h"
#include "train/messages.h"

/* A mistake in --cost. Its text is no place for names of options to be respelled, since it may be
 * about those of ard-bench. */
static int cost_mistake(const train_options *options, const char *text)
{
    return options->origin == NULL
               ? cli_mistake(&train_messages, "--cost: %s", text)
               : cli_mistake(&train_messages, "%s: \"cost\": %s", options->origin, text);
}

static int check_network(const train_options *options, const size_t *widths, const cost_file *file)
{
    cost_network network = {.pattern = (ard_dropout_kind)options->dropout,
                            .tile_edge = options->tile,
                            .tile_numbering = (ard_tile_numbering)options->numbering,
                            .batch = options->batch,
                            .layers = options->hidden.count + 1};
    memcpy(network.widths, widths, (network.layers + 1) * sizeof network.widths[0]);
    if (cost_network_equal(&network, &file->network)) {
        return CLI_SUCCESS;
    }
    char measured[COST_NETWORK_TEXT];
    char wanted[COST_NETWORK_TEXT];
    char text[COST_ERROR_TEXT];
    cost_network_describe(&file->network, measured);
    cost_network_describe(&network, wanted);
    (void)snprintf(text, sizeof text, "the times in '%.200s' are of %.350s; this network is %.350s",
                   options->cost, measured, wanted);
    return cost_mistake(options, text);
}

int cost_times_read(const train_options *options, const size_t *widths, cost_file **file)
{
    char error[COST_ERROR_TEXT];
    cost_file *made = calloc(1, sizeof *made);
    int status = CLI_SUCCESS;
    if (made == NULL) {
        return cli_failure(&train_messages, "not enough memory");
    }
    if (!cost_file_read(options->cost, made, error)) {
        status = cost_mistake(options, error);
    }
    if (status == CLI_SUCCESS) {
        status = check_network(options, widths, made);
    }
    if (status != CLI_SUCCESS) {
        free(made);
        return status;
    }
    *file = made;
    return CLI_SUCCESS;
}

int cost_times_search(const train_options *options, const cost_file *file, const double *rates,
                      size_t layers, ard_dropout *dropouts)
{
    uint32_t periods[ARD_MLP_MAX_LAYERS] = {0};
    char error[COST_ERROR_TEXT];
    cost_choice *choice = calloc(1, sizeof *choice);
    if (choice == NULL) {
        return cli_failure(&train_messages, "not enough memory");
    }
    for (size_t i = 0; i < layers; ++i) {
        periods[i] = dropouts[i].distribution.max_period;
    }
    const bool found = cost_choose(file, rates, periods, options->entropy_share, choice, error);
    for (size_t i = 0; found && i < layers; ++i) {
        dropouts[i].distribution = choice->distributions[i];
    }
    free(choice);
    return found ? CLI_SUCCESS : setting_mistake(options->origin, "%s", error);
}
