/* SPDX-License-Identifier: Apache-2.0 */
/* Compaction of tiles and the way back, against the definition in <ard/tile.h>. */
#include <ard/compact.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/compare.h"
#include "support/cover.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/tile_cover.h"
#include "support/unit.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const size_t SIZES[] = {1, 31, 32, 33, 61, 64, 95, 127, 784};
static const uint32_t EDGES[] = {1, 3, 16, 24, 32, 64};
enum { MAX_PERIOD = 9, MAX_SIZE = 784 };

typedef struct problem {
    size_t rows;
    size_t cols;
    ard_tile_pattern tile;
    const ard_pattern *row_pattern; /* NULL: everything */
    const ard_pattern *col_pattern;
    uint64_t seed;
} problem;

static void describe(const problem *p, char *text, size_t capacity)
{
    const ard_pattern all = ard_pattern_all();
    const ard_pattern *row = p->row_pattern != NULL ? p->row_pattern : &all;
    const ard_pattern *col = p->col_pattern != NULL ? p->col_pattern : &all;
    snprintf(text, capacity, "rows %zu by %u/%#llx, cols %zu by %u/%#llx, tiles %u, %s %u/%u",
             p->rows, row->period, (unsigned long long)row->residues, p->cols, col->period,
             (unsigned long long)col->residues, p->tile.edge,
             p->tile.numbering == ARD_TILE_LINEAR ? "linear" : "diagonal", p->tile.period,
             p->tile.offset);
}

static bool pattern_keeps(const ard_pattern *pattern, size_t unit)
{
    return pattern == NULL || ard_pattern_keeps(pattern, unit);
}

/* The formula of the header, for a row and a column of tiles. */
static bool tile_keeps(const problem *p, size_t tile_row, size_t tile_col)
{
    const size_t cols = (p->cols + p->tile.edge - 1) / p->tile.edge;
    const size_t skew = p->tile.numbering == ARD_TILE_LINEAR ? cols : 1;
    return (tile_row * skew + tile_col) % p->tile.period == p->tile.offset;
}

static bool weight_keeps(const problem *p, size_t row, size_t col)
{
    return pattern_keeps(p->row_pattern, row) && pattern_keeps(p->col_pattern, col) &&
           tile_keeps(p, row / p->tile.edge, col / p->tile.edge);
}

/* The kept rows and columns of group q, and their numbers. */
typedef struct block {
    size_t rows[MAX_SIZE];
    size_t cols[MAX_SIZE];
    size_t row_count;
    size_t col_count;
} block;

static void find_block(const problem *p, size_t groups, size_t q, block *found)
{
    found->row_count = 0;
    found->col_count = 0;
    for (size_t row = 0; row < p->rows; ++row) {
        if (row / p->tile.edge % groups == q && pattern_keeps(p->row_pattern, row)) {
            found->rows[found->row_count++] = row;
        }
    }
    for (size_t col = 0; col < p->cols; ++col) {
        if (tile_keeps(p, q, col / p->tile.edge) && pattern_keeps(p->col_pattern, col)) {
            found->cols[found->col_count++] = col;
        }
    }
}

/* The compact matrix [groups * rows x cols] of values [p->rows x p->cols], new memory. */
static float *define_compact(const problem *p, const ard_tile_layout *layout, const float *values,
                             float padding)
{
    const size_t count = layout->groups * layout->rows * layout->cols;
    float *compact = test_alloc(count, sizeof *compact);
    for (size_t i = 0; i < count; ++i) {
        memcpy(&compact[i], &padding, sizeof padding); /* a NaN keeps its bits */
    }
    block b;
    for (size_t q = 0; q < layout->groups; ++q) {
        find_block(p, layout->groups, q, &b);
        assert_true(b.row_count <= layout->rows && b.col_count <= layout->cols);
        for (size_t i = 0; i < b.row_count; ++i) {
            float *to = compact + (q * layout->rows + i) * layout->cols;
            for (size_t j = 0; j < b.col_count; ++j) {
                to[j] = values[b.rows[i] * p->cols + b.cols[j]];
            }
        }
    }
    return compact;
}

/* values where they are kept, else zero, new memory. */
static float *define_expanded(const problem *p, const float *values)
{
    float *expanded = test_alloc(p->rows * p->cols, sizeof *expanded);
    for (size_t row = 0; row < p->rows; ++row) {
        for (size_t col = 0; col < p->cols; ++col) {
            if (weight_keeps(p, row, col)) {
                expanded[row * p->cols + col] = values[row * p->cols + col];
            }
        }
    }
    return expanded;
}

