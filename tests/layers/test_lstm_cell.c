/* SPDX-License-Identifier: Apache-2.0 */
/* The LSTM cell and its derivative against double precision. */
#include <ard/lstm_cell.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "device/context_internal.h"
#include "layers/lstm_cell_problem.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/reference.h"
#include "support/unit.h"

/* c of the tolerances: the activations are right to a few units in the last place, and at most four
 * factors are multiplied. */
static const double TOLERANCE = 4.0;

/* The matrices of a problem on the device, with other leading dimensions and offsets each. */
typedef struct cell_device {
    guarded gates;
    guarded recurrent;
    guarded bias;
    guarded c_before;
    guarded c;
    guarded h;
    guarded mask;
    guarded passed;
    guarded diff_h;
    guarded diff_passed;
    guarded diff_c;
    ard_lstm_passing passing;
} cell_device;

enum { MATRICES = 11 };

static void list_matrices(cell_device *device, guarded *list[MATRICES])
{
    guarded *all[MATRICES] = {&device->gates,       &device->recurrent, &device->bias,
                              &device->c_before,    &device->c,         &device->h,
                              &device->mask,        &device->passed,    &device->diff_h,
                              &device->diff_passed, &device->diff_c};
    memcpy(list, all, sizeof all);
}

static cell_device make_device(ard_context *context, const cell_problem *p, const cell_inputs *in)
{
    const size_t b = p->batch;
    const size_t n = p->hidden;
    cell_device device = {
        .gates = guarded_create_with(context, b, 4 * n, 3, 5, in->gates),
        .recurrent = guarded_create_with(context, b, 4 * n, 1, 2, in->recurrent),
        .bias = guarded_create_with(context, 1, 4 * n, 7, 0, in->bias),
        .c_before = guarded_create_with(context, b, n, 2, 1, in->c_before),
        .c = guarded_create(context, b, n, 4, 3),
        .h = guarded_create(context, b, n, 0, 2),
        .mask = guarded_create_with(context, b, n, 5, 4, in->mask),
        .passed = guarded_create(context, b, in->kept, 6, 1),
        .diff_h = guarded_create_with(context, b, n, 9, 6, in->diff_h),
        .diff_passed = guarded_create_with(context, b, in->kept, 8, 7, in->diff_passed),
        .diff_c = p->last ? guarded_create(context, b, n, 1, 2)
                          : guarded_create_with(context, b, n, 1, 2, in->diff_c),
    };
    device.passing = (ard_lstm_passing){NULL};
    return device;
}

/* What the call is told about passing; NULL: nothing. */
static const ard_lstm_passing *set_passing(cell_device *device, const cell_problem *p,
                                           const cell_inputs *in)
{
    if (p->passing == CELL_MASKED) {
        device->passing.mask = device->mask.matrix;
        device->passing.pattern = p->seed % 2 == 0 ? &in->pattern : NULL; /* that keeps all */
    } else if (p->passing >= CELL_ALL) {
        device->passing.pattern = &in->pattern;
    }
    return p->passing != CELL_NOTHING ? &device->passing : NULL;
}

static void drop_device(cell_device *device)
{
    guarded *list[MATRICES];
    list_matrices(device, list);
    for (size_t i = 0; i < MATRICES; ++i) {
        guarded_destroy(list[i]);
    }
}

/* Compares a result, and gives what the device has. */
static double *check_result(const guarded *matrix, const char *name, const cell_problem *p,
                            const cell_array *expected)
{
    char text[128];
    cell_describe(p, text, sizeof text);
    float *got = guarded_read(matrix, name);
    const comparison about = {name, text, matrix->rows, matrix->cols, p->seed};
    assert_close(&about, got, expected->values, expected->magnitude, TOLERANCE * FLT_EPSILON);
    double *values = test_to_double(matrix->rows * matrix->cols, got);
    free(got);
    return values;
}

/* All but these matrices are as they were made. */
static void check_untouched(cell_device *device, guarded *const *written, size_t count)
{
    guarded *list[MATRICES];
    list_matrices(device, list);
    for (size_t i = 0; i < MATRICES; ++i) {
        bool may = false;
        for (size_t w = 0; w < count; ++w) {
            may = may || written[w] == list[i];
        }
        if (!may) {
            guarded_assert_unchanged(list[i], "a matrix that is not to be written");
        }
    }
}

static void check_forward(ard_context *context, const cell_problem *p, const cell_inputs *in,
                          cell_device *device)
{
    const size_t units = p->batch * p->hidden;
    const ard_lstm_passing *passing = set_passing(device, p, in);
    guarded *c = p->in_place ? &device->c_before : &device->c;
    double *gates = test_to_double(4 * units, in->gates);
    double *c_before = test_to_double(units, in->c_before);
    cell_outputs expected = cell_reference_forward(p, in, gates, c_before);
    assert_success(ard_lstm_cell_forward(
        context, p->batch, p->hidden, &device->gates.matrix,
        p->recurrent ? &device->recurrent.matrix : NULL, p->bias ? &device->bias.matrix : NULL,
        &device->c_before.matrix, &c->matrix, &device->h.matrix, passing,
        passing != NULL ? &device->passed.matrix : NULL, NULL));
    guarded *written[] = {&device->gates, c, &device->h, &device->passed};
    check_untouched(device, written, passing != NULL ? 4 : 3);
    free(check_result(&device->gates, "gates", p, &expected.gates));
    free(check_result(c, "c", p, &expected.c));
    free(check_result(&device->h, "h", p, &expected.h));
    if (passing != NULL) {
        free(check_result(&device->passed, "passed", p, &expected.passed));
    }
    free(gates);
    free(c_before);
    cell_outputs_destroy(&expected);
}

