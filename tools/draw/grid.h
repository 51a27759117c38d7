/* SPDX-License-Identifier: Apache-2.0 */
/* A weight matrix under patterns, drawn as it is and as the dense products that are left of it.
 * What is kept is asked of the library, square by square. */
#ifndef ARD_DRAW_GRID_H
#define ARD_DRAW_GRID_H

#include <stddef.h>
#include <stdio.h>

#include <ard/pattern.h>
#include <ard/tile.h>

enum { GRID_MAX = 32, GRID_EDGE = 18 };

/* Up to GRID_MAX rows and columns of weights, or of tiles of edge 1. */
typedef struct grid {
    size_t rows;
    size_t cols;
    ard_pattern row_pattern;
    ard_pattern col_pattern;
    ard_tile_pattern tile;
} grid;

/* A grid that keeps everything. */
grid grid_init(size_t rows, size_t cols);

/* The kept rows and columns in the order of the compact products. */
typedef struct grid_order {
    size_t row_count;
    size_t rows[GRID_MAX];
    size_t col_count;
    size_t cols[GRID_MAX];
} grid_order;

void grid_sort(const grid *g, grid_order *order);

/* Draws it with its numbers above and to the left of (x, y). */
void grid_draw(FILE *file, const grid *g, int x, int y);

/* Draws what is left of it: nothing where nothing is multiplied. */
void grid_draw_compact(FILE *file, const grid *g, int x, int y);

#endif
