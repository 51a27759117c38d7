/* SPDX-License-Identifier: Apache-2.0 */
/* Conventional masks: where they are computed, on outputs after an activation and on weights. */
#include "layers/mask.h"

#include <math.h>

#include "core/integers.h"
#include "device/context_internal.h"
#include "device/launch.h"
#include "device/matrix_check.h"
#include "device/operation.h"

ard_status ard__mask_check(const ard_bernoulli *mask, size_t rows, size_t cols)
{
    if (!(mask->rate >= 0.0 && mask->rate < 1.0)) {
        return ard__fail(ARD_STATUS_INVALID_RATE,
                         "the Bernoulli rate is %g, expected 0 <= rate < 1", mask->rate);
    }
    ARD__CHECK(mask->layer < 1u << 24, "the Bernoulli layer is %u, expected less than 2^24",
               mask->layer);
    ARD__CHECK(cols <= ((size_t)1 << 34) / rows,
               "a Bernoulli mask over [%zu x %zu] is larger than its stream of 2^34 elements", rows,
               cols);
    return ARD_STATUS_SUCCESS;
}

/* rate * 2^32, at most the largest word: a word below it is dropped. */
static cl_uint mask_threshold(double rate)
{
    const double threshold = floor(rate * 4294967296.0 + 0.5);
    return threshold > 4294967295.0 ? 4294967295u : (cl_uint)threshold;
}

void ard__add_mask(ard__launch *launch, const ard_bernoulli *mask)
{
    ard__launch_uint(launch, mask_threshold(mask->rate));
    ard__launch_ulong(launch, mask->seed);
    ard__launch_uint(launch, mask->layer);
    ard__launch_ulong(launch, mask->step);
}

/* Philox blocks that a row of the mask can touch: one more than it fills where it starts inside
 * one. */
static size_t blocks_of_row(size_t out)
{
    return out / 4 + (out % 4 == 0 ? 0 : 2);
}

size_t ard__mask_items(const ard_context *context, size_t cols)
{
    return ard__divide_up(blocks_of_row(cols), context->vector_width);
}

ard_status ard__mask(ard_context *context, size_t rows, size_t cols, float scale,
                     const ard_bernoulli *mask, const ard_matrix *src, const ard_matrix *dst)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_MASK, &launch));
    ard__launch_uint(&launch, (cl_uint)rows);
    ard__launch_uint(&launch, (cl_uint)cols);
    ard__launch_float(&launch, scale);
    ard__add_mask(&launch, mask);
    ard__launch_matrix(&launch, src);
    ard__launch_matrix(&launch, dst);
    ard__launch_touches(&launch, rows, cols, 2);
    return ard__launch_2d(&launch, ard__mask_items(context, cols), rows);
}

static ard_status end_drop_connect(ard_context *context, size_t out, size_t in,
                                   const ard_bernoulli *mask, ard_status status)
{
    ard__description *description = ard__operation_end(context, status);
    if (description != NULL) {
        ard__describe_shape(description, "%zux%zu", out, in);
        ard__describe_rate(description, "weights", "mask", mask->rate);
        ard__operation_describe(context);
    }
    return status;
}

static ard_status drop_connect(ard_context *context, size_t out, size_t in,
                               const ard_bernoulli *mask, const ard_matrix *weights,
                               const ard_matrix *dst, cl_event *event)
{
    ARD__CHECK(context != NULL && mask != NULL,
               "ard_drop_connect: the context or the mask is NULL");
    ARD_TRY(ard__check_size("out", out));
    ARD_TRY(ard__check_size("in", in));
    ARD_TRY(ard__mask_check(mask, out, in));
    ARD_TRY(ard__check_matrix("weights", weights, out, in));
    ARD_TRY(ard__check_matrix("dst", dst, out, in));
    ARD_TRY(ard__mask(context, out, in, 1.0f, mask, weights, dst));
    return ard__give_event(context, event);
}

ard_status ard_drop_connect(ard_context *context, size_t out, size_t in, const ard_bernoulli *mask,
                            const ard_matrix *weights, const ard_matrix *dst, cl_event *event)
{
    ard__operation_begin(context, "drop_connect");
    return end_drop_connect(context, out, in, mask,
                            drop_connect(context, out, in, mask, weights, dst, event));
}
