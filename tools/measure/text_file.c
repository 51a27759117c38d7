/* SPDX-License-Identifier: Apache-2.0 */
#include "text_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int cannot_read(const cli_program *program, const char *path, const char *why)
{
    return cli_mistake(program, "cannot read %s: %s", path, why);
}

/* Looked at before it is opened, since opening a pipe waits for someone to write into it. */
static int find_size(const cli_program *program, const char *path, size_t most, size_t *size)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        return cannot_read(program, path, strerror(errno));
    }
    if (!S_ISREG(info.st_mode)) {
        return cannot_read(program, path, "it is not a regular file");
    }
    if (info.st_size < 0 || (uintmax_t)info.st_size > (uintmax_t)most << 20) {
        char why[64];
        snprintf(why, sizeof why, "it is larger than %zu MiB", most);
        return cannot_read(program, path, why);
    }
    *size = (size_t)info.st_size;
    return CLI_SUCCESS;
}

/* All of an open file, ended by NUL. */
static int read_all(const cli_program *program, const char *path, FILE *file, size_t size,
                    char **text)
{
    char *made = malloc(size + 1);
    if (made == NULL) {
        return cli_failure(program, "not enough memory for %s", path);
    }
    const size_t got = fread(made, 1, size, file);
    if (ferror(file)) {
        free(made);
        return cannot_read(program, path, strerror(errno));
    }
    made[got] = '\0';
    if (strlen(made) != got) {
        free(made);
        return cannot_read(program, path, "it is not text");
    }
    *text = made;
    return CLI_SUCCESS;
}

int text_file_read(const cli_program *program, const char *path, size_t most, char **text)
{
    size_t size = 0;
    *text = NULL;
    int status = find_size(program, path, most, &size);
    if (status != CLI_SUCCESS) {
        return status;
    }
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return cannot_read(program, path, strerror(errno));
    }
    status = read_all(program, path, file, size, text);
    (void)fclose(file);
    return status;
}
