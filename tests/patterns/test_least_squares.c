/* SPDX-License-Identifier: Apache-2.0 */
/* Least squares: exact systems, residuals, columns that others determine. */
#include "patterns/least_squares.h"

#include "support/unit.h"

#include <math.h>

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-12)) {
        fail_msg("%.17g is not %.17g", value, expected);
    }
}

static void solves_exactly(void **state)
{
    (void)state;
    /* [2 1; 1 3] x = [5; 10] */
    double matrix[] = {2, 1, 1, 3};
    double values[] = {5, 10};
    double x[2] = {-1, -1};
    bool determined[2] = {false, false};
    assert_success(ard__least_squares(2, 2, matrix, values, x, determined));
    assert_near(x[0], 1);
    assert_near(x[1], 3);
    assert_true(determined[0] && determined[1]);
    /* A zero in the first place, which elimination without pivots would divide by. */
    double swapped[] = {0, 4, 2, 0};
    double others[] = {6, 4};
    assert_success(ard__least_squares(2, 2, swapped, others, x, determined));
    assert_near(x[0], 1);
    assert_near(x[1], 3);
}

static void finds_the_nearest(void **state)
{
    (void)state;
    /* The line nearest to (0, 1), (1, 2), (2, 2), (3, 5): 0.7 + 1.2 t by hand. */
    double matrix[] = {1, 1, 1, 1, 0, 1, 2, 3};
    double values[] = {1, 2, 2, 5};
    double x[2];
    bool determined[2];
    assert_success(ard__least_squares(4, 2, matrix, values, x, determined));
    assert_near(x[0], 0.7);
    assert_near(x[1], 1.2);
    double one[] = {-3, 4};
    double two[] = {1, 2};
    assert_success(ard__least_squares(2, 1, one, two, x, determined));
    assert_near(x[0], 0.2);
}

static void leaves_out_determined_columns(void **state)
{
    (void)state;
    /* The second is twice the first, the third zero, the fourth counts, the fifth is their sum. */
    double matrix[] = {1, 1, 1, 2, 2, 2, 0, 0, 0, 1, 2, 4, 2, 3, 5};
    double values[] = {5, 8, 14};
    double x[5];
    bool determined[5];
    assert_success(ard__least_squares(3, 5, matrix, values, x, determined));
    const double expected[] = {2, 0, 0, 3, 0};
    for (size_t i = 0; i < 5; i++) {
        assert_near(x[i], expected[i]);
        assert_int_equal(determined[i], expected[i] != 0);
    }
    /* More unknowns than equations. */
    double wide[] = {2, 1, 5};
    double value[] = {4};
    assert_success(ard__least_squares(1, 3, wide, value, x, determined));
    assert_near(x[0], 2);
    assert_true(determined[0] && !determined[1] && !determined[2]);
    assert_true(x[1] == 0 && x[2] == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solves_exactly),
        cmocka_unit_test(finds_the_nearest),
        cmocka_unit_test(leaves_out_determined_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
