/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/reference_engine.h"

#include "device/launch.h"

/* A matrix, the step to that of the next product, and whether it is transposed. */
static void add_operand(ard__launch *launch, const ard_matrix *matrix, size_t stride,
                        bool transposed)
{
    ard__launch_matrix(launch, matrix);
    ard__launch_ulong(launch, stride);
    ard__launch_uint(launch, transposed);
}

ard_status ard__reference_run(ard_context *context, const ard__gemm_batch *batch)
{
    const ard__gemm *g = &batch->first;
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_REFERENCE, &launch));
    ard__launch_uint(&launch, (cl_uint)g->m);
    ard__launch_uint(&launch, (cl_uint)g->n);
    ard__launch_uint(&launch, (cl_uint)g->k);
    ard__launch_float(&launch, g->alpha);
    add_operand(&launch, &g->a, batch->a_stride, g->a_transposed);
    add_operand(&launch, &g->b, batch->b_stride, g->b_transposed);
    ard__launch_matrix(&launch, &g->c);
    ard__launch_ulong(&launch, batch->c_stride);
    launch.work = ard__gemm_work(batch);
    ARD_TRY(ard__launch_3d(&launch, g->n, g->m, batch->count));
    return g->epilogue != NULL ? ard__epilogue_run(context, g->m, g->n, g->epilogue, &g->c)
                               : ARD_STATUS_SUCCESS;
}
