/* SPDX-License-Identifier: Apache-2.0 */
/* The times of --search cost. */
#ifndef ARD_TRAIN_COST_TIMES_H
#define ARD_TRAIN_COST_TIMES_H

#include "cost/cost_file.h"
#include "train/options.h"

/* Reads options->cost, which must be there, into new memory of the caller's: times of the network
 * that the options make on layers of these widths (inputs, hidden, classes), else it is a mistake.
 */
int cost_times_read(const train_options *options, const size_t *widths, cost_file **file);

/* Puts the distributions of these rates, which the times make the fastest, in place of those that
 * `dropouts` [layers] have, with the same longest periods. */
int cost_times_search(const train_options *options, const cost_file *file, const double *rates,
                      size_t layers, ard_dropout *dropouts);

#endif
