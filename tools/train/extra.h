/* SPDX-License-Identifier: Apache-2.0 */
/* What ard-train keeps in a checkpoint beside the network: which data, how far, how long to go on.
 *
 * It is JSON text in the application's part of the file. Whoever reads it trusts none of it. */
#ifndef ARD_TRAIN_EXTRA_H
#define ARD_TRAIN_EXTRA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "train/options.h"

/* Loss and hits of an epoch so far. */
typedef struct epoch_sums {
    double loss; /* summed over the samples, in nats */
    uint64_t correct;
    uint64_t samples;
} epoch_sums;

enum { EXTRA_KIND_SIZE = 16 };

typedef struct train_extra {
    char data[EXTRA_KIND_SIZE]; /* "builtin" or "idx" */
    uint64_t checksum;          /* of the data: dataset_pair_checksum() */
    size_t samples;             /* trained on */
    size_t validation;          /* held out of the training half behind them */
    size_t batch;
    size_t epochs;          /* that the run was asked for */
    int search;             /* distribution_search: how the distributions were found */
    double entropy_share;   /* SEARCH_COST: with this, and times of */
    uint64_t cost_checksum; /* this checksum */
    size_t rate_epochs;     /* in which the rate grows; 0: it is constant */
    cli_double_list rate;   /* where it grows, to what; one a hidden layer */
    epoch_sums sums;        /* of the epoch that was begun; zero between epochs */
} train_extra;

/* The text, to be freed; NULL without memory. */
char *extra_write(const train_extra *extra);

/* Reads the text back. False, `*extra` untouched, for anything that extra_write() cannot have
 * written. */
bool extra_read(const void *text, size_t size, train_extra *extra);

#endif
