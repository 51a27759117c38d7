/* SPDX-License-Identifier: Apache-2.0 */
/* DropConnect: conventional masks on weights, by themselves and inside the linear layer. */
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

static const double RATES[] = {0.0, 0.25, 0.5, 0.7, 0.999};

enum { RATE_COUNT = sizeof RATES / sizeof RATES[0] };

static ard_bernoulli random_mask(uint64_t *random)
{
    return (ard_bernoulli){.rate = RATES[test_random_below(random, RATE_COUNT)],
                           .seed = test_random(random),
                           .step = test_random(random),
                           .layer = (uint32_t)test_random_below(random, 1u << 24)};
}

/* Masks random weights, into another matrix or in place; the result has the weights' own bits where
 * the mask keeps, and zero. What is dropped may be anything, NaN too. Returns the kept number. */
static size_t check_mask(ard_context *context, size_t out, size_t in, const ard_bernoulli *mask,
                         bool in_place, uint64_t seed)
{
    uint64_t random = seed;
    float *values = test_random_floats(out * in, seed);
    float *expected = test_alloc(out * in, sizeof *expected);
    size_t kept = 0;
    for (size_t at = 0; at < out * in; ++at) {
        if (reference_mask_keeps(mask, in, at / in, at % in)) {
            expected[at] = values[at];
            ++kept;
        } else if (at % 3 == 0) {
            values[at] = NAN;
        }
    }
    guarded weights = guarded_create_with(context, out, in, test_random_below(&random, 20),
                                          test_random_below(&random, 4), values);
    guarded other = guarded_create(context, out, in, test_random_below(&random, 20),
                                   test_random_below(&random, 4));
    const guarded *dst = in_place ? &weights : &other;
    assert_success(ard_drop_connect(context, out, in, mask, &weights.matrix, &dst->matrix, NULL));
    float *actual = guarded_read(dst, "drop_connect dst");
    const comparison about = {"drop_connect dst", in_place ? "in place" : "apart", out, in, seed};
    assert_same_bits(&about, actual, expected);
    guarded_assert_unchanged(in_place ? &other : &weights, "the other matrix");
    guarded_destroy(&weights);
    guarded_destroy(&other);
    free(values);
    free(expected);
    free(actual);
    return kept;
}

/* All pairs of sizes: rows that end inside a Philox block, within a vector and behind one. */
static void test_masks(void **state)
{
    static const size_t sizes[] = {1, 2, 3, 5, 7, 31, 61, 64, 65, 127, 128, 259};
    enum { SIZES = sizeof sizes / sizeof sizes[0] };
    uint64_t random = 31;
    for (size_t i = 0; i < (size_t)SIZES * SIZES; ++i) {
        const ard_bernoulli mask = random_mask(&random);
        (void)check_mask(*state, sizes[i / SIZES], sizes[i % SIZES], &mask, i % 2 != 0, 100 + i);
    }
    const ard_bernoulli mask = {.rate = 0.5, .seed = 5, .step = 6, .layer = 7};
    const size_t kept = check_mask(*state, 300, 784, &mask, false, 8);
    const double all = 300.0 * 784.0;
    /* Five standard deviations of a binomial distribution. */
    assert_true(fabs((double)kept - 0.5 * all) < 5.0 * sqrt(0.25 * all));
}

/* The largest rate rounds to a threshold that drops all but the last word; 0 keeps everything. */
static void test_extreme_rates(void **state)
{
    const ard_bernoulli highest = {.rate = nextafter(1.0, 0.0), .seed = 5};
    const ard_bernoulli lowest = {.rate = 0.0, .seed = 5};
    assert_int_equal(check_mask(*state, 33, 61, &highest, false, 1), 0);
    assert_int_equal(check_mask(*state, 33, 61, &lowest, true, 2), 33 * 61);
}

/* Steps, seeds and layers differ, repeats do not. */
static void test_mask_depends_on_draw(void **state)
{
    ard_context *context = *state;
    enum { WIDE = 40, MASKS = 5 };
    static const ard_bernoulli masks[MASKS] = {
        {0.5, 1, 8, 2}, {0.5, 1, 8, 2}, {0.5, 1, 9, 2}, {0.5, 3, 8, 2}, {0.5, 1, 8, 3}};
    const size_t bytes = (size_t)WIDE * WIDE * sizeof(float);
    float *values = test_random_floats((size_t)WIDE * WIDE, 4);
    guarded weights = guarded_create_with(context, WIDE, WIDE, 0, 0, values);
    float *results[MASKS];
    for (size_t i = 0; i < MASKS; ++i) {
        guarded dst = guarded_create(context, WIDE, WIDE, 0, 0);
        assert_success(
            ard_drop_connect(context, WIDE, WIDE, &masks[i], &weights.matrix, &dst.matrix, NULL));
        results[i] = guarded_read(&dst, "dst");
        guarded_destroy(&dst);
    }
    assert_memory_equal(results[0], results[1], bytes);
    for (size_t i = 1; i < MASKS; ++i) {
        for (size_t j = i + 1; j < MASKS; ++j) {
            assert_memory_not_equal(results[i], results[j], bytes);
        }
    }
    for (size_t i = 0; i < MASKS; ++i) {
        free(results[i]);
    }
    guarded_destroy(&weights);
    free(values);
}

