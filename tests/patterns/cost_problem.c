/* SPDX-License-Identifier: Apache-2.0 */
#include "patterns/cost_problem.h"

#include "support/unit.h"

#include <inttypes.h>
#include <math.h>

double cost_next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) / 9007199254740992.0;
}

double cost_period_rate(uint32_t period)
{
    return (period - 1.0) / period;
}

double cost_mean(const double *probabilities, const double *costs, uint32_t n)
{
    double sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        sum += probabilities[i] * costs[i];
    }
    return sum;
}

double cost_entropy(const double *probabilities, uint32_t n)
{
    double sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        sum -= probabilities[i] > 0 ? probabilities[i] * log(probabilities[i]) : 0;
    }
    return sum;
}

void cost_make(size_t kind, uint32_t n, uint64_t *seed, double *costs)
{
    const double shift = cost_next(seed) < 0.5 ? 0 : 1000 * cost_next(seed);
    const double middle = cost_next(seed);
    for (uint32_t i = 0; i < n; i++) {
        const double r = cost_period_rate(i + 1);
        const double drawn = cost_next(seed);
        const double kinds[COST_KINDS] = {drawn, (r - middle) * (r - middle),
                                          -(r - middle) * (r - middle), drawn < 0.5 ? 1.0 : 2.0,
                                          1 - r + 1e-9 * drawn};
        costs[i] = shift + kinds[kind];
    }
}

ard_distribution cost_find(double rate, uint32_t n, const double *costs, double share)
{
    ard_distribution found;
    if (ard_distribution_fastest(rate, n, costs, share, &found) != ARD_STATUS_SUCCESS) {
        fail_msg("rate %.17g, N %" PRIu32 ", share %g: %s", rate, n, share, ard_detail());
    }
    return found;
}
