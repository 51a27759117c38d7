/* SPDX-License-Identifier: Apache-2.0 */
/* The fastest distributions: rates, entropy, limits, ties, errors. Whether none is faster:
 * test_cost_optimal.c. */
#include "patterns/cost_problem.h"
#include "support/unit.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* |achieved - rate|, as the header promises. */
static const double RATE_TOLERANCE = 1e-12;
/* Roundings of a sum of up to 64 probabilities and of its terms' logarithms. */
static const double ENTROPY_TOLERANCE = 1e-13;

/* The least mean cost of any distribution of a rate: of two periods, all pairs tried. */
static double least_of_pairs(double rate, uint32_t n, const double *costs)
{
    double least = INFINITY;
    for (uint32_t a = 1; a < n; a++) {
        for (uint32_t b = a + 1; b <= n; b++) {
            const double share =
                (rate - cost_period_rate(a)) / (cost_period_rate(b) - cost_period_rate(a));
            if (share >= 0 && share <= 1) {
                least = fmin(least, (1 - share) * costs[a - 1] + share * costs[b - 1]);
            }
        }
    }
    return least;
}

/* What holds of every answer: sum, rate, entropy, derived fields. */
static void check(const ard_distribution *found, double rate, uint32_t n, double least_entropy)
{
    ard_distribution again;
    assert_success(ard_distribution_from_probabilities(found->probabilities, n, &again));
    assert_int_equal(found->max_period, n);
    assert_true(found->rate == rate);
    assert_memory_equal(found->cumulative, again.cumulative, sizeof again.cumulative);
    assert_true(found->achieved_rate == again.achieved_rate && found->entropy == again.entropy);
    if (!(fabs(found->achieved_rate - rate) <= RATE_TOLERANCE)) {
        fail_msg("rate %.17g, N %" PRIu32 ": reached %.17g", rate, n, found->achieved_rate);
    }
    if (!(found->entropy >= least_entropy - ENTROPY_TOLERANCE)) {
        fail_msg("rate %.17g, N %" PRIu32 ": entropy %.17g, not %.17g", rate, n, found->entropy,
                 least_entropy);
    }
}

static void keeps_rate_and_entropy(void **state)
{
    (void)state;
    const uint32_t periods[] = {2, 3, 4, 5, 8, 16, 64};
    const double shares[] = {0, 0.1, 0.5, 0.9, 0.999, 1};
    uint64_t seed = 1;
    for (size_t run = 0; run < 700; run++) {
        const uint32_t n = periods[run % 7];
        double rate = cost_next(&seed) * cost_period_rate(n);
        if (run % 3 == 0) {
            rate = cost_period_rate(1 + (uint32_t)(cost_next(&seed) * n)); /* just a period's */
        }
        double costs[ARD_MAX_PERIOD];
        cost_make(run % 5, n, &seed, costs);
        ard_distribution most_random;
        assert_success(ard_distribution_exact(rate, n, &most_random));
        const double exact = cost_mean(most_random.probabilities, costs, n);
        const double rounding = 1e-12 * fabs(exact);
        double before = least_of_pairs(rate, n, costs) - rounding;
        for (size_t i = 0; i < 6; i++) {
            const ard_distribution found = cost_find(rate, n, costs, shares[i]);
            check(&found, rate, n, shares[i] * most_random.entropy);
            /* The more entropy, the slower, from the best of all to the exact search's. */
            const double cost = cost_mean(found.probabilities, costs, n);
            assert_true(cost >= before - rounding);
            before = cost;
            assert_true(cost <= exact + rounding);
        }
    }
}

/* Share 1, and costs between which a distribution cannot choose, give the exact search's to the
 * bit. */
