/* SPDX-License-Identifier: Apache-2.0 */
/* A batch in groups of samples, each with patterns of its own, as its user sees it; that the
 * numbers are right is in test_mlp_reference.c. */
#include <ard/mlp.h>

#include <stdbool.h>
#include <stdlib.h>

#include "models/toy.h"
#include "patterns/pattern_internal.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/folder.h"
#include "support/memory.h"
#include "support/unit.h"

enum { SAMPLES = 60, INPUTS = 9, CLASSES = 4, BATCH = 13, LAYERS = 3, HIDDEN = LAYERS - 1 };

static const size_t widths[] = {INPUTS, 33, 31, CLASSES};

static const ard_dropout_kind kinds[][HIDDEN] = {{ARD_DROPOUT_ROW, ARD_DROPOUT_SUBSET},
                                                 {ARD_DROPOUT_TILE, ARD_DROPOUT_ROW},
                                                 {ARD_DROPOUT_NONE, ARD_DROPOUT_TILE},
                                                 {ARD_DROPOUT_INDEX, ARD_DROPOUT_INDEX}};
enum { PAIRS = sizeof kinds / sizeof kinds[0] };

/* A network of kind `pair`. */
static ard_mlp *make(ard_context *context, size_t pair, uint32_t groups)
{
    const ard_dropout dropout[HIDDEN] = {toy_dropout(kinds[pair][0], ARD_SCALE_RATE),
                                         toy_dropout(kinds[pair][1], ARD_SCALE_PERIOD)};
    ard_mlp_options options = toy_options(LAYERS, widths, dropout, BATCH);
    options.groups = groups;
    return toy_network(context, &options);
}

static toy_data make_data(ard_context *context)
{
    return toy_create(context, SAMPLES, INPUTS, CLASSES, 0.5f, 12);
}

static unsigned char *saved_bytes(ard_mlp *mlp, size_t *size)
{
    test_folder folder = test_folder_create();
    char path[TEST_PATH_CAPACITY];
    test_folder_join(folder.path, "network", path);
    assert_success(ard_mlp_save(mlp, path, NULL, 0));
    unsigned char *bytes = test_file_read(path, size);
    test_folder_destroy(&folder);
    return bytes;
}

/* What says nothing of groups has one. */
static void test_none_is_one(void **state)
{
    toy_data data = make_data(*state);
    for (size_t pair = 0; pair < PAIRS; ++pair) {
        ard_mlp *none = make(*state, pair, 0);
        ard_mlp *one = make(*state, pair, 1);
        assert_int_equal(ard_mlp_get_options(none)->groups, 1);
        assert_int_equal(ard_mlp_get_options(one)->groups, 1);
        assert_int_equal(ard_mlp_pattern_count(none), HIDDEN);
        toy_train(none, &data, 20, BATCH);
        toy_train(one, &data, 20, BATCH);
        toy_assert_same_bits(none, one, "no groups and one");
        size_t sizes[2] = {0, 0};
        unsigned char *bytes[2] = {saved_bytes(none, &sizes[0]), saved_bytes(one, &sizes[1])};
        assert_int_equal(sizes[0], sizes[1]);
        assert_memory_equal(bytes[0], bytes[1], sizes[0]);
        free(bytes[0]);
        free(bytes[1]);
        ard_mlp_destroy(none);
        ard_mlp_destroy(one);
    }
    toy_destroy(&data);
}

static void test_repeats(void **state)
{
    toy_data data = make_data(*state);
    for (size_t pair = 0; pair < PAIRS; ++pair) {
        ard_mlp *first = make(*state, pair, 3);
        ard_mlp *second = make(*state, pair, 3);
        toy_train(first, &data, 30, BATCH);
        toy_train(second, &data, 30, BATCH);
        toy_assert_same_bits(second, first, "a repeated run");
        ard_mlp_destroy(first);
        ard_mlp_destroy(second);
    }
    toy_destroy(&data);
}

static bool same_patterns(const ard_layer_pattern *a, const ard_layer_pattern *b)
{
    return ard__pattern_equal(&a->units, &b->units) && a->tiles.period == b->tiles.period &&
           a->tiles.offset == b->tiles.offset && a->tiles.edge == b->tiles.edge;
}

