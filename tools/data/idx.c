/* SPDX-License-Identifier: Apache-2.0 */
#include "data/idx.h"

#include <inttypes.h>
#include <stdlib.h>

#include "data/byte_stream.h"

/* Far above any data set that is trained on here, and far below what would hurt: a small gzip file
 * can claim to unpack to a thousand times its size. */
static const uint64_t MOST_ELEMENTS = UINT64_C(1) << 31;

enum { MAGIC_BYTES = 4, NUMBER_BYTES = 4 };

static uint32_t big_endian(const unsigned char bytes[NUMBER_BYTES])
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
           (uint32_t)bytes[3];
}

static bool check_magic(const char *path, const unsigned char *magic, size_t dimensions,
                        data_error *error)
{
    if (magic[0] != 0 || magic[1] != 0) {
        return data_fail(error, "%s: not an idx file: it begins with %02x%02x%02x%02x", path,
                         magic[0], magic[1], magic[2], magic[3]);
    }
    if (magic[2] != IDX_UBYTE) {
        return data_fail(error, "%s: elements of type 0x%02x; expected 0x08, unsigned bytes", path,
                         magic[2]);
    }
    if (magic[3] != dimensions) {
        return data_fail(error, "%s: %u dimensions; expected %zu", path, magic[3], dimensions);
    }
    return true;
}

/* Fills in sizes and count; they are known to fit the file and this host afterwards. */
static bool check_sizes(const char *path, const unsigned char *numbers, const byte_stream *stream,
                        idx_array *array, data_error *error)
{
    const uint64_t header = MAGIC_BYTES + NUMBER_BYTES * array->dimensions;
    uint64_t count = 1;
    for (size_t i = 0; i < array->dimensions; ++i) {
        const uint32_t size = big_endian(numbers + NUMBER_BYTES * i);
        if (size == 0) {
            return data_fail(error, "%s: dimension %zu is zero", path, i + 1);
        }
        if (size > MOST_ELEMENTS / count) {
            return data_fail(error, "%s: claims more than %" PRIu64 " elements", path,
                             MOST_ELEMENTS);
        }
        count *= size;
        array->size[i] = size;
    }
    const uint64_t limit = byte_stream_limit(stream);
    const uint64_t needed = header + count;
    if (byte_stream_compressed(stream) && needed > limit) {
        return data_fail(error,
                         "%s: claims %" PRIu64 " bytes; it can unpack to %" PRIu64 " at most", path,
                         needed, limit);
    }
    if (!byte_stream_compressed(stream) && needed != limit) {
        return data_fail(error, "%s: %s: it has %" PRIu64 " bytes, its header asks for %" PRIu64,
                         path, needed > limit ? "truncated" : "trailing bytes", limit, needed);
    }
    array->count = (size_t)count;
    return true;
}

static bool read_header(const char *path, byte_stream *stream, idx_array *array, data_error *error)
{
    unsigned char magic[MAGIC_BYTES];
    unsigned char numbers[NUMBER_BYTES * IDX_MAX_DIMENSIONS];
    size_t got;
    if (!byte_stream_read(stream, magic, sizeof magic, &got, error)) {
        return false;
    }
    if (got < sizeof magic) {
        return data_fail(error, "%s: truncated: only %zu bytes", path, got);
    }
    if (!check_magic(path, magic, array->dimensions, error)) {
        return false;
    }
    const size_t size = NUMBER_BYTES * array->dimensions;
    if (!byte_stream_read(stream, numbers, size, &got, error)) {
        return false;
    }
    if (got < size) {
        return data_fail(error, "%s: truncated within its header", path);
    }
    return check_sizes(path, numbers, stream, array, error);
}

static bool read_elements(const char *path, byte_stream *stream, idx_array *array,
                          data_error *error)
{
    array->elements = malloc(array->count);
    if (array->elements == NULL) {
        return data_fail(error, "%s: not enough memory for its %zu bytes", path, array->count);
    }
    size_t got;
    if (!byte_stream_read(stream, array->elements, array->count, &got, error)) {
        return false;
    }
    if (got < array->count) {
        return data_fail(error, "%s: truncated: %zu of %zu elements", path, got, array->count);
    }
    unsigned char extra;
    if (!byte_stream_read(stream, &extra, 1, &got, error)) {
        return false;
    }
    return got == 0 ||
           data_fail(error, "%s: trailing bytes after its %zu elements", path, array->count);
}

bool idx_read(const char *path, size_t dimensions, idx_array *array, data_error *error)
{
    idx_array made = {.dimensions = dimensions};
    byte_stream *stream = byte_stream_open(path, error);
    if (stream == NULL) {
        return false;
    }
    const bool good =
        read_header(path, stream, &made, error) && read_elements(path, stream, &made, error);
    byte_stream_close(stream);
    if (!good) {
        idx_destroy(&made);
        return false;
    }
    *array = made;
    return true;
}

void idx_destroy(idx_array *array)
{
    free(array->elements);
    *array = (idx_array){0};
}
