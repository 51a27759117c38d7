/* SPDX-License-Identifier: Apache-2.0 */
/* The groups of a tile pattern against visiting every weight: they are dense products that share no
 * row and no column and hold exactly what the pattern and the row patterns keep. */
#include "patterns/tile_axis.h"

#include "support/unit.h"

#include <inttypes.h>
#include <stdbool.h>

static const size_t SHAPES[][2] = {{1, 1},   {1, 784},  {784, 1},  {31, 33},  {32, 32},
                                   {33, 31}, {33, 64},  {61, 95},  {64, 61},  {64, 64},
                                   {95, 33}, {95, 127}, {127, 32}, {784, 33}, {61, 784}};
static const uint32_t EDGES[] = {1, 16, 32, 64};
/* The last one's multiples need more than 32 bits. */
static const uint32_t PERIODS[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 67, 100, 4294967291};
static const uint32_t FEW[] = {0, 17, 30};
static const uint32_t MANY[] = {1, 2, 3, 5, 15, 16, 17, 31, 32, 33, 34, 40, 47, 55, 60};
/* The last four leave tiles of edge 16 and 32 without a unit. */
static const ard_pattern PATTERNS[] = {
    {.period = 3, .residues = 2},           {.period = 7, .residues = 0x52},
    {.period = 31, .residues = 0x7FFFFFFE}, {.period = 64, .residues = UINT64_C(1) << 21},
    {.period = 64, .residues = 0xFFF0},     {.indices = FEW, .count = 3},
    {.indices = MANY, .count = 15}};
