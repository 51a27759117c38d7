/* SPDX-License-Identifier: Apache-2.0 */
/* Weights that were skipped are where the dense optimizer would have moved them. */
#include <ard/sgd.h>

#include "optimizer/lazy_problem.h"
#include "support/device.h"
#include "support/unit.h"

static void test_rows_both_dimensions(void **state)
{
    static const size_t sizes[][2] = {{37, 50}, {61, 33}, {4, 4}, {7, 127}};
    for (size_t i = 0; i < 4; ++i) {
        const lazy_problem problem = {.name = "rows of periods 1..4, 12 x 12 classes",
                                      .rows = {sizes[i][0], 12, DRAW_ROW, 4},
                                      .cols = {sizes[i][1], 12, DRAW_ROW, 4},
                                      .options = lazy_options(),
                                      .steps = LAZY_STEPS,
                                      .seed = 100 + i};
        check_lazy(*state, &problem);
    }
}

static void test_subsets_both_dimensions(void **state)
{
    const lazy_problem problem = {.name = "subsets of period 16, 16 x 16 classes",
                                  .rows = {33, 16, DRAW_SUBSET, 16},
                                  .cols = {61, 16, DRAW_SUBSET, 16},
                                  .options = lazy_options(),
                                  .steps = LAZY_STEPS,
                                  .seed = 200};
    check_lazy(*state, &problem);
}

static void test_mixed(void **state)
{
    const lazy_problem problem = {.name = "rows of periods 1..3 by subsets of period 10",
                                  .rows = {31, 6, DRAW_ROW, 3},
                                  .cols = {32, 10, DRAW_SUBSET, 10},
                                  .options = lazy_options(),
                                  .steps = LAZY_STEPS,
                                  .seed = 300};
    check_lazy(*state, &problem);
}

/* Classes unknown, or more pairs of them than a table takes: an age an element. */
static void test_ages_of_elements(void **state)
{
    static const uint32_t classes[][2] = {{0, 0}, {0, 1}, {60, 840}, {UINT32_MAX, UINT32_MAX}};
    for (size_t i = 0; i < 4; ++i) {
        const uint32_t periods = i < 2 ? 64 : i == 2 ? 6 : 5;
        const lazy_problem problem = {
            .name = "long periods, an age an element",
            .rows = {70, classes[i][0], DRAW_ROW, periods},
            .cols = {66, classes[i][1], i == 1 ? DRAW_ALL : DRAW_ROW, i == 2 ? 8 : periods},
            .options = lazy_options(),
            .steps = LAZY_STEPS,
            .element_ages = true,
            .seed = 400 + i};
        check_lazy(*state, &problem);
    }
}

static void test_bias_shapes(void **state)
{
    const lazy_problem column = {.name = "a column with rows dropped",
                                 .rows = {61, 12, DRAW_ROW, 4},
                                 .cols = {1, 1, DRAW_ALL, 1},
                                 .options = lazy_options(),
                                 .steps = LAZY_STEPS,
                                 .seed = 500};
    const lazy_problem row = {.name = "a row with columns dropped",
                              .rows = {1, 1, DRAW_ALL, 1},
                              .cols = {61, 16, DRAW_SUBSET, 16},
                              .options = lazy_options(),
                              .steps = LAZY_STEPS,
                              .seed = 501};
    check_lazy(*state, &column);
    check_lazy(*state, &row);
}

static void test_one_dimension(void **state)
{
    const lazy_problem rows = {.name = "rows alone dropped",
                               .rows = {33, 12, DRAW_ROW, 4},
                               .cols = {31, 1, DRAW_ALL, 1},
                               .options = lazy_options(),
                               .steps = LAZY_STEPS,
                               .seed = 600};
    const lazy_problem cols = {.name = "columns alone dropped",
                               .rows = {33, 1, DRAW_ALL, 1},
                               .cols = {31, 12, DRAW_ROW, 4},
                               .options = lazy_options(),
                               .steps = LAZY_STEPS,
                               .seed = 601};
    check_lazy(*state, &rows);
    check_lazy(*state, &cols);
}

static void test_never_dropped(void **state)
{
    for (size_t i = 0; i < 2; ++i) {
        const lazy_problem problem = {.name = "nothing dropped",
                                      .rows = {33, (uint32_t)(1 - i), DRAW_ALL, 1},
                                      .cols = {61, 1, DRAW_ALL, 1},
                                      .options = lazy_options(),
                                      .steps = 60,
                                      .element_ages = i == 1,
                                      .seed = 700 + i};
        check_lazy(*state, &problem);
    }
}

