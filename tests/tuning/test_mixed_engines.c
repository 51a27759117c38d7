/* SPDX-License-Identifier: Apache-2.0 */
/* Both engines in one context: each product goes where the tuning says, and is right. */
#include <ard/tuning.h>

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ard/profile.h>

#include "device/context_internal.h"
#include "engines/gemm.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

/* c of c * k * eps * sum |a||b|. */
static const double TOLERANCE = 2.0;

/* Small products and transposed ones to CLBlast, large ones to packed. */
static ard_tuning make_tuning(void)
{
    ard_device_info device;
    ard_tuning tuning;
    assert_success(ard_device_find(NULL, &device));
    assert_success(ard_tuning_shipped(&device, &tuning));
    snprintf(tuning.name, sizeof tuning.name, "mixed");
    tuning.choice_count = 4;
    tuning.choices[0] = (ard_engine_choice){16, 16, 16, false, true, ARD_ENGINE_CLBLAST};
    tuning.choices[1] = (ard_engine_choice){128, 128, 128, false, true, ARD_ENGINE_PACKED};
    tuning.choices[2] = (ard_engine_choice){100, 100, 100, true, false, ARD_ENGINE_CLBLAST};
    tuning.choices[3] = (ard_engine_choice){100, 100, 100, false, false, ARD_ENGINE_PACKED};
    return tuning;
}

static ard_context *create(const ard_tuning *tuning)
{
    const ard_context_options options = {.profiling = true, .tuning = tuning};
    ard_context *context = NULL;
    assert_success(ard_context_create(NULL, &options, &context));
    return context;
}

typedef struct problem {
    size_t m, n, k;
    bool a_transposed, b_transposed;
    uint64_t seed;
} problem;

static const problem PROBLEMS[] = {
    {7, 13, 5, false, true, 1},      {31, 33, 61, false, true, 2},  {127, 61, 257, false, true, 3},
    {12, 9, 10, false, true, 4},     {128, 33, 96, true, false, 5}, {61, 127, 33, false, false, 6},
    {33, 61, 127, true, true, 7},    {1, 1, 1, false, true, 8},     {129, 64, 300, false, false, 9},
    {200, 100, 50, false, true, 10}, {16, 16, 16, true, false, 11}};
enum { PROBLEM_COUNT = sizeof PROBLEMS / sizeof PROBLEMS[0] };

/* The engine that multiplied between ard_profile_start and here, in one launch. */
static ard_engine engine_seen(ard_context *context)
{
    ard_profile_entry entries[ARD_PROFILE_MOST_ENTRIES];
    size_t count = 0;
    size_t seen[2] = {0, 0};
    assert_success(ard_profile_stop(context, entries, ARD_PROFILE_MOST_ENTRIES, &count));
    for (size_t i = 0; i < count; ++i) {
        seen[ARD_ENGINE_CLBLAST] += strcmp(entries[i].name, "clblast") == 0;
        seen[ARD_ENGINE_PACKED] += strcmp(entries[i].name, "ard_multiply") == 0;
    }
    assert_int_equal(seen[0] + seen[1], 1);
    return seen[ARD_ENGINE_PACKED] > 0 ? ARD_ENGINE_PACKED : ARD_ENGINE_CLBLAST;
}

static void compare(const problem *p, const float *a, const float *b, const float *actual)
{
    double *expected = test_alloc(p->m * p->n, sizeof *expected);
    double *magnitude = test_alloc(p->m * p->n, sizeof *magnitude);
    for (size_t at = 0; at < p->m * p->n; ++at) {
        const size_t i = at / p->n;
        const size_t j = at % p->n;
        for (size_t l = 0; l < p->k; ++l) {
            const double product = (double)a[p->a_transposed ? l * p->m + i : i * p->k + l] *
                                   (double)b[p->b_transposed ? j * p->k + l : l * p->n + j];
            expected[at] += product;
            magnitude[at] += fabs(product);
        }
    }
    char text[64];
    snprintf(text, sizeof text, "k %zu, transposed %d %d", p->k, p->a_transposed, p->b_transposed);
    const comparison about = {"c", text, p->m, p->n, p->seed};
    assert_close(&about, actual, expected, magnitude, TOLERANCE * (double)p->k * FLT_EPSILON);
    free(expected);
    free(magnitude);
}

/* Multiplies and compares; the engine that did it. */
static ard_engine run(ard_context *context, const problem *p)
{
    float *a_values = test_random_floats(p->m * p->k, p->seed);
    float *b_values = test_random_floats(p->k * p->n, p->seed + 100);
    guarded a = guarded_create_with(context, p->a_transposed ? p->k : p->m,
                                    p->a_transposed ? p->m : p->k, 3, 2, a_values);
    guarded b = guarded_create_with(context, p->b_transposed ? p->n : p->k,
                                    p->b_transposed ? p->k : p->n, 1, 5, b_values);
    guarded c = guarded_create(context, p->m, p->n, 7, 1);
    const ard__gemm gemm = {.m = p->m,
                            .n = p->n,
                            .k = p->k,
                            .a_transposed = p->a_transposed,
                            .b_transposed = p->b_transposed,
                            .alpha = 1.0f,
                            .a = a.matrix,
                            .b = b.matrix,
                            .c = c.matrix};
    assert_success(ard_profile_start(context));
    assert_success(ard__gemm_run(context, &gemm));
    const ard_engine engine = engine_seen(context);
    float *actual = guarded_read(&c, "c");
    compare(p, a_values, b_values, actual);
    guarded_assert_unchanged(&a, "a");
    guarded_assert_unchanged(&b, "b");
    guarded_destroy(&a);
    guarded_destroy(&b);
    guarded_destroy(&c);
    free(actual);
    free(a_values);
    free(b_values);
    return engine;
}

