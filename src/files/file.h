/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files: read with a bound, written beside and renamed. */
#ifndef ARD_FILE_H
#define ARD_FILE_H

#include <stddef.h>

#include <ard/status.h>

/* Reads a regular file of at most `max_bytes` into memory, the caller's to free, with a NUL behind
 * its end. IO (also for a larger file), OUT_OF_MEMORY. */
ard_status ard__file_read(const char *path, size_t max_bytes, void **data, size_t *size);

/* Writes a new file beside `path`, flushes it to the disk and renames it to `path`: afterwards
 * there is the whole new file, or, on IO, the earlier one untouched and nothing beside it. */
ard_status ard__file_write(const char *path, const void *data, size_t size);

#endif
