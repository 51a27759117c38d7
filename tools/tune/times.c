/* SPDX-License-Identifier: Apache-2.0 */
#include "times.h"

#include <math.h>

double contest_ratio(const tune_shapes *shapes, const contest_times *times,
                     const contest_times *base)
{
    double sum = 0;
    for (size_t i = 0; i < shapes->count; i++) {
        sum += log(times->milliseconds[i] / base->milliseconds[i]);
    }
    return exp(sum / (double)shapes->count);
}

void times_rescale(const tune_shapes *shapes, const contest_times *from, const contest_times *to,
                   contest_times *times)
{
    for (size_t i = 0; i < shapes->count; i++) {
        times->milliseconds[i] *= to->milliseconds[i] / from->milliseconds[i];
    }
}
