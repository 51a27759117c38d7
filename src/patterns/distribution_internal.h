/* SPDX-License-Identifier: Apache-2.0 */
/* What the searches for a distribution share. */
#ifndef ARD_DISTRIBUTION_INTERNAL_H
#define ARD_DISTRIBUTION_INTERNAL_H

#include <ard/distribution.h>

/* A rate this close to the limit (relative) is the limit: decimals such as 0.6666666666666667 mean
 * 2/3. */
#define ARD__RATE_TOLERANCE 1e-12

/* 2^32, the unit of cumulative probabilities. */
#define ARD__PROBABILITY_ONE (UINT64_C(1) << 32)

/* r_i = (i-1)/i, the rate of a step that draws period i. */
double ard__period_rate(uint32_t period);

/* INVALID_ARGUMENT for a NULL `distribution` or `max_period` outside 1..ARD_MAX_PERIOD;
 * INVALID_RATE, with the reachable range, unless 0 <= rate <= (N-1)/N within ARD__RATE_TOLERANCE.
 */
ard_status ard__distribution_check(double rate, uint32_t max_period,
                                   const ard_distribution *distribution);

/* The distribution of `max_period` probabilities (>= 0, sum 1 within rounding) with its derived
 * fields. */
ard_distribution ard__distribution_make(const double *probabilities, uint32_t max_period,
                                        double rate, uint32_t steps);

/* What the family k_i ~ exp(theta * r_i + offset_i) gives at one theta. */
typedef struct ard__family_point {
    double probabilities[ARD_MAX_PERIOD];
    double rate;     /* mean of r_i */
    double headroom; /* mean of r_N - r_i, summed by itself: near the limit the difference would
                        cancel */
    double variance; /* of r_i: the derivative of the rate by theta */
} ard__family_point;

/* The member of the family whose mean rate is `rate`, which must lie strictly between those of the
 * shortest and the longest period that take part. offsets [max_period] are at most 0, -INFINITY
 * for a period that does not take part; NULL: all zero. `*steps` gets the iterations that it took.
 */
ard__family_point ard__family_solve(double rate, uint32_t max_period, const double *offsets,
                                    uint32_t *steps);

#endif
