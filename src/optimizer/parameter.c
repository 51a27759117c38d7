/* SPDX-License-Identifier: Apache-2.0 */
/* A parameter's life and its whole-matrix operations; what a step does to it is in
 * parameter_step.c. */
#include <stdlib.h>
#include <string.h>

#include "core/integers.h"
#include "device/launch.h"
#include "device/matrix_check.h"
#include "device/operation.h"
#include "optimizer/parameter_internal.h"
#include "optimizer/parameter_order.h"

static ard_status create_cleared(ard_context *context, size_t bytes, cl_mem *buffer)
{
    ARD_TRY(ard__buffer_create(context, bytes, buffer));
    return ard__buffer_fill(context, *buffer, 0, bytes);
}

static ard_status allocate_ages(ard_parameter *parameter)
{
    ard_context *context = parameter->sgd->context;
    if (parameter->by_element) {
        return create_cleared(context, parameter->rows * parameter->cols * sizeof(cl_uint),
                              &parameter->ages);
    }
    const size_t classes = ard__parameter_classes(parameter);
    parameter->class_steps = calloc(classes, sizeof *parameter->class_steps);
    if (parameter->class_steps == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for %zu residue classes",
                         classes);
    }
    return ard__parameter_reserve_table(parameter);
}

static ard_status allocate(ard_parameter *parameter)
{
    ard_context *context = parameter->sgd->context;
    const size_t bytes = parameter->rows * parameter->cols * sizeof(cl_float);
    ARD_TRY(create_cleared(context, bytes, &parameter->weights));
    if (ard__parameter_is_stateless(parameter)) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(create_cleared(context, bytes, &parameter->velocity));
    return allocate_ages(parameter);
}

/* Sets every age to "up to date now". */
static ard_status reset_ages(ard_parameter *parameter)
{
    const uint64_t now = parameter->sgd->step;
    parameter->swept = now;
    parameter->updates_end = now;
    parameter->table_valid = false;
    if (ard__parameter_is_stateless(parameter)) {
        return ARD_STATUS_SUCCESS;
    }
    if (!parameter->by_element) {
        for (size_t i = 0; i < ard__parameter_classes(parameter); ++i) {
            parameter->class_steps[i] = now;
        }
        return ARD_STATUS_SUCCESS;
    }
    return ard__buffer_fill(parameter->sgd->context, parameter->ages, (uint32_t)now,
                            parameter->rows * parameter->cols * sizeof(uint32_t));
}

static ard__unit_classes dimension_classes(uint32_t units, const ard_parameter_classes *classes,
                                           size_t width)
{
    if (classes->tile_edge == 0) {
        return (ard__unit_classes){units, 1, 1};
    }
    /* With as many classes as tiles, every tile has its own, whatever the period. */
    const size_t all = ard__divide_up(width, classes->tile_edge);
    const bool own = classes->tiles == 0 || classes->tiles > all;
    return (ard__unit_classes){units, classes->tile_edge, own ? (uint32_t)all : classes->tiles};
}

/* Whether there is no table of classes, or it would be too large. */
static bool wants_element_ages(const ard_parameter *parameter)
{
    const ard__unit_classes *rows = &parameter->row_classes;
    const ard__unit_classes *cols = &parameter->col_classes;
    const size_t share = parameter->rows * parameter->cols / ARD__WEIGHTS_A_CLASS;
    const size_t limit = ard__larger(ARD__MAX_CLASSES, share);
    const double pairs =
        (double)rows->units * rows->tiles * (double)cols->units * (double)cols->tiles;
    return rows->units == 0 || cols->units == 0 || pairs > (double)limit;
}

static void choose_ages(ard_parameter *parameter, const ard_parameter_classes *classes)
{
    static const ard__unit_classes single = {1, 1, 1};
    parameter->tile_edge = classes->tile_edge;
    parameter->row_classes = dimension_classes(classes->rows, classes, parameter->rows);
    parameter->col_classes = dimension_classes(classes->cols, classes, parameter->cols);
    const bool stateless = ard__parameter_is_stateless(parameter);
    parameter->by_element = !stateless && wants_element_ages(parameter);
    if (parameter->by_element || stateless) {
        parameter->row_classes = single;
        parameter->col_classes = single;
    }
}

