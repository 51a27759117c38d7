/* SPDX-License-Identifier: Apache-2.0 */
/* Several updates in a step, each with patterns of its own, are one dense step with the sum of the
 * gradients. */
#include <ard/profile.h>
#include <ard/sgd.h>

#include <stdlib.h>
#include <string.h>

#include "optimizer/lazy_problem.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/reference_model.h"
#include "support/unit.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Two and three updates a step. */
static void check_updates(ard_context *context, const lazy_problem *problem, uint64_t seed)
{
    for (size_t updates = 2; updates <= 3; ++updates) {
        lazy_problem several = *problem;
        several.updates = updates;
        several.steps = LAZY_STEPS / 2;
        several.seed = seed + updates;
        check_lazy(context, &several);
    }
}

/* The same, the usual optimizer, all in the table of problems. */
static void check_all(ard_context *context, const lazy_problem *problems, size_t count,
                      uint64_t seed)
{
    for (size_t i = 0; i < count; ++i) {
        lazy_problem problem = problems[i];
        problem.options = lazy_options();
        check_updates(context, &problem, seed + 10 * i);
    }
}

static void test_ages_of_classes(void **state)
{
    static const lazy_problem problems[] = {
        {.name = "rows", .rows = {37, 12, DRAW_ROW, 4}, .cols = {50, 12, DRAW_ROW, 4}},
        {.name = "rows of few columns", .rows = {61, 6, DRAW_ROW, 3}, .cols = {7, 6, DRAW_ROW, 3}},
        {.name = "subsets", .rows = {33, 16, DRAW_SUBSET, 16}, .cols = {61, 16, DRAW_SUBSET, 16}},
        {.name = "rows by subsets",
         .rows = {31, 6, DRAW_ROW, 3},
         .cols = {32, 10, DRAW_SUBSET, 10}},
        {.name = "rows alone", .rows = {33, 12, DRAW_ROW, 4}, .cols = {31, 1, DRAW_ALL, 1}},
        {.name = "columns alone", .rows = {33, 1, DRAW_ALL, 1}, .cols = {31, 12, DRAW_ROW, 4}},
        {.name = "a class a row", .rows = {61, 61, DRAW_INDEX, 1}, .cols = {33, 1, DRAW_ALL, 1}},
        {.name = "a bias", .rows = {1, 1, DRAW_ALL, 1}, .cols = {61, 12, DRAW_ROW, 4}},
        {.name = "nothing dropped", .rows = {33, 1, DRAW_ALL, 1}, .cols = {61, 1, DRAW_ALL, 1}},
        {.name = "the same always", .rows = {7, 3, DRAW_FIRST, 3}, .cols = {5, 3, DRAW_FIRST, 3}},
        {.name = "idle steps",
         .rows = {31, 12, DRAW_ROW, 4},
         .cols = {33, 12, DRAW_ROW, 4},
         .idle = 2},
    };
    check_all(*state, problems, COUNT(problems), 3000);
}

/* Columns in runs, longer and shorter than a vector. */
static void test_residue_order(void **state)
{
    static const lazy_problem problems[] = {
        {.name = "rows in runs",
         .rows = {37, 12, DRAW_ROW, 4},
         .cols = {531, 12, DRAW_ROW, 4},
         .row_stride = 12,
         .col_stride = 12},
        {.name = "subsets in runs",
         .rows = {33, 10, DRAW_SUBSET, 10},
         .cols = {331, 10, DRAW_SUBSET, 10},
         .col_stride = 10},
        {.name = "a stride that is no multiple of the classes",
         .rows = {65, 12, DRAW_ROW, 4},
         .cols = {259, 12, DRAW_ROW, 4},
         .row_stride = 9,
         .col_stride = 8},
    };
    check_all(*state, problems, COUNT(problems), 3200);
}

