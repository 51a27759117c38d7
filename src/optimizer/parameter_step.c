/* SPDX-License-Identifier: Apache-2.0 */
/* What a step does to a parameter: the kept weights out, their update in. */
#include "device/launch.h"
#include "device/matrix_check.h"
#include "optimizer/parameter_internal.h"

/* How a kernel finds out what was skipped: the AGES of sgd.cl, which the kernels of one kind are
 * ordered by. */
typedef enum age_mode {
    AGES_FRESH,
    AGES_CLASSES,
    AGES_ELEMENTS,
} age_mode;

static const ard__kernel_id gather_kernels[] = {
    ARD__KERNEL_GATHER_FRESH, ARD__KERNEL_GATHER_CLASSES, ARD__KERNEL_GATHER_ELEMENTS};
static const ard__kernel_id update_kernels[] = {
    ARD__KERNEL_UPDATE_FRESH, ARD__KERNEL_UPDATE_CLASSES, ARD__KERNEL_UPDATE_ELEMENTS};

/* The kept part of a parameter, ready for a launch. */
typedef struct selection {
    ard__index_list rows;
    ard__index_list cols;
    age_mode mode;
    cl_mem table;
} selection;

ard_status ard__parameter_check_between_steps(const ard_parameter *parameter)
{
    ARD__CHECK(parameter->updates_end <= parameter->sgd->step,
               "the parameter was updated in step %llu already, expected ard_sgd_advance first",
               (unsigned long long)parameter->sgd->step);
    return ARD_STATUS_SUCCESS;
}

static ard_status check_pattern(const ard_pattern *pattern, size_t width, uint32_t classes,
                                bool by_element)
{
    if (pattern == NULL) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(ard_pattern_check(pattern, width));
    if (!by_element && !ard_pattern_is_all(pattern) && classes % pattern->period != 0) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "the period %u does not divide the parameter's %u residue classes",
                         pattern->period, classes);
    }
    return ARD_STATUS_SUCCESS;
}

static bool keeps(const ard_pattern *pattern, uint32_t residue)
{
    return pattern == NULL || ard_pattern_keeps(pattern, residue);
}

/* Sets the steps of the kept classes to `steps`. */
static void set_class_steps(ard_parameter *parameter, const ard_pattern *row_pattern,
                            const ard_pattern *col_pattern, uint64_t steps)
{
    for (uint32_t r = 0; r < parameter->row_classes; ++r) {
        for (uint32_t c = 0; keeps(row_pattern, r) && c < parameter->col_classes; ++c) {
            if (keeps(col_pattern, c)) {
                parameter->class_steps[(size_t)r * parameter->col_classes + c] = steps;
            }
        }
    }
}

bool ard__parameter_is_fresh(const ard_parameter *parameter, const ard_pattern *row_pattern,
                             const ard_pattern *col_pattern)
{
    const uint64_t now = parameter->sgd->step;
    if (parameter->by_element) {
        return parameter->swept == now;
    }
    for (uint32_t r = 0; r < parameter->row_classes; ++r) {
        for (uint32_t c = 0; keeps(row_pattern, r) && c < parameter->col_classes; ++c) {
            const uint64_t steps = parameter->class_steps[(size_t)r * parameter->col_classes + c];
            if (steps != now && keeps(col_pattern, c)) {
                return false;
            }
        }
    }
    return true;
}

/* Makes the table of catch-ups by class valid for the current step. */
static ard_status prepare_class_table(ard_parameter *parameter)
{
    const ard_sgd *sgd = parameter->sgd;
    if (parameter->table_valid && parameter->table_step == sgd->step) {
        return ARD_STATUS_SUCCESS;
    }
    const size_t classes = (size_t)parameter->row_classes * parameter->col_classes;
    void *data = NULL;
    ARD_TRY(ard__upload_begin(sgd->context, classes * sizeof(cl_float4), &data));
    cl_float4 *table = data;
    for (size_t i = 0; i < classes; ++i) {
        const ard__transition *product = &sgd->products[sgd->step - parameter->class_steps[i]];
        for (size_t k = 0; k < 4; ++k) {
            table[i].s[k] = (cl_float)product->m[k];
        }
    }
    ARD_TRY(ard__upload_send(sgd->context, classes * sizeof(cl_float4), parameter->table, 0));
    parameter->table_step = sgd->step;
    parameter->table_valid = true;
    return ARD_STATUS_SUCCESS;
}

