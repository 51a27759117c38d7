/* SPDX-License-Identifier: Apache-2.0 */
/* Networks with index patterns: what they draw, and what they take. */
#include <ard/mlp.h>
#include <ard/sampler.h>

#include "models/toy.h"
#include "support/device.h"
#include "support/unit.h"

enum { SAMPLES = 40, LAYERS = 3, BATCH = 8 };

static const size_t widths[LAYERS + 1] = {5, 33, 31, 4};

/* What the network drew is its own until it draws again. */
static void test_index_patterns_are_the_samplers(void **state)
{
    const ard_dropout dropout[2] = {toy_dropout(ARD_DROPOUT_INDEX, ARD_SCALE_RATE),
                                    toy_dropout(ARD_DROPOUT_INDEX, ARD_SCALE_RATE)};
    enum { GROUPS = 3 };
    ard_mlp_options options = toy_options(LAYERS, widths, dropout, BATCH);
    options.groups = GROUPS;
    ard_mlp *mlp = toy_network(*state, &options);
    for (uint64_t step = 0; step < 50; ++step) {
        ard_layer_pattern got[GROUPS * 2];
        assert_success(ard_mlp_patterns(mlp, step, got));
        for (uint32_t i = 0; i < GROUPS * 2; ++i) {
            const uint32_t l = i % 2;
            uint32_t indices[33];
            const ard_index_distribution *index = &ard_mlp_get_options(mlp)->dropout[l].index;
            assert_int_equal(index->width, widths[l + 1]);
            const ard_pattern expected =
                ard_sample_index(index, options.seed, l, step, i / 2, indices);
            assert_int_equal(got[i].units.count, expected.count);
            assert_memory_equal(got[i].units.indices, indices, expected.count * sizeof *indices);
            assert_true(ard_tile_is_all(&got[i].tiles));
        }
    }
    ard_mlp_destroy(mlp);
}

/* Numbers of units that the rate cannot give, and patterns of periods. */
static void test_given_indices(void **state)
{
    toy_data data = toy_create(*state, SAMPLES, widths[0], widths[LAYERS], 0.3f, 9);
    const ard_dropout dropout[2] = {toy_dropout(ARD_DROPOUT_INDEX, ARD_SCALE_RATE), {0}};
    const ard_mlp_options options = toy_options(LAYERS, widths, dropout, BATCH);
    ard_mlp *mlp = toy_network(*state, &options);
    const uint32_t half = (uint32_t)widths[1] / 2;
    uint32_t indices[256];
    ard_layer_pattern patterns[2] = {ard_layer_pattern_all(), ard_layer_pattern_all()};
    for (uint32_t i = 0; i < 256; ++i) {
        indices[i] = i;
    }
    const ard_matrix *src = &data.src;
    const ard_labels *labels = &data.src_labels;
    const ard_pattern bad[] = {
        {.indices = indices, .count = half - 1},
        {.indices = indices, .count = half + 2},
        {.indices = indices, .count = 0},
        {.period = 2, .residues = 1},
        {.period = 1, .residues = 1},
        {.indices = indices + widths[1], .count = half},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        patterns[0].units = bad[i];
        assert_fails(ard_mlp_step_with_patterns(mlp, patterns, BATCH, src, labels, NULL),
                     ARD_STATUS_INVALID_PATTERN);
    }
    patterns[0].units = (ard_pattern){.indices = indices + 1, .count = half};
    assert_success(ard_mlp_step_with_patterns(mlp, patterns, BATCH, src, labels, NULL));
    patterns[1].units = patterns[0].units;
    assert_fails(ard_mlp_step_with_patterns(mlp, patterns, BATCH, src, labels, NULL),
                 ARD_STATUS_INVALID_PATTERN);
    assert_success(ard_context_finish(*state));
    ard_mlp_destroy(mlp);
    toy_destroy(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_index_patterns_are_the_samplers),
        cmocka_unit_test(test_given_indices),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
