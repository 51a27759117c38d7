/* SPDX-License-Identifier: Apache-2.0 */
/* What a sweep found, in one sentence. */
#ifndef ARD_BENCH_SUMMARY_H
#define ARD_BENCH_SUMMARY_H

#include "case.h"

typedef struct summary {
    size_t cases;   /* each counted once for every baseline */
    size_t slower;  /* of them: than the baseline */
    size_t devices; /* that gave results */
    char last_device[24];
    double best; /* speed-up */
    const char *best_pattern;
    bench_kind best_kind;
    bench_baseline best_baseline;
    char best_at[256];
    double least_efficiency;
    double most_efficiency;
} summary;

void summary_add(summary *summary, const ard_device_info *device, const bench_case *kase,
                 const bench_result *result);

enum { SUMMARY_TEXT = 1024 };

/* The sentence. */
void summary_describe(const summary *summary, char text[SUMMARY_TEXT]);

#endif
