/* SPDX-License-Identifier: Apache-2.0 */
/* Small files in a folder that is removed again, for tests of what reads them. */
#ifndef ARD_TEST_DATA_FILES_H
#define ARD_TEST_DATA_FILES_H

#include <stddef.h>
#include <stdint.h>

enum { DATA_PATH_SIZE = 256 };

/* The folder's path; cmocka setup and teardown. */
const char *data_folder(void);
int data_folder_setup(void **state);
int data_folder_teardown(void **state);

/* Removes every file in the folder. */
void data_folder_empty(void);

/* Stores the path of `name` in the folder. */
void data_path(const char *name, char path[DATA_PATH_SIZE]);

/* Write a file: as it is, or as one gzip member. */
void data_write(const char *name, const void *bytes, size_t size);
void data_write_gzip(const char *name, const void *bytes, size_t size);

/* The gzip member of some bytes, into `packed` (room for `capacity`); returns its size. */
size_t data_gzip(const void *bytes, size_t size, unsigned char *packed, size_t capacity);

/* An idx file of unsigned bytes: header for `dimensions` sizes, then the elements. Returns how many
 * bytes went into `file`. */
size_t data_idx(size_t dimensions, const uint32_t *sizes, const unsigned char *elements,
                size_t count, unsigned char *file);

#endif
