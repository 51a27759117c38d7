/* SPDX-License-Identifier: Apache-2.0 */
/* The linear layer with dropped neurons and weights:
 *     dst = scale * activation(weight_scale * src W^T + b),   over what is kept.
 *
 * Row patterns on the inputs and outputs make all three products of a step smaller, and so does a
 * tile pattern on the weights (Song et al., arXiv 1805.08939, sections III-B and III-C).
 * Activations and their gradients hold the units that row patterns keep, in increasing order; a
 * tile pattern leaves them whole and splits the products into one a group of tiles. Weights and
 * bias are whole and only their kept part is read, or given compact.
 *     src, diff_src            [batch x kept(in)]
 *     dst, diff_dst, diff_pre  [batch x kept(out)]
 *     weights                  [out x in], or compact as diff_weights
 *     bias                     [1 x out], or compact as diff_bias
 *     diff_weights             [kept(out) x kept(in)], or under a tile pattern the blocks of
 *                              ard_tile_get_layout(tile, out, in, out_pattern, in_pattern)
 *     diff_bias                [1 x kept(out)]
 * No call blocks. Buffers of one call must not overlap unless it says so. Each call fails with
 * INVALID_ARGUMENT (sizes, matrices that exceed their buffers), INVALID_PATTERN, OPENCL, CLBLAST,
 * DEVICE_OUT_OF_MEMORY. `event`, where not NULL, gets an event of the last command, the caller's to
 * release. */
#ifndef ARD_LINEAR_H
#define ARD_LINEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/context.h>
#include <ard/matrix.h>
#include <ard/pattern.h>
#include <ard/tile.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a layer applies to its sums. */
typedef enum ard_activation {
    ARD_ACTIVATION_IDENTITY = 0, /* x */
    ARD_ACTIVATION_RELU = 1,     /* max(x, 0) */
} ard_activation;

/* A conventional mask over a matrix [rows x cols]: element (i, j) of step `step` is dropped iff
 * word i * cols + j of the stream (seed, PURPOSE_MASK, layer, step) is below rate * 2^32, rounded
 * to a whole number. The mask is computed where it is used and never stored. */
typedef struct ard_bernoulli {
    double rate;    /* 0 <= rate < 1 */
    uint64_t seed;  /* with step and layer: the mask is a function of the three */
    uint64_t step;  /* of training */
    uint32_t layer; /* < 2^24 */
} ard_bernoulli;

/* One linear layer in one step: its sizes and what is dropped. ard_linear_init() has the defaults.
 */
typedef struct ard_linear {
    size_t batch;              /* samples, B */
    size_t in;                 /* width of the inputs */
    size_t out;                /* width of the outputs */
    ard_pattern in_pattern;    /* which inputs there are */
    ard_pattern out_pattern;   /* which outputs are kept */
    ard_tile_pattern tile;     /* of the weights; period 1: all kept */
    ard_activation activation; /* of the kept outputs */
    float scale;        /* of the kept outputs, > 0: the inverted dropout scale; 1 at evaluation */
    float weight_scale; /* of the kept weights, > 0: the same where weights are dropped */
    const ard_bernoulli *bernoulli;    /* a conventional mask on the outputs [batch x out], or NULL;
                                          not together with an out_pattern */
    const ard_bernoulli *drop_connect; /* a conventional mask on the weights [out x in], or NULL;
                                          not together with patterns */
    bool compact; /* weights and bias hold only what is kept, as ard_parameter_gather gives it;
                     under drop_connect, as ard_drop_connect does */
} ard_linear;

/* A layer that keeps everything, without activation, scales 1. */
ARD_API ard_linear ard_linear_init(size_t batch, size_t in, size_t out);

/* dst = scale * mask * activation(weight_scale * src W^T + b). `bias` may be NULL. */
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

/* diff_bias = the sum of diff_pre over the batch: what ard_linear_backward_activation gives, for
 * callers that have diff_pre from ard_linear_backward_data_activation or know it otherwise. */
ARD_API ard_status ard_linear_backward_bias(ard_context *context, const ard_linear *linear,
                                            const ard_matrix *diff_pre, const ard_matrix *diff_bias,
                                            cl_event *event);

/* diff_src = weight_scale * diff_pre W, over the kept part of W. Inputs of which no weight is kept
 * get zero. */
ARD_API ard_status ard_linear_backward_data(ard_context *context, const ard_linear *linear,
                                            const ard_matrix *diff_pre, const ard_matrix *weights,
                                            const ard_matrix *diff_src, cl_event *event);

/* The gradient before the activation of the layer below, in one step from that of this layer:
 *     diff_pre_below = below->scale * mask * activation'(.) * (weight_scale * diff_pre W)
 * with the scale, mask and activation of `below`. It is ard_linear_backward_data followed by
 * ard_linear_backward_activation of the layer below without its bias, but the elements of the
 * product are finished before they are stored, unless `below` has no activation and a conventional
 * mask, which has to be computed again.
 *     src, diff_pre_below      [batch x kept(in)], kept(in) being the kept outputs of `below`
 * `src` is what this layer took in forward, which is what `below` wrote as its dst; it is read
 * after a ReLU only. Of `below`, which is not run, the batch, the outputs and their pattern must be
 * the batch, inputs and in_pattern of `linear`: INVALID_ARGUMENT otherwise. Inputs of which no
 * weight is kept get zero. */
ARD_API ard_status ard_linear_backward_data_activation(
    ard_context *context, const ard_linear *linear, const ard_linear *below,
    const ard_matrix *diff_pre, const ard_matrix *weights, const ard_matrix *src,
    const ard_matrix *diff_pre_below, cl_event *event);

/* diff_weights = weight_scale * diff_pre^T src, compact; zero where drop_connect drops.
 * ard_expand_tiles makes it whole where that is needed. */
ARD_API ard_status ard_linear_backward_weights(ard_context *context, const ard_linear *linear,
                                               const ard_matrix *diff_pre, const ard_matrix *src,
                                               const ard_matrix *diff_weights, cl_event *event);

/* dst [out x in] = the weights that a mask keeps, and zero: DropConnect (Wan et al., ICML 2013) as
 * a layer with `drop_connect` computes it. Masking once a step, and calling the layer with
 * `compact`, saves the second mask of forward and backward. dst may be weights itself.
 * INVALID_RATE. */
ARD_API ard_status ard_drop_connect(ard_context *context, size_t out, size_t in,
                                    const ard_bernoulli *mask, const ard_matrix *weights,
                                    const ard_matrix *dst, cl_event *event);

#ifdef __cplusplus
}
#endif

#endif
