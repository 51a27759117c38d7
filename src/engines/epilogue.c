/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/gemm.h"

#include "core/status_internal.h"
#include "device/launch.h"

ard_status ard__epilogue_run(ard_context *context, size_t rows, size_t cols,
                             const ard__epilogue *epilogue, const ard_matrix *c)
{
    const bool biased = epilogue->bias.buffer != NULL;
    if (!biased && !epilogue->relu && epilogue->scale == 1.0f) {
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
    ard__launch_float(&launch, epilogue->scale);
    ard__launch_matrix(&launch, c);
    ard__launch_touches(&launch, rows, cols, 2);
    return ard__launch_2d(&launch, cols, rows);
}