static guarded place(ard_context *context, uint64_t *random, size_t rows, size_t cols,
                     const float *values)
{
    const size_t offset = test_random_below(random, 9);
    const size_t gap = test_random_below(random, 5);
    return values != NULL ? guarded_create_with(context, rows, cols, offset, gap, values)
                          : guarded_create(context, rows, cols, offset, gap);
}

/* Reads what a call wrote, compares its bits and returns it. */
static float *check_result(const problem *p, const char *what, const guarded *dst,
                           const float *expected)
{
    char text[200];
    describe(p, text, sizeof text);
    float *actual = guarded_read(dst, what);
    const comparison about = {what, text, dst->rows, dst->cols, p->seed};
    assert_same_bits(&about, actual, expected);
    return actual;
}

/* Compaction of values into `expected`; returns what the device wrote. */
static float *check_compact(ard_context *context, const problem *p, const ard_tile_layout *layout,
                            const float *values, const float *expected, const char *what)
{
    uint64_t random = p->seed;
    guarded src = place(context, &random, p->rows, p->cols, values);
    guarded dst = place(context, &random, layout->groups * layout->rows, layout->cols, NULL);
    assert_success(ard_compact_tiles(context, p->rows, p->cols, &p->tile, p->row_pattern,
                                     p->col_pattern, &src.matrix, &dst.matrix, NULL));
    float *compact = check_result(p, what, &dst, expected);
    guarded_assert_unchanged(&src, what);
    guarded_destroy(&src);
    guarded_destroy(&dst);
    return compact;
}

static float *check_expand(ard_context *context, const problem *p, const ard_tile_layout *layout,
                           const float *compact, const float *expected, const char *what)
{
    uint64_t random = p->seed + 1;
    guarded src = place(context, &random, layout->groups * layout->rows, layout->cols, compact);
    guarded dst = place(context, &random, p->rows, p->cols, NULL);
    assert_success(ard_expand_tiles(context, p->rows, p->cols, &p->tile, p->row_pattern,
                                    p->col_pattern, &src.matrix, &dst.matrix, NULL));
    float *expanded = check_result(p, what, &dst, expected);
    guarded_assert_unchanged(&src, what);
    guarded_destroy(&src);
    guarded_destroy(&dst);
    return expanded;
}

/* There, back from a matrix whose padding is NaN, and there again. */
static void check_problem(ard_context *context, const problem *p)
{
    ard_tile_layout layout;
    assert_success(
        ard_tile_get_layout(&p->tile, p->rows, p->cols, p->row_pattern, p->col_pattern, &layout));
    float *values = test_random_floats(p->rows * p->cols, p->seed);
    float *compact = define_compact(p, &layout, values, 0.0f);
    float *padded = define_compact(p, &layout, values, test_canary());
    float *expanded = define_expanded(p, values);
    free(check_compact(context, p, &layout, values, compact, "compact"));
    float *back = check_expand(context, p, &layout, padded, expanded, "expanded");
    free(check_compact(context, p, &layout, back, compact, "compact again"));
    free(values);
    free(compact);
    free(padded);
    free(expanded);
    free(back);
}

/* A pattern that fits the width: indices, any subset, or mostly one residue, which leaves tiles
 * without a unit. Borrows indices [width]. */
static ard_pattern random_pattern(uint64_t *random, size_t width, uint32_t *indices)
{
    const size_t kind = test_random_below(random, 3);
    return kind == 0   ? cover_random_index(random, width, indices)
           : kind == 1 ? cover_random_subset(random, width)
                       : tile_cover_random_pattern(random, width);
}

/* One problem of this shape, at an offset that keeps some tile; bit 0 of `sides` is for a pattern
 * of the rows, bit 1 for one of the columns. */
static void check_shape(ard_context *context, const ard_tile_pattern *tile, size_t rows,
                        size_t cols, unsigned sides, uint64_t seed)
{
    uint64_t random = test_mix(seed, 3);
    uint32_t indices[2][MAX_SIZE];
    const ard_pattern row = random_pattern(&random, rows, indices[0]);
    const ard_pattern col = random_pattern(&random, cols, indices[1]);
    problem p = {.rows = rows,
                 .cols = cols,
                 .tile = *tile,
                 .row_pattern = (sides & 1) != 0 ? &row : NULL,
                 .col_pattern = (sides & 2) != 0 ? &col : NULL,
                 .seed = seed};
    const uint32_t most = ard_tile_max_period(tile->edge, tile->numbering, rows, cols);
    const uint32_t offsets = tile->period < most ? tile->period : most;
    p.tile.offset = (uint32_t)test_random_below(&random, offsets);
    check_problem(context, &p);
}

