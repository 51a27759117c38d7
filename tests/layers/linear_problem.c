/* SPDX-License-Identifier: Apache-2.0 */
#include "layers/linear_problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/reference.h"
#include "support/unit.h"

/* c of the tolerance c * k * eps * sum |a||b|: one for the products and sums each, one for the
 * scale. */
static const double TOLERANCE = 2.0;

typedef struct run {
    ard_context *context;
    const linear_problem *problem;
    const ard_linear *linear;
    size_t in;  /* kept */
    size_t out; /* kept */
    uint64_t random;
    char text[256];
} run;

static comparison about(const run *r, const char *what, size_t rows, size_t cols)
{
    return (comparison){what, r->text, rows, cols, r->problem->seed};
}

static guarded place(run *r, size_t rows, size_t cols, const float *values)
{
    const size_t offset = test_random_below(&r->random, 20);
    const size_t gap = test_random_below(&r->random, 4);
    return values != NULL ? guarded_create_with(r->context, rows, cols, offset, gap, values)
                          : guarded_create(r->context, rows, cols, offset, gap);
}

static float *random_values(run *r, size_t count)
{
    return test_random_floats(count, test_random(&r->random));
}

/* Puts canaries where (row, col) is not kept. */
static void poison(float *values, size_t rows, size_t cols, const ard_pattern *row_pattern,
                   const ard_pattern *col_pattern)
{
    const float canary = test_canary();
    for (size_t row = 0; row < rows; ++row) {
        for (size_t col = 0; col < cols; ++col) {
            if (!ard_pattern_keeps(row_pattern, row) || !ard_pattern_keeps(col_pattern, col)) {
                memcpy(&values[row * cols + col], &canary, sizeof canary);
            }
        }
    }
}

/* Reads a result, compares it and returns it. */
static float *check(const run *r, const char *what, const guarded *actual, const double *expected,
                    const double *magnitude, double terms)
{
    float *values = guarded_read(actual, what);
    const comparison c = about(r, what, actual->rows, actual->cols);
    assert_close(&c, values, expected, magnitude, TOLERANCE * terms * FLT_EPSILON);
    return values;
}

/* Forward; returns what the device wrote. */
static float *check_forward(run *r, const guarded *src, const double *src_values,
                            const guarded *weights, const double *weight_values)
{
    const ard_linear *linear = r->linear;
    const size_t count = linear->batch * r->out;
    const ard_pattern all = ard_pattern_all();
    float *bias = random_values(r, linear->out);
    double *bias_values = test_to_double(linear->out, bias);
    poison(bias, 1, linear->out, &all, &linear->out_pattern);
    double *expected = test_alloc(count, sizeof *expected);
    double *magnitude = test_alloc(count, sizeof *magnitude);
    reference_forward(linear, src_values, weight_values, r->problem->bias ? bias_values : NULL,
                      expected, magnitude);
    guarded device_bias = place(r, 1, linear->out, bias);
    guarded dst = place(r, linear->batch, r->out, NULL);
    assert_success(ard_linear_forward(r->context, linear, &src->matrix, &weights->matrix,
                                      r->problem->bias ? &device_bias.matrix : NULL, &dst.matrix,
                                      NULL));
    float *values = check(r, "forward dst", &dst, expected, magnitude, (double)r->in + 2);
    guarded_assert_unchanged(&device_bias, "bias");
    guarded_destroy(&device_bias);
    guarded_destroy(&dst);
    free(bias);
    free(bias_values);
    free(expected);
    free(magnitude);
    return values;
}

/* The gradient before the activation; returns what the device wrote. */
static float *check_backward_activation(run *r, const float *dst_values)
{
    const ard_linear *linear = r->linear;
    const size_t count = linear->batch * r->out;
    float *diff_values = random_values(r, count);
    double *dst_double = test_to_double(count, dst_values);
    double *diff_double = test_to_double(count, diff_values);
    double *expected = test_alloc(count, sizeof *expected);
    double *bias_expected = test_alloc(r->out, sizeof *bias_expected);
    double *bias_magnitude = test_alloc(r->out, sizeof *bias_magnitude);
    reference_backward_activation(linear, dst_double, diff_double, expected, bias_expected,
                                  bias_magnitude);
    guarded dst = place(r, linear->batch, r->out, dst_values);
    guarded diff_dst = place(r, linear->batch, r->out, diff_values);
    guarded separate = place(r, linear->batch, r->out, NULL);
    guarded diff_bias = place(r, 1, r->out, NULL);
    const guarded *diff_pre = r->problem->in_place ? &diff_dst : &separate;
    assert_success(ard_linear_backward_activation(
        r->context, linear, &dst.matrix, &diff_dst.matrix, &diff_pre->matrix,
        r->problem->bias ? &diff_bias.matrix : NULL, NULL));
    float *values = check(r, "diff_pre", diff_pre, expected, NULL, 1.0);
    if (r->problem->bias) {
        free(check(r, "diff_bias", &diff_bias, bias_expected, bias_magnitude,
                   (double)linear->batch + 1));
    } else {
        guarded_assert_unchanged(&diff_bias, "diff_bias");
    }
    guarded_assert_unchanged(&dst, "dst");
    if (!r->problem->in_place) {
        guarded_assert_unchanged(&diff_dst, "diff_dst");
    }
    guarded_destroy(&dst);
    guarded_destroy(&diff_dst);
    guarded_destroy(&separate);
    guarded_destroy(&diff_bias);
    free(diff_values);
    free(dst_double);
    free(diff_double);
    free(expected);
    free(bias_expected);
    free(bias_magnitude);
    return values;
}