static void test_ages_of_elements(void **state)
{
    static const lazy_problem problems[] = {
        {.name = "long periods", .rows = {70, 0, DRAW_ROW, 5}, .cols = {66, 0, DRAW_ROW, 7}},
        {.name = "in another order",
         .rows = {70, 0, DRAW_ROW, 5},
         .cols = {66, 0, DRAW_ROW, 5},
         .row_stride = 20,
         .col_stride = 3},
        {.name = "nothing dropped", .rows = {33, 0, DRAW_ALL, 1}, .cols = {61, 1, DRAW_ALL, 1}},
        {.name = "indices", .rows = {33, 0, DRAW_INDEX, 1}, .cols = {61, 0, DRAW_INDEX, 1}},
        {.name = "tiles of unknown rows",
         .rows = {61, 0, DRAW_ROW, 13},
         .cols = {127, 1, DRAW_ALL, 1},
         .tiles = {16, ARD_TILE_DIAGONAL, 12, DRAW_ROW, 9, false}},
    };
    for (size_t i = 0; i < COUNT(problems); ++i) {
        lazy_problem problem = problems[i];
        problem.options = lazy_options();
        problem.element_ages = true;
        check_updates(*state, &problem, 3300 + 10 * i);
    }
}

static void test_tiles(void **state)
{
    static const lazy_problem problems[] = {
        {.name = "a table of tiles",
         .rows = {61, 1, DRAW_ALL, 1},
         .cols = {127, 1, DRAW_ALL, 1},
         .tiles = {16, ARD_TILE_DIAGONAL, 0, DRAW_ROW, 9, false}},
        {.name = "a table of residues",
         .rows = {61, 1, DRAW_ALL, 1},
         .cols = {127, 1, DRAW_ALL, 1},
         .tiles = {3, ARD_TILE_LINEAR, 12, DRAW_ROW, 4, false}},
        {.name = "tiles and rows",
         .rows = {61, 6, DRAW_ROW, 3},
         .cols = {127, 6, DRAW_ROW, 3},
         .tiles = {16, ARD_TILE_DIAGONAL, 0, DRAW_ROW, 4, false}},
        {.name = "tiles of one weight",
         .rows = {12, 1, DRAW_ALL, 1},
         .cols = {31, 1, DRAW_ALL, 1},
         .tiles = {1, ARD_TILE_LINEAR, 0, DRAW_ROW, 9, false}},
    };
    check_all(*state, problems, COUNT(problems), 3400);
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
    for (size_t i = 0; i < 2 * COUNT(settings); ++i) {
        const bool elements = i % 2 == 1;
        const lazy_problem problem = {.name = "other optimizer settings",
                                      .rows = {32, elements ? 0 : 12, DRAW_ROW, 4},
                                      .cols = {33, 16, DRAW_SUBSET, 16},
                                      .options = settings[i / 2],
                                      .element_ages = elements};
        check_updates(*state, &problem, 3500 + 10 * i);
    }
}

enum { ROWS = 6, COLS = 35, WEIGHTS = ROWS * COLS, STEPS = 5 };

/* Rows that all updates of a step keep, that some do, that one does and that none does, in every
 * order. */
static void check_kept_rows(ard_context *context, const ard_parameter_classes *classes)
{
    static const uint64_t residues[STEPS][3] = {
        {0x3, 0x1, 0x5}, {0x1, 0x3, 0x7}, {0x7, 0x7, 0x7}, {0x8, 0x3f, 0x8}, {0x10, 0x8, 0x3f}};
    const ard_sgd_options options = lazy_options();
    ard_sgd *sgd = NULL;
    ard_parameter *parameter = NULL;
    assert_success(ard_sgd_create(context, &options, &sgd));
    assert_success(ard_parameter_create(sgd, ROWS, COLS, classes, &parameter));
    float *initial = test_random_floats(WEIGHTS, 7);
    double *weights = test_to_double(WEIGHTS, initial);
    double velocity[WEIGHTS] = {0};
    assert_success(ard_parameter_write(parameter, initial));
    for (uint64_t t = 0; t < STEPS; ++t) {
        double gradient[WEIGHTS] = {0};
        for (size_t u = 0; u < 3; ++u) {
            const ard_pattern kept = {.period = 6, .residues = residues[t][u]};
            size_t rows = 0;
            float *values = test_random_floats(WEIGHTS, 10 * t + u);
            for (size_t row = 0; row < ROWS; ++row) {
                for (size_t i = 0; ard_pattern_keeps(&kept, row) && i < COLS; ++i) {
                    gradient[row * COLS + i] += values[rows * COLS + i];
                }
                rows += ard_pattern_keeps(&kept, row) ? 1 : 0;
            }
            guarded diff = guarded_create_with(context, rows, COLS, u, t % 2, values);
            assert_success(ard_parameter_update(parameter, &kept, NULL, NULL, &diff.matrix));
            guarded_destroy(&diff);
            free(values);
        }
        reference_sgd(&options, t, WEIGHTS, weights, velocity, gradient);
        assert_success(ard_sgd_advance(sgd));
    }
    float actual[2][WEIGHTS];
    const comparison about = {"weights", "kept by all, some and none", ROWS, COLS, 7};
    assert_success(ard_parameter_read(parameter, actual[0], actual[1]));
    assert_within(&about, actual[0], weights, 1e-5);
    assert_within(&about, actual[1], velocity, 1e-5 * largest_of(WEIGHTS, velocity));
    free(initial);
    free(weights);
    ard_parameter_destroy(parameter);
    ard_sgd_destroy(sgd);
}

