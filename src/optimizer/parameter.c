/* SPDX-License-Identifier: Apache-2.0 */
/* A parameter's life and its whole-matrix operations; what a step does to it is in
 * parameter_step.c. */
#include <stdlib.h>
#include <string.h>

#include "device/launch.h"
#include "device/matrix_check.h"
#include "optimizer/parameter_internal.h"

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
    const size_t classes = (size_t)parameter->row_classes * parameter->col_classes;
    parameter->class_steps = calloc(classes, sizeof *parameter->class_steps);
    if (parameter->class_steps == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for %zu residue classes",
                         classes);
    }
    return ard__buffer_create(context, classes * sizeof(cl_float4), &parameter->table);
}

static ard_status allocate(ard_parameter *parameter)
{
    ard_context *context = parameter->sgd->context;
    const size_t bytes = parameter->rows * parameter->cols * sizeof(cl_float);
    ARD_TRY(create_cleared(context, bytes, &parameter->weights));
    ARD_TRY(create_cleared(context, bytes, &parameter->velocity));
    ARD_TRY(allocate_ages(parameter));
    const bool whole =
        !parameter->by_element && parameter->row_classes == 1 && parameter->col_classes == 1;
    return whole ? ARD_STATUS_SUCCESS : ard__scratch_reserve(context, &parameter->compact, bytes);
}

/* Sets every age to "up to date now". */
static ard_status reset_ages(ard_parameter *parameter)
{
    const uint64_t now = parameter->sgd->step;
    parameter->swept = now;
    parameter->updates_end = now;
    parameter->table_valid = false;
    if (!parameter->by_element) {
        for (size_t i = 0; i < (size_t)parameter->row_classes * parameter->col_classes; ++i) {
            parameter->class_steps[i] = now;
        }
        return ARD_STATUS_SUCCESS;
    }
    return ard__buffer_fill(parameter->sgd->context, parameter->ages, (uint32_t)now,
                            parameter->rows * parameter->cols * sizeof(uint32_t));
}

ard_status ard_parameter_create(ard_sgd *sgd, size_t rows, size_t cols, uint32_t row_classes,
                                uint32_t col_classes, ard_parameter **parameter)
{
    ARD__CHECK(parameter != NULL, "ard_parameter_create: parameter is NULL");
    *parameter = NULL;
    ARD__CHECK(sgd != NULL, "ard_parameter_create: sgd is NULL");
    ARD_TRY(ard__check_size("rows", rows));
    ARD_TRY(ard__check_size("cols", cols));
    ARD__CHECK(rows <= SIZE_MAX / sizeof(cl_float) / cols, "[%zu x %zu] is too large to address",
               rows, cols);
    ard_parameter *created = calloc(1, sizeof *created);
    if (created == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for a parameter");
    }
    created->sgd = sgd;
    created->rows = rows;
    created->cols = cols;
    created->by_element =
        row_classes == 0 || col_classes == 0 || row_classes > ARD__MAX_CLASSES / col_classes;
    created->row_classes = created->by_element ? 1 : row_classes;
    created->col_classes = created->by_element ? 1 : col_classes;
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
    const cl_mem buffers[] = {parameter->weights, parameter->velocity, parameter->ages,
                              parameter->table, parameter->compact.buffer};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; ++i) {
        if (buffers[i] != NULL) {
            clReleaseMemObject(buffers[i]);
        }
    }
    free(parameter->class_steps);
    free(parameter);
}

ard_status ard_parameter_write(ard_parameter *parameter, const float *weights)
{
    ARD__CHECK(parameter != NULL && weights != NULL, "ard_parameter_write: an argument is NULL");
    ard_context *context = parameter->sgd->context;
    const ard_matrix whole = {parameter->weights, 0, parameter->cols};
    ARD_TRY(ard__buffer_fill(context, parameter->velocity, 0,
                             parameter->rows * parameter->cols * sizeof(cl_float)));
    ARD_TRY(reset_ages(parameter));
    return ard_matrix_write(context, parameter->rows, parameter->cols, weights, &whole);
}

ard_status ard_parameter_read(ard_parameter *parameter, float *weights, float *velocity)
{
    ARD__CHECK(parameter != NULL && weights != NULL, "ard_parameter_read: an argument is NULL");
    ARD_TRY(ard__parameter_check_between_steps(parameter));
    ard_context *context = parameter->sgd->context;
    const size_t rows = parameter->rows;
    const size_t cols = parameter->cols;
    float *const hosts[2] = {weights, velocity};
    const cl_mem buffers[2] = {parameter->weights, parameter->velocity};
    for (int which = 0; which < 2; ++which) {
        if (hosts[which] == NULL) {
            continue;
        }
        ard_matrix source = {buffers[which], 0, cols};
        if (!ard__parameter_is_fresh(parameter, NULL, NULL)) {
            ARD_TRY(
                ard__scratch_reserve(context, &parameter->compact, rows * cols * sizeof(cl_float)));
            source.buffer = parameter->compact.buffer;
            ARD_TRY(ard__parameter_copy_kept(parameter, NULL, NULL, which == 1, &source));
        }
        ARD_TRY(ard_matrix_read(context, rows, cols, &source, hosts[which]));
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard__parameter_sweep_if_due(ard_parameter *parameter)
{
    const uint64_t now = parameter->sgd->step;
    if (now - parameter->swept < ARD__MAX_AGE) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(ard__parameter_sweep(parameter));
    const uint64_t updates_end = parameter->updates_end;
    ARD_TRY(reset_ages(parameter));
    parameter->updates_end = updates_end;
    return ARD_STATUS_SUCCESS;
}
