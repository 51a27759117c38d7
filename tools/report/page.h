/* SPDX-License-Identifier: Apache-2.0 */
/* The report as one HTML page that needs nothing else: no script, style, font or picture of
 * somewhere. */
#ifndef ARD_REPORT_PAGE_H
#define ARD_REPORT_PAGE_H

#include "report/picture.h"
#include "report/report_data.h"
#include "report/text_buffer.h"

void page_write(text_buffer *buffer, const char *title, const report_data *data,
                const picture_list *pictures);

extern const char page_style[];
extern const char page_dark_style[];

/* Its first paragraph: what was found, in a sentence or a few. */
void page_summary(text_buffer *buffer, const report_data *data);

/* Its tables. */
void page_devices(text_buffer *buffer, const report_data *data);
void page_results(text_buffer *buffer, const report_data *data);
void page_profiles(text_buffer *buffer, const report_data *data);
void page_periods(text_buffer *buffer, const report_data *data);
void page_runs(text_buffer *buffer, const report_data *data);

/* Parts of a table: its beginning with a caption, which is escaped, and its columns, "|" between
 * them and ">" before those of numbers; cells. A table whose first column is of numbers has no
 * others. */
void page_begin_table(text_buffer *buffer, const char *caption, const char *columns);
void page_end_table(text_buffer *buffer);

/* Tables of `rows` rows in all: where those are many, they are folded away under a title until a
 * reader opens it. Answers whether they are; their parts, page_begin_part(), are folded then, too.
 */
bool page_begin_fold(text_buffer *buffer, const char *title, size_t rows);
void page_end_fold(text_buffer *buffer, bool folded);
void page_begin_part(text_buffer *buffer, const char *caption, bool folded, const char *columns);
void page_end_part(text_buffer *buffer, bool folded);
void page_head_cell(text_buffer *buffer, const char *text);
void page_cell(text_buffer *buffer, const char *text);
void page_number(text_buffer *buffer, double value);
void page_plain_number(text_buffer *buffer, double value); /* in a table of numbers alone */
void page_time(text_buffer *buffer, const report_time *time);

#endif
