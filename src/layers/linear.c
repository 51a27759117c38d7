/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/linear.h>

#include <math.h>

#include "device/context_internal.h"
#include "device/launch.h"
#include "device/matrix_check.h"
#include "engines/gemm.h"
#include "layers/compact_internal.h"

/* A checked layer: how many of its inputs and outputs are kept. */
typedef struct kept_sizes {
    size_t in;
    size_t out;
} kept_sizes;

ard_linear ard_linear_init(size_t batch, size_t in, size_t out)
{
    return (ard_linear){.batch = batch,
                        .in = in,
                        .out = out,
                        .in_pattern = ard_pattern_all(),
                        .out_pattern = ard_pattern_all(),
                        .activation = ARD_ACTIVATION_IDENTITY,
                        .scale = 1.0f,
                        .bernoulli = NULL};
}

static ard_status check_bernoulli(const ard_linear *linear)
{
    const ard_bernoulli *mask = linear->bernoulli;
    if (!(mask->rate >= 0.0 && mask->rate < 1.0)) {
        return ard__fail(ARD_STATUS_INVALID_RATE,
                         "the Bernoulli rate is %g, expected 0 <= rate < 1", mask->rate);
    }
    ARD__CHECK(mask->layer < 1u << 24, "the Bernoulli layer is %u, expected less than 2^24",
               mask->layer);
    ARD__CHECK(
        ard_pattern_is_all(&linear->out_pattern),
        "the outputs are dropped by a pattern and by a Bernoulli mask, expected one of them");
    ARD__CHECK(linear->out <= ((size_t)1 << 34) / linear->batch,
               "a Bernoulli mask over [%zu x %zu] is larger than its stream of 2^34 elements",
               linear->batch, linear->out);
    return ARD_STATUS_SUCCESS;
}

static ard_status check_linear(const ard_context *context, const ard_linear *linear,
                               kept_sizes *kept)
{
    ARD__CHECK(context != NULL && linear != NULL, "the context or the layer is NULL");
    ARD_TRY(ard__check_size("batch", linear->batch));
    ARD_TRY(ard__check_size("in", linear->in));
    ARD_TRY(ard__check_size("out", linear->out));
    kept_sizes sizes;
    ARD_TRY(ard_pattern_kept_count(&linear->in_pattern, linear->in, &sizes.in));
    ARD_TRY(ard_pattern_kept_count(&linear->out_pattern, linear->out, &sizes.out));
    ARD__CHECK(linear->activation == ARD_ACTIVATION_IDENTITY ||
                   linear->activation == ARD_ACTIVATION_RELU,
               "the activation is %d, expected identity (0) or ReLU (1)", (int)linear->activation);
    ARD__CHECK(linear->scale > 0.0f && isfinite(linear->scale),
               "the scale is %g, expected a positive number", (double)linear->scale);
    if (linear->bernoulli != NULL) {
        ARD_TRY(check_bernoulli(linear));
    }
    *kept = sizes;
    return ARD_STATUS_SUCCESS;
}

/* The kept weights [kept(out) x kept(in)]: a view where that is possible, else a copy in the
 * context's scratch memory. */
static ard_status compact_weights(ard_context *context, const ard_linear *linear,
                                  const kept_sizes *kept, const ard_matrix *weights,
                                  ard_matrix *compact)
{
    if (ard_compact_view(&linear->out_pattern, &linear->in_pattern, weights, compact)) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(ard__scratch_reserve(context, &context->compact_weights,
                                 kept->out * kept->in * sizeof(cl_float)));
    *compact = (ard_matrix){context->compact_weights.buffer, 0, kept->in};
    return ard__compact(context, linear->out, linear->in, &linear->out_pattern, &linear->in_pattern,
                        weights, compact);
}

