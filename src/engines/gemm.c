/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/gemm.h"

#include <string.h>

#include "device/context_internal.h"
#include "engines/clblast_engine.h"
#include "engines/packed_engine.h"
#include "engines/reference_engine.h"
#include "tuning/tuning_internal.h"

/* First those that a tuning can choose, by their numbers. */
static const ard__engine engines[] = {
    [ARD_ENGINE_CLBLAST] = {"clblast", ard__clblast_run, ard__clblast_reserve},
    [ARD_ENGINE_PACKED] = {"packed", ard__packed_run, ard__packed_reserve},
    {"reference", ard__reference_run, NULL},
};
enum { ENGINE_COUNT = sizeof engines / sizeof engines[0] };

const ard__engine *ard__gemm_engine(const char *name)
{
    for (size_t i = 0; i < ENGINE_COUNT; ++i) {
        if (strcmp(engines[i].name, name) == 0) {
            return &engines[i];
        }
    }
    return NULL;
}

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
    return context->forced_engine != NULL ? context->forced_engine == &engines[engine]
                                          : ard__tuning_names_engine(&context->tuning, engine);
}

static bool may_run(const ard_context *context, const ard__engine *engine)
{
    const size_t index = (size_t)(engine - engines);
    return context->forced_engine != NULL
               ? context->forced_engine == engine
               : index <= ARD_ENGINE_PACKED && ard__gemm_may_run(context, (ard_engine)index);
}

static const ard__engine *engine_for(const ard_context *context, const ard__gemm *g)
{
    return context->forced_engine != NULL
               ? context->forced_engine
               : &engines[ard_tuning_engine(&context->tuning, g->m, g->n, g->k, g->a_transposed,
                                            g->b_transposed)];
}

ard_status ard__gemm_run_batch(ard_context *context, const ard__gemm_batch *batch)
{
    return engine_for(context, &batch->first)->run(context, batch);
}

ard_status ard__gemm_run(ard_context *context, const ard__gemm *gemm)
{
    const ard__gemm_batch batch = {.first = *gemm, .count = 1};
    return ard__gemm_run_batch(context, &batch);
}

ard_status ard__gemm_reserve(ard_context *context, const ard__gemm_batch *batch)
{
    for (size_t i = 0; i < ENGINE_COUNT; ++i) {
        if (may_run(context, &engines[i]) && engines[i].reserve != NULL) {
            ARD_TRY(engines[i].reserve(context, batch));
        }
    }
    return ARD_STATUS_SUCCESS;
}
