/* SPDX-License-Identifier: Apache-2.0 */
/* The training loop. */
#ifndef ARD_TRAIN_TRAINER_H
#define ARD_TRAIN_TRAINER_H

#include <ard/ard.h>

#include "progress.h"
#include "train/device_data.h"
#include "train/dropout_levels.h"
#include "train/extra.h"
#include "train/options.h"
#include "train/result.h"
#include "train/step_window.h"

/* What a run that is one of several shows progress on. */
typedef struct trainer_part {
    progress *bar;
    uint64_t before;   /* samples of the runs before it, on the bar */
    const char *title; /* of the run, for the note beside the bar, */
    const char *tail;  /* which ends with this */
} trainer_part;

typedef struct trainer {
    /* What it works with; borrowed. */
    const train_options *options;
    ard_mlp *mlp;
    const device_set *train;
    const device_set *validation; /* NULL: none held out */
    const device_set *test;
    feeder *feed;
    const trainer_part *part;     /* NULL: a run by itself, with a bar of its own */
    const dropout_levels *levels; /* empty, or the rates of the steps */
    /* What it goes on with and leaves behind. */
    train_extra extra;
    train_result *result;
    /* Its own. */
    uint64_t steps_per_epoch;
    const ard_dropout *dropout; /* of the levels, that the network has; NULL: not known */
    step_window window;
    progress bar;
    bool watched;      /* progress is seen by someone */
    double loss_asked; /* when the loss was last fetched for the progress bar */
    char note[128];
    uint64_t saved_step;
    bool saved;
} trainer;

/* Trains from where the network is to the end of the last epoch, or until a signal asks for a stop;
 * saves on the way. Everything but the borrowed and the `extra` may be zero. A stop is no failure:
 * CLI_SUCCESS with result->interrupted. */
int trainer_run(trainer *train);

#endif
