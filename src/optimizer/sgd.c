/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/sgd.h>

#include <math.h>
#include <stdlib.h>

#include "device/operation.h"
#include "optimizer/parameter_internal.h"

ard_sgd_options ard_sgd_defaults(void)
{
    return (ard_sgd_options){
        .schedule = {.kind = ARD_SCHEDULE_CONSTANT, .rate = 0.01, .factor = 1.0, .every = 1},
        .momentum = 0.9,
        .weight_decay = 0.0};
}

static ard_status check_rate(double rate)
{
    ARD__CHECK(rate > 0.0 && isfinite(rate), "the learning rate is %g, expected a positive number",
               rate);
    return ARD_STATUS_SUCCESS;
}

static ard_status check_schedule(const ard_schedule *schedule)
{
    ARD_TRY(check_rate(schedule->rate));
    switch (schedule->kind) {
    case ARD_SCHEDULE_CONSTANT:
        return ARD_STATUS_SUCCESS;
    case ARD_SCHEDULE_STEP:
        ARD__CHECK(schedule->factor > 0.0 && isfinite(schedule->factor),
                   "the step schedule's factor is %g, expected a positive number",
                   schedule->factor);
        break;
    case ARD_SCHEDULE_COSINE:
        ARD__CHECK(schedule->final_rate >= 0.0 && isfinite(schedule->final_rate),
                   "the cosine schedule's final rate is %g, expected zero or more",
                   schedule->final_rate);
        break;
    default:
        return ard__fail(ARD_STATUS_INVALID_ARGUMENT,
                         "the schedule is %d, expected constant (0), step (1) or cosine (2)",
                         (int)schedule->kind);
    }
    ARD__CHECK(schedule->every >= 1, "the schedule changes every 0 steps, expected 1 or more");
    return ARD_STATUS_SUCCESS;
}

static ard_status check_options(const ard_sgd_options *options)
{
    ARD_TRY(check_schedule(&options->schedule));
    ARD__CHECK(options->momentum >= 0.0 && options->momentum < 1.0,
               "momentum is %g, expected 0 <= momentum < 1", options->momentum);
    ARD__CHECK(options->weight_decay >= 0.0 && isfinite(options->weight_decay),
               "weight decay is %g, expected zero or more", options->weight_decay);
    return ARD_STATUS_SUCCESS;
}

static ard_status create(ard_context *context, const ard_sgd_options *options, ard_sgd **sgd)
{
    ARD__CHECK(sgd != NULL, "ard_sgd_create: sgd is NULL");
    *sgd = NULL;
    ARD__CHECK(context != NULL && options != NULL,
               "ard_sgd_create: the context or the options are NULL");
    ARD_TRY(check_options(options));
    ard_sgd *created = calloc(1, sizeof *created);
    if (created == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for an optimizer");
    }
    created->context = context;
    created->options = *options;
    for (size_t age = 0; age <= ARD__MAX_AGE; ++age) {
        created->products[age] = (ard__transition){{1.0, 0.0, 0.0, 1.0}};
    }
    const ard_status status = ard__sgd_create_unclipped(created);
    if (status != ARD_STATUS_SUCCESS) {
        ard_sgd_destroy(created);
        return status;
    }
    *sgd = created;
    return ARD_STATUS_SUCCESS;
}

ard_status ard_sgd_create(ard_context *context, const ard_sgd_options *options, ard_sgd **sgd)
{
    ard__operation_begin(context, "sgd_create");
    return ard__operation_end_plain(context, create(context, options, sgd));
}

void ard_sgd_destroy(ard_sgd *sgd)
{
    if (sgd != NULL) {
        const cl_mem buffers[] = {sgd->table, sgd->one, sgd->clip};
        for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; ++i) {
            if (buffers[i] != NULL) {
                clReleaseMemObject(buffers[i]);
            }
        }
        ard__scratch_release(&sgd->class_tables);
        ard__scratch_release(&sgd->square_sums);
        free(sgd);
    }
}

uint64_t ard_sgd_step(const ard_sgd *sgd)
{
    return sgd != NULL ? sgd->step : 0;
}

ard_status ard__sgd_check_before_updates(const ard_sgd *sgd)
{
    for (const ard_parameter *each = sgd->parameters; each != NULL; each = each->next) {
        ARD_TRY(ard__parameter_check_between_steps(each));
    }
    return ARD_STATUS_SUCCESS;
}

/* The products hold the rates that their steps had, and this step is not in them yet. */
ard_status ard_sgd_set_rate(ard_sgd *sgd, double rate)
{
    ARD__CHECK(sgd != NULL, "ard_sgd_set_rate: sgd is NULL");
    ARD__CHECK(sgd->options.schedule.kind == ARD_SCHEDULE_CONSTANT,
               "the schedule is %d, expected a constant one (0) to change its learning rate",
               (int)sgd->options.schedule.kind);
    ARD_TRY(check_rate(rate));
    ARD_TRY(ard__sgd_check_before_updates(sgd));
    sgd->options.schedule.rate = rate;
    return ARD_STATUS_SUCCESS;
}

ard__transition ard__sgd_transition(const ard_sgd_options *options, uint64_t step)
{
    const double rate = ard_schedule_rate(&options->schedule, step);
    const double decay = options->weight_decay;
    const double momentum = options->momentum;
    return (ard__transition){{1.0 - rate * decay, -rate * momentum, decay, momentum}};
}

ard__transition ard__sgd_compose(const ard__transition *second, const ard__transition *first)
{
    const double *a = second->m;
    const double *b = first->m;
    return (ard__transition){{a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3],
                              a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3]}};
}

static void extend_products(ard_sgd *sgd)
{
    const ard__transition latest = ard__sgd_transition(&sgd->options, sgd->step);
    for (size_t age = ARD__MAX_AGE; age >= 1; --age) {
        sgd->products[age] = ard__sgd_compose(&latest, &sgd->products[age - 1]);
    }
}

static ard_status advance(ard_sgd *sgd)
{
    ARD__CHECK(sgd != NULL, "ard_sgd_advance: sgd is NULL");
    if (!ard__sgd_is_stateless(&sgd->options)) {
        extend_products(sgd);
    }
    ++sgd->step;
    sgd->is_clipped = false;
    for (ard_parameter *parameter = sgd->parameters; parameter != NULL;
         parameter = parameter->next) {
        ARD_TRY(ard__parameter_sweep_if_due(parameter));
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard_sgd_advance(ard_sgd *sgd)
{
    ard__operation_begin(ard__sgd_context(sgd), "sgd_advance");
    return ard__operation_end_plain(ard__sgd_context(sgd), advance(sgd));
}

ard_status ard__sgd_prepare_table(ard_sgd *sgd)
{
    if (sgd->table_valid && sgd->table_step == sgd->step) {
        return ARD_STATUS_SUCCESS;
    }
    const size_t entries = ARD__MAX_AGE + 1;
    const size_t bytes = entries * sizeof(cl_float4);
    if (sgd->table == NULL) {
        ARD_TRY(ard__buffer_create(sgd->context, bytes, &sgd->table));
    }
    void *data = NULL;
    ARD_TRY(ard__upload_begin(sgd->context, bytes, &data));
    cl_float4 *table = data;
    for (size_t age = 0; age < entries; ++age) {
        for (size_t i = 0; i < 4; ++i) {
            table[age].s[i] = (cl_float)sgd->products[age].m[i];
        }
    }
    ARD_TRY(ard__upload_send(sgd->context, bytes, sgd->table, 0));
    sgd->table_step = sgd->step;
    sgd->table_valid = true;
    return ARD_STATUS_SUCCESS;
}
