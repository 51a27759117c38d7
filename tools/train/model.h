/* SPDX-License-Identifier: Apache-2.0 */
/* The network of a run: made from the options, or out of a checkpoint that the options agree with.
 */
#ifndef ARD_TRAIN_MODEL_H
#define ARD_TRAIN_MODEL_H

#include <ard/ard.h>

#include "data/dataset.h"
#include "train/dropout_levels.h"
#include "train/extra.h"
#include "train/options.h"

/* Steps in a pass over `samples` samples; the last one may be smaller. */
uint64_t model_steps_per_epoch(size_t samples, size_t batch);

/* Both store the network in `*mlp` and complete `*options` (checked, where a network is made) to
 * what it really has. `*extra` has the facts about the data when called, and gets the rest;
 * `*levels`, which must be empty, gets the dropout of all rates, and may stay empty where a resumed
 * run has a constant one. */
int model_create(ard_context *context, train_options *options, const dataset_pair *data,
                 train_extra *extra, ard_mlp **mlp, dropout_levels *levels);

/* The same from the checkpoint options->resume. An option on the command line that contradicts the
 * checkpoint is a mistake. Warns where the same bits cannot be expected. */
int model_resume(ard_context *context, train_options *options, const dataset_pair *data,
                 train_extra *extra, ard_mlp **mlp, dropout_levels *levels);

#endif
