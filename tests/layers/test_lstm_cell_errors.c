/* SPDX-License-Identifier: Apache-2.0 */
/* Bad arguments of the LSTM cell, its events, and that a call is one launch. */
#include <ard/lstm_cell.h>

#include <string.h>

#include <ard/profile.h>

#include "support/device.h"
#include "support/unit.h"

enum { BATCH = 3, HIDDEN = 6, KEPT = 3 };

typedef enum role { GATES, RECURRENT, BIAS, C_BEFORE, C, H, PASSED, DIFF_H, DIFF_C, ROLES } role;

typedef struct bench {
    ard_context *context;
    guarded guards[ROLES];
    guarded mask;
    const ard_matrix *m[ROLES];
    size_t batch;
    size_t hidden;
    ard_pattern pattern;
    ard_lstm_passing passing;
} bench;

static void reset(bench *b)
{
    b->batch = BATCH;
    b->hidden = HIDDEN;
    b->pattern = (ard_pattern){.period = 2, .residues = 1};
    b->passing = (ard_lstm_passing){.pattern = &b->pattern};
    for (size_t i = 0; i < ROLES; ++i) {
        b->m[i] = &b->guards[i].matrix;
    }
}

static void set_up(ard_context *context, bench *b)
{
    static const size_t shapes[ROLES][2] = {
        {BATCH, 4 * HIDDEN}, {BATCH, 4 * HIDDEN}, {1, 4 * HIDDEN}, {BATCH, HIDDEN}, {BATCH, HIDDEN},
        {BATCH, HIDDEN},     {BATCH, KEPT},       {BATCH, HIDDEN}, {BATCH, HIDDEN}};
    b->context = context;
    for (size_t i = 0; i < ROLES; ++i) {
        b->guards[i] = guarded_create(context, shapes[i][0], shapes[i][1], 0, 0);
    }
    b->mask = guarded_create(context, BATCH, HIDDEN, 0, 0);
    reset(b);
}

static void tear_down(bench *b)
{
    for (size_t i = 0; i < ROLES; ++i) {
        guarded_destroy(&b->guards[i]);
    }
    guarded_destroy(&b->mask);
}

/* Nothing was enqueued by refused calls. */
static void assert_untouched(const bench *b)
{
    for (size_t i = 0; i < ROLES; ++i) {
        guarded_assert_unchanged(&b->guards[i], "a matrix of a refused call");
    }
    guarded_assert_unchanged(&b->mask, "the mask of a refused call");
}

static ard_status forward(bench *b, cl_event *event)
{
    return ard_lstm_cell_forward(b->context, b->batch, b->hidden, b->m[GATES], b->m[RECURRENT],
                                 b->m[BIAS], b->m[C_BEFORE], b->m[C], b->m[H], &b->passing,
                                 b->m[PASSED], event);
}

static ard_status backward(bench *b, cl_event *event)
{
    return ard_lstm_cell_backward(b->context, b->batch, b->hidden, b->m[GATES], b->m[C_BEFORE],
                                  b->m[C], b->m[DIFF_H], &b->passing, b->m[PASSED], false,
                                  b->m[DIFF_C], event);
}

typedef ard_status (*call)(bench *, cl_event *);
enum { CALLS = 2 };
static const call calls[CALLS] = {forward, backward};

/* What each call takes. */
static const bool takes[CALLS][ROLES] = {{[GATES] = true,
                                          [RECURRENT] = true,
                                          [BIAS] = true,
                                          [C_BEFORE] = true,
                                          [C] = true,
                                          [H] = true,
                                          [PASSED] = true},
                                         {[GATES] = true,
                                          [C_BEFORE] = true,
                                          [C] = true,
                                          [PASSED] = true,
                                          [DIFF_H] = true,
                                          [DIFF_C] = true}};

/* What each call can do without. */
static const bool optional[CALLS][ROLES] = {{[RECURRENT] = true, [BIAS] = true}, {[PASSED] = true}};

static void test_sizes(void **state)
{
    static const size_t bad[] = {0, SIZE_MAX, SIZE_MAX / 4 + 2, (size_t)1 << 40, (size_t)1 << 30};
    bench b;
    set_up(*state, &b);
    for (size_t c = 0; c < CALLS; ++c) {
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
            reset(&b);
            b.batch = bad[i];
            assert_invalid(calls[c](&b, NULL));
            reset(&b);
            b.hidden = bad[i];
            assert_invalid(calls[c](&b, NULL));
        }
        reset(&b);
        b.context = NULL;
        assert_invalid(calls[c](&b, NULL));
        b.context = *state;
    }
    assert_untouched(&b);
    tear_down(&b);
}

