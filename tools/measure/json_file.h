/* SPDX-License-Identifier: Apache-2.0 */
/* Whole JSON documents in files. */
#ifndef ARD_MEASURE_JSON_FILE_H
#define ARD_MEASURE_JSON_FILE_H

#include <cjson/cJSON.h>

#include "cli.h"

/* Reads a file that holds one document and nothing else; free it by cJSON_Delete(). CLI_SUCCESS, or
 * after a line CLI_MISTAKE or, without memory, CLI_FAILURE. `program` heads the lines. */
int json_file_read(const cli_program *program, const char *path, cJSON **document);

/* Writes the document beside `path` and renames it: afterwards there is the whole new file, or,
 * with CLI_FAILURE after a line, the earlier one untouched and nothing beside it. */
int json_file_write(const cli_program *program, const char *path, const cJSON *document);

#endif
