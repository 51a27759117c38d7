/* SPDX-License-Identifier: Apache-2.0 */
/* What a context holds, for the other files of libard. */
#ifndef ARD_CONTEXT_INTERNAL_H
#define ARD_CONTEXT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/context.h>
#include <ard/matrix.h>
#include <ard/tuning.h>

#include "core/status_internal.h"
#include "device/index_cache.h"
#include "device/kernels.h"
#include "device/memory_count.h"
#include "device/upload.h"

/* A device buffer that grows and is reused: the old one lives on until the commands that use it are
 * done. */
typedef struct ard__scratch {
    cl_mem buffer;
    size_t bytes;
} ard__scratch;

struct ard_context {
    cl_context opencl;
    cl_device_id device;
    cl_command_queue queue;
    bool out_of_order;
    bool queue_profiling; /* the queue has CL_QUEUE_PROFILING_ENABLE */
    bool own_queue;       /* libard made it */
    size_t group_size; /* work-items in a group of our own kernels: 64, or less on a device that has
                          no more */
    ard_device_info info;
    size_t vector_width; /* ARD_VEC of the kernels: 16 on CPU devices with vectors, else 1 */
    ard_tuning tuning;
    const struct ard__engine *forced_engine; /* by ARD_ENGINE, for all products (gemm.h), or NULL */
    cl_program programs[ARD__PROGRAM_COUNT];
    cl_kernel kernels[ARD__KERNEL_COUNT];
    ard__index_cache indices;
    ard__upload_ring uploads;
    ard__memory_count *memory;    /* of all buffers made for it */
    ard__scratch compact_weights; /* of the linear layers that are called with patterns */
    ard__scratch compact_bias;
    ard__scratch grouped_a; /* columns by a list, for engines that take none (grouped.h) */
    ard__scratch grouped_n;
    ard__scratch loss_rows;       /* one loss and one hit a row of a batch */
    ard__scratch gemm;            /* the engine's workspace */
    struct ard__profile *profile; /* what is recorded, or NULL: nothing (profile_internal.h) */
    struct ard__log *log;         /* NULL: nothing is logged (log_internal.h) */
    bool recording;               /* commands have events, which one of the two wants */
    char tuning_refused[2048];
    char environment[1280];
};

/* Makes `scratch` at least `bytes` large. Its contents are lost when it grows. */
ard_status ard__scratch_reserve(ard_context *context, ard__scratch *scratch, size_t bytes);

void ard__scratch_release(ard__scratch *scratch);

/* A new read-write buffer. */
ard_status ard__buffer_create(ard_context *context, size_t bytes, cl_mem *buffer);

/* Enqueues that every 32-bit word of the first `bytes` of a buffer becomes `word`. */
ard_status ard__buffer_fill(ard_context *context, cl_mem buffer, uint32_t word, size_t bytes);

/* On an out-of-order queue, makes what follows wait for what went before; elsewhere nothing. */
ard_status ard__order(ard_context *context);

/* Gives a caller who asked for one (event not NULL) an event of everything enqueued so far. */
ard_status ard__give_event(ard_context *context, cl_event *event);

/* The same, and lets the device begin. */
ard_status ard__submit(ard_context *context, cl_event *event);

/* Enqueues that `count` elements in a row are copied. */
ard_status ard__matrix_copy(ard_context *context, size_t count, const ard_matrix *src,
                            const ard_matrix *dst);

#endif
