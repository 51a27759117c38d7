/* SPDX-License-Identifier: Apache-2.0 */
/* Mean and standard error. */
#ifndef ARD_COMPARE_STATISTIC_H
#define ARD_COMPARE_STATISTIC_H

#include <stddef.h>

typedef struct statistic {
    size_t count;
    double mean;  /* NaN without values */
    double error; /* standard error of the mean, sqrt(sum (x - mean)^2 / (n (n - 1))); NaN for n < 2
                   */
} statistic;

statistic statistic_of(size_t count, const double *values);

#endif