/* The first groups of more draw what fewer do, and each its own. */
static void test_patterns(void **state)
{
    enum { MOST = 5, STEPS = 40 };
    for (size_t pair = 0; pair < PAIRS; ++pair) {
        size_t differs = 0;
        ard_mlp *one = make(*state, pair, 1);
        ard_mlp *five = make(*state, pair, MOST);
        assert_int_equal(ard_mlp_pattern_count(five), MOST * HIDDEN);
        for (uint64_t step = 0; step < STEPS; ++step) {
            ard_layer_pattern first[HIDDEN];
            ard_layer_pattern all[MOST * HIDDEN];
            assert_success(ard_mlp_patterns(one, step, first));
            assert_success(ard_mlp_patterns(five, step, all));
            for (size_t l = 0; l < HIDDEN; ++l) {
                assert_true(same_patterns(&first[l], &all[l]));
                for (size_t k = 1; k < MOST; ++k) {
                    differs += !same_patterns(&all[l], &all[k * HIDDEN + l]);
                }
            }
        }
        assert_true(differs > STEPS * (MOST - 1) / 2);
        ard_mlp_destroy(one);
        ard_mlp_destroy(five);
    }
}

static void test_given_patterns_like_sampled(void **state)
{
    enum { GROUPS = 4 };
    toy_data data = make_data(*state);
    for (size_t pair = 0; pair < PAIRS; ++pair) {
        ard_mlp *sampled = make(*state, pair, GROUPS);
        ard_mlp *given = make(*state, pair, GROUPS);
        for (size_t i = 0; i < 12; ++i) {
            ard_layer_pattern patterns[GROUPS * HIDDEN];
            const size_t batch = i % 4 == 2 ? 3 : BATCH;
            assert_success(ard_mlp_patterns(given, i, patterns));
            assert_success(ard_mlp_step_with_patterns(given, patterns, batch, &data.src,
                                                      &data.src_labels, NULL));
            assert_success(ard_mlp_step(sampled, batch, &data.src, &data.src_labels, NULL));
        }
        toy_assert_same_bits(given, sampled, "given patterns");
        ard_mlp_destroy(sampled);
        ard_mlp_destroy(given);
    }
    toy_destroy(&data);
}

/* The pattern of the last group is looked at too. */
static void test_bad_pattern_of_a_group(void **state)
{
    enum { GROUPS = 3 };
    toy_data data = make_data(*state);
    ard_mlp *mlp = make(*state, 0, GROUPS);
    ard_layer_pattern patterns[GROUPS * HIDDEN];
    for (size_t i = 0; i < (size_t)GROUPS * HIDDEN; ++i) {
        assert_success(ard_mlp_patterns(mlp, 0, patterns));
        patterns[i] = toy_units(17, 1);
        assert_fails(
            ard_mlp_step_with_patterns(mlp, patterns, BATCH, &data.src, &data.src_labels, NULL),
            ARD_STATUS_INVALID_PATTERN);
    }
    assert_int_equal(ard_mlp_steps_done(mlp), 0);
    ard_mlp_destroy(mlp);
    toy_destroy(&data);
}

/* The weights and biases of all layers, in new memory. */
static double *read_all(ard_mlp *mlp, size_t *count)
{
    *count = 0;
    for (size_t l = 0; l < LAYERS; ++l) {
        *count += (widths[l] + 1) * widths[l + 1];
    }
    double *values = test_alloc(*count, sizeof *values);
    float *layer = test_alloc(*count, sizeof *layer);
    size_t at = 0;
    for (size_t l = 0; l < LAYERS; ++l) {
        const size_t weights = widths[l] * widths[l + 1];
        assert_success(ard_mlp_read_layer(mlp, l, layer, layer + weights));
        for (size_t i = 0; i < weights + widths[l + 1]; ++i) {
            values[at++] = layer[i];
        }
    }
    free(layer);
    return values;
}

/* With the same patterns in every group there is nothing but another order of the same sums. */
static void test_equal_patterns_are_one_group(void **state)
{
    enum { GROUPS = 3 };
    toy_data data = make_data(*state);
    for (size_t pair = 0; pair < PAIRS; ++pair) {
        ard_mlp *one = make(*state, pair, 1);
        ard_mlp *three = make(*state, pair, GROUPS);
        for (size_t i = 0; i < 20; ++i) {
            ard_layer_pattern patterns[GROUPS * HIDDEN];
            const size_t batch = i % 3 == 2 ? 2 : BATCH;
            assert_success(ard_mlp_patterns(one, i, patterns));
            for (size_t k = HIDDEN; k < (size_t)GROUPS * HIDDEN; ++k) {
                patterns[k] = patterns[k % HIDDEN];
            }
            assert_success(ard_mlp_step(one, batch, &data.src, &data.src_labels, NULL));
            assert_success(ard_mlp_step_with_patterns(three, patterns, batch, &data.src,
                                                      &data.src_labels, NULL));
        }
        size_t count = 0;
        double *expected = read_all(one, &count);
        double *doubles = read_all(three, &count);
        float *actual = test_alloc(count, sizeof *actual);
        for (size_t i = 0; i < count; ++i) {
            actual[i] = (float)doubles[i];
        }
        const comparison about = {"all weights", "the same patterns in three groups", 1, count, 0};
        assert_within(&about, actual, expected, 1e-5 * largest_of(count, expected));
        free(expected);
        free(doubles);
        free(actual);
        ard_mlp_destroy(one);
        ard_mlp_destroy(three);
    }
    toy_destroy(&data);
}

