/* SPDX-License-Identifier: Apache-2.0 */
/* The norm of gradients and the factor that comes of it; whole steps are in test_sgd_clip_steps.c.
 */
#include <ard/sgd.h>

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Of a norm: the bound that the header states. */
static const double TOLERANCE = 5e-6;

/* An optimizer of learning rate 1 without momentum on some weights that begin with zero: an update
 * makes them -factor times the gradient. */
typedef struct fixture {
    ard_context *context;
    ard_sgd *sgd;
    ard_parameter *parameter;
} fixture;

enum { WEIGHTS = 37 };

static fixture make_fixture(ard_context *context)
{
    const ard_sgd_options options = {.schedule = {.kind = ARD_SCHEDULE_CONSTANT, .rate = 1.0}};
    fixture f = {.context = context};
    assert_success(ard_sgd_create(context, &options, &f.sgd));
    assert_success(ard_parameter_create(f.sgd, 1, WEIGHTS, NULL, &f.parameter));
    return f;
}

static void drop_fixture(fixture *f)
{
    ard_parameter_destroy(f->parameter);
    ard_sgd_destroy(f->sgd);
}

static ard_gradient gradient_of(const guarded *matrix)
{
    return (ard_gradient){matrix->matrix, matrix->rows, matrix->cols};
}

static double norm_of(size_t count, const float *values)
{
    double squares = 0.0;
    for (size_t i = 0; i < count; ++i) {
        squares += (double)values[i] * (double)values[i];
    }
    return sqrt(squares);
}

static double found_norm(const fixture *f)
{
    double norm = -1.0;
    assert_success(ard_sgd_gradient_norm(f->sgd, &norm));
    return norm;
}

static void assert_norm(const fixture *f, double expected, const char *what)
{
    const double norm = found_norm(f);
    if (!(fabs(norm - expected) <= TOLERANCE * expected)) {
        fail_msg("%s: norm %.17g, expected %.17g", what, norm, expected);
    }
}

/* Matrices somewhere in buffers of NaNs, alone and all together. */
static void test_norms(void **state)
{
    static const size_t shapes[][4] = {
        /* rows, cols, offset, gap */
        {1, 1, 0, 0},     {1, 63, 5, 0},   {1, 64, 0, 0},    {1, 65, 3, 7},   {7, 13, 1, 0},
        {7, 13, 1, 1},    {61, 1, 0, 0},   {131, 1, 2, 3},   {200, 63, 0, 1}, {33, 64, 3, 5},
        {5, 127, 0, 2},   {67, 129, 7, 1}, {3, 4095, 0, 1},  {3, 4096, 1, 0}, {3, 4097, 2, 3},
        {2, 9001, 0, 11}, {129, 31, 9, 0}, {1, 12289, 1, 0}, {64, 64, 0, 4},  {65, 2047, 0, 1}};
    fixture f = make_fixture(*state);
    guarded matrices[COUNT(shapes)];
    ard_gradient gradients[COUNT(shapes)];
    double squares = 0.0;
    assert_true(found_norm(&f) == 0.0);
    for (size_t i = 0; i < COUNT(shapes); ++i) {
        const size_t count = shapes[i][0] * shapes[i][1];
        float *values = test_random_floats(count, 70 + i);
        matrices[i] = guarded_create_with(*state, shapes[i][0], shapes[i][1], shapes[i][2],
                                          shapes[i][3], values);
        gradients[i] = gradient_of(&matrices[i]);
        assert_success(ard_sgd_clip(f.sgd, 1.0, 1, &gradients[i]));
        assert_norm(&f, norm_of(count, values), "one matrix");
        const double norm = found_norm(&f);
        squares += norm_of(count, values) * norm_of(count, values);
        assert_success(ard_sgd_clip(f.sgd, 2.0, i + 1, gradients));
        assert_norm(&f, sqrt(squares), "all matrices so far");
        assert_success(ard_sgd_clip(f.sgd, 1.0, 1, &gradients[i]));
        assert_true(found_norm(&f) == norm);
        guarded_assert_unchanged(&matrices[i], "gradient");
        free(values);
    }
    for (size_t i = 0; i < COUNT(shapes); ++i) {
        guarded_destroy(&matrices[i]);
    }
    drop_fixture(&f);
}

