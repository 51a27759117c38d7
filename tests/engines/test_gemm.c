/* SPDX-License-Identifier: Apache-2.0 */
/* The multiplication behind the layers, by every engine: all four transpositions, sizes around
 * blocks, offsets, wide leading dimensions, what follows a sum, matrices prepared for several
 * products, and batches. */
#include "engines/gemm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engines/engine_context.h"
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

/* What follows a product, drawn from the problem's seed. */
typedef struct after {
    float alpha;
    bool wanted;
    bool biased;
    bool relu;
    float scale;
} after;

static after after_of(const problem *p)
{
    static const float alphas[] = {1.0f, 1.0f, 2.0f, -0.5f};
    uint64_t random = p->seed + 77;
    return (after){.alpha = alphas[test_random_below(&random, 4)],
                   .wanted = test_random_below(&random, 2) > 0,
                   .biased = test_random_below(&random, 2) > 0,
                   .relu = test_random_below(&random, 2) > 0,
                   .scale = test_random_below(&random, 2) > 0 ? 1.0f : 1.25f};
}

static void finish(const problem *p, const float *bias, double *c, double *magnitude)
{
    const after a = after_of(p);
    for (size_t at = 0; at < p->m * p->n; ++at) {
        c[at] *= (double)a.alpha;
        magnitude[at] *= fabs((double)a.alpha);
        if (!a.wanted) {
            continue;
        }
        const double added = a.biased ? (double)bias[at % p->n] : 0.0;
        c[at] = (double)a.scale * (a.relu ? fmax(c[at] + added, 0.0) : c[at] + added);
        magnitude[at] = (double)a.scale * (magnitude[at] + fabs(added));
    }
}

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

/* Most products that can share their b have it prepared. */
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
    float *bias_values = test_random_floats(p->n, p->seed + 3);
    reference_gemm(p, a_values, b_values, expected, magnitude);
    finish(p, bias_values, expected, magnitude);
    const after follows = after_of(p);
    guarded a = guarded_create_with(context, p->a_transposed ? p->k : p->m,
                                    p->a_transposed ? p->m : p->k, test_random_below(&random, 20),
                                    test_random_below(&random, 5), a_values);
    guarded b = guarded_create_with(context, p->b_transposed ? p->n : p->k,
                                    p->b_transposed ? p->k : p->n, test_random_below(&random, 20),
                                    test_random_below(&random, 5), b_values);
    guarded c = guarded_create(context, p->m, p->n, test_random_below(&random, 20),
                               test_random_below(&random, 5));
    guarded bias =
        guarded_create_with(context, 1, p->n, test_random_below(&random, 20), 0, bias_values);
    const ard__epilogue epilogue = {.bias = follows.biased ? bias.matrix : (ard_matrix){0},
                                    .relu = follows.relu,
                                    .scale = follows.scale};
    ard__gemm gemm = {.m = p->m,
                      .n = p->n,
                      .k = p->k,
                      .a_transposed = p->a_transposed,
                      .b_transposed = p->b_transposed,
                      .alpha = follows.alpha,
                      .a = a.matrix,
                      .b = b.matrix,
                      .c = c.matrix,
                      .epilogue = follows.wanted ? &epilogue : NULL};
    if (p->seed % 2 == 0) {
        const ard__gemm_batch one = {.first = gemm, .count = 1};
        assert_success(ard__gemm_reserve(context, &one));
    }
    ard__scratch room = {0};
    if (!p->a_transposed && !follows.wanted && p->seed % 3 > 0) {
        assert_success(ard__gemm_prepare(context, &gemm, &room));
    }
    assert_success(ard__gemm_run(context, &gemm));
    ard__scratch_release(&room);
    float *actual = guarded_read(&c, "c");
    const comparison about = {"c", text, p->m, p->n, p->seed};
    assert_close(&about, actual, expected, magnitude, TOLERANCE * (double)(p->k + 3) * FLT_EPSILON);
    guarded_assert_unchanged(&a, "a");
    guarded_assert_unchanged(&b, "b");
    guarded_assert_unchanged(&bias, "bias");
    guarded_destroy(&a);
    guarded_destroy(&b);
    guarded_destroy(&c);
    guarded_destroy(&bias);
    free(bias_values);
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
    static const size_t sizes[][3] = {
        {784, 7, 33},  {31, 784, 61}, {1, 127, 784},  {784, 784, 1},  {64, 64, 64},
        {63, 65, 64},  {65, 64, 63},  {128, 256, 96}, {128, 10, 512}, {129, 511, 257},
        {12, 32, 256}, {13, 33, 255}, {11, 31, 257},  {25, 95, 513}};
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
    ard_context *context = *state;
    static const size_t sizes[] = {8, 40, 72, 104, 200, 168, 72, 8};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        const problem p = {.m = sizes[i], .n = sizes[i] + 1, .k = sizes[i] + 2, .seed = i};
        check_problem(context, &p);
    }
}

