/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of text, for eyes or as Markdown. */
#ifndef ARD_COMPARE_TABLE_H
#define ARD_COMPARE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { TABLE_MAX_COLUMNS = 12, TABLE_CELL_SIZE = 80 };

/* The first row of a table is its heading. */
typedef struct table_row {
    char cells[TABLE_MAX_COLUMNS][TABLE_CELL_SIZE];
} table_row;

/* Columns as wide as they need to be, two blanks between them; the first one flush left, the others
 * right. */
void table_print_text(FILE *output, const table_row *rows, size_t row_count, size_t columns);

void table_print_markdown(FILE *output, const table_row *rows, size_t row_count, size_t columns);

#endif
