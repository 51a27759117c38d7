/* SPDX-License-Identifier: Apache-2.0 */
#include "report/page.h"

#include <math.h>

#include <ard/version.h>

#include "report/svg.h"

typedef struct section {
    const char *id, *title, *hint;
} section;

static const section sections[PICTURE_SECTIONS] = {
    {"speedup", "Speed-up against rate",
     "How many times as fast a step is as with the baseline, by the medians. Whiskers reach from "
     "the slowest compacted pass against the quickest of the baseline to the opposite, cut off "
     "where "
     "that is far above all points. The dashed line is "
     "the speed-up that the saved arithmetic would give without any overhead; the thin line is "
     "that of no gain."},
    {"width", "Time against width",
     "Dense and compacted steps of networks of one family at one rate, on logarithmic axes. "
     "Whiskers are the least and the largest time; a point of several results is their mean."},
    {"profile", "Where the time goes",
     "Time of a step by kernels, measured on a queue with profiling. The numbers in the bars are "
     "those of the legend; parts too narrow for one, and results beyond the first four of a "
     "network, are in the tables."},
    {"learning", "Learning curves",
     "Runs of one name, such as those of several seeds, are one line through their means, with "
     "whiskers to the least and the largest."},
};

enum { MOST_SHOWN = 60 }; /* pictures of a section */

static size_t count_pictures(const picture_list *pictures, picture_section section)
{
    size_t count = 0;
    for (size_t i = 0; i < pictures->count; i++) {
        count += pictures->pictures[i].section == section ? 1 : 0;
    }
    return count;
}

static void write_head(text_buffer *buffer, const char *title)
{
    text_add(buffer, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
                     "style-src 'unsafe-inline'\">\n<title>");
    text_add_escaped(buffer, title);
    text_add(buffer, "</title>\n<style>\n");
    text_add(buffer, page_style);
    text_add(buffer, "\n");
    text_add(buffer, svg_light_style);
    text_add(buffer, "\n@media screen and (prefers-color-scheme:dark){");
    text_add(buffer, page_dark_style);
    text_add(buffer, svg_dark_style);
    text_add(buffer,
             "}\n@media print{:root{color-scheme:light}body{max-width:none;padding:0;"
             "font-size:10pt}nav{display:none}.scroll{overflow:visible}"
             "table{font-size:7.5pt}th,td{padding:.15rem .3rem}thead th{white-space:normal}"
             ".grid{grid-template-columns:1fr 1fr;gap:.6rem}figure{padding:.4rem}"
             "figcaption{font-size:9pt}h2,.hint{break-after:avoid}caption{break-after:avoid}"
             "tr{break-inside:avoid}*{print-color-adjust:exact;"
             "-webkit-print-color-adjust:exact}}\n</style>\n</head>\n<body>\n");
}

static void write_navigation(text_buffer *buffer, const report_data *data,
                             const picture_list *pictures)
{
    text_add(buffer, "<nav aria-label=\"Sections\">");
    if (data->device_count > 0) {
        text_add(buffer, "<a href=\"#devices\">Devices</a> ");
    }
    for (picture_section i = 0; i < PICTURE_SECTIONS; i++) {
        if (count_pictures(pictures, i) > 0) {
            text_addf(buffer, "<a href=\"#%s\">%s</a> ", sections[i].id, sections[i].title);
        }
    }
    text_add(buffer, "<a href=\"#tables\">Tables</a></nav>\n");
}

static void write_section(text_buffer *buffer, const picture_list *pictures,
                          picture_section section)
{
    const size_t count = count_pictures(pictures, section);
    size_t shown = 0;
    if (count == 0) {
        return;
    }
    text_addf(buffer, "<h2 id=\"%s\">%s</h2>\n<p class=\"hint\">", sections[section].id,
              sections[section].title);
    text_add(buffer, sections[section].hint);
    text_add(buffer, "</p>\n<div class=\"grid\">\n");
    for (size_t i = 0; i < pictures->count && shown < MOST_SHOWN; i++) {
        const picture *picture = &pictures->pictures[i];
        if (picture->section == section) {
            shown++;
            text_add(buffer, "<figure><figcaption><b>");
            text_add_escaped(buffer, picture->title);
            text_add(buffer, "</b><span>");
            text_add_escaped(buffer, picture->note);
            text_add(buffer, "</span></figcaption>\n");
            svg_draw(buffer, picture, false);
            text_add(buffer, "</figure>\n");
        }
    }
    text_add(buffer, "</div>\n");
    if (shown < count) {
        text_addf(buffer, "<p class=\"hint\">%zu more are files of --plot alone.</p>\n",
                  count - shown);
    }
}

static void write_files(text_buffer *buffer, const report_data *data)
{
    text_addf(buffer, "<footer>Made by ard-bench report of libard %s from ", ard_version());
    for (size_t i = 0; i < data->file_count; i++) {
        text_add(buffer, i > 0 ? ", " : "");
        text_add_escaped(buffer, data->files[i].path);
    }
    text_add(buffer, ".</footer>\n</body>\n</html>\n");
}

void page_write(text_buffer *buffer, const char *title, const report_data *data,
                const picture_list *pictures)
{
    write_head(buffer, title);
    text_add(buffer, "<header><h1>");
    text_add_escaped(buffer, title);
    text_add(buffer, "</h1>\n");
    page_summary(buffer, data);
    write_navigation(buffer, data, pictures);
    text_add(buffer, "</header>\n<main>\n");
    if (data->device_count > 0) {
        text_add(buffer, "<h2 id=\"devices\">Devices</h2>\n");
        page_devices(buffer, data);
    }
    for (picture_section i = 0; i < PICTURE_SECTIONS; i++) {
        write_section(buffer, pictures, i);
    }
    text_add(buffer, "<h2 id=\"tables\">Tables</h2>\n");
    page_results(buffer, data);
    page_periods(buffer, data);
    page_runs(buffer, data);
    page_profiles(buffer, data);
    text_add(buffer, "</main>\n");
    write_files(buffer, data);
}
