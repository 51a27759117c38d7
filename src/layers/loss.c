/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/loss.h>

#include <assert.h>
#include <stdbool.h>

#include "device/context_internal.h"
#include "device/launch.h"
#include "device/matrix_check.h"
#include "device/operation.h"
#include "layers/loss_internal.h"

/* The longest group that cl/loss_lanes.cl has room for. */
enum { LARGEST_GROUP = 64 };

/* From so many classes on, a row is work enough for a group of its own, which spreads few rows over
 * all cores. */
enum { LONG_ROW = 256 };

/* Work-items that share a row: as many as it has columns, rounded up to a power of two, or the
 * whole group. */
static size_t choose_lanes(size_t group_size, size_t classes)
{
    size_t lanes = 1;
    while (lanes < classes && lanes < group_size) {
        lanes *= 2;
    }
    return group_size % lanes == 0 ? lanes : group_size;
}

static ard_status enqueue_rows(ard__launch *launch, ard__softmax_kernel kernel, size_t rows,
                               size_t classes, size_t lanes)
{
    if (kernel == ARD__SOFTMAX_LANES) {
        return ard__launch_1d(launch, rows * lanes);
    }
    return classes < LONG_ROW ? ard__launch_1d(launch, rows)
                              : ard__launch_single(launch, rows, 1, 1);
}

static ard_status launch_rows(ard_context *context, ard__softmax_kernel kernel, size_t rows,
                              size_t batch, size_t classes, const ard_matrix *logits,
                              const ard_labels *labels, const ard_matrix *diff_logits)
{
    const bool by_lanes = kernel == ARD__SOFTMAX_LANES;
    const size_t lanes = choose_lanes(context->group_size, classes);
    assert(context->group_size <= LARGEST_GROUP);
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, by_lanes ? ARD__KERNEL_SOFTMAX_LANES : ARD__KERNEL_SOFTMAX,
                              &launch));
    ard__launch_uint(&launch, (cl_uint)rows);
    ard__launch_uint(&launch, (cl_uint)batch);
    ard__launch_uint(&launch, (cl_uint)classes);
    if (by_lanes) {
        ard__launch_uint(&launch, (cl_uint)lanes);
    }
    ard__launch_matrix(&launch, logits);
    ard__launch_buffer(&launch, labels->buffer);
    ard__launch_ulong(&launch, labels->offset);
    ard__launch_uint(&launch, diff_logits != NULL);
    ard__launch_matrix(&launch, diff_logits != NULL ? diff_logits : logits);
    ard__launch_buffer(&launch, context->loss_rows.buffer);
    ard__launch_touches(&launch, rows, classes, diff_logits != NULL ? 2 : 1);
    ard__launch_touches(&launch, rows, 3, 1); /* a label, a loss and a hit */
    return enqueue_rows(&launch, kernel, rows, classes, lanes);
}

static ard_status launch_totals(ard_context *context, size_t batch, const ard_matrix *totals)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_LOSS_TOTALS, &launch));
    ard__launch_uint(&launch, (cl_uint)batch);
    ard__launch_buffer(&launch, context->loss_rows.buffer);
    ard__launch_buffer(&launch, totals->buffer);
    ard__launch_ulong(&launch, totals->offset);
    ard__launch_touches(&launch, batch, 2, 1);
    return ard__launch_1d(&launch, 2);
}

ard_status ard__softmax_cross_entropy_by(ard_context *context, ard__softmax_kernel kernel,
                                         size_t rows, size_t batch, size_t classes,
                                         const ard_matrix *logits, const ard_labels *labels,
                                         const ard_matrix *diff_logits, const ard_matrix *totals)
{
    ARD_TRY(ard__scratch_reserve(context, &context->loss_rows, 2 * rows * sizeof(cl_float)));
    ARD_TRY(launch_rows(context, kernel, rows, batch, classes, logits, labels, diff_logits));
    return launch_totals(context, rows, totals);
}

ard_status ard__softmax_cross_entropy(ard_context *context, size_t rows, size_t batch,
                                      size_t classes, const ard_matrix *logits,
                                      const ard_labels *labels, const ard_matrix *diff_logits,
                                      const ard_matrix *totals)
{
    const ard__softmax_kernel kernel =
        context->vector_width > 1 ? ARD__SOFTMAX_VECTORS : ARD__SOFTMAX_LANES;
    return ard__softmax_cross_entropy_by(context, kernel, rows, batch, classes, logits, labels,
                                         diff_logits, totals);
}

static ard_status softmax_cross_entropy(ard_context *context, size_t batch, size_t classes,
                                        const ard_matrix *logits, const ard_labels *labels,
                                        const ard_matrix *diff_logits, const ard_matrix *totals,
                                        cl_event *event)
{
    ARD__CHECK(context != NULL, "the context is NULL");
    ARD_TRY(ard__check_size("batch", batch));
    ARD_TRY(ard__check_size("classes", classes));
    ARD_TRY(ard__check_matrix("logits", logits, batch, classes));
    ARD_TRY(ard__check_labels("labels", labels, batch));
    if (diff_logits != NULL) {
        ARD_TRY(ard__check_matrix("diff_logits", diff_logits, batch, classes));
    }
    ARD_TRY(ard__check_matrix("totals", totals, 1, 2));
    ARD_TRY(ard__softmax_cross_entropy(context, batch, batch, classes, logits, labels, diff_logits,
                                       totals));
    return ard__give_event(context, event);
}

ard_status ard_softmax_cross_entropy(ard_context *context, size_t batch, size_t classes,
                                     const ard_matrix *logits, const ard_labels *labels,
                                     const ard_matrix *diff_logits, const ard_matrix *totals,
                                     cl_event *event)
{
    ard__operation_begin(context, "softmax_cross_entropy");
    return ard__operation_end_matrix(
        context, batch, classes, NULL, NULL, NULL,
        softmax_cross_entropy(context, batch, classes, logits, labels, diff_logits, totals, event));
}