static ard_status select_kept(ard_parameter *parameter, const ard_pattern *row_pattern,
                              const ard_pattern *col_pattern, selection *selected)
{
    ard_context *context = parameter->sgd->context;
    const bool fresh = ard__parameter_is_fresh(parameter, row_pattern, col_pattern);
    selected->mode = parameter->by_element ? AGES_ELEMENTS : fresh ? AGES_FRESH : AGES_CLASSES;
    selected->table = parameter->weights; /* not read, but kernels want some buffer */
    if (selected->mode == AGES_ELEMENTS) {
        ARD_TRY(ard__sgd_prepare_table(parameter->sgd));
        selected->table = parameter->sgd->table;
    } else if (selected->mode == AGES_CLASSES) {
        ARD_TRY(prepare_class_table(parameter));
        selected->table = parameter->table;
    }
    ARD_TRY(ard__index_list_get(context, row_pattern, parameter->rows, parameter->row_classes,
                                &selected->rows));
    return ard__index_list_get(context, col_pattern, parameter->cols, parameter->col_classes,
                               &selected->cols);
}

/* The arguments that all kernels of sgd.cl share, from row_list to v. */
static void add_selection(ard__launch *launch, const ard_parameter *parameter,
                          const selection *selected)
{
    ard__launch_buffer(launch, selected->rows.buffer);
    ard__launch_uint(launch, (cl_uint)selected->rows.width);
    ard__launch_buffer(launch, selected->cols.buffer);
    ard__launch_uint(launch, (cl_uint)selected->cols.width);
    ard__launch_uint(launch, parameter->col_classes);
    ard__launch_buffer(launch, selected->table);
    ard__launch_buffer(launch, parameter->by_element ? parameter->ages : selected->rows.buffer);
    ard__launch_uint(launch, (cl_uint)parameter->sgd->step);
    ard__launch_buffer(launch, parameter->weights);
    ard__launch_buffer(launch, parameter->velocity);
}

ard_status ard__parameter_copy_kept(ard_parameter *parameter, const ard_pattern *row_pattern,
                                    const ard_pattern *col_pattern, bool velocity,
                                    const ard_matrix *dst)
{
    selection selected;
    ard__launch launch;
    ARD_TRY(select_kept(parameter, row_pattern, col_pattern, &selected));
    ARD_TRY(ard__launch_begin(parameter->sgd->context, gather_kernels[selected.mode], &launch));
    ard__launch_uint(&launch, (cl_uint)selected.rows.count);
    ard__launch_uint(&launch, (cl_uint)selected.cols.count);
    ard__launch_uint(&launch, (cl_uint)parameter->cols);
    add_selection(&launch, parameter, &selected);
    ard__launch_uint(&launch, velocity);
    ard__launch_matrix(&launch, dst);
    return ard__launch_2d(&launch, selected.cols.count, selected.rows.count);
}

ard_status ard__parameter_sweep(ard_parameter *parameter)
{
    selection selected;
    ard__launch launch;
    ARD_TRY(select_kept(parameter, NULL, NULL, &selected));
    if (selected.mode == AGES_FRESH) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(ard__launch_begin(parameter->sgd->context,
                              selected.mode == AGES_ELEMENTS ? ARD__KERNEL_SWEEP_ELEMENTS
                                                             : ARD__KERNEL_SWEEP_CLASSES,
                              &launch));
    ard__launch_uint(&launch, (cl_uint)parameter->rows);
    ard__launch_uint(&launch, (cl_uint)parameter->cols);
    add_selection(&launch, parameter, &selected);
    return ard__launch_2d(&launch, parameter->cols, parameter->rows);
}

static ard_status check_step(const ard_parameter *parameter, const ard_pattern *row_pattern,
                             const ard_pattern *col_pattern)
{
    ARD__CHECK(parameter != NULL, "the parameter is NULL");
    ARD_TRY(ard__parameter_check_between_steps(parameter));
    ARD_TRY(
        check_pattern(row_pattern, parameter->rows, parameter->row_classes, parameter->by_element));
    return check_pattern(col_pattern, parameter->cols, parameter->col_classes,
                         parameter->by_element);
}

