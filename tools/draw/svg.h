/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures as SVG, of squares and text, with a background of their own: readable on light and on
 * dark pages. Positions are whole pixels, so that the files are the same everywhere. */
#ifndef ARD_DRAW_SVG_H
#define ARD_DRAW_SVG_H

#include <stdbool.h>
#include <stdio.h>

/* What a text is, which decides its size and colour. */
typedef enum svg_style {
    SVG_TITLE = 0,
    SVG_NOTE = 1,
    SVG_TICK = 2,  /* centred, of what is kept */
    SVG_FAINT = 3, /* centred, of what is dropped */
} svg_style;

/* Colours of squares; any further number begins anew. */
enum { SVG_COLOURS = 4, SVG_DROPPED = -1 };

/* Begins a picture with a description for those who do not see it. */
void svg_begin(FILE *file, int width, int height, const char *description);

/* A square with its upper left corner at (x, y), `edge` wide with its margin. */
void svg_square(FILE *file, int x, int y, int edge, int colour);

/* A text on the base line y; `text` holds none of the characters < > &. */
void svg_text(FILE *file, int x, int y, svg_style style, const char *text);

/* An arrow from (x, y), to the right or down. */
void svg_arrow(FILE *file, int x, int y, int length, bool down);

void svg_end(FILE *file);

#endif
