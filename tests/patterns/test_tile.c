/* SPDX-License-Identifier: Apache-2.0 */
/* Tile patterns against the definition in plain 64-bit arithmetic, over grids that are whole,
 * ragged and smaller than a tile. */
#include <ard/distribution.h>
#include <ard/tile.h>

#include "support/unit.h"

#include <inttypes.h>
#include <stdbool.h>

static const size_t SIZES[] = {1, 31, 32, 33, 61, 64, 95, 127, 784};
static const uint32_t EDGES[] = {1, 16, 32, 64};
static const ard_tile_numbering NUMBERINGS[] = {ARD_TILE_DIAGONAL, ARD_TILE_LINEAR};
/* Some above every row pattern's, and above the tiles of most of the grids. */
static const uint32_t PERIODS[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 67, 100};
enum { EDGE_1_MAX_SIZE = 61, MAX_TILES = 4096, MAX_SIDE = 64 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

static size_t tiles(size_t size, uint32_t edge)
{
    return size / edge + (size % edge != 0);
}

/* A tile's number modulo the period; it is kept iff that is the offset. */
static uint64_t residue_of(const ard_tile_pattern *tile, size_t in, uint64_t r, uint64_t c)
{
    const uint64_t skew =
        tile->numbering == ARD_TILE_LINEAR ? tiles(in, tile->edge) % tile->period : 1;
    return (r * skew + c) % tile->period;
}

static bool keeps_tile(const ard_tile_pattern *tile, size_t in, size_t r, size_t c)
{
    return ard_tile_keeps(tile, in, r * tile->edge, c * tile->edge);
}

/* Fails with the case unless it holds. */
static void check(bool holds, const char *what, const ard_tile_pattern *tile, size_t out, size_t in)
{
    if (!holds) {
        fail_msg("not so: %s; [%zu x %zu], edge %" PRIu32 ", period %" PRIu32 ", offset %" PRIu32
                 ", numbering %d",
                 what, out, in, tile->edge, tile->period, tile->offset, (int)tile->numbering);
    }
}

/* Calls `visit` for every grid, numbering and period, with offset 0. */
static void for_all_cases(void (*visit)(ard_tile_pattern tile, size_t out, size_t in))
{
    for (size_t e = 0; e < COUNT(EDGES); e++) {
        for (size_t s = 0; s < COUNT(SIZES) * COUNT(SIZES); s++) {
            const size_t out = SIZES[s / COUNT(SIZES)];
            const size_t in = SIZES[s % COUNT(SIZES)];
            if (EDGES[e] == 1 && (out > EDGE_1_MAX_SIZE || in > EDGE_1_MAX_SIZE)) {
                continue;
            }
            for (size_t p = 0; p < COUNT(PERIODS) * COUNT(NUMBERINGS); p++) {
                visit((ard_tile_pattern){.edge = EDGES[e],
                                         .period = PERIODS[p / COUNT(NUMBERINGS)],
                                         .numbering = NUMBERINGS[p % COUNT(NUMBERINGS)]},
                      out, in);
            }
        }
    }
}

/* The first or last unit of a tile that comes next. */
static size_t next_corner(size_t unit, size_t width, uint32_t edge)
{
    const size_t end = (unit / edge + 1) * edge;
    const size_t last = (end < width ? end : width) - 1;
    return unit < last ? last : unit + 1;
}

static void check_corner(ard_tile_pattern tile, size_t out, size_t in, size_t o, size_t i)
{
    const uint64_t residue = residue_of(&tile, in, o / tile.edge, i / tile.edge);
    uint32_t kept = 0;
    for (tile.offset = 0; tile.offset < tile.period; tile.offset++) {
        const bool keeps = ard_tile_keeps(&tile, in, o, i);
        check(keeps == (residue == tile.offset), "kept as defined", &tile, out, in);
        kept += keeps;
    }
    check(kept == 1, "one offset of the period keeps a weight", &tile, out, in);
}

static void visit_corners(ard_tile_pattern tile, size_t out, size_t in)
{
    for (size_t o = 0; o < out; o = next_corner(o, out, tile.edge)) {
        for (size_t i = 0; i < in; i = next_corner(i, in, tile.edge)) {
            check_corner(tile, out, in, o, i);
        }
    }
}

static void test_keeps_as_defined(void **state)
{
    (void)state;
    for_all_cases(visit_corners);
}

/* Every weight, at one offset; the corners above have all of them. */
static void test_keeps_whole_tiles(void **state)
{
    (void)state;
    static const size_t shapes[][2] = {{33, 61}, {95, 127}, {127, 31}, {61, 784}};
    for (size_t k = 0; k < COUNT(shapes) * COUNT(EDGES) * COUNT(PERIODS) * 2; k++) {
        const size_t out = shapes[k % COUNT(shapes)][0];
        const size_t in = shapes[k % COUNT(shapes)][1];
        const size_t rest = k / COUNT(shapes);
        const uint32_t period = PERIODS[rest / COUNT(EDGES) % COUNT(PERIODS)];
        const ard_tile_pattern tile = {.edge = EDGES[rest % COUNT(EDGES)],
                                       .period = period,
                                       .offset = period / 2,
                                       .numbering =
                                           NUMBERINGS[rest / COUNT(EDGES) / COUNT(PERIODS)]};
        for (size_t at = 0; at < out * in; at++) {
            const size_t o = at / in;
            const size_t i = at % in;
            check(ard_tile_keeps(&tile, in, o, i) ==
                      keeps_tile(&tile, in, o / tile.edge, i / tile.edge),
                  "a tile is kept as a whole", &tile, out, in);
        }
    }
}

static bool is_share(size_t kept, size_t count, uint32_t period)
{
    return kept == count / period || kept == count / period + (count % period != 0);
}

/* Each row and column of tiles keeps its share to within a tile in diagonal numbering, and each row
 * in linear, whose rows are consecutive numbers too. So a row keeps something for sure iff the
 * period is not above C. */
static void visit_shares(ard_tile_pattern tile, size_t out, size_t in)
{
    const size_t rows = tiles(out, tile.edge);
    const size_t cols = tiles(in, tile.edge);
    bool bare = false;
    for (tile.offset = 0; tile.offset < tile.period; tile.offset++) {
        size_t of_row[MAX_SIDE] = {0};
        size_t of_col[MAX_SIDE] = {0};
        for (size_t at = 0; at < rows * cols; at++) {
            const bool keeps = keeps_tile(&tile, in, at / cols, at % cols);
            of_row[at / cols] += keeps;
            of_col[at % cols] += keeps;
        }
        for (size_t r = 0; r < rows; r++) {
            check(is_share(of_row[r], cols, tile.period), "a row's share", &tile, out, in);
            bare = bare || of_row[r] == 0;
        }
        for (size_t c = 0; c < cols && tile.numbering == ARD_TILE_DIAGONAL; c++) {
            check(is_share(of_col[c], rows, tile.period), "a column's share", &tile, out, in);
        }
    }
    check(bare == (tile.period > cols), "rows keep nothing from periods above C on", &tile, out,
          in);
}

static void test_rows_and_columns_keep_their_share(void **state)
{
    (void)state;
    for_all_cases(visit_shares);
}

/* The paper's: every period-th tile, counted row by row from the offset on. */
static void visit_linear(ard_tile_pattern tile, size_t out, size_t in)
{
    if (tile.numbering != ARD_TILE_LINEAR) {
        return;
    }
    const size_t cols = tiles(in, tile.edge);
    const size_t all = tiles(out, tile.edge) * cols;
    for (tile.offset = 0; tile.offset < tile.period; tile.offset++) {
        bool kept[MAX_TILES] = {false};
        for (size_t number = tile.offset; number < all; number += tile.period) {
            kept[number] = true;
        }
        for (size_t number = 0; number < all; number++) {
            check(keeps_tile(&tile, in, number / cols, number % cols) == kept[number],
                  "every period-th tile, row by row", &tile, out, in);
        }
    }
}

static void test_linear_is_every_period_th_tile(void **state)
{
    (void)state;
    for_all_cases(visit_linear);
}

/* Where the period divides C: C / period columns of tiles from top to bottom, and no other. */
static void visit_whole_columns(ard_tile_pattern tile, size_t out, size_t in)
{
    const size_t cols = tiles(in, tile.edge);
    if (tile.numbering != ARD_TILE_LINEAR || cols % tile.period != 0) {
        return;
    }
    for (tile.offset = 0; tile.offset < tile.period; tile.offset++) {
        size_t whole = 0;
        for (size_t c = 0; c < cols; c++) {
            const bool first = keeps_tile(&tile, in, 0, c);
            for (size_t r = 1; r < tiles(out, tile.edge); r++) {
                check(keeps_tile(&tile, in, r, c) == first, "whole columns", &tile, out, in);
            }
            whole += first;
        }
        check(whole == cols / tile.period, "1 / period of the columns", &tile, out, in);
    }
}

static void test_linear_keeps_whole_columns(void **state)
{
    (void)state;
    for_all_cases(visit_whole_columns);
}

/* How many offsets of the period have a tile, by the definition; ard_tile_check must say the same
 * of each. */
static uint32_t served_offsets(ard_tile_pattern tile, size_t out, size_t in, bool check_each)
{
    bool served[MAX_TILES + MAX_SIDE] = {false};
    const size_t cols = tiles(in, tile.edge);
    uint32_t count = 0;
    for (size_t at = 0; at < tiles(out, tile.edge) * cols && count < tile.period; at++) {
        const uint64_t residue = residue_of(&tile, in, at / cols, at % cols);
        count += !served[residue];
        served[residue] = true;
    }
    for (tile.offset = 0; check_each && tile.offset < tile.period; tile.offset++) {
        const ard_status status = ard_tile_check(&tile, out, in);
        const ard_status expected =
            served[tile.offset] ? ARD_STATUS_SUCCESS : ARD_STATUS_INVALID_PATTERN;
        check(status == expected, "checked as the definition says", &tile, out, in);
    }
    return count;
}

/* Up to the number of tiles, above which no period can serve every offset. */
static void check_max_period(ard_tile_pattern tile, size_t out, size_t in)
{
    const uint32_t max = ard_tile_max_period(tile.edge, tile.numbering, out, in);
    const size_t all = tiles(out, tile.edge) * tiles(in, tile.edge);
    check(max >= 1 && max <= all, "1 <= largest period <= tiles", &tile, out, in);
    for (tile.period = 1; tile.period <= all + 2; tile.period++) {
        const bool near = tile.period <= 9 || (tile.period + 2 >= max && tile.period <= max + 2);
        const bool every = served_offsets(tile, out, in, near) == tile.period;
        check(every == (tile.period <= max), "the largest period", &tile, out, in);
    }
}

static void test_max_period(void **state)
{
    (void)state;
    static const size_t small[] = {1, 2, 31, 33};
    for (size_t n = 0; n < COUNT(NUMBERINGS); n++) {
        for (size_t s = 0; s < COUNT(small) * COUNT(small); s++) {
            check_max_period((ard_tile_pattern){.edge = 1, .numbering = NUMBERINGS[n]},
                             small[s / COUNT(small)], small[s % COUNT(small)]);
        }
        for (size_t s = 0; s < COUNT(SIZES) * COUNT(SIZES); s++) {
            for (size_t e = 1; e < COUNT(EDGES); e++) {
                check_max_period((ard_tile_pattern){.edge = EDGES[e], .numbering = NUMBERINGS[n]},
                                 SIZES[s / COUNT(SIZES)], SIZES[s % COUNT(SIZES)]);
            }
        }
    }
}

/* The header's example: two by two tiles at rate 0.7. */
static void test_two_by_two_tiles_at_rate_0_7(void **state)
{
    (void)state;
    uint32_t drawn = 0;
    assert_success(ard_distribution_default_max_period(0.7, &drawn));
    assert_int_equal(drawn, 4);
    assert_int_equal(ard_tile_max_period(32, ARD_TILE_DIAGONAL, 64, 64), 3);
    assert_int_equal(ard_tile_max_period(32, ARD_TILE_LINEAR, 64, 64), 4);
    assert_true(ard_tile_max_period(16, ARD_TILE_DIAGONAL, 64, 64) >= drawn);
    const ard_tile_pattern last = {.edge = 32, .period = 4, .offset = 3};
    assert_fails(ard_tile_check(&last, 64, 64), ARD_STATUS_INVALID_PATTERN);
}

/* Where 32 bits are not enough: the largest periods stay below 2^32, and the numbers of far tiles
 * are not cut. */
static void test_large_sizes(void **state)
{
    (void)state;
    const size_t side = (size_t)1 << 31;
    assert_true(ard_tile_max_period(1, ARD_TILE_DIAGONAL, side, side - 1) == UINT32_MAX - 1);
    assert_true(ard_tile_max_period(1, ARD_TILE_DIAGONAL, side, side) == UINT32_MAX);
    assert_true(ard_tile_max_period(1, ARD_TILE_DIAGONAL, side + 9, side) == UINT32_MAX);
    assert_true(ard_tile_max_period(32, ARD_TILE_LINEAR, 32 * 65535, 32 * 65536) == 4294901760);
    assert_true(ard_tile_max_period(32, ARD_TILE_LINEAR, 32 * 65535, 32 * 65537) == UINT32_MAX);
    assert_true(ard_tile_max_period(32, ARD_TILE_LINEAR, 32 * 65536, 32 * 65536) == UINT32_MAX);
    assert_true(ard_tile_max_period(1, ARD_TILE_LINEAR, 4 * side, 4 * side) == UINT32_MAX);

    const size_t in = 32 * (((size_t)1 << 33) + 5) - 7;
    static const uint32_t periods[] = {4294967291, UINT32_MAX, 3, 65536};
    for (size_t k = 0; k < COUNT(periods) * COUNT(NUMBERINGS); k++) {
        ard_tile_pattern tile = {.edge = 32,
                                 .period = periods[k / COUNT(NUMBERINGS)],
                                 .numbering = NUMBERINGS[k % COUNT(NUMBERINGS)]};
        for (size_t back = 0; back < 100; back++) {
            const size_t o = 32 * side - 1 - 37 * back;
            const size_t i = in - 1 - 41 * back;
            tile.offset = (uint32_t)residue_of(&tile, in, o / 32, i / 32);
            check(ard_tile_keeps(&tile, in, o, i), "kept as defined", &tile, o + 1, in);
            tile.offset = (tile.offset + 1) % tile.period;
            check(!ard_tile_keeps(&tile, in, o, i), "dropped as defined", &tile, o + 1, in);
        }
    }
}

static void test_all_and_init(void **state)
{
    (void)state;
    const ard_tile_pattern all = ard_tile_all();
    assert_true(all.edge == 32 && all.period == 1 && all.offset == 0);
    assert_int_equal(all.numbering, ARD_TILE_DIAGONAL);
    assert_true(ard_tile_is_all(&all));
    assert_success(ard_tile_check(&all, 1, 1));
    ard_tile_pattern tile = {0};
    assert_success(ard_tile_init(16, ARD_TILE_LINEAR, 100, 99, &tile));
    assert_true(tile.edge == 16 && tile.period == 100 && tile.offset == 99);
    assert_int_equal(tile.numbering, ARD_TILE_LINEAR);
    assert_false(ard_tile_is_all(&tile));
    assert_success(ard_tile_init(UINT32_MAX, ARD_TILE_DIAGONAL, UINT32_MAX, 0, &tile));
    assert_success(ard_tile_check(&tile, 784, 61));
    assert_success(ard_tile_init(7, ARD_TILE_LINEAR, 1, 0, &tile));
    assert_true(ard_tile_is_all(&tile));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keeps_as_defined),
        cmocka_unit_test(test_keeps_whole_tiles),
        cmocka_unit_test(test_rows_and_columns_keep_their_share),
        cmocka_unit_test(test_linear_is_every_period_th_tile),
        cmocka_unit_test(test_linear_keeps_whole_columns),
        cmocka_unit_test(test_max_period),
        cmocka_unit_test(test_two_by_two_tiles_at_rate_0_7),
        cmocka_unit_test(test_large_sizes),
        cmocka_unit_test(test_all_and_init),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