/* Products of one shape in one batch, with gaps between them: each as it is by itself. */
static void test_batch(void **state)
{
    enum { M = 33, N = 61, K = 31, COUNT = 3, GAP = 7 };
    ard_context *context = *state;
    float *a_values = test_random_floats((size_t)COUNT * (M + GAP) * K, 1);
    float *b_values = test_random_floats((size_t)COUNT * (N + GAP) * K, 2);
    guarded a = guarded_create_with(context, COUNT * (M + GAP), K, 3, 2, a_values);
    guarded b = guarded_create_with(context, COUNT * (N + GAP), K, 1, 0, b_values);
    guarded c = guarded_create(context, COUNT * (M + GAP), N, 5, 4);
    const ard__gemm_batch batch = {.first = {.m = M,
                                             .n = N,
                                             .k = K,
                                             .b_transposed = true,
                                             .alpha = 0.75f,
                                             .a = a.matrix,
                                             .b = b.matrix,
                                             .c = c.matrix},
                                   .count = COUNT,
                                   .a_stride = (M + GAP) * a.matrix.ld,
                                   .b_stride = (N + GAP) * b.matrix.ld,
                                   .c_stride = (M + GAP) * c.matrix.ld};
    assert_success(ard__gemm_run_batch(context, &batch));
    float *all = guarded_read(&c, "c");
    for (size_t q = 0; q < COUNT; ++q) {
        const problem p = {.m = M, .n = N, .k = K, .b_transposed = true, .seed = q};
        double expected[M * N];
        double magnitude[M * N];
        reference_gemm(&p, a_values + q * (M + GAP) * K, b_values + q * (N + GAP) * K, expected,
                       magnitude);
        for (size_t at = 0; at < (size_t)M * N; ++at) {
            expected[at] *= 0.75;
        }
        const comparison about = {"c", "a batch", M, N, q};
        assert_close(&about, all + q * (M + GAP) * N, expected, magnitude,
                     TOLERANCE * K * FLT_EPSILON);
        const float canary = test_canary();
        for (size_t at = 0; at < (size_t)GAP * N; ++at) { /* between the products */
            assert_memory_equal(all + (q * (M + GAP) + M) * N + at, &canary, sizeof canary);
        }
    }
    guarded_assert_unchanged(&a, "a");
    guarded_assert_unchanged(&b, "b");
    free(all);
    free(a_values);
    free(b_values);
    guarded_destroy(&a);
    guarded_destroy(&b);
    guarded_destroy(&c);
}

