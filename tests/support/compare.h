/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing float32 results with the double-precision reference. */
#ifndef ARD_TEST_COMPARE_H
#define ARD_TEST_COMPARE_H

#include <float.h>
#include <stddef.h>
#include <stdint.h>

/* A result [rows x cols] and what it is a result of, for the message. */
typedef struct comparison {
    const char *what;
    const char *problem;
    size_t rows;
    size_t cols;
    uint64_t seed;
} comparison;

/* Fails, naming the worst element, unless |actual - expected| <= factor * magnitude everywhere;
 * `factor` is c * k * FLT_EPSILON. NaN never passes. `magnitude` NULL takes |expected|. */
void assert_close(const comparison *about, const float *actual, const double *expected,
                  const double *magnitude, double factor);

/* Fails unless |actual - expected| <= bound everywhere. */
void assert_within(const comparison *about, const float *actual, const double *expected,
                   double bound);

/* Fails unless both arrays hold the same bits. */
void assert_same_bits(const comparison *about, const float *actual, const float *expected);

/* The largest absolute value. */
double largest_of(size_t count, const double *values);

#endif
