/* SPDX-License-Identifier: Apache-2.0 */
/* The gradient before the activation of the layer below, and the bias gradient by itself, against
 * the calls that make them in two steps, which other tests compare with the reference. */
#include <ard/linear.h>

#include <stdio.h>
#include <stdlib.h>

#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/reference.h"
#include "support/unit.h"

typedef struct problem {
    ard_linear linear;
    ard_linear below;
    uint64_t seed;
} problem;

static guarded random_matrix(ard_context *context, size_t rows, size_t cols, uint64_t *random)
{
    float *values = test_random_floats(rows * cols, test_random(random));
    const guarded matrix = guarded_create_with(context, rows, cols, test_random_below(random, 9),
                                               test_random_below(random, 4), values);
    free(values);
    return matrix;
}

static void assert_same(const problem *p, const char *what, const guarded *one, const guarded *two)
{
    char text[200];
    const ard_linear *l = &p->linear;
    snprintf(text, sizeof text, "batch %zu, in %zu by %u, out %zu by %u, tile %u of %u, below %d",
             l->batch, l->in, l->in_pattern.period, l->out, l->out_pattern.period, l->tile.edge,
             l->tile.period, (int)p->below.activation);
    float *a = guarded_read(one, what);
    float *b = guarded_read(two, what);
    const comparison about = {what, text, one->rows, one->cols, p->seed};
    assert_same_bits(&about, a, b);
    free(a);
    free(b);
}

static void check(ard_context *context, const problem *p)
{
    const ard_linear *l = &p->linear;
    const size_t in = reference_kept(&l->in_pattern, l->in, NULL);
    const size_t out = reference_kept(&l->out_pattern, l->out, NULL);
    uint64_t random = p->seed;
    guarded diff_pre = random_matrix(context, l->batch, out, &random);
    guarded weights = random_matrix(context, l->out, l->in, &random);
    guarded src = random_matrix(context, l->batch, in, &random);
    guarded data = guarded_create(context, l->batch, in, 3, 1);
    guarded once = guarded_create(context, l->batch, in, 5, 2);
    guarded bias[2];
    for (size_t i = 0; i < 2; ++i) {
        bias[i] = guarded_create(context, 1, in, 2, 0);
    }
    assert_success(ard_linear_backward_data(context, l, &diff_pre.matrix, &weights.matrix,
                                            &data.matrix, NULL));
    assert_success(ard_linear_backward_activation(context, &p->below, &src.matrix, &data.matrix,
                                                  &data.matrix, &bias[0].matrix, NULL));
    assert_success(ard_linear_backward_data_activation(
        context, l, &p->below, &diff_pre.matrix, &weights.matrix, &src.matrix, &once.matrix, NULL));
    assert_success(
        ard_linear_backward_bias(context, &p->below, &once.matrix, &bias[1].matrix, NULL));
    assert_same(p, "diff_pre_below", &once, &data);
    assert_same(p, "diff_bias", &bias[1], &bias[0]);
    guarded_assert_unchanged(&diff_pre, "diff_pre");
    guarded_assert_unchanged(&weights, "weights");
    guarded_assert_unchanged(&src, "src");
    guarded *const all[] = {&diff_pre, &weights, &src, &data, &once, &bias[0], &bias[1]};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) {
        guarded_destroy(all[i]);
    }
}

static size_t random_size(uint64_t *random)
{
    static const size_t sizes[] = {1, 2, 3, 5, 7, 8, 13, 16, 31, 32, 33, 61, 64, 97, 130};
    return sizes[test_random_below(random, sizeof sizes / sizeof sizes[0])];
}

static ard_pattern random_pattern(uint64_t *random, size_t width)
{
    const uint32_t period = 1 + (uint32_t)test_random_below(random, width < 4 ? width : 4);
    return (ard_pattern){.period = period,
                         .residues = (uint64_t)1 << test_random_below(random, period)};
}

