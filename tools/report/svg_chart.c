/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of points with whiskers, between two axes. */
#include <math.h>

#include "report/axis.h"
#include "report/svg.h"

enum {
    PLOT_HEIGHT = 250,
    LEFT = 54,
    RIGHT_MARGIN = 16,
    LABEL_LINE = 24,
    TICK_LINE = 20,
    MOST_ENTRIES = 64,
    TICK_DISTANCE = 40,
    MOST_MARKED = 20,   /* points of a line that all have markers */
    POINT_DISTANCE = 5, /* between series, of points at the same x */
};

/* A whisker that reaches beyond this many times the largest point is cut off: one slow pass must
 * not flatten all lines. */
static const double MOST_WHISKER = 1.5;

typedef struct plot {
    const picture *picture;
    const svg_frame *frame;
    axis x, y;
} plot;

static double place_x(const plot *plot, double value)
{
    return plot->frame->left +
           axis_place(&plot->x, value) * (plot->frame->right - plot->frame->left);
}

/* Series stand beside each other where they have points at the same x. */
static double place_point(const plot *plot, const picture_series *series, double value)
{
    size_t lines = 0;
    for (size_t i = 0; i < plot->picture->series_count; i++) {
        lines += plot->picture->series[i].limit ? 0 : 1;
    }
    const bool beside = plot->picture->x_at_points && !series->limit && lines <= PICTURE_STYLES;
    const double shift = (double)series->style - ((double)lines - 1) / 2;
    return place_x(plot, value) + (beside ? POINT_DISTANCE * shift : 0);
}

static double place_y(const plot *plot, double value)
{
    return plot->frame->bottom -
           axis_place(&plot->y, value) * (plot->frame->bottom - plot->frame->top);
}

static void add_entries(const picture *picture, bool limits, svg_entry entries[MOST_ENTRIES],
                        size_t *count)
{
    for (size_t i = 0; i < picture->series_count && *count < MOST_ENTRIES; i++) {
        const picture_series *series = &picture->series[i];
        if (series->limit == limits) {
            entries[(*count)++] = (svg_entry){.name = series->name,
                                              .style = series->style,
                                              .sample = limits ? SVG_LIMIT : SVG_LINE};
        }
    }
}

/* Limits last. */
static size_t make_entries(const picture *picture, svg_entry entries[MOST_ENTRIES])
{
    size_t count = 0;
    add_entries(picture, false, entries, &count);
    add_entries(picture, true, entries, &count);
    return count;
}

svg_frame svg_chart_frame(const picture *picture, double top)
{
    svg_entry entries[MOST_ENTRIES];
    const size_t count = make_entries(picture, entries);
    svg_frame frame = {.left = LEFT, .right = SVG_WIDTH - RIGHT_MARGIN, .top = top + LABEL_LINE};
    frame.bottom = frame.top + PLOT_HEIGHT;
    frame.legend = frame.bottom + TICK_LINE + LABEL_LINE + 4;
    frame.height = frame.legend + svg_legend_height(entries, count) + 6;
    return frame;
}

/* Makes the axes span the points, or the ends of their whiskers up to `most`. */
static void include_points(plot *plot, bool whiskers, double most)
{
    const picture *picture = plot->picture;
    for (size_t i = 0; i < picture->series_count; i++) {
        for (size_t j = 0; j < picture->series[i].count; j++) {
            const picture_point *point = &picture->series[i].points[j];
            if (whiskers) {
                axis_include(&plot->y, point->low);
                axis_include(&plot->y, point->high > most ? most : point->high);
            } else {
                axis_include(&plot->x, point->x);
                axis_include(&plot->y, point->y);
            }
        }
    }
}

static void span(plot *plot)
{
    const picture *picture = plot->picture;
    axis_begin(&plot->x, picture->log_x, false);
    axis_begin(&plot->y, picture->log_y, picture->y_from_zero);
    axis_include(&plot->y, picture->reference);
    include_points(plot, false, 0);
    include_points(plot, true, picture->log_y ? INFINITY : MOST_WHISKER * plot->y.most);
    if (picture->x_at_points && !picture->log_x) {
        const double margin = fmax(0.06 * (plot->x.most - plot->x.least), 0.01);
        axis_finish_tight(&plot->x, margin);
    } else {
        axis_finish(&plot->x, 7);
    }
    axis_finish(&plot->y, 6);
}

static void add_tick(axis *axis, double value)
{
    for (size_t i = 0; i < axis->tick_count; i++) {
        if (axis->ticks[i] == value) {
            return;
        }
    }
    if (axis->tick_count < AXIS_TICKS && axis_shows(axis, value)) {
        axis->ticks[axis->tick_count++] = value;
    }
}

/* Ticks where the points are, since widths and rates are no round numbers. */
static void put_ticks_at_points(plot *plot)
{
    plot->x.tick_count = 0;
    for (size_t i = 0; i < plot->picture->series_count; i++) {
        for (size_t j = 0; j < plot->picture->series[i].count; j++) {
            add_tick(&plot->x, plot->picture->series[i].points[j].x);
        }
    }
}