ard_status ard_parameter_gather(ard_parameter *parameter, const ard_pattern *row_pattern,
                                const ard_pattern *col_pattern, ard_matrix *weights)
{
    ARD__CHECK(weights != NULL, "ard_parameter_gather: weights is NULL");
    ARD_TRY(check_step(parameter, row_pattern, col_pattern));
    const ard_matrix whole = {parameter->weights, 0, parameter->cols};
    ard_matrix view;
    if (ard__parameter_is_fresh(parameter, row_pattern, col_pattern) &&
        ard_compact_view(row_pattern, col_pattern, &whole, &view)) {
        *weights = view;
        return ARD_STATUS_SUCCESS;
    }
    const ard_pattern all = ard_pattern_all();
    size_t rows = 0;
    size_t cols = 0;
    ARD_TRY(
        ard_pattern_kept_count(row_pattern != NULL ? row_pattern : &all, parameter->rows, &rows));
    ARD_TRY(
        ard_pattern_kept_count(col_pattern != NULL ? col_pattern : &all, parameter->cols, &cols));
    ARD_TRY(ard__scratch_reserve(parameter->sgd->context, &parameter->compact,
                                 rows * cols * sizeof(cl_float)));
    const ard_matrix compact = {parameter->compact.buffer, 0, cols};
    ARD_TRY(ard__parameter_copy_kept(parameter, row_pattern, col_pattern, false, &compact));
    *weights = compact;
    return ARD_STATUS_SUCCESS;
}

/* The rates of this step, the last arguments of every update. */
static void add_rates(ard__launch *launch, const ard_sgd *sgd)
{
    ard__launch_float(launch, (cl_float)ard_schedule_rate(&sgd->options.schedule, sgd->step));
    ard__launch_float(launch, (cl_float)sgd->options.momentum);
    ard__launch_float(launch, (cl_float)sgd->options.weight_decay);
}

static ard_status update_whole(ard_parameter *parameter, const ard_matrix *diff)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(parameter->sgd->context, ARD__KERNEL_UPDATE_DENSE, &launch));
    ard__launch_ulong(&launch, (cl_ulong)parameter->rows * parameter->cols);
    ard__launch_buffer(&launch, parameter->weights);
    ard__launch_buffer(&launch, parameter->velocity);
    ard__launch_buffer(&launch, diff->buffer);
    ard__launch_ulong(&launch, diff->offset);
    add_rates(&launch, parameter->sgd);
    return ard__launch_1d(&launch, parameter->rows * parameter->cols);
}

static ard_status update_kept(ard_parameter *parameter, const selection *selected,
                              const ard_matrix *diff)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(parameter->sgd->context, update_kernels[selected->mode], &launch));
    ard__launch_uint(&launch, (cl_uint)selected->rows.count);
    ard__launch_uint(&launch, (cl_uint)selected->cols.count);
    ard__launch_uint(&launch, (cl_uint)parameter->cols);
    add_selection(&launch, parameter, selected);
    ard__launch_matrix(&launch, diff);
    add_rates(&launch, parameter->sgd);
    return ard__launch_2d(&launch, selected->cols.count, selected->rows.count);
}

ard_status ard_parameter_update(ard_parameter *parameter, const ard_pattern *row_pattern,
                                const ard_pattern *col_pattern, const ard_matrix *diff)
{
    selection selected;
    ARD_TRY(check_step(parameter, row_pattern, col_pattern));
    ARD_TRY(select_kept(parameter, row_pattern, col_pattern, &selected));
    ARD_TRY(ard__check_matrix("diff", diff, selected.rows.count, selected.cols.count));
    const bool whole = selected.mode == AGES_FRESH && selected.rows.count == parameter->rows &&
                       selected.cols.count == parameter->cols && diff->ld == parameter->cols;
    ARD_TRY(whole ? update_whole(parameter, diff) : update_kept(parameter, &selected, diff));
    parameter->updates_end = parameter->sgd->step + 1;
    if (!parameter->by_element) {
        set_class_steps(parameter, row_pattern, col_pattern, parameter->sgd->step + 1);
    }
    return ARD_STATUS_SUCCESS;
}
