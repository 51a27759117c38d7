/* SPDX-License-Identifier: Apache-2.0 */
#include "support/folder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/memory.h"
#include "support/unit.h"

test_folder test_folder_create(void)
{
    test_folder folder;
    const char *base = getenv("TMPDIR");
    test_folder_join(base != NULL && base[0] != '\0' ? base : "/tmp", "ard-test-XXXXXX",
                     folder.path);
    if (mkdtemp(folder.path) == NULL) {
        fail_msg("no temporary folder %s", folder.path);
    }
    return folder;
}

/* Whether the entry is one of the folder's own two. */
static int is_dot(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static void remove_tree(const char *path)
{
    DIR *open = opendir(path);
    if (open != NULL) {
        for (struct dirent *entry = readdir(open); entry != NULL; entry = readdir(open)) {
            if (!is_dot(entry->d_name)) {
                char inside[TEST_PATH_CAPACITY];
                test_folder_join(path, entry->d_name, inside);
                remove_tree(inside);
            }
        }
        closedir(open);
        rmdir(path);
        return;
    }
    unlink(path);
}

void test_folder_destroy(test_folder *folder)
{
    if (folder->path[0] != '\0') {
        remove_tree(folder->path);
    }
    folder->path[0] = '\0';
}

void test_folder_join(const char *folder, const char *name, char path[TEST_PATH_CAPACITY])
{
    const int length = snprintf(path, TEST_PATH_CAPACITY, "%s/%s", folder, name);
    assert_true(length > 0 && length < TEST_PATH_CAPACITY);
}

test_place test_place_create(const char *name)
{
    test_place place = {.folder = test_folder_create()};
    test_folder_join(place.folder.path, name, place.path);
    return place;
}

void test_place_destroy(test_place *place)
{
    test_folder_destroy(&place->folder);
}

size_t test_folder_count(const char *path, char first[TEST_PATH_CAPACITY])
{
    DIR *open = opendir(path);
    size_t count = 0;
    if (open == NULL) {
        return 0;
    }
    for (struct dirent *entry = readdir(open); entry != NULL; entry = readdir(open)) {
        if (is_dot(entry->d_name)) {
            continue;
        }
        if (first != NULL && (count == 0 || strcmp(entry->d_name, first) < 0)) {
            snprintf(first, TEST_PATH_CAPACITY, "%s", entry->d_name);
        }
        ++count;
    }
    closedir(open);
    return count;
}

unsigned char *test_file_read(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("cannot open %s", path);
    }
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    const long length = ftell(file);
    assert_true(length >= 0);
    rewind(file);
    unsigned char *bytes = test_alloc((size_t)length, 1);
    *size = fread(bytes, 1, (size_t)length, file);
    assert_int_equal(*size, length);
    fclose(file);
    return bytes;
}

void test_file_write(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        fail_msg("cannot write %s", path);
    }
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}
