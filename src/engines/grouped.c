/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/grouped.h"

#include "device/context_internal.h"
#include "device/kept_part.h"

/* Rows of a as it is stored. */
static size_t rows_of_a(const ard__gemm_batch *batch)
{
    return batch->first.a_transposed ? batch->first.k : batch->first.m;
}

/* A matrix in the order of the products. */
static ard_status make_room(ard_context *context, const ard__columns *columns, size_t count,
                            size_t rows, ard__scratch *scratch, ard_matrix *grouped)
{
    const size_t width = count * columns->stride;
    ARD_TRY(ard__scratch_reserve(context, scratch, rows * width * sizeof(cl_float)));
    *grouped = (ard_matrix){scratch->buffer, 0, width};
    return ARD_STATUS_SUCCESS;
}

/* Replaces an operand [rows x width] by its columns in the order of the products, and its list by a
 * stride. */
static ard_status gather(ard_context *context, size_t count, size_t rows, ard__scratch *scratch,
                         ard__columns *columns, ard_matrix *matrix, size_t *stride)
{
    ard_matrix grouped;
    if (columns->stride == 0) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(make_room(context, columns, count, rows, scratch, &grouped));
    ARD_TRY(ard__gather_columns(context, rows, grouped.ld, columns->buffer, columns->at,
                                columns->runs, matrix, &grouped));
    *matrix = grouped;
    *stride = columns->stride;
    *columns = (ard__columns){.stride = 0};
    return ARD_STATUS_SUCCESS;
}

static bool are_full(const ard__columns *columns, size_t count)
{
    for (size_t q = 0; columns->stride > 0 && q < count; ++q) {
        if (columns->sizes[q] != columns->stride) {
            return false;
        }
    }
    return true;
}

/* One product, of `sized` sizes. */
static ard_status run_one(ard_context *context, const ard__gemm *sized, const ard__engine *engine)
{
    const ard__gemm_batch one = {.first = *sized, .count = 1};
    if (sized->m == 0 || sized->n == 0) {
        return ARD_STATUS_SUCCESS;
    }
    if (sized->k > 0) {
        return engine->run(context, &one);
    }
    ARD_TRY(ard__clear(context, sized->m, sized->n, &sized->c));
    return sized->epilogue != NULL
               ? ard__epilogue_run(context, sized->m, sized->n, sized->epilogue, &sized->c)
               : ARD_STATUS_SUCCESS;
}

/* The products of `plain`, which has strides where `batch` has lists: at once if they have one
 * size.
 */
static ard_status run_products(ard_context *context, const ard__gemm_batch *batch,
                               const ard__gemm_batch *plain, const ard__engine *engine)
{
    if (are_full(&batch->a_columns, batch->count) && are_full(&batch->b_columns, batch->count) &&
        are_full(&batch->c_columns, batch->count)) {
        return engine->run(context, plain);
    }
    for (size_t q = 0; q < batch->count; ++q) {
        const ard__gemm sizes = ard__gemm_batch_product(batch, q);
        ard__gemm product = ard__gemm_batch_product(plain, q);
        product.m = sizes.m;
        product.n = sizes.n;
        product.k = sizes.k;
        ARD_TRY(run_one(context, &product, engine));
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard__grouped_run(ard_context *context, const ard__gemm_batch *batch,
                            const ard__engine *engine)
{
    const ard__gemm *first = &batch->first;
    const ard__columns *to = &batch->c_columns;
    ard__gemm_batch plain = *batch;
    ARD_TRY(gather(context, batch->count, rows_of_a(batch), &context->grouped_a, &plain.a_columns,
                   &plain.first.a, &plain.a_stride));
    ARD_TRY(gather(context, batch->count, first->k, &context->grouped_n, &plain.b_columns,
                   &plain.first.b, &plain.b_stride));
    if (to->stride == 0) {
        return run_products(context, batch, &plain, engine);
    }
    ARD_TRY(make_room(context, to, batch->count, first->m, &context->grouped_n, &plain.first.c));
    plain.first.epilogue = NULL;
    plain.c_stride = to->stride;
    plain.c_columns = (ard__columns){.stride = 0};
    ARD_TRY(run_products(context, batch, &plain, engine));
    ARD_TRY(ard__gather_columns(context, first->m, to->width, to->buffer, to->places_at, to->runs,
                                &plain.first.c, &first->c));
    return first->epilogue != NULL
               ? ard__epilogue_run(context, first->m, to->width, first->epilogue, &first->c)
               : ARD_STATUS_SUCCESS;
}

ard_status ard__grouped_reserve(ard_context *context, const ard__gemm_batch *batch)
{
    const size_t count = batch->count;
    ard_matrix any;
    ARD_TRY(
        make_room(context, &batch->a_columns, count, rows_of_a(batch), &context->grouped_a, &any));
    ARD_TRY(
        make_room(context, &batch->b_columns, count, batch->first.k, &context->grouped_n, &any));
    return make_room(context, &batch->c_columns, count, batch->first.m, &context->grouped_n, &any);
}
