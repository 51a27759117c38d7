/* SPDX-License-Identifier: Apache-2.0 */
/* A run from the device to the written tuning. */
#ifndef ARD_TUNE_RUN_H
#define ARD_TUNE_RUN_H

#include "options.h"

/* Does what the options ask for; the exit status. */
int run_tune(const tune_options *options);

#endif
