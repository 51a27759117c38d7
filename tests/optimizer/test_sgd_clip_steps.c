/* SPDX-License-Identifier: Apache-2.0 */
/* Steps whose gradients are clipped are those of a double-precision optimizer that clips, whatever
 * kernel does the update. */
#include <ard/sgd.h>

#include "optimizer/lazy_problem.h"
#include "support/device.h"
#include "support/unit.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const lazy_problem problems[] = {
    {.name = "classes", .rows = {31, 12, DRAW_ROW, 4}, .cols = {33, 12, DRAW_ROW, 4}},
    {.name = "classes in runs",
     .rows = {37, 12, DRAW_ROW, 4},
     .cols = {531, 12, DRAW_ROW, 4},
     .row_stride = 12,
     .col_stride = 12},
    {.name = "rows of whole columns", .rows = {33, 12, DRAW_ROW, 4}, .cols = {127, 1, DRAW_ALL}},
    {.name = "elements",
     .rows = {31, 0, DRAW_INDEX, 1},
     .cols = {33, 0, DRAW_ROW, 5},
     .element_ages = true},
    {.name = "tiles",
     .rows = {61, 1, DRAW_ALL, 1},
     .cols = {127, 1, DRAW_ALL, 1},
     .tiles = {16, ARD_TILE_DIAGONAL, 0, DRAW_ROW, 9, false}},
    {.name = "always the same rows", .rows = {7, 3, DRAW_FIRST, 3}, .cols = {61, 1, DRAW_ALL}},
    {.name = "everything", .rows = {33, 1, DRAW_ALL}, .cols = {61, 1, DRAW_ALL}},
    {.name = "everything in a column", .rows = {61, 1, DRAW_ALL}, .cols = {1, 1, DRAW_ALL}},
    {.name = "idle steps", .rows = {31, 12, DRAW_ROW, 4}, .cols = {33, 12, DRAW_ROW, 4}, .idle = 3},
};

/* With a limit below all norms, one among them, and one above. */
static void check_clipped(ard_context *context, const ard_sgd_options *options, uint64_t seed)
{
    static const double limits[] = {1.0, 7.0, 1e6};
    for (size_t i = 0; i < COUNT(problems); ++i) {
        for (size_t updates = 1; updates <= 2; ++updates) {
            lazy_problem problem = problems[i];
            problem.options = *options;
            problem.clip = limits[(i + updates) % COUNT(limits)];
            problem.updates = updates;
            problem.steps = 50;
            problem.seed = seed + 10 * i + updates;
            check_lazy(context, &problem);
        }
    }
}

static void test_with_momentum(void **state)
{
    const ard_sgd_options options = lazy_options();
    check_clipped(*state, &options, 5000);
}

static void test_stateless(void **state)
{
    const ard_sgd_options options = {.schedule = {.kind = ARD_SCHEDULE_CONSTANT, .rate = 0.5}};
    check_clipped(*state, &options, 5200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_with_momentum),
        cmocka_unit_test(test_stateless),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
