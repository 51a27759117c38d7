/* SPDX-License-Identifier: Apache-2.0 */
#include "optimizer/tile_blocks.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "support/memory.h"
#include "support/reference.h"

/* The matrix and what is kept of it. */
typedef struct grid {
    size_t rows;
    size_t cols;
    const ard_pattern *row_pattern;
    const ard_pattern *col_pattern;
    ard_tile_pattern tile;
    size_t row_stride;
    size_t col_stride;
} grid;

static size_t tiles_along(const grid *g, size_t width)
{
    return (width + g->tile.edge - 1) / g->tile.edge;
}

/* Tile (r, c) is kept iff (shift_of(r) + c) % period == offset; rows of tiles with the same shift
 * keep the same columns: they are a group. */
static uint64_t shift_of(const grid *g, size_t r)
{
    const uint64_t period = g->tile.period;
    const uint64_t skew =
        g->tile.numbering == ARD_TILE_LINEAR ? tiles_along(g, g->cols) % period : 1;
    return r * skew % period;
}

/* The shifts of all groups, in the order of their first rows of tiles, in new memory. */
static uint64_t *list_shifts(const grid *g, size_t *count)
{
    const size_t tiles = tiles_along(g, g->rows);
    uint64_t *shifts = test_alloc(tiles, sizeof *shifts);
    *count = 0;
    for (size_t r = 0; r < tiles; ++r) {
        size_t i = 0;
        while (i < *count && shifts[i] != shift_of(g, r)) {
            ++i;
        }
        shifts[i] = shift_of(g, r);
        *count = i == *count ? i + 1 : *count;
    }
    return shifts;
}

typedef enum dimension {
    ROWS,
    COLS,
} dimension;

static bool is_of_group(const grid *g, uint64_t shift, dimension along, size_t unit)
{
    const size_t tile = unit / g->tile.edge;
    return along == ROWS ? shift_of(g, tile) == shift
                         : (shift + tile) % g->tile.period == g->tile.offset;
}

/* Puts increasing units in the order of their residues. */
static void order_units(size_t stride, size_t count, size_t *units)
{
    size_t *ordered = test_alloc(count + 1, sizeof *ordered);
    size_t at = 0;
    for (size_t residue = 0; residue < stride; ++residue) {
        for (size_t i = 0; i < count; ++i) {
            if (units[i] % stride == residue) {
                ordered[at++] = units[i];
            }
        }
    }
    memcpy(units, ordered, count * sizeof *units);
    free(ordered);
}

/* The kept rows or columns of a group into `units` (room for all, may be NULL); their number. */
static size_t group_units(const grid *g, uint64_t shift, dimension along, size_t *units)
{
    const size_t width = along == ROWS ? g->rows : g->cols;
    size_t *kept = test_alloc(width, sizeof *kept);
    const size_t all = reference_kept(along == ROWS ? g->row_pattern : g->col_pattern, width, kept);
    size_t count = 0;
    for (size_t i = 0; i < all; ++i) {
        if (is_of_group(g, shift, along, kept[i])) {
            if (units != NULL) {
                units[count] = kept[i];
            }
            ++count;
        }
    }
    free(kept);
    return count;
}

/* Fills the block [rows x blocks->cols] of a group. */
static void fill_block(const grid *g, uint64_t shift, size_t rows, size_t *at, tile_blocks *blocks)
{
    size_t *row_units = test_alloc(g->rows, sizeof *row_units);
    size_t *col_units = test_alloc(g->cols, sizeof *col_units);
    const size_t kept_rows = group_units(g, shift, ROWS, row_units);
    const size_t kept_cols = group_units(g, shift, COLS, col_units);
    order_units(g->row_stride, kept_rows, row_units);
    order_units(g->col_stride, kept_cols, col_units);
    for (size_t i = 0; i < rows; ++i) {
        for (size_t j = 0; j < blocks->cols; ++j) {
            at[i * blocks->cols + j] = i < kept_rows && j < kept_cols
                                           ? row_units[i] * g->cols + col_units[j]
                                           : TILE_BLOCKS_PADDING;
        }
    }
    blocks->weights += kept_rows * kept_cols;
    free(row_units);
    free(col_units);
}

static tile_blocks create(const grid *g)
{
    size_t groups = 0;
    size_t most_rows = 1;
    size_t most_cols = 1;
    uint64_t *shifts = list_shifts(g, &groups);
    for (size_t q = 0; q < groups; ++q) {
        const size_t kept_rows = group_units(g, shifts[q], ROWS, NULL);
        const size_t kept_cols = group_units(g, shifts[q], COLS, NULL);
        most_rows = kept_rows > most_rows ? kept_rows : most_rows;
        most_cols = kept_cols > most_cols ? kept_cols : most_cols;
    }
    tile_blocks blocks = {.rows = groups * most_rows, .cols = most_cols};
    blocks.at = test_alloc(blocks.rows * blocks.cols, sizeof *blocks.at);
    for (size_t q = 0; q < groups; ++q) {
        fill_block(g, shifts[q], most_rows, blocks.at + q * most_rows * most_cols, &blocks);
    }
    free(shifts);
    return blocks;
}

tile_blocks tile_blocks_create(size_t rows, size_t cols, const ard_pattern *row_pattern,
                               const ard_pattern *col_pattern, const ard_tile_pattern *tile)
{
    const grid g = {rows, cols, row_pattern, col_pattern, tile != NULL ? *tile : ard_tile_all(),
                    1,    1};
    return create(&g);
}

tile_blocks tile_blocks_strided(size_t rows, size_t cols, const ard_pattern *row_pattern,
                                const ard_pattern *col_pattern, size_t row_stride,
                                size_t col_stride)
{
    const grid g = {rows, cols, row_pattern, col_pattern, ard_tile_all(), row_stride, col_stride};
    return create(&g);
}

void tile_blocks_destroy(tile_blocks *blocks)
{
    free(blocks->at);
    *blocks = (tile_blocks){0};
}
