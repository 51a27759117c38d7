/* SPDX-License-Identifier: Apache-2.0 */
/* Weights whose tiles were skipped are where the dense optimizer would have moved them. */
#include <ard/sgd.h>

#include "optimizer/lazy_problem.h"
#include "support/device.h"
#include "support/unit.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const ard_tile_numbering numberings[] = {ARD_TILE_DIAGONAL, ARD_TILE_LINEAR};

/* A grid: whole, ragged, of one tile, and of one row or column of them. */
typedef struct grid {
    uint32_t edge;
    size_t rows;
    size_t cols;
} grid;

/* Periods 1..9 that nobody announced, which takes a table of tiles. (The largest of one value alone
 * would be no measure where it passes through zero.) */
static void test_table_of_tiles(void **state)
{
    static const grid grids[] = {
        {1, 5, 7},    {1, 1, 33},    {1, 33, 1},    {1, 12, 31},   {3, 1, 127},
        {3, 61, 33},  {3, 33, 127},  {16, 61, 127}, {16, 127, 33}, {16, 1, 61},
        {16, 64, 48}, {32, 127, 61}, {32, 61, 127}, {32, 33, 33},  {64, 33, 61},
    };
    for (size_t i = 0; i < COUNT(grids) * COUNT(numberings); ++i) {
        const grid *g = &grids[i / 2];
        const lazy_problem problem = {.name = "tiles of periods 1..9, a table of tiles",
                                      .rows = {g->rows, 1, DRAW_ALL, 1},
                                      .cols = {g->cols, 1, DRAW_ALL, 1},
                                      .tiles = {g->edge, numberings[i % 2], 0, DRAW_ROW, 9},
                                      .options = lazy_options(),
                                      .steps = LAZY_STEPS,
                                      .seed = 2000 + i};
        check_lazy(*state, &problem);
    }
}

/* More tiles than classes in both dimensions, in one, in none. */
static void test_residues_of_tiles(void **state)
{
    static const struct {
        grid grid;
        uint32_t classes;
        uint32_t periods;
    } cases[] = {
        {{1, 33, 61}, 12, 4},  {{3, 61, 127}, 12, 4}, {{3, 127, 33}, 12, 4},
        {{16, 61, 127}, 6, 3}, {{1, 61, 127}, 60, 6}, {{3, 61, 127}, 2520, 9},
    };
    for (size_t i = 0; i < COUNT(cases) * COUNT(numberings); ++i) {
        const grid *g = &cases[i / 2].grid;
        const uint32_t classes = cases[i / 2].classes;
        const lazy_problem problem = {
            .name = "tiles of known periods, a table of residues",
            .rows = {g->rows, 1, DRAW_ALL, 1},
            .cols = {g->cols, 1, DRAW_ALL, 1},
            .tiles = {g->edge, numberings[i % 2], classes, DRAW_ROW, cases[i / 2].periods},
            .options = lazy_options(),
            .steps = LAZY_STEPS,
            .seed = 2100 + i};
        check_lazy(*state, &problem);
    }
}

/* Row patterns on either dimension and on both, together with tiles. In the last grid they often
 * leave nothing of a group, or of all. */
static void test_tiles_and_rows(void **state)
{
    static const struct {
        grid grid;
        uint32_t tile_classes;
    } cases[] = {{{16, 61, 127}, 0}, {{32, 127, 61}, 12}, {{3, 33, 31}, 0}, {{1, 6, 8}, 12}};
    for (size_t i = 0; i < COUNT(cases) * 6; ++i) {
        const grid *g = &cases[i / 6].grid;
        const size_t which = 1 + i / 2 % 3; /* 1: rows, 2: columns, 3: both */
        const bool rows = (which & 1) != 0;
        const bool cols = (which & 2) != 0;
        const lazy_problem problem = {
            .name = "tiles together with rows of periods 1..3",
            .rows = {g->rows, rows ? 6 : 1, rows ? DRAW_ROW : DRAW_ALL, 3},
            .cols = {g->cols, cols ? 6 : 1, cols ? DRAW_ROW : DRAW_ALL, 3},
            .tiles = {g->edge, numberings[i % 2], cases[i / 6].tile_classes, DRAW_ROW, 4},
            .options = lazy_options(),
            .steps = LAZY_STEPS,
            .element_ages = g->edge == 3 && rows && cols,
            .seed = 2200 + i};
        check_lazy(*state, &problem);
    }
}

static void test_tiles_and_subsets(void **state)
{
    for (size_t i = 0; i < COUNT(numberings); ++i) {
        const lazy_problem problem = {.name = "tiles together with subsets of periods 8 and 10",
                                      .rows = {61, 8, DRAW_SUBSET, 8},
                                      .cols = {33, 10, DRAW_SUBSET, 10},
                                      .tiles = {16, numberings[i], 12, DRAW_ROW, 4},
                                      .options = lazy_options(),
                                      .steps = LAZY_STEPS,
                                      .seed = 2300 + i};
        check_lazy(*state, &problem);
    }
}