static void test_kept_by_all_some_and_none(void **state)
{
    static const ard_parameter_classes classes[] = {{.rows = 6, .cols = 1}, {.rows = 0, .cols = 1}};
    check_kept_rows(*state, &classes[0]);
    check_kept_rows(*state, &classes[1]);
}

/* Writes to the device that a step of two parameters with these many updates each takes, all first
 * ones before the second ones. */
static uint64_t writes_of_step(ard_context *context, size_t updates)
{
    test_need_timer();
    static const ard_parameter_classes classes = {.rows = 4, .cols = 1};
    static const ard_pattern kept[] = {
        {.period = 4, .residues = 1}, {.period = 4, .residues = 3}, {.period = 4, .residues = 6}};
    const ard_sgd_options options = lazy_options();
    ard_sgd *sgd = NULL;
    ard_parameter *parameters[2] = {NULL, NULL};
    assert_success(ard_sgd_create(context, &options, &sgd));
    assert_success(ard_parameter_create(sgd, ROWS, COLS, &classes, &parameters[0]));
    assert_success(ard_parameter_create(sgd, ROWS, COLS, &classes, &parameters[1]));
    guarded diff = guarded_create(context, ROWS, COLS, 0, 0);
    ard_profile_entry entries[ARD_PROFILE_MOST_ENTRIES];
    size_t count = 0;
    for (size_t t = 0; t < 2; ++t) {
        if (t == 1) {
            assert_success(ard_sgd_advance(sgd)); /* a step without update, to be made up for */
            assert_success(ard_profile_start(context));
        }
        for (size_t u = 0; u < 2 * updates; ++u) {
            assert_success(
                ard_parameter_update(parameters[u % 2], &kept[u / 2], NULL, NULL, &diff.matrix));
        }
        assert_success(ard_sgd_advance(sgd));
    }
    assert_success(ard_profile_stop(context, entries, COUNT(entries), &count));
    uint64_t writes = 0;
    for (size_t i = 0; i < count; ++i) {
        writes += strcmp(entries[i].name, "write") == 0 ? entries[i].launches : 0;
    }
    guarded_destroy(&diff);
    ard_parameter_destroy(parameters[0]);
    ard_parameter_destroy(parameters[1]);
    ard_sgd_destroy(sgd);
    return writes;
}

/* The tables of all parameters go together: once for the first updates, once for each further one
 * that keeps other weights. */
static void test_tables_are_sent_together(void **state)
{
    (void)state;
    const ard_context_options options = {.profiling = true};
    ard_context *context = NULL;
    assert_success(ard_context_create(NULL, &options, &context));
    for (size_t updates = 1; updates <= 3; ++updates) {
        assert_int_equal(writes_of_step(context, updates), updates);
    }
    ard_context_destroy(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ages_of_classes),
        cmocka_unit_test(test_residue_order),
        cmocka_unit_test(test_ages_of_elements),
        cmocka_unit_test(test_tiles),
        cmocka_unit_test(test_other_settings),
        cmocka_unit_test(test_kept_by_all_some_and_none),
        cmocka_unit_test(test_tables_are_sent_together),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