static void without_choice_is_exact(void **state)
{
    (void)state;
    uint64_t seed = 4;
    for (uint32_t n = 1; n <= ARD_MAX_PERIOD; n++) {
        double any[ARD_MAX_PERIOD];
        double line[ARD_MAX_PERIOD];
        const double level[ARD_MAX_PERIOD] = {0};
        for (uint32_t i = 0; i < n; i++) {
            any[i] = cost_next(&seed);
            line[i] = 0.3 + 17 / (i + 1.0);
        }
        const double rates[] = {0, 0.3 * cost_period_rate(n), 0.9 * cost_period_rate(n),
                                cost_period_rate(n)};
        for (size_t i = 0; i < 4; i++) {
            ard_distribution exact;
            assert_success(ard_distribution_exact(rates[i], n, &exact));
            const ard_distribution found[] = {
                cost_find(rates[i], n, any, 1),
                cost_find(rates[i], n, line, 0),
                cost_find(rates[i], n, level, 0.5),
                cost_find(rates[i], n, any, exact.entropy > 0 ? 1 : 0),
            };
            for (size_t j = 0; j < 4; j++) {
                assert_memory_equal(found[j].probabilities, exact.probabilities,
                                    sizeof exact.probabilities);
                assert_memory_equal(found[j].cumulative, exact.cumulative, sizeof exact.cumulative);
                assert_int_equal(found[j].steps, exact.steps);
            }
        }
    }
}

/* Share 0 gives the vertex of the linear programme: the cheapest of all pairs of periods. */
static void without_entropy_is_a_vertex(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (size_t run = 0; run < 300; run++) {
        const uint32_t n = 2 + (uint32_t)(cost_next(&seed) * 63);
        const double rate = cost_next(&seed) * cost_period_rate(n);
        double costs[ARD_MAX_PERIOD];
        for (uint32_t i = 0; i < n; i++) {
            costs[i] = cost_next(&seed);
        }
        const ard_distribution found = cost_find(rate, n, costs, 0);
        size_t drawn = 0;
        for (uint32_t i = 0; i < n; i++) {
            drawn += found.probabilities[i] > 0 ? 1 : 0;
        }
        assert_true(drawn >= 1 && drawn <= 2);
        const double cost = cost_mean(found.probabilities, costs, n);
        assert_true(fabs(cost - least_of_pairs(rate, n, costs)) <= 1e-12);
    }
    /* Convex costs: the two periods around the rate; a period's own rate: that period alone. */
    double convex[6];
    for (uint32_t i = 0; i < 6; i++) {
        convex[i] = pow(cost_period_rate(i + 1), 2);
    }
    ard_distribution found = cost_find(0.7, 6, convex, 0);
    assert_true(found.probabilities[2] > 0 && found.probabilities[3] > 0);
    assert_true(found.probabilities[2] + found.probabilities[3] == 1);
    found = cost_find(0.75, 6, convex, 0);
    assert_true(found.probabilities[3] == 1 && found.entropy == 0);
    /* Concave costs: the shortest and the longest. */
    for (uint32_t i = 0; i < 6; i++) {
        convex[i] = -convex[i];
    }
    found = cost_find(0.7, 6, convex, 0);
    assert_true(found.probabilities[0] > 0 && found.probabilities[5] > 0);
    assert_true(found.probabilities[0] + found.probabilities[5] == 1);
}

/* Of several equally fast ones it is the most random: here of periods 1, 2 and 4. */
static void breaks_ties_by_entropy(void **state)
{
    (void)state;
    const double costs[] = {1, 1, 2, 1, 5};
    const ard_distribution found = cost_find(0.5, 5, costs, 0);
    const double *k = found.probabilities;
    assert_true(k[2] == 0 && k[4] == 0);
    assert_true(fabs(found.achieved_rate - 0.5) <= RATE_TOLERANCE);
    /* ln k is a line in the rates 0, 1/2, 3/4. */
    assert_true(fabs(log(k[1] / k[0]) / 0.5 - log(k[3] / k[1]) / 0.25) < 1e-10);
    /* The bound is slack at any share that these three reach. */
    const ard_distribution slack = cost_find(0.5, 5, costs, 0.2);
    assert_memory_equal(slack.probabilities, found.probabilities, sizeof found.probabilities);
}

