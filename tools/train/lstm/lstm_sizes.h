/* SPDX-License-Identifier: Apache-2.0 */
/* The settings that --size stands for. */
#ifndef ARD_TRAIN_LSTM_SIZES_H
#define ARD_TRAIN_LSTM_SIZES_H

#include "train/lstm/lstm_options.h"

/* The words of --size, ended by NULL. */
extern const char *const LSTM_SIZE_NAMES[];

/* Fills in what the command line of a new model leaves to the size. */
void lstm_sizes_complete(lstm_options *options);

/* For a checkpoint: what the size stands for counts as given where the command line says nothing of
 * its own, except the epochs. Nothing without --size. */
void lstm_sizes_expand(lstm_options *options);

#endif