/* The layer by itself; what is below is set afterwards. */
static ard_linear random_linear(uint64_t *random)
{
    static const uint32_t edges[] = {2, 7, 16, 32};
    ard_linear linear =
        ard_linear_init(random_size(random), random_size(random), random_size(random));
    linear.weight_scale = test_random_below(random, 2) > 0 ? 1.0f : 1.75f;
    linear.in_pattern = random_pattern(random, linear.in);
    linear.out_pattern = random_pattern(random, linear.out);
    linear.tile.edge = edges[test_random_below(random, 4)];
    linear.tile.numbering = test_random_below(random, 2) > 0 ? ARD_TILE_DIAGONAL : ARD_TILE_LINEAR;
    const uint32_t most =
        ard_tile_max_period(linear.tile.edge, linear.tile.numbering, linear.out, linear.in);
    linear.tile.period = 1 + (uint32_t)test_random_below(random, most < 5 ? most : 5);
    linear.tile.offset = (uint32_t)test_random_below(random, linear.tile.period);
    return linear;
}

/* Every activation, scale and mask below layers of every kind. */
static void test_against_two_calls(void **state)
{
    uint64_t random = 77;
    for (size_t i = 0; i < 400; ++i) {
        const ard_bernoulli mask = {.rate = 0.4, .seed = i, .step = 3, .layer = 1};
        problem p = {.linear = random_linear(&random), .seed = 100 + i};
        if (i % 3 == 0) {
            p.linear.in_pattern = ard_pattern_all();
        }
        p.below = ard_linear_init(p.linear.batch, 1 + i % 5, p.linear.in);
        p.below.out_pattern = p.linear.in_pattern;
        p.below.activation = i % 2 == 0 ? ARD_ACTIVATION_RELU : ARD_ACTIVATION_IDENTITY;
        p.below.scale = i % 7 == 0 ? 1.0f : 1.0f / 0.6f;
        p.below.bernoulli = i % 3 == 0 && i % 4 != 0 ? &mask : NULL;
        check(*state, &p);
    }
}

/* Batch, outputs and pattern of the layer below have to fit, and nothing is enqueued where they do
 * not. */
static void test_errors(void **state)
{
    enum { BATCH = 4, IN = 6, OUT = 5 };
    ard_context *context = *state;
    guarded g = guarded_create(context, 8, 8, 0, 0);
    guarded to = guarded_create(context, BATCH, IN, 0, 0);
    const ard_matrix *m = &g.matrix;
    const ard_linear linear = ard_linear_init(BATCH, IN, OUT);
    const ard_linear good = ard_linear_init(BATCH, 3, IN);
    ard_linear bad[5];
    for (size_t i = 0; i < 5; ++i) {
        bad[i] = good;
    }
    bad[0].batch = BATCH + 1;
    bad[1].out = IN - 1;
    bad[2].out_pattern = (ard_pattern){.period = 2, .residues = 1};
    bad[3].scale = 0.0f;
    bad[4].activation = (ard_activation)7;
    for (size_t i = 0; i < 5; ++i) {
        assert_invalid(ard_linear_backward_data_activation(context, &linear, &bad[i], m, m, m,
                                                           &to.matrix, NULL));
    }
    const ard_matrix narrow = {m->buffer, 0, IN - 1};
    assert_invalid(ard_linear_backward_data_activation(context, &linear, &good, m, m, &narrow,
                                                       &to.matrix, NULL));
    assert_invalid(
        ard_linear_backward_data_activation(context, &linear, &good, m, m, m, &narrow, NULL));
    assert_invalid(
        ard_linear_backward_data_activation(context, &linear, &good, m, m, NULL, &to.matrix, NULL));
    assert_invalid(
        ard_linear_backward_data_activation(context, NULL, &good, m, m, m, &to.matrix, NULL));
    assert_invalid(
        ard_linear_backward_data_activation(context, &linear, NULL, m, m, m, &to.matrix, NULL));
    assert_invalid(
        ard_linear_backward_data_activation(NULL, &linear, &good, m, m, m, &to.matrix, NULL));
    guarded_assert_unchanged(&g, "an operand of a refused call");
    guarded_assert_unchanged(&to, "diff_pre_below of a refused call");
    cl_event event = NULL;
    assert_success(
        ard_linear_backward_data_activation(context, &linear, &good, m, m, m, &to.matrix, &event));
    assert_non_null(event);
    assert_int_equal(clWaitForEvents(1, &event), CL_SUCCESS);
    clReleaseEvent(event);
    guarded_destroy(&g);
    guarded_destroy(&to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_two_calls),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
