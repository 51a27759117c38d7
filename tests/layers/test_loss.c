/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/loss.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "layers/loss_internal.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

/* A small fixed problem on its own matrices. */
typedef struct fixture {
    guarded logits;
    guarded diff;
    guarded totals;
    ard_labels labels;
} fixture;

static fixture make_fixture(ard_context *context, size_t batch, size_t classes, const float *logits,
                            const int32_t *labels)
{
    const float zeros[2] = {0.0f, 0.0f};
    return (fixture){.logits = guarded_create_with(context, batch, classes, 0, 0, logits),
                     .diff = guarded_create(context, batch, classes, 0, 0),
                     .totals = guarded_create_with(context, 1, 2, 0, 0, zeros),
                     .labels = test_labels(context, batch, labels, 0)};
}

static void drop_fixture(fixture *f)
{
    guarded_destroy(&f->logits);
    guarded_destroy(&f->diff);
    guarded_destroy(&f->totals);
    clReleaseMemObject(f->labels.buffer);
}

static const ard__softmax_kernel kernels[] = {ARD__SOFTMAX_VECTORS, ARD__SOFTMAX_LANES};
enum { KERNELS = sizeof kernels / sizeof kernels[0] };

/* The loss of a fixture by one of the kernels; `diff` may be NULL. */
static void run_kernel(ard_context *context, size_t kernel, const fixture *f,
                       const ard_matrix *diff)
{
    const size_t rows = f->logits.rows;
    assert_success(ard__softmax_cross_entropy_by(context, kernels[kernel], rows, rows,
                                                 f->logits.cols, &f->logits.matrix, &f->labels,
                                                 diff, &f->totals.matrix));
}

/* The first of equal largest logits counts as the answer. */
static void test_ties(void **state)
{
    ard_context *context = *state;
    const float logits[9] = {1, 2, 2, 2, 1, 2, 0, 0, 0};
    const int32_t labels[3] = {1, 2, 0};
    for (size_t k = 0; k < KERNELS; ++k) {
        fixture f = make_fixture(context, 3, 3, logits, labels);
        run_kernel(context, k, &f, NULL);
        float *totals = guarded_read(&f.totals, "totals");
        assert_true(totals[1] == 2.0f);
        guarded_assert_unchanged(&f.diff, "diff_logits");
        free(totals);
        drop_fixture(&f);
    }
}

/* In a long row, whose parts are looked at side by side: of two equal ones the second never counts,
 * the first always. */
static void test_ties_of_long_rows(void **state)
{
    ard_context *context = *state;
    enum { CLASSES = 331, ROWS = 2 * 60 };
    uint64_t random = 9;
    float *logits = test_random_floats((size_t)ROWS * CLASSES, 12);
    int32_t labels[ROWS];
    for (size_t i = 0; i < ROWS; i += 2) {
        const size_t second = 1 + test_random_below(&random, CLASSES - 1);
        const size_t first = test_random_below(&random, second);
        for (size_t row = i; row < i + 2; ++row) {
            logits[row * CLASSES + first] = 2.5f;
            logits[row * CLASSES + second] = 2.5f;
        }
        labels[i] = (int32_t)first;
        labels[i + 1] = (int32_t)second;
    }
    for (size_t k = 0; k < KERNELS; ++k) {
        for (size_t row = 0; row < ROWS; ++row) {
            fixture f = make_fixture(context, 1, CLASSES, logits + row * CLASSES, labels + row);
            run_kernel(context, k, &f, NULL);
            float *totals = guarded_read(&f.totals, "totals");
            assert_true(totals[1] == (row % 2 == 0 ? 1.0f : 0.0f));
            free(totals);
            drop_fixture(&f);
        }
    }
    free(logits);
}

static void test_totals_accumulate(void **state)
{
    ard_context *context = *state;
    const float logits[4] = {0, 0, 0, 0};
    const int32_t labels[2] = {0, 1};
    fixture f = make_fixture(context, 2, 2, logits, labels);
    for (int i = 0; i < 3; ++i) {
        assert_success(ard_softmax_cross_entropy(context, 2, 2, &f.logits.matrix, &f.labels,
                                                 &f.diff.matrix, &f.totals.matrix, NULL));
    }
    float *totals = guarded_read(&f.totals, "totals");
    assert_true(fabs((double)totals[0] - 6.0 * log(2.0)) < 1e-5);
    assert_true(totals[1] == 3.0f);
    free(totals);
    drop_fixture(&f);
}

