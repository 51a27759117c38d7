/* SPDX-License-Identifier: Apache-2.0 */
/* The fastest distribution of a rate that is still random enough. */
#include <ard/cost.h>

#include "core/status_internal.h"
#include "patterns/distribution_internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

/* Costs are on the line under all of them when this close to it, relative to the largest. */
#define LINE_TOLERANCE 1e-12

/* How far apart, relative, the bounds of beta may be in the end. */
#define BETA_TOLERANCE 1e-13

/* Beyond this beta nothing that is off the line by more than LINE_TOLERANCE is drawn. */
#define LARGEST_BETA 1e15

/* Costs less the line u + w r_i that touches them from below at the rate, which is the same for
 * all distributions of the rate; relative to the largest of them. Zero on the line. */
typedef struct excess_costs {
    double values[ARD_MAX_PERIOD];
    bool none; /* all costs are on the line */
} excess_costs;

/* Which side of the line through the points of periods a < b that of period c > b lies on: below
 * for a negative answer. */
static double turn(const double *costs, uint32_t a, uint32_t b, uint32_t c)
{
    const double run_ab = ard__period_rate(b) - ard__period_rate(a);
    const double run_ac = ard__period_rate(c) - ard__period_rate(a);
    return run_ab * (costs[c - 1] - costs[a - 1]) - run_ac * (costs[b - 1] - costs[a - 1]);
}

/* The two periods between which the lower convex hull of the points (r_i, cost_i) passes over the
 * rate: with them alone the mean cost is the least (the vertex of the linear programme). There are
 * two periods or more. */
static void find_vertex(double rate, uint32_t max_period, const double *costs, uint32_t *below,
                        uint32_t *above)
{
    uint32_t hull[ARD_MAX_PERIOD] = {1, 2};
    uint32_t count = 2;
    for (uint32_t i = 3; i <= max_period; i++) {
        while (count >= 2 && turn(costs, hull[count - 2], hull[count - 1], i) <= 0.0) {
            count--;
        }
        hull[count++] = i;
    }
    uint32_t left = 0;
    while (left + 2 < count && ard__period_rate(hull[left + 1]) <= rate) {
        left++;
    }
    *below = hull[left];
    *above = hull[left + 1];
}

static excess_costs find_excess(double rate, uint32_t max_period, const double *costs)
{
    uint32_t below = 0;
    uint32_t above = 0;
    find_vertex(rate, max_period, costs, &below, &above);
    const double run = ard__period_rate(above) - ard__period_rate(below);
    const double slope = (costs[above - 1] - costs[below - 1]) / run;
    excess_costs excess = {.none = true};
    double largest_cost = 0.0;
    double largest = 0.0;
    for (uint32_t i = 1; i <= max_period; i++) {
        const double distance = ard__period_rate(i) - ard__period_rate(below);
        excess.values[i - 1] = costs[i - 1] - costs[below - 1] - slope * distance;
        largest = fmax(largest, excess.values[i - 1]);
        largest_cost = fmax(largest_cost, fabs(costs[i - 1]));
    }
    for (uint32_t i = 0; i < max_period; i++) {
        const bool off = excess.values[i] > LINE_TOLERANCE * largest_cost;
        excess.values[i] = off ? excess.values[i] / largest : 0.0;
        excess.none = excess.none && !off;
    }
    return excess;
}

/* The most random of the fastest distributions: periods on the line alone. */
static ard_distribution make_fastest(double rate, uint32_t max_period, const excess_costs *excess)
{
    double offsets[ARD_MAX_PERIOD];
    uint32_t first = 0;
    uint32_t last = 0;
    for (uint32_t i = 1; i <= max_period; i++) {
        const bool on = excess->values[i - 1] == 0.0;
        offsets[i - 1] = on ? 0.0 : -INFINITY;
        first = on && first == 0 ? i : first;
        last = on ? i : last;
    }
    ard__family_point point = {0};
    uint32_t steps = 0;
    if (rate <= ard__period_rate(first)) {
        point.probabilities[first - 1] = 1.0;
    } else if (rate >= ard__period_rate(last)) {
        point.probabilities[last - 1] = 1.0;
    } else {
        point = ard__family_solve(rate, max_period, offsets, &steps);
    }
    return ard__distribution_make(point.probabilities, max_period, rate, steps);
}

