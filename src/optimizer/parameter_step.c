/* SPDX-License-Identifier: Apache-2.0 */
/* What a step does to a parameter: the kept weights out, their update in. */
#include "core/integers.h"
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

static ard_status check_pattern(const ard_pattern *pattern, size_t width,
                                const ard__unit_classes *classes, bool by_element)
{
    if (pattern == NULL) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(ard_pattern_check(pattern, width));
    if (!by_element && !ard_pattern_is_all(pattern) && classes->units % pattern->period != 0) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "the period %u does not divide the parameter's %u residue classes",
                         pattern->period, classes->units);
    }
    return ARD_STATUS_SUCCESS;
}

/* Whether every class of tiles is kept or dropped as a whole. */
static bool splits_no_class(const ard__unit_classes *classes, size_t width, uint32_t period)
{
    return classes->tiles % period == 0 || classes->tiles == ard__divide_up(width, classes->edge);
}

static ard_status check_tile(const ard_parameter *parameter, const ard_tile_pattern *tile)
{
    if (tile == NULL) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(ard_tile_check(tile, parameter->rows, parameter->cols));
    if (parameter->by_element || ard_tile_is_all(tile)) {
        return ARD_STATUS_SUCCESS;
    }
    if (tile->edge != parameter->tile_edge) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "a tile pattern of edge %u on a parameter that was created for edge %u "
                         "(0: none)",
                         tile->edge, parameter->tile_edge);
    }
    if (!splits_no_class(&parameter->row_classes, parameter->rows, tile->period) ||
        !splits_no_class(&parameter->col_classes, parameter->cols, tile->period)) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "the period %u does not divide the parameter's %u classes of tiles",
                         tile->period, parameter->row_classes.tiles);
    }
    return ARD_STATUS_SUCCESS;
}

static bool keeps_residue(const ard_pattern *pattern, const ard__unit_classes *classes,
                          uint32_t class_index)
{
    return pattern == NULL || ard_pattern_keeps(pattern, class_index % classes->units);
}

/* Whether the weights of row class r and column class c are kept. */
static bool keeps_class(const ard_parameter *parameter, const ard__kept *kept, uint32_t r,
                        uint32_t c)
{
    const ard__unit_classes *rows = &parameter->row_classes;
    const ard__unit_classes *cols = &parameter->col_classes;
    return keeps_residue(kept->rows, rows, r) && keeps_residue(kept->cols, cols, c) &&
           (kept->tile == NULL || ard_tile_is_all(kept->tile) ||
            ard_tile_keeps(kept->tile, parameter->cols, (size_t)(r / rows->units) * rows->edge,
                           (size_t)(c / cols->units) * cols->edge));
}

/* Sets the steps of the kept classes to `steps`. */
static void set_class_steps(ard_parameter *parameter, const ard__kept *kept, uint64_t steps)
{
    const uint32_t row_classes = ard__unit_class_count(&parameter->row_classes);
    const uint32_t col_classes = ard__unit_class_count(&parameter->col_classes);
    for (uint32_t r = 0; r < row_classes; ++r) {
        for (uint32_t c = 0; c < col_classes; ++c) {
            if (keeps_class(parameter, kept, r, c)) {
                parameter->class_steps[(size_t)r * col_classes + c] = steps;
            }
        }
    }
}

