/* SPDX-License-Identifier: Apache-2.0 */
/* The clock, and what a series of times comes down to. */
#ifndef ARD_MEASURE_TIMING_H
#define ARD_MEASURE_TIMING_H

#include <stddef.h>

typedef struct timing_summary {
    double median;
    double min;
    double max;
} timing_summary;

/* Milliseconds of a monotonic clock. */
double timing_now(void);

/* Returns when the threads of this process, which may be spinning after what they did, hardly use
 * the processors any more; after a moment anyway. */
void timing_settle(void);

/* Median, least and largest of `count` >= 1 values; sorts them in place. */
timing_summary timing_summarise(double *values, size_t count);

#endif
