/* SPDX-License-Identifier: Apache-2.0 */
#include "data/byte_stream.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <zlib.h>

enum {
    CHUNK = 1 << 16,
    GZIP_WINDOW = 15 + 16, /* inflateInit2: largest window, gzip header and trailer */
    MOST_INFLATION = 1032  /* deflate never packs more than this many bytes into one */
};

struct byte_stream {
    const char *path;
    FILE *file;
    uint64_t file_size;
    uint64_t file_read; /* up to the end of `chunk` */
    bool compressed;
    bool inflating; /* `z` holds memory */
    bool ended;     /* the last compressed member is complete */
    z_stream z;
    unsigned char chunk[CHUNK];
};

/* A whole chunk, or what is left. False on a read error. */
static bool fill_chunk(byte_stream *stream, data_error *error)
{
    errno = 0;
    const size_t got = fread(stream->chunk, 1, CHUNK, stream->file);
    if (got < CHUNK && ferror(stream->file)) {
        return data_fail(error, "%s: cannot read: %s", stream->path, strerror(errno));
    }
    stream->file_read += got;
    stream->z.next_in = stream->chunk;
    stream->z.avail_in = (uInt)got;
    return true;
}

static bool start(byte_stream *stream, data_error *error)
{
    struct stat status;
    if (stat(stream->path, &status) != 0) {
        return data_fail(error, "%s: %s", stream->path, strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return data_fail(error, "%s: not a regular file", stream->path);
    }
    stream->file_size = (uint64_t)status.st_size;
    stream->file = fopen(stream->path, "rb");
    if (stream->file == NULL) {
        return data_fail(error, "%s: %s", stream->path, strerror(errno));
    }
    if (!fill_chunk(stream, error)) {
        return false;
    }
    stream->compressed =
        stream->z.avail_in >= 2 && stream->chunk[0] == 0x1f && stream->chunk[1] == 0x8b;
    if (stream->compressed) {
        if (inflateInit2(&stream->z, GZIP_WINDOW) != Z_OK) {
            return data_fail(error, "%s: not enough memory to unpack it", stream->path);
        }
        stream->inflating = true;
    }
    return true;
}

byte_stream *byte_stream_open(const char *path, data_error *error)
{
    byte_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        data_fail(error, "%s: not enough memory to read it", path);
        return NULL;
    }
    stream->path = path;
    if (!start(stream, error)) {
        byte_stream_close(stream);
        return NULL;
    }
    return stream;
}

void byte_stream_close(byte_stream *stream)
{
    if (stream == NULL) {
        return;
    }
    if (stream->inflating) {
        (void)inflateEnd(&stream->z);
    }
    if (stream->file != NULL) {
        (void)fclose(stream->file);
    }
    free(stream);
}

uint64_t byte_stream_limit(const byte_stream *stream)
{
    if (!stream->compressed) {
        return stream->file_size;
    }
    return stream->file_size > UINT64_MAX / MOST_INFLATION ? UINT64_MAX
                                                           : stream->file_size * MOST_INFLATION;
}

uint64_t byte_stream_size(const byte_stream *stream)
{
    return stream->file_size;
}

uint64_t byte_stream_position(const byte_stream *stream)
{
    return stream->file_read - stream->z.avail_in;
}

bool byte_stream_compressed(const byte_stream *stream)
{
    return stream->compressed;
}

static bool read_plain(byte_stream *stream, unsigned char *bytes, size_t size, size_t *got,
                       data_error *error)
{
    while (*got < size) {
        if (stream->z.avail_in == 0 && !fill_chunk(stream, error)) {
            return false;
        }
        if (stream->z.avail_in == 0) {
            return true;
        }
        const size_t left = size - *got;
        const size_t part = left < stream->z.avail_in ? left : stream->z.avail_in;
        memcpy(bytes + *got, stream->z.next_in, part);
        stream->z.next_in += part;
        stream->z.avail_in -= (uInt)part;
        *got += part;
    }
    return true;
}

/* After the end of a member: another one (gzip files may be concatenated), or the end of the file.
 * inflate() itself refuses what is not a member. */
static bool next_member(byte_stream *stream, data_error *error)
{
    if (inflateReset(&stream->z) != Z_OK) {
        return data_fail(error, "%s: cannot go on unpacking", stream->path);
    }
    stream->ended = false;
    return true;
}

static bool inflate_some(byte_stream *stream, data_error *error)
{
    if (stream->ended && !next_member(stream, error)) {
        return false;
    }
    const int code = inflate(&stream->z, Z_NO_FLUSH);
    if (code == Z_MEM_ERROR) {
        return data_fail(error, "%s: not enough memory to unpack it", stream->path);
    }
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
        return data_fail(error, "%s: damaged gzip data: %s", stream->path,
                         stream->z.msg != NULL ? stream->z.msg : "needs a dictionary");
    }
    stream->ended = code == Z_STREAM_END;
    return true;
}

static bool read_gzip(byte_stream *stream, unsigned char *bytes, size_t size, size_t *got,
                      data_error *error)
{
    while (*got < size) {
        if (stream->z.avail_in == 0 && !fill_chunk(stream, error)) {
            return false;
        }
        if (stream->z.avail_in == 0) {
            return stream->ended || data_fail(error, "%s: truncated gzip data", stream->path);
        }
        const size_t left = size - *got;
        const uInt part = left < CHUNK ? (uInt)left : CHUNK;
        stream->z.next_out = bytes + *got;
        stream->z.avail_out = part;
        if (!inflate_some(stream, error)) {
            return false;
        }
        *got += part - stream->z.avail_out;
    }
    return true;
}

bool byte_stream_read(byte_stream *stream, void *bytes, size_t size, size_t *got, data_error *error)
{
    *got = 0;
    return stream->compressed ? read_gzip(stream, bytes, size, got, error)
                              : read_plain(stream, bytes, size, got, error);
}
