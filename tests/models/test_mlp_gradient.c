/* SPDX-License-Identifier: Apache-2.0 */
/* Every derivative of a training step's loss against central differences of the double-precision
 * reference.
 *
 * The library's gradient is what one step with learning rate 1, no momentum and no weight decay
 * takes from the weights. Weights are chosen so that no ReLU is near its kink, where the difference
 * quotient means nothing. */
#include <ard/mlp.h>

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/toy.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/reference_model.h"
#include "support/unit.h"

static const double STEP = 1e-6;
static const double MARGIN = 1e-3; /* of every ReLU's input from zero */

/* c of c * eps * (largest weight + largest gradient): the weight's own rounding is most of it. */
static const double TOLERANCE = 16.0;

typedef struct problem {
    const char *name;
    size_t layers;
    size_t widths[4];
    size_t batch;
    ard_dropout dropout[2];
    const ard_layer_pattern *patterns; /* NULL: those that the step samples */
    uint64_t seed;
} problem;

static ard_mlp_options options_of(const problem *p)
{
    ard_mlp_options options = {.layers = p->layers,
                               .widths = p->widths,
                               .dropout = p->dropout,
                               .max_batch = p->batch,
                               .seed = p->seed};
    options.sgd.schedule = (ard_schedule){.kind = ARD_SCHEDULE_CONSTANT, .rate = 1.0};
    return options;
}

/* Puts random weights and biases from `seed` into both networks. */
static void set_weights(ard_mlp *mlp, reference_net *net, uint64_t seed)
{
    for (size_t l = 0; l < net->layers; ++l) {
        const size_t in = net->widths[l];
        const size_t out = net->widths[l + 1];
        float *weights = test_random_floats(in * out, test_mix(seed, 2 * l));
        float *bias = test_random_floats(out, test_mix(seed, 2 * l + 1));
        assert_success(ard_mlp_write_layer(mlp, l, weights, bias));
        free(weights);
        free(bias);
    }
    reference_net_read(net, mlp);
}

static double loss_of(const reference_net *net, const reference_dropout *dropout, const problem *p,
                      const double *src, const int32_t *labels)
{
    return reference_net_loss(net, dropout, p->batch, src, labels, NULL);
}

/* Central differences over `count` values of the network. */
static double *differences(const reference_net *net, const reference_dropout *dropout,
                           const problem *p, const double *src, const int32_t *labels,
                           double *values, size_t count)
{
    double *result = test_alloc(count, sizeof *result);
    for (size_t i = 0; i < count; ++i) {
        const double value = values[i];
        values[i] = value + STEP;
        const double above = loss_of(net, dropout, p, src, labels);
        values[i] = value - STEP;
        const double below = loss_of(net, dropout, p, src, labels);
        values[i] = value;
        result[i] = (above - below) / (2.0 * STEP);
    }
    return result;
}

/* before - after against the differences. */
static void check_entries(const problem *p, const char *what, size_t rows, size_t cols,
                          const double *before, const double *after, const double *expected)
{
    const size_t count = rows * cols;
    float *change = test_alloc(count, sizeof *change);
    for (size_t i = 0; i < count; ++i) {
        change[i] = (float)(before[i] - after[i]);
    }
    const comparison about = {what, p->name, rows, cols, p->seed};
    const double bound =
        TOLERANCE * FLT_EPSILON * (largest_of(count, before) + largest_of(count, expected));
    assert_within(&about, change, expected, bound);
    free(change);
}

static void check_layers(const problem *p, reference_net *before, const reference_net *after,
                         const reference_dropout *dropout, const double *src, const int32_t *labels)
{
    for (size_t l = 0; l < p->layers; ++l) {
        const size_t in = p->widths[l];
        const size_t out = p->widths[l + 1];
        double *weights =
            differences(before, dropout, p, src, labels, before->weights[l], in * out);
        double *bias = differences(before, dropout, p, src, labels, before->bias[l], out);
        char what[32];
        snprintf(what, sizeof what, "weights of layer %zu", l);
        check_entries(p, what, out, in, before->weights[l], after->weights[l], weights);
        snprintf(what, sizeof what, "bias of layer %zu", l);
        check_entries(p, what, 1, out, before->bias[l], after->bias[l], bias);
        free(weights);
        free(bias);
    }
}