/* The four calls against the reference, with a mask on the outputs too at times. */
static void test_layer(void **state)
{
    uint64_t random = 99;
    for (size_t i = 0; i < 160; ++i) {
        const size_t batch = cover_sizes[test_random_below(&random, COVER_SIZES - 1)];
        /* The last size is the largest; a matrix of it both ways is slow in the reference. */
        const size_t in = cover_sizes[test_random_below(&random, COVER_SIZES)];
        const size_t out = cover_sizes[test_random_below(&random, COVER_SIZES - 1)];
        const bool swap = test_random_below(&random, 2) != 0;
        const ard_bernoulli mask = random_mask(&random);
        const ard_bernoulli outputs = random_mask(&random);
        linear_problem problem = {.linear =
                                      ard_linear_init(batch, swap ? out : in, swap ? in : out),
                                  .bias = i % 3 != 0,
                                  .in_place = i % 4 < 2,
                                  .seed = 5000 + i};
        problem.linear.drop_connect = &mask;
        problem.linear.bernoulli = i % 5 == 0 ? &outputs : NULL;
        problem.linear.compact = i % 2 != 0;
        problem.linear.weight_scale = (float)(1.0 / (1.0 - mask.rate));
        problem.linear.scale = i % 5 == 0 ? 2.0f : 1.0f;
        problem.linear.activation = i % 7 < 4 ? ARD_ACTIVATION_RELU : ARD_ACTIVATION_IDENTITY;
        check_linear(*state, &problem);
    }
}

/* Masking once a step and calling the layer with what that gives is the same computation. */
static void test_compact_is_masked(void **state)
{
    ard_context *context = *state;
    enum { BATCH = 19, IN = 61, OUT = 33 };
    const ard_bernoulli mask = {.rate = 0.5, .seed = 11, .step = 12};
    float *src_values = test_random_floats((size_t)BATCH * IN, 1);
    float *weight_values = test_random_floats((size_t)OUT * IN, 2);
    guarded src = guarded_create_with(context, BATCH, IN, 0, 0, src_values);
    guarded weights = guarded_create_with(context, OUT, IN, 0, 0, weight_values);
    guarded masked = guarded_create(context, OUT, IN, 0, 0);
    guarded dst = guarded_create(context, BATCH, OUT, 0, 0);
    ard_linear linear = ard_linear_init(BATCH, IN, OUT);
    linear.drop_connect = &mask;
    linear.weight_scale = 2.0f;
    assert_success(
        ard_drop_connect(context, OUT, IN, &mask, &weights.matrix, &masked.matrix, NULL));
    float *results[2];
    for (size_t i = 0; i < 2; ++i) {
        linear.compact = i != 0;
        assert_success(ard_linear_forward(context, &linear, &src.matrix,
                                          linear.compact ? &masked.matrix : &weights.matrix, NULL,
                                          &dst.matrix, NULL));
        results[i] = guarded_read(&dst, "dst");
    }
    const comparison about = {"dst", "masked beforehand", BATCH, OUT, 1};
    assert_same_bits(&about, results[1], results[0]);
    free(results[0]);
    free(results[1]);
    free(src_values);
    free(weight_values);
    guarded_destroy(&src);
    guarded_destroy(&weights);
    guarded_destroy(&masked);
    guarded_destroy(&dst);
}

enum { ROWS = 5, COLS = 6 };

