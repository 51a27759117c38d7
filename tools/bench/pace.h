/* SPDX-License-Identifier: Apache-2.0 */
/* Where a sweep is: which case of how many, and how long the rest may take. */
#ifndef ARD_BENCH_PACE_H
#define ARD_BENCH_PACE_H

#include "case.h"

typedef struct pace {
    size_t number; /* of the case that is measured; from 1 */
    size_t count;  /* of all cases; 0: there is no sweep */
    double done;   /* work */
    double all;
    double started; /* milliseconds */
} pace;

/* About how much there is to compute for a case, in no unit. */
double pace_work(const bench_case *kase);

/* Begins `count` cases of so much work together. */
void pace_begin(pace *pace, size_t count, double work);

/* The next case begins; it ended after it was measured or without (`skipped`). */
void pace_next(pace *pace);
void pace_end(pace *pace, double work, bool skipped);

/* "case 3 of 24, about 2 min left", without a time for the first one; "" where there is no sweep.
 */
enum { PACE_TEXT = 96 };
void pace_describe(const pace *pace, char text[PACE_TEXT]);

#endif
