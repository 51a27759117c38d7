/* SPDX-License-Identifier: Apache-2.0 */
/* ard-search --method cost: the distributions that measured times make the fastest. */
#ifndef ARD_SEARCH_COST_SEARCH_H
#define ARD_SEARCH_COST_SEARCH_H

#include <stdbool.h>

#include "cli.h"

typedef struct cost_settings {
    const char *path;
    double rate; /* of all layers */
    uint32_t max_period;
    double entropy_share;
    bool json;
} cost_settings;

/* Reads the times, searches, and prints a distribution for each layer with the speed-up to expect:
 * CLI_CONTINUE, or the status to end with after a line on why. */
int cost_search(const cli_program *program, const cost_settings *settings);

#endif
