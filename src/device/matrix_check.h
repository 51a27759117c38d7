/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the sizes and buffers that a caller brings, for the public edge. */
#ifndef ARD_MATRIX_CHECK_H
#define ARD_MATRIX_CHECK_H

#include <stddef.h>
#include <stdint.h>

#include <ard/loss.h>
#include <ard/matrix.h>

/* Kernels count rows and columns in 32 bits; this leaves room for rounding up. */
#define ARD__MAX_DIMENSION ((size_t)INT32_MAX - 65535)

/* INVALID_ARGUMENT unless 1 <= size <= ARD__MAX_DIMENSION; `name` goes into the detail. */
ard_status ard__check_size(const char *name, size_t size);

/* INVALID_ARGUMENT unless the matrix has a buffer, ld >= cols, and [rows x cols] lies inside the
 * buffer. */
ard_status ard__check_matrix(const char *name, const ard_matrix *matrix, size_t rows, size_t cols);

/* The same for `count` labels. */
ard_status ard__check_labels(const char *name, const ard_labels *labels, size_t count);

#endif
