/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/lstm_cell.h>

#include "core/integers.h"
#include "device/context_internal.h"
#include "device/launch.h"
#include "device/matrix_check.h"
#include "device/operation.h"
#include "patterns/pattern_internal.h"

enum { GATES = 4 };

/* As the kernels number them. */
typedef enum pass_kind {
    PASS_NOTHING = 0,
    PASS_WHOLE = 1,
    PASS_MASKED = 2,
    PASS_PERIODIC = 3,
    PASS_LISTED = 4,
} pass_kind;

/* What the kernels are told about passing. */
typedef struct pass {
    pass_kind kind;
    cl_uint period;
    cl_ulong residues;
    size_t width;             /* of what is passed on */
    cl_mem list;              /* borrowed; NULL: none */
    const ard_matrix *mask;   /* NULL: none */
    const ard_matrix *matrix; /* `passed` or diff_passed; NULL: none */
} pass;

/* The same pattern with the largest period that its mask has room for, so that a kernel looks into
 * two periods at most. */
static void widen(const ard_pattern *pattern, pass *made)
{
    const uint32_t repeats = ARD_MAX_PERIOD / pattern->period;
    made->period = repeats * pattern->period;
    made->residues = 0;
    for (uint32_t i = 0; i < repeats; ++i) {
        made->residues |= (cl_ulong)pattern->residues << (i * pattern->period);
    }
}

static ard_status choose_pattern(ard_context *context, size_t hidden, const ard_pattern *pattern,
                                 pass *made)
{
    made->width = ard__pattern_count(pattern, hidden);
    if (ard_pattern_is_index(pattern)) {
        const ard__index_key key = ard__index_key_plain(pattern, hidden);
        ard__index_list list;
        ARD_TRY(ard__index_list_get(context, &key, &list));
        made->kind = PASS_LISTED;
        made->list = list.buffer;
    } else {
        made->kind = PASS_PERIODIC;
        widen(pattern, made);
    }
    return ARD_STATUS_SUCCESS;
}

/* Checks `passing` (NULL: none) and what of it the kernels need. */
static ard_status choose_pass(ard_context *context, size_t batch, size_t hidden,
                              const ard_lstm_passing *passing, pass *made)
{
    *made = (pass){.kind = PASS_WHOLE, .width = hidden};
    if (passing == NULL) {
        return ARD_STATUS_SUCCESS;
    }
    const ard_pattern *pattern = passing->pattern;
    if (pattern != NULL) {
        ARD_TRY(ard_pattern_check(pattern, hidden));
    }
    const bool drops = pattern != NULL && !ard_pattern_is_all(pattern);
    if (passing->mask.buffer != NULL) {
        ARD__CHECK(!drops, "the hidden state is passed on with a pattern and a mask; expected one "
                           "of them");
        ARD_TRY(ard__check_matrix("mask", &passing->mask, batch, hidden));
        made->kind = PASS_MASKED;
        made->mask = &passing->mask;
    }
    return drops ? choose_pattern(context, hidden, pattern, made) : ARD_STATUS_SUCCESS;
}

static ard_status check_sizes(const ard_context *context, size_t batch, size_t hidden)
{
    ARD__CHECK(context != NULL, "the context is NULL");
    ARD_TRY(ard__check_size("batch", batch));
    ARD__CHECK(hidden >= 1 && hidden <= ARD__MAX_DIMENSION / GATES,
               "hidden is %zu, expected 1..%zu", hidden, ARD__MAX_DIMENSION / GATES);
    return ARD_STATUS_SUCCESS;
}

/* A matrix that may be missing; the kernel wants some buffer all the same. */
static void add_optional(ard__launch *launch, const ard_matrix *matrix, const ard_matrix *instead)
{
    ard__launch_matrix(launch, matrix != NULL ? matrix : instead);
}

static void add_pass(ard__launch *launch, size_t batch, size_t hidden, const pass *made,
                     const ard_matrix *instead)
{
    ard__launch_uint(launch, (cl_uint)made->kind);
    ard__launch_uint(launch, made->period);
    ard__launch_ulong(launch, made->residues);
    ard__launch_uint(launch, (cl_uint)made->width);
    ard__launch_buffer(launch, made->list != NULL ? made->list : instead->buffer);
    add_optional(launch, made->mask, instead);
    add_optional(launch, made->matrix, instead);
    if (made->kind != PASS_NOTHING) {
        ard__launch_touches(launch, batch, made->width, 1);
    }
    if (made->mask != NULL) {
        ard__launch_touches(launch, batch, hidden, 1);
    }
}

static ard_status launch_units(ard__launch *launch, size_t batch, size_t hidden)
{
    return ard__launch_2d(launch, ard__divide_up(hidden, launch->context->vector_width), batch);
}

static ard_status end_cell(ard_context *context, size_t batch, size_t hidden,
                           const ard_lstm_passing *passing, ard_status status)
{
    ard__description *description = ard__operation_end(context, status);
    if (description != NULL) {
        ard__describe_shape(description, "%zux%zu", batch, hidden);
        if (passing != NULL) {
            ard__describe_pattern(description, "passed", passing->pattern, hidden);
        }
        ard__operation_describe(context);
    }
    return status;
}

