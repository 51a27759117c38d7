/* SPDX-License-Identifier: Apache-2.0 */
/* Batches whose products take and give columns by lists: the three products of a layer of tiles,
 * with padding, empty products and sums, lists in runs and without, and what follows, by every
 * engine. */
#include "engines/gemm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/context_internal.h"
#include "engines/engine_context.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

/* c of c * k * eps * sum |a||b|, with 3 for bias, scale and alpha added to k. */
static const double TOLERANCE = 2.0;

static const float ALPHA = 0.75f;

enum { LIST_AT = 3, MOST_GROUPS = 5 };

/* Columns of `width`, of which each is in one group at most: the list on host and device. */
typedef struct listing {
    size_t width;
    size_t count;
    uint32_t sizes[MOST_GROUPS];
    uint32_t *words; /* LIST_AT others, list, sizes, places */
    ard__columns columns;
} listing;

static uint32_t entry(const listing *l, size_t q, size_t j)
{
    return l->words[LIST_AT + q * l->columns.stride + j];
}

/* Tiles of `edge` columns go to a group or, now and then, to none. A group may stay empty. */
static listing create_listing(ard_context *context, size_t width, size_t edge, size_t count,
                              bool all, uint64_t *random)
{
    listing l = {.width = width, .count = count};
    uint32_t *groups = test_alloc(width, sizeof *groups);
    for (size_t tile = 0; tile * edge < width; ++tile) {
        const size_t group = test_random_below(random, count + (all ? 0 : 1));
        for (size_t u = tile * edge; u < width && u < (tile + 1) * edge; ++u) {
            groups[u] = (uint32_t)group;
            l.sizes[group % count] += group < count ? 1u : 0u;
        }
    }
    size_t stride = 1;
    for (size_t q = 0; q < count; ++q) {
        stride = l.sizes[q] > stride ? l.sizes[q] : stride;
    }
    const size_t words = LIST_AT + count * stride + count + width;
    l.words = test_alloc(words, sizeof *l.words);
    memset(l.words, 0xff, words * sizeof *l.words);
    uint32_t *list = l.words + LIST_AT;
    uint32_t *places = list + count * stride + count;
    memcpy(list + count * stride, l.sizes, count * sizeof *list);
    for (size_t q = 0; q < count; ++q) {
        size_t at = q * stride;
        for (size_t u = 0; u < width; ++u) {
            if (groups[u] == q) {
                places[u] = (uint32_t)at;
                list[at++] = (uint32_t)u;
            }
        }
    }
    l.columns = (ard__columns){.buffer = test_buffer(context, words * sizeof *l.words, l.words),
                               .at = LIST_AT,
                               .sizes_at = LIST_AT + count * stride,
                               .places_at = LIST_AT + count * stride + count,
                               .stride = stride,
                               .width = width,
                               .runs = edge >= 16 && context->vector_width > 1,
                               .sizes = list + count * stride};
    free(groups);
    return l;
}

static void destroy_listing(listing *l)
{
    clReleaseMemObject(l->columns.buffer);
    free(l->words);
}

typedef enum kind { FORWARD, BACKWARD_DATA, BACKWARD_WEIGHTS, KINDS } kind;

typedef struct problem {
    kind kind;
    size_t batch;
    size_t in;
    size_t out;
    size_t edge;
    size_t groups;
    bool bare, biased, relu, derived; /* bare: nothing follows */
    float scale;
    uint64_t seed;
} problem;

/* Everything of a problem. Weights of group q are a block [out stride x in stride] with canaries
 * behind its sizes. */
typedef struct layer {
    ard_context *context;
    const problem *problem;
    listing in;
    listing out;
    float *src, *diff, *bias,
        *reference; /* [batch x in], [batch x out], result's width, its size */
    float *weights;
} layer;

static float *weight_at(const layer *l, size_t q, size_t o, size_t i)
{
    return &l->weights[(q * l->out.columns.stride + o) * l->in.columns.stride + i];
}

static layer create_layer(ard_context *context, const problem *p)
{
    uint64_t random = p->seed;
    layer l = {.context = context, .problem = p};
    /* A bias wants every column of the result in a list. */
    l.in = create_listing(context, p->in, p->edge, p->groups, p->biased, &random);
    l.out = create_listing(context, p->out, p->edge, p->groups, p->biased, &random);
    const size_t width = p->kind == FORWARD ? p->out : p->in;
    l.src = test_random_floats(p->batch * p->in, p->seed + 1);
    l.diff = test_random_floats(p->batch * p->out, p->seed + 2);
    l.bias = test_random_floats(width, p->seed + 3);
    l.reference = test_random_floats(p->batch * width, p->seed + 4);
    const size_t count = p->groups * l.out.columns.stride * l.in.columns.stride;
    const float canary = test_canary();
    l.weights = test_random_floats(count, p->seed + 5);
    for (size_t at = 0; at < count; ++at) {
        const size_t q = at / l.in.columns.stride / l.out.columns.stride;
        if (at % l.in.columns.stride >= l.in.sizes[q] ||
            at / l.in.columns.stride % l.out.columns.stride >= l.out.sizes[q]) {
            memcpy(&l.weights[at], &canary, sizeof canary);
        }
    }
    return l;
}

