/* SPDX-License-Identifier: Apache-2.0 */
/* The search of the paper (arXiv 1805.08939, algorithm 1): gradient descent on the softmax's
 * arguments. */
#include "patterns/distribution_internal.h"

#include "core/status_internal.h"

#include <inttypes.h>
#include <math.h>

/* The rate reached is off by theta * l2 / (2 * l1 * N) where k_i ~ exp(theta * r_i), so l2 decides
 * the accuracy: these settings keep it within 1e-3 from 0.1 to 0.1 below the limit for every N. The
 * step is near the largest that is stable: the curvature of the squared distance stays below 0.1.
 */
static const ard_distribution_sgd_options DEFAULTS = {
    .rate_weight = 0.999,
    .learning_rate = 8.0,
    .tolerance = 1e-8,
    .max_steps = 100000,
};

ard_distribution_sgd_options ard_distribution_sgd_defaults(void)
{
    return DEFAULTS;
}

/* Fills fields left zero with their defaults and refuses what is out of range. */
static ard_status choose_options(const ard_distribution_sgd_options *given,
                                 ard_distribution_sgd_options *options)
{
    *options = given != NULL ? *given : DEFAULTS;
    options->rate_weight =
        options->rate_weight == 0.0 ? DEFAULTS.rate_weight : options->rate_weight;
    options->learning_rate =
        options->learning_rate == 0.0 ? DEFAULTS.learning_rate : options->learning_rate;
    options->tolerance = options->tolerance == 0.0 ? DEFAULTS.tolerance : options->tolerance;
    options->max_steps = options->max_steps == 0 ? DEFAULTS.max_steps : options->max_steps;
    ARD__CHECK(options->rate_weight > 0.0 && options->rate_weight < 1.0,
               "rate_weight %.15g is not between 0 and 1", options->rate_weight);
    ARD__CHECK(options->learning_rate > 0.0 && isfinite(options->learning_rate),
               "learning_rate %.15g is not a positive number", options->learning_rate);
    ARD__CHECK(options->tolerance > 0.0 && isfinite(options->tolerance),
               "tolerance %.15g is not a positive number", options->tolerance);
    return ARD_STATUS_SUCCESS;
}

/* k = softmax(v); returns the largest change of a k_i. */
static double apply_softmax(const double *v, uint32_t count, double *k)
{
    double largest = v[0];
    for (uint32_t i = 1; i < count; i++) {
        largest = fmax(largest, v[i]);
    }
    double weights[ARD_MAX_PERIOD];
    double total = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        weights[i] = exp(v[i] - largest);
        total += weights[i];
    }
    double moved = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        const double next = weights[i] / total;
        moved = fmax(moved, fabs(next - k[i]));
        k[i] = next;
    }
    return moved;
}

/* One step of gradient descent on v. With g_i = dL/dk_i = 2 l1 (m - p) r_i + (l2/N) (ln k_i + 1),
 * the softmax gives dL/dv_i = k_i (g_i - sum_j k_j g_j). */
static void descend(double rate, uint32_t count, const ard_distribution_sgd_options *options,
                    const double *k, double *v)
{
    double mean = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        mean += k[i] * ard__period_rate(i + 1);
    }
    const double pull = 2.0 * options->rate_weight * (mean - rate);
    const double spread = (1.0 - options->rate_weight) / (double)count;
    double gradient[ARD_MAX_PERIOD];
    double average = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        /* k ln k tends to 0 with k: an underflowed period no longer takes part. */
        const double log_k = k[i] > 0.0 ? log(k[i]) : 0.0;
        gradient[i] = pull * ard__period_rate(i + 1) + spread * (log_k + 1.0);
        average += k[i] * gradient[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        v[i] -= options->learning_rate * k[i] * (gradient[i] - average);
    }
}

ard_status ard_distribution_sgd(double rate, uint32_t max_period,
                                const ard_distribution_sgd_options *options,
                                ard_distribution *distribution)
{
    ARD_TRY(ard__distribution_check(rate, max_period, distribution));
    ard_distribution_sgd_options chosen;
    ARD_TRY(choose_options(options, &chosen));

    double v[ARD_MAX_PERIOD] = {0};
    double k[ARD_MAX_PERIOD] = {0};
    apply_softmax(v, max_period, k);
    uint32_t steps = 0;
    double moved = INFINITY;
    while (steps < chosen.max_steps && moved > chosen.tolerance) {
        descend(rate, max_period, &chosen, k, v);
        moved = apply_softmax(v, max_period, k);
        steps++;
    }
    *distribution = ard__distribution_make(k, max_period, rate, steps);
    return ARD_STATUS_SUCCESS;
}