static void check_problem(ard_context *context, const problem *p)
{
    const size_t classes = p->widths[p->layers];
    const ard_mlp_options options = options_of(p);
    toy_data data = toy_create(context, p->batch, p->widths[0], classes, 1.0f, p->seed);
    double *src = test_to_double(p->batch * p->widths[0], data.values);
    ard_mlp *mlp = toy_network(context, &options);
    reference_net before = reference_net_create(p->layers, p->widths);
    reference_net after = reference_net_create(p->layers, p->widths);
    const reference_dropout dropout = reference_given_dropout(&options, 0, p->patterns);
    double margin = 0.0;
    const reference_outputs outputs = {.margin = &margin};
    for (uint64_t attempt = 0; margin < MARGIN; ++attempt) {
        assert_true(attempt < 200);
        set_weights(mlp, &before, test_mix(p->seed, attempt));
        reference_net_loss(&before, &dropout, p->batch, src, data.labels, &outputs);
    }
    if (p->patterns != NULL) {
        assert_success(ard_mlp_step_with_patterns(mlp, p->patterns, p->batch, &data.src,
                                                  &data.src_labels, NULL));
    } else {
        assert_success(ard_mlp_step(mlp, p->batch, &data.src, &data.src_labels, NULL));
    }
    reference_net_read(&after, mlp);
    check_layers(p, &before, &after, &dropout, src, data.labels);
    reference_net_destroy(&before);
    reference_net_destroy(&after);
    ard_mlp_destroy(mlp);
    toy_destroy(&data);
    free(src);
}

static ard_dropout make_dropout(ard_dropout_kind kind, double rate, uint32_t max_period,
                                ard_scale_kind scale)
{
    ard_dropout dropout;
    assert_success(ard_dropout_init(kind, rate, max_period, scale, &dropout));
    return dropout;
}

/* All pairs of periods 1..4 with changing offsets. */
static void test_rows(void **state)
{
    problem p = {.name = "7-13-11-5, rows", .layers = 3, .widths = {7, 13, 11, 5}, .batch = 6};
    p.dropout[0] = make_dropout(ARD_DROPOUT_ROW, 0.4, 4, ARD_SCALE_RATE);
    p.dropout[1] = make_dropout(ARD_DROPOUT_ROW, 0.5, 4, ARD_SCALE_PERIOD);
    for (uint32_t first = 1; first <= 4; ++first) {
        for (uint32_t second = 1; second <= 4; ++second) {
            ard_layer_pattern patterns[2] = {ard_layer_pattern_all(), ard_layer_pattern_all()};
            p.seed = 10 * first + second;
            assert_success(ard_pattern_row(first, (second + 1) % first, &patterns[0].units));
            assert_success(ard_pattern_row(second, (first + 2) % second, &patterns[1].units));
            p.patterns = patterns;
            check_problem(*state, &p);
        }
    }
}

static void test_subsets(void **state)
{
    problem p = {.name = "7-13-11-5, subsets", .layers = 3, .widths = {7, 13, 11, 5}, .batch = 6};
    p.dropout[0] = make_dropout(ARD_DROPOUT_SUBSET, 0.5, 0, ARD_SCALE_RATE);
    p.dropout[1] = make_dropout(ARD_DROPOUT_SUBSET, 0.4, 10, ARD_SCALE_PERIOD);
    for (p.seed = 300; p.seed < 308; ++p.seed) {
        check_problem(*state, &p);
    }
}

static void test_mixed(void **state)
{
    static const ard_dropout_kind kinds[][2] = {
        {ARD_DROPOUT_ROW, ARD_DROPOUT_SUBSET},    {ARD_DROPOUT_SUBSET, ARD_DROPOUT_ROW},
        {ARD_DROPOUT_NONE, ARD_DROPOUT_ROW},      {ARD_DROPOUT_ROW, ARD_DROPOUT_NONE},
        {ARD_DROPOUT_BERNOULLI, ARD_DROPOUT_ROW}, {ARD_DROPOUT_SUBSET, ARD_DROPOUT_BERNOULLI},
        {ARD_DROPOUT_NONE, ARD_DROPOUT_NONE},     {ARD_DROPOUT_BERNOULLI, ARD_DROPOUT_BERNOULLI}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        problem p = {.name = "7-13-11-5, mixed", .layers = 3, .widths = {7, 13, 11, 5}, .batch = 6};
        p.dropout[0] = make_dropout(kinds[i][0], 0.5, 0, i % 2 ? ARD_SCALE_RATE : ARD_SCALE_PERIOD);
        p.dropout[1] = make_dropout(kinds[i][1], 0.5, 0, i % 3 ? ARD_SCALE_RATE : ARD_SCALE_PERIOD);
        for (p.seed = 400 + 10 * i; p.seed < 404 + 10 * i; ++p.seed) {
            check_problem(*state, &p);
        }
    }
}