static void test_other_settings(void **state)
{
    static const ard_sgd_options settings[] = {
        {.schedule = {.kind = ARD_SCHEDULE_CONSTANT, .rate = 0.05}},
        {.schedule = {.kind = ARD_SCHEDULE_CONSTANT, .rate = 0.05}, .momentum = 0.9},
        {.schedule = {.kind = ARD_SCHEDULE_CONSTANT, .rate = 0.05}, .weight_decay = 0.1},
        {.schedule = {.kind = ARD_SCHEDULE_STEP, .rate = 0.5, .factor = 0.3, .every = 17},
         .momentum = 0.99,
         .weight_decay = 0.05},
    };
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; ++i) {
        const lazy_problem problem = {.name = "other optimizer settings",
                                      .rows = {32, 12, DRAW_ROW, 4},
                                      .cols = {33, 16, DRAW_SUBSET, 16},
                                      .options = settings[i],
                                      .steps = LAZY_STEPS,
                                      .seed = 800 + i};
        check_lazy(*state, &problem);
    }
}

/* A constant rate that is set to another one every few steps, while weights are skipped. */
static void test_rate_changes(void **state)
{
    static const lazy_problem problems[] = {
        {.name = "falling rates, classes",
         .rows = {31, 12, DRAW_ROW, 4},
         .cols = {33, 16, DRAW_SUBSET, 16},
         .rate_factor = 0.7},
        {.name = "falling rates, elements",
         .rows = {31, 0, DRAW_INDEX, 1},
         .cols = {33, 0, DRAW_INDEX, 1},
         .rate_factor = 0.7,
         .element_ages = true},
        {.name = "growing rates, several updates and idle steps",
         .rows = {32, 6, DRAW_ROW, 3},
         .cols = {127, 6, DRAW_ROW, 3},
         .rate_factor = 1.1,
         .idle = 3,
         .updates = 2},
        {.name = "falling rates, always the same kept",
         .rows = {7, 3, DRAW_FIRST, 3},
         .cols = {5, 3, DRAW_FIRST, 3},
         .rate_factor = 0.5},
    };
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; ++i) {
        lazy_problem problem = problems[i];
        problem.options = (ard_sgd_options){
            .schedule = {.kind = ARD_SCHEDULE_CONSTANT, .rate = 0.05, .warmup = 20},
            .momentum = 0.9,
            .weight_decay = 0.05};
        problem.steps = LAZY_STEPS;
        problem.seed = 1300 + i;
        check_lazy(*state, &problem);
    }
}

/* Any units, in ages by element and in tables where each unit is a class. */
static void test_indices(void **state)
{
    static const lazy_problem problems[] = {
        {.name = "indices of both dimensions",
         .rows = {33, 0, DRAW_INDEX, 1},
         .cols = {61, 0, DRAW_INDEX, 1},
         .element_ages = true},
        {.name = "indices by rows of periods 1..4",
         .rows = {31, 0, DRAW_INDEX, 1},
         .cols = {127, 12, DRAW_ROW, 4},
         .element_ages = true},
        {.name = "more pairs of units than a table takes",
         .rows = {67, 67, DRAW_INDEX, 1},
         .cols = {71, 71, DRAW_INDEX, 1},
         .element_ages = true},
        {.name = "a class a row", .rows = {61, 61, DRAW_INDEX, 1}, .cols = {129, 1, DRAW_ALL, 1}},
        {.name = "a class a column, and more",
         .rows = {17, 1, DRAW_ALL, 1},
         .cols = {127, 200, DRAW_INDEX, 1}},
        {.name = "a class a row by rows of periods 1..3",
         .rows = {61, 61, DRAW_INDEX, 1},
         .cols = {65, 6, DRAW_ROW, 3}},
        {.name = "periods that do not divide the classes, a class a unit",
         .rows = {61, 61, DRAW_ROW, 5},
         .cols = {65, 67, DRAW_SUBSET, 6}},
        {.name = "subsets of period 10 by a class a column",
         .rows = {33, 10, DRAW_SUBSET, 10},
         .cols = {31, 31, DRAW_INDEX, 1}},
        {.name = "indices in the order of residues",
         .rows = {70, 0, DRAW_INDEX, 1},
         .cols = {66, 0, DRAW_INDEX, 1},
         .row_stride = 20,
         .col_stride = 3,
         .element_ages = true},
        {.name = "a bias", .rows = {1, 1, DRAW_ALL, 1}, .cols = {261, 261, DRAW_INDEX, 1}},
        {.name = "single units",
         .rows = {1, 0, DRAW_INDEX, 1},
         .cols = {2, 0, DRAW_INDEX, 1},
         .element_ages = true},
    };
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; ++i) {
        lazy_problem problem = problems[i];
        problem.options = lazy_options();
        problem.steps = LAZY_STEPS;
        problem.seed = 1200 + i;
        check_lazy(*state, &problem);
    }
}