static ard_status create(ard_sgd *sgd, size_t rows, size_t cols,
                         const ard_parameter_classes *classes, ard_parameter **parameter)
{
    static const ard_parameter_classes never_dropped = {.rows = 1, .cols = 1};
    const ard_parameter_classes *known = classes != NULL ? classes : &never_dropped;
    ARD__CHECK(parameter != NULL, "ard_parameter_create: parameter is NULL");
    *parameter = NULL;
    ARD__CHECK(sgd != NULL, "ard_parameter_create: sgd is NULL");
    ARD_TRY(ard__check_size("rows", rows));
    ARD_TRY(ard__check_size("cols", cols));
    ARD__CHECK(known->tile_edge == 0 || (known->row_stride <= 1 && known->col_stride <= 1),
               "strides %u and %u, expected 0 or 1 where there are tiles", known->row_stride,
               known->col_stride);
    /* A compact copy of tiles can be six times as large. */
    const size_t copies = known->tile_edge > 0 ? 6 : 1;
    ARD__CHECK(rows <= SIZE_MAX / sizeof(cl_float) / copies / cols,
               "[%zu x %zu] is too large to address", rows, cols);
    ard_parameter *created = calloc(1, sizeof *created);
    if (created == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for a parameter");
    }
    created->sgd = sgd;
    created->rows = rows;
    created->cols = cols;
    created->row_stride = known->row_stride > 0 ? known->row_stride : 1;
    created->col_stride = known->col_stride > 0 ? known->col_stride : 1;
    choose_ages(created, known);
    ard_status status = allocate(created);
    if (status == ARD_STATUS_SUCCESS) {
        status = reset_ages(created);
    }
    if (status != ARD_STATUS_SUCCESS) {
        ard_parameter_destroy(created);
        return status;
    }
    created->next = sgd->parameters;
    sgd->parameters = created;
    *parameter = created;
    return ARD_STATUS_SUCCESS;
}

ard_status ard_parameter_create(ard_sgd *sgd, size_t rows, size_t cols,
                                const ard_parameter_classes *classes, ard_parameter **parameter)
{
    ard__operation_begin(ard__sgd_context(sgd), "parameter_create");
    return ard__operation_end_matrix(ard__sgd_context(sgd), rows, cols, NULL, NULL, NULL,
                                     create(sgd, rows, cols, classes, parameter));
}

static void unlink_from(ard_sgd *sgd, const ard_parameter *parameter)
{
    for (ard_parameter **link = &sgd->parameters; *link != NULL; link = &(*link)->next) {
        if (*link == parameter) {
            *link = parameter->next;
            return;
        }
    }
}

void ard_parameter_destroy(ard_parameter *parameter)
{
    if (parameter == NULL) {
        return;
    }
    unlink_from(parameter->sgd, parameter);
    ard__parameter_give_up_table(parameter);
    const cl_mem buffers[] = {parameter->weights, parameter->velocity, parameter->ages,
                              parameter->compact.buffer};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; ++i) {
        if (buffers[i] != NULL) {
            clReleaseMemObject(buffers[i]);
        }
    }
    free(parameter->class_steps);
    free(parameter);
}

/* Host memory for a value an element. */
static ard_status allocate_values(const ard_parameter *parameter, float **values)
{
    const size_t count = parameter->rows * parameter->cols;
    *values = malloc(count * sizeof **values);
    return *values != NULL
               ? ARD_STATUS_SUCCESS
               : ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for %zu values", count);
}

static ard_status write_weights(ard_parameter *parameter, const float *weights)
{
    ARD__CHECK(parameter != NULL && weights != NULL, "ard_parameter_write: an argument is NULL");
    ard_context *context = parameter->sgd->context;
    const ard_matrix whole = {parameter->weights, 0, parameter->cols};
    if (parameter->velocity != NULL) {
        ARD_TRY(ard__buffer_fill(context, parameter->velocity, 0,
                                 parameter->rows * parameter->cols * sizeof(cl_float)));
    }
    ARD_TRY(reset_ages(parameter));
    if (ard__parameter_is_ordered(parameter)) {
        return ard_matrix_write(context, parameter->rows, parameter->cols, weights, &whole);
    }
    float *memory = NULL;
    ARD_TRY(allocate_values(parameter, &memory));
    ard__parameter_to_memory(parameter, weights, memory);
    const ard_status status =
        ard_matrix_write(context, parameter->rows, parameter->cols, memory, &whole);
    free(memory);
    return status;
}

