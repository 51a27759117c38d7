/* SPDX-License-Identifier: Apache-2.0 */
/* The training loop of the language model. */
#ifndef ARD_TRAIN_LSTM_TRAINER_H
#define ARD_TRAIN_LSTM_TRAINER_H

#include <ard/ard.h>
#include <ard/lstm.h>

#include "data/corpus.h"
#include "progress.h"
#include "train/lstm/lstm_extra.h"
#include "train/lstm/lstm_options.h"
#include "train/lstm/lstm_outcome.h"
#include "train/lstm/lstm_windows.h"
#include "train/step_window.h"

typedef struct lstm_trainer {
    /* What it works with; borrowed. */
    const lstm_options *options;
    ard_lstm *lstm;
    const corpus *text;
    /* What it goes on with and leaves behind. */
    lstm_extra extra;
    lstm_outcome *outcome;
    /* Its own. */
    lstm_windows windows;
    uint32_t *tokens;  /* of a window */
    uint32_t *targets; /* and theirs */
    step_window pending;
    progress bar;
    bool watched;      /* progress is seen by someone */
    double loss_asked; /* when the loss was last fetched for the progress bar */
    char note[128];
    uint64_t saved_step;
    bool saved;
} lstm_trainer;

/* Trains from where the model is to the end of the last epoch, or until a signal asks for a stop;
 * saves on the way; tests at the end. Everything but the borrowed and the `extra` may be zero. A
 * stop is no failure: CLI_SUCCESS with outcome->interrupted. */
int lstm_trainer_run(lstm_trainer *train);

#endif
