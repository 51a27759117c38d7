/* SPDX-License-Identifier: Apache-2.0 */
/* Which period and how many residues a rate chooses. */
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

/* The mean kept share misses 1 - rate by no more than the tolerance of an exact match. */
static const double SHARE_TOLERANCE = 1e-9;

static void expect(ard_status status, ard_status expected, const char *text)
{
    assert_int_equal(status, expected);
    if (strstr(ard_detail(), text) == NULL) {
        fail_msg("detail \"%s\" does not contain \"%s\"", ard_detail(), text);
    }
}

static void check_exact_case(double rate, uint32_t period, uint32_t count)
{
    ard_subset_distribution found;
    assert_int_equal(ard_subset_distribution_from_rate(rate, 0, &found), ARD_STATUS_SUCCESS);
    if (found.period != period || found.low != count || found.high != count) {
        fail_msg("rate %g: %" PRIu32 "..%" PRIu32 " of %" PRIu32, rate, found.low, found.high,
                 found.period);
    }
    assert_true(found.high_probability == 0.0 && found.high_threshold == 0 && found.rate == rate);
}

static void test_smallest_exact_period(void **state)
{
    (void)state;
    check_exact_case(0.0, 8, 8);
    check_exact_case(0.5, 8, 4);
    check_exact_case(0.25, 8, 6);
    check_exact_case(0.3, 10, 7);
    check_exact_case(0.7, 10, 3);
    check_exact_case(0.9, 10, 1);
    check_exact_case(1.0 / 3.0, 9, 6);
    check_exact_case(0.3333333333, 9, 6);
    check_exact_case(0.45, 20, 11);
    check_exact_case(0.98, 50, 1);
    check_exact_case(63.0 / 64.0, 64, 1);
    check_exact_case(1e-10, 8, 8);
}

static void check_mixed(double rate, uint32_t given, uint32_t period)
{
    ard_subset_distribution found;
    assert_int_equal(ard_subset_distribution_from_rate(rate, given, &found), ARD_STATUS_SUCCESS);
    assert_int_equal(found.period, period);
    assert_true(found.low >= 1 && found.low <= found.high && found.high <= period);
    assert_true(found.high - found.low <= 1);
    const double mean = (found.low + (found.high - found.low) * found.high_probability) / period;
    if (!(fabs(mean - (1.0 - rate)) <= SHARE_TOLERANCE)) {
        fail_msg("rate %.17g of period %" PRIu32 ": mean share %.17g", rate, period, mean);
    }
    const double threshold = found.high_probability * 4294967296.0;
    assert_true(fabs((double)found.high_threshold - threshold) <= 0.5);
}

static void test_mean_share_is_exact(void **state)
{
    (void)state;
    /* These match no period up to 64. */
    check_mixed(0.505, 0, 16);
    check_mixed(0.001, 0, 16);
    check_mixed(0.3141592653589793, 0, 16);
    check_mixed(15.0 / 16.0 - 1e-6, 0, 16);
    for (uint32_t period = 1; period <= ARD_MAX_PERIOD; period++) {
        for (int i = 0; i <= 1000; i++) {
            const double limit = 1.0 - 1.0 / period;
            check_mixed(limit * i / 1000.0, period, period);
        }
    }
}

static void test_errors(void **state)
{
    (void)state;
    ard_subset_distribution found = {.period = 77};
    const ard_status rate = ARD_STATUS_INVALID_RATE;
    const ard_status argument = ARD_STATUS_INVALID_ARGUMENT;
    expect(ard_subset_distribution_from_rate(NAN, 0, &found), rate, "rate nan is outside 0");
    expect(ard_subset_distribution_from_rate(-0.1, 0, &found), rate, "rate -0.1 is outside 0");
    expect(ard_subset_distribution_from_rate(1.0, 0, &found), rate, "rate 1 is outside 0");
    expect(ard_subset_distribution_from_rate(INFINITY, 0, &found), rate, "rate inf");
    expect(ard_subset_distribution_from_rate(0.9876, 0, &found), rate,
           "less than one residue of period 16; at most 0.9375");
    expect(ard_subset_distribution_from_rate(0.9, 8, &found), rate,
           "less than one residue of period 8; at most 0.875");
    expect(ard_subset_distribution_from_rate(0.1, 1, &found), rate,
           "less than one residue of period 1; at most 0 can");
    expect(ard_subset_distribution_from_rate(1.0 - 1e-12, 0, &found), rate, "less than one");
    expect(ard_subset_distribution_from_rate(0.5, 65, &found), argument, "period 65");
    expect(ard_subset_distribution_from_rate(0.5, 8, NULL), argument, "distribution is NULL");
    assert_int_equal(found.period, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_smallest_exact_period),
        cmocka_unit_test(test_mean_share_is_exact),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
