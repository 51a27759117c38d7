/* SPDX-License-Identifier: Apache-2.0 */
/* How a measurement ended. */
#ifndef ARD_MEASURE_OUTCOME_H
#define ARD_MEASURE_OUTCOME_H

#include <ard/status.h>

typedef enum bench_outcome {
    BENCH_DONE,
    BENCH_FAILED,    /* a call of libard failed: ard_detail() says why */
    BENCH_NO_MEMORY, /* of the host */
    BENCH_INTERRUPTED,
} bench_outcome;

/* DONE for a successful call, FAILED for another; INTERRUPTED after ctrl-C. */
bench_outcome measure_outcome(ard_status status);

#endif
