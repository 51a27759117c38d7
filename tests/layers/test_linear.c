/* SPDX-License-Identifier: Apache-2.0 */
#include <ard/linear.h>

#include <math.h>
#include <stdlib.h>

#include "layers/linear_problem.h"
#include "support/compare.h"
#include "support/cover.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/reference.h"
#include "support/unit.h"

/* The scale of a step: unbiased over the distribution, or given the pattern. */
static float draw_scale(uint64_t *random, const ard_pattern *pattern)
{
    static const double rates[] = {0.0, 0.3, 0.5, 0.7};
    if (test_random_below(random, 2) == 0) {
        return (float)(1.0 / (1.0 - rates[test_random_below(random, 4)]));
    }
    return (float)pattern->period / (float)ard_pattern_residue_count(pattern);
}

/* Everything of a problem but its sizes and patterns, from the seed. */
static linear_problem vary(ard_linear linear, uint64_t seed)
{
    uint64_t random = seed;
    linear.activation =
        test_random_below(&random, 3) > 0 ? ARD_ACTIVATION_RELU : ARD_ACTIVATION_IDENTITY;
    linear.scale = draw_scale(&random, &linear.out_pattern);
    return (linear_problem){.linear = linear,
                            .bias = test_random_below(&random, 3) > 0,
                            .in_place = test_random_below(&random, 2) > 0,
                            .seed = seed};
}

static void run_row_case(const cover_case *c, void *context)
{
    ard_linear linear = ard_linear_init(c->batch, c->in.size, c->out.size);
    linear.in_pattern = c->in.pattern;
    linear.out_pattern = c->out.pattern;
    const linear_problem problem = vary(linear, c->seed);
    check_linear(context, &problem);
}

static void test_row_patterns(void **state)
{
    const size_t count = cover_run(cover_wanted(), run_row_case, *state);
    assert_true(count >= 8 * COVER_VALUES);
}

static size_t random_size(uint64_t *random)
{
    return cover_sizes[test_random_below(random, COVER_SIZES)];
}

static void test_subset_patterns(void **state)
{
    uint64_t random = 4242;
    for (size_t i = 0; i < 300; ++i) {
        ard_linear linear =
            ard_linear_init(random_size(&random), random_size(&random), random_size(&random));
        if (i % 4 != 0) {
            linear.in_pattern = cover_random_subset(&random, linear.in);
        }
        if (i % 5 != 0) {
            linear.out_pattern = cover_random_subset(&random, linear.out);
        }
        const linear_problem problem = vary(linear, 9000 + i);
        check_linear(*state, &problem);
    }
}

static void test_bernoulli(void **state)
{
    static const double rates[] = {0.0, 0.3, 0.5, 0.7, 0.999};
    uint64_t random = 31337;
    for (size_t i = 0; i < 200; ++i) {
        const ard_bernoulli bernoulli = {.rate = rates[i % 5],
                                         .seed = test_random(&random),
                                         .step = i % 3 == 0 ? test_random(&random) : i,
                                         .layer = (uint32_t)test_random_below(&random, 1u << 24)};
        ard_linear linear =
            ard_linear_init(random_size(&random), random_size(&random), random_size(&random));
        if (i % 2 != 0) {
            linear.in_pattern = cover_random_subset(&random, linear.in);
        }
        linear_problem problem = vary(linear, 5000 + i);
        problem.linear.bernoulli = &bernoulli;
        problem.linear.scale = (float)(1.0 / (1.0 - bernoulli.rate));
        check_linear(*state, &problem);
    }
}

/* A rate that rounds to 2^32 of 2^32 drops everything rather than nothing. */
static void test_highest_bernoulli_rate(void **state)
{
    const ard_bernoulli bernoulli = {.rate = 1.0 - 0x1p-40, .seed = 1, .step = 2, .layer = 3};
    linear_problem problem = {.linear = ard_linear_init(31, 7, 33), .bias = true, .seed = 12};
    problem.linear.scale = 2.0f;
    problem.linear.bernoulli = &bernoulli;
    check_linear(*state, &problem);
}

