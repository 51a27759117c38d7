/* SPDX-License-Identifier: Apache-2.0 */
/* The gemm case: the three products of one linear layer, compacted on both sides or in the tiles of
 * its weights, against dense ones and, for tiles, against DropConnect. */
#ifndef ARD_BENCH_GEMM_H
#define ARD_BENCH_GEMM_H

#include "cblas_gemm.h"
#include "measure.h"

/* The layer's matrices on the device, and what the operands hold on the host. Compact activations
 * lie packed at the start of the whole ones' buffers. The layer takes whole weights; where
 * tiles or single weights are dropped, a pass makes what is kept of them first, once for all its
 * products, as a training step does. */
typedef struct gemm {
    ard_context *context;
    const bench_case *kase;
    float *src_values;      /* [batch x in] */
    float *weights_values;  /* [out x in] */
    float *diff_pre_values; /* [batch x out] */
    ard_matrix src;
    ard_matrix weights;
    ard_matrix diff_pre;
    ard_matrix dst;      /* [batch x out] */
    ard_matrix diff_src; /* [batch x in] */
    size_t weights_room; /* floats in the two below: out * in, or more for the padding of tiles */
    ard_matrix diff_weights;
    ard_matrix kept_weights; /* of tile cases */
    cblas_gemm cblas;        /* of cases with that baseline */
} gemm;

/* Measures, after verifying where the case asks for it; a result for each baseline. */
bench_outcome gemm_run(ard_context *context, const draw_set *set, const char *label,
                       bench_result *results);

/* Enqueues the three products with patterns [sides]: of the inputs and of the outputs, or of the
 * tiles. */
ard_status gemm_products(const gemm *gemm, const ard_layer_pattern *patterns);

/* Enqueues the three products with DropConnect, as of `mask`. */
ard_status gemm_drop_connect(const gemm *gemm, const ard_bernoulli *mask);

/* The three products by the case's CBLAS library, whole, on the host. */
void gemm_cblas(const gemm *gemm);

/* The mask of a pass at the case's rate. */
ard_bernoulli gemm_mask(const bench_case *kase, uint64_t step);

/* Compares the products of some draws with sums in double precision (verify_gemm.c). */
bench_outcome gemm_verify(const gemm *gemm, const draw_set *set, bench_error *error);

#endif
