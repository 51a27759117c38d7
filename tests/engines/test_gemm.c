/* SPDX-License-Identifier: Apache-2.0 */
/* The multiplication behind the layers: all four transpositions, sizes around tiles, offsets, wide
 * leading dimensions. */
#include "engines/gemm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/compare.h"
#include "support/cover.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

/* c of c * k * eps * sum |a||b|. */
static const double TOLERANCE = 2.0;

typedef struct problem {
    size_t m;
    size_t n;
    size_t k;
    bool a_transposed;
    bool b_transposed;
    uint64_t seed;
} problem;

static void reference_gemm(const problem *p, const float *a, const float *b, double *c,
                           double *magnitude)
{
    for (size_t i = 0; i < p->m; ++i) {
        for (size_t j = 0; j < p->n; ++j) {
            double sum = 0.0;
            double absolute = 0.0;
            for (size_t l = 0; l < p->k; ++l) {
                const double product = (double)a[p->a_transposed ? l * p->m + i : i * p->k + l] *
                                       (double)b[p->b_transposed ? j * p->k + l : l * p->n + j];
                sum += product;
                absolute += fabs(product);
            }
            c[i * p->n + j] = sum;
            magnitude[i * p->n + j] = absolute;
        }
    }
}

static void check_problem(ard_context *context, const problem *p)
{
    uint64_t random = p->seed;
    char text[96];
    snprintf(text, sizeof text, "m %zu, n %zu, k %zu%s%s", p->m, p->n, p->k,
             p->a_transposed ? ", a transposed" : "", p->b_transposed ? ", b transposed" : "");
    float *a_values = test_random_floats(p->m * p->k, p->seed + 1);
    float *b_values = test_random_floats(p->k * p->n, p->seed + 2);
    double *expected = test_alloc(p->m * p->n, sizeof *expected);
    double *magnitude = test_alloc(p->m * p->n, sizeof *magnitude);
    reference_gemm(p, a_values, b_values, expected, magnitude);
    guarded a = guarded_create_with(context, p->a_transposed ? p->k : p->m,
                                    p->a_transposed ? p->m : p->k, test_random_below(&random, 20),
                                    test_random_below(&random, 5), a_values);
    guarded b = guarded_create_with(context, p->b_transposed ? p->n : p->k,
                                    p->b_transposed ? p->k : p->n, test_random_below(&random, 20),
                                    test_random_below(&random, 5), b_values);
    guarded c = guarded_create(context, p->m, p->n, test_random_below(&random, 20),
                               test_random_below(&random, 5));
    const ard__gemm gemm = {.m = p->m,
                            .n = p->n,
                            .k = p->k,
                            .a_transposed = p->a_transposed,
                            .b_transposed = p->b_transposed,
                            .alpha = 1.0f,
                            .a = a.matrix,
                            .b = b.matrix,
                            .c = c.matrix};
    if (p->seed % 2 == 0) {
        const ard__gemm_batch one = {.first = gemm, .count = 1};
        assert_success(ard__gemm_reserve(context, &one));
    }
    assert_success(ard__gemm_run(context, &gemm));
    float *actual = guarded_read(&c, "c");
    const comparison about = {"c", text, p->m, p->n, p->seed};
    assert_close(&about, actual, expected, magnitude, TOLERANCE * (double)p->k * FLT_EPSILON);
    guarded_assert_unchanged(&a, "a");
    guarded_assert_unchanged(&b, "b");
    guarded_destroy(&a);
    guarded_destroy(&b);
    guarded_destroy(&c);
    free(a_values);
    free(b_values);
    free(expected);
    free(magnitude);
    free(actual);
}

/* All triples of the sizes up to 127, the layers' three transpositions and the fourth. */
static void test_sizes(void **state)
{
    uint64_t seed = 0;
    for (size_t m = 0; m + 1 < COVER_SIZES; ++m) {
        for (size_t n = 0; n + 1 < COVER_SIZES; ++n) {
            for (size_t k = 0; k + 1 < COVER_SIZES; ++k) {
                const problem p = {.m = cover_sizes[m],
                                   .n = cover_sizes[n],
                                   .k = cover_sizes[k],
                                   .a_transposed = seed % 4 / 2 != 0,
                                   .b_transposed = seed % 2 != 0,
                                   .seed = seed};
                check_problem(*state, &p);
                ++seed;
            }
        }
    }
}

static void test_larger(void **state)
{
    static const size_t sizes[][3] = {{784, 7, 33},   {31, 784, 61},  {1, 127, 784}, {784, 784, 1},
                                      {64, 64, 64},   {63, 65, 64},   {65, 64, 63},  {128, 256, 96},
                                      {128, 10, 512}, {129, 511, 257}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        for (size_t t = 0; t < 4; ++t) {
            const problem p = {.m = sizes[i][0],
                               .n = sizes[i][1],
                               .k = sizes[i][2],
                               .a_transposed = t / 2 != 0,
                               .b_transposed = t % 2 != 0,
                               .seed = 1000 + 4 * i + t};
            check_problem(*state, &p);
        }
    }
}

/* A workspace made for a small product grows for a large one, also with work in flight. */
static void test_growing_workspace(void **state)
{
    (void)state;
    ard_context *context = test_context_create();
    static const size_t sizes[] = {8, 40, 72, 104, 200, 168, 72, 8};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        const problem p = {.m = sizes[i], .n = sizes[i] + 1, .k = sizes[i] + 2, .seed = i};
        check_problem(context, &p);
    }
    ard_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_larger),
        cmocka_unit_test(test_growing_workspace),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
