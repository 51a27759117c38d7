/* SPDX-License-Identifier: Apache-2.0 */
/* What tile patterns refuse: the status, the detail, and outputs left as they were. */
#include <ard/tile.h>

#include "support/unit.h"

#include <string.h>

/* The call must give this status, and a detail that contains the text. */
static void expect(ard_status status, ard_status expected, const char *text)
{
    assert_int_equal(status, expected);
    if (strstr(ard_detail(), text) == NULL) {
        fail_msg("detail \"%s\" does not contain \"%s\"", ard_detail(), text);
    }
}

static void test_init_and_check_errors(void **state)
{
    (void)state;
    const ard_status bad = ARD_STATUS_INVALID_PATTERN;
    const ard_status argument = ARD_STATUS_INVALID_ARGUMENT;
    const ard_tile_numbering unknown = (ard_tile_numbering)2;
    const ard_tile_pattern before = {.edge = 5, .period = 7, .offset = 3, .numbering = 1};
    ard_tile_pattern tile = before;
    expect(ard_tile_init(0, ARD_TILE_LINEAR, 2, 1, &tile), bad, "edge 0, period 2, offset 1");
    expect(ard_tile_init(32, ARD_TILE_LINEAR, 0, 0, &tile), bad, "edge 32, period 0");
    expect(ard_tile_init(32, ARD_TILE_DIAGONAL, 3, 3, &tile), bad, "period 3, offset 3");
    expect(ard_tile_init(32, ARD_TILE_DIAGONAL, 3, UINT32_MAX, &tile), bad, "offset 4294967295");
    expect(ard_tile_init(32, unknown, 3, 2, &tile), bad, "numbering is 2");
    expect(ard_tile_init(32, ARD_TILE_LINEAR, 3, 2, NULL), argument, "tile is NULL");
    assert_memory_equal(&tile, &before, sizeof tile);

    expect(ard_tile_check(NULL, 64, 64), argument, "tile pattern is NULL");
    expect(ard_tile_check(&before, 0, 64), argument, "[0 x 64] weights");
    expect(ard_tile_check(&before, 64, 0), argument, "[64 x 0] weights");
    expect(ard_tile_check(&(ard_tile_pattern){.edge = 0, .period = 1}, 9, 9), bad, "edge 0");
    expect(ard_tile_check(&(ard_tile_pattern){.edge = 1, .period = 0}, 9, 9), bad, "period 0");
    expect(ard_tile_check(&(ard_tile_pattern){1, 2, 2, ARD_TILE_LINEAR}, 9, 9), bad, "offset 2");
    expect(ard_tile_check(&(ard_tile_pattern){1, 2, 1, unknown}, 9, 9), bad, "numbering is 2");
    expect(ard_tile_check(&(ard_tile_pattern){32, 4, 3, ARD_TILE_DIAGONAL}, 64, 33), bad,
           "offset 3 of period 4 keeps none of the 2 x 2 tiles of edge 32 in [64 x 33] weights");
    expect(ard_tile_check(&(ard_tile_pattern){64, 9, 1, ARD_TILE_LINEAR}, 64, 64), bad, "1 x 1");
}

static void test_max_period_of_nothing(void **state)
{
    (void)state;
    assert_int_equal(ard_tile_max_period(0, ARD_TILE_LINEAR, 9, 9), 0);
    assert_int_equal(ard_tile_max_period(32, ARD_TILE_DIAGONAL, 0, 9), 0);
    assert_int_equal(ard_tile_max_period(32, ARD_TILE_LINEAR, 9, 0), 0);
}

static void test_layout_errors(void **state)
{
    (void)state;
    const ard_status bad = ARD_STATUS_INVALID_PATTERN;
    const ard_status argument = ARD_STATUS_INVALID_ARGUMENT;
    const ard_tile_pattern half = {.edge = 16, .period = 2, .offset = 1};
    const ard_tile_pattern none = {.edge = 16, .period = 9, .offset = 8};
    const ard_pattern wide = {.period = 34, .residues = 1};
    const ard_pattern empty = {.period = 2, .residues = 0};
    const ard_tile_layout before = {.groups = 91, .rows = 92, .cols = 93, .weights = 94};
    ard_tile_layout layout = before;
    expect(ard_tile_get_layout(&half, 33, 33, NULL, NULL, NULL), argument, "layout is NULL");
    expect(ard_tile_get_layout(NULL, 33, 33, NULL, NULL, &layout), argument, "pattern is NULL");
    expect(ard_tile_get_layout(&half, 0, 33, NULL, NULL, &layout), argument, "[0 x 33]");
    expect(ard_tile_get_layout(&half, 33, 0, NULL, NULL, &layout), argument, "[33 x 0]");
    expect(ard_tile_get_layout(&none, 33, 33, NULL, NULL, &layout), bad, "offset 8 of period 9");
    expect(ard_tile_get_layout(&half, 33, 99, &wide, NULL, &layout), bad, "period 34");
    expect(ard_tile_get_layout(&half, 99, 33, NULL, &wide, &layout), bad, "period 34");
    expect(ard_tile_get_layout(&half, 99, 33, &empty, NULL, &layout), bad, "keeps no residue");
    expect(ard_tile_get_layout(&half, 99, 33, NULL, &empty, &layout), bad, "keeps no residue");
    assert_memory_equal(&layout, &before, sizeof layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_init_and_check_errors),
        cmocka_unit_test(test_max_period_of_nothing),
        cmocka_unit_test(test_layout_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