/* Every pair of sizes with every edge and numbering, the periods and sides in turn. */
static void test_shapes(void **state)
{
    uint64_t seed = 0;
    for (size_t k = 0; k < COUNT(SIZES) * COUNT(SIZES) * COUNT(EDGES); ++k) {
        const size_t rows = SIZES[k / COUNT(EDGES) / COUNT(SIZES)];
        const size_t cols = SIZES[k / COUNT(EDGES) % COUNT(SIZES)];
        for (int numbering = 0; numbering < 2; ++numbering, ++seed) {
            const ard_tile_pattern tile = {.edge = EDGES[k % COUNT(EDGES)],
                                           .period = (uint32_t)(1 + seed * 5 % MAX_PERIOD),
                                           .numbering = (ard_tile_numbering)numbering};
            const unsigned sides = (unsigned)test_mix(seed, 1) % 4;
            check_shape(*state, &tile, rows, cols, sides, seed);
        }
    }
}

/* Every edge with every period, numbering and choice of sides, the sizes at random. */
static void test_periods(void **state)
{
    uint64_t random = 11;
    uint64_t seed = 10000;
    for (size_t k = 0; k < COUNT(EDGES) * MAX_PERIOD * 2; ++k) {
        const ard_tile_pattern tile = {.edge = EDGES[k / 2 / MAX_PERIOD],
                                       .period = (uint32_t)(1 + k / 2 % MAX_PERIOD),
                                       .numbering = (ard_tile_numbering)(k % 2)};
        for (unsigned sides = 0; sides < 4; ++sides, ++seed) {
            const size_t rows = SIZES[test_random_below(&random, COUNT(SIZES))];
            const size_t cols = SIZES[test_random_below(&random, COUNT(SIZES))];
            check_shape(*state, &tile, rows, cols, sides, seed);
        }
    }
}

/* The bits of both calls on the same matrix are the same. */
static void check_same(ard_context *context, size_t rows, size_t cols, const ard_pattern *row,
                       const ard_pattern *col, const ard_tile_pattern *tile)
{
    const ard_tile_pattern all = ard_tile_all();
    ard_tile_layout layout;
    assert_success(ard_tile_get_layout(&all, rows, cols, row, col, &layout));
    assert_int_equal(layout.groups, 1);
    float *values = test_random_floats(rows * cols, 21);
    guarded src = guarded_create_with(context, rows, cols, 3, 2, values);
    guarded compact = guarded_create(context, layout.rows, layout.cols, 5, 1);
    guarded whole = guarded_create(context, rows, cols, 2, 3);
    float *results[2][2];
    for (size_t i = 0; i < 2; ++i) {
        const ard_matrix *s = &src.matrix;
        const ard_matrix *c = &compact.matrix;
        const ard_matrix *w = &whole.matrix;
        assert_success(i == 0 ? ard_compact(context, rows, cols, row, col, s, c, NULL)
                              : ard_compact_tiles(context, rows, cols, tile, row, col, s, c, NULL));
        results[i][0] = guarded_read(&compact, "compact");
        assert_success(i == 0 ? ard_expand(context, rows, cols, row, col, c, w, NULL)
                              : ard_expand_tiles(context, rows, cols, tile, row, col, c, w, NULL));
        results[i][1] = guarded_read(&whole, "whole");
    }
    const comparison about_compact = {"compact", "no tiles", layout.rows, layout.cols, 21};
    const comparison about_whole = {"whole", "no tiles", rows, cols, 21};
    assert_same_bits(&about_compact, results[1][0], results[0][0]);
    assert_same_bits(&about_whole, results[1][1], results[0][1]);
    for (size_t i = 0; i < 4; ++i) {
        free(results[i / 2][i % 2]);
    }
    guarded_destroy(&src);
    guarded_destroy(&compact);
    guarded_destroy(&whole);
    free(values);
}

static void test_without_tiles(void **state)
{
    const ard_pattern third = {.period = 3, .residues = 2};
    const ard_pattern some = {.period = 8, .residues = 0x5a};
    const ard_tile_pattern all = {.edge = 7, .period = 1, .numbering = ARD_TILE_LINEAR};
    for (size_t k = 0; k < 4; ++k) {
        const ard_pattern *row = k % 2 != 0 ? &third : NULL;
        const ard_pattern *col = k / 2 != 0 ? &some : NULL;
        check_same(*state, 61, 127, row, col, NULL);
        check_same(*state, 61, 127, row, col, &all);
        check_same(*state, 33, 8, row, col, NULL);
    }
}

