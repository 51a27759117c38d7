/* SPDX-License-Identifier: Apache-2.0 */
/* Profiling: how long the device takes for what libard enqueues, and what it computes and moves.
 *
 *     ard_profile_entry entries[ARD_PROFILE_MOST_ENTRIES];
 *     size_t count;
 *     ard_profile_start(context);
 *     ard_mlp_step(mlp, ...);
 *     ard_profile_stop(context, entries, ARD_PROFILE_MOST_ENTRIES, &count);
 *
 * It goes together with a log (log.h). It needs a queue with CL_QUEUE_PROFILING_ENABLE, which
 * itself may slow commands down: take the times that you report from another queue. */
#ifndef ARD_PROFILE_H
#define ARD_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/* More entries than a profile can have. */
enum { ARD_PROFILE_MOST_ENTRIES = 64 };

/* All commands of one kind: a kernel of libard by its name in OpenCL C; "clblast", the calls of
 * CLBlast, each of which may run several kernels and is timed as one, from a marker before it to
 * one behind it; "write" and "read", copies between host and device; "fill". */
typedef struct ard_profile_entry {
    const char *name;       /* lives as long as the library */
    bool is_multiplication; /* a matrix product, or packs one's operand */
    uint64_t launches;      /* how often it was enqueued */
    uint64_t nanoseconds;   /* on the device, of all launches */
    double flops;           /* of matrix products: 2 m n k each; 0 for everything else */
    /* What must be read and written: each operand and each result once, padding of compact matrices
     * included; index lists, and biases beside a matrix, are left out. */
    double bytes;
} ard_profile_entry;

/* Starts recording everything that libard enqueues on the context from here on. UNSUPPORTED where
 * its queue has no CL_QUEUE_PROFILING_ENABLE (ard_context_options.profiling makes one that has),
 * and where the resolution of the device's profiling timer is 0, so that its times mean nothing.
 * INVALID_ARGUMENT when it records already. */
ARD_API ard_status ard_profile_start(ard_context *context);

/* Ends the recording and writes one entry a name, in the order of their first launches; `*count`
 * becomes their number. Blocks until everything enqueued so far is done. INVALID_ARGUMENT when
 * nothing is recorded, or, with the recording going on, when there are more than `capacity`
 * entries. OUT_OF_MEMORY where some launches could not be recorded, OPENCL: the recording is lost.
 */
ARD_API ard_status ard_profile_stop(ard_context *context, ard_profile_entry *entries,
                                    size_t capacity, size_t *count);

#ifdef __cplusplus
}
#endif

#endif