static void check_products(run *r, const float *diff_pre_values, const guarded *src,
                           const double *src_values, const guarded *weights,
                           const double *weight_values)
{
    const ard_linear *linear = r->linear;
    const size_t data_count = linear->batch * r->in;
    const size_t weight_count = r->out * r->in;
    double *diff_double = test_to_double(linear->batch * r->out, diff_pre_values);
    double *data = test_alloc(data_count, sizeof *data);
    double *data_magnitude = test_alloc(data_count, sizeof *data_magnitude);
    double *product = test_alloc(weight_count, sizeof *product);
    double *product_magnitude = test_alloc(weight_count, sizeof *product_magnitude);
    reference_backward_data(linear, diff_double, weight_values, data, data_magnitude);
    reference_backward_weights(linear, diff_double, src_values, product, product_magnitude);
    guarded diff_pre = place(r, linear->batch, r->out, diff_pre_values);
    guarded diff_src = place(r, linear->batch, r->in, NULL);
    guarded diff_weights = place(r, r->out, r->in, NULL);
    assert_success(ard_linear_backward_data(r->context, linear, &diff_pre.matrix, &weights->matrix,
                                            &diff_src.matrix, NULL));
    assert_success(ard_linear_backward_weights(r->context, linear, &diff_pre.matrix, &src->matrix,
                                               &diff_weights.matrix, NULL));
    free(check(r, "diff_src", &diff_src, data, data_magnitude, (double)r->out + 1));
    free(check(r, "diff_weights", &diff_weights, product, product_magnitude,
               (double)linear->batch + 1));
    guarded_assert_unchanged(&diff_pre, "diff_pre");
    guarded_destroy(&diff_pre);
    guarded_destroy(&diff_src);
    guarded_destroy(&diff_weights);
    free(diff_double);
    free(data);
    free(data_magnitude);
    free(product);
    free(product_magnitude);
}

static void describe(run *r)
{
    const ard_linear *l = r->linear;
    snprintf(r->text, sizeof r->text,
             "batch %zu, in %zu by %u/%#llx, out %zu by %u/%#llx, %s, scale %g%s%s", l->batch,
             l->in, l->in_pattern.period, (unsigned long long)l->in_pattern.residues, l->out,
             l->out_pattern.period, (unsigned long long)l->out_pattern.residues,
             l->activation == ARD_ACTIVATION_RELU ? "ReLU" : "identity", (double)l->scale,
             r->problem->bias ? ", bias" : "", l->bernoulli != NULL ? ", Bernoulli" : "");
}

void check_linear(ard_context *context, const linear_problem *problem)
{
    const ard_linear *linear = &problem->linear;
    run r = {.context = context,
             .problem = problem,
             .linear = linear,
             .in = reference_kept(&linear->in_pattern, linear->in, NULL),
             .out = reference_kept(&linear->out_pattern, linear->out, NULL),
             .random = problem->seed};
    describe(&r);
    float *src_values = random_values(&r, linear->batch * r.in);
    float *weight_values = random_values(&r, linear->out * linear->in);
    double *src_double = test_to_double(linear->batch * r.in, src_values);
    double *weight_double = test_to_double(linear->out * linear->in, weight_values);
    poison(weight_values, linear->out, linear->in, &linear->out_pattern, &linear->in_pattern);
    guarded src = place(&r, linear->batch, r.in, src_values);
    guarded weights = place(&r, linear->out, linear->in, weight_values);

    float *dst = check_forward(&r, &src, src_double, &weights, weight_double);
    float *diff_pre = check_backward_activation(&r, dst);
    check_products(&r, diff_pre, &src, src_double, &weights, weight_double);
    guarded_assert_unchanged(&src, "src");
    guarded_assert_unchanged(&weights, "weights");

    guarded_destroy(&src);
    guarded_destroy(&weights);
    free(src_values);
    free(weight_values);
    free(src_double);
    free(weight_double);
    free(dst);
    free(diff_pre);
}
