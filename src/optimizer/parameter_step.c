/* SPDX-License-Identifier: Apache-2.0 */
/* What a step does to a parameter: the kept weights out, their update in. */
#include "core/integers.h"
#include "device/launch.h"
#include "device/matrix_check.h"
#include "device/operation.h"
#include "optimizer/parameter_internal.h"

/* How a kernel finds out what was skipped: the AGES of sgd.cl. */
typedef enum age_mode {
    AGES_FRESH,
    AGES_CLASSES,
    AGES_ELEMENTS,
} age_mode;

typedef struct step_kernels {
    ard__kernel_id gather;
    ard__kernel_id update;
    ard__kernel_id update_again; /* of a parameter that had an update in this step */
} step_kernels;

static const step_kernels element_kernels[] = {
    [AGES_FRESH] = {ARD__KERNEL_GATHER_FRESH, ARD__KERNEL_UPDATE_FRESH,
                    ARD__KERNEL_UPDATE_AGAIN_FRESH},
    [AGES_CLASSES] = {ARD__KERNEL_GATHER_CLASSES, ARD__KERNEL_UPDATE_CLASSES,
                      ARD__KERNEL_UPDATE_AGAIN_CLASSES},
    [AGES_ELEMENTS] = {ARD__KERNEL_GATHER_ELEMENTS, ARD__KERNEL_UPDATE_ELEMENTS,
                       ARD__KERNEL_UPDATE_AGAIN_ELEMENTS},
};
static const step_kernels run_kernels[] = {
    [AGES_FRESH] = {ARD__KERNEL_GATHER_RUNS_FRESH, ARD__KERNEL_UPDATE_RUNS_FRESH,
                    ARD__KERNEL_UPDATE_AGAIN_RUNS_FRESH},
    [AGES_CLASSES] = {ARD__KERNEL_GATHER_RUNS_CLASSES, ARD__KERNEL_UPDATE_RUNS_CLASSES,
                      ARD__KERNEL_UPDATE_AGAIN_RUNS_CLASSES},
};

enum { RUN_ROWS = 4 }; /* of sgd_runs.cl */

/* The kept part of a parameter, ready for a launch. */
typedef struct selection {
    ard__index_list rows;
    ard__index_list cols;
    age_mode mode;
    cl_mem table;
    size_t table_at;
} selection;

ard_status ard__parameter_check_between_steps(const ard_parameter *parameter)
{
    ARD__CHECK(!ard__parameter_is_updated(parameter),
               "the parameter was updated in step %llu already, expected ard_sgd_advance first",
               (unsigned long long)parameter->sgd->step);
    return ARD_STATUS_SUCCESS;
}

bool ard__kept_is_all_tiles(const ard__kept *kept)
{
    return kept->tile == NULL || ard_tile_is_all(kept->tile);
}

bool ard__kept_is_all(const ard__kept *kept)
{
    return ard__kept_is_all_tiles(kept) && (kept->rows == NULL || ard_pattern_is_all(kept->rows)) &&
           (kept->cols == NULL || ard_pattern_is_all(kept->cols));
}

ard_status ard__parameter_list_kept(const ard_parameter *parameter, const ard__kept *kept,
                                    ard__index_list *row_list, ard__index_list *col_list)
{
    ard_context *context = parameter->sgd->context;
    ard__index_key rows = ard__index_key_plain(kept->rows, parameter->rows);
    ard__index_key cols = ard__index_key_plain(kept->cols, parameter->cols);
    ard__tile_axes(kept->tile, parameter->rows, parameter->cols, &rows.axis, &cols.axis);
    rows.classes = parameter->row_classes;
    rows.stride = parameter->row_stride;
    cols.classes = parameter->col_classes;
    cols.stride = parameter->col_stride;
    ARD_TRY(ard__index_list_get(context, &rows, row_list));
    return ard__index_list_get(context, &cols, col_list);
}

