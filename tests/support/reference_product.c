/* SPDX-License-Identifier: Apache-2.0 */
#include "support/reference_product.h"

reference_view reference_plain(const double *values, size_t cols)
{
    return (reference_view){values, cols, 1};
}

reference_view reference_transposed(const double *values, size_t cols)
{
    return (reference_view){values, 1, cols};
}

void reference_product(size_t m, size_t n, size_t k, reference_view a, reference_view b,
                       double *result)
{
    for (size_t i = 0; i < m; ++i) {
        for (size_t l = 0; l < k; ++l) {
            const double factor = a.values[i * a.row_stride + l * a.col_stride];
            for (size_t j = 0; j < n; ++j) {
                result[i * n + j] += factor * b.values[l * b.row_stride + j * b.col_stride];
            }
        }
    }
}
