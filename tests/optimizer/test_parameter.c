/* SPDX-License-Identifier: Apache-2.0 */
/* What a parameter's functions do and refuse; its steps are in test_parameter_lazy.c. */
#include <ard/sgd.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimizer/sgd_internal.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

enum { ROWS = 6, COLS = 8, COUNT = ROWS * COLS };

typedef struct fixture {
    ard_context *context;
    ard_sgd *sgd;
    ard_parameter *parameter;
    guarded diff;
    float initial[COUNT];
} fixture;

static fixture make_fixture(ard_context *context, uint32_t row_classes, uint32_t col_classes)
{
    fixture f = {.context = context};
    ard_sgd_options options = ard_sgd_defaults();
    options.weight_decay = 0.01;
    assert_success(ard_sgd_create(context, &options, &f.sgd));
    assert_success(ard_parameter_create(
        f.sgd, ROWS, COLS, &(ard_parameter_classes){.rows = row_classes, .cols = col_classes},
        &f.parameter));
    float *values = test_random_floats(COUNT, 5);
    memcpy(f.initial, values, sizeof f.initial);
    f.diff = guarded_create_with(context, ROWS, COLS, 0, 0, values);
    assert_success(ard_parameter_write(f.parameter, values));
    free(values);
    return f;
}

static void drop_fixture(fixture *f)
{
    guarded_destroy(&f->diff);
    ard_parameter_destroy(f->parameter);
    ard_sgd_destroy(f->sgd);
}

static void test_new_is_zero(void **state)
{
    ard_sgd *sgd = NULL;
    ard_parameter *parameter = NULL;
    const ard_sgd_options options = ard_sgd_defaults();
    assert_success(ard_sgd_create(*state, &options, &sgd));
    assert_success(ard_parameter_create(
        sgd, ROWS, COLS, &(ard_parameter_classes){.rows = 4, .cols = 2}, &parameter));
    float weights[COUNT];
    float velocity[COUNT];
    const float zeros[COUNT] = {0};
    memset(weights, 1, sizeof weights);
    memset(velocity, 1, sizeof velocity);
    assert_success(ard_parameter_read(parameter, weights, velocity));
    assert_memory_equal(weights, zeros, sizeof zeros);
    assert_memory_equal(velocity, zeros, sizeof zeros);
    ard_parameter_destroy(parameter);
    ard_sgd_destroy(sgd);
}

static void test_write_resets_velocity(void **state)
{
    static const uint32_t classes[] = {1, 4, 0};
    for (size_t i = 0; i < 3; ++i) {
        fixture f = make_fixture(*state, classes[i], classes[i]);
        const ard_pattern half = {.period = 2, .residues = 1};
        const ard_pattern *row = classes[i] == 1 ? NULL : &half;
        for (int step = 0; step < 3; ++step) {
            assert_success(ard_parameter_update(f.parameter, row, NULL, NULL, &f.diff.matrix));
            assert_success(ard_sgd_advance(f.sgd));
        }
        assert_success(ard_parameter_write(f.parameter, f.initial));
        float weights[COUNT];
        float velocity[COUNT];
        const float zeros[COUNT] = {0};
        assert_success(ard_parameter_read(f.parameter, weights, velocity));
        assert_memory_equal(weights, f.initial, sizeof weights);
        assert_memory_equal(velocity, zeros, sizeof velocity);
        drop_fixture(&f);
    }
}

/* A dense step by hand: v = g + wd w, w -= rate v. */
static void test_first_step(void **state)
{
    fixture f = make_fixture(*state, 1, 1);
    assert_success(ard_parameter_update(f.parameter, NULL, NULL, NULL, &f.diff.matrix));
    assert_success(ard_sgd_advance(f.sgd));
    assert_int_equal(ard_sgd_step(f.sgd), 1);
    float weights[COUNT];
    float velocity[COUNT];
    assert_success(ard_parameter_read(f.parameter, weights, velocity));
    for (size_t i = 0; i < COUNT; ++i) {
        const double w = f.initial[i];
        const double v = w + 0.01 * w;
        assert_true(velocity[i] - v < 1e-6 && v - velocity[i] < 1e-6);
        assert_true(weights[i] - (w - 0.01 * v) < 1e-6 && (w - 0.01 * v) - weights[i] < 1e-6);
    }
    drop_fixture(&f);
}

