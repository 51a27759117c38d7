/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/clblast_engine.h"

#include <clblast_c.h>
#include <pthread.h>
#include <stdio.h>

#include "device/context_internal.h"
#include "device/profile_internal.h"
#include "engines/clblast_override.h"
#include "engines/gemm.h"

/* CLBlast keeps caches and overrides for the whole process, and before 1.6.1 concurrent calls race
 * on them. */
static pthread_mutex_t clblast_lock = PTHREAD_MUTEX_INITIALIZER;

const char *ard__clblast_version(void)
{
    return ARD_CLBLAST_VERSION;
}

ard_status ard__clblast_configure(ard_context *context, bool keep)
{
    const ard_tuning *tuning = &context->tuning;
    if (keep || tuning->clblast_count == 0) {
        return ARD_STATUS_SUCCESS;
    }
    pthread_mutex_lock(&clblast_lock);
    const ard_status status =
        ard__clblast_override(context->device, tuning->clblast, tuning->clblast_count);
    pthread_mutex_unlock(&clblast_lock);
    return status;
}

void ard__clblast_describe(const ard_context *context, char *text, size_t capacity)
{
    pthread_mutex_lock(&clblast_lock);
    const uint32_t in_force = ard__clblast_in_force(context->device);
    pthread_mutex_unlock(&clblast_lock);
    snprintf(text, capacity, in_force != 0 ? "%08x" : "default", in_force);
}

static CLBlastTranspose transpose(bool transposed)
{
    return transposed ? CLBlastTransposeYes : CLBlastTransposeNo;
}

/* The lock is held. */
static ard_status reserve(ard_context *context, const ard__gemm *g)
{
    size_t bytes = 0;
    const CLBlastStatusCode code = CLBlastSGemmTempBufferSize(
        CLBlastLayoutRowMajor, transpose(g->a_transposed), transpose(g->b_transposed), g->m, g->n,
        g->k, g->a.offset, g->a.ld, g->b.offset, g->b.ld, g->c.offset, g->c.ld, &context->queue,
        &bytes);
    if (code != CLBlastSuccess) {
        return ard__fail_clblast(code, "CLBlastSGemmTempBufferSize");
    }
    return bytes > 0 ? ard__scratch_reserve(context, &context->gemm, bytes) : ARD_STATUS_SUCCESS;
}

/* The lock is held. */
static ard_status run(ard_context *context, const ard__gemm *g)
{
    ARD_TRY(reserve(context, g));
    const CLBlastStatusCode code = CLBlastSgemmWithTempBuffer(
        CLBlastLayoutRowMajor, transpose(g->a_transposed), transpose(g->b_transposed), g->m, g->n,
        g->k, g->alpha, g->a.buffer, g->a.offset, g->a.ld, g->b.buffer, g->b.offset, g->b.ld, 0.0f,
        g->c.buffer, g->c.offset, g->c.ld, &context->queue, NULL, context->gemm.buffer);
    return code == CLBlastSuccess ? ARD_STATUS_SUCCESS : ard__fail_clblast(code, "CLBlastSgemm");
}

/* Ends the recording of a call of CLBlast that ended with `status` and began behind the marker
 * `before`; NULL: nothing is recorded. CLBlast's own event would be that of its last kernel. */
static ard_status end_call(ard_context *context, const ard__gemm_batch *batch, cl_event before,
                           ard_status status)
{
    cl_event after = NULL;
    if (before == NULL) {
        return status;
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = ard__profile_mark(context, &after);
    }
    if (status != ARD_STATUS_SUCCESS) {
        clReleaseEvent(before);
        return status;
    }
    const ard__work work = ard__gemm_work(batch);
    ard__profile_add(context, before, after, "clblast", &work);
    return ARD_STATUS_SUCCESS;
}

/* The lock is held. */
static ard_status run_in_turn(ard_context *context, const ard__gemm_batch *batch)
{
    for (size_t i = 0; i < batch->count; ++i) {
        const ard__gemm_batch product = {.first = ard__gemm_batch_product(batch, i), .count = 1};
        cl_event before = NULL;
        ARD_TRY(ard__order(context));
        ARD_TRY(ard__profile_mark(context, &before));
        ARD_TRY(end_call(context, &product, before, run(context, &product.first)));
    }
    return ARD_STATUS_SUCCESS;
}

/* The lock is held. */
static ard_status run_strided(ard_context *context, const ard__gemm_batch *batch)
{
    const ard__gemm *g = &batch->first;
    cl_event before = NULL;
    ARD_TRY(ard__profile_mark(context, &before));
    const CLBlastStatusCode code = CLBlastSgemmStridedBatched(
        CLBlastLayoutRowMajor, transpose(g->a_transposed), transpose(g->b_transposed), g->m, g->n,
        g->k, g->alpha, g->a.buffer, g->a.offset, g->a.ld, batch->a_stride, g->b.buffer,
        g->b.offset, g->b.ld, batch->b_stride, 0.0f, g->c.buffer, g->c.offset, g->c.ld,
        batch->c_stride, batch->count, &context->queue, NULL);
    return end_call(context, batch, before,
                    code == CLBlastSuccess ? ARD_STATUS_SUCCESS
                                           : ard__fail_clblast(code, "CLBlastSgemmStridedBatched"));
}

ard_status ard__clblast_reserve(ard_context *context, const ard__gemm_batch *batch)
{
    pthread_mutex_lock(&clblast_lock);
    const ard_status status = reserve(context, &batch->first);
    pthread_mutex_unlock(&clblast_lock);
    return status;
}

ard_status ard__clblast_run(ard_context *context, const ard__gemm_batch *batch)
{
    ARD_TRY(ard__order(context));
    pthread_mutex_lock(&clblast_lock);
    const ard_status status = batch->count > 1 && context->tuning.strided_batched
                                  ? run_strided(context, batch)
                                  : run_in_turn(context, batch);
    pthread_mutex_unlock(&clblast_lock);
    const ard__gemm *g = &batch->first;
    return status == ARD_STATUS_SUCCESS && g->epilogue != NULL
               ? ard__epilogue_run(context, g->m, g->n, g->epilogue, &g->c)
               : status;
}
