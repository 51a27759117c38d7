/* SPDX-License-Identifier: Apache-2.0 */
/* Launching a kernel: arguments in the order of its parameter list, then its size.
 *
 * An error while setting arguments is remembered and returned by the launch, so that a call site
 * reads as the parameter list does. */
#ifndef ARD_LAUNCH_H
#define ARD_LAUNCH_H

#include <stddef.h>

#include <ard/context.h>
#include <ard/matrix.h>

#include "device/kernels.h"
#include "device/profile_internal.h"

typedef struct ard__launch {
    ard_context *context;
    cl_kernel kernel;
    ard__kernel_id id;
    cl_uint next;
    cl_int code;
    ard__work work; /* for profiles */
} ard__launch;

/* Starts a launch; builds the kernel's program where this is its first use in the context. */
ard_status ard__launch_begin(ard_context *context, ard__kernel_id id, ard__launch *launch);

void ard__launch_uint(ard__launch *launch, cl_uint value);
void ard__launch_ulong(ard__launch *launch, cl_ulong value);
void ard__launch_float(ard__launch *launch, cl_float value);
void ard__launch_buffer(ard__launch *launch, cl_mem buffer);

/* Buffer, offset and ld: `__global float *x, ulong x_offset, ulong x_ld` in the kernel. */
void ard__launch_matrix(ard__launch *launch, const ard_matrix *matrix);

/* Says, for profiles, that the kernel touches (reads or writes) the elements of a matrix
 * [rows x cols] so often. */
void ard__launch_touches(ard__launch *launch, size_t rows, size_t cols, unsigned touches);

/* Enqueues at least `items` work-items (1d), cols x rows (2d) or cols x rows x blocks (3d), in
 * groups along the first dimension. The kernel checks its bounds. Zero items are nothing to do. */
ard_status ard__launch_1d(ard__launch *launch, size_t items);
ard_status ard__launch_2d(ard__launch *launch, size_t cols, size_t rows);
ard_status ard__launch_3d(ard__launch *launch, size_t cols, size_t rows, size_t blocks);

/* Enqueues x * y * z work-items, each a group of its own. */
ard_status ard__launch_single(ard__launch *launch, size_t x, size_t y, size_t z);

/* The kernel of an id; for its properties. */
ard_status ard__kernel_get(ard_context *context, ard__kernel_id id, cl_kernel *kernel);

#endif
