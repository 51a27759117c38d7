/* SPDX-License-Identifier: Apache-2.0 */
/* The linear layer under index patterns: alone, beside subsets, and together with tiles. */
#include <ard/linear.h>

#include "layers/linear_problem.h"
#include "support/cover.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/tile_cover.h"
#include "support/unit.h"

enum { CASES = 300, TILE_CASES = 200, WIDEST = 784 };

static size_t random_size(uint64_t *random)
{
    return cover_sizes[test_random_below(random, COVER_SIZES)];
}

/* Everything of a problem but its sizes and patterns, from the seed. */
static linear_problem vary(ard_linear linear, uint64_t seed)
{
    uint64_t random = seed;
    linear.activation =
        test_random_below(&random, 3) > 0 ? ARD_ACTIVATION_RELU : ARD_ACTIVATION_IDENTITY;
    linear.scale = 1.0f + 0.5f * (float)test_random_below(&random, 3);
    linear.compact = test_random_below(&random, 2) > 0;
    return (linear_problem){.linear = linear,
                            .bias = test_random_below(&random, 3) > 0,
                            .in_place = test_random_below(&random, 2) > 0,
                            .seed = seed};
}

static void test_alone_and_beside_subsets(void **state)
{
    uint64_t random = 4343;
    for (size_t i = 0; i < CASES; ++i) {
        uint32_t indices[2][WIDEST];
        ard_linear linear =
            ard_linear_init(random_size(&random), random_size(&random), random_size(&random));
        if (i % 4 != 0) {
            linear.in_pattern = cover_random_index(&random, linear.in, indices[0]);
        }
        linear.out_pattern = i % 3 != 0 ? cover_random_index(&random, linear.out, indices[1])
                                        : cover_random_subset(&random, linear.out);
        const linear_problem problem = vary(linear, 9500 + i);
        check_linear(*state, &problem);
    }
}

/* A grid of tiles with an offset that keeps one of them. */
static ard_tile_pattern random_tile(uint64_t *random, size_t out, size_t in)
{
    static const uint32_t edges[] = {1, 3, 16, 32};
    ard_tile_pattern tile = {.edge = edges[1 + test_random_below(random, 3)],
                             .period = (uint32_t)(2 + test_random_below(random, 6)),
                             .numbering = (ard_tile_numbering)test_random_below(random, 2)};
    if (out <= 61 && in <= 61 && test_random_below(random, 3) == 0) {
        tile.edge = edges[0];
    }
    const uint32_t most = ard_tile_max_period(tile.edge, tile.numbering, out, in);
    tile.offset = (uint32_t)test_random_below(random, tile.period < most ? tile.period : most);
    return tile;
}

static void test_with_tiles(void **state)
{
    uint64_t random = 4444;
    for (size_t i = 0; i < TILE_CASES; ++i) {
        uint32_t indices[2][WIDEST];
        ard_linear linear =
            ard_linear_init(random_size(&random), random_size(&random), random_size(&random));
        linear.tile = random_tile(&random, linear.out, linear.in);
        linear.weight_scale = (float)linear.tile.period;
        if (i % 3 != 0) {
            linear.in_pattern = cover_random_index(&random, linear.in, indices[0]);
        }
        linear.out_pattern = i % 3 != 1 ? cover_random_index(&random, linear.out, indices[1])
                                        : tile_cover_random_pattern(&random, linear.out);
        const linear_problem problem = vary(linear, 9900 + i);
        check_linear(*state, &problem);
    }
}

/* The layer below keeps the same units where another array has the same indices. */
static void test_below_compares_indices(void **state)
{
    ard_context *context = *state;
    uint32_t indices[3][2] = {{1, 4}, {1, 4}, {1, 5}};
    ard_pattern patterns[3];
    for (size_t i = 0; i < 3; ++i) {
        assert_success(ard_pattern_index(indices[i], 2, &patterns[i]));
    }
    ard_linear linear = ard_linear_init(3, 7, 5);
    linear.in_pattern = patterns[0];
    linear.compact = true;
    ard_linear below = ard_linear_init(3, 6, 7);
    ard_matrix diff_pre;
    ard_matrix weights;
    ard_matrix src;
    ard_matrix result;
    assert_success(ard_matrix_create(context, 3, 5, &diff_pre));
    assert_success(ard_matrix_create(context, 5, 2, &weights));
    assert_success(ard_matrix_create(context, 3, 2, &src));
    assert_success(ard_matrix_create(context, 3, 2, &result));
    below.out_pattern = patterns[1];
    assert_success(ard_linear_backward_data_activation(context, &linear, &below, &diff_pre,
                                                       &weights, &src, &result, NULL));
    below.out_pattern = patterns[2];
    assert_invalid(ard_linear_backward_data_activation(context, &linear, &below, &diff_pre,
                                                       &weights, &src, &result, NULL));
    assert_success(ard_context_finish(context));
    ard_matrix_destroy(&diff_pre);
    ard_matrix_destroy(&weights);
    ard_matrix_destroy(&src);
    ard_matrix_destroy(&result);
}

/* What drops units or weights by a mask takes no index pattern beside it. */
static void test_not_beside_masks(void **state)
{
    const uint32_t all[] = {0, 1, 2};
    const ard_bernoulli mask = {.rate = 0.5, .seed = 1};
    ard_linear linear = ard_linear_init(2, 3, 3);
    ard_matrix matrix;
    assert_success(ard_matrix_create(*state, 3, 3, &matrix));
    assert_success(ard_pattern_index(all, 3, &linear.out_pattern));
    linear.bernoulli = &mask;
    assert_invalid(ard_linear_forward(*state, &linear, &matrix, &matrix, NULL, &matrix, NULL));
    linear.bernoulli = NULL;
    linear.drop_connect = &mask;
    assert_invalid(ard_linear_forward(*state, &linear, &matrix, &matrix, NULL, &matrix, NULL));
    ard_matrix_destroy(&matrix);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alone_and_beside_subsets),
        cmocka_unit_test(test_with_tiles),
        cmocka_unit_test(test_below_compares_indices),
        cmocka_unit_test(test_not_beside_masks),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
