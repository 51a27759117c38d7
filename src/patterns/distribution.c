/* SPDX-License-Identifier: Apache-2.0 */
#include "patterns/distribution_internal.h"

#include "core/status_internal.h"

#include <inttypes.h>
#include <math.h>

/* 1/(1-rate) this close (relative) to an integer counts as that integer. */
#define DEFAULT_PERIOD_SLACK 1e-9

/* How far from 1 the sum of given probabilities may be. */
#define SUM_TOLERANCE 1e-9

double ard__period_rate(uint32_t period)
{
    return (double)(period - 1) / (double)period;
}

double ard_distribution_rate_limit(uint32_t max_period)
{
    return max_period < 1 ? 0.0 : ard__period_rate(max_period);
}

ard_status ard_distribution_default_max_period(double rate, uint32_t *max_period)
{
    ARD__CHECK(max_period != NULL, "max_period is NULL");
    const double limit = ard__period_rate(ARD_MAX_PERIOD);
    const double dense_over_kept = 1.0 / (1.0 - rate);
    const double nearest = round(dense_over_kept);
    const bool whole = fabs(dense_over_kept - nearest) <= DEFAULT_PERIOD_SLACK * nearest;
    const double period = (whole ? nearest : floor(dense_over_kept)) + 1.0;
    /* Written so that NaN fails; for rates of 1 and more the quotient is infinite or negative. */
    if (!(rate >= 0.0 && rate < 1.0 && period <= ARD_MAX_PERIOD)) {
        return ard__fail(ARD_STATUS_INVALID_RATE,
                         "rate %.15g is outside 0 <= rate < %.15g, where the default period is "
                         "at most %d",
                         rate, limit, ARD_MAX_PERIOD);
    }
    *max_period = (uint32_t)period;
    return ARD_STATUS_SUCCESS;
}

ard_status ard__distribution_check(double rate, uint32_t max_period,
                                   const ard_distribution *distribution)
{
    ARD__CHECK(distribution != NULL, "distribution is NULL");
    ARD__CHECK(max_period >= 1 && max_period <= ARD_MAX_PERIOD,
               "max_period %" PRIu32 " is outside 1..%d", max_period, ARD_MAX_PERIOD);
    const double limit = ard__period_rate(max_period);
    if (!(rate >= 0.0 && rate <= limit * (1.0 + ARD__RATE_TOLERANCE))) {
        return ard__fail(ARD_STATUS_INVALID_RATE,
                         "rate %.15g is outside 0..%.15g, which periods up to %" PRIu32
                         " can reach",
                         rate, limit, max_period);
    }
    return ARD_STATUS_SUCCESS;
}

/* Rounds k_1 + .. + k_i to the nearest 2^-32. From the last period that has a probability on, the
 * sum is exactly 1, so that no period without one is ever drawn and rounding never leaves a gap at
 * the end. */
static void fill_cumulative(ard_distribution *distribution)
{
    uint32_t last = distribution->max_period - 1;
    while (last > 0 && distribution->probabilities[last] == 0.0) {
        last--;
    }
    double sum = 0.0;
    for (uint32_t i = 0; i < distribution->max_period; i++) {
        sum += distribution->probabilities[i];
        const double scaled = round(sum * (double)ARD__PROBABILITY_ONE);
        const bool whole = i >= last || scaled >= (double)ARD__PROBABILITY_ONE;
        distribution->cumulative[i] = whole ? ARD__PROBABILITY_ONE : (uint64_t)scaled;
    }
}

ard_distribution ard__distribution_make(const double *probabilities, uint32_t max_period,
                                        double rate, uint32_t steps)
{
    ard_distribution made = {.max_period = max_period, .rate = rate, .steps = steps};
    for (uint32_t i = 0; i < max_period; i++) {
        const double k = probabilities[i];
        made.probabilities[i] = k;
        made.achieved_rate += k * ard__period_rate(i + 1);
        made.entropy -= k > 0.0 ? k * log(k) : 0.0;
    }
    fill_cumulative(&made);
    return made;
}

ard_status ard_distribution_exact(double rate, uint32_t max_period, ard_distribution *distribution)
{
    ARD_TRY(ard__distribution_check(rate, max_period, distribution));
    const double limit = ard__period_rate(max_period);
    uint32_t steps = 0;
    ard__family_point point = {0};
    if (rate == 0.0) {
        point.probabilities[0] = 1.0;
    } else if (rate >= limit * (1.0 - ARD__RATE_TOLERANCE)) {
        point.probabilities[max_period - 1] = 1.0;
    } else {
        point = ard__family_solve(rate, max_period, NULL, &steps);
    }
    *distribution = ard__distribution_make(point.probabilities, max_period, rate, steps);
    return ARD_STATUS_SUCCESS;
}

ard_status ard_distribution_from_probabilities(const double *probabilities, uint32_t max_period,
                                               ard_distribution *distribution)
{
    ARD__CHECK(probabilities != NULL, "probabilities is NULL");
    ARD_TRY(ard__distribution_check(0.0, max_period, distribution));
    double sum = 0.0;
    for (uint32_t i = 0; i < max_period; i++) {
        ARD__CHECK(probabilities[i] >= 0.0 && isfinite(probabilities[i]),
                   "probability %.15g of period %" PRIu32 " is not a number from 0 to 1",
                   probabilities[i], i + 1);
        sum += probabilities[i];
    }
    ARD__CHECK(fabs(sum - 1.0) <= SUM_TOLERANCE, "the probabilities sum to %.15g instead of 1",
               sum);
    ard_distribution made = ard__distribution_make(probabilities, max_period, 0.0, 0);
    made.rate = made.achieved_rate;
    *distribution = made;
    return ARD_STATUS_SUCCESS;
}

double ard_distribution_kept_share(const ard_distribution *distribution)
{
    return 1.0 - distribution->achieved_rate;
}
