/* SPDX-License-Identifier: Apache-2.0 */
/* The settings that a checkpoint of a language model has, as the options that would have made it.
 */
#ifndef ARD_TRAIN_LSTM_RECORDED_H
#define ARD_TRAIN_LSTM_RECORDED_H

#include "train/lstm/lstm_extra.h"
#include "train/lstm/lstm_options.h"

/* Overwrites all settings with those of the model and of what was saved beside it. False for
 * settings that no options make. */
bool lstm_recorded_read(const ard_lstm *lstm, const lstm_extra *extra, lstm_options *options);

/* Takes the recorded settings over where nothing was given on the command line. What was given must
 * be the same, except --epochs, and --seed with --sample, whose own it is. */
int lstm_recorded_merge(const lstm_options *recorded, lstm_options *options);

#endif