enum {
    EDGE_1_MAX_SIZE = 64,
    MAX_SIZE = 784,
    MAX_UNITS = 2048, /* in the lists of all groups, with padding: below 2 MAX_SIZE + 4 edges */
    PAD = 3,
    CANARY = 0x40FFEE11,
    NO_GROUP = -1,
    SHORT_PERIODS = 11, /* of PERIODS, those whose offsets can be tried one by one */
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct problem {
    ard_tile_pattern tile;
    size_t out, in;
    const ard_pattern *out_pattern, *in_pattern; /* NULL: all */
} problem;

/* What the index lists of one axis say, read back. */
typedef struct lists {
    int32_t group_of[MAX_SIZE];
    size_t sizes[MAX_UNITS]; /* of each group */
    size_t largest;
} lists;

static void check(bool holds, const char *what, const problem *p)
{
    if (!holds) {
        fail_msg("not so: %s; [%zu x %zu], edge %" PRIu32 ", period %" PRIu32 ", offset %" PRIu32
                 ", numbering %d, periods of the row patterns %" PRIu32 " and %" PRIu32,
                 what, p->out, p->in, p->tile.edge, p->tile.period, p->tile.offset,
                 (int)p->tile.numbering, p->out_pattern != NULL ? p->out_pattern->period : 0,
                 p->in_pattern != NULL ? p->in_pattern->period : 0);
    }
}

static uint32_t tiles(size_t size, uint32_t edge)
{
    return (uint32_t)(size / edge + (size % edge != 0));
}

static bool pattern_keeps(const ard_pattern *pattern, size_t unit)
{
    return pattern == NULL || ard_pattern_keeps(pattern, unit);
}

/* The first row of tiles below row 0 that keeps the same columns of tiles, or the last. */
static uint32_t expected_groups(const ard_tile_pattern *tile, size_t out, size_t in)
{
    const uint64_t skew = tile->numbering == ARD_TILE_LINEAR ? tiles(in, tile->edge) : 1;
    uint32_t groups = 1;
    while (groups < tiles(out, tile->edge) && groups * skew % tile->period != 0) {
        groups++;
    }
    return groups;
}

/* Reads group q of a list: increasing units that the pattern keeps, each with its rank among those,
 * then padding. */
static void read_group(const uint32_t *units, const uint32_t *compact, size_t stride, uint32_t q,
                       const uint32_t *ranks, const problem *p, lists *found)
{
    size_t size = 0;
    while (size < stride && units[size] != ARD__INDEX_NONE) {
        const uint32_t unit = units[size];
        check(unit < MAX_SIZE && ranks[unit] != ARD__INDEX_NONE, "only kept units", p);
        check(size == 0 || unit > units[size - 1], "units increase", p);
        check(found->group_of[unit] == NO_GROUP, "no unit is in two groups", p);
        check(compact[size] == ranks[unit], "compact entries are the ranks", p);
        found->group_of[unit] = (int32_t)q;
        size++;
    }
    found->sizes[q] = size;
    found->largest = size > found->largest ? size : found->largest;
    for (; size < stride; size++) {
        check(units[size] == ARD__INDEX_NONE && compact[size] == ARD__INDEX_NONE,
              "padding after the units", p);
    }
}

/* The place of each unit among those that the pattern keeps, NONE for the others and at the end. */
static void rank_units(const ard_pattern *pattern, size_t width, uint32_t ranks[MAX_SIZE])
{
    uint32_t rank = 0;
    for (size_t unit = 0; unit < MAX_SIZE; unit++) {
        const bool kept = unit < width && pattern_keeps(pattern, unit);
        ranks[unit] = kept ? rank++ : ARD__INDEX_NONE;
    }
}

/* Writes the lists of an axis, with and without the ranks, and reads them back. */
static void read_axis(const ard__tile_axis *axis, const ard_pattern *pattern, size_t width,
                      const problem *p, lists *found)
{
    uint32_t ranks[MAX_SIZE];
    rank_units(pattern, width, ranks);
    const size_t stride = ard__tile_axis_stride(axis, pattern, width);
    const size_t count = axis->groups * stride;
    check(count <= MAX_UNITS, "the lists fit the test's buffers", p);
    uint32_t units[MAX_UNITS + 2 * PAD];
    uint32_t compact[MAX_UNITS + 2 * PAD];
    uint32_t alone[MAX_UNITS + 2 * PAD];
    for (size_t i = 0; i < count + 2 * PAD; i++) {
        units[i] = compact[i] = alone[i] = CANARY;
    }
    ard__tile_axis_units(axis, pattern, width, stride, units + PAD, compact + PAD);
    ard__tile_axis_units(axis, pattern, width, stride, alone + PAD, NULL);
    assert_memory_equal(units, alone, (count + 2 * PAD) * sizeof *units);
    for (size_t i = 0; i < PAD; i++) {
        check(units[i] == CANARY && units[PAD + count + i] == CANARY, "units stay in place", p);
        check(compact[i] == CANARY && compact[PAD + count + i] == CANARY, "ranks stay in place", p);
    }

    *found = (lists){.largest = 0};
    for (size_t unit = 0; unit < MAX_SIZE; unit++) {
        found->group_of[unit] = NO_GROUP;
    }
    for (uint32_t q = 0; q < axis->groups; q++) {
        const size_t at = PAD + q * stride;
        read_group(units + at, compact + at, stride, q, ranks, p, found);
        check(ard__tile_axis_group_size(axis, pattern, width, q) == found->sizes[q],
              "the group's size", p);
    }
    check(stride == (found->largest > 0 ? found->largest : 1), "the stride", p);
}

/* Groups share no unit, so (o, i) is in one iff its row and its column are of the same group. */
static size_t count_weights(const problem *p, const lists *rows, const lists *cols)
{
    size_t kept = 0;
    for (size_t o = 0; o < p->out; o++) {
        for (size_t i = 0; i < p->in; i++) {
            const bool keeps = pattern_keeps(p->out_pattern, o) &&
                               pattern_keeps(p->in_pattern, i) &&
                               ard_tile_keeps(&p->tile, p->in, o, i);
            const bool grouped =
                rows->group_of[o] != NO_GROUP && rows->group_of[o] == cols->group_of[i];
            check(grouped == keeps, "the groups hold the kept weights", p);
            kept += keeps;
        }
    }
    return kept;
}

static void check_largest(const problem *p, const ard_tile_layout *layout)
{
    const ard_tile_layout most = ard__tile_largest_layout(&p->tile, p->out, p->in);
    check(most.groups == layout->groups, "the largest layout's groups", p);
    check(most.rows >= layout->rows && most.rows <= p->out, "the largest layout's rows", p);
    check(most.cols >= layout->cols && most.cols <= p->in, "the largest layout's columns", p);
    check(most.weights == most.groups * most.rows * most.cols, "the largest layout's weights", p);
    check(ard_tile_capacity(p->tile.edge, p->out, p->in) >= most.weights, "the capacity", p);
}

static void check_problem(const problem *p)
{
    ard__tile_axis rows;
    ard__tile_axis cols;
    ard__tile_axes(&p->tile, p->out, p->in, &rows, &cols);
    check(rows.groups == expected_groups(&p->tile, p->out, p->in), "the number of groups", p);
    check(cols.groups == rows.groups, "both axes have the groups", p);
    static lists of_rows;
    static lists of_cols;
    read_axis(&rows, p->out_pattern, p->out, p, &of_rows);
    read_axis(&cols, p->in_pattern, p->in, p, &of_cols);
    const size_t weights = count_weights(p, &of_rows, &of_cols);

    if (ard_tile_check(&p->tile, p->out, p->in) != ARD_STATUS_SUCCESS) {
        check(weights == 0, "a refused pattern keeps nothing", p);
        return;
    }
    ard_tile_layout layout;
    assert_success(
        ard_tile_get_layout(&p->tile, p->out, p->in, p->out_pattern, p->in_pattern, &layout));
    check(layout.groups == rows.groups, "the layout's groups", p);
    check(layout.rows == (of_rows.largest > 0 ? of_rows.largest : 1), "the layout's rows", p);
    check(layout.cols == (of_cols.largest > 0 ? of_cols.largest : 1), "the layout's columns", p);
    check(layout.weights == weights, "the layout's weights", p);
    check_largest(p, &layout);
}

static bool fits(const ard_pattern *pattern, size_t width)
{
    return ard_pattern_check(pattern, width) == ARD_STATUS_SUCCESS;
}

/* No row patterns, one on either side, and one on both, another pair in every call; those that are
 * wider than the matrix keep everything instead. */
static void check_with_patterns(problem p)
{
    static size_t turn = 0;
    const ard_pattern *one = &PATTERNS[turn % COUNT(PATTERNS)];
    const ard_pattern *two = &PATTERNS[turn / COUNT(PATTERNS) % COUNT(PATTERNS)];
    turn++;
    for (int sides = 0; sides < 4; sides++) {
        p.out_pattern = (sides & 1) != 0 && fits(one, p.out) ? one : NULL;
        p.in_pattern = (sides & 2) != 0 && fits(two, p.in) ? two : NULL;
        check_problem(&p);
    }
}

/* First, fifth, middle and last offset of every grid, period and numbering. */
static void test_groups_hold_the_kept_weights(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(SHAPES) * COUNT(EDGES); k++) {
        problem p = {.out = SHAPES[k / COUNT(EDGES)][0], .in = SHAPES[k / COUNT(EDGES)][1]};
        p.tile.edge = EDGES[k % COUNT(EDGES)];
        if (p.tile.edge == 1 && (p.out > EDGE_1_MAX_SIZE || p.in > EDGE_1_MAX_SIZE)) {
            continue;
        }
        for (size_t i = 0; i < COUNT(PERIODS) * 2; i++) {
            p.tile.period = PERIODS[i / 2];
            p.tile.numbering = i % 2 == 0 ? ARD_TILE_DIAGONAL : ARD_TILE_LINEAR;
            const uint32_t last = p.tile.period - 1;
            const uint32_t offsets[] = {0, last < 4 ? last : 4, last / 2, last};
            for (size_t at = 0; at < COUNT(offsets); at++) {
                p.tile.offset = offsets[at];
                check_with_patterns(p);
            }
        }
    }
}

