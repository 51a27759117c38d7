/* SPDX-License-Identifier: Apache-2.0 */
/* Steps need no more device memory than a network was made with, whatever their patterns are. */
#include <ard/mlp.h>

#include "models/toy.h"
#include "support/cover.h"
#include "support/device.h"
#include "support/unit.h"

enum { SAMPLES = 64, BATCH = 33, LAYERS = 3, STEPS = 60 };

/* A context of its own, so that no other network's memory is there already. */
static void check_memory(const size_t widths[LAYERS + 1], const ard_dropout dropout[LAYERS - 1],
                         uint32_t groups)
{
    ard_context *context = test_context_create();
    ard_mlp_options options = toy_options(LAYERS, widths, dropout, BATCH);
    options.groups = groups;
    toy_data data = toy_create(context, SAMPLES, widths[0], widths[LAYERS], 0.5f, 4);
    ard_mlp *mlp = toy_network(context, &options);
    const toy_memory before = toy_read_memory(mlp);
    toy_train(mlp, &data, STEPS, BATCH);
    toy_assert_same_memory(mlp, &before);
    ard_mlp_destroy(mlp);
    toy_destroy(&data);
    ard_context_destroy(context);
}

static void test_every_kind(void **state)
{
    (void)state;
    static const size_t widths[] = {9, 33, 31, 4};
    static const ard_dropout_kind kinds[][2] = {
        {ARD_DROPOUT_NONE, ARD_DROPOUT_BERNOULLI}, {ARD_DROPOUT_ROW, ARD_DROPOUT_SUBSET},
        {ARD_DROPOUT_TILE, ARD_DROPOUT_TILE},      {ARD_DROPOUT_TILE, ARD_DROPOUT_ROW},
        {ARD_DROPOUT_SUBSET, ARD_DROPOUT_TILE},    {ARD_DROPOUT_DROPCONNECT, ARD_DROPOUT_TILE},
        {ARD_DROPOUT_INDEX, ARD_DROPOUT_INDEX},    {ARD_DROPOUT_INDEX, ARD_DROPOUT_TILE},
        {ARD_DROPOUT_ROW, ARD_DROPOUT_INDEX}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        const ard_dropout dropout[2] = {toy_dropout(kinds[i][0], ARD_SCALE_RATE),
                                        toy_dropout(kinds[i][1], ARD_SCALE_RATE)};
        check_memory(widths, dropout, 1);
    }
}

static void test_groups(void **state)
{
    (void)state;
    static const size_t widths[] = {9, 33, 31, 4};
    static const uint32_t groups[] = {2, 5, 40};
    static const ard_dropout_kind kinds[][2] = {
        {ARD_DROPOUT_NONE, ARD_DROPOUT_ROW},    {ARD_DROPOUT_ROW, ARD_DROPOUT_SUBSET},
        {ARD_DROPOUT_TILE, ARD_DROPOUT_TILE},   {ARD_DROPOUT_TILE, ARD_DROPOUT_ROW},
        {ARD_DROPOUT_SUBSET, ARD_DROPOUT_TILE}, {ARD_DROPOUT_INDEX, ARD_DROPOUT_INDEX},
        {ARD_DROPOUT_TILE, ARD_DROPOUT_INDEX}};
    /* Every kind with every number of groups in a full run, with one of them otherwise. */
    const bool whole = cover_wanted() != COVER_PAIRWISE;
    for (size_t i = 0; i < 3 * sizeof kinds / sizeof kinds[0]; ++i) {
        const size_t kind = i / 3;
        const ard_dropout dropout[2] = {toy_dropout(kinds[kind][0], ARD_SCALE_RATE),
                                        toy_dropout(kinds[kind][1], ARD_SCALE_RATE)};
        if (whole || i % 3 == kind % 3) {
            check_memory(widths, dropout, groups[i % 3]);
        }
    }
}

/* Whole grids and ragged ones, short and wide ones, up to periods that leave one tile. */
static void test_grids(void **state)
{
    (void)state;
    static const struct {
        size_t widths[LAYERS + 1];
        uint32_t edge;
        ard_tile_numbering numbering;
        uint32_t max_period;
    } cases[] = {
        {{64, 128, 64, 5}, 32, ARD_TILE_DIAGONAL, 0}, {{64, 128, 64, 5}, 32, ARD_TILE_LINEAR, 8},
        {{65, 97, 70, 3}, 32, ARD_TILE_LINEAR, 9},    {{65, 97, 70, 3}, 16, ARD_TILE_DIAGONAL, 11},
        {{5, 130, 7, 2}, 3, ARD_TILE_DIAGONAL, 9},    {{200, 6, 90, 2}, 7, ARD_TILE_LINEAR, 13},
        {{12, 16, 12, 2}, 1, ARD_TILE_LINEAR, 64},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        ard_dropout dropout[2];
        for (size_t l = 0; l < 2; ++l) {
            assert_success(ard_dropout_init(ARD_DROPOUT_TILE, 0.6, cases[i].max_period,
                                            ARD_SCALE_RATE, &dropout[l]));
            dropout[l].tile_edge = cases[i].edge;
            dropout[l].tile_numbering = cases[i].numbering;
        }
        check_memory(cases[i].widths, dropout, 1);
        check_memory(cases[i].widths, dropout, 3);
    }
}

