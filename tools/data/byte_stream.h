/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a file, through zlib where the file is gzip.
 *
 * zlib's own gzread() takes what follows a compressed stream for nothing worth mentioning; here
 * every byte of the file is accounted for. */
#ifndef ARD_BYTE_STREAM_H
#define ARD_BYTE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/dataset.h"

typedef struct byte_stream byte_stream;

/* Opens a regular file. `path` must outlive the stream. NULL with the reason. */
byte_stream *byte_stream_open(const char *path, data_error *error);

/* NULL is fine. */
void byte_stream_close(byte_stream *stream);

/* No more bytes than this can come: the file's size, or the most that its compressed size can
 * unpack to. */
uint64_t byte_stream_limit(const byte_stream *stream);

/* The size of the file, and how much of it has been taken, for a display of progress. */
uint64_t byte_stream_size(const byte_stream *stream);
uint64_t byte_stream_position(const byte_stream *stream);

/* Whether the file is gzip. */
bool byte_stream_compressed(const byte_stream *stream);

/* Reads up to `size` bytes; `*got` is less than that only at the end of the file. False with the
 * reason for a read error and for damaged or cut off compressed data. */
bool byte_stream_read(byte_stream *stream, void *bytes, size_t size, size_t *got,
                      data_error *error);

#endif
