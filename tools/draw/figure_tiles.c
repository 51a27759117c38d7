/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/figures.h"
#include "draw/grid.h"
#include "draw/svg.h"

enum { LEFT = 40, TOP = 66, HEIGHT = 236, LINES = 4 };

typedef struct panel {
    const char *title;
    const char *lines[LINES];
    size_t rows;
    size_t cols;
    uint32_t period;
    ard_tile_numbering numbering;
} panel;

static const panel panels[] = {
    {"diagonal numbering, period 3",
     {"Every row and every column of tiles keeps", "a third. Rows whose numbers differ by 3 keep",
      "the same columns: sorted by that, the layer", "is three dense products of 3 x 3 tiles."},
     9,
     9,
     3,
     ARD_TILE_DIAGONAL},
    {"linear numbering, period 3, 9 columns",
     {"The period divides the number of columns:", "whole columns are kept. One dense product",
      "of 9 x 3 tiles is left, and the inputs of", "the other columns go unused in this step."},
     9,
     9,
     3,
     ARD_TILE_LINEAR},
    {"linear numbering, period 4, 10 columns",
     {"Period and columns have the divisor 2 in", "common: each row keeps every fourth tile of",
      "its own parity, and two dense products are",
      "left. Columns of tiles 1, 3, 5, ... go unused."},
     9,
     10,
     4,
     ARD_TILE_LINEAR},
};

static ard_status draw_panel(FILE *file, const panel *p, int y)
{
    grid g = grid_init(p->rows, p->cols);
    const ard_status status = ard_tile_init(1, p->numbering, p->period, 0, &g.tile);
    if (status != ARD_STATUS_SUCCESS) {
        return status;
    }
    const int width = (int)p->cols * GRID_EDGE, after = LEFT + width + 92;
    svg_text(file, LEFT, y - 30, SVG_TITLE, p->title);
    grid_draw(file, &g, LEFT, y);
    svg_arrow(file, LEFT + width + 16, y + 80, 44, false);
    grid_draw_compact(file, &g, after, y);
    for (int i = 0; i < LINES; ++i) {
        svg_text(file, 510, y + 48 + 20 * i, SVG_NOTE, p->lines[i]);
    }
    return ARD_STATUS_SUCCESS;
}

ard_status draw_tiles(FILE *file)
{
    const int count = (int)(sizeof panels / sizeof panels[0]);
    svg_begin(file, 790, count * HEIGHT + 24,
              "Tile patterns keep one tile of every period; sorted by what they keep, rows and "
              "columns of tiles are independent dense blocks");
    for (int i = 0; i < count; ++i) {
        const ard_status status = draw_panel(file, &panels[i], TOP + i * HEIGHT);
        if (status != ARD_STATUS_SUCCESS) {
            return status;
        }
    }
    svg_end(file);
    return ARD_STATUS_SUCCESS;
}
