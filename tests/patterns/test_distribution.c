/* SPDX-License-Identifier: Apache-2.0 */
/* The exact search, the default period, cumulative probabilities and distributions given by hand.
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

/* |achieved - rate| of the exact search, as its header promises. */
static const double RATE_TOLERANCE = 1e-12;
static const uint64_t ONE = UINT64_C(1) << 32;
enum { RATES = 400, MAX_EXPECTED_STEPS = 60 };

static void expect(ard_status status, ard_status expected, const char *text)
{
    assert_int_equal(status, expected);
    if (strstr(ard_detail(), text) == NULL) {
        fail_msg("detail \"%s\" does not contain \"%s\"", ard_detail(), text);
    }
}

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance)) {
        fail_msg("%.17g is not within %g of %.17g", value, tolerance, expected);
    }
}

/* The derived fields of any distribution, recomputed here. */
static void check_fields(const ard_distribution *distribution, uint32_t max_period)
{
    double sum = 0.0;
    double rate = 0.0;
    double entropy = 0.0;
    uint64_t previous = 0;
    assert_int_equal(distribution->max_period, max_period);
    for (uint32_t i = 0; i < ARD_MAX_PERIOD; i++) {
        const double k = distribution->probabilities[i];
        if (i >= max_period) {
            assert_true(k == 0.0);
            continue;
        }
        assert_true(k >= 0.0 && k <= 1.0);
        sum += k;
        rate += k * i / (i + 1.0);
        entropy -= k > 0.0 ? k * log(k) : 0.0;
        const uint64_t cumulative = distribution->cumulative[i];
        assert_true(cumulative >= previous && cumulative <= ONE);
        if (k == 0.0) {
            assert_true(cumulative == previous);
        }
        assert_near((double)cumulative, sum * 4294967296.0, 0.5 + 1e-4);
        previous = cumulative;
    }
    assert_true(distribution->cumulative[max_period - 1] == ONE);
    assert_near(sum, 1.0, 1e-13);
    assert_near(distribution->achieved_rate, rate, 1e-13);
    assert_near(distribution->entropy, entropy, 1e-12);
    assert_near(ard_distribution_kept_share(distribution), 1.0 - rate, 1e-13);
}

static void check_exact(double rate, uint32_t max_period)
{
    ard_distribution found;
    if (ard_distribution_exact(rate, max_period, &found) != ARD_STATUS_SUCCESS) {
        fail_msg("rate %.17g, N %" PRIu32 ": %s", rate, max_period, ard_detail());
    }
    check_fields(&found, max_period);
    assert_true(found.rate == rate);
    if (!(fabs(found.achieved_rate - rate) <= RATE_TOLERANCE) || found.steps > MAX_EXPECTED_STEPS) {
        fail_msg("rate %.17g, N %" PRIu32 ": reached %.17g in %" PRIu32 " steps", rate, max_period,
                 found.achieved_rate, found.steps);
    }
}

static void test_exact_reaches_the_rate(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= ARD_MAX_PERIOD; n++) {
        const double limit = ard_distribution_rate_limit(n);
        for (int i = 0; i <= RATES; i++) {
            check_exact(limit * i / RATES, n);
        }
        const double distances[] = {1e-3,  1e-6,  1e-9,  1e-11,  2e-12,  1e-12,
                                    5e-13, 1e-13, 1e-15, 1e-100, 1e-300, 5e-324};
        for (size_t i = 0; n > 1 && i < sizeof distances / sizeof *distances; i++) {
            check_exact(distances[i], n);
            check_exact(limit - distances[i], n);
        }
    }
}

