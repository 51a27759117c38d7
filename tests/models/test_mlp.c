/* SPDX-License-Identifier: Apache-2.0 */
/* A network as its user sees it: it learns, repeats itself, and says what it is. */
#include <ard/mlp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <ard/sampler.h>

#include "models/toy.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

enum { SAMPLES = 300, INPUTS = 12, CLASSES = 5, BATCH = 30 };

static const size_t widths[] = {INPUTS, 33, 32, CLASSES};

static ard_mlp_result take(ard_mlp *mlp)
{
    ard_mlp_result result;
    assert_success(ard_mlp_take_training_result(mlp, &result));
    return result;
}

static void check_learns(ard_context *context, const toy_data *data, ard_dropout_kind kind,
                         ard_scale_kind scale)
{
    const ard_dropout dropout[2] = {toy_dropout(kind, scale), toy_dropout(kind, scale)};
    ard_mlp_options options = toy_options(3, widths, dropout, BATCH);
    options.sgd.schedule.rate = 0.02; /* rare periods scaled by themselves make large steps */
    ard_mlp *mlp = toy_network(context, &options);
    ard_mlp_result before;
    ard_mlp_result after;
    assert_success(ard_mlp_evaluate(mlp, SAMPLES, &data->src, &data->src_labels, &before));
    toy_train(mlp, data, 10, BATCH);
    const ard_mlp_result first = take(mlp);
    toy_train(mlp, data, 250, BATCH);
    take(mlp);
    toy_train(mlp, data, 40, BATCH);
    const ard_mlp_result last = take(mlp);
    assert_success(ard_mlp_evaluate(mlp, SAMPLES, &data->src, &data->src_labels, &after));
    assert_int_equal(first.samples, 10 * BATCH);
    assert_int_equal(last.samples, 40 * BATCH);
    if (!(last.loss < 0.7 * first.loss && after.loss < 0.3 * before.loss &&
          100 * after.correct >= 95 * SAMPLES)) {
        fail_msg("dropout %d, scale %d: training loss %g -> %g, evaluated %g -> %g, %llu of %d "
                 "right",
                 (int)kind, (int)scale, first.loss, last.loss, before.loss, after.loss,
                 (unsigned long long)after.correct, SAMPLES);
    }
    ard_mlp_destroy(mlp);
}

static void test_learns(void **state)
{
    toy_data data = toy_create(*state, SAMPLES, INPUTS, CLASSES, 0.5f, 1);
    for (int kind = ARD_DROPOUT_NONE; kind <= ARD_DROPOUT_DROPCONNECT; ++kind) {
        check_learns(*state, &data, (ard_dropout_kind)kind, ARD_SCALE_RATE);
        check_learns(*state, &data, (ard_dropout_kind)kind, ARD_SCALE_PERIOD);
    }
    toy_destroy(&data);
}

static void test_repeats(void **state)
{
    toy_data data = toy_create(*state, SAMPLES, INPUTS, CLASSES, 0.5f, 2);
    for (int kind = ARD_DROPOUT_NONE; kind <= ARD_DROPOUT_DROPCONNECT; ++kind) {
        const ard_dropout one = toy_dropout((ard_dropout_kind)kind, ARD_SCALE_RATE);
        const ard_dropout dropout[2] = {one, one};
        const ard_mlp_options options = toy_options(3, widths, dropout, BATCH);
        ard_mlp *first = toy_network(*state, &options);
        ard_mlp *second = toy_network(*state, &options);
        toy_train(first, &data, 40, BATCH);
        toy_train(second, &data, 40, BATCH);
        toy_assert_same_bits(second, first, "a repeated run");
        ard_mlp_destroy(first);
        ard_mlp_destroy(second);
    }
    toy_destroy(&data);
}

static void check_looking(ard_context *context, const toy_data *data, const ard_dropout dropout[2])
{
    const ard_mlp_options options = toy_options(3, widths, dropout, BATCH);
    ard_mlp *watched = toy_network(context, &options);
    ard_mlp *alone = toy_network(context, &options);
    guarded logits = guarded_create(context, BATCH, CLASSES, 1, 1);
    float weights[33 * INPUTS];
    for (size_t i = 0; i < 30; ++i) {
        ard_mlp_result result;
        toy_train(watched, data, 1, BATCH);
        assert_success(ard_mlp_evaluate(watched, SAMPLES, &data->src, &data->src_labels, &result));
        assert_success(ard_mlp_forward(watched, BATCH, &data->src, &logits.matrix, NULL));
        assert_success(ard_mlp_read_layer(watched, 0, weights, NULL));
        take(watched);
    }
    toy_train(alone, data, 30, BATCH);
    toy_assert_same_bits(watched, alone, "a watched run");
    free(guarded_read(&logits, "logits"));
    guarded_destroy(&logits);
    ard_mlp_destroy(watched);
    ard_mlp_destroy(alone);
}

