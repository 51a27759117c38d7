/* SPDX-License-Identifier: Apache-2.0 */
/* The time of each shape, and what two such lists come down to. */
#ifndef ARD_TUNE_TIMES_H
#define ARD_TUNE_TIMES_H

#include "shapes.h"

/* Medians, in milliseconds of one product. */
typedef struct contest_times {
    double milliseconds[TUNE_MAX_SHAPES];
} contest_times;

/* The geometric mean over the shapes of `times` relative to `base`. */
double contest_ratio(const tune_shapes *shapes, const contest_times *times,
                     const contest_times *base);

/* Brings `times` that were taken beside `from` to the clock of `to`, the same contender's at
 * another time. */
void times_rescale(const tune_shapes *shapes, const contest_times *from, const contest_times *to,
                   contest_times *times);

#endif
