/* SPDX-License-Identifier: Apache-2.0 */
/* Loading CBLAS libraries, and the three products of a layer by those of the tests and of the
 * system. */
#include "tools/system_cblas.h"

#include "support/unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/cblas_gemm.h"

/* c of c * k * eps * sum |a b|, any order of the sum. */
static const double TOLERANCE = 2;

static void assert_refused(const char *name, const char *expected)
{
    cblas_library library = {.name = "untouched"};
    char error[CBLAS_ERROR_TEXT] = "";
    assert_false(cblas_load(name, &library, error));
    if (strstr(error, expected) == NULL || strstr(error, name) == NULL ||
        strchr(error, '\n') != NULL) {
        fail_msg("\"%s\" should name %s and hold \"%s\"", error, name, expected);
    }
    assert_string_equal(library.name, "untouched");
    assert_true(library.sgemm == NULL);
}

static void refuses_other_libraries(void **state)
{
    (void)state;
    assert_refused("/nonexistent/libnone.so", "such as libopenblas.so.0");
    assert_refused(ARD_SOURCE_DIR "/README.md", "such as libopenblas.so.0");
    assert_refused(NONE_CBLAS, "it has no cblas_sgemm");
    assert_refused(WRONG_CBLAS, "multiplies wrongly");
    assert_refused(WIDE_CBLAS, "64-bit integers");
}

static void loads(void **state)
{
    (void)state;
    cblas_library library;
    char error[CBLAS_ERROR_TEXT] = "";
    assert_true(cblas_load(PLAIN_CBLAS, &library, error));
    assert_string_equal(library.name, PLAIN_CBLAS);
    assert_string_equal(library.path, PLAIN_CBLAS);
    assert_int_equal(library.thread_count(), 3);
    assert_int_equal(cblas_threads(&library), 3);
    library.thread_count = NULL;
    assert_true(cblas_threads(&library) >= 1);
}

static float *random_matrix(size_t count, uint32_t *seed)
{
    float *values = calloc(count, sizeof *values);
    assert_non_null(values);
    for (size_t i = 0; i < count; i++) {
        *seed = *seed * 1664525 + 1013904223;
        values[i] = (float)(*seed >> 8) / (float)(1 << 23) - 1;
    }
    return values;
}

/* A product of [m x k] and [k x n] whose elements lie apart as the strides say. */
static void assert_product(const char *what, size_t m, size_t n, size_t k, const float *a,
                           size_t a_row, size_t a_term, const float *b, size_t b_col, size_t b_term,
                           const float *got)
{
    for (size_t at = 0; at < m * n; at++) {
        double want = 0;
        double scale = 0;
        for (size_t t = 0; t < k; t++) {
            const double term =
                (double)a[at / n * a_row + t * a_term] * (double)b[at % n * b_col + t * b_term];
            want += term;
            scale += fabs(term);
        }
        if (!(fabs(got[at] - want) <= TOLERANCE * (double)k * FLT_EPSILON * scale)) {
            fail_msg("%s [%zu x %zu x %zu]: %zu is %.9g, not %.9g", what, m, n, k, at,
                     (double)got[at], want);
        }
    }
}

static void assert_gemm(const cblas_library *library, size_t batch, size_t in, size_t out)
{
    uint32_t seed = 7;
    float *src = random_matrix(batch * in, &seed);
    float *weights = random_matrix(out * in, &seed);
    float *diff_pre = random_matrix(batch * out, &seed);
    cblas_gemm gemm;
    assert_true(cblas_gemm_create(library, batch, in, out, &gemm));
    cblas_gemm_multiply(&gemm, src, weights, diff_pre);
    cblas_gemm_multiply(&gemm, src, weights, diff_pre); /* nothing is left of the first */
    assert_product("forward", batch, out, in, src, in, 1, weights, in, 1, gemm.dst);
    assert_product("to data", batch, in, out, diff_pre, out, 1, weights, 1, in, gemm.diff_src);
    assert_product("to weights", out, in, batch, diff_pre, 1, out, src, 1, in, gemm.diff_weights);
    cblas_gemm_destroy(&gemm);
    free(src);
    free(weights);
    free(diff_pre);
}

static void assert_gemms(const cblas_library *library)
{
    assert_gemm(library, 1, 1, 1);
    assert_gemm(library, 7, 33, 61);
    assert_gemm(library, 128, 97, 130);
}

static void multiplies_by_hand(void **state)
{
    (void)state;
    cblas_library library;
    char error[CBLAS_ERROR_TEXT] = "";
    assert_true(cblas_load(PLAIN_CBLAS, &library, error));
    assert_gemms(&library);
}

static void multiplies_by_the_system(void **state)
{
    (void)state;
    cblas_library library;
    if (system_cblas(&library) == NULL) {
        skip();
    }
    assert_gemms(&library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_other_libraries),
        cmocka_unit_test(loads),
        cmocka_unit_test(multiplies_by_hand),
        cmocka_unit_test(multiplies_by_the_system),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
