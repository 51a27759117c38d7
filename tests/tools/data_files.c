/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/data_files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "support/unit.h"

static char folder[64];

const char *data_folder(void)
{
    return folder;
}

int data_folder_setup(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/ard-data-XXXXXX");
    return mkdtemp(folder) == NULL;
}

void data_folder_empty(void)
{
    DIR *listing = opendir(folder);
    assert_non_null(listing);
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing)) {
        char path[2 * DATA_PATH_SIZE];
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            assert_int_equal(remove(path), 0);
        }
    }
    assert_int_equal(closedir(listing), 0);
}

int data_folder_teardown(void **state)
{
    (void)state;
    data_folder_empty();
    return rmdir(folder);
}

void data_path(const char *name, char path[DATA_PATH_SIZE])
{
    const int length = snprintf(path, DATA_PATH_SIZE, "%s/%s", folder, name);
    assert_true(length > 0 && length < DATA_PATH_SIZE);
}

void data_write(const char *name, const void *bytes, size_t size)
{
    char path[DATA_PATH_SIZE];
    data_path(name, path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

size_t data_gzip(const void *bytes, size_t size, unsigned char *packed, size_t capacity)
{
    z_stream z;
    memset(&z, 0, sizeof z);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
    unsigned char *copy = malloc(size + 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    z.next_in = copy;
    z.avail_in = (uInt)size;
    z.next_out = packed;
    z.avail_out = (uInt)capacity;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(deflateEnd(&z), Z_OK);
    free(copy);
    return capacity - z.avail_out;
}

void data_write_gzip(const char *name, const void *bytes, size_t size)
{
    const size_t capacity = size + 1024;
    unsigned char *packed = malloc(capacity);
    assert_non_null(packed);
    data_write(name, packed, data_gzip(bytes, size, packed, capacity));
    free(packed);
}

size_t data_idx(size_t dimensions, const uint32_t *sizes, const unsigned char *elements,
                size_t count, unsigned char *file)
{
    const unsigned char magic[4] = {0, 0, 8, (unsigned char)dimensions};
    memcpy(file, magic, sizeof magic);
    size_t used = sizeof magic;
    for (size_t i = 0; i < dimensions; ++i) {
        for (unsigned shift = 32; shift > 0; shift -= 8) {
            file[used++] = (unsigned char)((sizes[i] >> (shift - 8)) & 0xffu);
        }
    }
    memcpy(file + used, elements, count);
    return used + count;
}
