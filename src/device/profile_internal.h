/* SPDX-License-Identifier: Apache-2.0 */
/* Recording commands for ard/profile.h and ard/log.h. A command that is enqueued does
 *
 *     cl_event event = NULL;
 *     clEnqueue...(..., ard__profile_event(context, &event));
 *     ard__profile_record(context, event, "name", &work);
 *
 * and costs nothing but two tests while nothing is recorded. */
#ifndef ARD_PROFILE_INTERNAL_H
#define ARD_PROFILE_INTERNAL_H

#include <ard/profile.h>

#include "device/context_internal.h"

/* What a command computes and moves, as in ard_profile_entry. */
typedef struct ard__work {
    bool is_multiplication;
    double flops;
    double bytes;
} ard__work;

/* Bytes of `touches` passes over a matrix [rows x cols] of 32-bit elements. */
static inline double ard__matrix_bytes(size_t rows, size_t cols, unsigned touches)
{
    return (double)rows * (double)cols * touches * sizeof(cl_float);
}

/* A copy of so many bytes that multiplies nothing. */
static inline ard__work ard__work_copy(size_t bytes)
{
    return (ard__work){.bytes = (double)bytes};
}

/* Where an enqueue is to put its event: NULL unless the context records. */
static inline cl_event *ard__profile_event(const ard_context *context, cl_event *event)
{
    return context->recording ? event : NULL;
}

/* Takes over the events: the command's own, or of two markers around it (`after` not NULL). `name`
 * is static. */
void ard__profile_add(ard_context *context, cl_event event, cl_event after, const char *name,
                      const ard__work *work);

/* Records the command of an event from ard__profile_event; NULL: there is nothing to record. */
static inline void ard__profile_record(ard_context *context, cl_event event, const char *name,
                                       const ard__work *work)
{
    if (event != NULL) {
        ard__profile_add(context, event, NULL, name, work);
    }
}

/* Enqueues a marker if the context records; else `*event` stays NULL. */
ard_status ard__profile_mark(ard_context *context, cl_event *event);

/* How long a command took whose events are those of a record. An OpenCL code. */
cl_int ard__profile_time(cl_event event, cl_event after, uint64_t *nanoseconds);

/* Some drivers take CL_QUEUE_PROFILING_ENABLE and answer made-up times; their timer has no
 * resolution. */
ard_status ard__profile_has_timer(const ard_context *context, bool *has_timer);

/* Drops what was recorded, if anything; waits for nothing. */
void ard__profile_clear(ard_context *context);

#endif
