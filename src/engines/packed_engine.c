/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/packed_engine.h"

#include <stdio.h>

#include "core/integers.h"
#include "device/context_internal.h"
#include "device/kept_part.h"
#include "device/launch.h"
#include "engines/panels.h"

enum {
    PACK_STEPS = 64,  /* of packed.cl */
    PARTS_A_UNIT = 4, /* work-groups that a compute unit should find, for an even load */
};

#define NO_SIZES UINT32_MAX /* the NONE of packed.cl */

/* op(a) packed: blocks of each product, and floats of all. */
static size_t blocks_of(const ard_context *context, const ard__gemm *g)
{
    return ard__divide_up(g->m, context->tuning.packed.rows);
}

static size_t packed_floats(const ard_context *context, const ard__gemm_batch *batch)
{
    const ard__gemm *g = &batch->first;
    return batch->count * blocks_of(context, g) * context->tuning.packed.rows * g->k;
}

ard_status ard__packed_reserve(ard_context *context, const ard__gemm_batch *batch)
{
    return ard__scratch_reserve(context, &context->gemm,
                                packed_floats(context, batch) * sizeof(cl_float));
}

/* The kernels want some buffer where there is no list. */
static void add_list(ard__launch *launch, const ard__columns *columns, const ard__gemm *g)
{
    ard__launch_buffer(launch, columns->stride > 0 ? columns->buffer : g->b.buffer);
}

static ard_status pack(ard_context *context, const ard__gemm_batch *batch)
{
    const ard__gemm *g = &batch->first;
    const ard__columns *columns = &batch->a_columns;
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_PACK, &launch));
    ard__launch_uint(&launch, (cl_uint)g->m);
    ard__launch_uint(&launch, (cl_uint)g->k);
    ard__launch_matrix(&launch, &g->a);
    ard__launch_ulong(&launch, columns->stride > 0 ? 0 : batch->a_stride);
    ard__launch_uint(&launch, g->a_transposed);
    ard__launch_uint(&launch, columns->stride > 0);
    add_list(&launch, columns, g);
    ard__launch_uint(&launch, (cl_uint)columns->at);
    ard__launch_uint(&launch, (cl_uint)columns->stride);
    ard__launch_uint(&launch, (cl_uint)columns->sizes_at);
    ard__launch_buffer(&launch, context->gemm.buffer);
    launch.work.is_multiplication = true;
    ard__launch_touches(&launch, batch->count * g->m, g->k, 2);
    return ard__launch_single(&launch, ard__divide_up(g->k, PACK_STEPS), blocks_of(context, g),
                              batch->count);
}

/* Rows of c that a work-item makes: all, unless there are too few strips for the compute units. */
static size_t stretch_of(const ard_context *context, const ard__gemm_batch *batch, size_t strips)
{
    const size_t blocks = blocks_of(context, &batch->first);
    const size_t wanted = (size_t)context->info.compute_units * PARTS_A_UNIT;
    const size_t stretches = ard__divide_up(wanted, strips * batch->count);
    return ard__divide_up(blocks, ard__smaller(stretches, blocks)) * context->tuning.packed.rows;
}

/* Which sizes and columns the lists say. */
static void add_columns(ard__launch *launch, const ard__gemm_batch *batch)
{
    const ard__gemm *g = &batch->first;
    const bool b_listed = batch->b_columns.stride > 0;
    const ard__columns *of_a = &batch->a_columns;
    const ard__columns *of_n = b_listed ? &batch->b_columns : &batch->c_columns;
    const cl_uint sizes_at = of_a->stride > 0 ? (cl_uint)of_a->sizes_at : NO_SIZES;
    add_list(launch, of_a, g);
    ard__launch_uint(launch, g->a_transposed ? sizes_at : NO_SIZES);
    ard__launch_uint(launch, g->a_transposed ? NO_SIZES : sizes_at);
    add_list(launch, of_n, g);
    ard__launch_uint(launch, b_listed);
    ard__launch_uint(launch, batch->c_columns.stride > 0);
    ard__launch_uint(launch, (cl_uint)of_n->at);
    ard__launch_uint(launch, (cl_uint)of_n->stride);
    ard__launch_uint(launch, (cl_uint)of_n->sizes_at);
}