/* Over all offsets the largest layout is reached to within a tile a side. */
static void test_largest_layout_is_reached(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(SHAPES) * SHORT_PERIODS * 2; k++) {
        const size_t *shape = SHAPES[k / 2 / SHORT_PERIODS];
        problem p = {.tile = {.edge = 16, .period = PERIODS[k / 2 % SHORT_PERIODS]},
                     .out = shape[0],
                     .in = shape[1]};
        p.tile.numbering = k % 2 == 0 ? ARD_TILE_DIAGONAL : ARD_TILE_LINEAR;
        size_t rows = 1;
        size_t cols = 1;
        for (p.tile.offset = 0; p.tile.offset < p.tile.period; p.tile.offset++) {
            ard_tile_layout layout;
            if (ard_tile_check(&p.tile, p.out, p.in) == ARD_STATUS_SUCCESS) {
                assert_success(ard_tile_get_layout(&p.tile, p.out, p.in, NULL, NULL, &layout));
                rows = layout.rows > rows ? layout.rows : rows;
                cols = layout.cols > cols ? layout.cols : cols;
            }
        }
        const ard_tile_layout most = ard__tile_largest_layout(&p.tile, p.out, p.in);
        check(most.rows >= rows && most.rows - rows < p.tile.edge, "rows to within a tile", &p);
        check(most.cols >= cols && most.cols - cols < p.tile.edge, "columns to within a tile", &p);
    }
}

