/* SPDX-License-Identifier: Apache-2.0 */
/* Whole JSON documents in files. */
#ifndef ARD_COMPARE_JSON_FILE_H
#define ARD_COMPARE_JSON_FILE_H

#include <cjson/cJSON.h>

/* Reads a file that holds one document and nothing else; free it by cJSON_Delete(). CLI_SUCCESS, or
 * after a line CLI_MISTAKE or, without memory, CLI_FAILURE. */
int json_file_read(const char *path, cJSON **document);

/* Writes the document beside `path` and renames it: afterwards there is the whole new file, or,
 * with CLI_FAILURE after a line, the earlier one untouched and nothing beside it. */
int json_file_write(const char *path, const cJSON *document);

#endif
