/* SPDX-License-Identifier: Apache-2.0 */
/* Matrix products of the double-precision references. */
#ifndef ARD_TEST_REFERENCE_PRODUCT_H
#define ARD_TEST_REFERENCE_PRODUCT_H

#include <stddef.h>

/* A matrix, or the transpose of one. */
typedef struct reference_view {
    const double *values;
    size_t row_stride;
    size_t col_stride;
} reference_view;

/* The matrix whose rows have `cols` elements, as it is and transposed. */
reference_view reference_plain(const double *values, size_t cols);
reference_view reference_transposed(const double *values, size_t cols);

/* result [m x n] += a [m x k] b [k x n]. */
void reference_product(size_t m, size_t n, size_t k, reference_view a, reference_view b,
                       double *result);

#endif