/* ln k_i is a straight line in r_i where the distribution is the most random one. */
static void test_exact_is_exponential(void **state)
{
    (void)state;
    const double rates[] = {0.1, 0.3, 0.5, 0.7};
    for (size_t i = 0; i < 4; i++) {
        ard_distribution found;
        assert_int_equal(ard_distribution_exact(rates[i], 8, &found), ARD_STATUS_SUCCESS);
        const double theta = 2.0 * log(found.probabilities[1] / found.probabilities[0]);
        for (uint32_t j = 2; j < 8; j++) {
            const double exponent = theta * j / (j + 1.0);
            const double ratio = found.probabilities[j] / found.probabilities[0];
            assert_near(log(ratio), exponent, 1e-12 * (1.0 + fabs(exponent)));
        }
    }
    /* Where uniform periods reach the rate, they are the most random. */
    ard_distribution uniform;
    assert_int_equal(ard_distribution_exact((0.5 + 2.0 / 3.0) / 3.0, 3, &uniform),
                     ARD_STATUS_SUCCESS);
    assert_near(uniform.entropy, log(3.0), 1e-14);
}

static void test_closed_cases(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= ARD_MAX_PERIOD; n++) {
        ard_distribution found;
        assert_int_equal(ard_distribution_exact(0.0, n, &found), ARD_STATUS_SUCCESS);
        assert_true(found.probabilities[0] == 1.0 && found.cumulative[0] == ONE);
        assert_true(found.entropy == 0.0 && found.steps == 0);
        check_fields(&found, n);

        const double limit = ard_distribution_rate_limit(n);
        assert_true(limit == (n - 1.0) / n);
        assert_int_equal(ard_distribution_exact(limit, n, &found), ARD_STATUS_SUCCESS);
        assert_true(found.probabilities[n - 1] == 1.0);
        assert_true(n == 1 || found.cumulative[n - 2] == 0);
        check_fields(&found, n);
    }
    /* Decimals that mean the limit, on either side of it. */
    const double thirds[] = {0.6666666666666667, 0.6666666666666666, 0.6666666666669,
                             0.6666666666664};
    for (size_t i = 0; i < sizeof thirds / sizeof *thirds; i++) {
        ard_distribution found;
        assert_int_equal(ard_distribution_exact(thirds[i], 3, &found), ARD_STATUS_SUCCESS);
        assert_true(found.probabilities[2] == 1.0);
    }
}

static void test_unreachable_rates(void **state)
{
    (void)state;
    ard_distribution found = {.max_period = 77};
    const ard_status rate = ARD_STATUS_INVALID_RATE;
    expect(ard_distribution_exact(NAN, 4, &found), rate, "rate nan is outside 0..0.75");
    expect(ard_distribution_exact(-1e-9, 4, &found), rate, "rate -1e-09 is outside 0..0.75");
    expect(ard_distribution_exact(0.7500001, 4, &found), rate, "rate 0.7500001 is outside 0..0.75");
    expect(ard_distribution_exact(INFINITY, 4, &found), rate, "rate inf is outside");
    expect(ard_distribution_exact(1.0, 64, &found), rate, "outside 0..0.984375");
    expect(ard_distribution_exact(0.1, 1, &found), rate, "outside 0..0, which periods up to 1");
    const ard_status argument = ARD_STATUS_INVALID_ARGUMENT;
    expect(ard_distribution_exact(0.1, 0, &found), argument, "max_period 0 is outside 1..64");
    expect(ard_distribution_exact(0.1, 65, &found), argument, "max_period 65 is outside 1..64");
    expect(ard_distribution_exact(0.1, 4, NULL), argument, "distribution is NULL");
    assert_int_equal(found.max_period, 77);
}

static void test_default_max_period(void **state)
{
    (void)state;
    const struct {
        double rate;
        uint32_t max_period;
    } cases[] = {{0.0, 2},         {0.3, 2},         {0.49, 2},         {0.5, 3},
                 {0.5 + 1e-12, 3}, {0.5 - 1e-12, 3}, {2.0 / 3.0, 4},    {0.6666666667, 4},
                 {0.7, 4},         {0.75, 5},        {0.8, 6},          {0.9, 11},
                 {0.95, 21},       {0.98, 51},       {62.0 / 63.0, 64}, {0.9842, 64}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t found = 0;
        assert_int_equal(ard_distribution_default_max_period(cases[i].rate, &found),
                         ARD_STATUS_SUCCESS);
        if (found != cases[i].max_period) {
            fail_msg("rate %g: N %" PRIu32 ", not %" PRIu32, cases[i].rate, found,
                     cases[i].max_period);
        }
    }
    const double bad[] = {NAN, -0.1, -INFINITY, 63.0 / 64.0, 0.99, 1.0, 1.5, INFINITY};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint32_t found = 99;
        expect(ard_distribution_default_max_period(bad[i], &found), ARD_STATUS_INVALID_RATE,
               "is outside 0 <= rate < 0.984375");
        assert_int_equal(found, 99);
    }
    expect(ard_distribution_default_max_period(0.5, NULL), ARD_STATUS_INVALID_ARGUMENT,
           "max_period is NULL");
}