/* k_i ~ exp(theta r_i - beta excess_i) of the rate. */
static ard_distribution make_at(double beta, double rate, uint32_t max_period,
                                const excess_costs *excess)
{
    double offsets[ARD_MAX_PERIOD];
    for (uint32_t i = 0; i < max_period; i++) {
        offsets[i] = -beta * excess->values[i];
    }
    uint32_t steps = 0;
    const ard__family_point point = ard__family_solve(rate, max_period, offsets, &steps);
    return ard__distribution_make(point.probabilities, max_period, rate, steps);
}

/* Entropy and mean cost both fall with beta: the largest one that leaves enough entropy, by
 * bisection. `most_random` is the distribution of beta 0, and some larger beta leaves too little.
 */
static ard_distribution bisect(double rate, uint32_t max_period, const excess_costs *excess,
                               double entropy, const ard_distribution *most_random)
{
    ard_distribution found = *most_random;
    double low = 0.0;
    double high = 1.0;
    uint32_t steps = 0;
    bool bounded = false; /* whether `high` is known to leave too little */
    while (bounded ? high - low > BETA_TOLERANCE * high : high < LARGEST_BETA) {
        const double beta = bounded ? low + (high - low) / 2.0 : high;
        const ard_distribution next = make_at(beta, rate, max_period, excess);
        steps++;
        if (next.entropy >= entropy) {
            low = beta;
            high = bounded ? high : 2.0 * high;
            found = next;
        } else {
            high = beta;
            bounded = true;
        }
    }
    found.steps = steps;
    return found;
}

ard_status ard_distribution_fastest(double rate, uint32_t max_period, const double *costs,
                                    double entropy_share, ard_distribution *distribution)
{
    ARD_TRY(ard__distribution_check(rate, max_period, distribution));
    ARD__CHECK(costs != NULL, "costs is NULL");
    ARD__CHECK(entropy_share >= 0.0 && entropy_share <= 1.0,
               "the entropy share is %.15g, expected 0 to 1", entropy_share);
    for (uint32_t i = 0; i < max_period; i++) {
        ARD__CHECK(isfinite(costs[i]), "the cost of period %" PRIu32 " is %g", i + 1, costs[i]);
    }
    ard_distribution most_random;
    ARD_TRY(ard_distribution_exact(rate, max_period, &most_random));
    /* Without entropy there is one distribution alone. */
    if (entropy_share == 1.0 || most_random.entropy == 0.0) {
        *distribution = most_random;
        return ARD_STATUS_SUCCESS;
    }
    const excess_costs excess = find_excess(rate, max_period, costs);
    if (excess.none) {
        *distribution = most_random;
        return ARD_STATUS_SUCCESS;
    }
    const double entropy = entropy_share * most_random.entropy;
    ard_distribution found = make_fastest(rate, max_period, &excess);
    if (found.entropy < entropy) {
        found = bisect(rate, max_period, &excess, entropy, &most_random);
    }
    *distribution = found;
    return ARD_STATUS_SUCCESS;
}

ard_status ard_distribution_cost_search(const ard_cost_model *model, const double *rates,
                                        const uint32_t *max_periods, double entropy_share,
                                        ard_distribution *distributions)
{
    ARD__CHECK(model != NULL && rates != NULL && max_periods != NULL && distributions != NULL,
               "ard_distribution_cost_search: an argument is NULL");
    /* All are checked before the first is written, which must be left alone on failure. */
    for (size_t layer = 0; layer < model->layers; layer++) {
        ARD__CHECK(max_periods[layer] <= model->max_period[layer],
                   "max_period %" PRIu32 " of layer %zu exceeds %" PRIu32
                   ", the longest period measured",
                   max_periods[layer], layer, model->max_period[layer]);
        ARD_TRY(ard__distribution_check(rates[layer], max_periods[layer], distributions));
    }
    ard_distribution found;
    for (size_t layer = 0; layer < model->layers; layer++) {
        ARD_TRY(ard_distribution_fastest(rates[layer], max_periods[layer], model->deviation[layer],
                                         entropy_share, &found));
        distributions[layer] = found;
    }
    return ARD_STATUS_SUCCESS;
}
