/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/matrix.h>

#include "device/context_internal.h"
#include "device/matrix_check.h"
#include "device/operation.h"
#include "device/profile_internal.h"

ard_status ard__check_matrix(const char *name, const ard_matrix *matrix, size_t rows, size_t cols)
{
    ARD__CHECK(matrix != NULL && matrix->buffer != NULL, "%s is NULL", name);
    ARD__CHECK(matrix->ld >= cols, "%s has ld %zu, expected at least its width %zu", name,
               matrix->ld, cols);
    size_t bytes = 0;
    const cl_int code = clGetMemObjectInfo(matrix->buffer, CL_MEM_SIZE, sizeof bytes, &bytes, NULL);
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clGetMemObjectInfo");
    }
    const size_t elements = bytes / sizeof(cl_float);
    const bool fits = matrix->offset <= elements && cols <= elements - matrix->offset &&
                      (rows == 1 || (elements - matrix->offset - cols) / matrix->ld >= rows - 1);
    ARD__CHECK(fits, "%s [%zu x %zu] with ld %zu at offset %zu exceeds its buffer of %zu elements",
               name, rows, cols, matrix->ld, matrix->offset, elements);
    return ARD_STATUS_SUCCESS;
}

ard_status ard__check_labels(const char *name, const ard_labels *labels, size_t count)
{
    ARD__CHECK(labels != NULL, "%s is NULL", name);
    const ard_matrix as_matrix = {labels->buffer, labels->offset, count};
    return ard__check_matrix(name, &as_matrix, 1, count);
}

ard_status ard__check_size(const char *name, size_t size)
{
    ARD__CHECK(size >= 1 && size <= ARD__MAX_DIMENSION, "%s is %zu, expected 1..%zu", name, size,
               ARD__MAX_DIMENSION);
    return ARD_STATUS_SUCCESS;
}

ard_status ard_matrix_create(ard_context *context, size_t rows, size_t cols, ard_matrix *matrix)
{
    ARD__CHECK(context != NULL && matrix != NULL, "ard_matrix_create: an argument is NULL");
    *matrix = (ard_matrix){0};
    ARD_TRY(ard__check_size("rows", rows));
    ARD_TRY(ard__check_size("cols", cols));
    ARD__CHECK(rows <= SIZE_MAX / sizeof(cl_float) / cols, "[%zu x %zu] is too large to address",
               rows, cols);
    cl_mem buffer = NULL;
    ARD_TRY(ard__buffer_create(context, rows * cols * sizeof(cl_float), &buffer));
    *matrix = (ard_matrix){buffer, 0, cols};
    return ARD_STATUS_SUCCESS;
}

void ard_matrix_destroy(ard_matrix *matrix)
{
    if (matrix != NULL && matrix->buffer != NULL) {
        clReleaseMemObject(matrix->buffer);
        *matrix = (ard_matrix){0};
    }
}

/* The rectangle of a matrix for clEnqueue{Read,Write}BufferRect, in bytes and rows. */
typedef struct rectangle {
    size_t device_origin[3];
    size_t host_origin[3];
    size_t region[3];
    size_t device_pitch;
    size_t host_pitch;
} rectangle;

static rectangle make_rectangle(const ard_matrix *matrix, size_t rows, size_t cols)
{
    const size_t element = sizeof(cl_float);
    return (rectangle){.device_origin = {matrix->offset * element, 0, 0},
                       .region = {cols * element, rows, 1},
                       .device_pitch = matrix->ld * element,
                       .host_pitch = cols * element};
}

static ard_status check_copy(ard_context *context, size_t rows, size_t cols, const void *host,
                             const ard_matrix *matrix)
{
    ARD__CHECK(context != NULL && host != NULL, "the context or the host array is NULL");
    ARD_TRY(ard__check_size("rows", rows));
    ARD_TRY(ard__check_size("cols", cols));
    return ard__check_matrix("the matrix", matrix, rows, cols);
}

static ard_status write_matrix(ard_context *context, size_t rows, size_t cols, const float *src,
                               const ard_matrix *dst)
{
    ARD_TRY(check_copy(context, rows, cols, src, dst));
    const rectangle r = make_rectangle(dst, rows, cols);
    const ard__work work = {.bytes = ard__matrix_bytes(rows, cols, 1)};
    cl_event event = NULL;
    ARD_TRY(ard__order(context));
    const cl_int code = clEnqueueWriteBufferRect(
        context->queue, dst->buffer, CL_TRUE, r.device_origin, r.host_origin, r.region,
        r.device_pitch, 0, r.host_pitch, 0, src, 0, NULL, ard__profile_event(context, &event));
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clEnqueueWriteBufferRect");
    }
    ard__profile_record(context, event, "write", &work);
    return ARD_STATUS_SUCCESS;
}

ard_status ard_matrix_write(ard_context *context, size_t rows, size_t cols, const float *src,
                            const ard_matrix *dst)
{
    ard__operation_begin(context, "matrix_write");
    return ard__operation_end_matrix(context, rows, cols, NULL, NULL, NULL,
                                     write_matrix(context, rows, cols, src, dst));
}

static ard_status read_matrix(ard_context *context, size_t rows, size_t cols, const ard_matrix *src,
                              float *dst)
{
    ARD_TRY(check_copy(context, rows, cols, dst, src));
    const rectangle r = make_rectangle(src, rows, cols);
    const ard__work work = {.bytes = ard__matrix_bytes(rows, cols, 1)};
    cl_event event = NULL;
    ARD_TRY(ard__order(context));
    const cl_int code = clEnqueueReadBufferRect(
        context->queue, src->buffer, CL_TRUE, r.device_origin, r.host_origin, r.region,
        r.device_pitch, 0, r.host_pitch, 0, dst, 0, NULL, ard__profile_event(context, &event));
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clEnqueueReadBufferRect");
    }
    ard__profile_record(context, event, "read", &work);
    return ARD_STATUS_SUCCESS;
}

ard_status ard_matrix_read(ard_context *context, size_t rows, size_t cols, const ard_matrix *src,
                           float *dst)
{
    ard__operation_begin(context, "matrix_read");
    return ard__operation_end_matrix(context, rows, cols, NULL, NULL, NULL,
                                     read_matrix(context, rows, cols, src, dst));
}

ard_status ard__matrix_copy(ard_context *context, size_t count, const ard_matrix *src,
                            const ard_matrix *dst)
{
    const size_t bytes = count * sizeof(cl_float);
    const ard__work work = ard__work_copy(2 * bytes);
    cl_event event = NULL;
    ARD_TRY(ard__order(context));
    const cl_int code = clEnqueueCopyBuffer(
        context->queue, src->buffer, dst->buffer, src->offset * sizeof(cl_float),
        dst->offset * sizeof(cl_float), bytes, 0, NULL, ard__profile_event(context, &event));
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clEnqueueCopyBuffer");
    }
    ard__profile_record(context, event, "copy", &work);
    return ARD_STATUS_SUCCESS;
}
