/* SPDX-License-Identifier: Apache-2.0 */
/* The linear layer backward. */
#include <ard/linear.h>

#include "device/context_internal.h"
#include "device/matrix_check.h"
#include "device/operation.h"
#include "layers/linear_internal.h"
#include "layers/mask.h"
#include "patterns/pattern_internal.h"

static ard_status backward_activation(ard_context *context, const ard_linear *linear,
                                      const ard_matrix *dst, const ard_matrix *diff_dst,
                                      const ard_matrix *diff_pre, const ard_matrix *diff_bias,
                                      cl_event *event)
{
    ard__linear_kept kept = {0};
    ARD_TRY(ard__linear_check(context, linear, &kept));
    ARD_TRY(ard__check_matrix("dst", dst, linear->batch, kept.out));
    ARD_TRY(ard__check_matrix("diff_dst", diff_dst, linear->batch, kept.out));
    ARD_TRY(ard__check_matrix("diff_pre", diff_pre, linear->batch, kept.out));
    if (diff_bias != NULL) {
        ARD_TRY(ard__check_matrix("diff_bias", diff_bias, 1, kept.out));
    }
    ARD_TRY(ard__linear_differentiate(context, linear, &kept, dst, diff_dst, diff_pre));
    if (diff_bias != NULL) {
        ARD_TRY(ard__sum_rows(context, linear->batch, kept.out, diff_pre, diff_bias));
    }
    return ard__give_event(context, event);
}

ard_status ard_linear_backward_activation(ard_context *context, const ard_linear *linear,
                                          const ard_matrix *dst, const ard_matrix *diff_dst,
                                          const ard_matrix *diff_pre, const ard_matrix *diff_bias,
                                          cl_event *event)
{
    ard__operation_begin(context, "linear_backward_activation");
    return ard__linear_end(
        context, linear,
        backward_activation(context, linear, dst, diff_dst, diff_pre, diff_bias, event));
}

static ard_status backward_bias(ard_context *context, const ard_linear *linear,
                                const ard_matrix *diff_pre, const ard_matrix *diff_bias,
                                cl_event *event)
{
    ard__linear_kept kept = {0};
    ARD_TRY(ard__linear_check(context, linear, &kept));
    ARD_TRY(ard__check_matrix("diff_pre", diff_pre, linear->batch, kept.out));
    ARD_TRY(ard__check_matrix("diff_bias", diff_bias, 1, kept.out));
    ARD_TRY(ard__sum_rows(context, linear->batch, kept.out, diff_pre, diff_bias));
    return ard__give_event(context, event);
}

ard_status ard_linear_backward_bias(ard_context *context, const ard_linear *linear,
                                    const ard_matrix *diff_pre, const ard_matrix *diff_bias,
                                    cl_event *event)
{
    ard__operation_begin(context, "linear_backward_bias");
    return ard__linear_end(context, linear,
                           backward_bias(context, linear, diff_pre, diff_bias, event));
}

/* diff_src = weight_scale * diff_pre W, and what follows (NULL: nothing). */
static ard_status multiply_backward_data(ard_context *context, const ard_linear *linear,
                                         const ard__linear_kept *kept, const ard_matrix *diff_pre,
                                         const ard_matrix *weights, const ard__epilogue *epilogue,
                                         const ard_matrix *diff_src)
{
    if (kept->tiled) {
        return ard__tiles_backward_data(context, linear, kept, diff_pre, weights, epilogue,
                                        diff_src);
    }
    const ard__gemm gemm = {.m = linear->batch,
                            .n = kept->in,
                            .k = kept->out,
                            .alpha = linear->weight_scale,
                            .a = *diff_pre,
                            .b = *weights,
                            .c = *diff_src,
                            .epilogue = epilogue};
    return ard__gemm_run(context, &gemm);
}

ard_status ard__linear_backward_data(ard_context *context, const ard_linear *linear,
                                     const ard_matrix *diff_pre, const ard_matrix *weights,
                                     const ard__epilogue *epilogue, const char *name,
                                     const ard_matrix *diff_src)
{
    ard__linear_kept kept = {0};
    ARD_TRY(ard__linear_check(context, linear, &kept));
    ARD_TRY(ard__check_matrix("diff_pre", diff_pre, linear->batch, kept.out));
    ARD_TRY(ard__linear_check_weights(linear, &kept, weights));
    ARD_TRY(ard__check_matrix(name, diff_src, linear->batch, kept.in));
    ard_matrix kept_weights;
    ARD_TRY(ard__linear_product_weights(context, linear, &kept, weights, &kept_weights));
    return multiply_backward_data(context, linear, &kept, diff_pre, &kept_weights, epilogue,
                                  diff_src);
}

static ard_status backward_data(ard_context *context, const ard_linear *linear,
                                const ard_matrix *diff_pre, const ard_matrix *weights,
                                const ard_matrix *diff_src, cl_event *event)
{
    ARD_TRY(
        ard__linear_backward_data(context, linear, diff_pre, weights, NULL, "diff_src", diff_src));
    return ard__give_event(context, event);
}