static ard_status select_kept(ard_parameter *parameter, const ard__kept *kept, selection *selected)
{
    const uint64_t newest = parameter->sgd->step + (ard__parameter_is_updated(parameter) ? 1 : 0);
    ARD_TRY(ard__parameter_list_kept(parameter, kept, &selected->rows, &selected->cols));
    selected->table_at = 0;
    if (parameter->by_element) {
        ARD_TRY(ard__sgd_prepare_table(parameter->sgd));
        selected->mode = AGES_ELEMENTS;
        selected->table = parameter->sgd->table;
    } else if (ard__parameter_is_stateless(parameter) ||
               ard__parameter_stands_at(parameter, kept, newest)) {
        selected->mode = AGES_FRESH;
        selected->table = parameter->weights; /* not read, but kernels want some buffer */
    } else {
        ARD_TRY(ard__parameter_prepare_table(parameter));
        selected->mode = AGES_CLASSES;
        selected->table = parameter->sgd->class_tables.buffer;
        selected->table_at = parameter->table_at;
    }
    return ARD_STATUS_SUCCESS;
}

static bool takes_runs(const selection *selected)
{
    return selected->mode != AGES_ELEMENTS && selected->cols.run_count > 0;
}

static const step_kernels *kernels_for(const selection *selected)
{
    return takes_runs(selected) ? &run_kernels[selected->mode] : &element_kernels[selected->mode];
}

/* Launches a gather or an update over the compact matrix. */
static ard_status launch_kept(ard__launch *launch, const selection *selected)
{
    return takes_runs(selected)
               ? ard__launch_single(launch, ard__divide_up(selected->rows.stride, RUN_ROWS), 1,
                                    selected->rows.groups)
               : ard__launch_3d(launch, selected->cols.stride, selected->rows.stride,
                                selected->rows.groups);
}

/* Kernels want some buffer; of a stateless optimizer they do not use what is in it. */
static cl_mem velocity_of(const ard_parameter *parameter)
{
    return parameter->velocity != NULL ? parameter->velocity : parameter->weights;
}

/* What the kernels of sgd.cl share, from row_list to v. */
static void add_elements(ard__launch *launch, const ard_parameter *parameter,
                         const selection *selected)
{
    ard__launch_buffer(launch, selected->rows.buffer);
    ard__launch_uint(launch, ard__index_classes_at(&selected->rows));
    ard__launch_buffer(launch, selected->cols.buffer);
    ard__launch_uint(launch, ard__index_classes_at(&selected->cols));
    ard__launch_uint(launch, ard__unit_class_count(&parameter->col_classes));
    ard__launch_buffer(launch, selected->table);
    ard__launch_uint(launch, (cl_uint)selected->table_at);
    ard__launch_buffer(launch, parameter->by_element ? parameter->ages : selected->rows.buffer);
    ard__launch_uint(launch, (cl_uint)parameter->sgd->step);
    ard__launch_buffer(launch, parameter->weights);
    ard__launch_buffer(launch, velocity_of(parameter));
}

/* The same for the kernels of sgd_runs.cl. */
static void add_runs(ard__launch *launch, const ard_parameter *parameter, const selection *selected)
{
    ard__launch_buffer(launch, selected->rows.buffer);
    ard__launch_uint(launch, ard__index_classes_at(&selected->rows));
    ard__launch_buffer(launch, selected->cols.buffer);
    ard__launch_uint(launch, (cl_uint)selected->cols.runs_at);
    ard__launch_uint(launch, (cl_uint)selected->cols.run_count);
    ard__launch_uint(launch, ard__unit_class_count(&parameter->col_classes));
    ard__launch_buffer(launch, selected->table);
    ard__launch_uint(launch, (cl_uint)selected->table_at);
    ard__launch_buffer(launch, parameter->weights);
    ard__launch_buffer(launch, velocity_of(parameter));
}