/* Equal values round the same way each time, which is the worst for a sum. */
static void test_large(void **state)
{
    enum { ROWS = 1009, COLS = 1013 };
    fixture f = make_fixture(*state);
    float *values = test_random_floats((size_t)ROWS * COLS, 3);
    for (size_t i = 0; i < 3; ++i) {
        for (size_t k = 0; i < 2 && k < (size_t)ROWS * COLS; ++k) {
            values[k] = i == 0 ? 0.1f : k % 1000 == 0 ? 1000.3f : 1e-3f;
        }
        if (i == 2) {
            free(values);
            values = test_random_floats((size_t)ROWS * COLS, 4);
        }
        double norms[2];
        for (size_t gap = 0; gap < 2; ++gap) {
            guarded matrix = guarded_create_with(*state, ROWS, COLS, 1, gap, values);
            const ard_gradient gradient = gradient_of(&matrix);
            assert_success(ard_sgd_clip(f.sgd, 1.0, 1, &gradient));
            assert_norm(&f, norm_of((size_t)ROWS * COLS, values), "a million elements");
            norms[gap] = found_norm(&f);
            guarded_destroy(&matrix);
        }
        assert_true(fabs(norms[1] - norms[0]) <= TOLERANCE * norms[0]);
    }
    free(values);
    drop_fixture(&f);
}

/* The weights after one update with a gradient of ones. */
static void update_with_ones(fixture *f, float weights[WEIGHTS])
{
    float ones[WEIGHTS];
    const float zeros[WEIGHTS] = {0};
    for (size_t i = 0; i < WEIGHTS; ++i) {
        ones[i] = 1.0f;
    }
    guarded diff = guarded_create_with(f->context, 1, WEIGHTS, 0, 0, ones);
    assert_success(ard_parameter_write(f->parameter, zeros));
    assert_success(ard_parameter_update(f->parameter, NULL, NULL, NULL, &diff.matrix));
    assert_success(ard_sgd_advance(f->sgd));
    assert_success(ard_parameter_read(f->parameter, weights, NULL));
    guarded_destroy(&diff);
}

/* That all weights moved by the factor, between these. */
static void assert_factor(fixture *f, double low, double high)
{
    float weights[WEIGHTS];
    update_with_ones(f, weights);
    for (size_t i = 0; i < WEIGHTS; ++i) {
        if (!(-weights[i] >= low && -weights[i] <= high)) {
            fail_msg("factor %.9g, expected %.9g..%.9g", (double)-weights[i], low, high);
        }
    }
}

/* Clips by a gradient of one row (3, 4, 0, ..., 0) / 8, of norm 5 / 8. */
static void clip(fixture *f, double max_norm)
{
    float values[WEIGHTS] = {0.375f, 0.5f};
    guarded matrix = guarded_create_with(f->context, 1, WEIGHTS, 0, 0, values);
    const ard_gradient gradient = gradient_of(&matrix);
    assert_success(ard_sgd_clip(f->sgd, max_norm, 1, &gradient));
    guarded_destroy(&matrix);
}

static void test_factor(void **state)
{
    fixture f = make_fixture(*state);
    assert_factor(&f, 1.0, 1.0);
    clip(&f, 1.0); /* below the limit */
    assert_factor(&f, 1.0, 1.0);
    assert_true(found_norm(&f) == 0.625);
    clip(&f, 0.625); /* at it */
    assert_factor(&f, 1.0, 1.0);
    clip(&f, 0.3125); /* above it */
    assert_factor(&f, 0.5 * (1.0 - TOLERANCE), 0.5 * (1.0 + TOLERANCE));
    assert_factor(&f, 1.0, 1.0); /* the next step is not clipped */
    clip(&f, 0.3125);
    clip(&f, 1e300); /* another limit in the same step */
    assert_factor(&f, 1.0, 1.0);
    clip(&f, (double)FLT_MIN);
    assert_factor(&f, FLT_MIN, 2.0 * FLT_MIN);
    assert_true(found_norm(&f) == 0.625);
    drop_fixture(&f);
}

static void test_zero_gradient(void **state)
{
    fixture f = make_fixture(*state);
    const float zeros[WEIGHTS] = {0};
    guarded matrix = guarded_create_with(*state, 1, WEIGHTS, 0, 0, zeros);
    const ard_gradient gradient = gradient_of(&matrix);
    assert_success(ard_sgd_clip(f.sgd, 0.5, 1, &gradient));
    assert_true(found_norm(&f) == 0.0);
    assert_factor(&f, 1.0, 1.0);
    guarded_destroy(&matrix);
    drop_fixture(&f);
}

