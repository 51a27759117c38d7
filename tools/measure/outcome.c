/* SPDX-License-Identifier: Apache-2.0 */
#include "outcome.h"

#include "interrupt.h"

bench_outcome measure_outcome(ard_status status)
{
    if (status != ARD_STATUS_SUCCESS) {
        return BENCH_FAILED;
    }
    return interrupt_requested() ? BENCH_INTERRUPTED : BENCH_DONE;
}
