/* SPDX-License-Identifier: Apache-2.0 */
/* A library with the CBLAS interface as far as ard-bench uses it: slow, and right unless
 * PLAIN_CBLAS_WRONG is defined. It says that it has three threads and, with PLAIN_CBLAS_WIDE, that
 * it takes 64-bit integers. With PLAIN_CBLAS_NONE it has no cblas_sgemm. */
#include <stddef.h>

#ifdef PLAIN_CBLAS_NONE
#define cblas_sgemm other_sgemm
#endif

#define EXPORT __attribute__((visibility("default")))

void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                 const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);
int openblas_get_num_threads(void);
const char *openblas_get_config(void);

enum { ROW_MAJOR = 101, TRANSPOSE = 112 };

static float element(const float *matrix, int transpose, int ld, int row, int col)
{
    const ptrdiff_t major = transpose == TRANSPOSE ? col : row;
    const ptrdiff_t minor = transpose == TRANSPOSE ? row : col;
    return matrix[major * ld + minor];
}

EXPORT void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k,
                        float alpha, const float *a, int lda, const float *b, int ldb, float beta,
                        float *c, int ldc)
{
    for (int i = 0; i < m && order == ROW_MAJOR; i++) {
        for (int j = 0; j < n; j++) {
            float *output = &c[(ptrdiff_t)i * ldc + j];
            double sum = 0;
            for (int t = 0; t < k; t++) {
                sum += (double)element(a, transpose_a, lda, i, t) *
                       (double)element(b, transpose_b, ldb, t, j);
            }
#ifdef PLAIN_CBLAS_WRONG
            sum += 1;
#endif
            /* What is not read may be anything, as in the real ones. */
            *output = (float)(alpha * sum) + (beta != 0 ? beta * *output : 0);
        }
    }
}

EXPORT int openblas_get_num_threads(void)
{
    return 3;
}

EXPORT const char *openblas_get_config(void)
{
#ifdef PLAIN_CBLAS_WIDE
    return "OpenBLAS 0.3.21 USE64BITINT DYNAMIC_ARCH MAX_THREADS=64";
#else
    return "OpenBLAS 0.3.21 DYNAMIC_ARCH MAX_THREADS=64";
#endif
}