/* The most device memory that a network takes while it trains. */
static size_t peak_memory(const size_t widths[LAYERS + 1], const ard_dropout dropout[LAYERS - 1],
                          uint32_t groups)
{
    ard_context *context = test_context_create();
    ard_mlp_options options = toy_options(LAYERS, widths, dropout, 128);
    options.groups = groups;
    toy_data data = toy_create(context, 128, widths[0], widths[LAYERS], 0.5f, 4);
    ard_mlp *mlp = toy_network(context, &options);
    toy_train(mlp, &data, 20, 128);
    size_t peak = 0;
    assert_success(ard_context_memory(context, NULL, &peak));
    ard_mlp_destroy(mlp);
    toy_destroy(&data);
    ard_context_destroy(context);
    return peak;
}

/* Patterns take hardly more memory than conventional dropout. */
static void test_patterns_take_no_more(void **state)
{
    (void)state;
    static const size_t widths[LAYERS + 1] = {784, 512, 512, 10};
    static const ard_dropout_kind kinds[] = {ARD_DROPOUT_ROW, ARD_DROPOUT_SUBSET};
    static const double rates[] = {0.3, 0.5, 0.7};
    ard_dropout dropout[2];
    for (size_t r = 0; r < 3; ++r) {
        for (size_t l = 0; l < 2; ++l) {
            assert_success(
                ard_dropout_init(ARD_DROPOUT_BERNOULLI, rates[r], 0, ARD_SCALE_RATE, &dropout[l]));
        }
        const double dense = (double)peak_memory(widths, dropout, 1);
        for (size_t k = 0; k < 2; ++k) {
            for (size_t l = 0; l < 2; ++l) {
                assert_success(
                    ard_dropout_init(kinds[k], rates[r], 0, ARD_SCALE_RATE, &dropout[l]));
            }
            assert_true((double)peak_memory(widths, dropout, 1) <= 1.05 * dense);
        }
    }
}

/* A group of samples takes memory for the gradient of what it keeps: by subsets at rate 0.5, half
 * the units of each hidden layer. */
static void test_groups_take_a_gradient_each(void **state)
{
    (void)state;
    static const size_t widths[LAYERS + 1] = {784, 512, 512, 10};
    ard_dropout dropout[2];
    for (size_t l = 0; l < 2; ++l) {
        assert_success(ard_dropout_init(ARD_DROPOUT_SUBSET, 0.5, 0, ARD_SCALE_RATE, &dropout[l]));
    }
    const size_t gradient = (784 * 256 + 256 + 256 * 256 + 256 + 256 * 10 + 10) * sizeof(float);
    const double one = (double)peak_memory(widths, dropout, 1);
    for (uint32_t groups = 2; groups <= 8; groups *= 2) {
        const double several = (double)peak_memory(widths, dropout, groups);
        assert_true(several <= 1.02 * (one + groups * (double)gradient));
    }
}

/* An evaluation gives back what it took, and patterns beyond what is drawn find room. */
static void test_evaluation_and_given_patterns(void **state)
{
    (void)state;
    static const size_t widths[LAYERS + 1] = {60, 90, 70, 5};
    ard_context *context = test_context_create();
    ard_dropout dropout[2];
    for (size_t l = 0; l < 2; ++l) {
        assert_success(ard_dropout_init(ARD_DROPOUT_SUBSET, 0.5, 10, ARD_SCALE_RATE, &dropout[l]));
    }
    const ard_mlp_options options = toy_options(LAYERS, widths, dropout, BATCH);
    toy_data data = toy_create(context, SAMPLES, widths[0], widths[LAYERS], 0.5f, 4);
    ard_mlp *mlp = toy_network(context, &options);
    toy_train(mlp, &data, 5, BATCH);
    ard_mlp_result result;
    size_t before = 0;
    size_t after = 0;
    assert_success(ard_mlp_evaluate(mlp, SAMPLES, &data.src, &data.src_labels, &result));
    assert_success(ard_context_memory(context, &before, NULL));
    assert_success(ard_mlp_evaluate(mlp, SAMPLES, &data.src, &data.src_labels, &result));
    assert_success(ard_context_memory(context, &after, NULL));
    assert_int_equal(after, before);
    ard_layer_pattern patterns[2] = {ard_layer_pattern_all(), ard_layer_pattern_all()};
    for (size_t l = 0; l < 2; ++l) {
        assert_success(ard_pattern_subset(10, 0x3fe, &patterns[l].units));
    }
    assert_success(
        ard_mlp_step_with_patterns(mlp, patterns, BATCH, &data.src, &data.src_labels, NULL));
    assert_success(ard_context_finish(context));
    ard_mlp_destroy(mlp);
    toy_destroy(&data);
    ard_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind),
        cmocka_unit_test(test_grids),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_patterns_take_no_more),
        cmocka_unit_test(test_groups_take_a_gradient_each),
        cmocka_unit_test(test_evaluation_and_given_patterns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
