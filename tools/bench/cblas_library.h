/* SPDX-License-Identifier: Apache-2.0 */
/* A library with the CBLAS interface, found at run time: the CPU's own multiplication, to compare
 * with. Nothing is linked with it. */
#ifndef ARD_BENCH_CBLAS_LIBRARY_H
#define ARD_BENCH_CBLAS_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

enum {
    CBLAS_PATH = 1024,
    CBLAS_ERROR_TEXT = 2048,
};

/* cblas_sgemm() with 32-bit integers; the first three are enumerations. */
typedef void cblas_sgemm_call(int order, int transpose_a, int transpose_b, int m, int n, int k,
                              float alpha, const float *a, int lda, const float *b, int ldb,
                              float beta, float *c, int ldc);

typedef struct cblas_library {
    const char *name;      /* as it was asked for */
    char path[CBLAS_PATH]; /* of the file that was found */
    cblas_sgemm_call *sgemm;
    int (*thread_count)(void); /* OpenBLAS's openblas_get_num_threads(); NULL: it has none */
} cblas_library;

/* Loads `name`, a path or a file name that the system's loader finds, and multiplies a little with
 * it. It stays loaded until the program ends, because its threads do. False, with one line on why
 * in `error` and `library` untouched, where it cannot be loaded, has no cblas_sgemm or one that
 * gives wrong products or takes 64-bit integers. `name` must outlive the library. */
bool cblas_load(const char *name, cblas_library *library, char error[CBLAS_ERROR_TEXT]);

/* Threads of the library, as far as it tells; otherwise the processors of the machine. */
size_t cblas_threads(const cblas_library *library);

/* c [m x n] = a b + beta c, all dense and row-major; a is [m x k], or stored as [k x m] when
 * transposed, and b likewise. Sizes are at most BENCH_MAX_SIZE. */
typedef struct cblas_product {
    bool a_transposed, b_transposed;
    size_t m, n, k;
    const float *a, *b;
    float beta;
    float *c;
} cblas_product;

void cblas_multiply(const cblas_library *library, const cblas_product *product);

#endif