/* The padding that a group leaves, in numbers: 5 x 3 tiles of 16 in [70 x 40], the last row of
 * tiles 6 high and the last column 8 wide. */
static void test_a_layout_in_numbers(void **state)
{
    (void)state;
    const ard_tile_pattern tile = {.edge = 16, .period = 4, .offset = 1};
    ard_tile_layout layout;
    assert_success(ard_tile_get_layout(&tile, 70, 40, NULL, NULL, &layout));
    /* Kept: (0, 1), (4, 1); (1, 0); (3, 2); and group 2 would keep column 3. */
    assert_int_equal(layout.groups, 4);
    assert_int_equal(layout.rows, 16 + 6);
    assert_int_equal(layout.cols, 16);
    assert_int_equal(layout.weights, 22 * 16 + 16 * 16 + 16 * 8);

    /* The row patterns keep unit 5 of 64, so of the tiles (0, 0) alone. */
    const ard_pattern fifth = {.period = 64, .residues = UINT64_C(1) << 5};
    const ard_tile_pattern odd = {.edge = 16, .period = 2, .offset = 1};
    const ard_tile_pattern even = {.edge = 16, .period = 2, .offset = 0};
    assert_success(ard_tile_get_layout(&odd, 64, 64, &fifth, &fifth, &layout));
    assert_int_equal(layout.weights, 0);
    assert_true(layout.groups == 2 && layout.rows == 1 && layout.cols == 1);
    assert_success(ard_tile_get_layout(&even, 64, 64, &fifth, &fifth, &layout));
    assert_int_equal(layout.weights, 1);
}

/* Without a pattern, with the one of period 1 and as made there is one group of everything. */
static void test_plain_axes(void **state)
{
    (void)state;
    const ard_tile_pattern all[] = {ard_tile_all(), {.edge = 7, .period = 1, .numbering = 1}};
    for (size_t k = 0; k < 3; k++) {
        const problem p = {.tile = all[k % 2], .out = 784, .in = 61};
        ard__tile_axis axes[3];
        ard__tile_axes(k < 2 ? &all[k] : NULL, 784, 61, &axes[0], &axes[1]);
        axes[2] = ard__tile_axis_plain();
        for (size_t a = 0; a < 3; a++) {
            static lists found;
            assert_true(ard__tile_axis_is_plain(&axes[a]));
            assert_int_equal(axes[a].groups, 1);
            read_axis(&axes[a], NULL, 784, &p, &found);
            assert_int_equal(found.largest, 784);
            read_axis(&axes[a], &PATTERNS[1], 61, &p, &found);
            assert_int_equal(found.largest, 26); /* residues 1, 4, 6 of 7, eight times, then 1, 4 */
        }
    }
}

/* Where a linear period divides C the rows are all in one group, and the columns are not all kept.
 */
static void test_whole_columns_have_plain_rows(void **state)
{
    (void)state;
    const ard_tile_pattern linear = {16, 4, 3, ARD_TILE_LINEAR};
    const ard_tile_pattern diagonal = {16, 4, 3, ARD_TILE_DIAGONAL};
    ard__tile_axis rows;
    ard__tile_axis cols;
    ard__tile_axes(&linear, 95, 127, &rows, &cols);
    assert_true(ard__tile_axis_is_plain(&rows));
    assert_false(ard__tile_axis_is_plain(&cols));
    assert_int_equal(ard__tile_axis_stride(&rows, NULL, 95), 95);
    assert_int_equal(ard__tile_axis_stride(&cols, NULL, 127), 31);
    ard__tile_axes(&diagonal, 95, 127, &rows, &cols);
    assert_false(ard__tile_axis_is_plain(&rows));
    assert_false(ard__tile_axis_is_plain(&cols));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_groups_hold_the_kept_weights),
        cmocka_unit_test(test_largest_layout_is_reached),
        cmocka_unit_test(test_a_layout_in_numbers),
        cmocka_unit_test(test_plain_axes),
        cmocka_unit_test(test_whole_columns_have_plain_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
