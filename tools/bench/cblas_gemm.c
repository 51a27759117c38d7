/* SPDX-License-Identifier: Apache-2.0 */
#include "cblas_gemm.h"

#include <stdlib.h>

bool cblas_gemm_create(const cblas_library *library, size_t batch, size_t in, size_t out,
                       cblas_gemm *gemm)
{
    *gemm = (cblas_gemm){
        .library = library,
        .batch = batch,
        .in = in,
        .out = out,
        .dst = calloc(batch * out, sizeof *gemm->dst),
        .diff_src = calloc(batch * in, sizeof *gemm->diff_src),
        .diff_weights = calloc(out * in, sizeof *gemm->diff_weights),
    };
    return gemm->dst != NULL && gemm->diff_src != NULL && gemm->diff_weights != NULL;
}

void cblas_gemm_destroy(cblas_gemm *gemm)
{
    free(gemm->dst);
    free(gemm->diff_src);
    free(gemm->diff_weights);
    *gemm = (cblas_gemm){0};
}

void cblas_gemm_multiply(const cblas_gemm *gemm, const float *src, const float *weights,
                         const float *diff_pre)
{
    const cblas_product products[] = {
        {.b_transposed = true,
         .m = gemm->batch,
         .n = gemm->out,
         .k = gemm->in,
         .a = src,
         .b = weights,
         .c = gemm->dst},
        {.m = gemm->batch,
         .n = gemm->in,
         .k = gemm->out,
         .a = diff_pre,
         .b = weights,
         .c = gemm->diff_src},
        {.a_transposed = true,
         .m = gemm->out,
         .n = gemm->in,
         .k = gemm->batch,
         .a = diff_pre,
         .b = src,
         .c = gemm->diff_weights},
    };
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        cblas_multiply(gemm->library, &products[i]);
    }
}
