/* SPDX-License-Identifier: Apache-2.0 */
/* The gemm case: the three products of one linear layer, compacted on both sides against dense. */
#ifndef ARD_BENCH_GEMM_H
#define ARD_BENCH_GEMM_H

#include "measure.h"

/* The layer's matrices on the device, and what the operands hold on the host. Compact operands lie
 * packed at the start of the whole ones' buffers. */
typedef struct gemm {
    ard_context *context;
    const bench_case *kase;
    float *src_values;      /* [batch x in] */
    float *weights_values;  /* [out x in] */
    float *diff_pre_values; /* [batch x out] */
    ard_matrix src;
    ard_matrix weights;
    ard_matrix diff_pre;
    ard_matrix dst;          /* [batch x out] */
    ard_matrix diff_src;     /* [batch x in] */
    ard_matrix diff_weights; /* [out x in] */
} gemm;

/* Measures, after verifying where the case asks for it; a result for each baseline. */
bench_outcome gemm_run(ard_context *context, const draw_set *set, const char *label,
                       bench_result *results);

/* Enqueues the three products with patterns [2], of the inputs and of the outputs. */
ard_status gemm_products(const gemm *gemm, const ard_layer_pattern *patterns);

/* Compares the products of some draws with sums in double precision (verify_gemm.c). */
bench_outcome gemm_verify(const gemm *gemm, const draw_set *set, bench_error *error);

#endif
