/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a text and their numbers: what a language model's rows of weights stand for.
 *
 * A word is any bytes. It gets a number, its id, when it is first met; ranking then renumbers all
 * words by decreasing frequency. */
#ifndef ARD_VOCABULARY_H
#define ARD_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/dataset.h"

/* The word that stands for the end of a line, and the one for words that have no number. */
#define VOCABULARY_EOS "<eos>"
#define VOCABULARY_UNK "<unk>"

/* No word's id. */
#define VOCABULARY_NONE UINT32_MAX

/* The fewest words that a limit can leave: the two above and one more. */
enum { VOCABULARY_LEAST = 3 };

typedef struct vocabulary_entry {
    size_t start; /* of the word in `bytes`; a NUL byte follows it there */
    size_t length;
    uint64_t times; /* how often it was met */
    uint64_t hash;
} vocabulary_entry;

/* Zero-initialised: empty. */
typedef struct vocabulary {
    size_t count; /* words; ids are 0..count-1 */
    size_t capacity;
    vocabulary_entry *entries; /* [capacity], by id; owned */
    char *bytes;               /* of all words; owned */
    size_t bytes_used;
    size_t bytes_capacity;
    uint32_t
        *slots; /* [slot_count], an open hash table of ids, VOCABULARY_NONE where free; owned */
    size_t slot_count; /* a power of two, or 0 */
} vocabulary;

/* Frees what it owns and empties it. */
void vocabulary_destroy(vocabulary *words);

/* Meets a word `times` more times; a new one gets the next id. `id` may be NULL. False with the
 * reason where memory or numbers run out; nothing has changed then. */
bool vocabulary_add(vocabulary *words, const char *bytes, size_t length, uint64_t times,
                    uint32_t *id, data_error *error);

/* VOCABULARY_NONE for a word that is not there. */
uint32_t vocabulary_find(const vocabulary *words, const char *bytes, size_t length);

/* The bytes of a word, with a NUL byte behind them; `length` may be NULL. Borrowed, until the next
 * word is added. NULL for an id that no word has. */
const char *vocabulary_word(const vocabulary *words, uint32_t id, size_t *length);

/* How often a word was met; 0 for an id that no word has. */
uint64_t vocabulary_times(const vocabulary *words, uint32_t id);

/* Renumbers by decreasing frequency, words of equal frequency in the order they were met. Where
 * there are more than `most` words (0: any number; else >= VOCABULARY_LEAST), only `most` are left:
 * <eos> if it is there, <unk>, which takes over the occurrences of what goes, and the most frequent
 * others. `*ids` gets [former count] new ids by former id, the caller's to free. */
bool vocabulary_rank(vocabulary *words, size_t most, uint32_t **ids, data_error *error);

/* A 64-bit fingerprint of the words in their order. */
uint64_t vocabulary_checksum(const vocabulary *words);

enum { VOCABULARY_TEXT_SIZE = 80 };

/* A word for a message: on one line whatever its bytes, cut off where it is long. */
void vocabulary_text(const char *bytes, size_t length, char text[VOCABULARY_TEXT_SIZE]);

#endif
