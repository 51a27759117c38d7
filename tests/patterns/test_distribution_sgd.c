/* SPDX-License-Identifier: Apache-2.0 */
/* The search of the paper: the rate it reaches, how random it is beside the exact one, its options.
 */
#include <ard/distribution.h>

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* |achieved - rate| for 0.1 <= rate <= limit - 0.1 with the default options. */
static const double RATE_TOLERANCE = 1e-3;
/* Entropy missing (nats) against the most random distribution of the rate reached. */
static const double ENTROPY_TOLERANCE = 0.05;
enum { RATES = 8 };

static void expect(ard_status status, ard_status expected, const char *text)
{
    assert_int_equal(status, expected);
    if (strstr(ard_detail(), text) == NULL) {
        fail_msg("detail \"%s\" does not contain \"%s\"", ard_detail(), text);
    }
}

static void check_search(double rate, uint32_t max_period)
{
    ard_distribution found;
    ard_distribution best;
    assert_int_equal(ard_distribution_sgd(rate, max_period, NULL, &found), ARD_STATUS_SUCCESS);
    assert_int_equal(ard_distribution_exact(found.achieved_rate, max_period, &best),
                     ARD_STATUS_SUCCESS);
    assert_true(found.rate == rate && found.max_period == max_period);
    assert_true(found.steps >= 1 && found.steps <= ard_distribution_sgd_defaults().max_steps);
    const double missing = best.entropy - found.entropy;
    if (!(fabs(found.achieved_rate - rate) <= RATE_TOLERANCE) || !(missing >= -1e-9) ||
        !(missing <= ENTROPY_TOLERANCE)) {
        fail_msg("rate %.17g, N %" PRIu32 ": reached %.17g, entropy missing %g", rate, max_period,
                 found.achieved_rate, missing);
    }
}

static void test_reaches_the_rate(void **state)
{
    (void)state;
    const uint32_t periods[] = {2, 3, 4, 5, 7, 8, 11, 16, 31, 64};
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        const double highest = ard_distribution_rate_limit(periods[i]) - 0.1;
        for (int j = 0; j <= RATES; j++) {
            check_search(0.1 + (highest - 0.1) * j / RATES, periods[i]);
        }
    }
}

/* Outside that range the rate reached is reported, whatever it is. */
static void test_reports_what_it_reached(void **state)
{
    (void)state;
    const double rates[] = {0.0, 1e-9, 0.75};
    for (size_t i = 0; i < 3; i++) {
        ard_distribution found;
        assert_int_equal(ard_distribution_sgd(rates[i], 4, NULL, &found), ARD_STATUS_SUCCESS);
        double mean = 0.0;
        for (uint32_t j = 0; j < 4; j++) {
            mean += found.probabilities[j] * j / (j + 1.0);
        }
        assert_true(fabs(found.achieved_rate - mean) <= 1e-15);
        assert_true(fabs(mean - rates[i]) < 0.05);
        assert_true(found.cumulative[3] == UINT64_C(1) << 32);
    }
    ard_distribution one;
    assert_int_equal(ard_distribution_sgd(0.0, 1, NULL, &one), ARD_STATUS_SUCCESS);
    assert_true(one.probabilities[0] == 1.0 && one.achieved_rate == 0.0);
}

/* Where the search has settled, the gradient by v of the loss is zero: finite differences of the
 * loss itself. */
static double loss(const double *v, uint32_t n, double rate, double rate_weight)
{
    double total = 0.0;
    double mean = 0.0;
    double negentropy = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        total += exp(v[i]);
    }
    for (uint32_t i = 0; i < n; i++) {
        const double k = exp(v[i]) / total;
        mean += k * i / (i + 1.0);
        negentropy += k * log(k);
    }
    return rate_weight * (mean - rate) * (mean - rate) + (1.0 - rate_weight) / n * negentropy;
}

