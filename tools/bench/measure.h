/* SPDX-License-Identifier: Apache-2.0 */
/* Timing the sides of a case in turn: what is compacted, and each baseline.
 *
 * A subject is what a case computes, ready on a device. Its sides differ in what they drop alone.
 */
#ifndef ARD_BENCH_MEASURE_H
#define ARD_BENCH_MEASURE_H

#include "draws.h"
#include "outcome.h"

typedef struct bench_subject {
    ard_context *context;
    void *state;
    bench_error error; /* what its verification found */
    /* Enqueues one pass of baseline `index` of the case; `step` is another one in every pass. */
    ard_status (*dense)(void *state, size_t index, uint64_t step);
    /* Enqueues one pass of the compacted side with patterns [sides]. */
    ard_status (*compact)(void *state, const ard_layer_pattern *patterns);
    /* Floating point operations of a pass; NULL patterns: of any baseline. */
    ard_status (*flops)(void *state, const ard_layer_pattern *patterns, double *flops);
} bench_subject;

/* Passes of each baseline in one repeat, spread among the compacted ones so that drift meets all
 * sides. */
enum { MEASURE_DENSE_PASSES = 3 };

/* Times of `set`'s case on `subject`, a result for each baseline: one unmeasured pass over all
 * draws, then the case's repeats. `label` heads the progress line, which the case ends.
 * `milliseconds` [set->count x repeats], where not NULL, gets the time of each compacted pass. */
bench_outcome measure(const bench_subject *subject, const draw_set *set, const char *label,
                      bench_result *results, double *milliseconds);

#endif