static void add_epilogue(ard__launch *launch, const ard__gemm *g)
{
    static const ard__epilogue none = {.relu = false, .scale = 1.0f};
    const ard__epilogue *epilogue = g->epilogue != NULL ? g->epilogue : &none;
    const bool biased = epilogue->bias.buffer != NULL;
    const bool derived = epilogue->derivative_of.buffer != NULL;
    ard__launch_uint(launch, biased);
    ard__launch_buffer(launch, biased ? epilogue->bias.buffer : g->b.buffer);
    ard__launch_ulong(launch, epilogue->bias.offset);
    ard__launch_uint(launch, epilogue->relu);
    ard__launch_uint(launch, derived);
    ard__launch_matrix(launch, derived ? &epilogue->derivative_of : &g->b);
    ard__launch_float(launch, epilogue->scale);
}

static ard_status multiply(ard_context *context, const ard__gemm_batch *batch)
{
    const ard__gemm *g = &batch->first;
    const ard_packed_parameters *parameters = &context->tuning.packed;
    const size_t strips =
        ard__divide_up(g->n, (size_t)parameters->vectors * parameters->vector_width);
    const size_t stretch = stretch_of(context, batch, strips);
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_MULTIPLY, &launch));
    ard__launch_uint(&launch, (cl_uint)g->m);
    ard__launch_uint(&launch, (cl_uint)g->n);
    ard__launch_uint(&launch, (cl_uint)g->k);
    ard__launch_uint(&launch, (cl_uint)stretch);
    ard__launch_float(&launch, g->alpha);
    ard__launch_buffer(&launch, context->gemm.buffer);
    ard__launch_matrix(&launch, &g->b);
    ard__launch_ulong(&launch, batch->b_columns.stride > 0 ? 0 : batch->b_stride);
    ard__launch_uint(&launch, g->b_transposed);
    ard__launch_matrix(&launch, &g->c);
    ard__launch_ulong(&launch, batch->c_columns.stride > 0 ? 0 : batch->c_stride);
    add_columns(&launch, batch);
    add_epilogue(&launch, g);
    launch.work = ard__gemm_work(batch);
    return ard__launch_single(&launch, strips, ard__divide_up(g->m, stretch), batch->count);
}

/* The columns of c that no product stores. */
static ard_status clear_rest(ard_context *context, const ard__gemm_batch *batch)
{
    const ard__columns *columns = &batch->c_columns;
    size_t stored = 0;
    for (size_t q = 0; columns->stride > 0 && q < batch->count; ++q) {
        stored += columns->sizes[q];
    }
    return stored < columns->width
               ? ard__clear(context, batch->first.m, columns->width, &batch->first.c)
               : ARD_STATUS_SUCCESS;
}

ard_status ard__packed_run(ard_context *context, const ard__gemm_batch *batch)
{
    if (batch->first.b_prepared) {
        return ard__panels_multiply(context, &batch->first);
    }
    ARD_TRY(ard__packed_reserve(context, batch));
    ARD_TRY(clear_rest(context, batch));
    ARD_TRY(pack(context, batch));
    return multiply(context, batch);
}

void ard__packed_options(const ard_packed_parameters *parameters, char *text, size_t capacity)
{
    snprintf(text, capacity, "-DVW=%u -DNV=%u -DMR=%u -DKC=%u", parameters->vector_width,
             parameters->vectors, parameters->rows, parameters->depth);
}

void ard__panels_options(const ard_packed_parameters *parameters, char *text, size_t capacity)
{
    snprintf(text, capacity, "-DVW=%u -DNV=%u -DKC=%u -DPANEL_SPACE=__global",
             parameters->vector_width, ARD__PANEL_VECTORS, parameters->depth);
}

ard_status ard__packed_check(const ard_context *context)
{
    const ard_packed_parameters *parameters = &context->tuning.packed;
    const size_t columns = (size_t)parameters->vectors * parameters->vector_width;
    const size_t bytes = columns * parameters->depth * sizeof(cl_float);
    cl_ulong local = 0;
    const cl_int code =
        clGetDeviceInfo(context->device, CL_DEVICE_LOCAL_MEM_SIZE, sizeof local, &local, NULL);
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clGetDeviceInfo");
    }
    return bytes <= local
               ? ARD_STATUS_SUCCESS
               : ard__fail(ARD_STATUS_UNSUPPORTED,
                           "a panel of packed.depth %u x %zu columns takes %zu bytes of local "
                           "memory, %s has %llu",
                           parameters->depth, columns, bytes, context->info.name,
                           (unsigned long long)local);
}
