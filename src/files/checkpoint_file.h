/* SPDX-License-Identifier: Apache-2.0 */
/* The container of a checkpoint: a magic, a version, a length and a checksum around little-endian
 * values.
 *
 * The writer collects values in memory and remembers its first failure; the reader never reads
 * beyond its end and remembers that it would have. So a long row of puts or gets needs one check at
 * its end. */
#ifndef ARD_CHECKPOINT_FILE_H
#define ARD_CHECKPOINT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/status.h>

typedef struct ard__writer {
    unsigned char *data;
    size_t size;
    size_t capacity;
    bool failed; /* no memory */
} ard__writer;

void ard__put_u32(ard__writer *writer, uint32_t value);
void ard__put_u64(ard__writer *writer, uint64_t value);
void ard__put_f64(ard__writer *writer, double value);
void ard__put_bytes(ard__writer *writer, const void *bytes, size_t size);

/* Room for `size` bytes to be filled in by the caller at once; NULL when there is no memory. */
void *ard__put_space(ard__writer *writer, size_t size);

/* Arrays of 32-bit values, stored little-endian whatever the host is. */
void ard__put_words(ard__writer *writer, const void *words, size_t count);

/* Writes what was collected to a file, in the container. IO, OUT_OF_MEMORY. */
ard_status ard__writer_save(const ard__writer *writer, const char *path);

void ard__writer_free(ard__writer *writer);

typedef struct ard__reader {
    unsigned char *file; /* owned */
    const unsigned char *data;
    size_t size;
    size_t at;
    bool failed; /* something was asked for beyond the end */
} ard__reader;

/* Reads and checks a container. IO, OUT_OF_MEMORY, FORMAT. */
ard_status ard__reader_open(const char *path, ard__reader *reader);

uint32_t ard__get_u32(ard__reader *reader);
uint64_t ard__get_u64(ard__reader *reader);
double ard__get_f64(ard__reader *reader);

/* The next `size` bytes inside the reader's memory; NULL beyond the end. */
const void *ard__get_bytes(ard__reader *reader, size_t size);

/* `count` 32-bit values into the caller's array; false beyond the end. */
bool ard__get_words(ard__reader *reader, void *words, size_t count);

/* Bytes not read yet. */
size_t ard__reader_left(const ard__reader *reader);

void ard__reader_close(ard__reader *reader);

/* FORMAT with a sentence about the file. */
ard_status ard__checkpoint_damaged(const char *what);

#endif
