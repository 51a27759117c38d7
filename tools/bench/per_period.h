/* SPDX-License-Identifier: Apache-2.0 */
/* The time of a step at each joint period of its layers, and a model of them. */
#ifndef ARD_BENCH_PER_PERIOD_H
#define ARD_BENCH_PER_PERIOD_H

#include "draws.h"
#include "measure.h"

typedef struct period_times {
    size_t count; /* of different joint periods */
    uint32_t periods[DRAWS_MOST][ARD_MLP_MAX_LAYERS];
    timing_summary times[DRAWS_MOST]; /* over repeats, and draws of the same periods */
    double fitted[DRAWS_MOST];
    ard_cost_model model;
} period_times;

/* Whether the periods of a set determine a model, whatever their times are: where layers are too
 * many for it, INVALID_ARGUMENT. Leaves something in `times`. */
ard_status per_period_check(const draw_set *set, period_times *times);

/* Sums up the passes [set->count x repeats] that measure() timed, and fits the model; results [0]
 * is that against the conventional step. FAILED where the times determine no model, NO_MEMORY. */
bench_outcome per_period_summarise(const draw_set *set, const double *milliseconds,
                                   const bench_result *results, period_times *times);

/* Whether a step at the joint periods `index` takes longer than the conventional one. */
bool per_period_loses(const period_times *times, size_t index);

#endif
