/* SPDX-License-Identifier: Apache-2.0 */
#include "train/compare/table.h"

#include <string.h>

static int width_of(const table_row *rows, size_t row_count, size_t column)
{
    size_t width = 0;
    for (size_t r = 0; r < row_count; ++r) {
        const size_t length = strlen(rows[r].cells[column]);
        width = length > width ? length : width;
    }
    return (int)width;
}

void table_print_text(FILE *output, const table_row *rows, size_t row_count, size_t columns)
{
    int widths[TABLE_MAX_COLUMNS];
    for (size_t c = 0; c < columns; ++c) {
        widths[c] = width_of(rows, row_count, c);
    }
    for (size_t r = 0; r < row_count; ++r) {
        (void)fprintf(output, "%-*s", widths[0], rows[r].cells[0]);
        for (size_t c = 1; c < columns; ++c) {
            (void)fprintf(output, "  %*s", widths[c], rows[r].cells[c]);
        }
        (void)fputc('\n', output);
    }
}

void table_print_markdown(FILE *output, const table_row *rows, size_t row_count, size_t columns)
{
    for (size_t r = 0; r < row_count; ++r) {
        for (size_t c = 0; c < columns; ++c) {
            (void)fprintf(output, "| %s ", rows[r].cells[c]);
        }
        (void)fputs("|\n", output);
        for (size_t c = 0; r == 0 && c < columns; ++c) {
            (void)fputs(c == 0 ? "| --- " : "| ---: ", output);
        }
        (void)fputs(r == 0 ? "|\n" : "", output);
    }
}
