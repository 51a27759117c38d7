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
 * scales. */
static const double TOLERANCE = 2.0;

/* The place of a weight that tiles drop. */
static const size_t NOWHERE = SIZE_MAX;

typedef struct run {
    ard_context *context;
    const linear_problem *problem;
    const ard_linear *linear;
    size_t in;  /* kept */
    size_t out; /* kept */
    ard_tile_layout layout;
    size_t *places; /* [out x in], kept: where compact weights have each of them, or NOWHERE */
    uint64_t random;
    char text[320];
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

/* By the definition in <ard/tile.h>: block q has the rows of tiles r with r % groups == q, and the
 * kept weights of each row in increasing order from its left. */
static size_t *find_places(const ard_linear *linear, const ard_tile_layout *layout)
{
    size_t *out_units = test_alloc(linear->out, sizeof *out_units);
    size_t *in_units = test_alloc(linear->in, sizeof *in_units);
    const size_t out = reference_kept(&linear->out_pattern, linear->out, out_units);
    const size_t in = reference_kept(&linear->in_pattern, linear->in, in_units);
    size_t *places = test_alloc(out * in, sizeof *places);
    size_t *rows = test_alloc(layout->groups, sizeof *rows);
    size_t found = 0;
    for (size_t j = 0; j < out; ++j) {
        const size_t group = out_units[j] / linear->tile.edge % layout->groups;
        const size_t start = (group * layout->rows + rows[group]++) * layout->cols;
        size_t col = 0;
        for (size_t i = 0; i < in; ++i) {
            const bool kept = ard_tile_keeps(&linear->tile, linear->in, out_units[j], in_units[i]);
            places[j * in + i] = kept ? start + col++ : NOWHERE;
        }
        found += col;
        assert_true(col == 0 || (col <= layout->cols && rows[group] <= layout->rows));
    }
    assert_int_equal(found, layout->weights);
    free(out_units);
    free(in_units);
    free(rows);
    return places;
}

/* Whether compact weights of this layer are blocks; under a mask they are whole. */
static bool takes_blocks(const ard_linear *linear)
{
    return linear->compact && linear->drop_connect == NULL;
}

/* Canaries [count]. */
static float *canaries(size_t count)
{
    const float canary = test_canary();
    float *values = test_alloc(count, sizeof *values);
    for (size_t i = 0; i < count; ++i) {
        memcpy(&values[i], &canary, sizeof canary);
    }
    return values;
}

/* Whole weights with canaries where patterns, tiles or the mask drop; where the caller has masked,
 * zeros. */
static float *spoiled_weights(const ard_linear *linear, const float *values)
{
    float *spoiled = canaries(linear->out * linear->in);
    for (size_t at = 0; at < linear->out * linear->in; ++at) {
        const size_t o = at / linear->in;
        const size_t i = at % linear->in;
        const bool masked = !reference_mask_keeps(linear->drop_connect, linear->in, o, i);
        if (masked && linear->compact) {
            spoiled[at] = 0.0f;
        } else if (!masked && ard_pattern_keeps(&linear->out_pattern, o) &&
                   ard_pattern_keeps(&linear->in_pattern, i) &&
                   ard_tile_keeps(&linear->tile, linear->in, o, i)) {
            spoiled[at] = values[at];
        }
    }
    return spoiled;
}

/* The kept weights in blocks, with canaries in the padding. */
static float *weight_blocks(const run *r, const float *values)
{
    const ard_linear *linear = r->linear;
    float *blocks = canaries(r->layout.groups * r->layout.rows * r->layout.cols);
    size_t at = 0;
    for (size_t o = 0; o < linear->out; ++o) {
        for (size_t i = 0; i < linear->in; ++i) {
            if (!ard_pattern_keeps(&linear->out_pattern, o) ||
                !ard_pattern_keeps(&linear->in_pattern, i)) {
                continue;
            }
            if (r->places[at] != NOWHERE) {
                blocks[r->places[at]] = values[o * linear->in + i];
            }
            ++at;
        }
    }
    return blocks;
}

/* The weights as the layer takes them. */
static guarded place_weights(run *r, const float *values)
{
    const bool blocks = takes_blocks(r->linear);
    float *given = blocks ? weight_blocks(r, values) : spoiled_weights(r->linear, values);
    const guarded weights = blocks
                                ? place(r, r->layout.groups * r->layout.rows, r->layout.cols, given)
                                : place(r, r->linear->out, r->linear->in, given);
    free(given);
    return weights;
}

/* The bias as the layer takes it: its kept part, or whole with canaries where it is dropped. */
static guarded place_bias(run *r, const float *values)
{
    const ard_linear *linear = r->linear;
    const size_t count = linear->compact ? r->out : linear->out;
    float *given = canaries(count);
    size_t kept = 0;
    for (size_t o = 0; o < linear->out; ++o) {
        if (ard_pattern_keeps(&linear->out_pattern, o)) {
            given[linear->compact ? kept++ : o] = values[o];
        }
    }
    const guarded bias = place(r, 1, count, given);
    free(given);
    return bias;
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
    float *bias = random_values(r, linear->out);
    double *bias_values = test_to_double(linear->out, bias);
    double *expected = test_alloc(count, sizeof *expected);
    double *magnitude = test_alloc(count, sizeof *magnitude);
    reference_forward(linear, src_values, weight_values, r->problem->bias ? bias_values : NULL,
                      expected, magnitude);
    guarded device_bias = place_bias(r, bias);
    guarded dst = place(r, linear->batch, r->out, NULL);
    assert_success(ard_linear_forward(r->context, linear, &src->matrix, &weights->matrix,
                                      r->problem->bias ? &device_bias.matrix : NULL, &dst.matrix,
                                      NULL));
    float *values = check(r, "forward dst", &dst, expected, magnitude, (double)r->in + 3);
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

/* The gradient of the weights: out of the blocks, and zero where tiles drop. */
static void check_diff_weights(run *r, const guarded *diff_weights, const double *expected,
                               const double *magnitude)
{
    float *blocks = guarded_read(diff_weights, "diff_weights");
    float *values = test_alloc(r->out * r->in, sizeof *values);
    for (size_t at = 0; at < r->out * r->in; ++at) {
        values[at] = r->places[at] != NOWHERE ? blocks[r->places[at]] : 0.0f;
    }
    const comparison c = about(r, "diff_weights", r->out, r->in);
    assert_close(&c, values, expected, magnitude,
                 TOLERANCE * ((double)r->linear->batch + 1) * FLT_EPSILON);
    free(blocks);
    free(values);
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
    guarded diff_weights = place(r, r->layout.groups * r->layout.rows, r->layout.cols, NULL);
    assert_success(ard_linear_backward_data(r->context, linear, &diff_pre.matrix, &weights->matrix,
                                            &diff_src.matrix, NULL));
    assert_success(ard_linear_backward_weights(r->context, linear, &diff_pre.matrix, &src->matrix,
                                               &diff_weights.matrix, NULL));
    free(check(r, "diff_src", &diff_src, data, data_magnitude, (double)r->out + 1));
    check_diff_weights(r, &diff_weights, product, product_magnitude);
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
    const int used =
        snprintf(r->text, sizeof r->text,
                 "batch %zu, in %zu by %u/%#llx, out %zu by %u/%#llx, %s, scale %g%s%s", l->batch,
                 l->in, l->in_pattern.period, (unsigned long long)l->in_pattern.residues, l->out,
                 l->out_pattern.period, (unsigned long long)l->out_pattern.residues,
                 l->activation == ARD_ACTIVATION_RELU ? "ReLU" : "identity", (double)l->scale,
                 r->problem->bias ? ", bias" : "", l->bernoulli != NULL ? ", Bernoulli" : "");
    assert_true(used > 0 && (size_t)used < sizeof r->text);
    snprintf(r->text + used, sizeof r->text - (size_t)used,
             ", %s tiles of edge %u, %u of %u, weight scale %g%s%s",
             l->tile.numbering == ARD_TILE_LINEAR ? "linear" : "diagonal", l->tile.edge,
             l->tile.offset, l->tile.period, (double)l->weight_scale,
             l->drop_connect != NULL ? ", DropConnect" : "", l->compact ? ", compact" : "");
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
    assert_success(ard_tile_get_layout(&linear->tile, linear->out, linear->in, &linear->out_pattern,
                                       &linear->in_pattern, &r.layout));
    r.places = find_places(linear, &r.layout);
    float *src_values = random_values(&r, linear->batch * r.in);
    float *weight_values = random_values(&r, linear->out * linear->in);
    double *src_double = test_to_double(linear->batch * r.in, src_values);
    double *weight_double = test_to_double(linear->out * linear->in, weight_values);
    guarded src = place(&r, linear->batch, r.in, src_values);
    guarded weights = place_weights(&r, weight_values);

    float *dst = check_forward(&r, &src, src_double, &weights, weight_double);
    float *diff_pre = check_backward_activation(&r, dst);
    check_products(&r, diff_pre, &src, src_double, &weights, weight_double);
    guarded_assert_unchanged(&src, "src");
    guarded_assert_unchanged(&weights, "weights");

    guarded_destroy(&src);
    guarded_destroy(&weights);
    free(r.places);
    free(src_values);
    free(weight_values);
    free(src_double);
    free(weight_double);
    free(dst);
    free(diff_pre);
}