/* The kept bias [1 x kept(out)] in the scratch memory, or the whole one where all is kept. */
static ard_status compact_bias(ard_context *context, const ard_linear *linear,
                               const kept_sizes *kept, const ard_matrix *bias, ard_matrix *compact)
{
    if (ard_pattern_is_all(&linear->out_pattern)) {
        *compact = *bias;
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(ard__scratch_reserve(context, &context->compact_bias, kept->out * sizeof(cl_float)));
    *compact = (ard_matrix){context->compact_bias.buffer, 0, kept->out};
    return ard__compact(context, 1, linear->out, NULL, &linear->out_pattern, bias, compact);
}

/* rate * 2^32, at most the largest word: a word below it is dropped. */
static cl_uint mask_threshold(double rate)
{
    const double threshold = floor(rate * 4294967296.0 + 0.5);
    return threshold > 4294967295.0 ? 4294967295u : (cl_uint)threshold;
}

/* The arguments that both mask kernels take one after another. */
static void add_mask(ard__launch *launch, const ard_bernoulli *mask)
{
    ard__launch_uint(launch, mask_threshold(mask->rate));
    ard__launch_ulong(launch, mask->seed);
    ard__launch_uint(launch, mask->layer);
    ard__launch_ulong(launch, mask->step);
}

/* Philox blocks that a row of the mask can touch: one more than it fills where it starts inside
 * one. */
static size_t mask_blocks(size_t out)
{
    return out / 4 + (out % 4 == 0 ? 0 : 2);
}

/* Work-items for `units` columns or blocks, when each takes a vector width of them. */
static size_t vector_items(const ard_context *context, size_t units)
{
    return (units + context->vector_width - 1) / context->vector_width;
}

static ard_status activate(ard_context *context, const ard_linear *linear, const kept_sizes *kept,
                           const ard_matrix *bias, const ard_matrix *dst)
{
    const ard_bernoulli *mask = linear->bernoulli;
    if (mask == NULL && bias == NULL && linear->activation == ARD_ACTIVATION_IDENTITY &&
        linear->scale == 1.0f) {
        return ARD_STATUS_SUCCESS;
    }
    const ard_matrix *from = bias != NULL ? bias : dst; /* the kernel wants some buffer */
    ard__launch launch;
    ARD_TRY(ard__launch_begin(
        context, mask != NULL ? ARD__KERNEL_FORWARD_BERNOULLI : ARD__KERNEL_FORWARD_ACTIVATION,
        &launch));
    ard__launch_uint(&launch, (cl_uint)linear->batch);
    ard__launch_uint(&launch, (cl_uint)kept->out);
    ard__launch_uint(&launch, bias != NULL);
    ard__launch_buffer(&launch, from->buffer);
    ard__launch_ulong(&launch, from->offset);
    ard__launch_uint(&launch, linear->activation == ARD_ACTIVATION_RELU);
    ard__launch_float(&launch, linear->scale);
    if (mask != NULL) {
        add_mask(&launch, mask);
    }
    ard__launch_matrix(&launch, dst);
    const size_t items = mask != NULL ? vector_items(context, mask_blocks(kept->out)) : kept->out;
    return ard__launch_2d(&launch, items, linear->batch);
}

ard_status ard_linear_forward(ard_context *context, const ard_linear *linear, const ard_matrix *src,
                              const ard_matrix *weights, const ard_matrix *bias,
                              const ard_matrix *dst, cl_event *event)
{
    kept_sizes kept = {0, 0};
    ARD_TRY(check_linear(context, linear, &kept));
    ARD_TRY(ard__check_matrix("src", src, linear->batch, kept.in));
    ARD_TRY(ard__check_matrix("weights", weights, linear->out, linear->in));
    ARD_TRY(ard__check_matrix("dst", dst, linear->batch, kept.out));
    ard_matrix kept_bias = {0};
    if (bias != NULL) {
        ARD_TRY(ard__check_matrix("bias", bias, 1, linear->out));
        ARD_TRY(compact_bias(context, linear, &kept, bias, &kept_bias));
    }
    ard_matrix kept_weights;
    ARD_TRY(compact_weights(context, linear, &kept, weights, &kept_weights));
    const ard__gemm gemm = {.m = linear->batch,
                            .n = kept.out,
                            .k = kept.in,
                            .b_transposed = true,
                            .a = *src,
                            .b = kept_weights,
                            .c = *dst};
    ARD_TRY(ard__gemm_run(context, &gemm));
    ARD_TRY(activate(context, linear, &kept, bias != NULL ? &kept_bias : NULL, dst));
    return ard__give_event(context, event);
}

static ard_status differentiate(ard_context *context, const ard_linear *linear,
                                const kept_sizes *kept, const ard_matrix *dst,
                                const ard_matrix *diff_dst, const ard_matrix *diff_pre)
{
    const bool relu = linear->activation == ARD_ACTIVATION_RELU;
    const bool masked = linear->bernoulli != NULL && !relu;
    const bool in_place =
        diff_pre->buffer == diff_dst->buffer && diff_pre->offset == diff_dst->offset;
    if (in_place && !relu && !masked && linear->scale == 1.0f) {
        return ARD_STATUS_SUCCESS;
    }
    ard__launch launch;
    ARD_TRY(ard__launch_begin(
        context, masked ? ARD__KERNEL_BACKWARD_BERNOULLI : ARD__KERNEL_BACKWARD_ACTIVATION,
        &launch));
    ard__launch_uint(&launch, (cl_uint)linear->batch);
    ard__launch_uint(&launch, (cl_uint)kept->out);
    if (masked) {
        ard__launch_float(&launch, linear->scale);
        add_mask(&launch, linear->bernoulli);
    } else {
        ard__launch_uint(&launch, relu);
        ard__launch_float(&launch, linear->scale);
        ard__launch_matrix(&launch, dst);
    }
    ard__launch_matrix(&launch, diff_dst);
    ard__launch_matrix(&launch, diff_pre);
    return ard__launch_2d(&launch, masked ? mask_blocks(kept->out) : kept->out, linear->batch);
}

static ard_status sum_rows(ard_context *context, size_t rows, size_t cols, const ard_matrix *src,
                           const ard_matrix *sums)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_SUM_ROWS, &launch));
    ard__launch_uint(&launch, (cl_uint)rows);
    ard__launch_uint(&launch, (cl_uint)cols);
    ard__launch_matrix(&launch, src);
    ard__launch_buffer(&launch, sums->buffer);
    ard__launch_ulong(&launch, sums->offset);
    return ard__launch_1d(&launch, vector_items(context, cols));
}