static ard_status cell_forward(ard_context *context, size_t batch, size_t hidden,
                               const ard_matrix *gates, const ard_matrix *recurrent,
                               const ard_matrix *bias, const ard_matrix *c_before,
                               const ard_matrix *c, const ard_matrix *h,
                               const ard_lstm_passing *passing, const ard_matrix *passed,
                               cl_event *event)
{
    pass made;
    ARD_TRY(check_sizes(context, batch, hidden));
    ARD_TRY(ard__check_matrix("gates", gates, batch, GATES * hidden));
    if (recurrent != NULL) {
        ARD_TRY(ard__check_matrix("recurrent", recurrent, batch, GATES * hidden));
    }
    if (bias != NULL) {
        ARD_TRY(ard__check_matrix("bias", bias, 1, GATES * hidden));
    }
    ARD_TRY(ard__check_matrix("c_before", c_before, batch, hidden));
    ARD_TRY(ard__check_matrix("c", c, batch, hidden));
    ARD_TRY(ard__check_matrix("h", h, batch, hidden));
    ARD_TRY(choose_pass(context, batch, hidden, passing, &made));
    if (passing != NULL) {
        ARD_TRY(ard__check_matrix("passed", passed, batch, made.width));
        made.matrix = passed;
    } else {
        made.kind = PASS_NOTHING;
    }
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_LSTM_CELL_FORWARD, &launch));
    ard__launch_uint(&launch, (cl_uint)batch);
    ard__launch_uint(&launch, (cl_uint)hidden);
    ard__launch_matrix(&launch, gates);
    ard__launch_uint(&launch, recurrent != NULL);
    add_optional(&launch, recurrent, gates);
    ard__launch_uint(&launch, bias != NULL);
    ard__launch_buffer(&launch, bias != NULL ? bias->buffer : gates->buffer);
    ard__launch_ulong(&launch, bias != NULL ? bias->offset : 0);
    ard__launch_matrix(&launch, c_before);
    ard__launch_matrix(&launch, c);
    ard__launch_matrix(&launch, h);
    add_pass(&launch, batch, hidden, &made, gates);
    ard__launch_touches(&launch, batch, GATES * hidden, recurrent != NULL ? 3 : 2);
    ard__launch_touches(&launch, batch, hidden, 3);
    ARD_TRY(launch_units(&launch, batch, hidden));
    return ard__give_event(context, event);
}

ard_status ard_lstm_cell_forward(ard_context *context, size_t batch, size_t hidden,
                                 const ard_matrix *gates, const ard_matrix *recurrent,
                                 const ard_matrix *bias, const ard_matrix *c_before,
                                 const ard_matrix *c, const ard_matrix *h,
                                 const ard_lstm_passing *passing, const ard_matrix *passed,
                                 cl_event *event)
{
    ard__operation_begin(context, "lstm_cell_forward");
    return end_cell(context, batch, hidden, passing,
                    cell_forward(context, batch, hidden, gates, recurrent, bias, c_before, c, h,
                                 passing, passed, event));
}

static ard_status cell_backward(ard_context *context, size_t batch, size_t hidden,
                                const ard_matrix *gates, const ard_matrix *c_before,
                                const ard_matrix *c, const ard_matrix *diff_h,
                                const ard_lstm_passing *passing, const ard_matrix *diff_passed,
                                bool last, const ard_matrix *diff_c, cl_event *event)
{
    pass made;
    ARD_TRY(check_sizes(context, batch, hidden));
    ARD_TRY(ard__check_matrix("gates", gates, batch, GATES * hidden));
    ARD_TRY(ard__check_matrix("c_before", c_before, batch, hidden));
    ARD_TRY(ard__check_matrix("c", c, batch, hidden));
    ARD_TRY(ard__check_matrix("diff_h", diff_h, batch, hidden));
    ARD_TRY(ard__check_matrix("diff_c", diff_c, batch, hidden));
    ARD_TRY(choose_pass(context, batch, hidden, passing, &made));
    if (diff_passed != NULL) {
        ARD_TRY(ard__check_matrix("diff_passed", diff_passed, batch, made.width));
        made.matrix = diff_passed;
    } else {
        made.kind = PASS_NOTHING;
    }
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_LSTM_CELL_BACKWARD, &launch));
    ard__launch_uint(&launch, (cl_uint)batch);
    ard__launch_uint(&launch, (cl_uint)hidden);
    ard__launch_matrix(&launch, gates);
    ard__launch_matrix(&launch, c_before);
    ard__launch_matrix(&launch, c);
    ard__launch_matrix(&launch, diff_h);
    add_pass(&launch, batch, hidden, &made, gates);
    ard__launch_uint(&launch, last);
    ard__launch_matrix(&launch, diff_c);
    ard__launch_touches(&launch, batch, GATES * hidden, 2);
    ard__launch_touches(&launch, batch, hidden, last ? 4 : 5);
    ARD_TRY(launch_units(&launch, batch, hidden));
    return ard__give_event(context, event);
}

ard_status ard_lstm_cell_backward(ard_context *context, size_t batch, size_t hidden,
                                  const ard_matrix *gates, const ard_matrix *c_before,
                                  const ard_matrix *c, const ard_matrix *diff_h,
                                  const ard_lstm_passing *passing, const ard_matrix *diff_passed,
                                  bool last, const ard_matrix *diff_c, cl_event *event)
{
    ard__operation_begin(context, "lstm_cell_backward");
    return end_cell(context, batch, hidden, passing,
                    cell_backward(context, batch, hidden, gates, c_before, c, diff_h, passing,
                                  diff_passed, last, diff_c, event));
}
