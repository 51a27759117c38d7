/* SPDX-License-Identifier: Apache-2.0 */
/* What follows a product, in one go with it and by itself, at widths that fill the strips of the
 * packed engine and that do not. */
#include "engines/gemm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "engines/engine_context.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

/* c of c * k * eps * sum |a||b|, with 3 for bias, scale and alpha added to k. */
static const double TOLERANCE = 2.0;

static const float ALPHA = -0.75f;

/* Rows, columns and the sum's length: beside blocks, strips and panels. */
static const size_t SIZES[][3] = {{1, 1, 1},      {11, 31, 7},   {12, 32, 33},    {13, 33, 1},
                                  {31, 61, 255},  {33, 64, 256}, {127, 127, 257}, {7, 784, 61},
                                  {257, 16, 513}, {784, 13, 12}, {61, 255, 784},  {6, 256, 32}};
enum { SIZE_COUNT = sizeof SIZES / sizeof SIZES[0], CHOICES = 16 };

typedef struct problem {
    size_t m, n, k;
    bool biased, relu, scaled, derived;
    float *a, *b, *bias, *reference; /* [m x k], [k x n], [1 x n], [m x n] */
    double *expected;
    double *magnitude;
} problem;

static float scale_of(const problem *p)
{
    return p->scaled ? 1.25f : 1.0f;
}

static void define(problem *p)
{
    for (size_t at = 0; at < p->m * p->n; ++at) {
        const double bias = p->biased ? p->bias[at % p->n] : 0.0;
        double sum = 0.0;
        double absolute = 0.0;
        for (size_t l = 0; l < p->k; ++l) {
            const double product = (double)p->a[at / p->n * p->k + l] * p->b[l * p->n + at % p->n];
            sum += product;
            absolute += fabs(product);
        }
        const double value = ALPHA * sum + bias;
        const bool passes = !p->derived || p->reference[at] > 0.0f;
        const double scale = passes ? scale_of(p) : 0.0;
        p->expected[at] = scale * (p->relu && value < 0.0 ? 0.0 : value);
        p->magnitude[at] = scale * (fabs((double)ALPHA) * absolute + fabs(bias));
    }
}

static problem create(const size_t size[3], size_t choice, uint64_t seed)
{
    problem p = {.m = size[0],
                 .n = size[1],
                 .k = size[2],
                 .biased = choice % 2 != 0,
                 .relu = choice / 2 % 2 != 0,
                 .scaled = choice / 4 % 2 != 0,
                 .derived = choice / 8 != 0};
    p.a = test_random_floats(p.m * p.k, seed);
    p.b = test_random_floats(p.k * p.n, seed + 1);
    p.bias = test_random_floats(p.n, seed + 2);
    p.reference = test_random_floats(p.m * p.n, seed + 3);
    p.reference[p.m * p.n / 2] = 0.0f;
    p.expected = test_alloc(p.m * p.n, sizeof *p.expected);
    p.magnitude = test_alloc(p.m * p.n, sizeof *p.magnitude);
    return p;
}

static void destroy(problem *p)
{
    free(p->a);
    free(p->b);
    free(p->bias);
    free(p->reference);
    free(p->expected);
    free(p->magnitude);
}

/* The product and what follows; new memory [m x n]. */
static float *run(ard_context *context, const problem *p, bool fused)
{
    guarded a = guarded_create_with(context, p->m, p->k, 5, 2, p->a);
    guarded b = guarded_create_with(context, p->k, p->n, 0, 3, p->b);
    guarded bias = guarded_create_with(context, 1, p->n, 11, 0, p->bias);
    guarded reference = guarded_create_with(context, p->m, p->n, 1, 2, p->reference);
    guarded c = guarded_create(context, p->m, p->n, 3, 1);
    const ard__epilogue epilogue = {.bias = p->biased ? bias.matrix : (ard_matrix){0},
                                    .relu = p->relu,
                                    .derivative_of =
                                        p->derived ? reference.matrix : (ard_matrix){0},
                                    .scale = scale_of(p)};
    const ard__gemm gemm = {.m = p->m,
                            .n = p->n,
                            .k = p->k,
                            .alpha = ALPHA,
                            .a = a.matrix,
                            .b = b.matrix,
                            .c = c.matrix,
                            .epilogue = fused ? &epilogue : NULL};
    assert_success(ard__gemm_run(context, &gemm));
    if (!fused) {
        assert_success(ard__epilogue_run(context, p->m, p->n, &epilogue, &c.matrix));
    }
    float *values = guarded_read(&c, "c");
    guarded_assert_unchanged(&a, "a");
    guarded_assert_unchanged(&b, "b");
    guarded_assert_unchanged(&bias, "bias");
    guarded_assert_unchanged(&reference, "reference");
    guarded_destroy(&a);
    guarded_destroy(&b);
    guarded_destroy(&bias);
    guarded_destroy(&reference);
    guarded_destroy(&c);
    return values;
}

