/* SPDX-License-Identifier: Apache-2.0 */
/* Bad arguments of the linear layer, and its events. */
#include <ard/linear.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

enum { BATCH = 4, IN = 6, OUT = 5 };

typedef enum role { SRC, WEIGHTS, BIAS, DST, DIFF_DST, DIFF_PRE, DIFF_BIAS, ROLES } role;

/* Matrices for all four calls, the dense shapes of each. */
typedef struct bench {
    ard_context *context;
    guarded guards[ROLES];
    guarded diff_src;
    guarded diff_weights;
    const ard_matrix *m[ROLES];
    ard_linear linear;
} bench;

static bench set_up(ard_context *context)
{
    static const size_t shapes[ROLES][2] = {{BATCH, IN},  {OUT, IN},    {1, OUT}, {BATCH, OUT},
                                            {BATCH, OUT}, {BATCH, OUT}, {1, OUT}};
    bench b = {.context = context, .linear = ard_linear_init(BATCH, IN, OUT)};
    for (size_t i = 0; i < ROLES; ++i) {
        b.guards[i] = guarded_create(context, shapes[i][0], shapes[i][1], 0, 0);
    }
    b.diff_src = guarded_create(context, BATCH, IN, 0, 0);
    b.diff_weights = guarded_create(context, OUT, IN, 0, 0);
    return b;
}

static void reset(bench *b)
{
    b->linear = ard_linear_init(BATCH, IN, OUT);
    for (size_t i = 0; i < ROLES; ++i) {
        b->m[i] = &b->guards[i].matrix;
    }
}

/* Nothing was enqueued by a refused call. */
static void tear_down(bench *b)
{
    for (size_t i = 0; i < ROLES; ++i) {
        guarded_assert_unchanged(&b->guards[i], "a matrix of a refused call");
        guarded_destroy(&b->guards[i]);
    }
    guarded_assert_unchanged(&b->diff_src, "diff_src of a refused call");
    guarded_assert_unchanged(&b->diff_weights, "diff_weights of a refused call");
    guarded_destroy(&b->diff_src);
    guarded_destroy(&b->diff_weights);
}

static ard_status forward(bench *b)
{
    return ard_linear_forward(b->context, &b->linear, b->m[SRC], b->m[WEIGHTS], b->m[BIAS],
                              b->m[DST], NULL);
}

static ard_status activation(bench *b)
{
    return ard_linear_backward_activation(b->context, &b->linear, b->m[DST], b->m[DIFF_DST],
                                          b->m[DIFF_PRE], b->m[DIFF_BIAS], NULL);
}

static ard_status data(bench *b)
{
    return ard_linear_backward_data(b->context, &b->linear, b->m[DIFF_PRE], b->m[WEIGHTS],
                                    &b->diff_src.matrix, NULL);
}

static ard_status weights(bench *b)
{
    return ard_linear_backward_weights(b->context, &b->linear, b->m[DIFF_PRE], b->m[SRC],
                                       &b->diff_weights.matrix, NULL);
}

static ard_status bias(bench *b)
{
    return ard_linear_backward_bias(b->context, &b->linear, b->m[DIFF_PRE], b->m[DIFF_BIAS], NULL);
}

typedef ard_status (*call)(bench *);
static const call calls[] = {forward, activation, bias, data, weights};
enum { CALLS = sizeof calls / sizeof calls[0] };

/* What each call reads or writes through `m`. */
static const role roles[CALLS][4] = {{SRC, WEIGHTS, BIAS, DST},
                                     {DST, DIFF_DST, DIFF_PRE, DIFF_BIAS},
                                     {DIFF_PRE, DIFF_BIAS, DIFF_PRE, DIFF_BIAS},
                                     {DIFF_PRE, WEIGHTS, DIFF_PRE, WEIGHTS},
                                     {DIFF_PRE, SRC, DIFF_PRE, SRC}};

static void test_sizes(void **state)
{
    bench b = set_up(*state);
    static const size_t bad[] = {0, SIZE_MAX, (size_t)1 << 40};
    for (size_t c = 0; c < CALLS; ++c) {
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
            reset(&b);
            b.linear.batch = bad[i];
            assert_invalid(calls[c](&b));
            reset(&b);
            b.linear.in = bad[i];
            assert_invalid(calls[c](&b));
            reset(&b);
            b.linear.out = bad[i];
            assert_invalid(calls[c](&b));
        }
    }
    tear_down(&b);
}

