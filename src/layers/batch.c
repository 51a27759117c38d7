/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/batch.h>

#include "device/context_internal.h"
#include "device/launch.h"
#include "device/matrix_check.h"
#include "device/operation.h"

static ard_status gather(ard_context *context, size_t batch, size_t width, size_t samples,
                         const ard_matrix *src, const ard_labels *src_labels, cl_mem order,
                         size_t first, const ard_matrix *dst, const ard_labels *dst_labels,
                         cl_event *event)
{
    ARD__CHECK(context != NULL, "the context is NULL");
    ARD_TRY(ard__check_size("batch", batch));
    ARD_TRY(ard__check_size("width", width));
    ARD_TRY(ard__check_size("samples", samples));
    ARD_TRY(ard__check_matrix("src", src, samples, width));
    ARD_TRY(ard__check_labels("src_labels", src_labels, samples));
    ARD_TRY(ard__check_labels("order", &(ard_labels){order, first}, batch));
    ARD_TRY(ard__check_matrix("dst", dst, batch, width));
    ARD_TRY(ard__check_labels("dst_labels", dst_labels, batch));
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_BATCH_GATHER, &launch));
    ard__launch_uint(&launch, (cl_uint)batch);
    ard__launch_uint(&launch, (cl_uint)width);
    ard__launch_uint(&launch, (cl_uint)samples);
    ard__launch_buffer(&launch, order);
    ard__launch_ulong(&launch, first);
    ard__launch_matrix(&launch, src);
    ard__launch_buffer(&launch, src_labels->buffer);
    ard__launch_ulong(&launch, src_labels->offset);
    ard__launch_matrix(&launch, dst);
    ard__launch_buffer(&launch, dst_labels->buffer);
    ard__launch_ulong(&launch, dst_labels->offset);
    ard__launch_touches(&launch, batch, width + 1, 2); /* a label a sample */
    ARD_TRY(ard__launch_2d(&launch, width, batch));
    return ard__give_event(context, event);
}

ard_status ard_batch_gather(ard_context *context, size_t batch, size_t width, size_t samples,
                            const ard_matrix *src, const ard_labels *src_labels, cl_mem order,
                            size_t first, const ard_matrix *dst, const ard_labels *dst_labels,
                            cl_event *event)
{
    ard__operation_begin(context, "batch_gather");
    return ard__operation_end_matrix(context, batch, width, NULL, NULL, NULL,
                                     gather(context, batch, width, samples, src, src_labels, order,
                                            first, dst, dst_labels, event));
}
