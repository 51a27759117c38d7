/* SPDX-License-Identifier: Apache-2.0 */
/* A run: cases on devices, with what became of them. */
#ifndef ARD_BENCH_RUN_H
#define ARD_BENCH_RUN_H

#include "measure.h"
#include "pace.h"
#include "problems.h"
#include "report.h"
#include "summary.h"

typedef struct run {
    const bench_options *options;
    report report;
    summary summary;
    const problems *problems; /* of a sweep over named cases; it has none otherwise */
    pace pace;
    size_t kept;  /* cases whose results an earlier run had */
    bool failed;  /* a device or case failed, or a verification found a mismatch */
    bool unsaved; /* results could not be written to their file */
} run;

/* Measures a case and reports it, or on the error stream why it could not be measured. A failure is
 * noted in the run; what remains may go on unless the answer is false: interrupted, or the results
 * could not be written to their file. A case whose results an earlier run had is not measured
 * again. */
bool run_case(run *run, ard_context *context, const bench_case *kase);

/* Whether an earlier run had the results of a case; notes that they are kept, and what was wrong
 * with them. */
bool run_keeps(run *run, const ard_device_info *device, const bench_case *kase);

/* Says on the error stream that `what` failed on a device, after `outcome`, and notes it. */
void run_note_failure(run *run, const char *id, const char *what, bench_outcome outcome);

/* Runs everything that the options ask for on the devices of `list`; the exit status. */
int run_all(const bench_options *options, const problems *problems, const device_list *list);

#endif
