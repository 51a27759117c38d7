/* SPDX-License-Identifier: Apache-2.0 */
/* The exponential family of distributions in which both the most random ones and the fastest ones
 * of a rate lie. */
#include "patterns/distribution_internal.h"

#include <math.h>

/* Without offsets every theta that can be asked for lies between these. At the lower end the rate,
 * about exp(theta/2)/2, is below the smallest double; at the upper end its distance to the limit,
 * about exp(-theta/(N(N-1)))/(N(N-1)), is far below ARD__RATE_TOLERANCE even for the largest N. */
#define LOWEST_THETA (-1500.0)
#define HIGHEST_THETA 2e5

/* Of ln(m / (limit - m)), relative (absolute below 1): some ten roundings. */
#define LOG_ODDS_TOLERANCE 1e-14

enum { MAX_NEWTON_STEPS = 200 };

typedef struct bracket {
    double low;
    double high;
} bracket;

/* Where theta must lie. Rates of two periods differ by 1/(N(N-1)) at least, so that N(N-1) times
 * the largest offset outweighs the offsets of any two; and a family that begins or ends at another
 * period than 1 and N has tails as flat as the upper one. */
static bracket bracket_theta(uint32_t max_period, const double *offsets)
{
    if (offsets == NULL) {
        return (bracket){LOWEST_THETA, HIGHEST_THETA};
    }
    double largest = 0.0;
    for (uint32_t i = 0; i < max_period; i++) {
        largest = fmax(largest, isfinite(offsets[i]) ? -offsets[i] : 0.0);
    }
    const double most = HIGHEST_THETA + largest * (double)max_period * (double)(max_period - 1);
    return (bracket){-most, most};
}

/* Fills in exp(theta r_i + offset_i), relative to the largest, so that none overflows. */
static double evaluate_weights(double theta, uint32_t max_period, const double *offsets,
                               double *weights)
{
    const double reference = theta > 0.0 ? ard__period_rate(max_period) : 0.0;
    double largest = -INFINITY;
    for (uint32_t i = 0; i < max_period; i++) {
        weights[i] = theta * (ard__period_rate(i + 1) - reference);
        weights[i] += offsets != NULL ? offsets[i] : 0.0;
        largest = fmax(largest, weights[i]);
    }
    double total = 0.0;
    for (uint32_t i = 0; i < max_period; i++) {
        weights[i] = exp(weights[i] - largest);
        total += weights[i];
    }
    return total;
}

static ard__family_point evaluate_family(double theta, uint32_t max_period, const double *offsets)
{
    ard__family_point point = {0};
    const double limit = ard__period_rate(max_period);
    const double total = evaluate_weights(theta, max_period, offsets, point.probabilities);
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
static double log_odds_error(const ard__family_point *point, double target)
{
    return log(point->rate) - log(point->headroom) - target;
}

/* Newton stays inside a bracket that its own steps narrow; a step that leaves it, or is no number
 * because a tail underflowed, becomes a bisection. */
ard__family_point ard__family_solve(double rate, uint32_t max_period, const double *offsets,
                                    uint32_t *steps)
{
    const double limit = ard__period_rate(max_period);
    const double target = log(rate) - log(limit - rate);
    const double enough = LOG_ODDS_TOLERANCE * fmax(1.0, fabs(target));
    bracket within = bracket_theta(max_period, offsets);
    double theta = 0.0;
    ard__family_point point = evaluate_family(theta, max_period, offsets);
    double error = log_odds_error(&point, target);
    for (*steps = 0; *steps < MAX_NEWTON_STEPS && !(fabs(error) <= enough); ++*steps) {
        if (error < 0.0) {
            within.low = theta;
        } else {
            within.high = theta;
        }
        const double slope = point.variance * limit / (point.rate * point.headroom);
        theta -= error / slope;
        if (!(theta > within.low && theta < within.high)) {
            theta = within.low + (within.high - within.low) / 2.0;
        }
        point = evaluate_family(theta, max_period, offsets);
        error = log_odds_error(&point, target);
    }
    return point;
}
