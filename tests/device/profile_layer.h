/* SPDX-License-Identifier: Apache-2.0 */
/* A layer to profile, and what a profile of it says. */
#ifndef ARD_TEST_PROFILE_LAYER_H
#define ARD_TEST_PROFILE_LAYER_H

#include <stdbool.h>

#include <ard/linear.h>
#include <ard/profile.h>

#include "support/device.h"

enum { LAYER_BATCH = 6, LAYER_IN = 37, LAYER_OUT = 21, LAYER_TILE = 8 };

/* "packed" and "clblast". */
extern const char *const profile_engines[2];

typedef struct profile {
    ard_profile_entry entries[ARD_PROFILE_MOST_ENTRIES];
    size_t count;
} profile;

/* Ends the recording. */
profile profile_stop(ard_context *context);

/* The entry of a name, NULL where there is none. */
const ard_profile_entry *profile_find(const profile *profile, const char *name);

/* Fails unless there is an entry with exactly this in it, and some time. */
void assert_entry(const profile *profile, const char *name, uint64_t launches,
                  bool is_multiplication, double flops, double bytes);

/* A context that can record, with an engine. Skips the test where none can. */
ard_context *profile_context(const char *engine);

/* A queue of an OpenCL context of its own; NULL where the device has no such queues. */
cl_command_queue profile_queue(cl_command_queue_properties properties);

/* The operands of one layer. */
typedef struct layer {
    ard_context *context;
    guarded src;
    guarded weights;
    guarded bias;
    guarded dst;
} layer;

layer layer_create(ard_context *context);
void layer_destroy(layer *layer);

/* One forward pass with bias and ReLU, under a tile pattern or none. */
void layer_forward(const layer *layer, const ard_tile_pattern *tile);
void layer_forward_dense(const layer *layer);

#endif
