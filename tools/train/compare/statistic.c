/* SPDX-License-Identifier: Apache-2.0 */
#include "train/compare/statistic.h"

#include <math.h>

statistic statistic_of(size_t count, const double *values)
{
    const double n = (double)count;
    double sum = 0.0;
    double squares = 0.0;
    for (size_t i = 0; i < count; ++i) {
        sum += values[i];
    }
    const double mean = sum / n; /* NaN for 0 / 0 */
    for (size_t i = 0; i < count; ++i) {
        squares += (values[i] - mean) * (values[i] - mean);
    }
    return (statistic){.count = count,
                       .mean = count > 0 ? mean : (double)NAN,
                       .error = count > 1 ? sqrt(squares / (n * (n - 1.0))) : (double)NAN};
}
