/* SPDX-License-Identifier: Apache-2.0 */
/* Where candidates are run: a queue that their contexts share, and operands for all shapes. */
#ifndef ARD_TUNE_ARENA_H
#define ARD_TUNE_ARENA_H

#include <ard/ard.h>
#include <ard/tuning.h>

#include "outcome.h"
#include "progress.h"
#include "shapes.h"
#include "space.h"

typedef struct tune_arena {
    ard_context *home; /* with libard's own engine; its queue is that of all contexts */
    ard_device_info device;
    tune_limits limits;
    uint64_t seed;
    /* Operands a and b, uniform in [-1, 1), on the host and on the device, with room for any shape.
     */
    float *a_values;
    float *b_values;
    ard_matrix a;
    ard_matrix b;
    ard_matrix c;
    size_t a_room; /* elements */
    size_t b_room;
    size_t c_room;
    float *got;    /* room for any c */
    float *poison; /* likewise, not numbers */
    progress bar;
    double started; /* milliseconds, by timing_now() */
} tune_arena;

/* Makes an arena on the device with room for the shapes and for those of verification. On failure
 * too, arena_destroy() must follow. */
bench_outcome arena_create(const ard_device_info *device, const tune_shapes *shapes, uint64_t seed,
                           tune_arena *arena);
void arena_destroy(tune_arena *arena);

/* A context on the arena's queue in which `engine` does all products, with the parameters of the
 * tuning. */
ard_status arena_context(const tune_arena *arena, const ard_tuning *tuning, ard_engine engine,
                         ard_context **context);

/* Enqueues the product of a shape. */
ard_status arena_run(const tune_arena *arena, ard_context *context, const tune_shape *shape);

/* What a device's properties allow. OPENCL. */
ard_status arena_limits(const ard_device_info *device, tune_limits *limits);

/* Moves the progress line to the present. */
void arena_tick(tune_arena *arena, const char *note);

#endif
