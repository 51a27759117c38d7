/* SPDX-License-Identifier: Apache-2.0 */
/* The three products of a dense linear layer on the CPU, by a CBLAS library. */
#ifndef ARD_BENCH_CBLAS_GEMM_H
#define ARD_BENCH_CBLAS_GEMM_H

#include "cblas_library.h"

/* The layer and its results. */
typedef struct cblas_gemm {
    const cblas_library *library;
    size_t batch, in, out;
    float *dst;          /* [batch x out] */
    float *diff_src;     /* [batch x in] */
    float *diff_weights; /* [out x in] */
} cblas_gemm;

/* Makes room for the results. False without memory; cblas_gemm_destroy() must follow then too. */
bool cblas_gemm_create(const cblas_library *library, size_t batch, size_t in, size_t out,
                       cblas_gemm *gemm);
void cblas_gemm_destroy(cblas_gemm *gemm);

/* Forward, backward to data and backward to weights, from src [batch x in], weights [out x in] and
 * diff_pre [batch x out]. */
void cblas_gemm_multiply(const cblas_gemm *gemm, const float *src, const float *weights,
                         const float *diff_pre);

#endif
