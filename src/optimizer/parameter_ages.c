/* SPDX-License-Identifier: Apache-2.0 */
/* How long weights were skipped, where that is kept a class of rows and columns. */
#include "core/integers.h"
#include "optimizer/parameter_internal.h"

/* Whether no pattern can split a class. */
static bool takes_every_pattern(const ard_parameter *parameter)
{
    return parameter->by_element || ard__parameter_is_stateless(parameter);
}

static ard_status check_pattern(const ard_pattern *pattern, size_t width,
                                const ard__unit_classes *classes, bool takes_all)
{
    if (pattern == NULL) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(ard_pattern_check(pattern, width));
    /* Any units may be kept where each has a class to itself. */
    if (takes_all || ard_pattern_is_all(pattern) || classes->units >= width) {
        return ARD_STATUS_SUCCESS;
    }
    if (ard_pattern_is_index(pattern)) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "an index pattern on a parameter that was created for %u residue classes "
                         "of %zu units; expected 0, not known, or a class a unit",
                         classes->units, width);
    }
    if (classes->units % pattern->period != 0) {
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
    if (takes_every_pattern(parameter) || ard_tile_is_all(tile)) {
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

ard_status ard__parameter_check_kept(const ard_parameter *parameter, const ard__kept *kept)
{
    const bool takes_all = takes_every_pattern(parameter);
    ARD_TRY(check_pattern(kept->rows, parameter->rows, &parameter->row_classes, takes_all));
    ARD_TRY(check_pattern(kept->cols, parameter->cols, &parameter->col_classes, takes_all));
    return check_tile(parameter, kept->tile);
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

void ard__parameter_set_class_steps(ard_parameter *parameter, const ard__kept *kept, uint64_t steps)
{
    const uint32_t row_classes = ard__unit_class_count(&parameter->row_classes);
    const uint32_t col_classes = ard__unit_class_count(&parameter->col_classes);
    for (uint32_t r = 0; r < row_classes; ++r) {
        if (!keeps_residue(kept->rows, &parameter->row_classes, r)) {
            continue;
        }
        for (uint32_t c = 0; c < col_classes; ++c) {
            if (keeps_class(parameter, kept, r, c)) {
                parameter->class_steps[(size_t)r * col_classes + c] = steps;
            }
        }
    }
}

bool ard__parameter_stands_at(const ard_parameter *parameter, const ard__kept *kept, uint64_t steps)
{
    const uint32_t row_classes = ard__unit_class_count(&parameter->row_classes);
    const uint32_t col_classes = ard__unit_class_count(&parameter->col_classes);
    for (uint32_t r = 0; r < row_classes; ++r) {
        for (uint32_t c = 0; c < col_classes; ++c) {
            if (parameter->class_steps[(size_t)r * col_classes + c] != steps &&
                keeps_class(parameter, kept, r, c)) {
                return false;
            }
        }
    }
    return true;
}

bool ard__parameter_is_fresh(const ard_parameter *parameter, const ard__kept *kept)
{
    const uint64_t now = parameter->sgd->step;
    if (ard__parameter_is_stateless(parameter)) {
        return true;
    }
    return parameter->by_element ? parameter->swept == now
                                 : ard__parameter_stands_at(parameter, kept, now);
}

/* Growing loses what all tables hold. */
ard_status ard__parameter_reserve_table(ard_parameter *parameter)
{
    ard_sgd *sgd = parameter->sgd;
    parameter->class_entries = ard__parameter_classes(parameter);
    sgd->class_entries += parameter->class_entries;
    for (ard_parameter *each = sgd->parameters; each != NULL; each = each->next) {
        each->table_valid = false;
    }
    return ard__scratch_reserve(sgd->context, &sgd->class_tables,
                                sgd->class_entries * sizeof(cl_float4));
}

void ard__parameter_give_up_table(const ard_parameter *parameter)
{
    parameter->sgd->class_entries -= parameter->class_entries;
}

/* The catch-up of every class. After an update, what a further one in this step does to it before
 * it adds its gradient: catch-up and step, or nothing where it had them (ard_update_again of
 * sgd.cl). */
static void fill_table(const ard_parameter *parameter, cl_float4 *table)
{
    const ard_sgd *sgd = parameter->sgd;
    const bool again = ard__parameter_is_updated(parameter);
    const ard__transition latest = ard__sgd_transition(&sgd->options, sgd->step);
    for (size_t i = 0; i < ard__parameter_classes(parameter); ++i) {
        const uint64_t steps = parameter->class_steps[i];
        ard__transition product = sgd->products[steps < sgd->step ? sgd->step - steps : 0];
        if (again && steps <= sgd->step) {
            product = ard__sgd_compose(&latest, &product);
        }
        for (size_t k = 0; k < 4; ++k) {
            table[i].s[k] = (cl_float)product.m[k];
        }
    }
}

/* One write sends the tables of all parameters, one behind the other. */
ard_status ard__parameter_prepare_table(ard_parameter *parameter)
{
    ard_sgd *sgd = parameter->sgd;
    if (parameter->table_valid && parameter->table_step == sgd->step) {
        return ARD_STATUS_SUCCESS;
    }
    const size_t bytes = sgd->class_entries * sizeof(cl_float4);
    void *data = NULL;
    ARD_TRY(ard__upload_begin(sgd->context, bytes, &data));
    size_t at = 0;
    for (ard_parameter *each = sgd->parameters; each != NULL; each = each->next) {
        if (!each->by_element) {
            each->table_at = at;
            fill_table(each, (cl_float4 *)data + at);
            at += each->class_entries;
        }
    }
    ARD_TRY(ard__upload_send(sgd->context, bytes, sgd->class_tables.buffer, 0));
    for (ard_parameter *each = sgd->parameters; each != NULL; each = each->next) {
        each->table_step = sgd->step;
        each->table_valid = true;
    }
    return ARD_STATUS_SUCCESS;
}
