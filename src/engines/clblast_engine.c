/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/clblast_engine.h"

#include <clblast_c.h>
#include <pthread.h>

#include "device/context_internal.h"
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
        *parameters = better != NULL && (!keep || done) ? better->name : "default";
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
        g->k, 1.0f, g->a.buffer, g->a.offset, g->a.ld, g->b.buffer, g->b.offset, g->b.ld, 0.0f,
        g->c.buffer, g->c.offset, g->c.ld, &context->queue, NULL, context->gemm.buffer);
    return code == CLBlastSuccess ? ARD_STATUS_SUCCESS : ard__fail_clblast(code, "CLBlastSgemm");
}

ard_status ard__gemm_reserve(ard_context *context, const ard__gemm *gemm)
{
    pthread_mutex_lock(&clblast_lock);
    const ard_status status = reserve(context, gemm);
    pthread_mutex_unlock(&clblast_lock);
    return status;
}

ard_status ard__gemm_run(ard_context *context, const ard__gemm *gemm)
{
    ARD_TRY(ard__order(context));
    pthread_mutex_lock(&clblast_lock);
    const ard_status status = run(context, gemm);
    pthread_mutex_unlock(&clblast_lock);
    return status;
}
