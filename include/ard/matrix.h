/* SPDX-License-Identifier: Apache-2.0 */
/* A float32 row-major matrix inside an OpenCL buffer.
 *
 * Element (r, c) is at buffer[offset + r * ld + c]; offset and ld are counted in elements. The
 * struct borrows the buffer: whoever made it releases it. A vector is a matrix of one row. */
#ifndef ARD_MATRIX_H
#define ARD_MATRIX_H

#include <stddef.h>

#include <ard/context.h>
#include <ard/opencl.h>
#include <ard/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where a matrix lies; its rows and columns are arguments of the calls that use it. */
typedef struct ard_matrix {
    cl_mem buffer; /* borrowed */
    size_t offset; /* of element (0, 0), in elements */
    size_t ld;     /* from one row to the next, in elements; at least the columns */
} ard_matrix;

/* A new device buffer for [rows x cols], ld = cols, contents undefined. Free with
 * ard_matrix_destroy. INVALID_ARGUMENT for a zero or overflowing size, DEVICE_OUT_OF_MEMORY. */
ARD_API ard_status ard_matrix_create(ard_context *context, size_t rows, size_t cols,
                                     ard_matrix *matrix);

/* Releases the buffer and clears the struct. NULL and an empty struct are fine. */
ARD_API void ard_matrix_destroy(ard_matrix *matrix);

/* Copies a host array [rows x cols] (contiguous) to the matrix. Blocks. */
ARD_API ard_status ard_matrix_write(ard_context *context, size_t rows, size_t cols,
                                    const float *src, const ard_matrix *dst);

/* Copies the matrix to a host array [rows x cols] (contiguous). Blocks. */
ARD_API ard_status ard_matrix_read(ard_context *context, size_t rows, size_t cols,
                                   const ard_matrix *src, float *dst);

#ifdef __cplusplus
}
#endif

#endif