/* Half of an update is nothing to read or to compute with. */
static void test_only_updates_after_an_update(void **state)
{
    fixture f = make_fixture(*state, 2, 2);
    ard_matrix view = {NULL, 1, 2};
    float weights[COUNT];
    assert_success(ard_parameter_update(f.parameter, NULL, NULL, NULL, &f.diff.matrix));
    for (size_t i = 0; i < 2; ++i) {
        assert_invalid(ard_parameter_gather(f.parameter, NULL, NULL, NULL, &view));
        assert_invalid(ard_parameter_read(f.parameter, weights, NULL));
        assert_success(ard_parameter_update(f.parameter, NULL, NULL, NULL, &f.diff.matrix));
    }
    assert_true(view.buffer == NULL && view.offset == 1 && view.ld == 2);
    assert_success(ard_sgd_advance(f.sgd));
    assert_success(ard_parameter_gather(f.parameter, NULL, NULL, NULL, &view));
    assert_success(ard_parameter_read(f.parameter, weights, NULL));
    drop_fixture(&f);
}

static void test_periods_must_divide_classes(void **state)
{
    fixture f = make_fixture(*state, 4, 6);
    ard_matrix view = {0};
    const ard_pattern three = {.period = 3, .residues = 1};
    const ard_pattern four = {.period = 4, .residues = 1};
    const ard_pattern all_of_five = {.period = 5, .residues = 31};
    const ard_matrix *diff = &f.diff.matrix;
    assert_success(ard_parameter_gather(f.parameter, &four, &three, NULL, &view));
    assert_success(ard_parameter_gather(f.parameter, &all_of_five, NULL, NULL, &view));
    assert_fails(ard_parameter_gather(f.parameter, &three, NULL, NULL, &view),
                 ARD_STATUS_INVALID_PATTERN);
    assert_fails(ard_parameter_gather(f.parameter, NULL, &four, NULL, &view),
                 ARD_STATUS_INVALID_PATTERN);
    assert_fails(ard_parameter_update(f.parameter, &three, NULL, NULL, diff),
                 ARD_STATUS_INVALID_PATTERN);
    assert_fails(ard_parameter_update(f.parameter, NULL, &four, NULL, diff),
                 ARD_STATUS_INVALID_PATTERN);
    drop_fixture(&f);
}

/* A table that was not sent is not taken for one that was. */
static void test_failed_table(void **state)
{
    fixture f = make_fixture(*state, 2, 1);
    const ard_pattern even = {.period = 2, .residues = 1};
    ard_matrix view = {0};
    float got[COUNT / 2];
    assert_success(ard_sgd_advance(f.sgd)); /* a step without gradient: w <- w - rate decay w */
    const cl_mem tables = f.sgd->class_tables.buffer;
    assert_success(ard__buffer_create(*state, 4, &f.sgd->class_tables.buffer));
    assert_fails(ard_parameter_gather(f.parameter, &even, NULL, NULL, &view), ARD_STATUS_OPENCL);
    clReleaseMemObject(f.sgd->class_tables.buffer);
    f.sgd->class_tables.buffer = tables;
    assert_success(ard_parameter_gather(f.parameter, &even, NULL, NULL, &view));
    assert_success(ard_matrix_read(*state, ROWS / 2, COLS, &view, got));
    for (size_t i = 0; i < COUNT / 2; ++i) {
        const double before = f.initial[i / COLS * 2 * COLS + i % COLS];
        assert_true(fabs(got[i] - before * (1.0 - 0.01 * 0.01)) <= 1e-6 * fabs(before));
    }
    drop_fixture(&f);
}

/* A table that has fewer classes than units cannot tell any two of them apart. */
static void test_index_patterns(void **state)
{
    static const uint32_t indices[] = {0, 2};
    const ard_pattern pattern = {.indices = indices, .count = 2};
    fixture f = make_fixture(*state, 4, 3);
    ard_matrix view = {NULL, 1, 2};
    assert_fails(ard_parameter_gather(f.parameter, &pattern, NULL, NULL, &view),
                 ARD_STATUS_INVALID_PATTERN);
    assert_non_null(strstr(ard_detail(), "4 residue classes"));
    assert_fails(ard_parameter_gather(f.parameter, NULL, &pattern, NULL, &view),
                 ARD_STATUS_INVALID_PATTERN);
    assert_fails(ard_parameter_update(f.parameter, &pattern, NULL, NULL, &f.diff.matrix),
                 ARD_STATUS_INVALID_PATTERN);
    assert_true(view.buffer == NULL && view.offset == 1 && view.ld == 2);
    drop_fixture(&f);
}

static void test_malformed_patterns(void **state)
{
    static const ard_pattern bad[] = {{.period = 0, .residues = 1},
                                      {.period = 65, .residues = 1},
                                      {.period = 3, .residues = 0},
                                      {.period = 3, .residues = 8},
                                      {.period = 16, .residues = 1}};
    fixture f = make_fixture(*state, 0, 0);
    ard_matrix view = {NULL, 1, 2};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        assert_fails(ard_parameter_gather(f.parameter, &bad[i], NULL, NULL, &view),
                     ARD_STATUS_INVALID_PATTERN);
        assert_fails(ard_parameter_gather(f.parameter, NULL, &bad[i], NULL, &view),
                     ARD_STATUS_INVALID_PATTERN);
        assert_fails(ard_parameter_update(f.parameter, &bad[i], NULL, NULL, &f.diff.matrix),
                     ARD_STATUS_INVALID_PATTERN);
        assert_fails(ard_parameter_update(f.parameter, NULL, &bad[i], NULL, &f.diff.matrix),
                     ARD_STATUS_INVALID_PATTERN);
    }
    assert_true(view.buffer == NULL && view.offset == 1 && view.ld == 2);
    drop_fixture(&f);
}

