/* SPDX-License-Identifier: Apache-2.0 */
/* One run from data to report. */
#ifndef ARD_TRAIN_RUN_H
#define ARD_TRAIN_RUN_H

#include "train/options.h"

/* Returns the exit status. */
int run_mlp(train_options *options);

#endif