/* Looking at a network in training changes no bit of it. */
static void test_looking_changes_nothing(void **state)
{
    static const ard_dropout_kind kinds[][2] = {
        {ARD_DROPOUT_ROW, ARD_DROPOUT_SUBSET},  {ARD_DROPOUT_TILE, ARD_DROPOUT_TILE},
        {ARD_DROPOUT_TILE, ARD_DROPOUT_ROW},    {ARD_DROPOUT_DROPCONNECT, ARD_DROPOUT_TILE},
        {ARD_DROPOUT_INDEX, ARD_DROPOUT_INDEX}, {ARD_DROPOUT_INDEX, ARD_DROPOUT_ROW}};
    toy_data data = toy_create(*state, SAMPLES, INPUTS, CLASSES, 0.5f, 3);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        const ard_dropout dropout[2] = {toy_dropout(kinds[i][0], ARD_SCALE_RATE),
                                        toy_dropout(kinds[i][1], ARD_SCALE_PERIOD)};
        check_looking(*state, &data, dropout);
    }
    toy_destroy(&data);
}

static void test_seed_matters(void **state)
{
    const size_t narrow[] = {4, 3, 2};
    ard_mlp_options options = toy_options(2, narrow, NULL, 1);
    float weights[2][12];
    for (size_t i = 0; i < 2; ++i) {
        options.seed = i;
        ard_mlp *mlp = toy_network(*state, &options);
        assert_success(ard_mlp_read_layer(mlp, 0, weights[i], NULL));
        ard_mlp_destroy(mlp);
    }
    assert_memory_not_equal(weights[0], weights[1], sizeof weights[0]);
}

static void test_initial_weights(void **state)
{
    const size_t wide[] = {200, 150, 10};
    const ard_mlp_options options = toy_options(2, wide, NULL, 1);
    ard_mlp *mlp = toy_network(*state, &options);
    float *weights = test_alloc(200 * 150, sizeof *weights);
    float *expected = test_alloc(200 * 150, sizeof *expected);
    float bias[150];
    const float zeros[150] = {0};
    for (size_t l = 0; l < 2; ++l) {
        const size_t count = wide[l] * wide[l + 1];
        const float limit = (float)sqrt(6.0 / (double)wide[l]);
        double squares = 0.0;
        assert_success(ard_mlp_read_layer(mlp, l, weights, bias));
        assert_success(ard_sample_uniform(options.seed, (uint32_t)l, limit, count, expected));
        assert_memory_equal(weights, expected, count * sizeof *weights);
        assert_memory_equal(bias, zeros, wide[l + 1] * sizeof *bias);
        for (size_t i = 0; i < count; ++i) {
            squares += (double)weights[i] * (double)weights[i];
        }
        /* The variance of a uniform square is 4/45 limit^4; five standard deviations. */
        const double variance = 2.0 / (double)wide[l];
        assert_true(fabs(squares / (double)count - variance) <
                    5.0 * variance * sqrt(0.8 / (double)count));
    }
    free(weights);
    free(expected);
    ard_mlp_destroy(mlp);
}

static void assert_same_units(const ard_pattern *actual, const ard_pattern *expected)
{
    assert_int_equal(actual->period, expected->period);
    assert_int_equal(actual->residues, expected->residues);
}

static void assert_same_tiles(const ard_tile_pattern *actual, const ard_tile_pattern *expected)
{
    assert_int_equal(actual->edge, expected->edge);
    assert_int_equal(actual->period, expected->period);
    assert_int_equal(actual->offset, expected->offset);
    assert_int_equal(actual->numbering, expected->numbering);
}

enum { PATTERN_LAYERS = 7 };

/* The patterns of layers of a row, a subset and a tile dropout, and of all the others. */
static void check_patterns(const ard_mlp_options *options, uint64_t step,
                           const ard_layer_pattern got[PATTERN_LAYERS])
{
    const ard_dropout *d = options->dropout;
    const uint64_t seed = options->seed;
    const ard_pattern row = ard_sample_row(&d[0].distribution, seed, 0, step, 0);
    const ard_pattern subset = ard_sample_subset(&d[1].subset, seed, 1, step, 0);
    const ard_tile_pattern diagonal =
        ard_sample_tile(&d[2].distribution, TOY_EDGE, ARD_TILE_DIAGONAL, seed, 2, step, 0);
    const ard_tile_pattern linear =
        ard_sample_tile(&d[3].distribution, 5, ARD_TILE_LINEAR, seed, 3, step, 0);
    assert_same_units(&got[0].units, &row);
    assert_same_units(&got[1].units, &subset);
    assert_same_tiles(&got[2].tiles, &diagonal);
    assert_same_tiles(&got[3].tiles, &linear);
    for (size_t l = 0; l < PATTERN_LAYERS; ++l) {
        assert_true(l < 2 || ard_pattern_is_all(&got[l].units));
        assert_true(l == 2 || l == 3 || ard_tile_is_all(&got[l].tiles));
    }
}