bool ard__parameter_is_fresh(const ard_parameter *parameter, const ard__kept *kept)
{
    const uint64_t now = parameter->sgd->step;
    if (parameter->by_element) {
        return parameter->swept == now;
    }
    const uint32_t row_classes = ard__unit_class_count(&parameter->row_classes);
    const uint32_t col_classes = ard__unit_class_count(&parameter->col_classes);
    for (uint32_t r = 0; r < row_classes; ++r) {
        for (uint32_t c = 0; c < col_classes; ++c) {
            if (parameter->class_steps[(size_t)r * col_classes + c] != now &&
                keeps_class(parameter, kept, r, c)) {
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
    const size_t classes = ard__parameter_classes(parameter);
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

/* The lists of the kept rows and columns, with their classes. */
static ard_status list_kept(ard_parameter *parameter, const ard__kept *kept, selection *selected)
{
    ard_context *context = parameter->sgd->context;
    ard__index_key rows = ard__index_key_plain(kept->rows, parameter->rows);
    ard__index_key cols = ard__index_key_plain(kept->cols, parameter->cols);
    ard__tile_axes(kept->tile, parameter->rows, parameter->cols, &rows.axis, &cols.axis);
    rows.classes = parameter->row_classes;
    cols.classes = parameter->col_classes;
    ARD_TRY(ard__index_list_get(context, &rows, &selected->rows));
    return ard__index_list_get(context, &cols, &selected->cols);
}

static ard_status select_kept(ard_parameter *parameter, const ard__kept *kept, selection *selected)
{
    const bool fresh = ard__parameter_is_fresh(parameter, kept);
    selected->mode = parameter->by_element ? AGES_ELEMENTS : fresh ? AGES_FRESH : AGES_CLASSES;
    selected->table = parameter->weights; /* not read, but kernels want some buffer */
    if (selected->mode == AGES_ELEMENTS) {
        ARD_TRY(ard__sgd_prepare_table(parameter->sgd));
        selected->table = parameter->sgd->table;
    } else if (selected->mode == AGES_CLASSES) {
        ARD_TRY(prepare_class_table(parameter));
        selected->table = parameter->table;
    }
    return list_kept(parameter, kept, selected);
}

/* The first arguments of gathers and updates: the compact matrix and the width of the whole one. */
static void add_shape(ard__launch *launch, const ard_parameter *parameter,
                      const selection *selected)
{
    ard__launch_uint(launch, (cl_uint)selected->rows.stride);
    ard__launch_uint(launch, (cl_uint)selected->cols.stride);
    ard__launch_uint(launch, (cl_uint)parameter->cols);
}

/* The arguments that all kernels of sgd.cl share, from row_list to v. */
static void add_selection(ard__launch *launch, const ard_parameter *parameter,
                          const selection *selected)
{
    ard__launch_buffer(launch, selected->rows.buffer);
    ard__launch_uint(launch, ard__index_classes_at(&selected->rows));
    ard__launch_buffer(launch, selected->cols.buffer);
    ard__launch_uint(launch, ard__index_classes_at(&selected->cols));
    ard__launch_uint(launch, ard__unit_class_count(&parameter->col_classes));
    ard__launch_buffer(launch, selected->table);
    ard__launch_buffer(launch, parameter->by_element ? parameter->ages : selected->rows.buffer);
    ard__launch_uint(launch, (cl_uint)parameter->sgd->step);
    ard__launch_buffer(launch, parameter->weights);
    ard__launch_buffer(launch, parameter->velocity);
}

ard_status ard__parameter_copy_kept(ard_parameter *parameter, const ard__kept *kept, bool velocity,
                                    const ard_matrix *dst)
{
    selection selected;
    ard__launch launch;
    ARD_TRY(select_kept(parameter, kept, &selected));
    ARD_TRY(ard__launch_begin(parameter->sgd->context, gather_kernels[selected.mode], &launch));
    add_shape(&launch, parameter, &selected);
    add_selection(&launch, parameter, &selected);
    ard__launch_uint(&launch, velocity);
    ard__launch_matrix(&launch, dst);
    return ard__launch_3d(&launch, selected.cols.stride, selected.rows.stride,
                          selected.rows.groups);
}

ard_status ard__parameter_sweep(ard_parameter *parameter)
{
    selection selected;
    ard__launch launch;
    ARD_TRY(select_kept(parameter, &ard__kept_all, &selected));
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

static ard_status check_step(const ard_parameter *parameter, const ard__kept *kept)
{
    ARD__CHECK(parameter != NULL, "the parameter is NULL");
    ARD_TRY(ard__parameter_check_between_steps(parameter));
    ARD_TRY(
        check_pattern(kept->rows, parameter->rows, &parameter->row_classes, parameter->by_element));
    ARD_TRY(
        check_pattern(kept->cols, parameter->cols, &parameter->col_classes, parameter->by_element));
    return check_tile(parameter, kept->tile);
}

static bool keeps_all_tiles(const ard__kept *kept)
{
    return kept->tile == NULL || ard_tile_is_all(kept->tile);
}

ard_status ard_parameter_gather(ard_parameter *parameter, const ard_pattern *row_pattern,
                                const ard_pattern *col_pattern, const ard_tile_pattern *tile,
                                ard_matrix *weights)
{
    const ard__kept kept = {row_pattern, col_pattern, tile};
    ARD__CHECK(weights != NULL, "ard_parameter_gather: weights is NULL");
    ARD_TRY(check_step(parameter, &kept));
    const ard_matrix whole = {parameter->weights, 0, parameter->cols};
    ard_matrix view;
    if (keeps_all_tiles(&kept) && ard__parameter_is_fresh(parameter, &kept) &&
        ard_compact_view(row_pattern, col_pattern, &whole, &view)) {
        *weights = view;
        return ARD_STATUS_SUCCESS;
    }
    selection selected;
    ARD_TRY(list_kept(parameter, &kept, &selected));
    ARD_TRY(ard__scratch_reserve(parameter->sgd->context, &parameter->compact,
                                 selected.rows.count * selected.cols.stride * sizeof(cl_float)));
    const ard_matrix compact = {parameter->compact.buffer, 0, selected.cols.stride};
    ARD_TRY(ard__parameter_copy_kept(parameter, &kept, false, &compact));
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
    add_shape(&launch, parameter, selected);
    add_selection(&launch, parameter, selected);
    ard__launch_matrix(&launch, diff);
    add_rates(&launch, parameter->sgd);
    return ard__launch_3d(&launch, selected->cols.stride, selected->rows.stride,
                          selected->rows.groups);
}

ard_status ard_parameter_update(ard_parameter *parameter, const ard_pattern *row_pattern,
                                const ard_pattern *col_pattern, const ard_tile_pattern *tile,
                                const ard_matrix *diff)
{
    const ard__kept kept = {row_pattern, col_pattern, tile};
    selection selected;
    ARD_TRY(check_step(parameter, &kept));
    ARD_TRY(select_kept(parameter, &kept, &selected));
    ARD_TRY(ard__check_matrix("diff", diff, selected.rows.count, selected.cols.stride));
    const bool whole = keeps_all_tiles(&kept) && selected.mode == AGES_FRESH &&
                       selected.rows.count == parameter->rows &&
                       selected.cols.count == parameter->cols && diff->ld == parameter->cols;
    ARD_TRY(whole ? update_whole(parameter, diff) : update_kept(parameter, &selected, diff));
    parameter->updates_end = parameter->sgd->step + 1;
    if (!parameter->by_element) {
        set_class_steps(parameter, &kept, parameter->sgd->step + 1);
    }
    return ARD_STATUS_SUCCESS;
}
