/* SPDX-License-Identifier: Apache-2.0 */
#include "data/vocabulary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/checksum.h"

enum { FIRST_SLOTS = 1024, FIRST_BYTES = 8192 };

void vocabulary_destroy(vocabulary *words)
{
    free(words->entries);
    free(words->bytes);
    free(words->slots);
    *words = (vocabulary){0};
}

/* The slot of a word, or the free one where it belongs. There must be slots, and a free one. */
static size_t find_slot(const vocabulary *words, const char *bytes, size_t length, uint64_t hash)
{
    /* FNV-1a leaves its best bits in the middle. */
    size_t slot = (size_t)(hash ^ hash >> 29) & (words->slot_count - 1);
    for (;; slot = (slot + 1) & (words->slot_count - 1)) {
        const uint32_t id = words->slots[slot];
        if (id == VOCABULARY_NONE) {
            return slot;
        }
        const vocabulary_entry *entry = &words->entries[id];
        if (entry->hash == hash && entry->length == length &&
            memcmp(words->bytes + entry->start, bytes, length) == 0) {
            return slot;
        }
    }
}

/* Twice as many slots, at least half of which are free. */
static bool grow_slots(vocabulary *words)
{
    const size_t count = words->slot_count == 0 ? FIRST_SLOTS : 2 * words->slot_count;
    uint32_t *slots = count > SIZE_MAX / sizeof *slots ? NULL : malloc(count * sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; ++i) {
        slots[i] = VOCABULARY_NONE;
    }
    free(words->slots);
    words->slots = slots;
    words->slot_count = count;
    for (size_t id = 0; id < words->count; ++id) {
        const vocabulary_entry *entry = &words->entries[id];
        const size_t slot =
            find_slot(words, words->bytes + entry->start, entry->length, entry->hash);
        slots[slot] = (uint32_t)id;
    }
    return true;
}

/* Room for one more word of this length. */
static bool make_room(vocabulary *words, size_t length)
{
    if (words->count >= words->slot_count / 2 && !grow_slots(words)) {
        return false;
    }
    if (words->count == words->capacity) {
        const size_t capacity = words->slot_count / 2;
        vocabulary_entry *entries = capacity > SIZE_MAX / sizeof *entries
                                        ? NULL
                                        : realloc(words->entries, capacity * sizeof *entries);
        if (entries == NULL) {
            return false;
        }
        words->entries = entries;
        words->capacity = capacity;
    }
    if (length >= words->bytes_capacity - words->bytes_used) {
        if (length > SIZE_MAX / 4 || words->bytes_capacity > SIZE_MAX / 4) {
            return false;
        }
        const size_t capacity = 2 * words->bytes_capacity + length + FIRST_BYTES;
        char *bytes = realloc(words->bytes, capacity);
        if (bytes == NULL) {
            return false;
        }
        words->bytes = bytes;
        words->bytes_capacity = capacity;
    }
    return true;
}

static bool add_new(vocabulary *words, const char *bytes, size_t length, uint64_t times,
                    uint64_t hash, data_error *error)
{
    if (words->count >= VOCABULARY_NONE - 1 || !make_room(words, length)) {
        return data_fail(error, "not enough memory for more than %zu different words",
                         words->count);
    }
    words->slots[find_slot(words, bytes, length, hash)] = (uint32_t)words->count;
    words->entries[words->count++] = (vocabulary_entry){
        .start = words->bytes_used, .length = length, .times = times, .hash = hash};
    memcpy(words->bytes + words->bytes_used, bytes, length);
    words->bytes[words->bytes_used + length] = '\0';
    words->bytes_used += length + 1;
    return true;
}

bool vocabulary_add(vocabulary *words, const char *bytes, size_t length, uint64_t times,
                    uint32_t *id, data_error *error)
{
    const uint64_t hash = checksum_bytes(CHECKSUM_BEGIN, bytes, length);
    uint32_t found = VOCABULARY_NONE;
    if (words->slot_count > 0) {
        found = words->slots[find_slot(words, bytes, length, hash)];
    }
    if (found != VOCABULARY_NONE) {
        words->entries[found].times += times;
    } else if (add_new(words, bytes, length, times, hash, error)) {
        found = (uint32_t)(words->count - 1);
    } else {
        return false;
    }
    if (id != NULL) {
        *id = found;
    }
    return true;
}

uint32_t vocabulary_find(const vocabulary *words, const char *bytes, size_t length)
{
    if (words->slot_count == 0) {
        return VOCABULARY_NONE;
    }
    const uint64_t hash = checksum_bytes(CHECKSUM_BEGIN, bytes, length);
    return words->slots[find_slot(words, bytes, length, hash)];
}

const char *vocabulary_word(const vocabulary *words, uint32_t id, size_t *length)
{
    if (id >= words->count) {
        return NULL;
    }
    if (length != NULL) {
        *length = words->entries[id].length;
    }
    return words->bytes + words->entries[id].start;
}

uint64_t vocabulary_times(const vocabulary *words, uint32_t id)
{
    return id < words->count ? words->entries[id].times : 0;
}

uint64_t vocabulary_checksum(const vocabulary *words)
{
    uint64_t hash = checksum_size(CHECKSUM_BEGIN, words->count);
    for (size_t id = 0; id < words->count; ++id) {
        const vocabulary_entry *entry = &words->entries[id];
        hash = checksum_size(hash, entry->length);
        hash = checksum_bytes(hash, words->bytes + entry->start, entry->length);
    }
    return hash;
}

void vocabulary_text(const char *bytes, size_t length, char text[VOCABULARY_TEXT_SIZE])
{
    /* Room for the longest spelling of a byte, the dots and the NUL byte. */
    const size_t most = VOCABULARY_TEXT_SIZE - sizeof "\\x00...";
    size_t used = 0;
    size_t i = 0;
    for (; i < length && used <= most; ++i) {
        const unsigned char byte = (unsigned char)bytes[i];
        if (byte < 0x20 || byte == 0x7f) {
            used += (size_t)snprintf(text + used, VOCABULARY_TEXT_SIZE - used, "\\x%02x", byte);
        } else {
            text[used++] = (char)byte;
        }
    }
    if (i < length) {
        /* Not in the middle of a UTF-8 sequence. */
        while (used > 0 && ((unsigned char)text[used - 1] & 0xc0) == 0x80) {
            --used;
        }
        used -= used > 0 && (unsigned char)text[used - 1] >= 0xc0;
    }
    (void)snprintf(text + used, VOCABULARY_TEXT_SIZE - used, "%s", i < length ? "..." : "");
}
