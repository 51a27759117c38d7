/* SPDX-License-Identifier: Apache-2.0 */
/* The bounds that the other tests rest on, against tables and closed forms. */
#include "support/statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance)) {
        fail_msg("%.15g is not within %g of %.15g", value, tolerance, expected);
    }
}

/* With two degrees the tail is exp(-x/2), with one erfc(sqrt(x/2)), with four (1 + x/2) exp(-x/2).
 */
static void test_tail_closed_forms(void **state)
{
    (void)state;
    for (double x = 0.0; x < 60.0; x += 0.37) {
        assert_near(statistics_chi_square_tail(x, 1), erfc(sqrt(x / 2.0)), 1e-13);
        assert_near(statistics_chi_square_tail(x, 2), exp(-x / 2.0), 1e-13);
        assert_near(statistics_chi_square_tail(x, 4), (1.0 + x / 2.0) * exp(-x / 2.0), 1e-13);
    }
}

/* Published tables of the chi-square distribution. */
static void test_critical_values(void **state)
{
    (void)state;
    assert_near(statistics_chi_square_critical(1, 0.05), 3.841459, 1e-6);
    assert_near(statistics_chi_square_critical(10, 0.01), 23.209251, 1e-6);
    assert_near(statistics_chi_square_critical(100, 0.001), 149.449253, 1e-6);
    assert_near(statistics_chi_square_critical(2, 1e-9), -2.0 * log(1e-9), 1e-9);
}

static void test_chi_square_pools_small_cells(void **state)
{
    (void)state;
    const uint64_t observed[] = {12, 8, 1, 6};
    const double expected[] = {10.0, 10.0, 3.0, 3.0};
    size_t freedom = 0;
    const double statistic = statistics_chi_square(observed, expected, 4, &freedom);
    assert_int_equal(freedom, 2);
    assert_near(statistic, 0.4 + 0.4 + 1.0 / 6.0, 1e-12);
}

/* Ten fair throws: P(0) = 1/1024, P(<= 1) = 11/1024, P(<= 2) = 56/1024. */
static void test_binomial_bounds(void **state)
{
    (void)state;
    uint64_t low = 99;
    uint64_t high = 99;
    statistics_binomial_bounds(10, 0.5, 2.0 * 11.5 / 1024.0, &low, &high);
    assert_int_equal(low, 2);
    assert_int_equal(high, 8);
    statistics_binomial_bounds(10, 0.5, 2.0 * 0.5 / 1024.0, &low, &high);
    assert_int_equal(low, 0);
    assert_int_equal(high, 10);
    statistics_binomial_bounds(10, 0.0, 0.01, &low, &high);
    assert_int_equal(low, 0);
    assert_int_equal(high, 0);
    statistics_binomial_bounds(10, 1.0, 0.01, &low, &high);
    assert_int_equal(low, 10);
    assert_int_equal(high, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tail_closed_forms),
        cmocka_unit_test(test_critical_values),
        cmocka_unit_test(test_chi_square_pools_small_cells),
        cmocka_unit_test(test_binomial_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
