/* SPDX-License-Identifier: Apache-2.0 */
/* The loss against the reference, by the public call and by each of its kernels. */
#include <ard/loss.h>

#include <stdio.h>
#include <stdlib.h>

#include "layers/loss_internal.h"
#include "support/compare.h"
#include "support/cover.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/reference.h"
#include "support/unit.h"

/* c of the tolerances: a few roundings each in the exponential (whose argument may be rounded, so
 * that its error grows with the logits), the sum and the quotient. */
static const double TOLERANCE = 8.0;

typedef enum way { BY_CALL, BY_VECTORS, BY_LANES, WAYS } way;

typedef struct problem {
    size_t rows;
    size_t batch; /* the rows are a part of it */
    size_t classes;
    float spread; /* logits are uniform in +- this */
    bool in_place;
    uint64_t seed;
} problem;

/* What goes to the device, and what should come back. */
typedef struct values {
    float *logits;
    int32_t *labels;
    double *diff;
    double *magnitude; /* of the terms of diff */
    double totals[2];
} values;

/* Sums are taken in at least 16 parts. */
static double gradient_factor(const problem *p)
{
    return FLT_EPSILON * (TOLERANCE * (2.0 * (double)p->spread + 2.0) + (double)p->classes / 16.0);
}

static values make_values(const problem *p)
{
    const size_t count = p->rows * p->classes;
    values v = {.logits = test_random_floats(count, p->seed),
                .labels = test_alloc(p->rows, sizeof *v.labels),
                .diff = test_alloc(count, sizeof *v.diff),
                .magnitude = test_alloc(count, sizeof *v.magnitude)};
    uint64_t random = p->seed;
    for (size_t i = 0; i < count; ++i) {
        v.logits[i] *= p->spread;
    }
    for (size_t i = 0; i < p->rows; ++i) {
        v.labels[i] = (int32_t)test_random_below(&random, p->classes);
    }
    double *exact = test_to_double(count, v.logits);
    reference_loss(p->rows, p->classes, exact, v.labels, v.diff, v.totals);
    free(exact);
    const double part = (double)p->rows / (double)p->batch; /* the reference divides by its rows */
    for (size_t i = 0; i < count; ++i) {
        v.diff[i] *= part;
        /* Exponentials below the normal numbers may become zero. */
        v.magnitude[i] = v.diff[i] + (double)FLT_MIN / gradient_factor(p);
    }
    for (size_t i = 0; i < p->rows; ++i) {
        v.magnitude[i * p->classes + (size_t)v.labels[i]] += 2.0 / (double)p->batch;
    }
    return v;
}

static void drop_values(values *v)
{
    free(v->logits);
    free(v->labels);
    free(v->diff);
    free(v->magnitude);
}

static ard_status run(ard_context *context, way how, const problem *p, const ard_matrix *logits,
                      const ard_labels *labels, const ard_matrix *diff, const ard_matrix *totals)
{
    if (how == BY_CALL && p->rows == p->batch) {
        return ard_softmax_cross_entropy(context, p->rows, p->classes, logits, labels, diff, totals,
                                         NULL);
    }
    if (how == BY_CALL) {
        return ard__softmax_cross_entropy(context, p->rows, p->batch, p->classes, logits, labels,
                                          diff, totals);
    }
    return ard__softmax_cross_entropy_by(
        context, how == BY_LANES ? ARD__SOFTMAX_LANES : ARD__SOFTMAX_VECTORS, p->rows, p->batch,
        p->classes, logits, labels, diff, totals);
}

static void check_totals(const problem *p, const char *text, const float *got,
                         const double expected[2])
{
    const comparison about = {"totals", text, 1, 2, p->seed};
    /* A sum of k positive terms. */
    const double bound =
        TOLERANCE * FLT_EPSILON * ((double)p->rows * expected[0] + (double)p->rows) +
        FLT_EPSILON * (double)(p->rows * p->classes) / 16.0;
    assert_within(&about, got, expected, bound);
    assert_true((double)got[1] == expected[1]);
}

