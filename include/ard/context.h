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
#include <ard/opencl.h>
#include <ard/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ard_context ard_context;

/* Zero-initialised, this is the default. */
typedef struct ard_context_options {
    /* Make the context's own queue with CL_QUEUE_PROFILING_ENABLE. Ignored for an application's
     * queue. */
    bool profiling;
    /* Leave CLBlast's parameters for this device as they are. By default libard overrides them on
     * CPU devices when CLBlast is its engine there: its own run at a small part of the speed. An
     * override holds for the whole process, the application's own CLBlast calls on that device
     * included, and libard's lock cannot cover those calls. */
    bool keep_clblast_parameters;
} ard_context_options;

/* A context on the device that `selector` names (device.h), with an in-order queue of its own.
 * `options` may be NULL. NO_DEVICE, UNSUPPORTED (no compiler), OPENCL, OUT_OF_MEMORY,
 * INVALID_ARGUMENT (ARD_CACHE or ARD_ENGINE with another value than theirs). */
ARD_API ard_status ard_context_create(const char *selector, const ard_context_options *options,
                                      ard_context **context);

/* A context on the application's queue, which is retained until destroy and never finished unasked;
 * its OpenCL context and device come with it. An out-of-order queue works: libard puts barriers
 * between its commands. */
ARD_API ard_status ard_context_create_from_queue(cl_command_queue queue,
                                                 const ard_context_options *options,
                                                 ard_context **context);

/* Frees the context. Objects made from it must be destroyed before. Commands still in flight
 * complete. NULL is fine. */
ARD_API void ard_context_destroy(ard_context *context);

/* What the context runs on; all three are borrowed. */
ARD_API cl_command_queue ard_context_queue(const ard_context *context);
ARD_API cl_context ard_context_opencl(const ard_context *context);
ARD_API const ard_device_info *ard_context_device(const ard_context *context);

/* Blocks until everything enqueued so far is done. */
ARD_API ard_status ard_context_finish(ard_context *context);

/* What multiplies: "packed", libard's own kernels, or "clblast". Packed is the default on CPU
 * devices and CLBlast on others; the environment variable ARD_ENGINE=clblast|packed decides
 * otherwise. */
ARD_API const char *ard_context_engine(const ard_context *context);

/* One line that names everything the bits of a result depend on: library, device, driver, CLBlast,
 * engine and its parameters. Lives as long as the context. */
ARD_API const char *ard_context_environment(const ard_context *context);

#ifdef __cplusplus
}
#endif

#endif
