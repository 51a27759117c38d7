/* SPDX-License-Identifier: Apache-2.0 */
/* The fastest distributions against all others on a fine grid. */
#include "patterns/cost_problem.h"
#include "support/unit.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* No point of a fine grid of distributions of three periods with this rate is faster, and one is
 * nearly as fast. */
static void is_optimal_for_three(void **state)
{
    (void)state;
    enum { GRID = 20000 };
    uint64_t seed = 2;
    for (size_t run = 0; run < 60; run++) {
        const double rate = 0.02 + 0.62 * cost_next(&seed);
        const double share = run % 4 == 0 ? 0 : cost_next(&seed);
        double costs[3];
        cost_make(run % 4, 3, &seed, costs);
        const ard_distribution found = cost_find(rate, 3, costs, share);
        ard_distribution most_random;
        assert_success(ard_distribution_exact(rate, 3, &most_random));
        double best = INFINITY;
        for (int i = 0; i <= GRID; i++) {
            const double third = (double)i / GRID;
            const double second = 2 * (rate - third * 2 / 3);
            const double k[] = {1 - second - third, second, third};
            if (k[0] >= 0 && k[1] >= 0 && cost_entropy(k, 3) >= share * most_random.entropy) {
                best = fmin(best, cost_mean(k, costs, 3));
            }
        }
        const double cost = cost_mean(found.probabilities, costs, 3);
        const double spread = fabs(costs[0]) + 2 * fabs(costs[1]) + fabs(costs[2]);
        if (!(cost <= best + 1e-12 * spread) || !(cost >= best - 2 * spread / GRID)) {
            fail_msg("run %zu, rate %g, share %g: %.15g, the grid %.15g", run, rate, share, cost,
                     best);
        }
    }
}

static void is_optimal_for_four(void **state)
{
    (void)state;
    enum { GRID = 400 };
    uint64_t seed = 3;
    for (size_t run = 0; run < 24; run++) {
        const double rate = 0.05 + 0.65 * cost_next(&seed);
        const double share = run % 4 == 0 ? 0 : 0.9 * cost_next(&seed);
        double costs[4];
        for (size_t i = 0; i < 4; i++) {
            costs[i] = cost_next(&seed);
        }
        const ard_distribution found = cost_find(rate, 4, costs, share);
        ard_distribution most_random;
        assert_success(ard_distribution_exact(rate, 4, &most_random));
        double best = INFINITY;
        for (int i = 0; i <= GRID; i++) {
            for (int j = 0; i + j <= GRID; j++) {
                const double third = (double)i / GRID;
                const double fourth = (double)j / GRID;
                const double second = 2 * (rate - third * 2 / 3 - fourth * 3 / 4);
                const double k[] = {1 - second - third - fourth, second, third, fourth};
                if (k[0] >= 0 && k[1] >= 0 && cost_entropy(k, 4) >= share * most_random.entropy) {
                    best = fmin(best, cost_mean(k, costs, 4));
                }
            }
        }
        const double cost = cost_mean(found.probabilities, costs, 4);
        if (!(cost <= best + 1e-12) || !(cost >= best - 8.0 / GRID)) {
            fail_msg("run %zu, rate %g, share %g: %.15g, the grid %.15g", run, rate, share, cost,
                     best);
        }
    }
}

/* Of all pairs of distributions on a grid, none is faster than what the search finds layer by
 * layer, for a model in which the layers depend on each other. */
static void layers_do_not_matter_to_each_other(void **state)
{
    (void)state;
    enum { GRID = 300 };
    ard_cost_model model = {.layers = 2,
                            .constant = 1,
                            .inverse = {2, 3},
                            .product = {7},
                            .deviation = {{0.1, -0.3, 0.2}, {-0.2, 0.5, -0.3}},
                            .max_period = {3, 3}};
    const double rates[] = {0.5, 0.6};
    ard_distribution found[2];
    for (size_t i = 0; i < 3; i++) {
        const double share = 0.45 * (double)i;
        assert_success(
            ard_distribution_cost_search(&model, rates, (const uint32_t[]){3, 3}, share, found));
        double expected = 0;
        assert_success(ard_cost_expected(&model, found, &expected));
        ard_distribution exact[2];
        for (size_t l = 0; l < 2; l++) {
            assert_success(ard_distribution_exact(rates[l], 3, &exact[l]));
            assert_true(found[l].rate == rates[l] && found[l].max_period == 3);
            assert_true(fabs(found[l].achieved_rate - rates[l]) <= 1e-12);
            assert_true(found[l].entropy >= share * exact[l].entropy - 1e-13);
        }
        double most_random = 0;
        assert_success(ard_cost_expected(&model, exact, &most_random));
        assert_true(expected < most_random);
        for (int at = 0; at < (GRID + 1) * (GRID + 1); at++) {
            ard_distribution other[2] = {{.max_period = 3}, {.max_period = 3}};
            const int thirds[] = {at % (GRID + 1), at / (GRID + 1)};
            bool allowed = true;
            for (size_t l = 0; l < 2; l++) {
                double *k = other[l].probabilities;
                k[2] = (double)thirds[l] / GRID;
                k[1] = 2 * (rates[l] - k[2] * 2 / 3);
                k[0] = 1 - k[1] - k[2];
                other[l].achieved_rate = rates[l];
                allowed = allowed && k[0] >= 0 && k[1] >= 0 &&
                          cost_entropy(k, 3) >= share * exact[l].entropy;
            }
            double cost = INFINITY;
            assert_success(ard_cost_expected(&model, other, &cost));
            assert_true(!allowed || expected <= cost + 1e-12);
        }
    }
    /* Without deviations all distributions of the rates take the same time. */
    memset(model.deviation, 0, sizeof model.deviation);
    const double other_rates[] = {0.5, 0.25};
    assert_success(
        ard_distribution_cost_search(&model, other_rates, (const uint32_t[]){3, 2}, 0, found));
    for (size_t l = 0; l < 2; l++) {
        ard_distribution exact;
        assert_success(ard_distribution_exact(other_rates[l], 3 - (uint32_t)l, &exact));
        assert_memory_equal(found[l].probabilities, exact.probabilities,
                            sizeof exact.probabilities);
    }
    double expected = 0;
    assert_success(ard_cost_expected(&model, found, &expected));
    assert_true(fabs(expected - (1 + 2 * 0.5 + 3 * 0.75 + 7 * 0.5 * 0.75)) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_optimal_for_three),
        cmocka_unit_test(is_optimal_for_four),
        cmocka_unit_test(layers_do_not_matter_to_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