ard_status ard_parameter_write(ard_parameter *parameter, const float *weights)
{
    ard__operation_begin(ard__parameter_context(parameter), "parameter_write");
    return ard__parameter_end(parameter, &ard__kept_all, write_weights(parameter, weights));
}

/* Reads a whole matrix of the parameter's shape and memory order. */
static ard_status read_ordered(const ard_parameter *parameter, const ard_matrix *source,
                               float *values)
{
    ard_context *context = parameter->sgd->context;
    if (ard__parameter_is_ordered(parameter)) {
        return ard_matrix_read(context, parameter->rows, parameter->cols, source, values);
    }
    float *memory = NULL;
    ARD_TRY(allocate_values(parameter, &memory));
    const ard_status status =
        ard_matrix_read(context, parameter->rows, parameter->cols, source, memory);
    if (status == ARD_STATUS_SUCCESS) {
        ard__parameter_from_memory(parameter, memory, values);
    }
    free(memory);
    return status;
}

/* Reads the weights or velocities as they are now, from a copy where some are behind. */
static ard_status read_current(ard_parameter *parameter, bool velocity, float *values)
{
    if (velocity && parameter->velocity == NULL) {
        memset(values, 0, parameter->rows * parameter->cols * sizeof *values);
        return ARD_STATUS_SUCCESS;
    }
    ard_matrix source = {velocity ? parameter->velocity : parameter->weights, 0, parameter->cols};
    if (ard__parameter_is_fresh(parameter, &ard__kept_all)) {
        return read_ordered(parameter, &source, values);
    }
    ARD_TRY(ard_matrix_create(parameter->sgd->context, parameter->rows, parameter->cols, &source));
    ard_status status = ard__parameter_copy_kept(parameter, &ard__kept_all, velocity, &source);
    if (status == ARD_STATUS_SUCCESS) {
        status = read_ordered(parameter, &source, values);
    }
    ard_matrix_destroy(&source);
    return status;
}

static ard_status read_weights(ard_parameter *parameter, float *weights, float *velocity)
{
    ARD__CHECK(parameter != NULL && weights != NULL, "ard_parameter_read: an argument is NULL");
    ARD_TRY(ard__parameter_check_between_steps(parameter));
    ARD_TRY(read_current(parameter, false, weights));
    return velocity != NULL ? read_current(parameter, true, velocity) : ARD_STATUS_SUCCESS;
}

ard_status ard_parameter_read(ard_parameter *parameter, float *weights, float *velocity)
{
    ard__operation_begin(ard__parameter_context(parameter), "parameter_read");
    return ard__parameter_end(parameter, &ard__kept_all,
                              read_weights(parameter, weights, velocity));
}

/* Brings everything up to date in place. */
static ard_status sweep(ard_parameter *parameter)
{
    ARD_TRY(ard__parameter_sweep(parameter));
    const uint64_t updates_end = parameter->updates_end;
    ARD_TRY(reset_ages(parameter));
    parameter->updates_end = updates_end;
    return ARD_STATUS_SUCCESS;
}

ard_status ard__parameter_sweep_if_due(ard_parameter *parameter)
{
    if (ard__parameter_is_stateless(parameter)) {
        parameter->swept = parameter->sgd->step;
    }
    return parameter->sgd->step - parameter->swept < ARD__MAX_AGE ? ARD_STATUS_SUCCESS
                                                                  : sweep(parameter);
}

ard_status ard__parameter_catch_up(ard_parameter *parameter)
{
    return ard__parameter_is_fresh(parameter, &ard__kept_all) ? ARD_STATUS_SUCCESS
                                                              : sweep(parameter);
}
