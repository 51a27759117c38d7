/* SPDX-License-Identifier: Apache-2.0 */
/* Whole text files, read with a bound. */
#ifndef ARD_MEASURE_TEXT_FILE_H
#define ARD_MEASURE_TEXT_FILE_H

#include <stddef.h>

#include "cli.h"

/* Reads a regular file of at most `most` MiB without NUL bytes; the text ends with NUL and is the
 * caller's to free. CLI_SUCCESS, or after a line CLI_MISTAKE or, without memory, CLI_FAILURE.
 * `program` heads the lines. */
int text_file_read(const cli_program *program, const char *path, size_t most, char **text);

#endif