static void test_patterns(void **state)
{
    bench b = set_up(*state);
    static const ard_pattern bad[] = {{.period = 0, .residues = 1}, {.period = 65, .residues = 1},
                                      {.period = 3, .residues = 0}, {.period = 3, .residues = 8},
                                      {.period = 7, .residues = 1}, {.period = 64, .residues = 1}};
    for (size_t c = 0; c < CALLS; ++c) {
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
            reset(&b);
            b.linear.in_pattern = bad[i];
            assert_fails(calls[c](&b), ARD_STATUS_INVALID_PATTERN);
            reset(&b);
            b.linear.out_pattern = bad[i];
            assert_fails(calls[c](&b), ARD_STATUS_INVALID_PATTERN);
        }
    }
    tear_down(&b);
}

static void test_scalars(void **state)
{
    bench b = set_up(*state);
    static const float scales[] = {0.0f, -1.0f, NAN, INFINITY};
    const ard_bernoulli bernoulli[] = {{.rate = -0.1},
                                       {.rate = 1.0},
                                       {.rate = NAN},
                                       {.rate = INFINITY},
                                       {.rate = 0.5, .layer = 1u << 24}};
    for (size_t c = 0; c < 2; ++c) {
        for (size_t i = 0; i < sizeof scales / sizeof scales[0]; ++i) {
            reset(&b);
            b.linear.scale = scales[i];
            assert_invalid(calls[c](&b));
        }
        for (size_t i = 0; i < sizeof bernoulli / sizeof bernoulli[0]; ++i) {
            reset(&b);
            b.linear.bernoulli = &bernoulli[i];
            const ard_status status = calls[c](&b);
            assert_true(status == ARD_STATUS_INVALID_ARGUMENT || status == ARD_STATUS_INVALID_RATE);
        }
        reset(&b);
        b.linear.activation = (ard_activation)2;
        assert_invalid(calls[c](&b));
        reset(&b);
        const ard_bernoulli good = {.rate = 0.5};
        b.linear.bernoulli = &good;
        b.linear.out_pattern = (ard_pattern){.period = 2, .residues = 1};
        assert_invalid(calls[c](&b));
    }
    tear_down(&b);
}

static void test_matrices(void **state)
{
    bench b = set_up(*state);
    for (size_t c = 0; c < CALLS; ++c) {
        for (size_t i = 0; i < 4; ++i) {
            const role r = roles[c][i];
            const guarded *g = &b.guards[r];
            const size_t last = g->elements - g->rows * g->cols;
            const ard_matrix wrong[] = {{NULL, 0, g->cols},
                                        {g->matrix.buffer, 0, g->cols - 1},
                                        {g->matrix.buffer, last + 1, g->cols},
                                        {g->matrix.buffer, SIZE_MAX, g->cols},
                                        {g->matrix.buffer, SIZE_MAX - 2, SIZE_MAX / 2}};
            for (size_t w = 0; w < sizeof wrong / sizeof wrong[0]; ++w) {
                reset(&b);
                b.m[r] = &wrong[w];
                assert_invalid(calls[c](&b));
            }
            if (r != BIAS && (r != DIFF_BIAS || calls[c] == bias)) {
                reset(&b);
                b.m[r] = NULL;
                assert_invalid(calls[c](&b));
            }
        }
    }
    tear_down(&b);
}

static void test_null(void **state)
{
    ard_context *context = *state;
    bench b = set_up(context);
    reset(&b);
    const ard_matrix *m = b.m[SRC];
    assert_invalid(ard_linear_forward(context, NULL, m, m, m, m, NULL));
    assert_invalid(ard_linear_backward_activation(context, NULL, m, m, m, m, NULL));
    assert_invalid(ard_linear_backward_bias(context, NULL, m, m, NULL));
    assert_invalid(ard_linear_backward_data(context, NULL, m, m, m, NULL));
    assert_invalid(ard_linear_backward_weights(context, NULL, m, m, m, NULL));
    assert_invalid(ard_linear_backward_data(context, &b.linear, m, m, NULL, NULL));
    assert_invalid(ard_linear_backward_weights(context, &b.linear, m, m, NULL, NULL));
    b.context = NULL;
    for (size_t c = 0; c < CALLS; ++c) {
        assert_invalid(calls[c](&b));
    }
    tear_down(&b);
}

