/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/loss.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/reference.h"
#include "support/unit.h"

/* c of the tolerances: a few roundings each in the exponential (whose argument may be rounded, so
 * that its error grows with the logits), the sum and the quotient. */
static const double TOLERANCE = 8.0;

typedef struct problem {
    size_t batch;
    size_t classes;
    float spread; /* logits are uniform in +- this */
    bool in_place;
    uint64_t seed;
} problem;

static void check_gradient(const problem *p, const comparison *about, const float *actual,
                           const double *expected)
{
    /* A softmax value is at most 1, so that of one term bounds the error absolutely too. */
    const double bound =
        TOLERANCE * FLT_EPSILON * (2.0 * (double)p->spread + 2.0) / (double)p->batch;
    assert_within(about, actual, expected, bound);
}

static void check_problem(ard_context *context, const problem *p)
{
    char text[96];
    snprintf(text, sizeof text, "batch %zu, %zu classes, logits within %g", p->batch, p->classes,
             (double)p->spread);
    const size_t count = p->batch * p->classes;
    uint64_t random = p->seed;
    float *logits = test_random_floats(count, p->seed);
    int32_t *labels = test_alloc(p->batch, sizeof *labels);
    for (size_t i = 0; i < count; ++i) {
        logits[i] *= p->spread;
    }
    for (size_t i = 0; i < p->batch; ++i) {
        labels[i] = (int32_t)test_random_below(&random, p->classes);
    }
    double *logits_double = test_to_double(count, logits);
    double *expected = test_alloc(count, sizeof *expected);
    double totals[2] = {0.0, 0.0};
    reference_loss(p->batch, p->classes, logits_double, labels, expected, totals);

    const float start[2] = {3.0f, 5.0f}; /* totals are added to */
    guarded src = guarded_create_with(context, p->batch, p->classes, 5, 3, logits);
    guarded separate = guarded_create(context, p->batch, p->classes, 2, 1);
    guarded device_totals = guarded_create_with(context, 1, 2, 3, 0, start);
    ard_labels device_labels = test_labels(context, p->batch, labels, 7);
    const guarded *diff = p->in_place ? &src : &separate;
    assert_success(ard_softmax_cross_entropy(context, p->batch, p->classes, &src.matrix,
                                             &device_labels, &diff->matrix, &device_totals.matrix,
                                             NULL));
    float *got = guarded_read(diff, "diff_logits");
    float *sums = guarded_read(&device_totals, "totals");
    if (!p->in_place) {
        guarded_assert_unchanged(&src, "logits");
    }
    const comparison about = {"diff_logits", text, p->batch, p->classes, p->seed};
    check_gradient(p, &about, got, expected);
    const comparison about_totals = {"totals", text, 1, 2, p->seed};
    const double sums_expected[2] = {totals[0] + 3.0, totals[1] + 5.0};
    /* A sum of k positive terms. */
    const double sums_bound =
        TOLERANCE * FLT_EPSILON * ((double)p->batch * sums_expected[0] + (double)p->batch);
    assert_within(&about_totals, sums, sums_expected, sums_bound);
    assert_true((double)sums[1] == sums_expected[1]);

    guarded_destroy(&src);
    guarded_destroy(&separate);
    guarded_destroy(&device_totals);
    clReleaseMemObject(device_labels.buffer);
    free(logits);
    free(labels);
    free(logits_double);
    free(expected);
    free(got);
    free(sums);
}

static void test_against_reference(void **state)
{
    static const size_t batches[] = {1, 7, 31, 32, 33, 61, 127, 784};
    static const size_t classes[] = {1, 2, 7, 10, 31, 32, 33, 61, 127, 784};
    static const float spreads[] = {0.0f, 1.0f, 30.0f, 1e4f};
    uint64_t seed = 600;
    for (size_t b = 0; b < 8; ++b) {
        for (size_t c = 0; c < 10; ++c) {
            const problem p = {batches[b], classes[c], spreads[seed % 4], seed % 3 == 0, seed};
            check_problem(*state, &p);
            ++seed;
        }
    }
}

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

/* The first of equal largest logits counts as the answer. */
static void test_ties(void **state)
{
    ard_context *context = *state;
    const float logits[9] = {1, 2, 2, 2, 1, 2, 0, 0, 0};
    const int32_t labels[3] = {1, 2, 0};
    fixture f = make_fixture(context, 3, 3, logits, labels);
    assert_success(ard_softmax_cross_entropy(context, 3, 3, &f.logits.matrix, &f.labels, NULL,
                                             &f.totals.matrix, NULL));
    float *totals = guarded_read(&f.totals, "totals");
    assert_true(totals[1] == 2.0f);
    guarded_assert_unchanged(&f.diff, "diff_logits");
    free(totals);
    drop_fixture(&f);
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

static void test_label_out_of_range(void **state)
{
    ard_context *context = *state;
    static const int32_t bad[] = {-1, 3, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < 4; ++i) {
        const float logits[9] = {1, 2, 3, 4, 5, 6, 9, 8, 7};
        const int32_t labels[3] = {2, bad[i], 0};
        fixture f = make_fixture(context, 3, 3, logits, labels);
        assert_success(ard_softmax_cross_entropy(context, 3, 3, &f.logits.matrix, &f.labels,
                                                 &f.diff.matrix, &f.totals.matrix, NULL));
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
}

/* Extreme logits neither overflow nor make NaNs. */
static void test_extreme_logits(void **state)
{
    ard_context *context = *state;
    const float logits[6] = {3e38f, 0.0f, -3e38f, -3e38f, -3e38f, -3e38f};
    const int32_t labels[2] = {0, 1};
    fixture f = make_fixture(context, 2, 3, logits, labels);
    assert_success(ard_softmax_cross_entropy(context, 2, 3, &f.logits.matrix, &f.labels,
                                             &f.diff.matrix, &f.totals.matrix, NULL));
    float *totals = guarded_read(&f.totals, "totals");
    float *diff = guarded_read(&f.diff, "diff_logits");
    assert_true(fabs((double)totals[0] - log(3.0)) < 1e-5);
    const double expected[6] = {0, 0, 0, 1.0 / 6, -2.0 / 6, 1.0 / 6};
    const comparison about = {"diff_logits", "extreme logits", 2, 3, 0};
    assert_within(&about, diff, expected, 1e-6);
    free(totals);
    free(diff);
    drop_fixture(&f);
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
        cmocka_unit_test(test_against_reference),
        cmocka_unit_test(test_ties),
        cmocka_unit_test(test_totals_accumulate),
        cmocka_unit_test(test_label_out_of_range),
        cmocka_unit_test(test_extreme_logits),
        cmocka_unit_test(test_same_bits_and_event),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
