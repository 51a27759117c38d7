/* SPDX-License-Identifier: Apache-2.0 */
/* A context: one OpenCL queue with libard's compiled kernels and workspaces for it.
 *
 * Everything that libard computes is enqueued on the context's queue in the order of the calls,
 * without waiting, unless a function says that it blocks. One context may be used by one thread at
 * a time; different contexts are independent. */
#ifndef ARD_CONTEXT_H
#define ARD_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <ard/device.h>
#include <ard/log.h>
#include <ard/opencl.h>
#include <ard/status.h>
#include <ard/tuning.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Opaque; made and destroyed below. */
typedef struct ard_context ard_context;

/* Zero-initialised, this is the default. */
typedef struct ard_context_options {
    /* Make the context's own queue with CL_QUEUE_PROFILING_ENABLE. Ignored for an application's
     * queue. */
    bool profiling;
    /* Leave CLBlast's parameters for this device as they are. By default libard overrides them by
     * those of the tuning where CLBlast may run. An override holds for the whole process, other
     * contexts and the application's own CLBlast calls on that device included, and libard's lock
     * cannot cover those calls: the newest context with parameters decides for all. CLBlast has no
     * way back to its own parameters, so a tuning without any leaves what is in force. */
    bool keep_clblast_parameters;
    /* What to multiply with, copied; NULL: the first of the list in tuning.h that there is. */
    const ard_tuning *tuning;
    /* Who hears of what the context does, beside stderr where ARD_VERBOSE asks for it (log.h). With
     * either, the context's own queue is made as by `profiling`. */
    ard_log log;
} ard_context_options;

/* A context on the device that `selector` names (device.h), with an in-order queue of its own.
 * `options` may be NULL. NO_DEVICE, UNSUPPORTED (no compiler), OPENCL, OUT_OF_MEMORY,
 * INVALID_ARGUMENT (ARD_CACHE, ARD_ENGINE or ARD_VERBOSE with another value than theirs, a log
 * with a level out of range or without a function, a tuning with values out of range). With a
 * tuning in the options also UNSUPPORTED (a panel larger than the device's local memory), BUILD
 * (libard's kernels do not build with it) and CLBLAST (not parameters of CLBlast's). */
ARD_API ard_status ard_context_create(const char *selector, const ard_context_options *options,
                                      ard_context **context);

/* A context on the application's queue, which is retained until destroy and never finished unasked;
 * its OpenCL context and device come with it. An out-of-order queue works: libard puts barriers
 * between its commands. */
ARD_API ard_status ard_context_create_from_queue(cl_command_queue queue,
                                                 const ard_context_options *options,
                                                 ard_context **context);

/* Frees the context. Objects made from it must be destroyed before. Commands still in flight
 * complete; small uploads of libard's among them are waited for. NULL is fine. With a log it
 * blocks until libard's own queue is done, so that the last lines have their times; an
 * application's queue is not waited for. */
ARD_API void ard_context_destroy(ard_context *context);

/* The queue that everything is enqueued on. Borrowed. */
ARD_API cl_command_queue ard_context_queue(const ard_context *context);

/* The OpenCL context of that queue. Borrowed. */
ARD_API cl_context ard_context_opencl(const ard_context *context);

/* The device of that queue. Lives as long as the context. */
ARD_API const ard_device_info *ard_context_device(const ard_context *context);

/* Bytes of device memory in the buffers that were made from the context, matrices and networks
 * included: now, and the most there were at a time. A buffer that was released counts until the
 * driver has freed it; what CLBlast allocates for itself during a call does not. Either may be
 * NULL. */
ARD_API ard_status ard_context_memory(const ard_context *context, size_t *now, size_t *peak);

/* Blocks until everything enqueued so far is done. */
ARD_API ard_status ard_context_finish(ard_context *context);

/* What multiplies: "packed", libard's own kernels, "clblast", or "packed and clblast" where the
 * tuning chooses by the sizes of a product. The environment variable
 * ARD_ENGINE=clblast|packed|reference decides for all products instead; "reference", plain and slow
 * kernels for every device, is there to find out whether a result hangs on the engine. */
ARD_API const char *ard_context_engine(const ard_context *context);

/* The tuning in use, borrowed. ARD_ENGINE overrules its engines. */
ARD_API const ard_tuning *ard_context_tuning(const ard_context *context);

/* Why a file of a tuning was not used, as one line that contains its path and ends with "run
 * ard-tune"; "" where none was refused. Such a file is no failure: the context works with the next
 * tuning in the list. Lives as long as the context. */
ARD_API const char *ard_context_tuning_refused(const ard_context *context);

/* One line that names everything the bits of a result depend on: library, device, driver, engine,
 * tuning, CLBlast and its parameters where it may run. Lives as long as the context. */
ARD_API const char *ard_context_environment(const ard_context *context);

#ifdef __cplusplus
}
#endif

#endif