/* The first arguments of gathers and updates. */
static void add_selection(ard__launch *launch, const ard_parameter *parameter,
                          const selection *selected)
{
    ard__launch_uint(launch, (cl_uint)selected->rows.stride);
    if (takes_runs(selected)) {
        ard__launch_uint(launch, (cl_uint)parameter->cols);
        add_runs(launch, parameter, selected);
    } else {
        ard__launch_uint(launch, (cl_uint)selected->cols.stride);
        ard__launch_uint(launch, (cl_uint)parameter->cols);
        add_elements(launch, parameter, selected);
    }
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
    add_selection(&launch, parameter, &selected);
    ard__launch_uint(&launch, velocity);
    ard__launch_matrix(&launch, dst);
    /* Both are read for a catch-up, else one of them; then there is dst. */
    add_touches(&launch, &selected, selected.mode == AGES_FRESH ? 2 : 3, true);
    return launch_kept(&launch, &selected);
}

static ard_status sweep_runs(ard_parameter *parameter, const selection *selected)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(parameter->sgd->context, ARD__KERNEL_SWEEP_RUNS, &launch));
    ard__launch_uint(&launch, (cl_uint)parameter->rows);
    ard__launch_uint(&launch, (cl_uint)parameter->cols);
    add_runs(&launch, parameter, selected);
    add_touches(&launch, selected, 4, false);
    return ard__launch_single(&launch, ard__divide_up(parameter->rows, RUN_ROWS), 1, 1);
}

static ard_status sweep_elements(ard_parameter *parameter, const selection *selected)
{
    ard__launch launch;
    ARD_TRY(ard__launch_begin(parameter->sgd->context,
                              selected->mode == AGES_ELEMENTS ? ARD__KERNEL_SWEEP_ELEMENTS
                                                              : ARD__KERNEL_SWEEP_CLASSES,
                              &launch));
    ard__launch_uint(&launch, (cl_uint)parameter->rows);
    ard__launch_uint(&launch, (cl_uint)parameter->cols);
    add_elements(&launch, parameter, selected);
    add_touches(&launch, selected, 4, false);
    return ard__launch_2d(&launch, parameter->cols, parameter->rows);
}

ard_status ard__parameter_sweep(ard_parameter *parameter)
{
    selection selected;
    if (ard__parameter_is_fresh(parameter, &ard__kept_all)) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(select_kept(parameter, &ard__kept_all, &selected));
    return takes_runs(&selected) ? sweep_runs(parameter, &selected)
                                 : sweep_elements(parameter, &selected);
}

static ard_status check_step(const ard_parameter *parameter, const ard__kept *kept)
{
    ARD__CHECK(parameter != NULL, "the parameter is NULL");
    return ard__parameter_check_kept(parameter, kept);
}

static ard_status check_gather(const ard_parameter *parameter, const ard__kept *kept)
{
    ARD_TRY(check_step(parameter, kept));
    return ard__parameter_check_between_steps(parameter);
}

/* Whether the kept weights are a part of memory as it is. */
static bool find_view(const ard_parameter *parameter, const ard__kept *kept, ard_matrix *view)
{
    const ard_matrix whole = {parameter->weights, 0, parameter->cols};
    return ard__kept_is_all_tiles(kept) && ard__parameter_is_fresh(parameter, kept) &&
           (parameter->row_stride == 1 || kept->rows == NULL || ard_pattern_is_all(kept->rows)) &&
           ard_compact_view(kept->rows, kept->cols, &whole, view);
}

ard_status ard__parameter_gather_into(ard_parameter *parameter, const ard__kept *kept,
                                      const ard_matrix *room, ard_matrix *weights)
{
    selection selected;
    ARD_TRY(check_gather(parameter, kept));
    if (find_view(parameter, kept, weights)) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(ard__parameter_list_kept(parameter, kept, &selected.rows, &selected.cols));
    const ard_matrix compact = {room->buffer, room->offset, selected.cols.stride};
    ARD_TRY(ard__check_matrix("room", &compact, selected.rows.count, selected.cols.stride));
    ARD_TRY(ard__parameter_copy_kept(parameter, kept, false, &compact));
    *weights = compact;
    return ARD_STATUS_SUCCESS;
}

