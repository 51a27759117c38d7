/* SPDX-License-Identifier: Apache-2.0 */
#include "report/output_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/report_data.h"

enum { BESIDE_EXTRA = 40 };

static int no_memory(const output_files *files)
{
    return cli_failure(files->program, "the host has not enough memory");
}

const output_file *output_plan(output_files *files, const char *path)
{
    output_file *grown = report_append(files->files, files->count, sizeof *grown);
    char *copy = strdup(path);
    char *beside = malloc(strlen(path) + BESIDE_EXTRA);
    if (grown != NULL) {
        files->files = grown;
    }
    if (grown == NULL || copy == NULL || beside == NULL) {
        free(copy);
        free(beside);
        (void)no_memory(files);
        return NULL;
    }
    (void)snprintf(beside, strlen(path) + BESIDE_EXTRA, "%s.%ld.partial", path, (long)getpid());
    (void)unlink(beside); /* left by a process of the same number that was killed */
    grown[files->count] = (output_file){.path = copy, .beside = beside};
    return &grown[files->count++];
}

static bool write_whole(const char *path, const char *data, size_t size)
{
    FILE *stream = fopen(path, "wbx");
    if (stream == NULL) {
        return false;
    }
    const bool written =
        fwrite(data, 1, size, stream) == size && fflush(stream) == 0 && fsync(fileno(stream)) == 0;
    const int error = errno;
    const bool closed = fclose(stream) == 0;
    errno = written ? errno : error;
    return written && closed;
}

int output_write(output_files *files, const char *path, const char *data, size_t size)
{
    const output_file *file = output_plan(files, path);
    if (file == NULL) {
        return CLI_FAILURE;
    }
    if (!write_whole(file->beside, data, size)) {
        return cli_failure(files->program, "cannot write %s: %s", path, strerror(errno));
    }
    return CLI_CONTINUE;
}

int output_commit(output_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        output_file *file = &files->files[i];
        if (rename(file->beside, file->path) != 0) {
            return cli_failure(files->program, "cannot write %s: %s", file->path, strerror(errno));
        }
        free(file->beside);
        file->beside = NULL;
    }
    return CLI_CONTINUE;
}

void output_close(output_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        if (files->files[i].beside != NULL) {
            (void)unlink(files->files[i].beside);
        }
        free(files->files[i].beside);
        free(files->files[i].path);
    }
    free(files->files);
    files->files = NULL;
    files->count = 0;
}
