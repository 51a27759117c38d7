/* SPDX-License-Identifier: Apache-2.0 */
/* The strokes that the drawn digits are made of. */
#ifndef ARD_DIGITS_GLYPHS_H
#define ARD_DIGITS_GLYPHS_H

#include <stddef.h>

enum { GLYPH_MAX_POINTS = 17, GLYPH_MAX_STROKES = 3 };

/* A chain of quadratic Bezier curves: end, control, end, control, ..., end. x to the right, y down,
 * in hundredths of the box. */
typedef struct glyph_stroke {
    size_t points; /* odd, 0 for no stroke */
    signed char xy[GLYPH_MAX_POINTS][2];
} glyph_stroke;

typedef struct glyph {
    glyph_stroke strokes[GLYPH_MAX_STROKES];
} glyph;

/* Two ways of writing each digit. */
enum { GLYPH_VARIANTS = 2 };
extern const glyph digits_glyphs[10][GLYPH_VARIANTS];

#endif
