/* SPDX-License-Identifier: Apache-2.0 */
/* The linear layer with dropped neurons: dst = scale * activation(src W^T + b), over what is kept.
 *
 * Row patterns on the inputs and outputs make all three products of a step smaller (Song et al.,
 * arXiv 1805.08939, section III-B). Activations and their gradients are compact: they hold the kept
 * units only, in increasing order. Weights and bias are whole and only their kept part is read.
 *     src, diff_src            [batch x kept(in)]
 *     dst, diff_dst, diff_pre  [batch x kept(out)]
 *     weights                  [out x in]
 *     bias                     [1 x out]
 *     diff_weights             [kept(out) x kept(in)]   compact
 *     diff_bias                [1 x kept(out)]          compact
 * No call blocks. Buffers of one call must not overlap unless it says so. Each call fails with
 * INVALID_ARGUMENT (sizes, matrices that exceed their buffers), INVALID_PATTERN, OPENCL, CLBLAST,
 * DEVICE_OUT_OF_MEMORY. `event`, where not NULL, gets an event of the last command, the caller's to
 * release. */
#ifndef ARD_LINEAR_H
#define ARD_LINEAR_H

#include <stddef.h>
#include <stdint.h>

#include <ard/context.h>
#include <ard/matrix.h>
#include <ard/pattern.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ard_activation {
    ARD_ACTIVATION_IDENTITY = 0,
    ARD_ACTIVATION_RELU = 1,
} ard_activation;

/* Conventional dropout: output (b, j) of step `step` is dropped iff the word of element b * out + j
 * in the stream (seed, PURPOSE_MASK, layer, step) is below rate * 2^32. The mask is computed where
 * it is used and never stored. */
typedef struct ard_bernoulli {
    double rate; /* 0 <= rate < 1 */
    uint64_t seed;
    uint64_t step;
    uint32_t layer; /* < 2^24 */
} ard_bernoulli;

typedef struct ard_linear {
    size_t batch;
    size_t in;
    size_t out;
    ard_pattern in_pattern;
    ard_pattern out_pattern;
    ard_activation activation;
    float scale; /* of the kept outputs, > 0: the inverted dropout scale; 1 at evaluation */
    const ard_bernoulli *bernoulli; /* a conventional mask on the outputs, or NULL; not together
                                       with an out_pattern */
} ard_linear;

/* A layer that keeps everything, without activation, scale 1. */
ARD_API ard_linear ard_linear_init(size_t batch, size_t in, size_t out);

/* dst = scale * mask * activation(src W^T + b). `bias` may be NULL. */
ARD_API ard_status ard_linear_forward(ard_context *context, const ard_linear *linear,
                                      const ard_matrix *src, const ard_matrix *weights,
                                      const ard_matrix *bias, const ard_matrix *dst,
                                      cl_event *event);

/* diff_pre = scale * mask * activation'(.) * diff_dst, the gradient before the activation, which
 * the two products below take, and diff_bias = its sum over the batch (NULL: not wanted). `dst` is
 * what forward wrote. diff_pre may be diff_dst itself. */
ARD_API ard_status ard_linear_backward_activation(ard_context *context, const ard_linear *linear,
                                                  const ard_matrix *dst, const ard_matrix *diff_dst,
                                                  const ard_matrix *diff_pre,
                                                  const ard_matrix *diff_bias, cl_event *event);

/* diff_src = diff_pre W, over the kept part of W. */
ARD_API ard_status ard_linear_backward_data(ard_context *context, const ard_linear *linear,
                                            const ard_matrix *diff_pre, const ard_matrix *weights,
                                            const ard_matrix *diff_src, cl_event *event);

/* diff_weights = diff_pre^T src, compact. ard_expand makes it whole where that is needed. */
ARD_API ard_status ard_linear_backward_weights(ard_context *context, const ard_linear *linear,
                                               const ard_matrix *diff_pre, const ard_matrix *src,
                                               const ard_matrix *diff_weights, cl_event *event);

#ifdef __cplusplus
}
#endif

#endif