/* What is not finite is seen, wherever it stands, in every weight; also a square that is not. */
static void test_not_finite(void **state)
{
    static const size_t places[] = {0, 17, 63, 64, 4095, 4096, 4999};
    const float bad[] = {NAN, INFINITY, -INFINITY, 2e19f};
    fixture f = make_fixture(*state);
    float *values = test_random_floats(5000, 8);
    for (size_t i = 0; i < COUNT(places) * COUNT(bad); ++i) {
        const size_t place = places[i / COUNT(bad)];
        const float before = values[place];
        values[place] = bad[i % COUNT(bad)];
        guarded matrix = guarded_create_with(*state, 1, 5000, 0, 0, values);
        const ard_gradient gradient = gradient_of(&matrix);
        assert_success(ard_sgd_clip(f.sgd, 1.0, 1, &gradient));
        const double norm = found_norm(&f);
        assert_true(i % COUNT(bad) == 0 ? isnan(norm) : isinf(norm) && norm > 0.0);
        float weights[WEIGHTS];
        update_with_ones(&f, weights);
        for (size_t k = 0; k < WEIGHTS; ++k) {
            assert_true(isnan(weights[k]));
        }
        values[place] = before;
        guarded_destroy(&matrix);
    }
    assert_factor(&f, 1.0, 1.0);
    free(values);
    drop_fixture(&f);
}

static void test_errors(void **state)
{
    static const double bad_norms[] = {0.0, -1.0, NAN, INFINITY, -INFINITY, 1e-50};
    fixture f = make_fixture(*state);
    float *values = test_random_floats(35, 3);
    guarded matrix = guarded_create_with(*state, 5, 7, 0, 0, values);
    const cl_mem buffer = matrix.matrix.buffer;
    const ard_gradient good = gradient_of(&matrix);
    const ard_gradient bad[] = {{{NULL, 0, 7}, 5, 7},
                                {{buffer, 0, 6}, 5, 7},
                                {{buffer, matrix.elements, 7}, 5, 7},
                                {{buffer, 0, 7}, 0, 7},
                                {{buffer, 0, 7}, 5, 0},
                                {{buffer, 0, 7}, 5000, 7},
                                {{buffer, SIZE_MAX, 7}, 5, 7},
                                {{buffer, 0, 7}, SIZE_MAX, 7}};
    double norm = 3.0;
    clip(&f, 0.3125);
    for (size_t i = 0; i < COUNT(bad_norms); ++i) {
        assert_invalid(ard_sgd_clip(f.sgd, bad_norms[i], 1, &good));
    }
    for (size_t i = 0; i < COUNT(bad); ++i) {
        const ard_gradient both[] = {good, bad[i]};
        assert_invalid(ard_sgd_clip(f.sgd, 1.0, 2, both));
        assert_invalid(ard_sgd_clip(f.sgd, 1.0, 1, &bad[i]));
    }
    assert_invalid(ard_sgd_clip(NULL, 1.0, 1, &good));
    assert_invalid(ard_sgd_clip(f.sgd, 1.0, 0, &good));
    assert_invalid(ard_sgd_clip(f.sgd, 1.0, 1, NULL));
    assert_invalid(ard_sgd_gradient_norm(NULL, &norm));
    assert_invalid(ard_sgd_gradient_norm(f.sgd, NULL));
    assert_true(norm == 3.0);
    /* All that changed nothing. */
    assert_true(found_norm(&f) == 0.625);
    assert_factor(&f, 0.5 * (1.0 - TOLERANCE), 0.5 * (1.0 + TOLERANCE));
    guarded row = guarded_create_with(*state, 1, WEIGHTS, 0, 0, (const float[WEIGHTS]){1.0f});
    assert_success(ard_parameter_update(f.parameter, NULL, NULL, NULL, &row.matrix));
    assert_invalid(ard_sgd_clip(f.sgd, 1.0, 1, &good)); /* too late */
    assert_success(ard_sgd_advance(f.sgd));
    assert_success(ard_sgd_clip(f.sgd, 1.0, 1, &good));
    assert_norm(&f, norm_of(35, values), "the next step");
    guarded_destroy(&row);
    guarded_destroy(&matrix);
    free(values);
    drop_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_norms),      cmocka_unit_test(test_large),
        cmocka_unit_test(test_factor),     cmocka_unit_test(test_zero_gradient),
        cmocka_unit_test(test_not_finite), cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
