/* SPDX-License-Identifier: Apache-2.0 */
/* Updates without momentum and decay (cl/sgd_plain.cl). */
#include "core/integers.h"
#include "device/launch.h"
#include "device/matrix_check.h"
#include "optimizer/parameter_internal.h"

enum { RUN_ROWS = 4, DENSE_ITEM = 4096 }; /* of sgd_plain.cl */

/* Weights twice and the gradient once. */
enum { TOUCHES = 3 };

/* The last arguments of every kernel. */
static void add_rate(ard__launch *launch, const ard_sgd *sgd)
{
    ard__launch_float(launch, (cl_float)ard_schedule_rate(&sgd->options.schedule, sgd->step));
    ard__launch_buffer(launch, ard__sgd_factor(sgd));
}

static ard_status descend_whole(const ard_parameter *parameter, const ard_matrix *diff)
{
    ard_context *context = parameter->sgd->context;
    const size_t count = parameter->rows * parameter->cols;
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_DESCEND_DENSE, &launch));
    ard__launch_ulong(&launch, count);
    ard__launch_buffer(&launch, parameter->weights);
    ard__launch_buffer(&launch, diff->buffer);
    ard__launch_ulong(&launch, diff->offset);
    add_rate(&launch, parameter->sgd);
    ard__launch_touches(&launch, parameter->rows, parameter->cols, TOUCHES);
    return context->vector_width > 1
               ? ard__launch_single(&launch, ard__divide_up(count, DENSE_ITEM), 1, 1)
               : ard__launch_1d(&launch, count);
}

static ard_status descend_runs(const ard_parameter *parameter, const ard__index_list *rows,
                               const ard__index_list *cols, const ard_matrix *diff)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(parameter->sgd->context, ARD__KERNEL_DESCEND_RUNS, &launch));
    ard__launch_uint(&launch, (cl_uint)rows->stride);
    ard__launch_uint(&launch, (cl_uint)parameter->cols);
    ard__launch_buffer(&launch, rows->buffer);
    ard__launch_buffer(&launch, cols->buffer);
    ard__launch_uint(&launch, (cl_uint)cols->runs_at);
    ard__launch_uint(&launch, (cl_uint)cols->run_count);
    ard__launch_buffer(&launch, parameter->weights);
    ard__launch_matrix(&launch, diff);
    add_rate(&launch, parameter->sgd);
    ard__launch_touches(&launch, rows->count, cols->stride, TOUCHES);
    return ard__launch_single(&launch, ard__divide_up(rows->stride, RUN_ROWS), 1, rows->groups);
}

static ard_status descend_elements(const ard_parameter *parameter, const ard__index_list *rows,
                                   const ard__index_list *cols, const ard_matrix *diff)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(parameter->sgd->context, ARD__KERNEL_DESCEND, &launch));
    ard__launch_uint(&launch, (cl_uint)rows->stride);
    ard__launch_uint(&launch, (cl_uint)cols->stride);
    ard__launch_uint(&launch, (cl_uint)parameter->cols);
    ard__launch_buffer(&launch, rows->buffer);
    ard__launch_buffer(&launch, cols->buffer);
    ard__launch_buffer(&launch, parameter->weights);
    ard__launch_matrix(&launch, diff);
    add_rate(&launch, parameter->sgd);
    ard__launch_touches(&launch, rows->count, cols->stride, TOUCHES);
    return ard__launch_3d(&launch, cols->stride, rows->stride, rows->groups);
}

ard_status ard__parameter_descend(const ard_parameter *parameter, const ard__kept *kept,
                                  const ard_matrix *diff)
{
    ard__index_list rows;
    ard__index_list cols;
    if (ard__kept_is_all(kept) && diff != NULL && diff->ld == parameter->cols) {
        ARD_TRY(ard__check_matrix("diff", diff, parameter->rows, parameter->cols));
        return descend_whole(parameter, diff);
    }
    ARD_TRY(ard__parameter_list_kept(parameter, kept, &rows, &cols));
    ARD_TRY(ard__check_matrix("diff", diff, rows.count, cols.stride));
    return cols.run_count > 0 ? descend_runs(parameter, &rows, &cols, diff)
                              : descend_elements(parameter, &rows, &cols, diff);
}