static void test_fused_and_separate(void **state)
{
    ard_context *const *contexts = *state;
    for (size_t i = 0; i < SIZE_COUNT * CHOICES; ++i) {
        problem p = create(SIZES[i / CHOICES], i % CHOICES, 10 * i);
        define(&p);
        for (size_t j = 0; j < ENGINE_SETTINGS * 2; ++j) {
            char text[128];
            snprintf(text, sizeof text, "%s, %s,%s%s%s%s, k %zu", engine_setting_names[j / 2],
                     j % 2 != 0 ? "fused" : "separate", p.biased ? " bias" : "",
                     p.relu ? " relu" : "", p.scaled ? " scale" : "",
                     p.derived ? " derivative" : "", p.k);
            float *actual = run(contexts[j / 2], &p, j % 2 != 0);
            const comparison about = {"c", text, p.m, p.n, 10 * i};
            assert_close(&about, actual, p.expected, p.magnitude,
                         TOLERANCE * (double)(p.k + 3) * FLT_EPSILON);
            free(actual);
        }
        destroy(&p);
    }
}

/* NaN in a row of a, a column of b and a bias is NaN in that row and those columns behind a ReLU,
 * and nowhere else; at 70 columns in strips that are whole and in one that is not. */
static void test_nan_passes_relu(void **state)
{
    enum { M = 29, N = 70, K = 300, ROW = 14 };
    static const size_t size[3] = {M, N, K};
    ard_context *const *contexts = *state;
    problem p = create(size, CHOICES / 2 - 1, 7);
    p.a[ROW * K + K - 1] = NAN;
    p.b[5 * N + 3] = NAN;
    p.b[5 * N + 69] = NAN;
    p.bias[20] = NAN;
    p.bias[66] = NAN;
    for (size_t j = 0; j < ENGINE_SETTINGS * 2; ++j) {
        float *actual = run(contexts[j / 2], &p, j % 2 != 0);
        for (size_t at = 0; at < (size_t)M * N; ++at) {
            const size_t col = at % N;
            const bool expected = at / N == ROW || col == 3 || col == 69 || col == 20 || col == 66;
            if ((isnan(actual[at]) != 0) != expected) {
                fail_msg("%s, %s: (%zu, %zu) is %g", engine_setting_names[j / 2],
                         j % 2 != 0 ? "fused" : "separate", at / N, col, (double)actual[at]);
            }
        }
        free(actual);
    }
    destroy(&p);
}

/* NaN passes where the reference is above 0 and is 0 elsewhere, and a reference that is NaN lets
 * nothing pass. */
static void test_nan_and_derivative(void **state)
{
    enum { M = 13, N = 70, K = 5 };
    static const size_t size[3] = {M, N, K};
    ard_context *const *contexts = *state;
    problem p = create(size, CHOICES / 2, 9);
    p.a[4 * K] = NAN;
    p.b[37] = NAN;
    p.b[69] = NAN;
    p.reference[7 * N + 37] = NAN;
    p.reference[8 * N + 1] = NAN;
    p.reference[8 * N + 69] = NAN;
    for (size_t j = 0; j < ENGINE_SETTINGS * 2; ++j) {
        float *actual = run(contexts[j / 2], &p, j % 2 != 0);
        for (size_t at = 0; at < (size_t)M * N; ++at) {
            const bool spoiled = at / N == 4 || at % N == 37 || at % N == 69;
            const bool passes = p.reference[at] > 0.0f;
            const bool right = !passes ? actual[at] == 0.0f : (isnan(actual[at]) != 0) == spoiled;
            if (!right) {
                fail_msg("%s, %s: (%zu, %zu) is %g", engine_setting_names[j / 2],
                         j % 2 != 0 ? "fused" : "separate", at / N, at % N, (double)actual[at]);
            }
        }
        free(actual);
    }
    destroy(&p);
}

static int set_up(void **state)
{
    static ard_context *contexts[ENGINE_SETTINGS];
    for (size_t i = 0; i < ENGINE_SETTINGS; ++i) {
        contexts[i] = engine_context_create(i);
    }
    *state = contexts;
    return 0;
}

static int tear_down(void **state)
{
    ard_context *const *contexts = *state;
    for (size_t i = 0; i < ENGINE_SETTINGS; ++i) {
        ard_context_destroy(contexts[i]);
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fused_and_separate),
        cmocka_unit_test(test_nan_passes_relu),
        cmocka_unit_test(test_nan_and_derivative),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