/* By the groups' numbers of samples: of 7 in 3 groups 2, 2 and 3, of 2 none, 1 and 1. */
static void test_flops(void **state)
{
    ard_mlp *mlp = make(*state, 0, 3);
    const ard_layer_pattern patterns[3 * HIDDEN] = {toy_units(1, 1), toy_units(8, 0x0f),
                                                    toy_units(2, 1), toy_units(8, 0x11),
                                                    toy_units(3, 4), toy_units(8, 0xf0)};
    /* Kept of 33 and of 31 units, and multiply-adds a sample. */
    static const double kept[3][2] = {{33, 16}, {17, 8}, {11, 15}};
    double each[3];
    for (size_t k = 0; k < 3; ++k) {
        each[k] =
            2.0 * INPUTS * kept[k][0] + 3.0 * kept[k][0] * kept[k][1] + 3.0 * kept[k][1] * CLASSES;
    }
    double flops = 0.0;
    assert_success(ard_mlp_step_flops(mlp, 7, patterns, &flops));
    assert_true(flops == 2.0 * (2 * each[0] + 2 * each[1] + 3 * each[2]));
    assert_success(ard_mlp_step_flops(mlp, 2, patterns, &flops));
    assert_true(flops == 2.0 * (each[1] + each[2]));
    assert_success(ard_mlp_step_flops(mlp, 7, NULL, &flops));
    assert_true(flops == 2.0 * 7 * (2 * 9 * 33 + 3 * 33 * 31 + 3 * 31 * 4));
    ard_mlp_destroy(mlp);
}

/* Batches smaller than the number of groups, down to one sample, and many more groups. */
static void test_small_batches(void **state)
{
    toy_data data = make_data(*state);
    for (size_t pair = 0; pair < PAIRS; ++pair) {
        ard_mlp *mlp = make(*state, pair, ARD_MLP_MAX_GROUPS);
        ard_mlp_result result;
        size_t samples = 0;
        for (size_t batch = 1; batch <= BATCH; ++batch) {
            assert_success(ard_mlp_step(mlp, batch, &data.src, &data.src_labels, NULL));
            samples += batch;
        }
        assert_success(ard_mlp_take_training_result(mlp, &result));
        assert_int_equal(result.samples, samples);
        assert_true(result.loss > 0.0 && result.loss < 10.0);
        ard_mlp_destroy(mlp);
    }
    toy_destroy(&data);
}

static void test_learns(void **state)
{
    toy_data data = make_data(*state);
    for (size_t pair = 0; pair < PAIRS; ++pair) {
        ard_mlp *mlp = make(*state, pair, 4);
        ard_mlp_result before;
        ard_mlp_result after;
        assert_success(ard_mlp_evaluate(mlp, SAMPLES, &data.src, &data.src_labels, &before));
        toy_train(mlp, &data, 200, BATCH);
        assert_success(ard_mlp_evaluate(mlp, SAMPLES, &data.src, &data.src_labels, &after));
        assert_true(after.loss < 0.3 * before.loss && 100 * after.correct >= 95 * SAMPLES);
        ard_mlp_destroy(mlp);
    }
    toy_destroy(&data);
}

/* Looking at a network in training changes no bit of it. */
static void test_looking_changes_nothing(void **state)
{
    toy_data data = make_data(*state);
    for (size_t pair = 0; pair < PAIRS; ++pair) {
        ard_mlp *watched = make(*state, pair, 3);
        ard_mlp *alone = make(*state, pair, 3);
        for (size_t i = 0; i < 20; ++i) {
            ard_mlp_result result;
            toy_train(watched, &data, 1, BATCH);
            assert_success(
                ard_mlp_evaluate(watched, SAMPLES, &data.src, &data.src_labels, &result));
        }
        toy_train(alone, &data, 20, BATCH);
        toy_assert_same_bits(watched, alone, "a watched run");
        ard_mlp_destroy(watched);
        ard_mlp_destroy(alone);
    }
    toy_destroy(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none_is_one),
        cmocka_unit_test(test_repeats),
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_given_patterns_like_sampled),
        cmocka_unit_test(test_bad_pattern_of_a_group),
        cmocka_unit_test(test_equal_patterns_are_one_group),
        cmocka_unit_test(test_flops),
        cmocka_unit_test(test_small_batches),
        cmocka_unit_test(test_learns),
        cmocka_unit_test(test_looking_changes_nothing),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