static void destroy_layer(layer *l)
{
    destroy_listing(&l->in);
    destroy_listing(&l->out);
    free(l->src);
    free(l->diff);
    free(l->bias);
    free(l->reference);
    free(l->weights);
}

/* The sum for element (row, u) of forward (by = in) or data, and of absolute values. */
static void sum_up(const layer *l, size_t row, size_t q, size_t place, double *sum,
                   double *absolute)
{
    const bool forward = l->problem->kind == FORWARD;
    const listing *by = forward ? &l->in : &l->out;
    for (size_t j = 0; j < by->sizes[q]; ++j) {
        const float *from = forward ? l->src : l->diff;
        const double product = (double)from[row * by->width + entry(by, q, j)] *
                               (forward ? *weight_at(l, q, place, j) : *weight_at(l, q, j, place));
        *sum += ALPHA * product;
        *absolute += fabs(ALPHA * product);
    }
}

static void define(const layer *l, double *expected, double *magnitude)
{
    const problem *p = l->problem;
    const listing *to = p->kind == FORWARD ? &l->out : &l->in;
    for (size_t q = 0; q < p->groups; ++q) {
        for (size_t j = 0; j < to->sizes[q]; ++j) {
            const size_t u = entry(to, q, j);
            for (size_t row = 0; row < p->batch; ++row) {
                const size_t at = row * to->width + u;
                double sum = p->biased ? l->bias[u] : 0.0;
                double absolute = fabs(sum);
                sum_up(l, row, q, j, &sum, &absolute);
                const bool passes = !p->derived || l->reference[at] > 0.0f;
                const double scale = passes ? p->scale : 0.0;
                expected[at] = scale * (p->relu && sum < 0.0 ? 0.0 : sum);
                magnitude[at] = scale * absolute;
            }
        }
    }
}

static void describe(const problem *p, const char *engine, char *text, size_t capacity)
{
    snprintf(text, capacity,
             "%s, kind %d, batch %zu, in %zu, out %zu, tiles of %zu, %zu groups%s%s%s", engine,
             (int)p->kind, p->batch, p->in, p->out, p->edge, p->groups, p->biased ? ", bias" : "",
             p->relu ? ", relu" : "", p->derived ? ", derivative" : "");
}

static void check_activations(const layer *l, const char *engine)
{
    const problem *p = l->problem;
    const bool forward = p->kind == FORWARD;
    const listing *by = forward ? &l->in : &l->out;
    const listing *to = forward ? &l->out : &l->in;
    const size_t cols = l->in.columns.stride;
    guarded a =
        guarded_create_with(l->context, p->batch, by->width, 5, 3, forward ? l->src : l->diff);
    guarded b =
        guarded_create_with(l->context, p->groups * l->out.columns.stride, cols, 1, 2, l->weights);
    guarded c = guarded_create(l->context, p->batch, to->width, 7, 1);
    guarded bias = guarded_create_with(l->context, 1, to->width, 2, 0, l->bias);
    guarded reference = guarded_create_with(l->context, p->batch, to->width, 9, 2, l->reference);
    const ard__epilogue epilogue = {.bias = p->biased ? bias.matrix : (ard_matrix){0},
                                    .relu = p->relu,
                                    .derivative_of =
                                        p->derived ? reference.matrix : (ard_matrix){0},
                                    .scale = p->scale};
    const ard__gemm_batch batch = {.first = {.m = p->batch,
                                             .n = to->columns.stride,
                                             .k = by->columns.stride,
                                             .b_transposed = forward,
                                             .alpha = ALPHA,
                                             .a = a.matrix,
                                             .b = b.matrix,
                                             .c = c.matrix,
                                             .epilogue = p->bare ? NULL : &epilogue},
                                   .count = p->groups,
                                   .b_stride = l->out.columns.stride * b.matrix.ld,
                                   .a_columns = by->columns,
                                   .c_columns = to->columns};
    if (p->seed % 2 == 0) {
        assert_success(ard__gemm_reserve(l->context, &batch));
    }
    assert_success(ard__gemm_run_batch(l->context, &batch));
    double *expected = test_alloc(p->batch * to->width, sizeof *expected);
    double *magnitude = test_alloc(p->batch * to->width, sizeof *magnitude);
    define(l, expected, magnitude);
    char text[200];
    describe(p, engine, text, sizeof text);
    const comparison about = {"c", text, p->batch, to->width, p->seed};
    float *actual = guarded_read(&c, "c");
    assert_close(&about, actual, expected, magnitude,
                 TOLERANCE * (double)(by->columns.stride + 3) * FLT_EPSILON);
    guarded *const operands[] = {&a, &b, &bias, &reference};
    for (size_t i = 0; i < 4; ++i) {
        guarded_assert_unchanged(operands[i], "an operand");
        guarded_destroy(operands[i]);
    }
    guarded_destroy(&c);
    free(actual);
    free(expected);
    free(magnitude);
}

