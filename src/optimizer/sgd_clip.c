/* SPDX-License-Identifier: Apache-2.0 */
/* Clipping by the global norm (cl/sgd_clip.cl). */
#include <float.h>
#include <math.h>
#include <stdio.h>

#include "core/integers.h"
#include "device/launch.h"
#include "device/matrix_check.h"
#include "device/operation.h"
#include "device/profile_internal.h"
#include "optimizer/sgd_internal.h"

/* The sizes of chunks: CHUNK columns are sgd_clip.cl's. Fixed, so that the norm has the same bits
 * every time; with at most so many rows a lane adds at most 127 squares one after the other, which
 * bounds the error (sgd.h). */
enum { CHUNK = 4096, MOST_CHUNK_ROWS = 64 };

enum { CLIP_VALUES = 3 }; /* the factor, and the squared norm in two parts */

/* A matrix and how it is cut. */
typedef struct chunks {
    size_t rows; /* 1 where all elements are side by side */
    size_t cols;
    size_t chunk_rows;
    size_t across; /* chunks side by side */
    size_t count;
} chunks;

static chunks cut(const ard_gradient *gradient)
{
    const bool flat = gradient->rows == 1 || gradient->matrix.ld == gradient->cols;
    chunks cut = {.rows = flat ? 1 : gradient->rows,
                  .cols = flat ? gradient->rows * gradient->cols : gradient->cols};
    cut.chunk_rows = cut.cols < CHUNK ? ard__smaller(CHUNK / cut.cols, (size_t)MOST_CHUNK_ROWS) : 1;
    cut.across = ard__divide_up(cut.cols, CHUNK);
    cut.count = cut.across * ard__divide_up(cut.rows, cut.chunk_rows);
    return cut;
}

static ard_status check_clip(const ard_sgd *sgd, double max_norm, size_t count,
                             const ard_gradient *gradients)
{
    ARD__CHECK(sgd != NULL, "ard_sgd_clip: sgd is NULL");
    ARD__CHECK(max_norm >= FLT_MIN && isfinite(max_norm),
               "the largest norm is %g, expected a positive number, %g or more", max_norm,
               (double)FLT_MIN);
    ARD__CHECK(gradients != NULL && count > 0, "ard_sgd_clip: there are no gradients");
    for (size_t i = 0; i < count; ++i) {
        const ard_gradient *gradient = &gradients[i];
        char name[40];
        snprintf(name, sizeof name, "gradients[%zu]", i);
        ARD_TRY(ard__check_size("rows of a gradient", gradient->rows));
        ARD_TRY(ard__check_size("cols of a gradient", gradient->cols));
        ARD_TRY(ard__check_matrix(name, &gradient->matrix, gradient->rows, gradient->cols));
    }
    return ard__sgd_check_before_updates(sgd);
}

/* One work-item a chunk on devices with vectors, a group on others. */
static ard_status sum_squares(ard_sgd *sgd, const ard_gradient *gradient, size_t sums_at)
{
    ard_context *context = sgd->context;
    const chunks part = cut(gradient);
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_SQUARE_SUMS, &launch));
    ard__launch_ulong(&launch, part.rows);
    ard__launch_ulong(&launch, part.cols);
    ard__launch_ulong(&launch, part.chunk_rows);
    ard__launch_ulong(&launch, part.across);
    ard__launch_matrix(&launch, &gradient->matrix);
    ard__launch_buffer(&launch, sgd->square_sums.buffer);
    ard__launch_ulong(&launch, sums_at);
    ard__launch_touches(&launch, gradient->rows, gradient->cols, 1);
    return context->vector_width > 1 ? ard__launch_single(&launch, part.count, 1, 1)
                                     : ard__launch_1d(&launch, part.count * context->group_size);
}

static ard_status find_factor(ard_sgd *sgd, double max_norm, size_t sums)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(sgd->context, ARD__KERNEL_CLIP_FACTOR, &launch));
    ard__launch_ulong(&launch, sums);
    ard__launch_buffer(&launch, sgd->square_sums.buffer);
    ard__launch_float(&launch, max_norm < FLT_MAX ? (cl_float)max_norm : FLT_MAX);
    ard__launch_buffer(&launch, sgd->clip);
    ard__launch_touches(&launch, sums, 1, 1);
    return ard__launch_1d(&launch, sgd->context->group_size);
}

static ard_status clip(ard_sgd *sgd, double max_norm, size_t count, const ard_gradient *gradients)
{
    ARD_TRY(check_clip(sgd, max_norm, count, gradients));
    size_t sums = 0;
    for (size_t i = 0; i < count; ++i) {
        sums += cut(&gradients[i]).count;
    }
    if (sgd->clip == NULL) {
        ARD_TRY(ard__buffer_create(sgd->context, CLIP_VALUES * sizeof(cl_float), &sgd->clip));
    }
    ARD_TRY(ard__scratch_reserve(sgd->context, &sgd->square_sums, sums * sizeof(cl_float)));
    size_t at = 0;
    for (size_t i = 0; i < count; ++i) {
        ARD_TRY(sum_squares(sgd, &gradients[i], at));
        at += cut(&gradients[i]).count;
    }
    ARD_TRY(find_factor(sgd, max_norm, sums));
    sgd->has_norm = true;
    sgd->is_clipped = true;
    return ARD_STATUS_SUCCESS;
}

ard_status ard_sgd_clip(ard_sgd *sgd, double max_norm, size_t count, const ard_gradient *gradients)
{
    ard__operation_begin(ard__sgd_context(sgd), "sgd_clip");
    return ard__operation_end_plain(ard__sgd_context(sgd), clip(sgd, max_norm, count, gradients));
}

static ard_status gradient_norm(ard_sgd *sgd, double *norm)
{
    ARD__CHECK(sgd != NULL && norm != NULL, "ard_sgd_gradient_norm: an argument is NULL");
    if (!sgd->has_norm) {
        *norm = 0.0;
        return ARD_STATUS_SUCCESS;
    }
    const ard_matrix clip = {sgd->clip, 0, CLIP_VALUES};
    cl_float values[CLIP_VALUES];
    ARD_TRY(ard_matrix_read(sgd->context, 1, CLIP_VALUES, &clip, values));
    /* Behind an infinite or undefined sum the remainder says nothing. */
    *norm = isfinite(values[1]) ? sqrt((double)values[1] + (double)values[2]) : (double)values[1];
    return ARD_STATUS_SUCCESS;
}

ard_status ard_sgd_gradient_norm(ard_sgd *sgd, double *norm)
{
    ard__operation_begin(ard__sgd_context(sgd), "sgd_gradient_norm");
    return ard__operation_end_plain(ard__sgd_context(sgd), gradient_norm(sgd, norm));
}

ard_status ard__sgd_create_unclipped(ard_sgd *sgd)
{
    static const union {
        cl_float value;
        uint32_t bits;
    } one = {1.0f};
    ARD_TRY(ard__buffer_create(sgd->context, sizeof one, &sgd->one));
    return ard__buffer_fill(sgd->context, sgd->one, one.bits, sizeof one);
}

cl_mem ard__sgd_factor(const ard_sgd *sgd)
{
    return sgd->is_clipped ? sgd->clip : sgd->one;
}
