/* SPDX-License-Identifier: Apache-2.0 */
#include "optimizer/sgd_state.h"

#include <math.h>
#include <stdlib.h>

#include "device/profile_internal.h"
#include "optimizer/parameter_order.h"

void ard__sgd_put(const ard_sgd *sgd, ard__writer *writer)
{
    ard__put_u64(writer, sgd->step);
    for (size_t age = 0; age <= ARD__MAX_AGE; ++age) {
        for (size_t i = 0; i < 4; ++i) {
            ard__put_f64(writer, sgd->products[age].m[i]);
        }
    }
}

ard_status ard__sgd_get(ard_sgd *sgd, ard__reader *reader)
{
    sgd->step = ard__get_u64(reader);
    sgd->table_valid = false;
    sgd->is_clipped = false;
    bool finite = true;
    for (size_t age = 0; age <= ARD__MAX_AGE; ++age) {
        for (size_t i = 0; i < 4; ++i) {
            sgd->products[age].m[i] = ard__get_f64(reader);
            finite = finite && isfinite(sgd->products[age].m[i]);
        }
    }
    if (reader->failed || !finite) {
        return ard__checkpoint_damaged("the optimizer's state is cut or not finite");
    }
    return ARD_STATUS_SUCCESS;
}

/* Memory for one 32-bit value an element of the parameter, and for these in increasing order: the
 * same where memory is in that order. */
typedef struct values {
    void *memory;
    void *ordered;
} values;

static bool allocate(const ard_parameter *parameter, values *values)
{
    const size_t bytes = parameter->rows * parameter->cols * 4;
    values->memory = malloc(bytes);
    values->ordered = ard__parameter_is_ordered(parameter) ? values->memory : malloc(bytes);
    return values->memory != NULL && values->ordered != NULL;
}

static void release(const values *values)
{
    if (values->ordered != values->memory) {
        free(values->ordered);
    }
    free(values->memory);
}

/* Moves the 32-bit values of a buffer into the writer, in increasing order. */
static ard_status put_buffer(const ard_parameter *parameter, cl_mem buffer, ard__writer *writer)
{
    ard_context *context = parameter->sgd->context;
    const size_t count = parameter->rows * parameter->cols;
    values values;
    if (!allocate(parameter, &values)) {
        release(&values);
        writer->failed = true;
        return ARD_STATUS_SUCCESS;
    }
    const ard__work work = ard__work_copy(count * 4);
    cl_event event = NULL;
    ard_status status = ard__order(context);
    if (status == ARD_STATUS_SUCCESS) {
        const cl_int code =
            clEnqueueReadBuffer(context->queue, buffer, CL_TRUE, 0, count * 4, values.memory, 0,
                                NULL, ard__profile_event(context, &event));
        if (code != CL_SUCCESS) {
            status = ard__fail_opencl(code, "clEnqueueReadBuffer");
        } else {
            ard__profile_record(context, event, "read", &work);
            if (values.ordered != values.memory) {
                ard__parameter_from_memory(parameter, values.memory, values.ordered);
            }
            ard__put_words(writer, values.ordered, count);
        }
    }
    release(&values);
    return status;
}

static void put_classes(ard__writer *writer, const ard__unit_classes *classes)
{
    ard__put_u32(writer, classes->units);
    ard__put_u32(writer, classes->edge);
    ard__put_u32(writer, classes->tiles);
}

/* Reads classes; whether they are these. */
static bool get_same_classes(ard__reader *reader, const ard__unit_classes *classes)
{
    bool same = ard__get_u32(reader) == classes->units;
    same = ard__get_u32(reader) == classes->edge && same;
    return ard__get_u32(reader) == classes->tiles && same;
}

/* How a parameter's ages stand in a checkpoint. */
typedef enum age_kind {
    AGES_OF_CLASSES = 0,
    AGES_OF_ELEMENTS = 1,
    NO_AGES = 2, /* and no velocity */
} age_kind;

static age_kind ages_of(const ard_parameter *parameter)
{
    return ard__parameter_is_stateless(parameter) ? NO_AGES
           : parameter->by_element                ? AGES_OF_ELEMENTS
                                                  : AGES_OF_CLASSES;
}

