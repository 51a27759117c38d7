/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/context.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ard/version.h>

#include "device/context_internal.h"
#include "device/log_internal.h"
#include "device/profile_internal.h"
#include "device/program_cache.h"
#include "engines/gemm.h"
#include "tuning/context_tuning.h"

/* CPU devices that say so have vectors for one work-item to use; elsewhere, and on CPUs too where
 * the driver makes work-items the lanes of a vector (native width 1), items are scalar. */
static size_t vector_width_of(ard_device_type type, cl_uint native)
{
    return type == ARD_DEVICE_CPU && native > 1 ? 16 : 1;
}

/* Work-items in a group of our kernels; they use next to no local memory, so any device that has as
 * many will do. */
enum { PREFERRED_GROUP_SIZE = 64 };

static ard_status queue_value(cl_command_queue queue, cl_command_queue_info what, size_t size,
                              void *value)
{
    const cl_int code = clGetCommandQueueInfo(queue, what, size, value, NULL);
    return code == CL_SUCCESS ? ARD_STATUS_SUCCESS
                              : ard__fail_opencl(code, "clGetCommandQueueInfo");
}

static ard_status check_device(ard_context *context)
{
    cl_bool compiler = CL_FALSE;
    size_t group_size = 0;
    cl_uint native_width = 0;
    cl_int code = clGetDeviceInfo(context->device, CL_DEVICE_COMPILER_AVAILABLE, sizeof compiler,
                                  &compiler, NULL);
    if (code == CL_SUCCESS) {
        code = clGetDeviceInfo(context->device, CL_DEVICE_MAX_WORK_GROUP_SIZE, sizeof group_size,
                               &group_size, NULL);
    }
    if (code == CL_SUCCESS) {
        code = clGetDeviceInfo(context->device, CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT,
                               sizeof native_width, &native_width, NULL);
    }
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clGetDeviceInfo");
    }
    if (compiler == CL_FALSE) {
        return ard__fail(ARD_STATUS_UNSUPPORTED, "the driver of %s has no OpenCL C compiler",
                         context->info.name);
    }
    context->vector_width = vector_width_of(context->info.type, native_width);
    context->group_size = group_size < PREFERRED_GROUP_SIZE ? group_size : PREFERRED_GROUP_SIZE;
    return ARD_STATUS_SUCCESS;
}

/* Fills a context whose queue is set and held. */
static ard_status set_up(ard_context *context, const ard_context_options *options)
{
    cl_command_queue_properties properties = 0;
    ARD_TRY(ard__program_cache_check());
    ARD_TRY(
        queue_value(context->queue, CL_QUEUE_CONTEXT, sizeof context->opencl, &context->opencl));
    ARD_TRY(queue_value(context->queue, CL_QUEUE_DEVICE, sizeof context->device, &context->device));
    ARD_TRY(queue_value(context->queue, CL_QUEUE_PROPERTIES, sizeof properties, &properties));
    context->out_of_order = (properties & CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE) != 0;
    context->queue_profiling = (properties & CL_QUEUE_PROFILING_ENABLE) != 0;
    ARD_TRY(ard_device_describe(context->device, &context->info));
    ARD_TRY(check_device(context));
    ARD_TRY(ard__log_create(context, options));
    char tuning[192];
    ARD_TRY(ard__context_tune(context, options, tuning, sizeof tuning));
    const char *override = getenv("ARD_CL_DIR");
    snprintf(context->environment, sizeof context->environment,
             "libard %s; device %s; platform %s; driver %s; %s%s", ard_version(),
             context->info.name, context->info.platform, context->info.driver, tuning,
             override != NULL && override[0] != '\0' ? "; kernels from ARD_CL_DIR" : "");
    ard__log_info(context);
    return ARD_STATUS_SUCCESS;
}

