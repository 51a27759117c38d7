/* SPDX-License-Identifier: Apache-2.0 */
#include "patterns/distribution_internal.h"

#include "core/status_internal.h"

#include <math.h>

/* How far k/width may be from 1 - rate to count as exact. */
#define SHARE_TOLERANCE 1e-9

ard_status ard_index_distribution_from_rate(double rate, size_t width,
                                            ard_index_distribution *distribution)
{
    ARD__CHECK(distribution != NULL, "distribution is NULL");
    ARD__CHECK(width >= 1 && width <= ARD_MAX_INDEX_WIDTH,
               "the width of index patterns is %zu, expected 1..%d", width, ARD_MAX_INDEX_WIDTH);
    if (!(rate >= 0.0 && rate < 1.0)) {
        return ard__fail(ARD_STATUS_INVALID_RATE, "rate %.15g is outside 0 <= rate < 1", rate);
    }
    const double units = (double)width;
    const double kept = (1.0 - rate) * units;
    const double nearest = round(kept);
    const bool exact = nearest >= 1.0 && fabs(nearest - kept) <= SHARE_TOLERANCE * units;
    if (!exact && kept < 1.0) {
        return ard__fail(
            ARD_STATUS_INVALID_RATE,
            "rate %.15g keeps less than one of %zu units; at most %.15g can be reached", rate,
            width, 1.0 - 1.0 / units);
    }
    ard_index_distribution made = {.width = (uint32_t)width, .rate = rate};
    made.low = (uint32_t)(exact ? nearest : floor(kept));
    made.high = made.low;
    if (!exact) {
        made.high++;
        made.high_probability = kept - floor(kept);
        made.high_threshold = (uint64_t)round(made.high_probability * (double)ARD__PROBABILITY_ONE);
    }
    *distribution = made;
    return ARD_STATUS_SUCCESS;
}
