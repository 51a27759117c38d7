/* SPDX-License-Identifier: Apache-2.0 */
/* Words by frequency, and the choice of those that stay. */
#include <stdlib.h>
#include <string.h>

#include "data/vocabulary.h"

typedef struct ranked {
    uint64_t times;
    uint32_t id; /* before ranking */
} ranked;

static int compare(const void *left, const void *right)
{
    const ranked *a = left;
    const ranked *b = right;
    if (a->times != b->times) {
        return a->times > b->times ? -1 : 1;
    }
    return a->id < b->id ? -1 : a->id > b->id;
}

static uint32_t find_text(const vocabulary *words, const char *text)
{
    return vocabulary_find(words, text, strlen(text));
}

/* Of words in order, `most` stay: <eos>, <unk> and the first others. Moves them to the front, <unk>
 * with the occurrences of the rest, and puts them in order again. */
static void keep_most_frequent(const vocabulary *words, ranked *order, size_t most)
{
    const uint32_t eos = find_text(words, VOCABULARY_EOS);
    const uint32_t unk = find_text(words, VOCABULARY_UNK);
    ranked unknown = {.id = unk};
    size_t room = most - 1 - (eos != VOCABULARY_NONE);
    size_t kept = 0;
    for (size_t i = 0; i < words->count; ++i) {
        const ranked word = order[i];
        if (word.id == eos || (word.id != unk && room > 0)) {
            order[kept++] = word;
            room -= word.id != eos;
        } else {
            unknown.times += word.times;
        }
    }
    order[kept++] = unknown;
    qsort(order, kept, sizeof *order, compare);
}

/* The words of `order` [count] into an empty vocabulary; all others get the id of <unk>. */
static bool renumber(const vocabulary *words, const ranked *order, size_t count, vocabulary *to,
                     uint32_t *ids, data_error *error)
{
    for (size_t id = 0; id < words->count; ++id) {
        ids[id] = VOCABULARY_NONE;
    }
    for (size_t i = 0; i < count; ++i) {
        size_t length;
        const char *bytes = vocabulary_word(words, order[i].id, &length);
        if (!vocabulary_add(to, bytes, length, order[i].times, &ids[order[i].id], error)) {
            return false;
        }
    }
    const uint32_t unk = find_text(to, VOCABULARY_UNK);
    for (size_t id = 0; id < words->count; ++id) {
        ids[id] = ids[id] == VOCABULARY_NONE ? unk : ids[id];
    }
    return true;
}

bool vocabulary_rank(vocabulary *words, size_t most, uint32_t **ids, data_error *error)
{
    const bool limited = most != 0 && words->count > most;
    if (limited && !vocabulary_add(words, VOCABULARY_UNK, strlen(VOCABULARY_UNK), 0, NULL, error)) {
        return false;
    }
    ranked *order = calloc(words->count + 1, sizeof *order);
    uint32_t *new_ids = calloc(words->count + 1, sizeof *new_ids);
    vocabulary made = {0};
    bool good = order != NULL && new_ids != NULL;
    if (!good) {
        data_fail(error, "not enough memory to count %zu words", words->count);
        goto cleanup;
    }
    for (size_t id = 0; id < words->count; ++id) {
        order[id] = (ranked){vocabulary_times(words, (uint32_t)id), (uint32_t)id};
    }
    qsort(order, words->count, sizeof *order, compare);
    if (limited) {
        keep_most_frequent(words, order, most);
    }
    good = renumber(words, order, limited ? most : words->count, &made, new_ids, error);
    if (good) {
        vocabulary_destroy(words);
        *words = made;
        *ids = new_ids;
        made = (vocabulary){0};
        new_ids = NULL;
    }

cleanup:
    vocabulary_destroy(&made);
    free(new_ids);
    free(order);
    return good;
}
