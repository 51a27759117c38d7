/* SPDX-License-Identifier: Apache-2.0 */
#include "device/launch.h"

#include "device/context_internal.h"
#include "device/program.h"

static const struct {
    ard__program_id program;
    const char *function;
} kernel_table[ARD__KERNEL_COUNT] = {
#define KERNEL_ROW(id, program, function) {ARD__PROGRAM_##program, function},
    ARD__KERNEL_MAP(KERNEL_ROW)
#undef KERNEL_ROW
};

ard_status ard__kernel_get(ard_context *context, ard__kernel_id id, cl_kernel *kernel)
{
    if (context->kernels[id] == NULL) {
        cl_program program = NULL;
        ARD_TRY(ard__program_get(context, kernel_table[id].program, &program));
        cl_int code = CL_SUCCESS;
        cl_kernel created = clCreateKernel(program, kernel_table[id].function, &code);
        if (code != CL_SUCCESS) {
            return ard__fail_opencl(code, "clCreateKernel");
        }
        context->kernels[id] = created;
    }
    *kernel = context->kernels[id];
    return ARD_STATUS_SUCCESS;
}

ard_status ard__launch_begin(ard_context *context, ard__kernel_id id, ard__launch *launch)
{
    cl_kernel kernel = NULL;
    ARD_TRY(ard__kernel_get(context, id, &kernel));
    *launch = (ard__launch){.context = context, .kernel = kernel, .id = id, .code = CL_SUCCESS};
    return ARD_STATUS_SUCCESS;
}

static void set_next(ard__launch *launch, size_t size, const void *value)
{
    const cl_int code = clSetKernelArg(launch->kernel, launch->next, size, value);
    if (launch->code == CL_SUCCESS) {
        launch->code = code;
    }
    ++launch->next;
}

void ard__launch_uint(ard__launch *launch, cl_uint value)
{
    set_next(launch, sizeof value, &value);
}

void ard__launch_ulong(ard__launch *launch, cl_ulong value)
{
    set_next(launch, sizeof value, &value);
}

void ard__launch_float(ard__launch *launch, cl_float value)
{
    set_next(launch, sizeof value, &value);
}

void ard__launch_buffer(ard__launch *launch, cl_mem buffer)
{
    set_next(launch, sizeof(cl_mem), &buffer);
}

void ard__launch_matrix(ard__launch *launch, const ard_matrix *matrix)
{
    ard__launch_buffer(launch, matrix->buffer);
    ard__launch_ulong(launch, matrix->offset);
    ard__launch_ulong(launch, matrix->ld);
}

void ard__launch_touches(ard__launch *launch, size_t rows, size_t cols, unsigned touches)
{
    launch->work.bytes += ard__matrix_bytes(rows, cols, touches);
}

static ard_status enqueue(ard__launch *launch, cl_uint dimensions, const size_t *global,
                          size_t group_size)
{
    const size_t local[3] = {group_size, 1, 1};
    const char *name = kernel_table[launch->id].function;
    ard_context *context = launch->context;
    cl_event event = NULL;
    if (launch->code != CL_SUCCESS) {
        return ard__fail_opencl(launch->code, name);
    }
    ARD_TRY(ard__order(context));
    const cl_int code =
        clEnqueueNDRangeKernel(context->queue, launch->kernel, dimensions, NULL, global, local, 0,
                               NULL, ard__profile_event(context, &event));
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, name);
    }
    ard__profile_record(context, event, name, &launch->work);
    return ARD_STATUS_SUCCESS;
}

static size_t round_up(size_t value, size_t multiple)
{
    return (value + multiple - 1) / multiple * multiple;
}

ard_status ard__launch_1d(ard__launch *launch, size_t items)
{
    const size_t global[1] = {round_up(items, launch->context->group_size)};
    return enqueue(launch, 1, global, launch->context->group_size);
}

ard_status ard__launch_2d(ard__launch *launch, size_t cols, size_t rows)
{
    const size_t global[2] = {round_up(cols, launch->context->group_size), rows};
    return enqueue(launch, 2, global, launch->context->group_size);
}

ard_status ard__launch_3d(ard__launch *launch, size_t cols, size_t rows, size_t blocks)
{
    const size_t global[3] = {round_up(cols, launch->context->group_size), rows, blocks};
    return enqueue(launch, 3, global, launch->context->group_size);
}

ard_status ard__launch_single(ard__launch *launch, size_t x, size_t y, size_t z)
{
    const size_t global[3] = {x, y, z};
    return enqueue(launch, 3, global, 1);
}
