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
    AGES_SPREAD,
} age_mode;

typedef struct step_kernels {
    ard__kernel_id gather;
    ard__kernel_id update;
} step_kernels;

/* Of single elements, and of 16 columns at a time. There is none for a spread table and single
 * elements: where it is spread, columns are taken together. */
static const step_kernels single_kernels[] = {
    [AGES_FRESH] = {ARD__KERNEL_GATHER_FRESH, ARD__KERNEL_UPDATE_FRESH},
    [AGES_CLASSES] = {ARD__KERNEL_GATHER_CLASSES, ARD__KERNEL_UPDATE_CLASSES},
    [AGES_ELEMENTS] = {ARD__KERNEL_GATHER_ELEMENTS, ARD__KERNEL_UPDATE_ELEMENTS},
};
static const step_kernels vector_kernels[] = {
    [AGES_FRESH] = {ARD__KERNEL_GATHER_16_FRESH, ARD__KERNEL_UPDATE_16_FRESH},
    [AGES_CLASSES] = {ARD__KERNEL_GATHER_16_CLASSES, ARD__KERNEL_UPDATE_16_CLASSES},
    [AGES_SPREAD] = {ARD__KERNEL_GATHER_16_SPREAD, ARD__KERNEL_UPDATE_16_SPREAD},
};

/* The kept part of a parameter, ready for a launch. */
typedef struct selection {
    ard__index_list rows;
    ard__index_list cols;
    ard__index_key col_key;
    age_mode mode;
    size_t width; /* columns that a work-item takes */
    cl_mem table;
} selection;

ard_status ard__parameter_check_between_steps(const ard_parameter *parameter)
{
    ARD__CHECK(parameter->updates_end <= parameter->sgd->step,
               "the parameter was updated in step %llu already, expected ard_sgd_advance first",
               (unsigned long long)parameter->sgd->step);
    return ARD_STATUS_SUCCESS;
}

/* The lists of the kept rows and columns, with their classes. */
static ard_status list_kept(ard_parameter *parameter, const ard__kept *kept, selection *selected)
{
    ard_context *context = parameter->sgd->context;
    ard__index_key rows = ard__index_key_plain(kept->rows, parameter->rows);
    ard__index_key *cols = &selected->col_key;
    *cols = ard__index_key_plain(kept->cols, parameter->cols);
    ard__tile_axes(kept->tile, parameter->rows, parameter->cols, &rows.axis, &cols->axis);
    rows.classes = parameter->row_classes;
    rows.stride = parameter->row_stride;
    cols->classes = parameter->col_classes;
    cols->stride = parameter->col_stride;
    ARD_TRY(ard__index_list_get(context, &rows, &selected->rows));
    return ard__index_list_get(context, cols, &selected->cols);
}

/* Whether vectors of columns are side by side and share their age, but for the ends of tiles. */
static bool vectors_have_one_class(const ard_parameter *parameter, const selection *selected)
{
    const ard_context *context = parameter->sgd->context;
    const ard__unit_classes *cols = &parameter->col_classes;
    const bool wide = cols->tiles == 1 || cols->edge >= context->vector_width;
    return parameter->col_stride % cols->units == 0 && wide &&
           ard__index_key_has_runs(context, &selected->col_key);
}

static ard_status spread_table(ard_parameter *parameter, const selection *selected)
{
    ard_context *context = parameter->sgd->context;
    const size_t row_classes = ard__unit_class_count(&parameter->row_classes);
    const size_t count = selected->cols.count;
    if (parameter->spread_valid &&
        ard__index_key_equal(&parameter->spread_key, &selected->col_key)) {
        return ARD_STATUS_SUCCESS;
    }
    ard__launch launch;
    ARD_TRY(ard__scratch_reserve(context, &parameter->spread,
                                 row_classes * 4 * count * sizeof(cl_float)));
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_SPREAD_TABLE, &launch));
    ard__launch_uint(&launch, (cl_uint)count);
    ard__launch_uint(&launch, (cl_uint)row_classes);
    ard__launch_buffer(&launch, selected->cols.buffer);
    ard__launch_uint(&launch, ard__unit_class_count(&parameter->col_classes));
    ard__launch_buffer(&launch, parameter->table);
    ard__launch_buffer(&launch, parameter->spread.buffer);
    ard__launch_touches(&launch, row_classes * 4, count, 1);
    ARD_TRY(ard__launch_2d(&launch, count, row_classes));
    parameter->spread_key = selected->col_key;
    parameter->spread_valid = true;
    return ARD_STATUS_SUCCESS;
}

/* How the classes' table is read: as it is, or spread where vectors of columns have several classes
 * and enough rows share the work. */
