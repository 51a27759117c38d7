/* SPDX-License-Identifier: Apache-2.0 */
/* Cases of two runs, paired, and how the times of each pair differ. */
#ifndef ARD_REPORT_PAIRING_H
#define ARD_REPORT_PAIRING_H

#include "report/report_data.h"

typedef enum verdict {
    VERDICT_SAME,    /* within the tolerance */
    VERDICT_UNCLEAR, /* beyond it, but the ranges of the passes overlap */
    VERDICT_FASTER,
    VERDICT_SLOWER, /* a regression */
    VERDICTS,
} verdict;

typedef struct paired {
    const report_result *old_result, *new_result;
    double ratio;       /* new ard_ms / old ard_ms; NaN where either is not known */
    double dense_ratio; /* the same of dense_ms */
    verdict verdict;
} paired;

typedef struct pairing {
    paired *pairs; /* in the order of the old results */
    size_t count;
    const report_result **old_only, **new_only;
    size_t old_only_count, new_only_count;
    size_t verdicts[VERDICTS];
} pairing;

/* Pairs the results of two runs: those of one identity in their order, then those left over that
 * differ in their engine alone. `tolerance` is the share by which times may differ. False without
 * memory; free it anyway. */
bool pairing_make(const report_data *old_data, const report_data *new_data, double tolerance,
                  pairing *pairing);

/* The rule. Slower: by more than the tolerance, and each pass of the new run took longer than each
 * of the old one, as far as their ranges are known. Faster: likewise. */
verdict pairing_judge(const report_time *old_time, const report_time *new_time, double tolerance);

void pairing_free(pairing *pairing);

const char *verdict_name(verdict verdict);

#endif
