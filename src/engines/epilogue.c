/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/gemm.h"

#include "core/status_internal.h"
#include "device/launch.h"

ard_status ard__differentiate(ard_context *context, size_t rows, size_t cols, bool relu,
                              float scale, const ard_matrix *dst, const ard_matrix *diff_dst,
                              const ard_matrix *diff_pre)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_BACKWARD_ACTIVATION, &launch));
    ard__launch_uint(&launch, (cl_uint)rows);
    ard__launch_uint(&launch, (cl_uint)cols);
    ard__launch_uint(&launch, relu);
    ard__launch_float(&launch, scale);
    ard__launch_matrix(&launch, dst);
    ard__launch_matrix(&launch, diff_dst);
    ard__launch_matrix(&launch, diff_pre);
    ard__launch_touches(&launch, rows, cols, relu ? 3 : 2);
    return ard__launch_2d(&launch, cols, rows);
}

/* c = scale * activation(c + bias) */
static ard_status activate(ard_context *context, size_t rows, size_t cols,
                           const ard__epilogue *epilogue, float scale, const ard_matrix *c)
{
    const bool biased = epilogue->bias.buffer != NULL;
    if (!biased && !epilogue->relu && scale == 1.0f) {
        return ARD_STATUS_SUCCESS;
    }
    const ard_matrix *from = biased ? &epilogue->bias : c; /* the kernel wants some buffer */
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_FORWARD_ACTIVATION, &launch));
    ard__launch_uint(&launch, (cl_uint)rows);
    ard__launch_uint(&launch, (cl_uint)cols);
    ard__launch_uint(&launch, biased);
    ard__launch_buffer(&launch, from->buffer);
    ard__launch_ulong(&launch, from->offset);
    ard__launch_uint(&launch, epilogue->relu);
    ard__launch_float(&launch, scale);
    ard__launch_matrix(&launch, c);
    ard__launch_touches(&launch, rows, cols, 2);
    return ard__launch_2d(&launch, cols, rows);
}

ard_status ard__epilogue_run(ard_context *context, size_t rows, size_t cols,
                             const ard__epilogue *epilogue, const ard_matrix *c)
{
    if (epilogue->derivative_of.buffer == NULL) {
        return activate(context, rows, cols, epilogue, epilogue->scale, c);
    }
    ARD_TRY(activate(context, rows, cols, epilogue, 1.0f, c));
    return ard__differentiate(context, rows, cols, true, epilogue->scale, &epilogue->derivative_of,
                              c, c);
}
