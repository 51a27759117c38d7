/* SPDX-License-Identifier: Apache-2.0 */
#include "report/svg.h"

#include <math.h>

/* Colours by Okabe and Ito, which people who see fewer colours tell apart. */
const char svg_light_style[] =
    "svg text{font:13px system-ui,'Segoe UI','DejaVu Sans',sans-serif;fill:#1f2328}"
    "svg .head{font-size:15px;font-weight:600}"
    "svg .end{text-anchor:end}svg .mid{text-anchor:middle}"
    "svg .faint{fill:#57606a}"
    "svg .grid{stroke:#d0d7de;stroke-width:1}"
    "svg .axis{stroke:#57606a;stroke-width:1;fill:none}"
    "svg .even{stroke:#57606a;stroke-width:1.5}"
    "svg .line{stroke:currentColor;stroke-width:2.25;fill:none;stroke-linejoin:round}"
    "svg .limit{stroke:currentColor;stroke-width:2;stroke-dasharray:7 5;fill:none}"
    "svg .bar{stroke:currentColor;stroke-width:1.25;opacity:.65}"
    "svg .mark{fill:currentColor;stroke:#fff;stroke-width:1}"
    "svg .area{fill:currentColor;stroke:#fff;stroke-width:1}"
    "svg .on{text-anchor:middle;font-size:12px;font-weight:600;fill:#111}"
    "svg .on0,svg .on7{fill:#fff}"
    "svg .s0{color:#0072b2}svg .s1{color:#d55e00}svg .s2{color:#009e73}svg .s3{color:#cc79a7}"
    "svg .s4{color:#e69f00}svg .s5{color:#56b4e9}svg .s6{color:#b3a100}svg .s7{color:#6e7781}"
    "svg .sl{color:#57606a}";

const char svg_dark_style[] =
    "svg text{fill:#e6edf3}svg .faint{fill:#9aa4ae}svg .grid{stroke:#30363d}"
    "svg .axis,svg .even{stroke:#9aa4ae}svg .mark,svg .area{stroke:#0d1117}"
    "svg .on,svg .on0,svg .on7{fill:#0d1117}"
    "svg .s0{color:#58a6e8}svg .s1{color:#ff8f4d}svg .s2{color:#3fcf9f}svg .s3{color:#e8a5cb}"
    "svg .s4{color:#f2bb45}svg .s5{color:#9bd5ff}svg .s6{color:#d8c93a}svg .s7{color:#9aa4ae}"
    "svg .sl{color:#9aa4ae}";

enum {
    LEGEND_LINE = 22,
    LEGEND_MOST = 48, /* characters of a name */
    SAMPLE_WIDTH = 34,
    ENTRY_GAP = 18,
    HEAD_LINE = 20,
    HEAD_COLUMNS = 58,
};

/* Of the letters of a text on average, in the widest of usual fonts. */
static const double LETTER_WIDTH = 7.4;

void svg_text(text_buffer *buffer, double x, double y, const char *class_name, const char *text)
{
    text_addf(buffer, "<text x=\"%.1f\" y=\"%.1f\"", x, y);
    if (class_name[0] != '\0') {
        text_addf(buffer, " class=\"%s\"", class_name);
    }
    text_add(buffer, ">");
    text_add_escaped(buffer, text);
    text_add(buffer, "</text>\n");
}

void svg_marker(text_buffer *buffer, unsigned style, double x, double y)
{
    static const char *const paths[] = {"m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z",
                                        "m-4-4h8v8h-8z",
                                        "m0-5.5l5 9h-10z",
                                        "m0-6l5.5 6l-5.5 6l-5.5-6z",
                                        "m0 5.5l5-9h-10z",
                                        "m-1.7-5h3.4v3.3h3.3v3.4h-3.3v3.3h-3.4v-3.3h-3.3v-3.4h3.3z",
                                        "m-5-3l5-2.5l5 2.5v5.5h-10z",
                                        "m-5.5-2.5h11v5h-11z"};
    /* Where there are more styles than colours, each colour comes with another marker. */
    const unsigned shape = (style + 3 * (style / PICTURE_STYLES)) % PICTURE_STYLES;
    text_addf(buffer, "<path class=\"mark s%u\" d=\"M%.1f %.1f%s\"/>\n", style % PICTURE_STYLES, x,
              y, paths[shape]);
}

static double entry_width(const svg_entry *entry)
{
    const size_t length = text_length(entry->name);
    return SAMPLE_WIDTH + ENTRY_GAP +
           LETTER_WIDTH * (double)(length < LEGEND_MOST ? length : LEGEND_MOST + 1);
}

/* Where an entry goes: on the same line where it fits, else on the next. */
static void place_entry(const svg_entry *entry, double *x, double *y)
{
    if (*x > 0 && *x + entry_width(entry) > SVG_WIDTH) {
        *x = 0;
        *y += LEGEND_LINE;
    }
}

double svg_legend_height(const svg_entry *entries, size_t count)
{
    double x = 0;
    double y = 0;
    for (size_t i = 0; i < count; i++) {
        place_entry(&entries[i], &x, &y);
        x += entry_width(&entries[i]);
    }
    return count > 0 ? y + LEGEND_LINE : 0;
}

