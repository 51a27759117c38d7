/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/gemm.h"

#include <string.h>

#include "device/context_internal.h"
#include "device/log_internal.h"
#include "engines/clblast_engine.h"
#include "engines/grouped.h"
#include "engines/packed_engine.h"
#include "engines/panels.h"
#include "engines/reference_engine.h"
#include "tuning/tuning_internal.h"

/* First those that a tuning can choose, by their numbers. */
static const ard__engine engines[] = {
    [ARD_ENGINE_CLBLAST] = {"clblast", ard__clblast_run, ard__clblast_reserve, false},
    [ARD_ENGINE_PACKED] = {"packed", ard__packed_run, ard__packed_reserve, true},
    {"reference", ard__reference_run, NULL, false},
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

static void place(ard_matrix *matrix, const ard__columns *columns, size_t distance)
{
    if (columns->stride == 0) {
        matrix->offset += distance;
    }
}

ard__gemm ard__gemm_batch_product(const ard__gemm_batch *batch, size_t index)
{
    ard__gemm product = batch->first;
    place(&product.a, &batch->a_columns, index * batch->a_stride);
    place(&product.b, &batch->b_columns, index * batch->b_stride);
    place(&product.c, &batch->c_columns, index * batch->c_stride);
    if (batch->a_columns.stride > 0) {
        *(product.a_transposed ? &product.m : &product.k) = batch->a_columns.sizes[index];
    }
    if (batch->b_columns.stride > 0) {
        product.n = batch->b_columns.sizes[index];
    }
    if (batch->c_columns.stride > 0) {
        product.n = batch->c_columns.sizes[index];
    }
    return product;
}

bool ard__gemm_has_columns(const ard__gemm_batch *batch)
{
    return batch->a_columns.stride > 0 || batch->b_columns.stride > 0 ||
           batch->c_columns.stride > 0;
}

ard__work ard__gemm_work(const ard__gemm_batch *batch)
{
    const size_t shapes = ard__gemm_has_columns(batch) ? batch->count : 1;
    const double of_each = (double)batch->count / (double)shapes;
    ard__work work = {.is_multiplication = true};
    for (size_t i = 0; i < shapes; ++i) {
        const ard__gemm g = ard__gemm_batch_product(batch, i);
        work.flops += 2.0 * of_each * (double)g.m * (double)g.n * (double)g.k;
        work.bytes += of_each * (ard__matrix_bytes(g.m, g.k, 1) + ard__matrix_bytes(g.k, g.n, 1) +
                                 ard__matrix_bytes(g.m, g.n, 1));
    }
    return work;
}

bool ard__gemm_may_run(const ard_context *context, ard_engine engine)
{
    return context->forced_engine != NULL ? context->forced_engine == &engines[engine]
                                          : ard__tuning_names_engine(&context->tuning, engine);
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
    const ard__engine *engine =
        batch->first.b_prepared ? &engines[ARD_ENGINE_PACKED] : engine_for(context, &batch->first);
    ard__log_engine(context, engine->name);
    return engine->takes_columns || !ard__gemm_has_columns(batch)
               ? engine->run(context, batch)
               : ard__grouped_run(context, batch, engine);
}

ard_status ard__gemm_run(ard_context *context, const ard__gemm *gemm)
{
    const ard__gemm_batch batch = {.first = *gemm, .count = 1};
    return ard__gemm_run_batch(context, &batch);
}

ard_status ard__gemm_prepare_reserve(ard_context *context, size_t n, size_t k, ard__scratch *room)
{
    return ard__gemm_may_run(context, ARD_ENGINE_PACKED)
               ? ard__scratch_reserve(context, room, ard__panels_bytes(context, n, k))
               : ARD_STATUS_SUCCESS;
}

ard_status ard__gemm_prepare(ard_context *context, ard__gemm *gemm, ard__scratch *room)
{
    if (engine_for(context, gemm) != &engines[ARD_ENGINE_PACKED]) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(ard__gemm_prepare_reserve(context, gemm->n, gemm->k, room));
    ARD_TRY(ard__panels_pack(context, gemm, room->buffer));
    gemm->b = (ard_matrix){room->buffer, 0, 0};
    gemm->b_prepared = true;
    return ARD_STATUS_SUCCESS;
}

static ard_status reserve(ard_context *context, const ard__engine *engine,
                          const ard__gemm_batch *batch)
{
    if (!engine->takes_columns) {
        ARD_TRY(ard__grouped_reserve(context, batch));
    }
    return engine->reserve != NULL ? engine->reserve(context, batch) : ARD_STATUS_SUCCESS;
}

ard_status ard__gemm_reserve(ard_context *context, const ard__gemm_batch *batch)
{
    if (context->forced_engine != NULL) {
        return reserve(context, context->forced_engine, batch);
    }
    for (size_t i = 0; i <= ARD_ENGINE_PACKED; ++i) {
        if (ard__gemm_may_run(context, (ard_engine)i)) {
            ARD_TRY(reserve(context, &engines[i], batch));
        }
    }
    return ARD_STATUS_SUCCESS;
}
