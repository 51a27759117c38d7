/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds for statistical tests with fixed seeds: a correct program exceeds one with probability
 * `significance`, and being deterministic it does so always or never. */
#ifndef ARD_TEST_STATISTICS_H
#define ARD_TEST_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

/* P(X > x) of the chi-square distribution with `freedom` degrees, by the incomplete gamma function.
 */
double statistics_chi_square_tail(double x, size_t freedom);

/* The x whose tail is `significance`. */
double statistics_chi_square_critical(size_t freedom, double significance);

/* The chi-square statistic of `count` cells. Cells whose expectation is below 5 are taken together
 * (the approximation needs as much). `*freedom` gets the degrees of freedom: cells compared - 1. */
double statistics_chi_square(const uint64_t *observed, const double *expected, size_t count,
                             size_t *freedom);

/* The range of a binomial count: P(count < *low) and P(count > *high) are each at most
 * `significance` / 2, summed exactly. */
void statistics_binomial_bounds(uint64_t trials, double probability, double significance,
                                uint64_t *low, uint64_t *high);

#endif
