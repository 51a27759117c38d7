/* SPDX-License-Identifier: Apache-2.0 */
/* What training needs before there is a network: the data and a device with the data on it. Serves
 * any number of runs. */
#ifndef ARD_TRAIN_SETUP_H
#define ARD_TRAIN_SETUP_H

#include <ard/ard.h>

#include "data/dataset.h"
#include "train/device_data.h"
#include "train/extra.h"

/* Zero-initialised: nothing yet. */
typedef struct train_setup {
    dataset_pair data; /* its training half without what is held out */
    dataset held;      /* part of the memory of that half */
    train_extra facts; /* about the data; a run adds its own */
    ard_context *context;
    device_set train;
    device_set validation; /* empty where nothing is held out */
    device_set test;
} train_setup;

/* Each takes the next step, in this order (the second may wait until before the last), and returns
 * the exit status after a line on what failed.
 */

/* Reads the folder `data`, or makes the "builtin" data. `origin` as in messages.h. */
int setup_load(train_setup *setup, const char *origin, const char *data);

/* Takes the last `count` training samples out; 0 takes none. */
int setup_hold_out(train_setup *setup, const char *origin, size_t count);

/* NULL: the default device. */
int setup_open(train_setup *setup, const char *device);

/* Takes the data to the device. Blocks. */
int setup_upload(train_setup *setup);

/* Whatever there is of it. */
void setup_destroy(train_setup *setup);

#endif