/* Row patterns that nobody announced, too many tiles, too many pairs of classes: an age an element,
 * which takes tiles of an edge that nobody announced too. */
static void test_ages_of_elements(void **state)
{
    static const struct {
        lazy_dimension rows;
        lazy_dimension cols;
        uint32_t edge;
        uint32_t tile_classes;
        bool unannounced;
    } cases[] = {
        {{61, 0, DRAW_ROW, 13}, {127, 1, DRAW_ALL, 1}, 16, 12, false},
        {{127, 1, DRAW_ALL, 1}, {61, 0, DRAW_ALL, 1}, 32, 0, true},
        {{70, 1, DRAW_ALL, 1}, {66, 1, DRAW_ALL, 1}, 1, 0, false},
        {{61, 6, DRAW_ROW, 3}, {127, 12, DRAW_ROW, 4}, 3, 12, false},
    };
    for (size_t i = 0; i < COUNT(cases) * COUNT(numberings); ++i) {
        const lazy_problem problem = {.name = "tiles of periods 1..9, an age an element",
                                      .rows = cases[i / 2].rows,
                                      .cols = cases[i / 2].cols,
                                      .tiles = {cases[i / 2].edge, numberings[i % 2],
                                                cases[i / 2].tile_classes, DRAW_ROW, 9,
                                                cases[i / 2].unannounced},
                                      .options = lazy_options(),
                                      .steps = LAZY_STEPS,
                                      .element_ages = true,
                                      .seed = 2400 + i};
        check_lazy(*state, &problem);
    }
}

/* Periods above the number of columns of tiles, which leave rows of them without a tile, up to the
 * number of all tiles. */
static void test_large_periods(void **state)
{
    for (size_t i = 0; i < COUNT(numberings); ++i) {
        const lazy_problem problem = {.name = "tiles of all periods",
                                      .rows = {41, 1, DRAW_ALL, 1},
                                      .cols = {29, 1, DRAW_ALL, 1},
                                      .tiles = {2, numberings[i], 0, DRAW_ROW, UINT32_MAX},
                                      .options = lazy_options(),
                                      .steps = LAZY_STEPS,
                                      .seed = 2500 + i};
        check_lazy(*state, &problem);
    }
}

/* Steps without an update are steps in which everything was dropped. */
static void test_idle_steps(void **state)
{
    for (size_t i = 0; i < 2; ++i) {
        const lazy_problem problem = {.name = "tiles, idle steps",
                                      .rows = {61, (uint32_t)(1 - i), DRAW_ALL, 1},
                                      .cols = {33, 1, DRAW_ALL, 1},
                                      .tiles = {16, ARD_TILE_DIAGONAL, 12, DRAW_ROW, 4},
                                      .options = lazy_options(),
                                      .steps = LAZY_STEPS,
                                      .idle = 2,
                                      .element_ages = i == 1,
                                      .seed = 2600 + i};
        check_lazy(*state, &problem);
    }
}

static ard_sgd_options long_run(void)
{
    return (ard_sgd_options){.schedule = {.kind = ARD_SCHEDULE_COSINE, .rate = 0.01, .every = 3000},
                             .momentum = 0.9,
                             .weight_decay = 0.02};
}

/* Tiles that are never kept for thousands of steps, and a whole parameter that is brought up to
 * date between two steps of changing tiles. */
static void test_very_old_tiles(void **state)
{
    for (size_t i = 0; i < 4; ++i) {
        const bool always = i < 2;
        const bool elements = i % 2 == 1;
        const lazy_problem problem = {
            .name = always ? "the same tiles kept always" : "tiles in more than a thousand steps",
            .rows = {7, elements ? 0 : 6, always ? DRAW_ALL : DRAW_ROW, 3},
            .cols = {9, 1, DRAW_ALL, 1},
            .tiles = {2, always ? ARD_TILE_DIAGONAL : ARD_TILE_LINEAR, 0,
                      always ? DRAW_FIRST : DRAW_ROW, always ? 3 : 20},
            .options = long_run(),
            .steps = always ? 2300 : 1100,
            .element_ages = elements,
            .seed = 2700 + i};
        check_lazy(*state, &problem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_of_tiles),   cmocka_unit_test(test_residues_of_tiles),
        cmocka_unit_test(test_tiles_and_rows),   cmocka_unit_test(test_tiles_and_subsets),
        cmocka_unit_test(test_ages_of_elements), cmocka_unit_test(test_large_periods),
        cmocka_unit_test(test_idle_steps),       cmocka_unit_test(test_very_old_tiles),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