static void test_patterns_are_the_samplers(void **state)
{
    const size_t many[PATTERN_LAYERS + 2] = {4, 30, 31, 32, 33, 12, 11, 10, 3};
    ard_dropout dropout[PATTERN_LAYERS] = {toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE),
                                           toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE),
                                           toy_dropout(ARD_DROPOUT_TILE, ARD_SCALE_RATE),
                                           toy_dropout(ARD_DROPOUT_TILE, ARD_SCALE_PERIOD),
                                           toy_dropout(ARD_DROPOUT_NONE, ARD_SCALE_RATE),
                                           toy_dropout(ARD_DROPOUT_BERNOULLI, ARD_SCALE_RATE),
                                           toy_dropout(ARD_DROPOUT_DROPCONNECT, ARD_SCALE_RATE)};
    dropout[3].tile_edge = 5;
    dropout[3].tile_numbering = ARD_TILE_LINEAR;
    const ard_mlp_options options = toy_options(PATTERN_LAYERS + 1, many, dropout, 2);
    ard_mlp *mlp = toy_network(*state, &options);
    static const uint64_t steps[] = {0, 1, 2, 1000, UINT64_C(1) << 40};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; ++i) {
        ard_layer_pattern got[PATTERN_LAYERS];
        assert_success(ard_mlp_patterns(mlp, steps[i], got));
        check_patterns(&options, steps[i], got);
    }
    ard_mlp_destroy(mlp);
}

static void check_given(ard_context *context, const toy_data *data, const ard_dropout dropout[2])
{
    const ard_mlp_options options = toy_options(3, widths, dropout, BATCH);
    ard_mlp *sampled = toy_network(context, &options);
    ard_mlp *given = toy_network(context, &options);
    for (size_t i = 0; i < 12; ++i) {
        ard_layer_pattern patterns[2];
        cl_event event = NULL;
        assert_success(ard_mlp_patterns(given, i, patterns));
        assert_success(ard_mlp_step_with_patterns(given, patterns, BATCH, &data->src,
                                                  &data->src_labels, &event));
        assert_non_null(event);
        assert_int_equal(clWaitForEvents(1, &event), CL_SUCCESS);
        clReleaseEvent(event);
        assert_success(ard_mlp_step(sampled, BATCH, &data->src, &data->src_labels, NULL));
    }
    toy_assert_same_bits(given, sampled, "given patterns");
    ard_mlp_destroy(sampled);
    ard_mlp_destroy(given);
}

static void test_given_patterns_like_sampled(void **state)
{
    toy_data data = toy_create(*state, SAMPLES, INPUTS, CLASSES, 0.5f, 4);
    const ard_dropout units[2] = {toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_PERIOD),
                                  toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE)};
    const ard_dropout weights[2] = {toy_dropout(ARD_DROPOUT_TILE, ARD_SCALE_PERIOD),
                                    toy_dropout(ARD_DROPOUT_DROPCONNECT, ARD_SCALE_RATE)};
    check_given(*state, &data, units);
    const ard_dropout indices[2] = {toy_dropout(ARD_DROPOUT_INDEX, ARD_SCALE_PERIOD),
                                    toy_dropout(ARD_DROPOUT_INDEX, ARD_SCALE_RATE)};
    check_given(*state, &data, weights);
    check_given(*state, &data, indices);
    toy_destroy(&data);
}

static void test_steps_and_options(void **state)
{
    toy_data data = toy_create(*state, 40, 4, 3, 0.1f, 5);
    size_t given_widths[] = {4, 7, 3};
    ard_dropout given_dropout[1] = {toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_PERIOD)};
    ard_mlp_options options = toy_options(2, given_widths, given_dropout, 8);
    ard_mlp *mlp = toy_network(*state, &options);
    given_widths[1] = 99; /* the network has a copy */
    given_dropout[0].rate = 0.9;
    const ard_mlp_options *got = ard_mlp_get_options(mlp);
    assert_int_equal(got->layers, 2);
    assert_int_equal(got->widths[0], 4);
    assert_int_equal(got->widths[1], 7);
    assert_int_equal(got->widths[2], 3);
    assert_int_equal(got->max_batch, 8);
    assert_int_equal(got->seed, options.seed);
    assert_int_equal(got->dropout[0].kind, ARD_DROPOUT_ROW);
    assert_int_equal(got->dropout[0].scale, ARD_SCALE_PERIOD);
    assert_true(got->dropout[0].rate == 0.5);
    assert_true(got->sgd.weight_decay == options.sgd.weight_decay);
    size_t size = 17;
    assert_null(ard_mlp_extra(mlp, &size));
    assert_int_equal(size, 0);
    assert_null(ard_mlp_resume_note(mlp));
    assert_int_equal(ard_mlp_steps_done(mlp), 0);
    toy_train(mlp, &data, 7, 8);
    assert_int_equal(ard_mlp_steps_done(mlp), 7);
    ard_mlp_destroy(mlp);
    ard_mlp_destroy(NULL);
    toy_destroy(&data);
}

