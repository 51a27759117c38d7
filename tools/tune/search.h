/* SPDX-License-Identifier: Apache-2.0 */
/* Looks for the best parameters of an engine: descent along one parameter after the other, along
 * two at a time where that leads no further, and again from random points while there is time. */
#ifndef ARD_TUNE_SEARCH_H
#define ARD_TUNE_SEARCH_H

#include "judge.h"

typedef struct search_limits {
    double deadline;   /* by timing_now(); no candidate begins after it */
    size_t candidates; /* at most; 0: any number */
    uint64_t seed;
} search_limits;

/* Search the parameters of libard's own kernels, or of all of CLBlast's in turn, for the judge of
 * that engine. DONE also when the time is over; the others as judge_try(). */
bench_outcome search_packed(judge *judge, const search_limits *limits);
bench_outcome search_clblast(judge *judge, const search_limits *limits);

#endif
