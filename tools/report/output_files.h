/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are written together: all of them beside their names first, and renamed when every one
 * is whole, so that a full disk leaves the earlier ones as they were. */
#ifndef ARD_REPORT_OUTPUT_FILES_H
#define ARD_REPORT_OUTPUT_FILES_H

#include "cli.h"

typedef struct output_file {
    char *path;   /* owned */
    char *beside; /* owned */
} output_file;

typedef struct output_files {
    const cli_program *program; /* heads messages */
    output_file *files;
    size_t count;
} output_files;

/* Makes room for a file and the name beside it, which is not there yet; NULL after a line. */
const output_file *output_plan(output_files *files, const char *path);

/* Writes a file beside `path`. CLI_CONTINUE, or CLI_FAILURE after a line. */
int output_write(output_files *files, const char *path, const char *data, size_t size);

/* Gives all files their names. CLI_CONTINUE, or CLI_FAILURE after a line. */
int output_commit(output_files *files);

/* Removes what has no name yet, and frees the list. */
void output_close(output_files *files);

#endif
