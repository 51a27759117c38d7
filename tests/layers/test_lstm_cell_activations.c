/* SPDX-License-Identifier: Apache-2.0 */
/* How exact the sigmoid and the hyperbolic tangent of the LSTM cell are: relatively, over all sizes
 * of their argument, and what they make of infinities and NaN. */
#include <ard/lstm_cell.h>

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "device/context_internal.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

/* In units of eps times the value: the most that a sweep over the float32 numbers showed is 1.52.
 * Devices other than CPUs may divide with an error of 2.5 units in the last place in place of half
 * a one. */
static const double CPU_ERROR = 2.0;
static const double OTHER_ERROR = 4.0;

/* What the cell makes of x [count]: sigmoid(x) by the gates i, f and o, tanh(x) by g; and, the
 * gates being open for c and closed for everything else, tanh(x) as h and x as c. */
typedef struct activated {
    float *gates; /* [4 x count] */
    float *h;
    float *c;
} activated;

static float *run(ard_context *context, size_t count, const float *gates, const float *c_before,
                  float **h, float **c)
{
    guarded matrices[4] = {guarded_create_with(context, 1, 4 * count, 1, 0, gates),
                           guarded_create_with(context, 1, count, 0, 0, c_before),
                           guarded_create(context, 1, count, 0, 0),
                           guarded_create(context, 1, count, 0, 0)};
    assert_success(ard_lstm_cell_forward(context, 1, count, &matrices[0].matrix, NULL, NULL,
                                         &matrices[1].matrix, &matrices[2].matrix,
                                         &matrices[3].matrix, NULL, NULL, NULL));
    float *out = guarded_read(&matrices[0], "gates");
    *c = guarded_read(&matrices[2], "c");
    *h = guarded_read(&matrices[3], "h");
    for (size_t i = 0; i < 4; ++i) {
        guarded_destroy(&matrices[i]);
    }
    return out;
}

static activated activate(ard_context *context, size_t count, const float *x)
{
    float *gates = test_alloc(4 * count, sizeof *gates);
    float *zeros = test_alloc(count, sizeof *zeros);
    activated made = {NULL};
    float *unused[2] = {NULL, NULL};
    for (size_t k = 0; k < 4; ++k) {
        memcpy(gates + k * count, x, count * sizeof *x);
    }
    made.gates = run(context, count, gates, zeros, &unused[0], &unused[1]);
    for (size_t j = 0; j < count; ++j) {
        gates[j] = -INFINITY;
        gates[count + j] = INFINITY;
        gates[2 * count + j] = 0.0f;
        gates[3 * count + j] = INFINITY;
    }
    free(run(context, count, gates, x, &made.h, &made.c));
    free(unused[0]);
    free(unused[1]);
    free(gates);
    free(zeros);
    return made;
}

static void drop(activated *made)
{
    free(made->gates);
    free(made->h);
    free(made->c);
}

static void assert_relative(const char *name, float x, float actual, double expected, double error)
{
    /* Below the normal numbers devices may give zero. */
    const double bound = error * (double)FLT_EPSILON * fabs(expected) + (double)FLT_MIN;
    if (!(fabs((double)actual - expected) <= bound)) {
        fail_msg("%s(%.9g) is %.9g, expected %.12g within %.3g", name, (double)x, (double)actual,
                 expected, bound);
    }
}

/* Of every exponent up to 2^8, both signs. */
static float any_float(uint64_t *random)
{
    const uint32_t exponent = (uint32_t)test_random_below(random, 127 + 8);
    const uint32_t bits = (uint32_t)(test_random(random) & 0x807fffffu) | exponent << 23;
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void test_relative_errors(void **state)
{
    enum { COUNT = 40009 };
    uint64_t random = 17;
    float *x = test_alloc(COUNT, sizeof *x);
    for (size_t j = 0; j < COUNT; ++j) { /* half of all sizes, half where the curves bend */
        x[j] = j % 2 == 0 ? any_float(&random) : 20.0f * test_random_float(&random);
    }
    const bool is_cpu = ard_context_device(*state)->type == ARD_DEVICE_CPU;
    const double error = is_cpu ? CPU_ERROR : OTHER_ERROR;
    activated got = activate(*state, COUNT, x);
    for (size_t j = 0; j < COUNT; ++j) {
        const double sigmoid = 1.0 / (1.0 + exp(-(double)x[j]));
        const double tangent = tanh((double)x[j]);
        assert_relative("sigmoid by i", x[j], got.gates[j], sigmoid, error);
        assert_relative("sigmoid by f", x[j], got.gates[COUNT + j], sigmoid, error);
        assert_relative("tanh by g", x[j], got.gates[2 * COUNT + j], tangent, error);
        assert_relative("sigmoid by o", x[j], got.gates[3 * COUNT + j], sigmoid, error);
        assert_relative("tanh by h", x[j], got.h[j], tangent, error);
        assert_relative("c", x[j], got.c[j], (double)x[j], 0.0);
    }
    drop(&got);
    free(x);
}

static void test_saturation(void **state)
{
    enum { COUNT = 8 };
    const float x[COUNT] = {INFINITY, -INFINITY, FLT_MAX, -FLT_MAX, 1e4f, -1e4f, 120.0f, -120.0f};
    activated got = activate(*state, COUNT, x);
    for (size_t j = 0; j < COUNT; ++j) {
        const bool positive = x[j] > 0.0f;
        for (size_t k = 0; k < 4; ++k) {
            const float least = k == 2 ? -1.0f : 0.0f;
            assert_true(got.gates[k * COUNT + j] == (positive ? 1.0f : least));
        }
        assert_true(got.h[j] == (positive ? 1.0f : -1.0f));
        assert_true(got.c[j] == x[j]);
    }
    drop(&got);
}

/* A NaN is not hidden, and stays where it is. */
static void test_nan(void **state)
{
    enum { COUNT = 19 };
    for (size_t at = 0; at < COUNT; ++at) {
        float x[COUNT];
        for (size_t j = 0; j < COUNT; ++j) {
            x[j] = j == at ? NAN : 0.5f;
        }
        activated got = activate(*state, COUNT, x);
        for (size_t j = 0; j < COUNT; ++j) {
            for (size_t k = 0; k < 4; ++k) {
                assert_int_equal(isnan(got.gates[k * COUNT + j]) != 0, j == at);
            }
            assert_int_equal(isnan(got.h[j]) != 0, j == at);
            assert_int_equal(isnan(got.c[j]) != 0, j == at);
        }
        drop(&got);
    }
}

/* Kernels for one unit a work-item, which devices other than CPUs run. */
static int set_up_single_units(void **state)
{
    const int failed = test_context_setup(state);
    ard_context *context = *state;
    context->vector_width = 1;
    return failed;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_relative_errors),
        cmocka_unit_test(test_saturation),
        cmocka_unit_test(test_nan),
    };
    const int failed = cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
    return failed + cmocka_run_group_tests(tests, set_up_single_units, test_context_teardown);
}