/* Takes over the caller's reference to the queue, also on failure. */
static ard_status create_on(cl_command_queue queue, bool own, const ard_context_options *options,
                            ard_context **context)
{
    static const ard_context_options defaults;
    ard_context *created = calloc(1, sizeof *created);
    if (created == NULL) {
        clReleaseCommandQueue(queue);
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for a context");
    }
    created->queue = queue;
    created->own_queue = own;
    ard_status status = ard__memory_count_create(&created->memory);
    if (status == ARD_STATUS_SUCCESS) {
        status = set_up(created, options != NULL ? options : &defaults);
    }
    if (status != ARD_STATUS_SUCCESS) {
        ard_context_destroy(created);
        return status;
    }
    *context = created;
    return ARD_STATUS_SUCCESS;
}

ard_status ard_context_create(const char *selector, const ard_context_options *options,
                              ard_context **context)
{
    ARD__CHECK(context != NULL, "ard_context_create: context is NULL");
    *context = NULL;
    ard_device_info device;
    bool logs = false;
    ARD_TRY(ard__log_wanted(options, &logs));
    ARD_TRY(ard_device_find(selector, &device));
    cl_int code = CL_SUCCESS;
    cl_context opencl = clCreateContext(NULL, 1, &device.handle, NULL, NULL, &code);
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clCreateContext");
    }
    const cl_command_queue_properties properties =
        logs || (options != NULL && options->profiling) ? CL_QUEUE_PROFILING_ENABLE : 0;
    cl_command_queue queue = clCreateCommandQueue(opencl, device.handle, properties, &code);
    clReleaseContext(opencl); /* the queue holds it */
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clCreateCommandQueue");
    }
    return create_on(queue, true, options, context);
}

ard_status ard_context_create_from_queue(cl_command_queue queue, const ard_context_options *options,
                                         ard_context **context)
{
    ARD__CHECK(context != NULL, "ard_context_create_from_queue: context is NULL");
    *context = NULL;
    ARD__CHECK(queue != NULL, "ard_context_create_from_queue: queue is NULL");
    const cl_int code = clRetainCommandQueue(queue);
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clRetainCommandQueue");
    }
    return create_on(queue, false, options, context);
}

void ard__scratch_release(ard__scratch *scratch)
{
    if (scratch->buffer != NULL) {
        clReleaseMemObject(scratch->buffer);
    }
    *scratch = (ard__scratch){0};
}

void ard_context_destroy(ard_context *context)
{
    if (context == NULL) {
        return;
    }
    ard__profile_clear(context);
    ard__log_destroy(context, context->own_queue);
    ard__upload_clear(&context->uploads);
    ard__index_cache_clear(&context->indices);
    ard__scratch_release(&context->compact_weights);
    ard__scratch_release(&context->compact_bias);
    ard__scratch_release(&context->grouped_a);
    ard__scratch_release(&context->grouped_n);
    ard__scratch_release(&context->loss_rows);
    ard__scratch_release(&context->gemm);
    for (size_t i = 0; i < ARD__KERNEL_COUNT; ++i) {
        if (context->kernels[i] != NULL) {
            clReleaseKernel(context->kernels[i]);
        }
    }
    for (size_t i = 0; i < ARD__PROGRAM_COUNT; ++i) {
        if (context->programs[i] != NULL) {
            clReleaseProgram(context->programs[i]);
        }
    }
    clReleaseCommandQueue(context->queue);
    ard__memory_count_release(context->memory);
    free(context);
}

cl_command_queue ard_context_queue(const ard_context *context)
{
    return context != NULL ? context->queue : NULL;
}

cl_context ard_context_opencl(const ard_context *context)
{
    return context != NULL ? context->opencl : NULL;
}

const ard_device_info *ard_context_device(const ard_context *context)
{
    return context != NULL ? &context->info : NULL;
}

const char *ard_context_engine(const ard_context *context)
{
    if (context != NULL && context->forced_engine != NULL) {
        return context->forced_engine->name;
    }
    const bool packed = context != NULL && ard__gemm_may_run(context, ARD_ENGINE_PACKED);
    const bool clblast = context != NULL && ard__gemm_may_run(context, ARD_ENGINE_CLBLAST);
    return packed && clblast ? "packed and clblast" : packed ? "packed" : "clblast";
}