static void test_flops(void **state)
{
    const ard_dropout one = toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE);
    const ard_dropout dropout[2] = {one, one};
    const ard_mlp_options options = toy_options(3, widths, dropout, BATCH);
    ard_mlp *mlp = toy_network(*state, &options);
    double flops = 0.0;
    assert_success(ard_mlp_step_flops(mlp, 10, NULL, &flops));
    assert_true(flops == 2.0 * 10 * (2 * 12 * 33 + 3 * 33 * 32 + 3 * 32 * 5));
    /* Keep 16 of 33 and 11 of 32. */
    const ard_layer_pattern patterns[2] = {toy_units(2, 2), toy_units(3, 1)};
    assert_success(ard_mlp_step_flops(mlp, 10, patterns, &flops));
    assert_true(flops == 2.0 * 10 * (2 * 12 * 16 + 3 * 16 * 11 + 3 * 11 * 5));
    ard_mlp_destroy(mlp);
}

/* Whether weight (o, i) between units of `in` and `out`, `width` inputs, is kept: by the
 * definitions. */
static bool is_kept(const ard_layer_pattern *in, const ard_layer_pattern *out, size_t width,
                    size_t o, size_t i)
{
    const ard_tile_pattern *t = &out->tiles;
    const size_t across = (width + t->edge - 1) / t->edge;
    const size_t skew = t->numbering == ARD_TILE_LINEAR ? across : 1;
    return ard_pattern_keeps(&in->units, i) && ard_pattern_keeps(&out->units, o) &&
           (o / t->edge * skew + i / t->edge) % t->period == t->offset;
}

static double count_flops(size_t batch, const ard_layer_pattern patterns[2])
{
    const ard_layer_pattern all = ard_layer_pattern_all();
    const ard_layer_pattern *const units[] = {&all, &patterns[0], &patterns[1], &all};
    double flops = 0.0;
    for (size_t l = 0; l < 3; ++l) {
        for (size_t at = 0; at < widths[l] * widths[l + 1]; ++at) {
            const bool kept =
                is_kept(units[l], units[l + 1], widths[l], at / widths[l], at % widths[l]);
            flops += kept ? 2.0 * (double)batch * (l == 0 ? 2.0 : 3.0) : 0.0;
        }
    }
    return flops;
}

/* Tiles on both layers, or on one beside rows, as their dropout draws them. */
static void test_flops_of_tiles(void **state)
{
    static const ard_dropout_kind kinds[][2] = {
        {ARD_DROPOUT_TILE, ARD_DROPOUT_TILE},  {ARD_DROPOUT_TILE, ARD_DROPOUT_ROW},
        {ARD_DROPOUT_ROW, ARD_DROPOUT_TILE},   {ARD_DROPOUT_SUBSET, ARD_DROPOUT_TILE},
        {ARD_DROPOUT_INDEX, ARD_DROPOUT_TILE}, {ARD_DROPOUT_INDEX, ARD_DROPOUT_INDEX}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        ard_dropout dropout[2] = {toy_dropout(kinds[i][0], ARD_SCALE_RATE),
                                  toy_dropout(kinds[i][1], ARD_SCALE_RATE)};
        dropout[1].tile_numbering = ARD_TILE_LINEAR;
        const ard_mlp_options options = toy_options(3, widths, dropout, BATCH);
        ard_mlp *mlp = toy_network(*state, &options);
        for (uint64_t step = 0; step < 20; ++step) {
            ard_layer_pattern patterns[2];
            double flops = 0.0;
            assert_success(ard_mlp_patterns(mlp, step, patterns));
            assert_success(ard_mlp_step_flops(mlp, 7, patterns, &flops));
            assert_true(flops == count_flops(7, patterns));
        }
        ard_mlp_destroy(mlp);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_learns),
        cmocka_unit_test(test_repeats),
        cmocka_unit_test(test_looking_changes_nothing),
        cmocka_unit_test(test_seed_matters),
        cmocka_unit_test(test_initial_weights),
        cmocka_unit_test(test_patterns_are_the_samplers),
        cmocka_unit_test(test_given_patterns_like_sampled),
        cmocka_unit_test(test_steps_and_options),
        cmocka_unit_test(test_flops),
        cmocka_unit_test(test_flops_of_tiles),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
