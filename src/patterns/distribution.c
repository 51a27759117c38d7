/* SPDX-License-Identifier: Apache-2.0 */
#include "patterns/distribution_internal.h"

#include "core/status_internal.h"

#include <inttypes.h>
#include <math.h>

/* 1/(1-rate) this close (relative) to an integer counts as that integer. */
#define DEFAULT_PERIOD_SLACK 1e-9

/* How far from 1 the sum of given probabilities may be. */
#define SUM_TOLERANCE 1e-9

/* Every theta that can be asked for lies between these. At the lower end the rate, about
 * exp(theta/2)/2, is below the smallest double; at the upper end its distance to the limit, about
 * exp(-theta/(N(N-1)))/(N(N-1)), is far below ARD__RATE_TOLERANCE even for the largest N. */
#define LOWEST_THETA (-1500.0)
#define HIGHEST_THETA 2e5

/* Of ln(m / (limit - m)), relative (absolute below 1): some ten roundings. */
#define LOG_ODDS_TOLERANCE 1e-14

enum { MAX_NEWTON_STEPS = 200 };

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

/* What the family k_i ~ exp(theta * r_i) gives at one theta. */
typedef struct family_point {
    double probabilities[ARD_MAX_PERIOD];
    double rate;     /* mean of r_i */
    double headroom; /* mean of r_N - r_i, summed by itself: near the limit the difference would
                        cancel */
    double variance; /* of r_i: the derivative of the rate by theta */
} family_point;

/* The exponents are taken relative to the largest, so that none overflows however large |theta| is.
 */
static family_point evaluate_family(double theta, uint32_t max_period)
{
    family_point point = {0};
    const double limit = ard__period_rate(max_period);
    const double reference = theta > 0.0 ? limit : 0.0;
    double total = 0.0;
    for (uint32_t i = 0; i < max_period; i++) {
        point.probabilities[i] = exp(theta * (ard__period_rate(i + 1) - reference));
        total += point.probabilities[i];
    }
    for (uint32_t i = 0; i < max_period; i++) {
        point.probabilities[i] /= total;
        point.rate += point.probabilities[i] * ard__period_rate(i + 1);
        point.headroom += point.probabilities[i] * (limit - ard__period_rate(i + 1));
    }
    for (uint32_t i = 0; i < max_period; i++) {
        const double distance = ard__period_rate(i + 1) - point.rate;
        point.variance += point.probabilities[i] * distance * distance;
    }
    return point;
}

/* ln(m / (limit - m)) - target of the mean rate m. Against theta both tails of this are straight
 * lines, where the mean itself is exponential and Newton would overshoot. */
static double log_odds_error(const family_point *point, double target)
{
    return log(point->rate) - log(point->headroom) - target;
}

/* Solves for the rate, 0 < rate < limit. Newton stays inside a bracket that its own steps narrow; a
 * step that leaves it, or is no number because a tail underflowed, becomes a bisection. */
static family_point solve_family(double rate, uint32_t max_period, uint32_t *steps)
{
    const double limit = ard__period_rate(max_period);
    const double target = log(rate) - log(limit - rate);
    const double enough = LOG_ODDS_TOLERANCE * fmax(1.0, fabs(target));
    double low = LOWEST_THETA;
    double high = HIGHEST_THETA;
    double theta = 0.0;
    family_point point = evaluate_family(theta, max_period);
    double error = log_odds_error(&point, target);
    for (*steps = 0; *steps < MAX_NEWTON_STEPS && !(fabs(error) <= enough); ++*steps) {
        if (error < 0.0) {
            low = theta;
        } else {
            high = theta;
        }
        const double slope = point.variance * limit / (point.rate * point.headroom);
        theta -= error / slope;
        if (!(theta > low && theta < high)) {
            theta = low + (high - low) / 2.0;
        }
        point = evaluate_family(theta, max_period);
        error = log_odds_error(&point, target);
    }
    return point;
}

ard_status ard_distribution_exact(double rate, uint32_t max_period, ard_distribution *distribution)
{
    ARD_TRY(ard__distribution_check(rate, max_period, distribution));
    const double limit = ard__period_rate(max_period);
    uint32_t steps = 0;
    family_point point = {0};
    if (rate == 0.0) {
        point.probabilities[0] = 1.0;
    } else if (rate >= limit * (1.0 - ARD__RATE_TOLERANCE)) {
        point.probabilities[max_period - 1] = 1.0;
    } else {
        point = solve_family(rate, max_period, &steps);
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
