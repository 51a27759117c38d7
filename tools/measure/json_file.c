/* SPDX-License-Identifier: Apache-2.0 */
#include "json_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text_file.h"

enum { MOST_MEBIBYTES = 256 };

static int parse(const cli_program *program, const char *path, const char *text, cJSON **document)
{
    const char *end = text;
    size_t line = 1;
    *document = cJSON_ParseWithOpts(text, &end, true);
    if (*document != NULL) {
        return CLI_SUCCESS;
    }
    for (const char *c = text; end != NULL && c < end && *c != '\0'; ++c) {
        line += *c == '\n';
    }
    return cli_mistake(program, "%s: not JSON from line %zu on", path, line);
}

int json_file_read(const cli_program *program, const char *path, cJSON **document)
{
    char *text = NULL;
    *document = NULL;
    int status = text_file_read(program, path, MOST_MEBIBYTES, &text);
    if (status == CLI_SUCCESS) {
        status = parse(program, path, text, document);
    }
    free(text);
    return status;
}

/* Makes a new file beside `path`, which gets the rights that any new file would. */
static FILE *open_beside(const char *path, char *beside, size_t size)
{
    const int length = snprintf(beside, size, "%s.%ld.partial", path, (long)getpid());
    if (length < 0 || (size_t)length >= size) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    (void)unlink(beside); /* left by a process of the same number that was killed */
    return fopen(beside, "wbx");
}

static bool write_text(FILE *file, const char *text)
{
    return fputs(text, file) >= 0 && fputc('\n', file) != EOF && fflush(file) == 0 &&
           fsync(fileno(file)) == 0;
}

int json_file_write(const cli_program *program, const char *path, const cJSON *document)
{
    char beside[4096];
    char *text = cJSON_Print(document);
    if (text == NULL) {
        return cli_failure(program, "not enough memory to write %s", path);
    }
    FILE *file = open_beside(path, beside, sizeof beside);
    bool good = file != NULL;
    int error = errno;
    if (good) {
        good = write_text(file, text);
        error = errno;
        if (fclose(file) != 0 && good) {
            good = false;
            error = errno;
        }
        if (good && rename(beside, path) != 0) {
            good = false;
            error = errno;
        }
        if (!good) {
            (void)unlink(beside);
        }
    }
    cJSON_free(text);
    return good ? CLI_SUCCESS : cli_failure(program, "cannot write %s: %s", path, strerror(error));
}
