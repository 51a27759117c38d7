/* SPDX-License-Identifier: Apache-2.0 */
#include "files/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/status_internal.h"

static ard_status fail_io(const char *what, const char *path)
{
    return ard__fail(ARD_STATUS_IO, "cannot %s %s: %s", what, path, strerror(errno));
}

static ard_status check_size(int file, const char *path, size_t max_bytes, size_t *size)
{
    struct stat info;
    if (fstat(file, &info) != 0) {
        return fail_io("examine", path);
    }
    if (!S_ISREG(info.st_mode)) {
        return ard__fail(ARD_STATUS_IO, "%s is not a regular file", path);
    }
    if (info.st_size < 0 || (unsigned long long)info.st_size > max_bytes) {
        return ard__fail(ARD_STATUS_IO, "%s has %lld bytes, more than the %zu expected at most",
                         path, (long long)info.st_size, max_bytes);
    }
    *size = (size_t)info.st_size;
    return ARD_STATUS_SUCCESS;
}

static ard_status read_all(int file, const char *path, char *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        const ssize_t got = read(file, data + done, size - done);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return fail_io("read", path);
        }
        if (got == 0) {
            return ard__fail(ARD_STATUS_IO, "%s became shorter while it was read", path);
        }
        done += (size_t)got;
    }
    data[size] = '\0';
    return ARD_STATUS_SUCCESS;
}

ard_status ard__file_read(const char *path, size_t max_bytes, void **data, size_t *size)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        return fail_io("open", path);
    }
    size_t bytes = 0;
    char *content = NULL;
    ard_status status = check_size(file, path, max_bytes, &bytes);
    if (status == ARD_STATUS_SUCCESS) {
        content = malloc(bytes + 1);
        status = content == NULL ? ard__fail(ARD_STATUS_OUT_OF_MEMORY,
                                             "no host memory for the %zu bytes of %s", bytes, path)
                                 : read_all(file, path, content, bytes);
    }
    close(file);
    if (status != ARD_STATUS_SUCCESS) {
        free(content);
        return status;
    }
    *data = content;
    *size = bytes;
    return ARD_STATUS_SUCCESS;
}

static ard_status write_all(int file, const char *path, const char *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        const ssize_t put = write(file, data + done, size - done);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return fail_io("write", path);
        }
        done += (size_t)put;
    }
    return fsync(file) == 0 ? ARD_STATUS_SUCCESS : fail_io("flush", path);
}

/* Opens a file beside `path` that did not exist, and stores its name in `beside`. */
static ard_status open_beside(const char *path, char *beside, size_t capacity, int *file)
{
    for (unsigned attempt = 0; attempt < 100; ++attempt) {
        const int length =
            snprintf(beside, capacity, "%s.%ld-%u.partial", path, (long)getpid(), attempt);
        if (length < 0 || (size_t)length >= capacity) {
            return ard__fail(ARD_STATUS_IO, "the path %.100s... is too long", path);
        }
        *file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (*file >= 0) {
            return ARD_STATUS_SUCCESS;
        }
        if (errno != EEXIST) {
            break;
        }
    }
    return fail_io("create", beside);
}

ard_status ard__file_write(const char *path, const void *data, size_t size)
{
    char beside[4096];
    int file = -1;
    ARD_TRY(open_beside(path, beside, sizeof beside, &file));
    ard_status status = write_all(file, beside, data, size);
    if (close(file) != 0 && status == ARD_STATUS_SUCCESS) {
        status = fail_io("close", beside);
    }
    if (status == ARD_STATUS_SUCCESS && rename(beside, path) != 0) {
        status = fail_io("rename the new file to", path);
    }
    if (status != ARD_STATUS_SUCCESS) {
        unlink(beside);
    }
    return status;
}
