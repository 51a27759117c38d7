/* SPDX-License-Identifier: Apache-2.0 */
/* A product on the device against sums in double precision on the host.
 *
 * Error of an output: |got - want| / sum |a_i b_i|, bounded for any order of the sum by the number
 * of terms times the rounding of a float; where all terms are zero, |got|. */
#ifndef ARD_MEASURE_VERIFY_PRODUCT_H
#define ARD_MEASURE_VERIFY_PRODUCT_H

#include <ard/ard.h>

#include "outcome.h"

/* Element (row, term) of a factor, by way of index lists where they are not NULL. */
typedef struct factor {
    const float *values;
    size_t row_stride;
    size_t term_stride;
    const uint32_t *rows;
    const uint32_t *terms;
} factor;

/* output[row][column] = sum of left (row, term) * right (column, term). */
typedef struct product {
    size_t rows;
    size_t cols;
    size_t terms;
    factor left;
    factor right;
    const ard_bernoulli *mask; /* of the outputs: those that it drops are zero; NULL: none */
    ard_matrix output;
} product;

/* Compares up to 1,024 outputs, all where there are no more, spread over the product; `got` has
 * room for all. Raises `*largest` to the largest error, infinite for what is not a number. */
bench_outcome product_check(ard_context *context, const product *product, uint64_t seed, float *got,
                            double *largest);

#endif