static ard_status gather(ard_parameter *parameter, const ard_pattern *row_pattern,
                         const ard_pattern *col_pattern, const ard_tile_pattern *tile,
                         ard_matrix *weights)
{
    const ard__kept kept = {row_pattern, col_pattern, tile};
    ARD__CHECK(weights != NULL, "ard_parameter_gather: weights is NULL");
    ARD_TRY(check_gather(parameter, &kept));
    if (find_view(parameter, &kept, weights)) {
        return ARD_STATUS_SUCCESS;
    }
    size_t most = parameter->rows * parameter->cols;
    const uint32_t edge = ard__kept_is_all_tiles(&kept) ? parameter->tile_edge : tile->edge;
    if (edge > 0) {
        most = ard__larger(most, ard_tile_capacity(edge, parameter->rows, parameter->cols));
    }
    ARD_TRY(ard__scratch_reserve(parameter->sgd->context, &parameter->compact,
                                 most * sizeof(cl_float)));
    const ard_matrix room = {parameter->compact.buffer, 0, 0};
    return ard__parameter_gather_into(parameter, &kept, &room, weights);
}

ard_status ard_parameter_gather(ard_parameter *parameter, const ard_pattern *row_pattern,
                                const ard_pattern *col_pattern, const ard_tile_pattern *tile,
                                ard_matrix *weights)
{
    const ard__kept kept = {row_pattern, col_pattern, tile};
    ard__operation_begin(ard__parameter_context(parameter), "parameter_gather");
    return ard__parameter_end(parameter, &kept,
                              gather(parameter, row_pattern, col_pattern, tile, weights));
}

/* The rates of this step and the factor of its gradients, the last arguments of every update. */
static void add_rates(ard__launch *launch, const ard_sgd *sgd)
{
    ard__launch_float(launch, (cl_float)ard_schedule_rate(&sgd->options.schedule, sgd->step));
    ard__launch_float(launch, (cl_float)sgd->options.momentum);
    ard__launch_float(launch, (cl_float)sgd->options.weight_decay);
    ard__launch_buffer(launch, ard__sgd_factor(sgd));
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
    const step_kernels *kernels = kernels_for(selected);
    ard__launch launch;
    ARD_TRY(ard__launch_begin(
        parameter->sgd->context,
        ard__parameter_is_updated(parameter) ? kernels->update_again : kernels->update, &launch));
    add_selection(&launch, parameter, selected);
    ard__launch_matrix(&launch, diff);
    add_rates(&launch, parameter->sgd);
    add_touches(&launch, selected, 5, false); /* the gradient too */
    return launch_kept(&launch, selected);
}

static ard_status update(ard_parameter *parameter, const ard_pattern *row_pattern,
                         const ard_pattern *col_pattern, const ard_tile_pattern *tile,
                         const ard_matrix *diff)
{
    const ard__kept kept = {row_pattern, col_pattern, tile};
    selection selected;
    ARD_TRY(check_step(parameter, &kept));
    if (ard__parameter_is_stateless(parameter)) {
        ARD_TRY(ard__parameter_descend(parameter, &kept, diff));
        parameter->updates_end = parameter->sgd->step + 1;
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(select_kept(parameter, &kept, &selected));
    ARD_TRY(ard__check_matrix("diff", diff, selected.rows.count, selected.cols.stride));
    const bool whole = ard__kept_is_all_tiles(&kept) && selected.mode == AGES_FRESH &&
                       !ard__parameter_is_updated(parameter) &&
                       selected.rows.count == parameter->rows &&
                       selected.cols.count == parameter->cols && diff->ld == parameter->cols;
    ARD_TRY(whole ? update_whole(parameter, diff) : update_kept(parameter, &selected, diff));
    parameter->updates_end = parameter->sgd->step + 1;
    if (!parameter->by_element) {
        ard__parameter_set_class_steps(parameter, &kept, parameter->sgd->step + 1);
        parameter->table_valid = false;
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard_parameter_update(ard_parameter *parameter, const ard_pattern *row_pattern,
                                const ard_pattern *col_pattern, const ard_tile_pattern *tile,
                                const ard_matrix *diff)
{
    const ard__kept kept = {row_pattern, col_pattern, tile};
    ard__operation_begin(ard__parameter_context(parameter), "parameter_update");
    return ard__parameter_end(parameter, &kept,
                              update(parameter, row_pattern, col_pattern, tile, diff));
}
