/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/linear.h>

#include <math.h>

#include <ard/compact.h>

#include "device/context_internal.h"
#include "device/kept_part.h"
#include "device/matrix_check.h"
#include "device/operation.h"
#include "layers/linear_internal.h"
#include "layers/mask.h"

ard_linear ard_linear_init(size_t batch, size_t in, size_t out)
{
    return (ard_linear){.batch = batch,
                        .in = in,
                        .out = out,
                        .in_pattern = ard_pattern_all(),
                        .out_pattern = ard_pattern_all(),
                        .tile = ard_tile_all(),
                        .activation = ARD_ACTIVATION_IDENTITY,
                        .scale = 1.0f,
                        .weight_scale = 1.0f,
                        .bernoulli = NULL,
                        .drop_connect = NULL,
                        .compact = false};
}

static ard_status check_masks(const ard_linear *linear)
{
    const bool all_outputs = ard_pattern_is_all(&linear->out_pattern);
    if (linear->bernoulli != NULL) {
        ARD_TRY(ard__mask_check(linear->bernoulli, linear->batch, linear->out));
        ARD__CHECK(
            all_outputs,
            "the outputs are dropped by a pattern and by a Bernoulli mask, expected one of them");
    }
    if (linear->drop_connect != NULL) {
        ARD_TRY(ard__mask_check(linear->drop_connect, linear->out, linear->in));
        ARD__CHECK(
            all_outputs && ard_pattern_is_all(&linear->in_pattern) &&
                ard_tile_is_all(&linear->tile),
            "the weights are dropped by a pattern and by a Bernoulli mask, expected one of them");
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status check_scale(const char *name, float scale)
{
    ARD__CHECK(scale > 0.0f && isfinite(scale), "the %s is %g, expected a positive number", name,
               (double)scale);
    return ARD_STATUS_SUCCESS;
}

/* How the kept weights lie. */
static void measure_weights(const ard_linear *linear, ard__linear_kept *kept)
{
    ard__tile_axes(&linear->tile, linear->out, linear->in, &kept->row_axis, &kept->col_axis);
    kept->tiled = !ard_tile_is_all(&linear->tile);
    kept->group_rows = ard__tile_axis_stride(&kept->row_axis, &linear->out_pattern, linear->out);
    kept->weight_rows = kept->group_rows * kept->row_axis.groups;
    kept->weight_cols = ard__tile_axis_stride(&kept->col_axis, &linear->in_pattern, linear->in);
}

ard_status ard__linear_check(const ard_context *context, const ard_linear *linear,
                             ard__linear_kept *kept)
{
    ARD__CHECK(context != NULL && linear != NULL, "the context or the layer is NULL");
    ARD_TRY(ard__check_size("batch", linear->batch));
    ARD_TRY(ard__check_size("in", linear->in));
    ARD_TRY(ard__check_size("out", linear->out));
    ard__linear_kept found = {0};
    ARD_TRY(ard_pattern_kept_count(&linear->in_pattern, linear->in, &found.in));
    ARD_TRY(ard_pattern_kept_count(&linear->out_pattern, linear->out, &found.out));
    ARD_TRY(ard_tile_check(&linear->tile, linear->out, linear->in));
    ARD__CHECK(linear->activation == ARD_ACTIVATION_IDENTITY ||
                   linear->activation == ARD_ACTIVATION_RELU,
               "the activation is %d, expected identity (0) or ReLU (1)", (int)linear->activation);
    ARD_TRY(check_scale("scale", linear->scale));
    ARD_TRY(check_scale("weight scale", linear->weight_scale));
    ARD_TRY(check_masks(linear));
    measure_weights(linear, &found);
    *kept = found;
    return ARD_STATUS_SUCCESS;
}

ard_status ard__linear_check_weights(const ard_linear *linear, const ard__linear_kept *kept,
                                     const ard_matrix *weights)
{
    return linear->compact
               ? ard__check_matrix("weights", weights, kept->weight_rows, kept->weight_cols)
               : ard__check_matrix("weights", weights, linear->out, linear->in);
}

ard_status ard__linear_product_weights(ard_context *context, const ard_linear *linear,
                                       const ard__linear_kept *kept, const ard_matrix *weights,
                                       ard_matrix *compact)
{
    if (linear->compact) {
        *compact = *weights;
        return ARD_STATUS_SUCCESS;
    }
    if (linear->drop_connect == NULL && !kept->tiled &&
        ard_compact_view(&linear->out_pattern, &linear->in_pattern, weights, compact)) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(ard__scratch_reserve(context, &context->compact_weights,
                                 kept->weight_rows * kept->weight_cols * sizeof(cl_float)));
    *compact = (ard_matrix){context->compact_weights.buffer, 0, kept->weight_cols};
    if (linear->drop_connect != NULL) {
        return ard__mask(context, linear->out, linear->in, 1.0f, linear->drop_connect, weights,
                         compact);
    }
    ard__kept_part part;
    ARD_TRY(ard__kept_part_get(context, linear->out, linear->in, &linear->tile,
                               &linear->out_pattern, &linear->in_pattern, &part));
    return ard__compact(context, &part, weights, compact);
}

/* The kept bias [1 x kept(out)]: as it was given where that is it, else in the scratch memory. */
static ard_status compact_bias(ard_context *context, const ard_linear *linear,
                               const ard__linear_kept *kept, const ard_matrix *bias,
                               ard_matrix *compact)
{
    if (linear->compact || ard_pattern_is_all(&linear->out_pattern)) {
        *compact = *bias;
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(ard__scratch_reserve(context, &context->compact_bias, kept->out * sizeof(cl_float)));
    *compact = (ard_matrix){context->compact_bias.buffer, 0, kept->out};
    ard__kept_part part;
    ARD_TRY(ard__kept_part_get(context, 1, linear->out, NULL, NULL, &linear->out_pattern, &part));
    return ard__compact(context, &part, bias, compact);
}

/* dst = scale * mask * activation(product + bias). The engine does what follows the product, unless
 * it is masked. */
static ard_status multiply_forward(ard_context *context, const ard_linear *linear,
                                   const ard__linear_kept *kept, const ard_matrix *src,
                                   const ard_matrix *weights, const ard__epilogue *epilogue,
                                   const ard_matrix *dst)
{
    const ard__epilogue *fused = linear->bernoulli == NULL ? epilogue : NULL;
    if (kept->tiled) {
        ARD_TRY(ard__tiles_forward(context, linear, kept, src, weights, fused, dst));
    } else {
        const ard__gemm gemm = {.m = linear->batch,
                                .n = kept->out,
                                .k = kept->in,
                                .b_transposed = true,
                                .alpha = linear->weight_scale,
                                .a = *src,
                                .b = *weights,
                                .c = *dst,
                                .epilogue = fused};
        ARD_TRY(ard__gemm_run(context, &gemm));
    }
    return linear->bernoulli != NULL ? ard__linear_activate_masked(context, linear, epilogue, dst)
                                     : ARD_STATUS_SUCCESS;
}

static ard_status forward(ard_context *context, const ard_linear *linear, const ard_matrix *src,
                          const ard_matrix *weights, const ard_matrix *bias, const ard_matrix *dst,
                          cl_event *event)
{
    ard__linear_kept kept = {0};
    ARD_TRY(ard__linear_check(context, linear, &kept));
    ARD_TRY(ard__check_matrix("src", src, linear->batch, kept.in));
    ARD_TRY(ard__linear_check_weights(linear, &kept, weights));
    ARD_TRY(ard__check_matrix("dst", dst, linear->batch, kept.out));
    ard_matrix kept_bias = {0};
    if (bias != NULL) {
        ARD_TRY(ard__check_matrix("bias", bias, 1, linear->compact ? kept.out : linear->out));
        ARD_TRY(compact_bias(context, linear, &kept, bias, &kept_bias));
    }
    ard_matrix kept_weights;
    ARD_TRY(ard__linear_product_weights(context, linear, &kept, weights, &kept_weights));
    const ard__epilogue epilogue = ard__linear_epilogue(linear, bias != NULL ? &kept_bias : NULL);
    ARD_TRY(multiply_forward(context, linear, &kept, src, &kept_weights, &epilogue, dst));
    return ard__give_event(context, event);
}

ard_status ard_linear_forward(ard_context *context, const ard_linear *linear, const ard_matrix *src,
                              const ard_matrix *weights, const ard_matrix *bias,
                              const ard_matrix *dst, cl_event *event)
{
    ard__operation_begin(context, "linear_forward");
    return ard__linear_end(context, linear,
                           forward(context, linear, src, weights, bias, dst, event));
}
