/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/grid.h"

#include <stdbool.h>

#include "draw/svg.h"

grid grid_init(size_t rows, size_t cols)
{
    grid g = {rows, cols, ard_pattern_all(), ard_pattern_all(), ard_tile_all()};
    g.tile.edge = 1;
    return g;
}

static bool is_kept(const grid *g, size_t row, size_t col)
{
    return ard_pattern_keeps(&g->row_pattern, row) && ard_pattern_keeps(&g->col_pattern, col) &&
           ard_tile_keeps(&g->tile, g->cols, row, col);
}

/* Rows of one group keep the same columns; row r of tiles is in group r % groups (tile.h). */
static size_t group_count(const grid *g)
{
    ard_tile_layout layout = {.groups = 1};
    if (ard_tile_get_layout(&g->tile, g->rows, g->cols, NULL, NULL, &layout)) {
        return 1;
    }
    return layout.groups;
}

static bool keeps_in_row(const grid *g, size_t row)
{
    for (size_t col = 0; col < g->cols; ++col) {
        if (is_kept(g, row, col)) {
            return true;
        }
    }
    return false;
}

void grid_sort(const grid *g, grid_order *order)
{
    const size_t groups = group_count(g);
    bool done[GRID_MAX] = {false};
    *order = (grid_order){0};
    for (size_t group = 0; group < groups; ++group) {
        for (size_t row = group; row < g->rows; row += groups) {
            if (keeps_in_row(g, row)) {
                order->rows[order->row_count++] = row;
            }
        }
    }
    for (size_t i = 0; i < order->row_count; ++i) {
        for (size_t col = 0; col < g->cols; ++col) {
            if (!done[col] && is_kept(g, order->rows[i], col)) {
                done[col] = true;
                order->cols[order->col_count++] = col;
            }
        }
    }
}

static void draw_number(FILE *file, int x, int y, size_t number, bool kept)
{
    char text[16];
    snprintf(text, sizeof text, "%zu", number);
    svg_text(file, x, y, kept ? SVG_TICK : SVG_FAINT, text);
}

static bool contains(const size_t *numbers, size_t count, size_t number)
{
    for (size_t i = 0; i < count; ++i) {
        if (numbers[i] == number) {
            return true;
        }
    }
    return false;
}

/* Rows and columns given by number, with the numbers beside them; dropped squares on demand. */
static void draw(FILE *file, const grid *g, const grid_order *shown, const grid_order *kept, int x,
                 int y, bool with_dropped)
{
    const size_t groups = group_count(g);
    for (size_t c = 0; c < shown->col_count; ++c) {
        draw_number(file, x + (int)c * GRID_EDGE + 8, y - 4, shown->cols[c],
                    contains(kept->cols, kept->col_count, shown->cols[c]));
    }
    for (size_t r = 0; r < shown->row_count; ++r) {
        const size_t row = shown->rows[r];
        const int top = y + (int)r * GRID_EDGE;
        draw_number(file, x - 9, top + 11, row, contains(kept->rows, kept->row_count, row));
        for (size_t c = 0; c < shown->col_count; ++c) {
            const bool keeps = is_kept(g, row, shown->cols[c]);
            if (keeps || with_dropped) {
                svg_square(file, x + (int)c * GRID_EDGE, top, GRID_EDGE,
                           keeps ? (int)(row % groups) : SVG_DROPPED);
            }
        }
    }
}

void grid_draw(FILE *file, const grid *g, int x, int y)
{
    grid_order all = {.row_count = g->rows, .col_count = g->cols}, kept;
    for (size_t i = 0; i < GRID_MAX; ++i) {
        all.rows[i] = all.cols[i] = i;
    }
    grid_sort(g, &kept);
    draw(file, g, &all, &kept, x, y, true);
}

void grid_draw_compact(FILE *file, const grid *g, int x, int y)
{
    grid_order kept;
    grid_sort(g, &kept);
    draw(file, g, &kept, &kept, x, y, false);
}