/* The mask of a sample is that of its row in the batch: steps differ, repeats do not. */
static void test_mask_depends_on_step(void **state)
{
    ard_context *context = *state;
    enum { BATCH = 16, OUT = 40 };
    float *ones = test_alloc(BATCH * OUT, sizeof *ones);
    for (size_t i = 0; i < (size_t)BATCH * OUT; ++i) {
        ones[i] = 1.0f;
    }
    guarded src = guarded_create_with(context, BATCH, 1, 0, 0, ones);
    guarded weights = guarded_create_with(context, OUT, 1, 0, 0, ones);
    guarded dst = guarded_create(context, BATCH, OUT, 0, 0);
    float *results[3];
    const uint64_t steps[3] = {8, 8, 9};
    for (size_t i = 0; i < 3; ++i) {
        const ard_bernoulli bernoulli = {.rate = 0.5, .seed = 1, .step = steps[i]};
        ard_linear linear = ard_linear_init(BATCH, 1, OUT);
        linear.bernoulli = &bernoulli;
        assert_success(ard_linear_forward(context, &linear, &src.matrix, &weights.matrix, NULL,
                                          &dst.matrix, NULL));
        results[i] = guarded_read(&dst, "dst");
    }
    const size_t bytes = (size_t)BATCH * OUT * sizeof(float);
    assert_memory_equal(results[0], results[1], bytes);
    assert_memory_not_equal(results[0], results[2], bytes);
    for (size_t i = 0; i < 3; ++i) {
        free(results[i]);
    }
    guarded_destroy(&src);
    guarded_destroy(&weights);
    guarded_destroy(&dst);
    free(ones);
}

static void test_init(void **state)
{
    (void)state;
    const ard_linear linear = ard_linear_init(3, 5, 7);
    assert_int_equal(linear.batch, 3);
    assert_int_equal(linear.in, 5);
    assert_int_equal(linear.out, 7);
    assert_true(ard_pattern_is_all(&linear.in_pattern));
    assert_true(ard_pattern_is_all(&linear.out_pattern));
    assert_int_equal(linear.activation, ARD_ACTIVATION_IDENTITY);
    assert_true(linear.scale == 1.0f);
    assert_null(linear.bernoulli);
}

/* Each call twice gives the same bits. */
static void test_same_bits(void **state)
{
    ard_context *context = *state;
    enum { BATCH = 61, IN = 127, OUT = 33 };
    float *src_values = test_random_floats((size_t)BATCH * IN, 1);
    float *weight_values = test_random_floats((size_t)OUT * IN, 2);
    guarded src = guarded_create_with(context, BATCH, IN, 0, 0, src_values);
    guarded weights = guarded_create_with(context, OUT, IN, 0, 0, weight_values);
    guarded dst = guarded_create(context, BATCH, OUT, 0, 0);
    ard_linear linear = ard_linear_init(BATCH, IN, OUT);
    linear.activation = ARD_ACTIVATION_RELU;
    float *results[2];
    for (size_t i = 0; i < 2; ++i) {
        assert_success(ard_linear_forward(context, &linear, &src.matrix, &weights.matrix, NULL,
                                          &dst.matrix, NULL));
        results[i] = guarded_read(&dst, "dst");
    }
    const comparison about = {"dst", "a repeated forward", BATCH, OUT, 1};
    assert_same_bits(&about, results[1], results[0]);
    free(results[0]);
    free(results[1]);
    free(src_values);
    free(weight_values);
    guarded_destroy(&src);
    guarded_destroy(&weights);
    guarded_destroy(&dst);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_row_patterns),
        cmocka_unit_test(test_subset_patterns),
        cmocka_unit_test(test_bernoulli),
        cmocka_unit_test(test_highest_bernoulli_rate),
        cmocka_unit_test(test_mask_depends_on_step),
        cmocka_unit_test(test_init),
        cmocka_unit_test(test_same_bits),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
