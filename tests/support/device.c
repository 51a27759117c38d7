/* SPDX-License-Identifier: Apache-2.0 */
#include "support/device.h"

#include <stdlib.h>
#include <string.h>

#include "support/memory.h"
#include "support/unit.h"

/* A quiet NaN that no computation makes. */
static const uint32_t CANARY_BITS = UINT32_C(0x7FCA4A3E);

/* Canaries behind the end of a matrix. */
enum { TAIL = 37 };

float test_canary(void)
{
    float canary = 0.0f;
    memcpy(&canary, &CANARY_BITS, sizeof canary);
    return canary;
}

ard_context *test_context_create(void)
{
    ard_context *context = NULL;
    assert_success(ard_context_create(NULL, NULL, &context));
    assert_non_null(context);
    return context;
}

int test_context_setup(void **state)
{
    ard_context *context = NULL;
    if (ard_context_create(NULL, NULL, &context) != ARD_STATUS_SUCCESS) {
        print_error("no device to test on: %s\n", ard_detail());
        return -1;
    }
    *state = context;
    return 0;
}

int test_context_teardown(void **state)
{
    ard_context_destroy(*state);
    return 0;
}

void test_need_timer(void)
{
    ard_device_info device;
    size_t resolution = 0;
    assert_success(ard_device_find(NULL, &device));
    assert_int_equal(clGetDeviceInfo(device.handle, CL_DEVICE_PROFILING_TIMER_RESOLUTION,
                                     sizeof resolution, &resolution, NULL),
                     CL_SUCCESS);
    if (resolution == 0) {
        print_message("%s with driver %s measures no times of commands\n", device.name,
                      device.driver);
        skip();
    }
}

cl_mem test_buffer(ard_context *context, size_t bytes, const void *data)
{
    cl_int code = CL_SUCCESS;
    cl_mem buffer =
        clCreateBuffer(ard_context_opencl(context), CL_MEM_READ_WRITE, bytes, NULL, &code);
    assert_int_equal(code, CL_SUCCESS);
    assert_int_equal(clEnqueueWriteBuffer(ard_context_queue(context), buffer, CL_TRUE, 0, bytes,
                                          data, 0, NULL, NULL),
                     CL_SUCCESS);
    return buffer;
}

static guarded create(ard_context *context, size_t rows, size_t cols, size_t offset, size_t gap,
                      const float *values)
{
    const size_t ld = cols + gap;
    const size_t elements = offset + rows * ld + TAIL;
    float *shadow = test_alloc(elements, sizeof *shadow);
    const float canary = test_canary();
    for (size_t i = 0; i < elements; ++i) {
        memcpy(&shadow[i], &canary, sizeof canary);
    }
    for (size_t row = 0; row < rows && values != NULL; ++row) {
        memcpy(shadow + offset + row * ld, values + row * cols, cols * sizeof *values);
    }
    const cl_mem buffer = test_buffer(context, elements * sizeof *shadow, shadow);
    return (guarded){.context = context,
                     .matrix = {buffer, offset, ld},
                     .rows = rows,
                     .cols = cols,
                     .elements = elements,
                     .shadow = shadow};
}

guarded guarded_create(ard_context *context, size_t rows, size_t cols, size_t offset, size_t gap)
{
    return create(context, rows, cols, offset, gap, NULL);
}

guarded guarded_create_with(ard_context *context, size_t rows, size_t cols, size_t offset,
                            size_t gap, const float *values)
{
    return create(context, rows, cols, offset, gap, values);
}

void guarded_destroy(guarded *matrix)
{
    if (matrix->matrix.buffer != NULL) {
        clReleaseMemObject(matrix->matrix.buffer);
    }
    free(matrix->shadow);
    *matrix = (guarded){0};
}

static float *read_buffer(const guarded *matrix)
{
    float *now = test_alloc(matrix->elements, sizeof *now);
    assert_success(ard_context_finish(matrix->context));
    assert_int_equal(clEnqueueReadBuffer(ard_context_queue(matrix->context), matrix->matrix.buffer,
                                         CL_TRUE, 0, matrix->elements * sizeof *now, now, 0, NULL,
                                         NULL),
                     CL_SUCCESS);
    return now;
}

static void assert_span_unchanged(const guarded *matrix, const char *name, const float *now,
                                  size_t first, size_t count)
{
    if (memcmp(now + first, matrix->shadow + first, count * sizeof *now) == 0) {
        return;
    }
    size_t at = first;
    while (memcmp(now + at, matrix->shadow + at, sizeof *now) == 0) {
        ++at;
    }
    fail_msg("%s [%zu x %zu] at offset %zu with ld %zu: element %zu of the buffer became %g", name,
             matrix->rows, matrix->cols, matrix->matrix.offset, matrix->matrix.ld, at,
             (double)now[at]);
}

float *guarded_read(const guarded *matrix, const char *name)
{
    float *now = read_buffer(matrix);
    float *values = test_alloc(matrix->rows * matrix->cols, sizeof *values);
    size_t clean = 0; /* everything before has been looked at */
    for (size_t row = 0; row < matrix->rows; ++row) {
        const size_t start = matrix->matrix.offset + row * matrix->matrix.ld;
        assert_span_unchanged(matrix, name, now, clean, start - clean);
        memcpy(values + row * matrix->cols, now + start, matrix->cols * sizeof *values);
        clean = start + matrix->cols;
    }
    assert_span_unchanged(matrix, name, now, clean, matrix->elements - clean);
    free(now);
    return values;
}

void guarded_assert_unchanged(const guarded *matrix, const char *name)
{
    float *now = read_buffer(matrix);
    assert_span_unchanged(matrix, name, now, 0, matrix->elements);
    free(now);
}

ard_labels test_labels(ard_context *context, size_t count, const int32_t *labels, size_t offset)
{
    const size_t elements = offset + count + TAIL;
    int32_t *all = test_alloc(elements, sizeof *all);
    for (size_t i = 0; i < elements; ++i) {
        const bool inside = i >= offset && i < offset + count;
        all[i] = inside ? labels[i - offset] : INT32_MAX;
    }
    const cl_mem buffer = test_buffer(context, elements * sizeof *all, all);
    free(all);
    return (ard_labels){buffer, offset};
}
