/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/panels.h"

#include <assert.h>

#include "core/integers.h"
#include "device/context_internal.h"
#include "device/launch.h"
#include "engines/packed_engine.h"

/* Columns of a strip. */
static size_t strip_width(const ard_context *context)
{
    return (size_t)ARD__PANEL_VECTORS * context->tuning.packed.vector_width;
}

size_t ard__panels_bytes(const ard_context *context, size_t n, size_t k)
{
    const size_t width = strip_width(context);
    return ard__divide_up(n, width) * width * k * sizeof(cl_float);
}

ard_status ard__panels_pack(ard_context *context, const ard__gemm *gemm, cl_mem panels)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_PACK_PANELS, &launch));
    ard__launch_uint(&launch, (cl_uint)gemm->n);
    ard__launch_uint(&launch, (cl_uint)gemm->k);
    ard__launch_matrix(&launch, &gemm->b);
    ard__launch_uint(&launch, gemm->b_transposed);
    ard__launch_buffer(&launch, panels);
    launch.work.is_multiplication = true;
    ard__launch_touches(&launch, gemm->k, gemm->n, 2);
    return ard__launch_single(&launch, ard__divide_up(gemm->n, strip_width(context)),
                              ard__divide_up(gemm->k, context->tuning.packed.depth), 1);
}

ard_status ard__panels_multiply(ard_context *context, const ard__gemm *gemm)
{
    assert(gemm->b_prepared && !gemm->a_transposed && gemm->epilogue == NULL);
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_MULTIPLY_PANELS, &launch));
    ard__launch_uint(&launch, (cl_uint)gemm->m);
    ard__launch_uint(&launch, (cl_uint)gemm->n);
    ard__launch_uint(&launch, (cl_uint)gemm->k);
    ard__launch_float(&launch, gemm->alpha);
    ard__launch_matrix(&launch, &gemm->a);
    ard__launch_buffer(&launch, gemm->b.buffer);
    ard__launch_matrix(&launch, &gemm->c);
    launch.work = ard__gemm_work(&(ard__gemm_batch){.first = *gemm, .count = 1});
    return ard__launch_single(&launch, ard__divide_up(gemm->n, strip_width(context)), 1, 1);
}