/* Where the bound holds: ln k_i = a + theta r_i - beta costs_i with beta > 0, entropy as asked. */
static void is_of_the_family(void **state)
{
    (void)state;
    uint64_t seed = 6;
    for (size_t run = 0; run < 50; run++) {
        double costs[4];
        for (size_t i = 0; i < 4; i++) {
            costs[i] = cost_next(&seed);
        }
        const ard_distribution found = cost_find(0.6, 4, costs, 0.9);
        ard_distribution most_random;
        assert_success(ard_distribution_exact(0.6, 4, &most_random));
        assert_true(fabs(found.entropy - 0.9 * most_random.entropy) <= 1e-11);
        /* The second differences over the rates 0, 1/2, 2/3, 3/4 leave beta alone. */
        double logs[4];
        for (size_t i = 0; i < 4; i++) {
            logs[i] = log(found.probabilities[i]);
        }
        double beta[2];
        for (size_t i = 0; i < 2; i++) {
            const double run_ab =
                cost_period_rate((uint32_t)i + 2) - cost_period_rate((uint32_t)i + 1);
            const double run_bc =
                cost_period_rate((uint32_t)i + 3) - cost_period_rate((uint32_t)i + 2);
            const double bend_k =
                (logs[i + 2] - logs[i + 1]) / run_bc - (logs[i + 1] - logs[i]) / run_ab;
            const double bend_costs =
                (costs[i + 2] - costs[i + 1]) / run_bc - (costs[i + 1] - costs[i]) / run_ab;
            beta[i] = -bend_k / bend_costs;
        }
        assert_true(beta[0] > 0);
        assert_true(fabs(beta[0] - beta[1]) <= 1e-7 * beta[0]);
    }
}

static void expect(ard_status status, ard_status expected, const char *text)
{
    assert_int_equal(status, expected);
    if (strstr(ard_detail(), text) == NULL) {
        fail_msg("detail \"%s\" does not contain \"%s\"", ard_detail(), text);
    }
}

static void refuses(void **state)
{
    (void)state;
    const ard_status argument = ARD_STATUS_INVALID_ARGUMENT;
    const ard_status rate = ARD_STATUS_INVALID_RATE;
    const double costs[] = {1, 2, 3};
    const double bad[] = {1, NAN, 3};
    const double infinite[] = {1, 2, INFINITY};
    ard_distribution found = {.max_period = 77};
    expect(ard_distribution_fastest(0.5, 3, NULL, 0.5, &found), argument, "costs is NULL");
    expect(ard_distribution_fastest(0.5, 3, costs, 0.5, NULL), argument, "distribution is NULL");
    expect(ard_distribution_fastest(0.5, 3, bad, 0.5, &found), argument, "cost of period 2 is nan");
    expect(ard_distribution_fastest(0.5, 3, infinite, 1, &found), argument, "period 3 is inf");
    expect(ard_distribution_fastest(0.5, 3, costs, 1.1, &found), argument, "entropy share is 1.1");
    expect(ard_distribution_fastest(0.5, 3, costs, -0.1, &found), argument, "share is -0.1");
    expect(ard_distribution_fastest(0.5, 3, costs, NAN, &found), argument, "share is nan");
    expect(ard_distribution_fastest(0.7, 3, costs, 0.5, &found), rate, "rate 0.7 is outside");
    expect(ard_distribution_fastest(NAN, 3, costs, 0.5, &found), rate, "rate nan");
    expect(ard_distribution_fastest(0.5, 0, costs, 0.5, &found), argument, "max_period 0");
    expect(ard_distribution_fastest(0.5, 65, costs, 0.5, &found), argument, "max_period 65");
    assert_int_equal(found.max_period, 77);

    const ard_cost_model model = {.layers = 2, .max_period = {3, 4}};
    const double rates[] = {0.5, 0.5};
    const double high[] = {0.5, 0.8};
    const uint32_t most[] = {3, 4};
    const uint32_t more[] = {3, 5};
    ard_distribution both[2] = {{.max_period = 77}, {.max_period = 78}};
    expect(ard_distribution_cost_search(NULL, rates, most, 0, both), argument, "NULL");
    expect(ard_distribution_cost_search(&model, NULL, most, 0, both), argument, "NULL");
    expect(ard_distribution_cost_search(&model, rates, NULL, 0, both), argument, "NULL");
    expect(ard_distribution_cost_search(&model, rates, most, 0, NULL), argument, "NULL");
    expect(ard_distribution_cost_search(&model, rates, more, 0, both), argument,
           "max_period 5 of layer 1 exceeds 4, the longest period measured");
    expect(ard_distribution_cost_search(&model, high, most, 0, both), rate, "rate 0.8");
    expect(ard_distribution_cost_search(&model, rates, most, 2, both), argument, "share is 2");
    assert_true(both[0].max_period == 77 && both[1].max_period == 78);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_rate_and_entropy),
        cmocka_unit_test(without_choice_is_exact),
        cmocka_unit_test(without_entropy_is_a_vertex),
        cmocka_unit_test(breaks_ties_by_entropy),
        cmocka_unit_test(is_of_the_family),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
