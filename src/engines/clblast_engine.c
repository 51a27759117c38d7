/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/clblast_engine.h"

#include <clblast_c.h>
#include <pthread.h>

#include "device/context_internal.h"
#include "device/profile_internal.h"
#include "engines/clblast_parameters.h"
#include "engines/gemm.h"

/* CLBlast keeps caches and overrides for the whole process, and before 1.6.1 concurrent calls race
 * on them. */
static pthread_mutex_t clblast_lock = PTHREAD_MUTEX_INITIALIZER;

enum { MAX_CONFIGURED_DEVICES = 64 };

/* The devices whose parameters were overridden. Guarded by the lock. */
static struct {
    cl_device_id devices[MAX_CONFIGURED_DEVICES];
    size_t count;
} configured;

const char *ard__clblast_version(void)
{
    return ARD_CLBLAST_VERSION;
}

static bool is_configured(cl_device_id device)
{
    for (size_t i = 0; i < configured.count; ++i) {
        if (configured.devices[i] == device) {
            return true;
        }
    }
    return false;
}

/* The lock is held. */
static ard_status override_parameters(cl_device_id device,
                                      const ard__clblast_parameters *parameters)
{
    if (configured.count == MAX_CONFIGURED_DEVICES) {
        return ard__fail(ARD_STATUS_UNSUPPORTED, "more than %d devices in one process",
                         MAX_CONFIGURED_DEVICES);
    }
    for (size_t i = 0; i < parameters->count; ++i) {
        const ard__clblast_kernel *kernel = &parameters->kernels[i];
        const CLBlastStatusCode code =
            CLBlastOverrideParameters(device, kernel->kernel, CLBlastPrecisionSingle, kernel->count,
                                      (const char **)kernel->names, kernel->values);
        if (code != CLBlastSuccess) {
            return ard__fail_clblast(code, "CLBlastOverrideParameters");
        }
    }
    configured.devices[configured.count++] = device;
    return ARD_STATUS_SUCCESS;
}

ard_status ard__clblast_configure(ard_context *context, bool keep, const char **parameters)
{
    const ard__clblast_parameters *better = ard__clblast_parameters_for(&context->info);
    ard_status status = ARD_STATUS_SUCCESS;
    pthread_mutex_lock(&clblast_lock);
    const bool done = is_configured(context->device);
    if (better != NULL && !keep && !done) {
        status = override_parameters(context->device, better);
    }
    pthread_mutex_unlock(&clblast_lock);
    if (status == ARD_STATUS_SUCCESS) {
        const bool in_force = better != NULL && (!keep || done);
        *parameters = in_force ? better->name : "default";
        context->strided_batched = in_force ? better->strided_batched : true;
    }
    return status;
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

ard_status ard__clblast_reserve(ard_context *context, const ard__gemm *gemm)
{
    pthread_mutex_lock(&clblast_lock);
    const ard_status status = reserve(context, gemm);
    pthread_mutex_unlock(&clblast_lock);
    return status;
}

ard_status ard__clblast_run(ard_context *context, const ard__gemm_batch *batch)
{
    ARD_TRY(ard__order(context));
    pthread_mutex_lock(&clblast_lock);
    const ard_status status = batch->count > 1 && context->strided_batched
                                  ? run_strided(context, batch)
                                  : run_in_turn(context, batch);
    pthread_mutex_unlock(&clblast_lock);
    const ard__gemm *g = &batch->first;
    return status == ARD_STATUS_SUCCESS && g->epilogue != NULL
               ? ard__epilogue_run(context, g->m, g->n, g->epilogue, &g->c)
               : status;
}
