/* SPDX-License-Identifier: Apache-2.0 */
/* One run of the language model from text to report, or a sample of one. */
#ifndef ARD_TRAIN_LSTM_RUN_H
#define ARD_TRAIN_LSTM_RUN_H

#include "train/lstm/lstm_options.h"

/* Returns the exit status. */
int lstm_run(lstm_options *options);

#endif