/* A mask on weights has 2^34 elements at most: one more row than that is refused for it, and as
 * many as that only because the matrices are too small. */
static void test_mask_size(void **state)
{
    bench b = set_up(*state);
    const ard_bernoulli mask = {.rate = 0.5, .layer = (1u << 24) - 1};
    for (size_t c = 0; c < CALLS; ++c) {
        for (size_t more = 0; more < 2; ++more) {
            reset(&b);
            b.linear.drop_connect = &mask;
            b.linear.in = (size_t)1 << 17;
            b.linear.out = ((size_t)1 << 17) + more;
            assert_invalid(calls[c](&b));
            assert_int_equal(strstr(ard_detail(), "2^34") != NULL, more == 1);
        }
    }
    tear_down(&b);
}

/* The end of a buffer with room for the kept bias is enough if that is what is given, and only
 * then. */
static void test_compact_bias(void **state)
{
    bench b = set_up(*state);
    guarded dst = guarded_create(b.context, BATCH, OUT, 0, 0);
    const guarded *g = &b.guards[BIAS];
    const ard_matrix three = {g->matrix.buffer, g->elements - 3, OUT};
    const ard_matrix two = {g->matrix.buffer, g->elements - 2, OUT};
    reset(&b);
    b.linear.out_pattern = (ard_pattern){.period = 2, .residues = 1};
    b.m[DST] = &dst.matrix;
    b.m[BIAS] = &three;
    assert_invalid(forward(&b));
    b.linear.compact = true;
    assert_success(forward(&b));
    b.m[BIAS] = &two;
    assert_invalid(forward(&b));
    tear_down(&b);
    guarded_destroy(&dst);
}

/* A detail names what came and what was expected. */
static void test_details(void **state)
{
    bench b = set_up(*state);
    reset(&b);
    const ard_matrix narrow = {b.guards[SRC].matrix.buffer, 0, 5};
    b.m[SRC] = &narrow;
    assert_invalid(forward(&b));
    assert_non_null(strstr(ard_detail(), "5"));
    assert_non_null(strstr(ard_detail(), "6"));
    reset(&b);
    b.linear.in_pattern = (ard_pattern){.period = 7, .residues = 1};
    assert_fails(forward(&b), ARD_STATUS_INVALID_PATTERN);
    assert_non_null(strstr(ard_detail(), "7"));
    assert_non_null(strstr(ard_detail(), "6"));
    tear_down(&b);
}

static void test_events(void **state)
{
    ard_context *context = *state;
    float *zeros = test_alloc(64, sizeof *zeros);
    guarded g[4];
    for (size_t i = 0; i < 4; ++i) {
        g[i] = guarded_create_with(context, 8, 8, 0, 0, zeros);
    }
    const ard_linear linear = ard_linear_init(8, 8, 8);
    const ard_matrix *const m[4] = {&g[0].matrix, &g[1].matrix, &g[2].matrix, &g[3].matrix};
    cl_event events[5] = {NULL};
    assert_success(ard_linear_forward(context, &linear, m[0], m[1], NULL, m[2], &events[0]));
    assert_success(
        ard_linear_backward_activation(context, &linear, m[2], m[0], m[3], NULL, &events[1]));
    assert_success(ard_linear_backward_data(context, &linear, m[3], m[1], m[2], &events[2]));
    assert_success(ard_linear_backward_weights(context, &linear, m[3], m[0], m[2], &events[3]));
    assert_success(ard_linear_backward_bias(context, &linear, m[3], m[2], &events[4]));
    assert_int_equal(clWaitForEvents(5, events), CL_SUCCESS);
    for (size_t i = 0; i < 5; ++i) {
        assert_non_null(events[i]);
        clReleaseEvent(events[i]);
    }
    for (size_t i = 0; i < 4; ++i) {
        guarded_destroy(&g[i]);
    }
    free(zeros);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_scalars),      cmocka_unit_test(test_matrices),
        cmocka_unit_test(test_null),         cmocka_unit_test(test_details),
        cmocka_unit_test(test_events),       cmocka_unit_test(test_mask_size),
        cmocka_unit_test(test_compact_bias),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
