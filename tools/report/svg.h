/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures as SVG: in a page, whose style sheet colours them, or as files of their own. */
#ifndef ARD_REPORT_SVG_H
#define ARD_REPORT_SVG_H

#include "report/picture.h"
#include "report/text_buffer.h"

/* How the classes of the pictures look on white, and what a page changes of it in the dark. */
extern const char svg_light_style[];
extern const char svg_dark_style[];

/* The element, with a title and a description of what is in it for those who cannot see it. With
 * `alone` it is a whole document, with the picture's title drawn, on white. */
void svg_draw(text_buffer *buffer, const picture *picture, bool alone);

/* Width of every picture, in units of which a page shows one a pixel at most. */
enum { SVG_WIDTH = 560 };

/* Where the parts of a picture lie, from its top. */
typedef struct svg_frame {
    double left, right, top, bottom; /* of the plot */
    double legend;                   /* its first line */
    double height;                   /* of all */
} svg_frame;

/* One entry of a legend. */
typedef enum svg_sample { SVG_LINE, SVG_LIMIT, SVG_AREA } svg_sample;

typedef struct svg_entry {
    const char *name;
    unsigned style;
    svg_sample sample;
} svg_entry;

/* Parts: a tick's label or another text; a legend, whose height comes from the first. */
void svg_text(text_buffer *buffer, double x, double y, const char *class_name, const char *text);
double svg_legend_height(const svg_entry *entries, size_t count);
void svg_legend(text_buffer *buffer, const svg_entry *entries, size_t count, double top);

/* A marker of the style around a point. */
void svg_marker(text_buffer *buffer, unsigned style, double x, double y);

/* Lines of points, and bars, in a frame. */
svg_frame svg_chart_frame(const picture *picture, double top);
void svg_chart(text_buffer *buffer, const picture *picture, const svg_frame *frame);
svg_frame svg_bars_frame(const picture *picture, double top);
void svg_bars(text_buffer *buffer, const picture *picture, const svg_frame *frame);

#endif
