/* SPDX-License-Identifier: Apache-2.0 */
#include "train/compare/json_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "train/messages.h"

enum { MOST_BYTES = 1 << 28 };

static int cannot_read(const char *path, const char *why)
{
    return cli_mistake(&train_messages, "cannot read %s: %s", path, why);
}

/* Looked at before it is opened, since opening a pipe waits for someone to write into it. */
static int find_size(const char *path, size_t *size)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        return cannot_read(path, strerror(errno));
    }
    if (!S_ISREG(info.st_mode)) {
        return cannot_read(path, "it is not a regular file");
    }
    if (info.st_size > MOST_BYTES) {
        return cannot_read(path, "it is larger than 256 MiB");
    }
    *size = (size_t)info.st_size;
    return CLI_SUCCESS;
}

/* All of an open file, ended by NUL. */
static int read_all(const char *path, FILE *file, size_t size, char **text)
{
    char *made = malloc(size + 1);
    if (made == NULL) {
        return cli_failure(&train_messages, "not enough memory for %s", path);
    }
    const size_t got = fread(made, 1, size, file);
    if (ferror(file)) {
        free(made);
        return cannot_read(path, strerror(errno));
    }
    made[got] = '\0';
    if (strlen(made) != got) {
        free(made);
        return cannot_read(path, "it is not text");
    }
    *text = made;
    return CLI_SUCCESS;
}

static int parse(const char *path, const char *text, cJSON **document)
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
    return cli_mistake(&train_messages, "%s: not JSON from line %zu on", path, line);
}

int json_file_read(const char *path, cJSON **document)
{
    char *text = NULL;
    size_t size = 0;
    *document = NULL;
    int status = find_size(path, &size);
    if (status != CLI_SUCCESS) {
        return status;
    }
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return cannot_read(path, strerror(errno));
    }
    status = read_all(path, file, size, &text);
    (void)fclose(file);
    if (status == CLI_SUCCESS) {
        status = parse(path, text, document);
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
    return fopen(beside, "wbx");
}

static bool write_text(FILE *file, const char *text)
{
    return fputs(text, file) >= 0 && fputc('\n', file) != EOF && fflush(file) == 0 &&
           fsync(fileno(file)) == 0;
}

int json_file_write(const char *path, const cJSON *document)
{
    char beside[4096];
    char *text = cJSON_Print(document);
    if (text == NULL) {
        return cli_failure(&train_messages, "not enough memory to write %s", path);
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
    return good ? CLI_SUCCESS
                : cli_failure(&train_messages, "cannot write %s: %s", path, strerror(error));
}
