/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/figures.h"
#include "draw/grid.h"
#include "draw/svg.h"

enum { LEFT = 118, TOP = 84, BELOW = 374, GAP = 54, MATRICES = 3 };

static void draw_matrix(FILE *file, const grid *g, const char *title, const char *dense,
                        const char *compact, int x)
{
    svg_text(file, x, TOP - 44, SVG_TITLE, title);
    svg_text(file, x, TOP - 26, SVG_NOTE, dense);
    grid_draw(file, g, x, TOP);
    svg_arrow(file, x + 60, TOP + 12 * GRID_EDGE + 8, 26, true);
    svg_text(file, x, BELOW - 22, SVG_NOTE, compact);
    grid_draw_compact(file, g, x, BELOW);
}

ard_status draw_rows(FILE *file)
{
    grid grids[MATRICES] = {grid_init(12, 7), grid_init(12, 12), grid_init(6, 12)};
    ard_status status = ard_pattern_row(3, 1, &grids[0].row_pattern);
    status = status ? status : ard_pattern_row(2, 0, &grids[1].row_pattern);
    if (status != ARD_STATUS_SUCCESS) {
        return status;
    }
    grids[1].col_pattern = grids[0].row_pattern;
    grids[2].col_pattern = grids[1].row_pattern;
    svg_begin(
        file, 800, 500,
        "Row patterns of two hidden layers leave out rows of one weight matrix and columns of "
        "the next; what is left are smaller dense matrices");
    const int second = LEFT + 7 * GRID_EDGE + GAP, third = second + 12 * GRID_EDGE + GAP;
    svg_text(file, 20, TOP + 92, SVG_TITLE, "before");
    svg_text(file, 20, BELOW + 46, SVG_TITLE, "after");
    draw_matrix(file, &grids[0], "weights 1", "rows: period 3, offset 1", "4 of 12 rows", LEFT);
    draw_matrix(file, &grids[1], "weights 2", "columns: as rows 1; rows: period 2, offset 0",
                "6 of 12 rows, 4 of 12 columns: a sixth", second);
    draw_matrix(file, &grids[2], "weights 3", "columns: as rows 2", "6 of 12 columns", third);
    svg_end(file);
    return ARD_STATUS_SUCCESS;
}
