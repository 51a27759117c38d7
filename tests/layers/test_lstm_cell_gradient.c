/* SPDX-License-Identifier: Apache-2.0 */
/* The double-precision derivative of the LSTM cell, which the device is compared with, against
 * finite differences of the double-precision step. */
#include <math.h>
#include <stdlib.h>

#include "layers/lstm_cell_problem.h"
#include "support/memory.h"
#include "support/unit.h"

/* A central difference is off by some step^2 and by some 1e-16 / step. */
static const double STEP = 1e-5;
static const double TOLERANCE = 1e-8;

/* A problem and what varies in it. */
typedef struct varied {
    const cell_problem *problem;
    const cell_inputs *inputs;
    double *gates;
    double *c_before;
} varied;

/* The sum whose gradients by h, by what is passed on and by c are diff_h, diff_passed and diff_c.
 */
static double weigh(const varied *v)
{
    const cell_problem *p = v->problem;
    cell_outputs outputs = cell_reference_forward(p, v->inputs, v->gates, v->c_before);
    double sum = 0.0;
    for (size_t i = 0; i < p->batch * p->hidden; ++i) {
        sum += outputs.h.values[i] * (double)v->inputs->diff_h[i];
        sum += p->last ? 0.0 : outputs.c.values[i] * (double)v->inputs->diff_c[i];
    }
    for (size_t i = 0; p->diff_passed && i < p->batch * v->inputs->kept; ++i) {
        sum += outputs.passed.values[i] * (double)v->inputs->diff_passed[i];
    }
    cell_outputs_destroy(&outputs);
    return sum;
}

static void check_differences(const varied *v, const char *name, size_t count, double *inputs,
                              const double *gradient)
{
    char text[128];
    cell_describe(v->problem, text, sizeof text);
    for (size_t i = 0; i < count; ++i) {
        const double value = inputs[i];
        inputs[i] = value + STEP;
        const double above = weigh(v);
        inputs[i] = value - STEP;
        const double below = weigh(v);
        inputs[i] = value;
        const double difference = (above - below) / (2.0 * STEP);
        if (!(fabs(difference - gradient[i]) <= TOLERANCE)) {
            fail_msg("%s of %s, seed %llu: element %zu is %.12g, differences give %.12g", name,
                     text, (unsigned long long)v->problem->seed, i, gradient[i], difference);
        }
    }
}

static void check_problem(const cell_problem *p)
{
    const size_t units = p->batch * p->hidden;
    cell_inputs in = cell_inputs_create(p);
    const varied v = {p, &in, test_to_double(4 * units, in.gates),
                      test_to_double(units, in.c_before)};
    cell_outputs forward = cell_reference_forward(p, &in, v.gates, v.c_before);
    cell_outputs backward =
        cell_reference_backward(p, &in, forward.gates.values, v.c_before, forward.c.values);
    check_differences(&v, "the gradient of gates", 4 * units, v.gates, backward.gates.values);
    check_differences(&v, "diff_c", units, v.c_before, backward.c.values);
    cell_outputs_destroy(&forward);
    cell_outputs_destroy(&backward);
    free(v.gates);
    free(v.c_before);
    cell_inputs_destroy(&in);
}

static void test_differences(void **state)
{
    (void)state;
    static const size_t widths[] = {1, 2, 7};
    uint64_t random = 3;
    for (size_t w = 0; w < sizeof widths / sizeof widths[0]; ++w) {
        for (int passing = 0; passing < CELL_PASSINGS; ++passing) {
            for (size_t variant = 0; variant < 4; ++variant) {
                const cell_problem p = {.batch = 2,
                                        .hidden = widths[w],
                                        .passing = (cell_passing)passing,
                                        .recurrent = variant % 2 == 0,
                                        .bias = variant % 2 == 1,
                                        .last = variant<2, .diff_passed = variant> 0,
                                        .spread = 0.5f,
                                        .seed = test_random(&random)};
                check_problem(&p);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_differences)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
