/* SPDX-License-Identifier: Apache-2.0 */
/* The options of `ard-train compare`. */
#ifndef ARD_COMPARE_OPTIONS_H
#define ARD_COMPARE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli.h"

typedef enum table_format { TABLES_TEXT = 0, TABLES_MARKDOWN = 1 } table_format;

/* Comma-separated values in place of the report. */
typedef enum csv_content { CSV_CURVES = 0, CSV_DIFFERENCES = 1 } csv_content;

/* Text is NULL where the option is not given. */
typedef struct compare_options {
    const char *description; /* the file; one of these two */
    const char *report;      /* results to report on without training */
    const char *data;        /* instead of the description's */
    const char *device;
    const char *results; /* file that the results go to */
    bool resume;
    int format; /* output_format */
    int tables; /* table_format */
    bool tables_given;
    int csv; /* csv_content */
    bool csv_given;
    bool quiet;
} compare_options;

enum { COMPARE_TABLE_SIZE = 16 };

extern const char COMPARE_SUMMARY[];
extern const char COMPARE_DESCRIPTION[];

/* The table of the command line, ended by an entry without a name. */
void compare_options_table(compare_options *options, cli_option table[COMPARE_TABLE_SIZE]);

/* What options say about each other. CLI_SUCCESS or CLI_MISTAKE. */
int compare_options_check(const compare_options *options);

#endif
