/* SPDX-License-Identifier: Apache-2.0 */
/* Several products in one call: side by side in a wide matrix or one below the other, operands that
 * all share, every transposition, by every engine. */
#include "engines/gemm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engines/engine_context.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

/* c of c * k * eps * sum |a||b|. */
static const double TOLERANCE = 2.0;

static const float ALPHA = 0.75f;

/* Where the matrices of a batch lie in one that holds them all. */
typedef enum placing { BESIDE, BELOW, SHARED, PLACINGS } placing;

typedef struct operand {
    guarded all;
    size_t rows; /* of one product's matrix */
    size_t cols;
    size_t stride;
    float *values; /* of all, NULL for a result */
} operand;

static operand create(ard_context *context, placing where, size_t count, size_t rows, size_t cols,
                      const uint64_t *seed)
{
    enum { GAP = 3 };
    const size_t all_rows = where == BELOW ? count * (rows + GAP) : rows;
    const size_t all_cols = where == BESIDE ? count * (cols + GAP) : cols;
    operand o = {.rows = rows, .cols = cols};
    if (seed != NULL) {
        o.values = test_random_floats(all_rows * all_cols, *seed);
        o.all = guarded_create_with(context, all_rows, all_cols, 5, 2, o.values);
    } else {
        o.all = guarded_create(context, all_rows, all_cols, 7, 4);
    }
    o.stride = where == BESIDE ? cols + GAP : where == BELOW ? (rows + GAP) * o.all.matrix.ld : 0;
    return o;
}

static void destroy(operand *o)
{
    guarded_destroy(&o->all);
    free(o->values);
}

/* Where element (row, col) of product q is among the values of all. */
static size_t place_of(const operand *o, size_t q, size_t row, size_t col)
{
    const size_t ld = o->all.matrix.ld;
    const size_t at = q * o->stride;
    return (at / ld + row) * o->all.cols + at % ld + col;
}

typedef struct problem {
    size_t m, n, k, count;
    bool a_transposed, b_transposed;
    placing a, b, c;
    uint64_t seed;
} problem;

static double element(const operand *o, bool transposed, size_t q, size_t row, size_t col)
{
    return o->values[transposed ? place_of(o, q, col, row) : place_of(o, q, row, col)];
}

/* Compares product q and puts canaries over it in `all`. */
static void check_product(const problem *p, const char *text, size_t q, const operand *a,
                          const operand *b, const operand *c, float *all)
{
    const size_t size = p->m * p->n;
    const float canary = test_canary();
    double *expected = test_alloc(size, sizeof *expected);
    double *magnitude = test_alloc(size, sizeof *magnitude);
    float *actual = test_alloc(size, sizeof *actual);
    for (size_t at = 0; at < size; ++at) {
        for (size_t l = 0; l < p->k; ++l) {
            const double product = element(a, p->a_transposed, q, at / p->n, l) *
                                   element(b, p->b_transposed, q, l, at % p->n);
            expected[at] += ALPHA * product;
            magnitude[at] += fabs(ALPHA * product);
        }
        float *place = all + place_of(c, q, at / p->n, at % p->n);
        actual[at] = *place;
        memcpy(place, &canary, sizeof canary);
    }
    const comparison about = {"c", text, p->m, p->n, p->seed};
    assert_close(&about, actual, expected, magnitude, TOLERANCE * (double)p->k * FLT_EPSILON);
    free(expected);
    free(magnitude);
    free(actual);
}

static void check_problem(ard_context *context, const char *engine, const problem *p)
{
    const uint64_t seeds[2] = {p->seed, p->seed + 1};
    operand a = create(context, p->a, p->count, p->a_transposed ? p->k : p->m,
                       p->a_transposed ? p->m : p->k, &seeds[0]);
    operand b = create(context, p->b, p->count, p->b_transposed ? p->n : p->k,
                       p->b_transposed ? p->k : p->n, &seeds[1]);
    operand c = create(context, p->c, p->count, p->m, p->n, NULL);
    const ard__gemm_batch batch = {.first = {.m = p->m,
                                             .n = p->n,
                                             .k = p->k,
                                             .a_transposed = p->a_transposed,
                                             .b_transposed = p->b_transposed,
                                             .alpha = ALPHA,
                                             .a = a.all.matrix,
                                             .b = b.all.matrix,
                                             .c = c.all.matrix},
                                   .count = p->count,
                                   .a_stride = a.stride,
                                   .b_stride = b.stride,
                                   .c_stride = c.stride};
    assert_success(ard__gemm_run_batch(context, &batch));
    float *all = guarded_read(&c.all, "c");
    const float canary = test_canary();
    for (size_t q = 0; q < p->count; ++q) {
        char text[160];
        snprintf(text, sizeof text, "%s, product %zu of %zu, k %zu%s%s, placed %d %d %d", engine, q,
                 p->count, p->k, p->a_transposed ? ", a transposed" : "",
                 p->b_transposed ? ", b transposed" : "", (int)p->a, (int)p->b, (int)p->c);
        check_product(p, text, q, &a, &b, &c, all);
    }
    for (size_t at = 0; at < c.all.rows * c.all.cols; ++at) { /* between the products */
        assert_memory_equal(all + at, &canary, sizeof canary);
    }
    guarded_assert_unchanged(&a.all, "a");
    guarded_assert_unchanged(&b.all, "b");
    free(all);
    destroy(&a);
    destroy(&b);
    destroy(&c);
}

/* Every size and transposition with every placing of the operands. */
static void test_batches(void **state)
{
    static const size_t sizes[][3] = {{1, 1, 1},    {7, 13, 5},    {12, 32, 16},   {13, 33, 256},
                                      {31, 61, 32}, {64, 31, 257}, {128, 127, 33}, {33, 128, 61}};
    const size_t cases = sizeof sizes / sizeof sizes[0] * 4 * PLACINGS * PLACINGS;
    (void)state;
    for (size_t setting = 0; setting < ENGINE_SETTINGS; ++setting) {
        ard_context *context = engine_context_create(setting);
        for (size_t i = 0; i < cases; ++i) {
            const size_t *size = sizes[i / PLACINGS / PLACINGS / 4];
            const size_t t = i / PLACINGS / PLACINGS % 4;
            const problem p = {.m = size[0],
                               .n = size[1],
                               .k = size[2],
                               .count = 1 + i % 4,
                               .a_transposed = t / 2 != 0,
                               .b_transposed = t % 2 != 0,
                               .a = (placing)(i % PLACINGS),
                               .b = (placing)(i / PLACINGS % PLACINGS),
                               .c = i % 2 != 0 ? BESIDE : BELOW,
                               .seed = 2 * i};
            check_problem(context, engine_setting_names[setting], &p);
        }
        ard_context_destroy(context);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