ard_status ard__parameter_put(const ard_parameter *parameter, ard__writer *writer)
{
    ard__put_u64(writer, parameter->rows);
    ard__put_u64(writer, parameter->cols);
    ard__put_u32(writer, (uint32_t)ages_of(parameter));
    put_classes(writer, &parameter->row_classes);
    put_classes(writer, &parameter->col_classes);
    ard__put_u64(writer, parameter->swept);
    ard__put_u64(writer, parameter->updates_end);
    ARD_TRY(put_buffer(parameter, parameter->weights, writer));
    if (ages_of(parameter) == NO_AGES) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(put_buffer(parameter, parameter->velocity, writer));
    if (parameter->by_element) {
        return put_buffer(parameter, parameter->ages, writer);
    }
    for (size_t i = 0; i < ard__parameter_classes(parameter); ++i) {
        ard__put_u64(writer, parameter->class_steps[i]);
    }
    return ARD_STATUS_SUCCESS;
}

/* Whether every age, now - element, is one that the table of products has. */
static bool ages_in_range(const uint32_t *ages, size_t count, uint64_t now)
{
    for (size_t i = 0; i < count; ++i) {
        if ((uint32_t)now - ages[i] > ARD__MAX_AGE) {
            return false;
        }
    }
    return true;
}

/* Fills a buffer with 32-bit values from the reader; as ages they are checked. */
static ard_status get_buffer(const ard_parameter *parameter, cl_mem buffer, ard__reader *reader,
                             const uint64_t *now)
{
    ard_context *context = parameter->sgd->context;
    const size_t count = parameter->rows * parameter->cols;
    values values;
    if (!allocate(parameter, &values)) {
        release(&values);
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for %zu values of a checkpoint",
                         count);
    }
    ard_status status = ARD_STATUS_SUCCESS;
    if (!ard__get_words(reader, values.ordered, count)) {
        status = ard__checkpoint_damaged("a parameter is cut");
    } else if (now != NULL && !ages_in_range(values.ordered, count, *now)) {
        status = ard__checkpoint_damaged("an age is out of range");
    } else {
        const ard__work work = ard__work_copy(count * 4);
        cl_event event = NULL;
        if (values.ordered != values.memory) {
            ard__parameter_to_memory(parameter, values.ordered, values.memory);
        }
        const cl_int code =
            clEnqueueWriteBuffer(context->queue, buffer, CL_TRUE, 0, count * 4, values.memory, 0,
                                 NULL, ard__profile_event(context, &event));
        status = code == CL_SUCCESS ? ARD_STATUS_SUCCESS
                                    : ard__fail_opencl(code, "clEnqueueWriteBuffer");
        ard__profile_record(context, event, "write", &work);
    }
    release(&values);
    return status;
}

static ard_status get_ages(ard_parameter *parameter, ard__reader *reader)
{
    const uint64_t now = parameter->sgd->step;
    if (parameter->by_element) {
        return get_buffer(parameter, parameter->ages, reader, &now);
    }
    for (size_t i = 0; i < ard__parameter_classes(parameter); ++i) {
        const uint64_t steps = ard__get_u64(reader);
        if (reader->failed || steps > now || now - steps > ARD__MAX_AGE) {
            return ard__checkpoint_damaged("an age is out of range");
        }
        parameter->class_steps[i] = steps;
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard__parameter_get(ard_parameter *parameter, ard__reader *reader)
{
    const uint64_t now = parameter->sgd->step;
    bool same = ard__get_u64(reader) == parameter->rows;
    same = ard__get_u64(reader) == parameter->cols && same;
    same = ard__get_u32(reader) == (uint32_t)ages_of(parameter) && same;
    same = get_same_classes(reader, &parameter->row_classes) && same;
    same = get_same_classes(reader, &parameter->col_classes) && same;
    parameter->swept = ard__get_u64(reader);
    parameter->updates_end = ard__get_u64(reader);
    parameter->table_valid = false;
    if (reader->failed || !same) {
        return ard__checkpoint_damaged("a parameter is not of the network's shape");
    }
    if (parameter->swept > now || now - parameter->swept > ARD__MAX_AGE ||
        parameter->updates_end > now) {
        return ard__checkpoint_damaged("a parameter's steps are out of range");
    }
    ARD_TRY(ard__order(parameter->sgd->context));
    ARD_TRY(get_buffer(parameter, parameter->weights, reader, NULL));
    if (ages_of(parameter) == NO_AGES) {
        return ARD_STATUS_SUCCESS;
    }
    ARD_TRY(get_buffer(parameter, parameter->velocity, reader, NULL));
    return get_ages(parameter, reader);
}