static void check_weights(const layer *l, const char *engine)
{
    const problem *p = l->problem;
    const size_t rows = l->out.columns.stride;
    const size_t cols = l->in.columns.stride;
    guarded a = guarded_create_with(l->context, p->batch, p->out, 5, 3, l->diff);
    guarded b = guarded_create_with(l->context, p->batch, p->in, 1, 2, l->src);
    guarded c = guarded_create(l->context, p->groups * rows, cols, 7, 1);
    const ard__gemm_batch batch = {.first = {.m = rows,
                                             .n = cols,
                                             .k = p->batch,
                                             .a_transposed = true,
                                             .alpha = ALPHA,
                                             .a = a.matrix,
                                             .b = b.matrix,
                                             .c = c.matrix},
                                   .count = p->groups,
                                   .c_stride = rows * c.matrix.ld,
                                   .a_columns = l->out.columns,
                                   .b_columns = l->in.columns};
    assert_success(ard__gemm_run_batch(l->context, &batch));
    float *actual = guarded_read(&c, "c");
    double *expected = test_alloc(p->groups * rows * cols, sizeof *expected);
    double *magnitude = test_alloc(p->groups * rows * cols, sizeof *magnitude);
    for (size_t at = 0; at < p->groups * rows * cols; ++at) {
        const size_t q = at / cols / rows;
        const size_t o = at / cols % rows;
        const size_t i = at % cols;
        if (o >= l->out.sizes[q] || i >= l->in.sizes[q]) {
            actual[at] = 0.0f; /* the padding is not defined */
            continue;
        }
        for (size_t row = 0; row < p->batch; ++row) {
            const double product = (double)l->diff[row * p->out + entry(&l->out, q, o)] *
                                   l->src[row * p->in + entry(&l->in, q, i)];
            expected[at] += ALPHA * product;
            magnitude[at] += fabs(ALPHA * product);
        }
    }
    char text[200];
    describe(p, engine, text, sizeof text);
    const comparison about = {"c", text, p->groups * rows, cols, p->seed};
    assert_close(&about, actual, expected, magnitude,
                 TOLERANCE * (double)(p->batch + 1) * FLT_EPSILON);
    guarded_assert_unchanged(&a, "a");
    guarded_assert_unchanged(&b, "b");
    guarded_destroy(&a);
    guarded_destroy(&b);
    guarded_destroy(&c);
    free(actual);
    free(expected);
    free(magnitude);
}

static problem make_problem(size_t i)
{
    static const size_t sizes[] = {1, 3, 31, 33, 61, 64, 95, 130, 257, 300};
    static const size_t batches[] = {1, 2, 7, 12, 13, 33};
    static const size_t edges[] = {1, 5, 16, 32};
    uint64_t random = 900 + i;
    const bool bare = i % 4 == 0;
    return (problem){.kind = (kind)(i % KINDS),
                     .bare = bare,
                     .batch = batches[test_random_below(&random, 6)],
                     .in = sizes[test_random_below(&random, 10)],
                     .out = sizes[test_random_below(&random, 10)],
                     .edge = edges[test_random_below(&random, 4)],
                     .groups = 1 + test_random_below(&random, MOST_GROUPS),
                     .biased = !bare && test_random_below(&random, 2) > 0,
                     .relu = !bare && test_random_below(&random, 2) > 0,
                     .derived = !bare && test_random_below(&random, 2) > 0,
                     .scale = bare || test_random_below(&random, 2) > 0 ? 1.0f : 1.25f,
                     .seed = i};
}

static void test_lists(void **state)
{
    (void)state;
    for (size_t setting = 0; setting < ENGINE_SETTINGS; ++setting) {
        ard_context *context = engine_context_create(setting);
        size_t empty = 0;
        size_t left_out = 0;
        for (size_t i = 0; i < 300; ++i) {
            const problem p = make_problem(i);
            layer l = create_layer(context, &p);
            size_t listed = 0;
            for (size_t q = 0; q < p.groups; ++q) {
                empty += l.in.sizes[q] == 0 || l.out.sizes[q] == 0;
                listed += l.in.sizes[q];
            }
            left_out += listed < p.in;
            if (p.kind == BACKWARD_WEIGHTS) {
                check_weights(&l, engine_setting_names[setting]);
            } else {
                check_activations(&l, engine_setting_names[setting]);
            }
            destroy_layer(&l);
        }
        assert_true(empty > 50 && left_out > 50);
        ard_context_destroy(context);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