static void check_bad_label(ard_context *context, size_t kernel, int32_t bad)
{
    const float logits[9] = {1, 2, 3, 4, 5, 6, 9, 8, 7};
    const int32_t labels[3] = {2, bad, 0};
    fixture f = make_fixture(context, 3, 3, logits, labels);
    run_kernel(context, kernel, &f, &f.diff.matrix);
    float *totals = guarded_read(&f.totals, "totals");
    float *diff = guarded_read(&f.diff, "diff_logits");
    assert_true(isnan(totals[0]));
    assert_true(totals[1] == 2.0f);
    for (size_t j = 3; j < 6; ++j) {
        assert_true(diff[j] == 0.0f);
    }
    assert_true(diff[0] > 0.0f && diff[2] < 0.0f && diff[6] < 0.0f);
    free(totals);
    free(diff);
    drop_fixture(&f);
}

static void test_label_out_of_range(void **state)
{
    static const int32_t bad[] = {-1, 3, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < 4; ++i) {
        for (size_t k = 0; k < KERNELS; ++k) {
            check_bad_label(*state, k, bad[i]);
        }
    }
}

/* Extreme logits neither overflow nor make NaNs. */
static void test_extreme_logits(void **state)
{
    ard_context *context = *state;
    const float logits[9] = {3e38f,  0.0f,   -3e38f,    -3e38f, -3e38f,
                             -3e38f, 700.0f, -INFINITY, 700.0f};
    const int32_t labels[3] = {0, 1, 2};
    const double expected[9] = {0, 0, 0, 1.0 / 9, -2.0 / 9, 1.0 / 9, 1.0 / 6, 0, -1.0 / 6};
    for (size_t k = 0; k < KERNELS; ++k) {
        fixture f = make_fixture(context, 3, 3, logits, labels);
        run_kernel(context, k, &f, &f.diff.matrix);
        float *totals = guarded_read(&f.totals, "totals");
        float *diff = guarded_read(&f.diff, "diff_logits");
        assert_true(fabs((double)totals[0] - log(3.0) - log(2.0)) < 1e-5);
        assert_true(totals[1] == 1.0f);
        const comparison about = {"diff_logits", "extreme logits", 3, 3, 0};
        assert_within(&about, diff, expected, 1e-6);
        free(totals);
        free(diff);
        drop_fixture(&f);
    }
}

/* A row of three with the logit at `at` replaced: the middle one's loss is NaN and its gradient has
 * nothing but NaNs, however long it is and wherever the logit; its neighbours have theirs. */
static void check_broken_row(ard_context *context, size_t kernel, size_t classes, size_t at,
                             float broken)
{
    float *logits = test_random_floats(3 * classes, at);
    logits[classes + at] = broken;
    const int32_t labels[3] = {0, (int32_t)at, 0};
    fixture f = make_fixture(context, 3, classes, logits, labels);
    run_kernel(context, kernel, &f, &f.diff.matrix);
    float *totals = guarded_read(&f.totals, "totals");
    float *diff = guarded_read(&f.diff, "diff_logits");
    assert_true(isnan(totals[0]));
    assert_true(totals[1] <= 2.0f);
    for (size_t j = 0; j < classes; ++j) {
        assert_true(isfinite(diff[j]) && isnan(diff[classes + j]));
        assert_true(isfinite(diff[2 * classes + j]));
    }
    free(totals);
    free(diff);
    free(logits);
    drop_fixture(&f);
}

static void test_logits_that_are_no_numbers(void **state)
{
    static const size_t classes[] = {1, 3, 16, 53, 331};
    static const float broken[] = {NAN, INFINITY};
    for (size_t c = 0; c < 5; ++c) {
        const size_t places[3] = {0, classes[c] / 2, classes[c] - 1};
        for (size_t i = 0; i < 3 * 2 * KERNELS; ++i) {
            check_broken_row(*state, i % KERNELS, classes[c], places[i / KERNELS % 3],
                             broken[i / KERNELS / 3]);
        }
    }
}

/* Nothing but -inf has no softmax; a label at -inf has an infinite loss. */
static void test_minus_infinity(void **state)
{
    ard_context *context = *state;
    const float logits[6] = {-INFINITY, -INFINITY, -INFINITY, 0.0f, -INFINITY, 0.0f};
    const int32_t labels[2] = {0, 1};
    for (size_t k = 0; k < KERNELS; ++k) {
        for (size_t row = 0; row < 2; ++row) {
            fixture f = make_fixture(context, 1, 3, logits + 3 * row, labels + row);
            run_kernel(context, k, &f, &f.diff.matrix);
            float *totals = guarded_read(&f.totals, "totals");
            float *diff = guarded_read(&f.diff, "diff_logits");
            assert_true(row == 0 ? isnan(totals[0]) : isinf(totals[0]));
            assert_true(totals[1] == 0.0f);
            assert_true(row == 0 ? isnan(diff[1]) : diff[0] == 0.5f && diff[1] == -1.0f);
            free(totals);
            free(diff);
            drop_fixture(&f);
        }
    }
}

