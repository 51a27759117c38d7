/* SPDX-License-Identifier: Apache-2.0 */
#include "files/checkpoint_file.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "core/status_internal.h"
#include "files/file.h"

/* magic (8), version (4), CRC-32 of length and payload (4), length of the payload (8), payload */
static const unsigned char magic[8] = {'A', 'R', 'D', 'C', 'K', 'P', 'T', '\n'};
enum { VERSION = 4, VERSION_AT = 8, CHECK_AT = 12, LENGTH_AT = 16, HEADER_BYTES = 24 };

static void store(unsigned char *to, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; ++i) {
        to[i] = (unsigned char)(value >> (8 * i));
    }
}

static uint64_t fetch(const unsigned char *from, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; ++i) {
        value |= (uint64_t)from[i] << (8 * i);
    }
    return value;
}

void *ard__put_space(ard__writer *writer, size_t size)
{
    if (writer->data == NULL && !writer->failed) {
        writer->size = HEADER_BYTES; /* filled in by ard__writer_save */
    }
    if (writer->failed || size > SIZE_MAX / 2 - writer->size) {
        writer->failed = true;
        return NULL;
    }
    const size_t needed = writer->size + size;
    if (needed > writer->capacity) {
        const size_t capacity = needed > 2 * writer->capacity ? needed : 2 * writer->capacity;
        unsigned char *grown = realloc(writer->data, capacity);
        if (grown == NULL) {
            writer->failed = true;
            return NULL;
        }
        writer->data = grown;
        writer->capacity = capacity;
    }
    void *space = writer->data + writer->size;
    writer->size = needed;
    return space;
}

static void put_value(ard__writer *writer, uint64_t value, size_t bytes)
{
    unsigned char *space = ard__put_space(writer, bytes);
    if (space != NULL) {
        store(space, value, bytes);
    }
}

void ard__put_u32(ard__writer *writer, uint32_t value)
{
    put_value(writer, value, 4);
}

void ard__put_u64(ard__writer *writer, uint64_t value)
{
    put_value(writer, value, 8);
}

void ard__put_f64(ard__writer *writer, double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    ard__put_u64(writer, bits);
}

void ard__put_bytes(ard__writer *writer, const void *bytes, size_t size)
{
    void *space = ard__put_space(writer, size);
    if (space != NULL && size > 0) {
        memcpy(space, bytes, size);
    }
}

void ard__put_words(ard__writer *writer, const void *words, size_t count)
{
    unsigned char *space = count <= SIZE_MAX / 4 ? ard__put_space(writer, 4 * count) : NULL;
    for (size_t i = 0; space != NULL && i < count; ++i) {
        uint32_t word = 0;
        memcpy(&word, (const unsigned char *)words + 4 * i, sizeof word);
        store(space + 4 * i, word, 4);
    }
}

ard_status ard__writer_save(const ard__writer *writer, const char *path)
{
    if (writer->failed || writer->data == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory to collect the checkpoint %s",
                         path);
    }
    memcpy(writer->data, magic, sizeof magic);
    store(writer->data + VERSION_AT, VERSION, 4);
    store(writer->data + LENGTH_AT, writer->size - HEADER_BYTES, 8);
    store(writer->data + CHECK_AT, crc32_z(0, writer->data + LENGTH_AT, writer->size - LENGTH_AT),
          4);
    return ard__file_write(path, writer->data, writer->size);
}

void ard__writer_free(ard__writer *writer)
{
    free(writer->data);
    *writer = (ard__writer){0};
}

static ard_status check_container(const char *path, const unsigned char *file, size_t size)
{
    if (size < HEADER_BYTES || memcmp(file, magic, sizeof magic) != 0) {
        return ard__fail(ARD_STATUS_FORMAT, "%s is not a checkpoint of libard", path);
    }
    const uint64_t version = fetch(file + VERSION_AT, 4);
    if (version != VERSION) {
        return ard__fail(ARD_STATUS_FORMAT, "%s has checkpoint version %llu, expected %d", path,
                         (unsigned long long)version, VERSION);
    }
    const uint64_t length = fetch(file + LENGTH_AT, 8);
    if (length != size - HEADER_BYTES) {
        return ard__fail(ARD_STATUS_FORMAT, "%s is cut or extended: it says %llu bytes and has %zu",
                         path, (unsigned long long)length, size - HEADER_BYTES);
    }
    if (fetch(file + CHECK_AT, 4) != crc32_z(0, file + LENGTH_AT, size - LENGTH_AT)) {
        return ard__fail(ARD_STATUS_FORMAT, "%s is damaged: its checksum does not match", path);
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard__reader_open(const char *path, ard__reader *reader)
{
    void *file = NULL;
    size_t size = 0;
    *reader = (ard__reader){0};
    ARD_TRY(ard__file_read(path, SIZE_MAX / 4, &file, &size));
    const ard_status status = check_container(path, file, size);
    if (status != ARD_STATUS_SUCCESS) {
        free(file);
        return status;
    }
    *reader = (ard__reader){
        .file = file, .data = (unsigned char *)file + HEADER_BYTES, .size = size - HEADER_BYTES};
    return ARD_STATUS_SUCCESS;
}

const void *ard__get_bytes(ard__reader *reader, size_t size)
{
    if (reader->failed || size > reader->size - reader->at) {
        reader->failed = true;
        return NULL;
    }
    const void *bytes = reader->data + reader->at;
    reader->at += size;
    return bytes;
}

static uint64_t get_value(ard__reader *reader, size_t bytes)
{
    const unsigned char *from = ard__get_bytes(reader, bytes);
    return from != NULL ? fetch(from, bytes) : 0;
}

uint32_t ard__get_u32(ard__reader *reader)
{
    return (uint32_t)get_value(reader, 4);
}

uint64_t ard__get_u64(ard__reader *reader)
{
    return get_value(reader, 8);
}

double ard__get_f64(ard__reader *reader)
{
    const uint64_t bits = ard__get_u64(reader);
    double value = 0.0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

bool ard__get_words(ard__reader *reader, void *words, size_t count)
{
    const unsigned char *from = NULL;
    if (count <= SIZE_MAX / 4) {
        from = ard__get_bytes(reader, 4 * count);
    } else {
        reader->failed = true;
    }
    for (size_t i = 0; from != NULL && i < count; ++i) {
        const uint32_t word = (uint32_t)fetch(from + 4 * i, 4);
        memcpy((unsigned char *)words + 4 * i, &word, sizeof word);
    }
    return from != NULL;
}

size_t ard__reader_left(const ard__reader *reader)
{
    return reader->size - reader->at;
}

void ard__reader_close(ard__reader *reader)
{
    free(reader->file);
    *reader = (ard__reader){0};
}

ard_status ard__checkpoint_damaged(const char *what)
{
    return ard__fail(ARD_STATUS_FORMAT, "the checkpoint is damaged: %s", what);
}
