/* SPDX-License-Identifier: Apache-2.0 */
/* Temporary folders and whole files for tests. */
#ifndef ARD_TEST_FOLDER_H
#define ARD_TEST_FOLDER_H

#include <stddef.h>

enum { TEST_PATH_CAPACITY = 512 };

/* A new empty folder; removed with all that is in it by test_folder_destroy. */
typedef struct test_folder {
    char path[TEST_PATH_CAPACITY];
} test_folder;

test_folder test_folder_create(void);
void test_folder_destroy(test_folder *folder);

/* A new folder, and the path of a file in it that is not there yet. */
typedef struct test_place {
    test_folder folder;
    char path[TEST_PATH_CAPACITY];
} test_place;

test_place test_place_create(const char *name);
void test_place_destroy(test_place *place);

/* `path` gets folder/name. */
void test_folder_join(const char *folder, const char *name, char path[TEST_PATH_CAPACITY]);

/* The number of entries of a folder; 0 where there is none. `first`, unless NULL, gets the name of
 * the alphabetically first one. */
size_t test_folder_count(const char *path, char first[TEST_PATH_CAPACITY]);

/* The bytes of a file, the caller's to free. The test fails where it cannot be read or written. */
unsigned char *test_file_read(const char *path, size_t *size);
void test_file_write(const char *path, const void *bytes, size_t size);

#endif
