/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/gemm.h"

#include "device/context_internal.h"
#include "engines/clblast_engine.h"
#include "engines/packed_engine.h"
#include "tuning/tuning_internal.h"

ard__gemm ard__gemm_batch_product(const ard__gemm_batch *batch, size_t index)
{
    ard__gemm product = batch->first;
    product.a.offset += index * batch->a_stride;
    product.b.offset += index * batch->b_stride;
    product.c.offset += index * batch->c_stride;
    return product;
}

ard__work ard__gemm_work(const ard__gemm_batch *batch)
{
    const ard__gemm *g = &batch->first;
    const double count = (double)batch->count;
    return (ard__work){
        .is_multiplication = true,
        .flops = 2.0 * count * (double)g->m * (double)g->n * (double)g->k,
        .bytes = count * (ard__matrix_bytes(g->m, g->k, 1) + ard__matrix_bytes(g->k, g->n, 1) +
                          ard__matrix_bytes(g->m, g->n, 1)),
    };
}

bool ard__gemm_may_run(const ard_context *context, ard_engine engine)
{
    return context->engine_forced ? context->forced_engine == engine
                                  : ard__tuning_names_engine(&context->tuning, engine);
}

static ard_engine engine_for(const ard_context *context, const ard__gemm *g)
{
    return context->engine_forced ? context->forced_engine
                                  : ard_tuning_engine(&context->tuning, g->m, g->n, g->k,
                                                      g->a_transposed, g->b_transposed);
}

ard_status ard__gemm_run_batch(ard_context *context, const ard__gemm_batch *batch)
{
    return engine_for(context, &batch->first) == ARD_ENGINE_PACKED
               ? ard__packed_run(context, batch)
               : ard__clblast_run(context, batch);
}

ard_status ard__gemm_run(ard_context *context, const ard__gemm *gemm)
{
    const ard__gemm_batch batch = {.first = *gemm, .count = 1};
    return ard__gemm_run_batch(context, &batch);
}

ard_status ard__gemm_reserve(ard_context *context, const ard__gemm_batch *batch)
{
    if (ard__gemm_may_run(context, ARD_ENGINE_PACKED)) {
        ARD_TRY(ard__packed_reserve(context, batch));
    }
    return ard__gemm_may_run(context, ARD_ENGINE_CLBLAST)
               ? ard__clblast_reserve(context, &batch->first)
               : ARD_STATUS_SUCCESS;
}