static void draw_x_ticks(text_buffer *buffer, const plot *plot)
{
    const svg_frame *frame = plot->frame;
    double labels[AXIS_TICKS];
    size_t count = 0;
    for (size_t i = 0; i < plot->x.tick_count; i++) {
        const double value = plot->x.ticks[i];
        const double x = place_x(plot, value);
        bool room = true;
        if (plot->picture->x_whole && value != floor(value)) {
            continue;
        }
        for (size_t j = 0; j < count; j++) {
            room = room && fabs(labels[j] - x) >= TICK_DISTANCE;
        }
        text_addf(buffer, "<path class=\"axis\" d=\"M%.1f %.1fv5\"/>\n", x, frame->bottom);
        if (room) {
            char text[TEXT_NUMBER];
            text_number(text, value);
            svg_text(buffer, x, frame->bottom + TICK_LINE, "mid", text);
            labels[count++] = x;
        }
    }
}

static void draw_y_ticks(text_buffer *buffer, const plot *plot)
{
    const svg_frame *frame = plot->frame;
    for (size_t i = 0; i < plot->y.tick_count; i++) {
        const double y = place_y(plot, plot->y.ticks[i]);
        char text[TEXT_NUMBER];
        text_number(text, plot->y.ticks[i]);
        text_addf(buffer, "<path class=\"grid\" d=\"M%.1f %.1fH%.1f\"/>\n", frame->left, y,
                  frame->right);
        svg_text(buffer, frame->left - 8, y + 4.5, "end", text);
    }
}

static void draw_axes(text_buffer *buffer, const plot *plot)
{
    const svg_frame *frame = plot->frame;
    draw_y_ticks(buffer, plot);
    draw_x_ticks(buffer, plot);
    text_addf(buffer, "<path class=\"axis\" d=\"M%.1f %.1fV%.1fH%.1f\"/>\n", frame->left,
              frame->top, frame->bottom, frame->right);
    if (isfinite(plot->picture->reference)) {
        text_addf(buffer, "<path class=\"even\" d=\"M%.1f %.1fH%.1f\"/>\n", frame->left,
                  place_y(plot, plot->picture->reference), frame->right);
    }
    svg_text(buffer, 2, frame->top - 10, "faint", plot->picture->y_label);
    svg_text(buffer, (frame->left + frame->right) / 2, frame->bottom + TICK_LINE + LABEL_LINE - 4,
             "faint mid", plot->picture->x_label);
}

/* The ends have caps where they are on the plot. */
static void draw_whisker(text_buffer *buffer, const plot *plot, const picture_series *series,
                         const picture_point *point)
{
    if (!axis_shows(&plot->y, point->low) || !axis_shows(&plot->y, point->high) ||
        !(point->low < point->high)) {
        return;
    }
    const double x = place_point(plot, series, point->x);
    const double low = place_y(plot, point->low);
    const double high = place_y(plot, point->high);
    text_addf(buffer, "<path class=\"bar s%u\" d=\"M%.1f %.1fV%.1fM%.1f %.1fh6",
              series->style % PICTURE_STYLES, x, high, low, x - 3, low);
    if (point->high <= plot->y.most) {
        text_addf(buffer, "M%.1f %.1fh6", x - 3, high);
    }
    text_add(buffer, "\"/>\n");
}

static void draw_line(text_buffer *buffer, const plot *plot, const picture_series *series)
{
    const bool grey = series->limit && series->style >= PICTURE_STYLES;
    size_t shown = 0;
    text_addf(buffer, "<path class=\"%s ", series->limit ? "limit" : "line");
    if (grey) {
        text_add(buffer, "sl\" d=\"");
    } else {
        text_addf(buffer, "s%u\" d=\"", series->style % PICTURE_STYLES);
    }
    for (size_t i = 0; i < series->count; i++) {
        const picture_point *point = &series->points[i];
        if (axis_shows(&plot->x, point->x) && axis_shows(&plot->y, point->y)) {
            text_addf(buffer, "%s%.1f %.1f", shown > 0 ? "L" : "M",
                      place_point(plot, series, point->x), place_y(plot, point->y));
            shown++;
        }
    }
    /* A path needs a beginning to be one; a limit has no marker where it is a point. */
    const bool stub = series->limit && shown == 1;
    text_add(buffer, shown == 0 ? "M0 0\"/>\n" : stub ? "m-27 0h54\"/>\n" : "\"/>\n");
}

static void draw_series(text_buffer *buffer, const plot *plot, const picture_series *series)
{
    const size_t marked = series->count <= MOST_MARKED ? 1 : series->count / (MOST_MARKED / 2);
    draw_line(buffer, plot, series);
    for (size_t i = 0; i < series->count && !series->limit; i++) {
        const picture_point *point = &series->points[i];
        if (axis_shows(&plot->x, point->x) && axis_shows(&plot->y, point->y) && i % marked == 0) {
            draw_whisker(buffer, plot, series, point);
            svg_marker(buffer, series->style, place_point(plot, series, point->x),
                       place_y(plot, point->y));
        }
    }
}

void svg_chart(text_buffer *buffer, const picture *picture, const svg_frame *frame)
{
    plot plot = {.picture = picture, .frame = frame};
    svg_entry entries[MOST_ENTRIES];
    span(&plot);
    if (picture->x_at_points) {
        put_ticks_at_points(&plot);
    }
    draw_axes(buffer, &plot);
    /* Limits first, so that points lie on them. */
    for (int limits = 1; limits >= 0; limits--) {
        for (size_t i = 0; i < picture->series_count; i++) {
            if (picture->series[i].limit == (limits == 1)) {
                draw_series(buffer, &plot, &picture->series[i]);
            }
        }
    }
    svg_legend(buffer, entries, make_entries(picture, entries), frame->legend);
}