/* With a gradient, and without one. */
static void check_way(ard_context *context, way how, const problem *p, const values *v)
{
    char text[128];
    snprintf(text, sizeof text, "way %d, %zu rows of %zu, %zu classes, logits within %g", (int)how,
             p->rows, p->batch, p->classes, (double)p->spread);
    const float start[2] = {3.0f, 5.0f}; /* totals are added to */
    guarded src = guarded_create_with(context, p->rows, p->classes, 5, 3, v->logits);
    guarded separate = guarded_create(context, p->rows, p->classes, 2, 1);
    guarded totals = guarded_create_with(context, 1, 2, 3, 0, start);
    ard_labels labels = test_labels(context, p->rows, v->labels, 7);
    assert_success(run(context, how, p, &src.matrix, &labels, NULL, &totals.matrix));
    guarded_assert_unchanged(&src, "logits");
    float *sums = guarded_read(&totals, "totals");
    const double once[2] = {v->totals[0] + 3.0, v->totals[1] + 5.0};
    check_totals(p, text, sums, once);
    free(sums);

    const guarded *diff = p->in_place ? &src : &separate;
    assert_success(run(context, how, p, &src.matrix, &labels, &diff->matrix, &totals.matrix));
    float *got = guarded_read(diff, "diff_logits");
    if (!p->in_place) {
        guarded_assert_unchanged(&src, "logits");
    }
    const comparison about = {"diff_logits", text, p->rows, p->classes, p->seed};
    assert_close(&about, got, v->diff, v->magnitude, gradient_factor(p));
    sums = guarded_read(&totals, "totals");
    const double twice[2] = {2.0 * v->totals[0] + 3.0, 2.0 * v->totals[1] + 5.0};
    check_totals(p, text, sums, twice);

    guarded_destroy(&src);
    guarded_destroy(&separate);
    guarded_destroy(&totals);
    clReleaseMemObject(labels.buffer);
    free(got);
    free(sums);
}

static void check_problem(ard_context *context, const problem *p)
{
    values v = make_values(p);
    for (int how = 0; how < WAYS; ++how) {
        check_way(context, (way)how, p, &v);
    }
    drop_values(&v);
}

static const float spreads[] = {0.0f, 1.0f, 30.0f, 1e4f};

static void test_few_classes(void **state)
{
    static const size_t classes[] = {1, 2, 3, 7, 10, 15, 16, 17, 31, 32, 33, 61, 64, 65, 127, 784};
    uint64_t seed = 600;
    for (size_t r = 0; r < COVER_SIZES; ++r) {
        for (size_t c = 0; c < sizeof classes / sizeof classes[0]; ++c) {
            const size_t rows = cover_sizes[r];
            const problem p = {
                rows, rows + (seed % 2) * 37, classes[c], spreads[seed % 4], seed % 3 == 0, seed};
            check_problem(*state, &p);
            ++seed;
        }
    }
}

static void test_many_classes(void **state)
{
    static const size_t classes[] = {255, 256, 257, 1009, 4096, 10007, 33278};
    static const size_t rows[] = {1, 3, 13};
    uint64_t seed = 900;
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; ++r) {
        for (size_t c = 0; c < sizeof classes / sizeof classes[0]; ++c) {
            const problem p = {rows[r],       rows[r] + (seed % 2) * 20,
                               classes[c],    spreads[seed % 4],
                               seed % 3 == 0, seed};
            check_problem(*state, &p);
            ++seed;
        }
    }
}

/* All ways of a size share an order of adding: parts of a batch have the bits of the whole. */
static void test_parts_have_the_bits_of_the_whole(void **state)
{
    ard_context *context = *state;
    enum { ROWS = 61, FIRST = 23, CLASSES = 1009 };
    const problem whole = {ROWS, ROWS, CLASSES, 30.0f, false, 77};
    values v = make_values(&whole);
    ard_labels labels = test_labels(context, ROWS, v.labels, 0);
    for (int how = 0; how < WAYS; ++how) {
        const float zeros[2] = {0.0f, 0.0f};
        guarded src = guarded_create_with(context, ROWS, CLASSES, 0, 0, v.logits);
        guarded diffs[2] = {guarded_create(context, ROWS, CLASSES, 0, 0),
                            guarded_create(context, ROWS, CLASSES, 0, 0)};
        guarded totals = guarded_create_with(context, 1, 2, 0, 0, zeros);
        assert_success(
            run(context, (way)how, &whole, &src.matrix, &labels, &diffs[0].matrix, &totals.matrix));
        for (size_t first = 0; first < ROWS; first += FIRST) {
            problem part = whole;
            part.rows = ROWS - first < FIRST ? ROWS - first : FIRST;
            ard_matrix from = src.matrix;
            ard_matrix to = diffs[1].matrix;
            from.offset += first * CLASSES;
            to.offset += first * CLASSES;
            const ard_labels part_labels = {labels.buffer, first};
            assert_success(run(context, (way)how, &part, &from, &part_labels, &to, &totals.matrix));
        }
        float *got[2] = {guarded_read(&diffs[0], "whole"), guarded_read(&diffs[1], "parts")};
        const comparison about = {"diff_logits", "in parts", ROWS, CLASSES, whole.seed};
        assert_same_bits(&about, got[1], got[0]);
        free(got[0]);
        free(got[1]);
        guarded_destroy(&src);
        guarded_destroy(&diffs[0]);
        guarded_destroy(&diffs[1]);
        guarded_destroy(&totals);
    }
    clReleaseMemObject(labels.buffer);
    drop_values(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few_classes),
        cmocka_unit_test(test_many_classes),
        cmocka_unit_test(test_parts_have_the_bits_of_the_whole),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