typedef ard_status (*copy_function)(ard_context *, size_t, size_t, const ard_tile_pattern *,
                                    const ard_pattern *, const ard_pattern *, const ard_matrix *,
                                    const ard_matrix *, cl_event *);

enum { ROWS = 70, COLS = 40, COMPACT_ROWS = 4 * 22, COMPACT_COLS = 16 };

/* A tile pattern of [70 x 40], compact [4 * 22 x 16]. */
static const ard_tile_pattern good = {.edge = 16, .period = 4, .offset = 1};

static void check_pattern_errors(ard_context *context, copy_function copy, const ard_matrix *src,
                                 const ard_matrix *dst)
{
    /* The last two keep nothing: there are 5 x 3 tiles. */
    const ard_tile_pattern bad[] = {
        {0, 2, 0, ARD_TILE_DIAGONAL},  {16, 0, 0, ARD_TILE_DIAGONAL},
        {16, 4, 4, ARD_TILE_LINEAR},   {16, 4, 1, (ard_tile_numbering)2},
        {16, 8, 7, ARD_TILE_DIAGONAL}, {16, 16, 15, ARD_TILE_LINEAR}};
    for (size_t i = 0; i < COUNT(bad); ++i) {
        assert_fails(copy(context, ROWS, COLS, &bad[i], NULL, NULL, src, dst, NULL),
                     ARD_STATUS_INVALID_PATTERN);
    }
    static const uint32_t shapes[][2] = {{0, 1}, {65, 1}, {3, 0}, {3, 8}, {41, 1}};
    for (size_t i = 0; i < COUNT(shapes); ++i) {
        const ard_pattern wrong = {.period = shapes[i][0], .residues = shapes[i][1]};
        assert_fails(copy(context, ROWS, COLS, &good, NULL, &wrong, src, dst, NULL),
                     ARD_STATUS_INVALID_PATTERN);
        if (wrong.period != 41) { /* which fits the rows */
            assert_fails(copy(context, ROWS, COLS, &good, &wrong, NULL, src, dst, NULL),
                         ARD_STATUS_INVALID_PATTERN);
        }
    }
}

/* `g` as src or dst, [rows x cols], shorter or narrower than it has to be. */
static void check_matrix_errors(ard_context *context, copy_function copy, const guarded *g,
                                bool is_src, const ard_matrix *other)
{
    const ard_matrix last = {g->matrix.buffer, g->elements - g->rows * g->cols, g->cols};
    const ard_matrix wrong[] = {{NULL, 0, g->cols},
                                {g->matrix.buffer, 0, g->cols - 1},
                                {g->matrix.buffer, last.offset + 1, g->cols},
                                {g->matrix.buffer, SIZE_MAX, g->cols}};
    for (size_t i = 0; i < COUNT(wrong); ++i) {
        assert_invalid(copy(context, ROWS, COLS, &good, NULL, NULL, is_src ? &wrong[i] : other,
                            is_src ? other : &wrong[i], NULL));
    }
    assert_invalid(copy(context, ROWS, COLS, &good, NULL, NULL, is_src ? NULL : other,
                        is_src ? other : NULL, NULL));
}

static void check_errors(ard_context *context, copy_function copy, bool expands)
{
    guarded whole = guarded_create(context, ROWS, COLS, 0, 0);
    guarded compact = guarded_create(context, COMPACT_ROWS, COMPACT_COLS, 0, 0);
    const guarded *src = expands ? &compact : &whole;
    const guarded *dst = expands ? &whole : &compact;
    const ard_matrix *s = &src->matrix;
    const ard_matrix *d = &dst->matrix;
    check_pattern_errors(context, copy, s, d);
    check_matrix_errors(context, copy, src, true, d);
    check_matrix_errors(context, copy, dst, false, s);
    assert_invalid(copy(NULL, ROWS, COLS, &good, NULL, NULL, s, d, NULL));
    assert_invalid(copy(context, 0, COLS, &good, NULL, NULL, s, d, NULL));
    assert_invalid(copy(context, ROWS, 0, &good, NULL, NULL, s, d, NULL));
    assert_invalid(copy(context, SIZE_MAX, COLS, &good, NULL, NULL, s, d, NULL));
    guarded_assert_unchanged(&whole, "the whole matrix of a refused call");
    guarded_assert_unchanged(&compact, "the compact matrix of a refused call");
    assert_success(copy(context, ROWS, COLS, &good, NULL, NULL, s, d, NULL));
    guarded_destroy(&whole);
    guarded_destroy(&compact);
}

static void test_errors(void **state)
{
    check_errors(*state, ard_compact_tiles, false);
    check_errors(*state, ard_expand_tiles, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_periods),
        cmocka_unit_test(test_without_tiles),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
