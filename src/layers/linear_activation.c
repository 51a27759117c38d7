/* SPDX-License-Identifier: Apache-2.0 */
/* What a linear layer does beside its products. */
#include "core/integers.h"
#include "device/context_internal.h"
#include "device/launch.h"
#include "layers/linear_internal.h"
#include "layers/mask.h"

ard__epilogue ard__linear_epilogue(const ard_linear *linear, const ard_matrix *bias)
{
    return (ard__epilogue){.bias = bias != NULL ? *bias : (ard_matrix){0},
                           .relu = linear->activation == ARD_ACTIVATION_RELU,
                           .scale = linear->scale};
}

ard_status ard__linear_activate_masked(ard_context *context, const ard_linear *linear,
                                       const ard__epilogue *epilogue, const ard_matrix *dst)
{
    const bool biased = epilogue->bias.buffer != NULL;
    const ard_matrix *from = biased ? &epilogue->bias : dst; /* the kernel wants some buffer */
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_FORWARD_BERNOULLI, &launch));
    ard__launch_uint(&launch, (cl_uint)linear->batch);
    ard__launch_uint(&launch, (cl_uint)linear->out);
    ard__launch_uint(&launch, biased);
    ard__launch_buffer(&launch, from->buffer);
    ard__launch_ulong(&launch, from->offset);
    ard__launch_uint(&launch, epilogue->relu);
    ard__launch_float(&launch, epilogue->scale);
    ard__add_mask(&launch, linear->bernoulli);
    ard__launch_matrix(&launch, dst);
    ard__launch_touches(&launch, linear->batch, linear->out, 2);
    return ard__launch_2d(&launch, ard__mask_items(context, linear->out), linear->batch);
}

ard_status ard__linear_differentiate(ard_context *context, const ard_linear *linear,
                                     const ard__linear_kept *kept, const ard_matrix *dst,
                                     const ard_matrix *diff_dst, const ard_matrix *diff_pre)
{
    const bool relu = linear->activation == ARD_ACTIVATION_RELU;
    if (linear->bernoulli != NULL && !relu) {
        return ard__mask(context, linear->batch, kept->out, linear->scale, linear->bernoulli,
                         diff_dst, diff_pre);
    }
    const bool in_place =
        diff_pre->buffer == diff_dst->buffer && diff_pre->offset == diff_dst->offset;
    if (in_place && !relu && linear->scale == 1.0f) {
        return ARD_STATUS_SUCCESS;
    }
    return ard__differentiate(context, linear->batch, kept->out, relu, linear->scale, dst, diff_dst,
                              diff_pre);
}

ard_status ard__sum_rows(ard_context *context, size_t rows, size_t cols, const ard_matrix *src,
                         const ard_matrix *sums)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_SUM_ROWS, &launch));
    ard__launch_uint(&launch, (cl_uint)rows);
    ard__launch_uint(&launch, (cl_uint)cols);
    ard__launch_matrix(&launch, src);
    ard__launch_buffer(&launch, sums->buffer);
    ard__launch_ulong(&launch, sums->offset);
    ard__launch_touches(&launch, rows, cols, 1);
    ard__launch_touches(&launch, 1, cols, 1);
    return ard__launch_1d(&launch, ard__divide_up(cols, context->vector_width));
}
