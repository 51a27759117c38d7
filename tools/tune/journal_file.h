/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of a journal. */
#ifndef ARD_TUNE_JOURNAL_FILE_H
#define ARD_TUNE_JOURNAL_FILE_H

#include "journal.h"

/* What a line of a journal says. */
typedef enum journal_line {
    JOURNAL_LINE_BAD,
    JOURNAL_LINE_ENTRY,     /* an entry begins or ends */
    JOURNAL_LINE_FORGOTTEN, /* an entry is taken back */
} journal_line;

/* Reads a line (without its end) that is not the first. */
journal_line journal_read_line(const char *text, journal_entry *entry);

/* Whether the line is the first one of a journal; `*same`: about this identity. */
bool journal_read_head(const char *text, const char *identity, bool *same);

/* Write a line and flush it; false when that fails. */
bool journal_write_head(FILE *file, const char *identity);
bool journal_write_entry(FILE *file, const journal_entry *entry);
bool journal_write_forgotten(FILE *file, const char *key);

#endif