static ard_status choose_table(ard_parameter *parameter, selection *selected)
{
    const size_t width = parameter->sgd->context->vector_width;
    ARD_TRY(ard__parameter_prepare_table(parameter));
    selected->mode = AGES_CLASSES;
    selected->table = parameter->table;
    if (width > 1 && vectors_have_one_class(parameter, selected)) {
        selected->width = width;
    } else if (ard__parameter_spreads(parameter, selected->rows.count)) {
        ARD_TRY(spread_table(parameter, selected));
        selected->mode = AGES_SPREAD;
        selected->table = parameter->spread.buffer;
        selected->width = width;
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status select_kept(ard_parameter *parameter, const ard__kept *kept, selection *selected)
{
    ARD_TRY(list_kept(parameter, kept, selected));
    selected->width = 1;
    if (parameter->by_element) {
        ARD_TRY(ard__sgd_prepare_table(parameter->sgd));
        selected->mode = AGES_ELEMENTS;
        selected->table = parameter->sgd->table;
        return ARD_STATUS_SUCCESS;
    }
    if (!ard__parameter_is_fresh(parameter, kept)) {
        return choose_table(parameter, selected);
    }
    selected->mode = AGES_FRESH;
    selected->table = parameter->weights; /* not read, but kernels want some buffer */
    selected->width = parameter->sgd->context->vector_width;
    return ARD_STATUS_SUCCESS;
}

static const step_kernels *kernels_for(const selection *selected)
{
    return selected->width > 1 ? &vector_kernels[selected->mode] : &single_kernels[selected->mode];
}

/* Launches a gather or an update over the compact matrix. */
static ard_status launch_kept(ard__launch *launch, const selection *selected)
{
    return ard__launch_3d(launch, ard__divide_up(selected->cols.stride, selected->width),
                          selected->rows.stride, selected->rows.groups);
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

/* For profiles: a kernel that touches the kept weights and velocities and what goes with them so
 * often; where ages are by element, it also reads them and, unless it only copies, writes them. */
static void add_touches(ard__launch *launch, const selection *selected, unsigned touches,
                        bool only_copies)
{
    const unsigned ages = selected->mode != AGES_ELEMENTS ? 0 : only_copies ? 1 : 2;
    ard__launch_touches(launch, selected->rows.count, selected->cols.stride, touches + ages);
}

ard_status ard__parameter_copy_kept(ard_parameter *parameter, const ard__kept *kept, bool velocity,
                                    const ard_matrix *dst)
{
    selection selected;
    ard__launch launch;
    ARD_TRY(select_kept(parameter, kept, &selected));
    ARD_TRY(ard__launch_begin(parameter->sgd->context, kernels_for(&selected)->gather, &launch));
    add_shape(&launch, parameter, &selected);
    add_selection(&launch, parameter, &selected);
    ard__launch_uint(&launch, velocity);
    ard__launch_matrix(&launch, dst);
    /* Both are read for a catch-up, else one of them; then there is dst. */
    add_touches(&launch, &selected, selected.mode == AGES_FRESH ? 2 : 3, true);
    return launch_kept(&launch, &selected);
}

ard_status ard__parameter_sweep(ard_parameter *parameter)
{
    selection selected;
    ard__launch launch;
    if (ard__parameter_is_fresh(parameter, &ard__kept_all)) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(list_kept(parameter, &ard__kept_all, &selected));
    selected.mode = parameter->by_element ? AGES_ELEMENTS : AGES_CLASSES;
    if (parameter->by_element) {
        ARD_TRY(ard__sgd_prepare_table(parameter->sgd));
        selected.table = parameter->sgd->table;
    } else {
        ARD_TRY(ard__parameter_prepare_table(parameter));
        selected.table = parameter->table;
    }
    ARD_TRY(ard__launch_begin(
        parameter->sgd->context,
        parameter->by_element ? ARD__KERNEL_SWEEP_ELEMENTS : ARD__KERNEL_SWEEP_CLASSES, &launch));
    ard__launch_uint(&launch, (cl_uint)parameter->rows);
    ard__launch_uint(&launch, (cl_uint)parameter->cols);
    add_selection(&launch, parameter, &selected);
    add_touches(&launch, &selected, 4, false);
    return ard__launch_2d(&launch, parameter->cols, parameter->rows);
}

static ard_status check_step(const ard_parameter *parameter, const ard__kept *kept)
{
    ARD__CHECK(parameter != NULL, "the parameter is NULL");
    ARD_TRY(ard__parameter_check_between_steps(parameter));
    return ard__parameter_check_kept(parameter, kept);
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
        (parameter->row_stride == 1 || row_pattern == NULL || ard_pattern_is_all(row_pattern)) &&
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
    ard__launch_touches(&launch, parameter->rows, parameter->cols, 5);
    return ard__launch_1d(&launch, parameter->rows * parameter->cols);
}

static ard_status update_kept(ard_parameter *parameter, const selection *selected,
                              const ard_matrix *diff)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(parameter->sgd->context, kernels_for(selected)->update, &launch));
    add_shape(&launch, parameter, selected);
    add_selection(&launch, parameter, selected);
    ard__launch_matrix(&launch, diff);
    add_rates(&launch, parameter->sgd);
    add_touches(&launch, selected, 5, false); /* the gradient too */
    return launch_kept(&launch, selected);
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
        ard__parameter_set_class_steps(parameter, &kept, parameter->sgd->step + 1);
    }
    return ARD_STATUS_SUCCESS;
}
