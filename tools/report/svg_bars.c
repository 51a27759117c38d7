/* SPDX-License-Identifier: Apache-2.0 */
/* Horizontal bars of parts. Numbers in the parts lead to the legend without colours. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/axis.h"
#include "report/svg.h"

enum {
    LEFT = 6,
    RIGHT_MARGIN = 30,
    ROW_HEIGHT = 62,
    BAR_HEIGHT = 30,
    NAME_LINE = 20,
    TICK_LINE = 20,
    LABEL_LINE = 24,
    NUMBER_WIDTH = 14, /* a narrower part has no number */
    NUMBERED = PICTURE_NAME + 8,
};

/* The names in the legend, numbered by style. */
typedef struct names {
    char text[PICTURE_STYLES][NUMBERED];
    svg_entry entries[PICTURE_STYLES];
    size_t count;
} names;

static void make_names(const picture *picture, names *names)
{
    const char *found[PICTURE_STYLES] = {NULL};
    names->count = 0;
    for (size_t i = 0; i < picture->bar_count; i++) {
        for (size_t j = 0; j < picture->bars[i].count; j++) {
            const picture_part *part = &picture->bars[i].parts[j];
            found[part->style % PICTURE_STYLES] = part->name;
        }
    }
    for (unsigned style = 0; style < PICTURE_STYLES; style++) {
        if (found[style] != NULL) {
            snprintf(names->text[style], NUMBERED, "%u %s", style + 1, found[style]);
            names->entries[names->count++] =
                (svg_entry){.name = names->text[style], .style = style, .sample = SVG_AREA};
        }
    }
}

svg_frame svg_bars_frame(const picture *picture, double top)
{
    names names;
    make_names(picture, &names);
    svg_frame frame = {.left = LEFT, .right = SVG_WIDTH - RIGHT_MARGIN, .top = top + 2};
    frame.bottom = frame.top + ROW_HEIGHT * (double)picture->bar_count;
    frame.legend = frame.bottom + TICK_LINE + LABEL_LINE + 4;
    frame.height = frame.legend + svg_legend_height(names.entries, names.count) + 6;
    return frame;
}

static double total_of(const picture_bar *bar)
{
    double total = 0;
    for (size_t i = 0; i < bar->count; i++) {
        total += bar->parts[i].value;
    }
    return total;
}

static void draw_scale(text_buffer *buffer, const picture *picture, const svg_frame *frame,
                       const axis *axis)
{
    for (size_t i = 0; i < axis->tick_count; i++) {
        const double x =
            frame->left + axis_place(axis, axis->ticks[i]) * (frame->right - frame->left);
        char text[TEXT_NUMBER];
        text_number(text, axis->ticks[i]);
        text_addf(buffer, "<path class=\"grid\" d=\"M%.1f %.1fV%.1f\"/>\n", x, frame->top,
                  frame->bottom);
        svg_text(buffer, x, frame->bottom + TICK_LINE - 2, "mid", text);
    }
    svg_text(buffer, (frame->left + frame->right) / 2, frame->bottom + TICK_LINE + LABEL_LINE - 4,
             "faint mid", picture->x_label);
}

static void draw_bar(text_buffer *buffer, const picture_bar *bar, const svg_frame *frame,
                     const axis *axis, double top)
{
    const double width = frame->right - frame->left;
    double begin = 0;
    char name[PICTURE_NAME + TEXT_NUMBER + 8];
    char total[TEXT_NUMBER];
    text_number(total, total_of(bar));
    snprintf(name, sizeof name, "%s: %s ms", bar->name, total);
    svg_text(buffer, frame->left, top + NAME_LINE - 4, "", name);
    for (size_t i = 0; i < bar->count; i++) {
        const picture_part *part = &bar->parts[i];
        const double left = frame->left + axis_place(axis, begin) * width;
        const double right = frame->left + axis_place(axis, begin + part->value) * width;
        begin += part->value;
        text_addf(buffer,
                  "<rect class=\"area s%u\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
                  "height=\"%d\"/>\n",
                  part->style % PICTURE_STYLES, left, top + NAME_LINE, right - left, BAR_HEIGHT);
        if (right - left >= NUMBER_WIDTH) {
            char class_name[16];
            char number[16];
            snprintf(class_name, sizeof class_name, "on on%u", part->style % PICTURE_STYLES);
            snprintf(number, sizeof number, "%u", part->style % PICTURE_STYLES + 1);
            svg_text(buffer, (left + right) / 2, top + NAME_LINE + BAR_HEIGHT / 2 + 4.5, class_name,
                     number);
        }
    }
}

void svg_bars(text_buffer *buffer, const picture *picture, const svg_frame *frame)
{
    names names;
    axis axis;
    axis_begin(&axis, false, true);
    for (size_t i = 0; i < picture->bar_count; i++) {
        axis_include(&axis, total_of(&picture->bars[i]));
    }
    axis_finish(&axis, 6);
    draw_scale(buffer, picture, frame, &axis);
    for (size_t i = 0; i < picture->bar_count; i++) {
        draw_bar(buffer, &picture->bars[i], frame, &axis, frame->top + ROW_HEIGHT * (double)i);
    }
    make_names(picture, &names);
    svg_legend(buffer, names.entries, names.count, frame->legend);
}