static void test_both(void **state)
{
    (void)state;
    const ard_tuning tuning = make_tuning();
    ard_context *context = create(&tuning);
    size_t seen[2] = {0, 0};
    assert_string_equal(ard_context_engine(context), "packed and clblast");
    for (size_t i = 0; i < PROBLEM_COUNT; ++i) {
        const problem *p = &PROBLEMS[i];
        const ard_engine engine = run(context, p);
        assert_int_equal(
            engine, ard_tuning_engine(&tuning, p->m, p->n, p->k, p->a_transposed, p->b_transposed));
        ++seen[engine];
    }
    assert_true(seen[0] >= 3 && seen[1] >= 3);
    ard_context_destroy(context);
}

/* ARD_ENGINE decides for all of them. */
static void test_forced(void **state)
{
    (void)state;
    static const char *const names[] = {"clblast", "packed"};
    const ard_tuning tuning = make_tuning();
    for (int forced = 0; forced < 2; ++forced) {
        assert_int_equal(setenv("ARD_ENGINE", names[forced], 1), 0);
        ard_context *context = create(&tuning);
        assert_int_equal(unsetenv("ARD_ENGINE"), 0);
        for (size_t i = 0; i < PROBLEM_COUNT; ++i) {
            assert_int_equal(run(context, &PROBLEMS[i]), forced);
        }
        ard_context_destroy(context);
    }
}

/* CLBlast's kernel with packed operands from such products on; below it needs no workspace. */
static void set_threshold(ard_tuning *tuning, size_t threshold)
{
    tuning->clblast_count = 1;
    tuning->clblast[0] = (ard_clblast_kernel){.name = "GemmRoutine",
                                              .count = 1,
                                              .parameters = {"XGEMM_MIN_INDIRECT_SIZE"},
                                              .values = {threshold}};
}

/* Room for a large product is room for smaller ones, also where those go to the other engine, which
 * alone needs any. */
static void test_reserve(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; ++i) {
        ard_tuning tuning = make_tuning();
        const bool swapped = i / 2 != 0;
        set_threshold(&tuning, i % 2 != 0 ? 1 : 100000);
        tuning.choices[0].engine = swapped ? ARD_ENGINE_PACKED : ARD_ENGINE_CLBLAST;
        tuning.choices[1].engine = swapped ? ARD_ENGINE_CLBLAST : ARD_ENGINE_PACKED;
        ard_context *context = create(&tuning);
        guarded any = guarded_create(context, 130, 310, 0, 0);
        const ard__gemm_batch batch = {.first = {.m = 129,
                                                 .n = 127,
                                                 .k = 300,
                                                 .b_transposed = true,
                                                 .a = any.matrix,
                                                 .b = any.matrix,
                                                 .c = any.matrix},
                                       .count = 1};
        assert_success(ard__gemm_reserve(context, &batch));
        const size_t reserved = context->gemm.bytes;
        assert_true(reserved > 0);
        for (size_t j = 0; j < 4; ++j) {
            (void)run(context, &PROBLEMS[j]);
        }
        assert_int_equal(context->gemm.bytes, reserved);
        guarded_destroy(&any);
        ard_context_destroy(context);
    }
}

/* Contexts that bring other parameters of CLBlast in turn leave each other's products right. */
static void test_other_parameters(void **state)
{
    (void)state;
    ard_tuning tunings[2] = {make_tuning(), make_tuning()};
    ard_context *contexts[2] = {NULL, NULL};
    tunings[0].choice_count = tunings[1].choice_count = 0;
    tunings[0].engine = tunings[1].engine = ARD_ENGINE_CLBLAST;
    for (size_t i = 0; i < 2; ++i) {
        set_threshold(&tunings[i], i == 0 ? 1 : 100000); /* the one kernel, the other kernel */
    }
    for (size_t i = 0; i < 8; ++i) {
        if (i % 2 == 0) { /* one of them anew, the other one goes on */
            ard_context_destroy(contexts[i / 2 % 2]);
            contexts[i / 2 % 2] = create(&tunings[i / 2 % 2]);
        }
        for (size_t j = 0; j < 2; ++j) {
            if (contexts[j] != NULL) {
                assert_int_equal(run(contexts[j], &PROBLEMS[(i + j) % PROBLEM_COUNT]),
                                 ARD_ENGINE_CLBLAST);
            }
        }
    }
    ard_context_destroy(contexts[0]);
    ard_context_destroy(contexts[1]);
}

int main(void)
{
    unsetenv("ARD_ENGINE");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both),
        cmocka_unit_test(test_forced),
        cmocka_unit_test(test_reserve),
        cmocka_unit_test(test_other_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