static void test_errors(void **state)
{
    ard_context *context = *state;
    guarded src = guarded_create(context, ROWS, COLS, 0, 0);
    guarded dst = guarded_create(context, ROWS, COLS, 0, 0);
    const ard_matrix *s = &src.matrix;
    const ard_matrix *d = &dst.matrix;
    const ard_bernoulli good = {.rate = 0.5};
    const double rates[] = {-0.1, 1.0, NAN, INFINITY};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; ++i) {
        const ard_bernoulli bad = {.rate = rates[i]};
        assert_fails(ard_drop_connect(context, ROWS, COLS, &bad, s, d, NULL),
                     ARD_STATUS_INVALID_RATE);
    }
    const ard_bernoulli layer = {.rate = 0.5, .layer = 1u << 24};
    assert_invalid(ard_drop_connect(context, ROWS, COLS, &layer, s, d, NULL));
    assert_invalid(ard_drop_connect(NULL, ROWS, COLS, &good, s, d, NULL));
    assert_invalid(ard_drop_connect(context, ROWS, COLS, NULL, s, d, NULL));
    assert_invalid(ard_drop_connect(context, 0, COLS, &good, s, d, NULL));
    assert_invalid(ard_drop_connect(context, ROWS, 0, &good, s, d, NULL));
    assert_invalid(ard_drop_connect(context, SIZE_MAX, COLS, &good, s, d, NULL));
    assert_invalid(ard_drop_connect(context, (size_t)1 << 20, (size_t)1 << 20, &good, s, d, NULL));
    const ard_matrix wrong[] = {{NULL, 0, COLS},
                                {src.matrix.buffer, 0, COLS - 1},
                                {src.matrix.buffer, src.elements - ROWS * COLS + 1, COLS},
                                {src.matrix.buffer, SIZE_MAX, COLS}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; ++i) {
        assert_invalid(ard_drop_connect(context, ROWS, COLS, &good, &wrong[i], d, NULL));
        assert_invalid(ard_drop_connect(context, ROWS, COLS, &good, s, &wrong[i], NULL));
    }
    assert_invalid(ard_drop_connect(context, ROWS, COLS, &good, NULL, d, NULL));
    assert_invalid(ard_drop_connect(context, ROWS, COLS, &good, s, NULL, NULL));
    guarded_assert_unchanged(&src, "weights of a refused call");
    guarded_assert_unchanged(&dst, "dst of a refused call");
    guarded_destroy(&src);
    guarded_destroy(&dst);
}

/* What each of the four calls says of a layer, on matrices that are large enough for any. */
static void assert_layer_refused(ard_context *context, const ard_linear *linear, const guarded *m,
                                 ard_status expected)
{
    const ard_matrix *a = &m[0].matrix;
    const ard_matrix *b = &m[1].matrix;
    const ard_matrix *c = &m[2].matrix;
    assert_fails(ard_linear_forward(context, linear, a, b, NULL, c, NULL), expected);
    assert_fails(ard_linear_backward_activation(context, linear, a, b, c, NULL, NULL), expected);
    assert_fails(ard_linear_backward_data(context, linear, a, b, c, NULL), expected);
    assert_fails(ard_linear_backward_weights(context, linear, a, b, c, NULL), expected);
}

/* A mask on weights that patterns drop too, or that is none. */
static void test_layer_errors(void **state)
{
    ard_context *context = *state;
    guarded m[3];
    for (size_t i = 0; i < 3; ++i) {
        m[i] = guarded_create(context, COLS, COLS, 0, 0);
    }
    const ard_bernoulli good = {.rate = 0.5};
    const ard_bernoulli bad_rate = {.rate = 1.0};
    const ard_bernoulli bad_layer = {.rate = 0.5, .layer = 1u << 24};
    ard_linear linear = ard_linear_init(COLS, COLS, COLS);
    linear.drop_connect = &bad_rate;
    assert_layer_refused(context, &linear, m, ARD_STATUS_INVALID_RATE);
    linear.drop_connect = &bad_layer;
    assert_layer_refused(context, &linear, m, ARD_STATUS_INVALID_ARGUMENT);
    linear.drop_connect = &good;
    linear.in_pattern = (ard_pattern){.period = 2, .residues = 1};
    assert_layer_refused(context, &linear, m, ARD_STATUS_INVALID_ARGUMENT);
    linear.in_pattern = ard_pattern_all();
    linear.out_pattern = (ard_pattern){.period = 2, .residues = 1};
    assert_layer_refused(context, &linear, m, ARD_STATUS_INVALID_ARGUMENT);
    linear.out_pattern = ard_pattern_all();
    linear.tile = (ard_tile_pattern){2, 2, 1, ARD_TILE_DIAGONAL};
    assert_layer_refused(context, &linear, m, ARD_STATUS_INVALID_ARGUMENT);
    for (size_t i = 0; i < 3; ++i) {
        guarded_assert_unchanged(&m[i], "a matrix of a refused call");
        guarded_destroy(&m[i]);
    }
}

static void test_event(void **state)
{
    ard_context *context = *state;
    const ard_bernoulli mask = {.rate = 0.5};
    guarded weights = guarded_create(context, ROWS, COLS, 0, 0);
    cl_event event = NULL;
    assert_success(
        ard_drop_connect(context, ROWS, COLS, &mask, &weights.matrix, &weights.matrix, &event));
    assert_non_null(event);
    assert_int_equal(clWaitForEvents(1, &event), CL_SUCCESS);
    clReleaseEvent(event);
    guarded_destroy(&weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_masks),
        cmocka_unit_test(test_extreme_rates),
        cmocka_unit_test(test_mask_depends_on_draw),
        cmocka_unit_test(test_layer),
        cmocka_unit_test(test_compact_is_masked),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_layer_errors),
        cmocka_unit_test(test_event),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