const ard_tuning *ard_context_tuning(const ard_context *context)
{
    return context != NULL ? &context->tuning : NULL;
}

const char *ard_context_tuning_refused(const ard_context *context)
{
    return context != NULL ? context->tuning_refused : "";
}

const char *ard_context_environment(const ard_context *context)
{
    return context != NULL ? context->environment : "";
}

ard_status ard_context_memory(const ard_context *context, size_t *now, size_t *peak)
{
    ARD__CHECK(context != NULL, "ard_context_memory: context is NULL");
    if (now != NULL) {
        *now = ard__memory_count_now(context->memory);
    }
    if (peak != NULL) {
        *peak = ard__memory_count_peak(context->memory);
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard_context_finish(ard_context *context)
{
    ARD__CHECK(context != NULL, "ard_context_finish: context is NULL");
    const cl_int code = clFinish(context->queue);
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clFinish");
    }
    if (context->log != NULL) {
        ard__log_settle(context->log);
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard__buffer_create(ard_context *context, size_t bytes, cl_mem *buffer)
{
    cl_int code = CL_SUCCESS;
    cl_mem created = clCreateBuffer(context->opencl, CL_MEM_READ_WRITE, bytes, NULL, &code);
    if (code == CL_INVALID_BUFFER_SIZE || code == CL_MEM_OBJECT_ALLOCATION_FAILURE) {
        return ard__fail(ARD_STATUS_DEVICE_OUT_OF_MEMORY,
                         "%s gives no buffer of %zu bytes; its limit for one is %llu",
                         context->info.name, bytes,
                         (unsigned long long)context->info.max_allocation);
    }
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clCreateBuffer");
    }
    const ard_status status = ard__memory_count_add(context->memory, created, bytes);
    if (status != ARD_STATUS_SUCCESS) {
        clReleaseMemObject(created);
        return status;
    }
    *buffer = created;
    return ARD_STATUS_SUCCESS;
}

ard_status ard__buffer_fill(ard_context *context, cl_mem buffer, uint32_t word, size_t bytes)
{
    const ard__work work = ard__work_copy(bytes);
    cl_event event = NULL;
    ARD_TRY(ard__order(context));
    const cl_int code = clEnqueueFillBuffer(context->queue, buffer, &word, sizeof word, 0, bytes, 0,
                                            NULL, ard__profile_event(context, &event));
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clEnqueueFillBuffer");
    }
    ard__profile_record(context, event, "fill", &work);
    return ARD_STATUS_SUCCESS;
}

ard_status ard__scratch_reserve(ard_context *context, ard__scratch *scratch, size_t bytes)
{
    if (scratch->bytes >= bytes) {
        return ARD_STATUS_SUCCESS;
    }
    cl_mem grown = NULL;
    ARD_TRY(ard__buffer_create(context, bytes, &grown));
    ard__scratch_release(scratch);
    *scratch = (ard__scratch){grown, bytes};
    return ARD_STATUS_SUCCESS;
}

ard_status ard__order(ard_context *context)
{
    if (!context->out_of_order) {
        return ARD_STATUS_SUCCESS;
    }
    const cl_int code = clEnqueueBarrierWithWaitList(context->queue, 0, NULL, NULL);
    return code == CL_SUCCESS ? ARD_STATUS_SUCCESS
                              : ard__fail_opencl(code, "clEnqueueBarrierWithWaitList");
}

ard_status ard__give_event(ard_context *context, cl_event *event)
{
    if (event == NULL) {
        return ARD_STATUS_SUCCESS;
    }
    const cl_int code = clEnqueueMarkerWithWaitList(context->queue, 0, NULL, event);
    return code == CL_SUCCESS ? ARD_STATUS_SUCCESS
                              : ard__fail_opencl(code, "clEnqueueMarkerWithWaitList");
}

ard_status ard__submit(ard_context *context, cl_event *event)
{
    ARD_TRY(ard__give_event(context, event));
    const cl_int code = clFlush(context->queue);
    return code == CL_SUCCESS ? ARD_STATUS_SUCCESS : ard__fail_opencl(code, "clFlush");
}