static void test_same_bits_and_event(void **state)
{
    ard_context *context = *state;
    enum { BATCH = 784, CLASSES = 10 };
    float *logits = test_random_floats((size_t)BATCH * CLASSES, 3);
    int32_t *labels = test_alloc(BATCH, sizeof *labels);
    float *totals[2];
    for (size_t i = 0; i < 2; ++i) {
        fixture f = make_fixture(context, BATCH, CLASSES, logits, labels);
        cl_event event = NULL;
        assert_success(ard_softmax_cross_entropy(context, BATCH, CLASSES, &f.logits.matrix,
                                                 &f.labels, &f.diff.matrix, &f.totals.matrix,
                                                 &event));
        assert_non_null(event);
        assert_int_equal(clWaitForEvents(1, &event), CL_SUCCESS);
        clReleaseEvent(event);
        totals[i] = guarded_read(&f.totals, "totals");
        drop_fixture(&f);
    }
    assert_memory_equal(totals[0], totals[1], 2 * sizeof(float));
    free(totals[0]);
    free(totals[1]);
    free(logits);
    free(labels);
}

static void test_errors(void **state)
{
    ard_context *context = *state;
    const float logits[6] = {0};
    const int32_t labels[2] = {0};
    fixture f = make_fixture(context, 2, 3, logits, labels);
    const ard_matrix *l = &f.logits.matrix;
    const ard_matrix *d = &f.diff.matrix;
    const ard_matrix *t = &f.totals.matrix;
    assert_invalid(ard_softmax_cross_entropy(NULL, 2, 3, l, &f.labels, d, t, NULL));
    assert_invalid(ard_softmax_cross_entropy(context, 0, 3, l, &f.labels, d, t, NULL));
    assert_invalid(ard_softmax_cross_entropy(context, 2, 0, l, &f.labels, d, t, NULL));
    assert_invalid(ard_softmax_cross_entropy(context, SIZE_MAX, 3, l, &f.labels, d, t, NULL));
    assert_invalid(ard_softmax_cross_entropy(context, 2, SIZE_MAX, l, &f.labels, d, t, NULL));
    assert_invalid(ard_softmax_cross_entropy(context, 2, 3, NULL, &f.labels, d, t, NULL));
    assert_invalid(ard_softmax_cross_entropy(context, 2, 3, l, NULL, d, t, NULL));
    assert_invalid(ard_softmax_cross_entropy(context, 2, 3, l, &f.labels, d, NULL, NULL));
    const ard_matrix narrow = {f.diff.matrix.buffer, 0, 2};
    const ard_matrix beyond = {f.diff.matrix.buffer, f.diff.elements - 5, 3};
    const ard_matrix no_totals = {f.totals.matrix.buffer, f.totals.elements - 1, 2};
    const ard_labels none = {NULL, 0};
    const ard_labels far = {f.labels.buffer, SIZE_MAX - 1};
    assert_invalid(ard_softmax_cross_entropy(context, 2, 3, &narrow, &f.labels, d, t, NULL));
    assert_invalid(ard_softmax_cross_entropy(context, 2, 3, &beyond, &f.labels, d, t, NULL));
    assert_invalid(ard_softmax_cross_entropy(context, 2, 3, l, &f.labels, &narrow, t, NULL));
    assert_invalid(ard_softmax_cross_entropy(context, 2, 3, l, &f.labels, &beyond, t, NULL));
    assert_invalid(ard_softmax_cross_entropy(context, 2, 3, l, &f.labels, d, &no_totals, NULL));
    assert_invalid(ard_softmax_cross_entropy(context, 2, 3, l, &none, d, t, NULL));
    assert_invalid(ard_softmax_cross_entropy(context, 2, 3, l, &far, d, t, NULL));
    guarded_assert_unchanged(&f.diff, "diff_logits of a refused call");
    guarded_assert_unchanged(&f.totals, "totals of a refused call");
    drop_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ties),
        cmocka_unit_test(test_ties_of_long_rows),
        cmocka_unit_test(test_totals_accumulate),
        cmocka_unit_test(test_label_out_of_range),
        cmocka_unit_test(test_extreme_logits),
        cmocka_unit_test(test_logits_that_are_no_numbers),
        cmocka_unit_test(test_minus_infinity),
        cmocka_unit_test(test_same_bits_and_event),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