static void test_create_errors(void **state)
{
    fixture f = make_fixture(*state, 1, 1);
    ard_parameter *p = (ard_parameter *)&f;
    assert_invalid(ard_parameter_create(NULL, 2, 2, NULL, &p));
    assert_null(p);
    assert_invalid(ard_parameter_create(f.sgd, 2, 2, NULL, NULL));
    assert_invalid(ard_parameter_create(f.sgd, 0, 2, NULL, &p));
    assert_invalid(ard_parameter_create(f.sgd, 2, 0, NULL, &p));
    assert_invalid(ard_parameter_create(f.sgd, SIZE_MAX, 2, NULL, &p));
    assert_invalid(ard_parameter_create(f.sgd, 2, SIZE_MAX, NULL, &p));
    assert_invalid(ard_parameter_create(f.sgd, SIZE_MAX / 2, SIZE_MAX / 2, NULL, &p));
    p = (ard_parameter *)&f;
    const size_t large = 2000000000;
    assert_fails(ard_parameter_create(f.sgd, large, large, NULL, &p),
                 ARD_STATUS_DEVICE_OUT_OF_MEMORY);
    assert_null(p);
    drop_fixture(&f);
}

static void test_argument_errors(void **state)
{
    fixture f = make_fixture(*state, 1, 1);
    ard_matrix view = {0};
    const ard_matrix *diff = &f.diff.matrix;
    assert_invalid(ard_parameter_write(NULL, f.initial));
    assert_invalid(ard_parameter_write(f.parameter, NULL));
    assert_invalid(ard_parameter_read(NULL, f.initial, NULL));
    assert_invalid(ard_parameter_read(f.parameter, NULL, NULL));
    assert_invalid(ard_parameter_gather(NULL, NULL, NULL, NULL, &view));
    assert_invalid(ard_parameter_gather(f.parameter, NULL, NULL, NULL, NULL));
    assert_invalid(ard_parameter_update(NULL, NULL, NULL, NULL, diff));
    assert_invalid(ard_parameter_update(f.parameter, NULL, NULL, NULL, NULL));
    const ard_matrix none = {NULL, 0, COLS};
    const ard_matrix narrow = {diff->buffer, 0, COLS - 1};
    const ard_matrix beyond = {diff->buffer, f.diff.elements - COUNT + 1, COLS};
    const ard_matrix far = {diff->buffer, SIZE_MAX, COLS};
    assert_invalid(ard_parameter_update(f.parameter, NULL, NULL, NULL, &none));
    assert_invalid(ard_parameter_update(f.parameter, NULL, NULL, NULL, &narrow));
    assert_invalid(ard_parameter_update(f.parameter, NULL, NULL, NULL, &beyond));
    assert_invalid(ard_parameter_update(f.parameter, NULL, NULL, NULL, &far));
    float weights[COUNT];
    assert_success(ard_parameter_read(f.parameter, weights, NULL));
    assert_memory_equal(weights, f.initial, sizeof weights);
    ard_parameter_destroy(NULL);
    drop_fixture(&f);
}

/* Nothing is copied where a view serves. */
static void test_gather_gives_views(void **state)
{
    fixture f = make_fixture(*state, 4, 4);
    ard_matrix whole = {0};
    ard_matrix rows = {0};
    const ard_pattern row = {.period = 4, .residues = 4};
    assert_success(ard_parameter_gather(f.parameter, NULL, NULL, NULL, &whole));
    assert_success(ard_parameter_gather(f.parameter, &row, NULL, NULL, &rows));
    assert_ptr_equal(whole.buffer, rows.buffer);
    assert_int_equal(rows.offset, whole.offset + 2 * whole.ld);
    assert_int_equal(rows.ld, 4 * whole.ld);
    drop_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_is_zero),
        cmocka_unit_test(test_write_resets_velocity),
        cmocka_unit_test(test_first_step),
        cmocka_unit_test(test_only_updates_after_an_update),
        cmocka_unit_test(test_periods_must_divide_classes),
        cmocka_unit_test(test_failed_table),
        cmocka_unit_test(test_index_patterns),
        cmocka_unit_test(test_malformed_patterns),
        cmocka_unit_test(test_create_errors),
        cmocka_unit_test(test_argument_errors),
        cmocka_unit_test(test_gather_gives_views),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
