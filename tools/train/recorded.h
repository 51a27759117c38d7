/* SPDX-License-Identifier: Apache-2.0 */
/* The settings that a network carries, as the options that would have made it. */
#ifndef ARD_TRAIN_RECORDED_H
#define ARD_TRAIN_RECORDED_H

#include <ard/ard.h>

#include "train/options.h"

/* Overwrites the options of network and optimizer with what `mlp` has: all but how distributions
 * are searched, how the rate changes and, where it does, what to. False for settings that no
 * options make. */
bool recorded_read(const ard_mlp *mlp, uint64_t steps_per_epoch, train_options *options);

/* Takes the recorded settings over where nothing was given on the command line. What was given must
 * be the same, except --epochs. */
int recorded_merge(const train_options *recorded, train_options *options);

#endif