static void test_matrices(void **state)
{
    bench b;
    set_up(*state, &b);
    for (size_t c = 0; c < CALLS; ++c) {
        for (size_t r = 0; r < ROLES; ++r) {
            const guarded *guard = &b.guards[r];
            const ard_matrix none = {NULL, 0, guard->cols};
            const ard_matrix narrow = {guard->matrix.buffer, 0, guard->cols - 1};
            const size_t past = guard->elements - guard->rows * guard->cols + 1;
            const ard_matrix beyond = {guard->matrix.buffer, past, guard->cols};
            const ard_matrix *const bad[] = {NULL, &none, &narrow, &beyond};
            for (size_t i = optional[c][r] ? 1 : 0; takes[c][r] && i < 4; ++i) {
                reset(&b);
                b.m[r] = bad[i];
                assert_invalid(calls[c](&b, NULL));
            }
        }
    }
    assert_untouched(&b);
    tear_down(&b);
}

static void test_patterns(void **state)
{
    static const uint32_t falling[] = {3, 2};
    static const uint32_t beyond[] = {0, HIDDEN};
    static const ard_pattern bad[] = {{.period = 0, .residues = 1},
                                      {.period = 65, .residues = 1},
                                      {.period = 3, .residues = 0},
                                      {.period = 3, .residues = 8},
                                      {.period = 7, .residues = 1},
                                      {.indices = falling, .count = 2},
                                      {.indices = beyond, .count = 2},
                                      {.indices = beyond, .count = 0},
                                      {.period = 2, .residues = 1, .indices = beyond, .count = 1}};
    bench b;
    set_up(*state, &b);
    for (size_t c = 0; c < CALLS; ++c) {
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
            reset(&b);
            b.pattern = bad[i];
            assert_fails(calls[c](&b, NULL), ARD_STATUS_INVALID_PATTERN);
        }
    }
    assert_untouched(&b);
    tear_down(&b);
}

static void test_passing(void **state)
{
    bench b;
    set_up(*state, &b);
    for (size_t c = 0; c < CALLS; ++c) {
        reset(&b);
        b.passing.mask = b.mask.matrix;
        assert_invalid(calls[c](&b, NULL));
        assert_non_null(strstr(ard_detail(), "mask"));
        reset(&b);
        b.passing = (ard_lstm_passing){.mask = b.mask.matrix};
        b.passing.mask.offset = 1;
        assert_invalid(calls[c](&b, NULL));
        /* `passed` has no room for all units. */
        reset(&b);
        b.passing = (ard_lstm_passing){NULL};
        assert_invalid(calls[c](&b, NULL));
        assert_non_null(strstr(ard_detail(), "passed"));
    }
    assert_untouched(&b);
    tear_down(&b);
}

static void test_events(void **state)
{
    bench b;
    set_up(*state, &b);
    for (size_t c = 0; c < CALLS; ++c) {
        cl_event event = NULL;
        assert_success(calls[c](&b, &event));
        assert_non_null(event);
        assert_int_equal(clWaitForEvents(1, &event), CL_SUCCESS);
        clReleaseEvent(event);
    }
    tear_down(&b);
}

/* Lists of units that were used before are on the device. */
static void test_one_launch(void **state)
{
    test_need_timer();
    (void)state;
    static const uint32_t indices[KEPT] = {0, 3, 4};
    const ard_context_options options = {.profiling = true};
    ard_context *context = NULL;
    assert_success(ard_context_create(NULL, &options, &context));
    bench b;
    set_up(context, &b);
    for (size_t kind = 0; kind < 2; ++kind) {
        if (kind == 1) {
            b.pattern = (ard_pattern){.indices = indices, .count = KEPT};
        }
        assert_success(forward(&b, NULL));
        assert_success(ard_profile_start(context));
        assert_success(forward(&b, NULL));
        assert_success(backward(&b, NULL));
        ard_profile_entry entries[ARD_PROFILE_MOST_ENTRIES];
        size_t count = 0;
        assert_success(ard_profile_stop(context, entries, ARD_PROFILE_MOST_ENTRIES, &count));
        assert_int_equal(count, 2);
        assert_string_equal(entries[0].name, "ard_lstm_cell_forward");
        assert_int_equal(entries[0].launches, 1);
        assert_true(entries[0].bytes == 4.0 * BATCH * (3 * 4 * HIDDEN + 3 * HIDDEN + KEPT));
        assert_string_equal(entries[1].name, "ard_lstm_cell_backward");
        assert_int_equal(entries[1].launches, 1);
        assert_true(entries[1].bytes == 4.0 * BATCH * (2 * 4 * HIDDEN + 5 * HIDDEN + KEPT));
    }
    tear_down(&b);
    ard_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),    cmocka_unit_test(test_matrices),
        cmocka_unit_test(test_patterns), cmocka_unit_test(test_passing),
        cmocka_unit_test(test_events),   cmocka_unit_test(test_one_launch),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