/* Steps without an update are steps in which everything was dropped. */
static void test_idle_steps(void **state)
{
    const lazy_problem classes = {.name = "idle steps, classes",
                                  .rows = {31, 12, DRAW_ROW, 4},
                                  .cols = {33, 12, DRAW_ROW, 4},
                                  .options = lazy_options(),
                                  .steps = LAZY_STEPS,
                                  .idle = 3,
                                  .seed = 900};
    const lazy_problem elements = {.name = "idle steps, elements",
                                   .rows = {31, 0, DRAW_ROW, 4},
                                   .cols = {33, 0, DRAW_ROW, 4},
                                   .options = lazy_options(),
                                   .steps = LAZY_STEPS,
                                   .idle = 2,
                                   .element_ages = true,
                                   .seed = 901};
    const lazy_problem whole = {.name = "idle steps, one class",
                                .rows = {31, 1, DRAW_ALL, 1},
                                .cols = {33, 1, DRAW_ALL, 1},
                                .options = lazy_options(),
                                .steps = LAZY_STEPS,
                                .idle = 2,
                                .seed = 902};
    check_lazy(*state, &classes);
    check_lazy(*state, &elements);
    check_lazy(*state, &whole);
}

/* Weights that are never kept for thousands of steps. */
static void test_residue_order(void **state)
{
    static const lazy_problem problems[] = {
        {.name = "whole classes side by side",
         .rows = {37, 12, DRAW_ROW, 4},
         .cols = {531, 12, DRAW_ROW, 4},
         .row_stride = 12,
         .col_stride = 12},
        {.name = "subsets, one dimension in order",
         .rows = {33, 10, DRAW_SUBSET, 10},
         .cols = {331, 10, DRAW_SUBSET, 10},
         .row_stride = 0,
         .col_stride = 10},
        {.name = "rows alone in the order of residues",
         .rows = {64, 6, DRAW_ROW, 3},
         .cols = {100, 1, DRAW_ALL, 1},
         .row_stride = 6,
         .col_stride = 0},
        {.name = "a stride that is no multiple of the classes",
         .rows = {65, 12, DRAW_ROW, 4},
         .cols = {259, 12, DRAW_ROW, 4},
         .row_stride = 9,
         .col_stride = 8},
        {.name = "strides beyond the sizes",
         .rows = {5, 12, DRAW_ROW, 4},
         .cols = {17, 12, DRAW_ROW, 4},
         .row_stride = 7,
         .col_stride = 100},
        {.name = "ages of elements",
         .rows = {70, 0, DRAW_ROW, 5},
         .cols = {66, 0, DRAW_ROW, 5},
         .row_stride = 20,
         .col_stride = 3,
         .element_ages = true},
        {.name = "a bias",
         .rows = {1, 1, DRAW_ALL, 1},
         .cols = {261, 12, DRAW_ROW, 4},
         .col_stride = 12},
    };
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; ++i) {
        lazy_problem problem = problems[i];
        problem.options = lazy_options();
        problem.steps = LAZY_STEPS;
        problem.seed = 1100 + i;
        check_lazy(*state, &problem);
    }
}

static void test_very_old_weights(void **state)
{
    for (size_t i = 0; i < 2; ++i) {
        const uint32_t classes = i == 0 ? 3 : 0;
        const lazy_problem problem = {
            .name = "one of three kept, always the same",
            .rows = {5, classes, DRAW_FIRST, 3},
            .cols = {7, classes, DRAW_FIRST, 3},
            .options = {.schedule = {.kind = ARD_SCHEDULE_COSINE, .rate = 0.01, .every = 3000},
                        .momentum = 0.9,
                        .weight_decay = 0.02},
            .steps = 2300,
            .element_ages = i == 1,
            .seed = 1000 + i};
        check_lazy(*state, &problem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_both_dimensions),
        cmocka_unit_test(test_subsets_both_dimensions),
        cmocka_unit_test(test_mixed),
        cmocka_unit_test(test_ages_of_elements),
        cmocka_unit_test(test_bias_shapes),
        cmocka_unit_test(test_one_dimension),
        cmocka_unit_test(test_never_dropped),
        cmocka_unit_test(test_other_settings),
        cmocka_unit_test(test_rate_changes),
        cmocka_unit_test(test_indices),
        cmocka_unit_test(test_idle_steps),
        cmocka_unit_test(test_residue_order),
        cmocka_unit_test(test_very_old_weights),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
