/* SPDX-License-Identifier: Apache-2.0 */
#include "support/statistics.h"

#include <float.h>
#include <math.h>

/* The regularised upper incomplete gamma function Q(a, x): the power series of the lower one for x
 * < a + 1, else the continued fraction, evaluated from the front (modified Lentz). */
static double upper_gamma(double a, double x)
{
    if (x <= 0.0) {
        return 1.0;
    }
    const double front = exp(a * log(x) - x - lgamma(a));
    if (x < a + 1.0) {
        double term = 1.0 / a;
        double sum = term;
        for (double n = a + 1.0; term > sum * DBL_EPSILON; n += 1.0) {
            term *= x / n;
            sum += term;
        }
        return 1.0 - front * sum;
    }
    double b = x + 1.0 - a;
    double c = 1.0 / DBL_MIN;
    double d = 1.0 / b;
    double value = d;
    double change = 0.0;
    for (double n = 1.0; fabs(change - 1.0) > DBL_EPSILON && n < 1e5; n += 1.0) {
        const double numerator = n * (a - n);
        b += 2.0;
        d = 1.0 / (b + numerator * d);
        c = b + numerator / c;
        change = c * d;
        value *= change;
    }
    return front * value;
}

double statistics_chi_square_tail(double x, size_t freedom)
{
    return upper_gamma((double)freedom / 2.0, x / 2.0);
}

double statistics_chi_square_critical(size_t freedom, double significance)
{
    double low = 0.0;
    double high = (double)freedom + 10.0;
    while (statistics_chi_square_tail(high, freedom) > significance) {
        high *= 2.0;
    }
    for (int i = 0; i < 200 && high - low > 1e-12 * high; i++) {
        const double middle = (low + high) / 2.0;
        if (statistics_chi_square_tail(middle, freedom) > significance) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return high;
}

double statistics_chi_square(const uint64_t *observed, const double *expected, size_t count,
                             size_t *freedom)
{
    double statistic = 0.0;
    double rest_observed = 0.0;
    double rest_expected = 0.0;
    size_t cells = 0;
    for (size_t i = 0; i < count; i++) {
        if (expected[i] < 5.0) {
            rest_observed += (double)observed[i];
            rest_expected += expected[i];
            continue;
        }
        const double distance = (double)observed[i] - expected[i];
        statistic += distance * distance / expected[i];
        cells++;
    }
    if (rest_expected >= 5.0) {
        const double distance = rest_observed - rest_expected;
        statistic += distance * distance / rest_expected;
        cells++;
    }
    *freedom = cells > 0 ? cells - 1 : 0;
    return statistic;
}

static double binomial_probability(uint64_t trials, double probability, uint64_t count)
{
    const double n = (double)trials;
    const double k = (double)count;
    const double ways = lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0);
    return exp(ways + k * log(probability) + (n - k) * log1p(-probability));
}

void statistics_binomial_bounds(uint64_t trials, double probability, double significance,
                                uint64_t *low, uint64_t *high)
{
    *low = probability >= 1.0 ? trials : 0;
    *high = probability <= 0.0 ? 0 : trials;
    if (probability <= 0.0 || probability >= 1.0) {
        return;
    }
    double below = binomial_probability(trials, probability, 0);
    while (below <= significance / 2.0) {
        ++*low;
        below += binomial_probability(trials, probability, *low);
    }
    double above = binomial_probability(trials, probability, trials);
    while (above <= significance / 2.0) {
        --*high;
        above += binomial_probability(trials, probability, *high);
    }
}