static void test_from_probabilities(void **state)
{
    (void)state;
    const double given[] = {0.0, 0.25, 0.0, 0.5, 0.25, 0.0};
    ard_distribution made;
    assert_int_equal(ard_distribution_from_probabilities(given, 6, &made), ARD_STATUS_SUCCESS);
    check_fields(&made, 6);
    const uint64_t quarter = ONE / 4;
    const uint64_t cumulative[] = {0, quarter, quarter, 3 * quarter, ONE, ONE};
    assert_memory_equal(made.cumulative, cumulative, sizeof cumulative);
    assert_near(made.rate, 0.25 / 2 + 0.5 * 3 / 4 + 0.25 * 4 / 5, 1e-15);
    assert_true(made.rate == made.achieved_rate);
    assert_int_equal(made.steps, 0);

    /* A probability far below 2^-32 is never drawn; thirds are rounded, not truncated. */
    const double tiny[] = {1.0 / 3.0, 1e-12, 2.0 / 3.0 - 1e-12};
    assert_int_equal(ard_distribution_from_probabilities(tiny, 3, &made), ARD_STATUS_SUCCESS);
    assert_true(made.cumulative[0] == 1431655765 && made.cumulative[1] == made.cumulative[0]);

    /* The probabilities may be those of the distribution that is filled. */
    assert_int_equal(ard_distribution_exact(0.5, 5, &made), ARD_STATUS_SUCCESS);
    ard_distribution again = made;
    assert_int_equal(ard_distribution_from_probabilities(again.probabilities, 5, &again),
                     ARD_STATUS_SUCCESS);
    assert_memory_equal(again.probabilities, made.probabilities, sizeof made.probabilities);
    assert_memory_equal(again.cumulative, made.cumulative, sizeof made.cumulative);
}

static void test_from_probabilities_errors(void **state)
{
    (void)state;
    ard_distribution made = {.max_period = 77};
    const ard_status argument = ARD_STATUS_INVALID_ARGUMENT;
    const double good[] = {0.5, 0.5};
    const double negative[] = {1.5, -0.5};
    const double nan_value[] = {0.5, NAN};
    const double infinite[] = {0.5, INFINITY};
    const double short_sum[] = {0.5, 0.49};
    const double barely[] = {0.5, 0.5 + 5e-10};
    expect(ard_distribution_from_probabilities(NULL, 2, &made), argument, "probabilities is NULL");
    expect(ard_distribution_from_probabilities(good, 2, NULL), argument, "distribution is NULL");
    expect(ard_distribution_from_probabilities(good, 0, &made), argument, "max_period 0");
    expect(ard_distribution_from_probabilities(good, 65, &made), argument, "max_period 65");
    expect(ard_distribution_from_probabilities(negative, 2, &made), argument,
           "probability -0.5 of period 2");
    expect(ard_distribution_from_probabilities(nan_value, 2, &made), argument, "probability nan");
    expect(ard_distribution_from_probabilities(infinite, 2, &made), argument, "probability inf");
    expect(ard_distribution_from_probabilities(short_sum, 2, &made), argument, "sum to 0.99");
    assert_int_equal(made.max_period, 77);
    assert_int_equal(ard_distribution_from_probabilities(barely, 2, &made), ARD_STATUS_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_reaches_the_rate),
        cmocka_unit_test(test_exact_is_exponential),
        cmocka_unit_test(test_closed_cases),
        cmocka_unit_test(test_unreachable_rates),
        cmocka_unit_test(test_default_max_period),
        cmocka_unit_test(test_from_probabilities),
        cmocka_unit_test(test_from_probabilities_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
