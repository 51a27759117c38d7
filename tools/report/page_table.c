/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/page.h"

enum { MOST_UNFOLDED = 60 }; /* rows */

/* A table that begins with a number has nothing else: its style says so once. */
static void begin_scroll(text_buffer *buffer, const char *columns)
{
    text_addf(buffer, "<div class=\"scroll\" tabindex=\"0\"><table%s>",
              columns[0] == '>' ? " class=\"e\"" : "");
}

static void begin_columns(text_buffer *buffer, const char *columns)
{
    text_add(buffer, "<thead><tr>");
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

void page_begin_table(text_buffer *buffer, const char *caption, const char *columns)
{
    begin_scroll(buffer, columns);
    text_add(buffer, "<caption>");
    text_add_escaped(buffer, caption);
    text_add(buffer, "</caption>\n");
    begin_columns(buffer, columns);
}

void page_end_table(text_buffer *buffer)
{
    text_add(buffer, "</tbody></table></div>\n");
}

static void begin_details(text_buffer *buffer, const char *summary)
{
    text_add(buffer, "<details><summary>");
    text_add_escaped(buffer, summary);
    text_add(buffer, "</summary>\n");
}

bool page_begin_fold(text_buffer *buffer, const char *title, size_t rows)
{
    const bool folded = rows > MOST_UNFOLDED;
    if (folded) {
        begin_details(buffer, title);
    }
    return folded;
}

void page_end_fold(text_buffer *buffer, bool folded)
{
    text_add(buffer, folded ? "</details>\n" : "");
}

void page_begin_part(text_buffer *buffer, const char *caption, bool folded, const char *columns)
{
    if (!folded) {
        page_begin_table(buffer, caption, columns);
        return;
    }
    begin_details(buffer, caption); /* which names the table */
    begin_scroll(buffer, columns);
    begin_columns(buffer, columns);
}

void page_end_part(text_buffer *buffer, bool folded)
{
    page_end_table(buffer);
    page_end_fold(buffer, folded);
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

/* All the six digits of a document; whole numbers that are longer, such as seeds, as they are. */
static void add_digits(text_buffer *buffer, double value)
{
    const bool whole = fabs(value) < 1e15 && value == floor(value);
    if (isfinite(value)) {
        text_addf(buffer, "%.*g", whole ? 15 : 6, value == 0 ? 0 : value);
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

void page_plain_number(text_buffer *buffer, double value)
{
    text_add(buffer, "<td>");
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