ard_status ard_linear_backward_data(ard_context *context, const ard_linear *linear,
                                    const ard_matrix *diff_pre, const ard_matrix *weights,
                                    const ard_matrix *diff_src, cl_event *event)
{
    ard__operation_begin(context, "linear_backward_data");
    return ard__linear_end(context, linear,
                           backward_data(context, linear, diff_pre, weights, diff_src, event));
}

/* That what `below` gives is what `linear` takes. */
static ard_status check_below(const ard_context *context, const ard_linear *linear,
                              const ard_linear *below, const ard_matrix *src,
                              ard__linear_kept *kept)
{
    ARD__CHECK(linear != NULL && below != NULL, "the layer or the one below is NULL");
    ARD_TRY(ard__linear_check(context, below, kept));
    ARD__CHECK(below->batch == linear->batch && below->out == linear->in,
               "the layer below gives [%zu x %zu], expected [%zu x %zu]", below->batch, below->out,
               linear->batch, linear->in);
    ARD__CHECK(ard__pattern_equal(&below->out_pattern, &linear->in_pattern),
               "the layer below keeps other outputs than this one takes, expected one pattern");
    return ard__check_matrix("src", src, below->batch, kept->out);
}

static ard_status backward_data_activation(ard_context *context, const ard_linear *linear,
                                           const ard_linear *below, const ard_matrix *diff_pre,
                                           const ard_matrix *weights, const ard_matrix *src,
                                           const ard_matrix *diff_pre_below, cl_event *event)
{
    ard__linear_kept kept_below = {0};
    ARD_TRY(check_below(context, linear, below, src, &kept_below));
    const bool relu = below->activation == ARD_ACTIVATION_RELU;
    const bool fused = relu || below->bernoulli == NULL;
    const ard__epilogue epilogue = {.derivative_of = relu ? *src : (ard_matrix){0},
                                    .scale = below->scale};
    ARD_TRY(ard__linear_backward_data(context, linear, diff_pre, weights, fused ? &epilogue : NULL,
                                      "diff_pre_below", diff_pre_below));
    if (!fused) {
        ARD_TRY(ard__linear_differentiate(context, below, &kept_below, src, diff_pre_below,
                                          diff_pre_below));
    }
    return ard__give_event(context, event);
}

ard_status ard_linear_backward_data_activation(ard_context *context, const ard_linear *linear,
                                               const ard_linear *below, const ard_matrix *diff_pre,
                                               const ard_matrix *weights, const ard_matrix *src,
                                               const ard_matrix *diff_pre_below, cl_event *event)
{
    ard__operation_begin(context, "linear_backward_data_activation");
    return ard__linear_end(context, linear,
                           backward_data_activation(context, linear, below, diff_pre, weights, src,
                                                    diff_pre_below, event));
}

static ard_status multiply_backward_weights(ard_context *context, const ard_linear *linear,
                                            const ard__linear_kept *kept,
                                            const ard_matrix *diff_pre, const ard_matrix *src,
                                            const ard_matrix *diff_weights)
{
    if (kept->tiled) {
        return ard__tiles_backward_weights(context, linear, kept, diff_pre, src, diff_weights);
    }
    const ard__gemm gemm = {.m = kept->out,
                            .n = kept->in,
                            .k = linear->batch,
                            .a_transposed = true,
                            .alpha = linear->weight_scale,
                            .a = *diff_pre,
                            .b = *src,
                            .c = *diff_weights};
    return ard__gemm_run(context, &gemm);
}

static ard_status backward_weights(ard_context *context, const ard_linear *linear,
                                   const ard_matrix *diff_pre, const ard_matrix *src,
                                   const ard_matrix *diff_weights, cl_event *event)
{
    ard__linear_kept kept = {0};
    ARD_TRY(ard__linear_check(context, linear, &kept));
    ARD_TRY(ard__check_matrix("diff_pre", diff_pre, linear->batch, kept.out));
    ARD_TRY(ard__check_matrix("src", src, linear->batch, kept.in));
    ARD_TRY(ard__check_matrix("diff_weights", diff_weights, kept.weight_rows, kept.weight_cols));
    ARD_TRY(multiply_backward_weights(context, linear, &kept, diff_pre, src, diff_weights));
    if (linear->drop_connect != NULL) {
        ARD_TRY(ard__mask(context, linear->out, linear->in, 1.0f, linear->drop_connect,
                          diff_weights, diff_weights));
    }
    return ard__give_event(context, event);
}

ard_status ard_linear_backward_weights(ard_context *context, const ard_linear *linear,
                                       const ard_matrix *diff_pre, const ard_matrix *src,
                                       const ard_matrix *diff_weights, cl_event *event)
{
    ard__operation_begin(context, "linear_backward_weights");
    return ard__linear_end(context, linear,
                           backward_weights(context, linear, diff_pre, src, diff_weights, event));
}