static void draw_sample(text_buffer *buffer, const svg_entry *entry, double x, double y)
{
    const unsigned style = entry->style % PICTURE_STYLES;
    if (entry->sample == SVG_AREA) {
        text_addf(buffer,
                  "<rect class=\"area s%u\" x=\"%.1f\" y=\"%.1f\" width=\"16\" "
                  "height=\"14\"/>\n",
                  style, x + 12, y - 11);
        return;
    }
    const bool limit = entry->sample == SVG_LIMIT;
    const bool grey = limit && entry->style >= PICTURE_STYLES;
    char class_name[8] = "sl";
    if (!grey) {
        class_name[1] = (char)('0' + style);
    }
    text_addf(buffer, "<path class=\"%s %s\" d=\"M%.1f %.1fh28\"/>\n", limit ? "limit" : "line",
              class_name, x, y - 4);
    if (!limit) {
        svg_marker(buffer, entry->style, x + 14, y - 4);
    }
}

void svg_legend(text_buffer *buffer, const svg_entry *entries, size_t count, double top)
{
    double x = 0;
    double y = top + 15;
    for (size_t i = 0; i < count; i++) {
        place_entry(&entries[i], &x, &y);
        draw_sample(buffer, &entries[i], x + 2, y);
        text_addf(buffer, "<text x=\"%.1f\" y=\"%.1f\">", x + SAMPLE_WIDTH + 2, y);
        text_add_cut(buffer, entries[i].name, LEGEND_MOST);
        text_add(buffer, "</text>\n");
        x += entry_width(&entries[i]);
    }
}

/* What the points and parts are, as far as a listener may want it: the tables have the rest. */
static void describe(text_buffer *buffer, const picture *picture)
{
    enum { MOST_SPOKEN = 12 };
    for (size_t i = 0; i < picture->series_count; i++) {
        const picture_series *series = &picture->series[i];
        text_add_escaped(buffer, series->name);
        for (size_t j = 0; j < series->count && j < MOST_SPOKEN; j++) {
            text_add(buffer, j == 0 ? ": " : ", ");
            text_add_number(buffer, series->points[j].y);
            text_add(buffer, " at ");
            text_add_number(buffer, series->points[j].x);
        }
        text_add(buffer, series->count > MOST_SPOKEN ? " and more. " : ". ");
    }
    for (size_t i = 0; i < picture->bar_count; i++) {
        const picture_bar *bar = &picture->bars[i];
        text_add_escaped(buffer, bar->name);
        for (size_t j = 0; j < bar->count; j++) {
            text_add(buffer, j == 0 ? ": " : ", ");
            text_add_escaped(buffer, bar->parts[j].name);
            text_add(buffer, " ");
            text_add_number(buffer, bar->parts[j].value);
        }
        text_add(buffer, ". ");
    }
}

static void draw_head(text_buffer *buffer, const picture *picture)
{
    text_add(buffer, "<text x=\"2\" y=\"18\" class=\"head\">");
    text_add_cut(buffer, picture->title, HEAD_COLUMNS);
    text_add(buffer, "</text>\n<text x=\"2\" y=\"37\" class=\"faint\">");
    text_add_cut(buffer, picture->note, HEAD_COLUMNS + 8);
    text_add(buffer, "</text>\n");
}

/* The element's start: in a page it shrinks with the page, alone it has a size. */
static void begin(text_buffer *buffer, const picture *picture, double height, bool alone)
{
    const char *section = picture_section_name(picture->section);
    text_addf(buffer, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" ",
              SVG_WIDTH, height);
    text_addf(buffer, "width=\"%d\" height=\"%.0f\" role=\"img\" ", SVG_WIDTH, height);
    text_addf(buffer, "aria-labelledby=\"%s-%zu-title %s-%zu-desc\">\n<title id=\"%s-%zu-title\">",
              section, picture->number, section, picture->number, section, picture->number);
    text_add_escaped(buffer, picture->title);
    text_add(buffer, picture->note[0] != '\0' ? ", " : "");
    text_add_escaped(buffer, picture->note);
    text_addf(buffer, "</title>\n<desc id=\"%s-%zu-desc\">", section, picture->number);
    text_add_escaped(buffer, picture->y_label);
    text_add(buffer, picture->bar_count == 0 ? " against " : "");
    text_add_escaped(buffer, picture->bar_count == 0 ? picture->x_label : "");
    text_add(buffer, ". ");
    describe(buffer, picture);
    text_add(buffer, "</desc>\n");
    if (alone) {
        text_addf(buffer, "<style>%s</style>\n", svg_light_style);
        text_addf(buffer, "<rect width=\"%d\" height=\"%.0f\" fill=\"#fff\"/>\n", SVG_WIDTH,
                  height);
    }
}

void svg_draw(text_buffer *buffer, const picture *picture, bool alone)
{
    const double top = alone ? 2 * HEAD_LINE + 6 : 0;
    const bool bars = picture->bar_count > 0;
    const svg_frame frame = bars ? svg_bars_frame(picture, top) : svg_chart_frame(picture, top);
    if (alone) {
        text_add(buffer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }
    begin(buffer, picture, ceil(frame.height), alone);
    if (alone) {
        draw_head(buffer, picture);
    }
    if (bars) {
        svg_bars(buffer, picture, &frame);
    } else {
        svg_chart(buffer, picture, &frame);
    }
    text_add(buffer, "</svg>\n");
}