ard_status ard_linear_backward_activation(ard_context *context, const ard_linear *linear,
                                          const ard_matrix *dst, const ard_matrix *diff_dst,
                                          const ard_matrix *diff_pre, const ard_matrix *diff_bias,
                                          cl_event *event)
{
    kept_sizes kept = {0, 0};
    ARD_TRY(check_linear(context, linear, &kept));
    ARD_TRY(ard__check_matrix("dst", dst, linear->batch, kept.out));
    ARD_TRY(ard__check_matrix("diff_dst", diff_dst, linear->batch, kept.out));
    ARD_TRY(ard__check_matrix("diff_pre", diff_pre, linear->batch, kept.out));
    if (diff_bias != NULL) {
        ARD_TRY(ard__check_matrix("diff_bias", diff_bias, 1, kept.out));
    }
    ARD_TRY(differentiate(context, linear, &kept, dst, diff_dst, diff_pre));
    if (diff_bias != NULL) {
        ARD_TRY(sum_rows(context, linear->batch, kept.out, diff_pre, diff_bias));
    }
    return ard__give_event(context, event);
}

ard_status ard_linear_backward_data(ard_context *context, const ard_linear *linear,
                                    const ard_matrix *diff_pre, const ard_matrix *weights,
                                    const ard_matrix *diff_src, cl_event *event)
{
    kept_sizes kept = {0, 0};
    ARD_TRY(check_linear(context, linear, &kept));
    ARD_TRY(ard__check_matrix("diff_pre", diff_pre, linear->batch, kept.out));
    ARD_TRY(ard__check_matrix("weights", weights, linear->out, linear->in));
    ARD_TRY(ard__check_matrix("diff_src", diff_src, linear->batch, kept.in));
    ard_matrix kept_weights;
    ARD_TRY(compact_weights(context, linear, &kept, weights, &kept_weights));
    const ard__gemm gemm = {.m = linear->batch,
                            .n = kept.in,
                            .k = kept.out,
                            .a = *diff_pre,
                            .b = kept_weights,
                            .c = *diff_src};
    ARD_TRY(ard__gemm_run(context, &gemm));
    return ard__give_event(context, event);
}

ard_status ard_linear_backward_weights(ard_context *context, const ard_linear *linear,
                                       const ard_matrix *diff_pre, const ard_matrix *src,
                                       const ard_matrix *diff_weights, cl_event *event)
{
    kept_sizes kept = {0, 0};
    ARD_TRY(check_linear(context, linear, &kept));
    ARD_TRY(ard__check_matrix("diff_pre", diff_pre, linear->batch, kept.out));
    ARD_TRY(ard__check_matrix("src", src, linear->batch, kept.in));
    ARD_TRY(ard__check_matrix("diff_weights", diff_weights, kept.out, kept.in));
    const ard__gemm gemm = {.m = kept.out,
                            .n = kept.in,
                            .k = linear->batch,
                            .a_transposed = true,
                            .a = *diff_pre,
                            .b = *src,
                            .c = *diff_weights};
    ARD_TRY(ard__gemm_run(context, &gemm));
    return ard__give_event(context, event);
}