/* A sum that is not a number stays none behind a ReLU. */
static void test_nan_passes_relu(void **state)
{
    ard_context *context = *state;
    const float nan_values[2] = {NAN, 1.0f};
    guarded a = guarded_create_with(context, 2, 1, 0, 0, nan_values);
    const float one = 1.0f;
    guarded b = guarded_create_with(context, 1, 1, 0, 0, &one);
    guarded c = guarded_create(context, 2, 1, 0, 0);
    const ard__epilogue epilogue = {.relu = true, .scale = 2.0f};
    const ard__gemm gemm = {.m = 2,
                            .n = 1,
                            .k = 1,
                            .alpha = 1.0f,
                            .a = a.matrix,
                            .b = b.matrix,
                            .c = c.matrix,
                            .epilogue = &epilogue};
    assert_success(ard__gemm_run(context, &gemm));
    float *got = guarded_read(&c, "c");
    assert_true(isnan(got[0]));
    assert_true(got[1] == 2.0f);
    free(got);
    guarded_destroy(&a);
    guarded_destroy(&b);
    guarded_destroy(&c);
}

/* Blocks of as many sums as registers hold, and more. Those of the most floats compile for half a
 * minute each: they are for full runs. */
static void test_block_sizes(void **state)
{
    static const ard_packed_parameters blocks[] = {
        {.vector_width = 16, .vectors = 1, .rows = 14, .depth = 64},
        {.vector_width = 4, .vectors = 8, .rows = 5, .depth = 192},
        {.vector_width = 16, .vectors = 3, .rows = 10, .depth = 64},
        {.vector_width = 8, .vectors = 4, .rows = 8, .depth = 192},
    };
    const size_t count = cover_wanted() == COVER_PAIRWISE ? 2 : sizeof blocks / sizeof blocks[0];
    for (size_t i = 0; i < count; ++i) {
        ard_tuning tuning = *ard_context_tuning(*state);
        ard_context *context = NULL;
        tuning.packed = blocks[i];
        assert_success(
            ard_context_create(NULL, &(ard_context_options){.tuning = &tuning}, &context));
        for (uint64_t seed = 0; seed < 8; ++seed) {
            const problem p = {.m = 29 - seed,
                               .n = 93 + 7 * seed,
                               .k = 70,
                               .a_transposed = seed % 4 / 2 != 0,
                               .b_transposed = seed % 2 != 0,
                               .seed = 2000 + seed};
            check_problem(context, &p);
        }
        ard_context_destroy(context);
    }
}

static int set_up_packed(void **state)
{
    *state = engine_context_create(0);
    return 0;
}

static int set_up_packed_8(void **state)
{
    *state = engine_context_create(1);
    return 0;
}

static int set_up_packed_4(void **state)
{
    *state = engine_context_create(2);
    return 0;
}

static int set_up_clblast(void **state)
{
    *state = engine_context_create(3);
    return 0;
}

static int set_up_clblast_strided(void **state)
{
    *state = engine_context_create(4);
    return 0;
}

static int set_up_reference(void **state)
{
    *state = engine_context_create(5);
    return 0;
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_larger),
        cmocka_unit_test(test_growing_workspace),
        cmocka_unit_test(test_batch),
        cmocka_unit_test(test_nan_passes_relu),
    };
    const struct CMUnitTest blocks[] = {
        cmocka_unit_test(test_block_sizes),
    };
    const struct CMUnitTest batch[] = {
        cmocka_unit_test(test_batch),
    };
    return cmocka_run_group_tests_name("packed", all, set_up_packed, test_context_teardown) +
           cmocka_run_group_tests_name("packed, vectors of 8", all, set_up_packed_8,
                                       test_context_teardown) +
           cmocka_run_group_tests_name("packed, vectors of 4", all, set_up_packed_4,
                                       test_context_teardown) +
           cmocka_run_group_tests_name("packed, blocks", blocks, set_up_packed,
                                       test_context_teardown) +
           cmocka_run_group_tests_name("clblast", all, set_up_clblast, test_context_teardown) +
           cmocka_run_group_tests_name("reference", all, set_up_reference, test_context_teardown) +
           cmocka_run_group_tests_name("clblast, strided", batch, set_up_clblast_strided,
                                       test_context_teardown);
}
