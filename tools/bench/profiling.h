/* SPDX-License-Identifier: Apache-2.0 */
/* Where the time of a case's passes goes, kernel by kernel, on a queue that is profiled.
 *
 * All numbers are a pass: means over the draws weighted by their probability, of a baseline over
 * its passes. They are never those of the results, which come from a plain queue. */
#ifndef ARD_BENCH_PROFILING_H
#define ARD_BENCH_PROFILING_H

#include "measure.h"

typedef struct profile_kernel {
    const char *name;
    bool is_multiplication;
    double launches;
    double milliseconds; /* on the device */
    double flops;        /* of products */
    double bytes;        /* that must be read and written */
} profile_kernel;

/* One side of a case: what is compacted, or a baseline. */
typedef struct profile_side {
    double wall; /* milliseconds, from the first call to the end of the last command */
    size_t count;
    profile_kernel kernels[ARD_PROFILE_MOST_ENTRIES]; /* the longest first */
} profile_side;

typedef struct bench_profile {
    profile_side compact;
    profile_side dense[BENCH_DEVICE_BASELINES];
} bench_profile;

/* Profiles `set`'s case on `subject`, whose context has a queue for it: one unmeasured pass over
 * all draws and baselines, then as many as the case repeats. */
bench_outcome profiling_run(const bench_subject *subject, const draw_set *set, const char *label,
                            bench_profile *profile);

/* All kernels of a side together, named "all"; of multiplications alone with `only_products`. */
profile_kernel profiling_total(const profile_side *side, bool only_products);

#endif
