/* SPDX-License-Identifier: Apache-2.0 */
/* Data sets in device memory, and the batches that are taken out of them.
 *
 * A set goes to the device once, as floats in 0..1. After that an epoch costs one upload of its
 * order, and a batch one gather that nobody waits for. */
#ifndef ARD_TRAIN_DEVICE_DATA_H
#define ARD_TRAIN_DEVICE_DATA_H

#include <ard/ard.h>

#include "data/dataset.h"

typedef struct device_set {
    size_t samples;
    size_t width;      /* pixels of a sample */
    ard_matrix pixels; /* [samples x width] */
    ard_labels labels; /* [samples]; owned */
} device_set;

/* Uploads a data set. Blocks. */
int device_set_create(ard_context *context, const dataset *host, device_set *set);

/* An empty one is fine. */
void device_set_destroy(device_set *set);

typedef struct feeder {
    ard_context *context;
    const device_set *set;
    uint64_t seed;
    size_t batch;
    cl_mem order;         /* uint32 [samples]: this epoch's */
    uint32_t *host_order; /* the same on the host */
    ard_matrix pixels;    /* [batch x width]: the batch taken last */
    ard_labels labels;    /* [batch] */
} feeder;

/* `set` must outlive the feeder. */
int feeder_create(ard_context *context, const device_set *set, size_t batch, uint64_t seed,
                  feeder *feed);

void feeder_destroy(feeder *feed);

/* Shuffles for pass `epoch` over the data. Blocks. */
int feeder_start_epoch(feeder *feed, uint64_t epoch);

/* Takes samples first .. first + count - 1 of the epoch's order; count <= batch. Does not block. */
int feeder_take(feeder *feed, size_t first, size_t count);

#endif
