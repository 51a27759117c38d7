/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/page.h"

void page_begin_table(text_buffer *buffer, const char *caption, const char *columns)
{
    text_add(buffer, "<div class=\"scroll\" tabindex=\"0\"><table><caption>");
    text_add_escaped(buffer, caption);
    text_add(buffer, "</caption>\n<thead><tr>");
    while (*columns != '\0') {
        const bool number = *columns == '>';
        columns += number ? 1 : 0;
        const int length = (int)strcspn(columns, "|");
        text_addf(buffer, "<th scope=\"col\"%s>%.*s</th>", number ? " class=\"n\"" : "", length,
                  columns);
        columns += length + (columns[length] == '|' ? 1 : 0);
    }
    text_add(buffer, "</tr></thead>\n<tbody>\n");
}

void page_end_table(text_buffer *buffer)
{
    text_add(buffer, "</tbody></table></div>\n");
}

void page_head_cell(text_buffer *buffer, const char *text)
{
    text_add(buffer, "<tr><th scope=\"row\" class=\"w\">");
    text_add_escaped(buffer, text);
    text_add(buffer, "</th>");
}

void page_cell(text_buffer *buffer, const char *text)
{
    const size_t length = strlen(text);
    text_add(buffer, length > 60   ? "<td class=\"w x\">"
                     : length > 24 ? "<td class=\"w\">"
                                   : "<td>");
    text_add_escaped(buffer, text[0] != '\0' ? text : "\xE2\x80\x93");
    text_add(buffer, "</td>");
}

/* All the six digits of a document. */
static void add_digits(text_buffer *buffer, double value)
{
    if (isfinite(value)) {
        text_addf(buffer, "%.6g", value);
    } else {
        text_add_number(buffer, value);
    }
}

void page_number(text_buffer *buffer, double value)
{
    text_add(buffer, "<td class=\"n\">");
    add_digits(buffer, value);
    text_add(buffer, "</td>");
}

void page_time(text_buffer *buffer, const report_time *time)
{
    text_add(buffer, "<td class=\"n\">");
    add_digits(buffer, time->median);
    if (isfinite(time->min) && isfinite(time->max)) {
        text_add(buffer, "<span class=\"r\">");
        add_digits(buffer, time->min);
        text_add(buffer, " \xE2\x80\x93 ");
        add_digits(buffer, time->max);
        text_add(buffer, "</span>");
    }
    text_add(buffer, "</td>");
}