static void test_is_stationary(void **state)
{
    (void)state;
    enum { N = 5 };
    const double rate = 0.5;
    const double difference = 1e-5;
    const ard_distribution_sgd_options options = {
        .rate_weight = 0.9, .learning_rate = 2.0, .tolerance = 1e-13, .max_steps = 1000000};
    ard_distribution found;
    assert_int_equal(ard_distribution_sgd(rate, N, &options, &found), ARD_STATUS_SUCCESS);
    assert_true(found.steps < options.max_steps);
    for (uint32_t i = 0; i < N; i++) {
        double above[N];
        double below[N];
        for (uint32_t j = 0; j < N; j++) {
            above[j] = below[j] = log(found.probabilities[j]);
        }
        above[i] += difference;
        below[i] -= difference;
        const double slope = (loss(above, N, rate, options.rate_weight) -
                              loss(below, N, rate, options.rate_weight)) /
                             (2.0 * difference);
        assert_true(fabs(slope) < 1e-9);
    }
}

static void test_one_step_by_hand(void **state)
{
    (void)state;
    /* N = 2 from v = 0: k = 1/2, m = 1/4; the entropy term cancels, dL/dv = -+ l1 (m - p) / 4. */
    const ard_distribution_sgd_options options = {
        .rate_weight = 0.5, .learning_rate = 1.0, .tolerance = 1e-9, .max_steps = 1};
    ard_distribution found;
    assert_int_equal(ard_distribution_sgd(0.45, 2, &options, &found), ARD_STATUS_SUCCESS);
    const double v = 2.0 * 0.5 * (0.45 - 0.25) * 0.5 * 0.25;
    const double expected = 1.0 / (1.0 + exp(-2.0 * v));
    assert_int_equal(found.steps, 1);
    assert_true(fabs(found.probabilities[1] - expected) <= 1e-15);
}

static void test_zero_fields_take_defaults(void **state)
{
    (void)state;
    const ard_distribution_sgd_options zero = {0};
    ard_distribution with_defaults;
    ard_distribution with_zero;
    assert_int_equal(ard_distribution_sgd(0.5, 3, NULL, &with_defaults), ARD_STATUS_SUCCESS);
    assert_int_equal(ard_distribution_sgd(0.5, 3, &zero, &with_zero), ARD_STATUS_SUCCESS);
    assert_int_equal(with_zero.steps, with_defaults.steps);
    assert_true(with_zero.achieved_rate == with_defaults.achieved_rate);
}

static void test_errors(void **state)
{
    (void)state;
    ard_distribution found = {.max_period = 77};
    const ard_status argument = ARD_STATUS_INVALID_ARGUMENT;
    const ard_status rate = ARD_STATUS_INVALID_RATE;
    expect(ard_distribution_sgd(NAN, 4, NULL, &found), rate, "rate nan is outside 0..0.75");
    expect(ard_distribution_sgd(-0.1, 4, NULL, &found), rate, "rate -0.1");
    expect(ard_distribution_sgd(0.8, 4, NULL, &found), rate, "rate 0.8 is outside 0..0.75");
    expect(ard_distribution_sgd(0.5, 0, NULL, &found), argument, "max_period 0");
    expect(ard_distribution_sgd(0.5, 65, NULL, &found), argument, "max_period 65");
    expect(ard_distribution_sgd(0.5, 4, NULL, NULL), argument, "distribution is NULL");

    const ard_distribution_sgd_options bad[] = {
        {.rate_weight = 1.0},    {.rate_weight = -0.5},       {.rate_weight = NAN},
        {.learning_rate = -1.0}, {.learning_rate = INFINITY}, {.learning_rate = NAN},
        {.tolerance = -1.0},     {.tolerance = NAN},          {.tolerance = INFINITY},
    };
    const char *names[] = {"rate_weight 1",    "rate_weight -0.5",  "rate_weight nan",
                           "learning_rate -1", "learning_rate inf", "learning_rate nan",
                           "tolerance -1",     "tolerance nan",     "tolerance inf"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        expect(ard_distribution_sgd(0.5, 4, &bad[i], &found), argument, names[i]);
    }
    assert_int_equal(found.max_period, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reaches_the_rate),
        cmocka_unit_test(test_reports_what_it_reached),
        cmocka_unit_test(test_is_stationary),
        cmocka_unit_test(test_one_step_by_hand),
        cmocka_unit_test(test_zero_fields_take_defaults),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