static void test_other_shapes(void **state)
{
    const ard_dropout row = make_dropout(ARD_DROPOUT_ROW, 0.5, 0, ARD_SCALE_RATE);
    const ard_dropout subset = make_dropout(ARD_DROPOUT_SUBSET, 0.5, 0, ARD_SCALE_RATE);
    const problem shapes[] = {
        {.name = "1-7-9-2", .layers = 3, .widths = {1, 7, 9, 2}, .batch = 1, .dropout = {row, row}},
        {.name = "31-8-3", .layers = 2, .widths = {31, 8, 3}, .batch = 7, .dropout = {subset}},
        {.name = "9-4", .layers = 1, .widths = {9, 4}, .batch = 5},
        {.name = "3-32-33-1",
         .layers = 3,
         .widths = {3, 32, 33, 1},
         .batch = 4,
         .dropout = {row, subset}},
        {.name = "33-31-17-10",
         .layers = 3,
         .widths = {33, 31, 17, 10},
         .batch = 3,
         .dropout = {subset, row}},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; ++i) {
        problem p = shapes[i];
        p.seed = 600 + i;
        check_problem(*state, &p);
    }
}

/* Tiles on both layers, ragged: all periods that every offset serves, both numberings. */
static void test_tiles(void **state)
{
    problem p = {.name = "7-13-11-5, tiles", .layers = 3, .widths = {7, 13, 11, 5}, .batch = 6};
    for (uint32_t period = 1; period <= 5; ++period) {
        for (int numbering = 0; numbering < 2; ++numbering) {
            p.seed = 400 + 2 * period + (uint64_t)numbering;
            p.dropout[0] = make_dropout(ARD_DROPOUT_TILE, 0.5, 5, ARD_SCALE_RATE);
            p.dropout[1] = make_dropout(ARD_DROPOUT_TILE, 0.5, 5, ARD_SCALE_PERIOD);
            ard_layer_pattern patterns[2] = {ard_layer_pattern_all(), ard_layer_pattern_all()};
            for (size_t l = 0; l < 2; ++l) {
                const ard_tile_numbering as =
                    l == 0 ? (ard_tile_numbering)numbering : ARD_TILE_DIAGONAL;
                p.dropout[l].tile_edge = 3 + (uint32_t)l;
                p.dropout[l].tile_numbering = as;
                assert_success(ard_tile_init(p.dropout[l].tile_edge, as, period,
                                             (period + (uint32_t)l) / 2 % period,
                                             &patterns[l].tiles));
            }
            p.patterns = patterns;
            check_problem(*state, &p);
        }
    }
}

/* A tile layer behind a row layer, and before one. */
static void test_tiles_and_rows(void **state)
{
    problem p = {
        .name = "7-13-11-5, tiles and rows", .layers = 3, .widths = {7, 13, 11, 5}, .batch = 6};
    for (p.seed = 500; p.seed < 512; ++p.seed) {
        const size_t tiled = p.seed % 2;
        p.dropout[1 - tiled] = make_dropout(ARD_DROPOUT_ROW, 0.5, 0, ARD_SCALE_RATE);
        p.dropout[tiled] = make_dropout(ARD_DROPOUT_TILE, 0.5, 0, ARD_SCALE_RATE);
        p.dropout[tiled].tile_edge = 4;
        check_problem(*state, &p);
    }
}

static void test_drop_connect(void **state)
{
    problem p = {
        .name = "7-13-11-5, DropConnect", .layers = 3, .widths = {7, 13, 11, 5}, .batch = 6};
    p.dropout[0] = make_dropout(ARD_DROPOUT_DROPCONNECT, 0.5, 0, ARD_SCALE_RATE);
    p.dropout[1] = make_dropout(ARD_DROPOUT_DROPCONNECT, 0.3, 0, ARD_SCALE_RATE);
    for (p.seed = 600; p.seed < 604; ++p.seed) {
        check_problem(*state, &p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),         cmocka_unit_test(test_subsets),
        cmocka_unit_test(test_mixed),        cmocka_unit_test(test_other_shapes),
        cmocka_unit_test(test_tiles),        cmocka_unit_test(test_tiles_and_rows),
        cmocka_unit_test(test_drop_connect),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
