/* SPDX-License-Identifier: Apache-2.0 */
#include "patterns/distribution_internal.h"

#include "core/status_internal.h"

#include <inttypes.h>
#include <math.h>

/* How far q/period may be from 1 - rate to count as exact. */
#define SHARE_TOLERANCE 1e-9

enum { SMALLEST_PERIOD = 8, FALLBACK_PERIOD = 16 };

/* The q whose share of `period` is `share`, or 0 when none is. */
static uint32_t exact_count(double share, uint32_t period)
{
    const double nearest = round(share * (double)period);
    const bool matches = fabs(nearest / (double)period - share) <= SHARE_TOLERANCE;
    return matches && nearest >= 1.0 ? (uint32_t)nearest : 0;
}

static uint32_t choose_period(double share)
{
    for (uint32_t period = SMALLEST_PERIOD; period <= ARD_MAX_PERIOD; period++) {
        if (exact_count(share, period) != 0) {
            return period;
        }
    }
    return FALLBACK_PERIOD;
}

ard_status ard_subset_distribution_from_rate(double rate, uint32_t period,
                                             ard_subset_distribution *distribution)
{
    ARD__CHECK(distribution != NULL, "distribution is NULL");
    ARD__CHECK(period <= ARD_MAX_PERIOD, "period %" PRIu32 " is outside 1..%d (0 chooses one)",
               period, ARD_MAX_PERIOD);
    if (!(rate >= 0.0 && rate < 1.0)) {
        return ard__fail(ARD_STATUS_INVALID_RATE, "rate %.15g is outside 0 <= rate < 1", rate);
    }
    const double share = 1.0 - rate;
    const uint32_t chosen = period != 0 ? period : choose_period(share);
    const double kept = share * (double)chosen;
    const uint32_t exact = exact_count(share, chosen);
    if (exact == 0 && kept < 1.0) {
        return ard__fail(ARD_STATUS_INVALID_RATE,
                         "rate %.15g keeps less than one residue of period %" PRIu32
                         "; at most %.15g can be reached",
                         rate, chosen, 1.0 - 1.0 / (double)chosen);
    }
    ard_subset_distribution made = {.period = chosen, .low = exact, .high = exact, .rate = rate};
    if (exact == 0) {
        made.low = (uint32_t)floor(kept);
        made.high = made.low + 1;
        made.high_probability = kept - floor(kept);
        made.high_threshold = (uint64_t)round(made.high_probability * (double)ARD__PROBABILITY_ONE);
    }
    *distribution = made;
    return ARD_STATUS_SUCCESS;
}