/* From what check_forward left on the device. */
static void check_backward(ard_context *context, const cell_problem *p, const cell_inputs *in,
                           cell_device *device)
{
    const size_t units = p->batch * p->hidden;
    float *gates = guarded_read(&device->gates, "gates");
    float *c = guarded_read(&device->c, "c");
    double *gates_double = test_to_double(4 * units, gates);
    double *c_double = test_to_double(units, c);
    double *c_before = test_to_double(units, in->c_before);
    cell_outputs expected = cell_reference_backward(p, in, gates_double, c_before, c_double);
    assert_success(ard_lstm_cell_backward(context, p->batch, p->hidden, &device->gates.matrix,
                                          &device->c_before.matrix, &device->c.matrix,
                                          &device->diff_h.matrix, set_passing(device, p, in),
                                          p->diff_passed ? &device->diff_passed.matrix : NULL,
                                          p->last, &device->diff_c.matrix, NULL));
    guarded *written[] = {&device->gates, &device->c, &device->h, &device->passed, &device->diff_c};
    check_untouched(device, written, 5);
    float *c_after = guarded_read(&device->c, "c");
    assert_memory_equal(c_after, c, units * sizeof *c);
    free(check_result(&device->gates, "gradient of gates", p, &expected.gates));
    free(check_result(&device->diff_c, "diff_c", p, &expected.c));
    free(gates);
    free(c);
    free(c_after);
    free(gates_double);
    free(c_double);
    free(c_before);
    cell_outputs_destroy(&expected);
}

static void check_problem(ard_context *context, const cell_problem *p)
{
    cell_inputs in = cell_inputs_create(p);
    cell_device device = make_device(context, p, &in);
    check_forward(context, p, &in, &device);
    if (!p->in_place) {
        check_backward(context, p, &in, &device);
    }
    drop_device(&device);
    cell_inputs_destroy(&in);
}

/* Every way of passing on with every width; the rest varies with the seed. */
static void test_against_reference(void **state)
{
    static const size_t widths[] = {1,  2,  3,  7,  13, 15, 16,  17,  31,  32,
                                    33, 47, 61, 64, 65, 97, 127, 129, 200, 650};
    static const size_t batches[] = {1, 2, 5, 20};
    static const float spreads[] = {0.1f, 1.0f, 3.0f, 30.0f};
    uint64_t random = 1;
    for (size_t w = 0; w < sizeof widths / sizeof widths[0]; ++w) {
        for (int passing = 0; passing < CELL_PASSINGS; ++passing) {
            for (size_t variant = 0; variant < 4; ++variant) {
                const uint64_t seed = test_random(&random);
                const cell_problem p = {.batch = batches[variant],
                                        .hidden = widths[w],
                                        .passing = (cell_passing)passing,
                                        .recurrent = (seed & 1) != 0,
                                        .bias = (seed & 2) != 0,
                                        .in_place = (seed & 12) == 0,
                                        .last = (seed & 16) != 0,
                                        .diff_passed = (seed & 96) != 0,
                                        .spread = spreads[(seed >> 8) % 4],
                                        .seed = seed};
                check_problem(*state, &p);
            }
        }
    }
}

/* Every period, whose residues the kernels take two periods at a time. */
static void test_every_period(void **state)
{
    uint64_t random = 2;
    for (uint32_t period = 1; period <= ARD_MAX_PERIOD; ++period) {
        cell_problem p = {.batch = 2,
                          .hidden = 2 * (size_t)ARD_MAX_PERIOD + period,
                          .passing = CELL_SUBSET,
                          .recurrent = true,
                          .diff_passed = true,
                          .spread = 1.0f,
                          .seed = test_random(&random)};
        cell_inputs in = cell_inputs_create(&p);
        const uint64_t all = UINT64_MAX >> (ARD_MAX_PERIOD - period);
        const uint64_t residues = test_random(&random) & all;
        in.pattern = (ard_pattern){.period = period, .residues = residues != 0 ? residues : all};
        free(in.diff_passed);
        in.kept = reference_kept(&in.pattern, p.hidden, NULL);
        in.diff_passed = test_random_floats(p.batch * in.kept, p.seed);
        cell_device device = make_device(*state, &p, &in);
        check_forward(*state, &p, &in, &device);
        check_backward(*state, &p, &in, &device);
        drop_device(&device);
        cell_inputs_destroy(&in);
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
        cmocka_unit_test(test_against_reference),
        cmocka_unit_test(test_every_period),
    };
    const int failed = cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
    return failed + cmocka_run_group_tests(tests, set_up_single_units, test_context_teardown);
}
