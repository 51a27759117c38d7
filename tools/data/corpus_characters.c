/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of characters, in one file. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/byte_stream.h"
#include "data/corpus_internal.h"
#include "data/token_list.h"
#include "data/utf8.h"
#include "progress.h"

enum {
    CHUNK = 1 << 20, /* what is read between two looks at the clock */
    /* So that a twentieth is a part. */
    LEAST_CHARACTERS = 20 * CORPUS_LEAST_TOKENS
};

/* Zero-initialised: empty. */
typedef struct whole_file {
    char *bytes; /* owned */
    size_t size;
    size_t capacity;
} whole_file;

/* Room for another chunk. A character takes a byte at least, so that more bytes than this could be
 * more characters than a text may have. */
static bool make_room(whole_file *file, const char *path, data_error *error)
{
    if (file->size > TOKEN_LIST_MOST) {
        return data_fail(error, "%s: more than %zu bytes", path, TOKEN_LIST_MOST);
    }
    if (file->capacity - file->size >= CHUNK) {
        return true;
    }
    const size_t capacity = 2 * file->capacity + CHUNK;
    char *bytes = realloc(file->bytes, capacity);
    if (bytes == NULL) {
        return data_fail(error, "%s: not enough memory to read it", path);
    }
    file->bytes = bytes;
    file->capacity = capacity;
    return true;
}

static bool read_chunks(const char *path, byte_stream *stream, whole_file *file, data_error *error)
{
    progress bar;
    progress_start(&bar, "reading", NULL, byte_stream_size(stream));
    bool good = true;
    size_t got = CHUNK;
    while (good && got == CHUNK) {
        progress_update(&bar, byte_stream_position(stream), path);
        good = make_room(file, path, error) &&
               byte_stream_read(stream, file->bytes + file->size, CHUNK, &got, error);
        file->size += good ? got : 0;
    }
    progress_finish(&bar);
    return good;
}

static bool read_file(const char *path, whole_file *file, data_error *error)
{
    byte_stream *stream = byte_stream_open(path, error);
    if (stream == NULL) {
        return false;
    }
    const bool good = read_chunks(path, stream, file, error);
    byte_stream_close(stream);
    return good;
}

/* Characters as ids in the order of first occurrence. */
static bool number(const char *path, const whole_file *file, progress *bar, vocabulary *words,
                   token_list *list, data_error *error)
{
    const bool utf8 = utf8_valid(file->bytes, file->size);
    for (size_t i = 0; i < file->size;) {
        if (list->count % CHUNK == 0) {
            progress_update(bar, i, path);
        }
        const char *at = file->bytes + i;
        const size_t length = utf8 ? utf8_length(at, file->size - i) : 1;
        uint32_t id = 0;
        if (!vocabulary_add(words, at, length, 1, &id, error) ||
            !token_list_add(list, id, TOKEN_LIST_MOST, path, error)) {
            return false;
        }
        i += length;
    }
    return true;
}

static bool split(const char *path, const whole_file *file, vocabulary *words, token_list *list,
                  data_error *error)
{
    progress bar;
    progress_start(&bar, "counting characters", NULL, file->size);
    const bool good = number(path, file, &bar, words, list, error);
    progress_finish(&bar);
    if (good && list->count < LEAST_CHARACTERS) {
        return data_fail(error, "%s: %zu characters; expected %d or more", path, list->count,
                         LEAST_CHARACTERS);
    }
    return good;
}

static bool copy_part(const uint32_t *ids, const uint32_t *from, size_t count, uint32_t **part)
{
    *part = malloc(count * sizeof **part);
    if (*part == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; ++i) {
        (*part)[i] = ids[from[i]];
    }
    return true;
}

/* Hands out the tokens by their place in the file, with the ids that they have by frequency. */
static bool share_out(const char *path, const token_list *list, size_t train_tokens,
                      const uint32_t *ids, corpus *text, data_error *error)
{
    const size_t held_out = list->count / 20;
    const size_t train = (size_t)((uint64_t)list->count * 9 / 10);
    if (train_tokens > train) {
        return data_fail(error, "%s: %zu characters to train on; --train-tokens asks for %zu", path,
                         train, train_tokens);
    }
    text->train_count = train_tokens == 0 ? train : train_tokens;
    text->valid_count = held_out;
    text->test_count = list->count - train - held_out;
    const uint32_t *valid = list->tokens + train;
    return (copy_part(ids, list->tokens, text->train_count, &text->train) &&
            copy_part(ids, valid, text->valid_count, &text->valid) &&
            copy_part(ids, valid + held_out, text->test_count, &text->test)) ||
           data_fail(error, "%s: not enough memory to read it", path);
}

static bool check_limits(const corpus_limits *limits, data_error *error)
{
    if (limits->max_words != 0) {
        return data_fail(error, "--max-words is for words; all characters of a text are taken");
    }
    return corpus_check_train_tokens(limits->train_tokens, error);
}

bool corpus_read_characters(const char *path, const corpus_limits *limits, corpus *text,
                            data_error *error)
{
    corpus made = {.entropy = NAN, .surprisal_valid = NAN, .surprisal_test = NAN};
    whole_file file = {0};
    token_list list = {0};
    uint32_t *ids = NULL;
    const bool good = check_limits(limits, error) && read_file(path, &file, error) &&
                      split(path, &file, &made.words, &list, error) &&
                      vocabulary_rank(&made.words, 0, &ids, error) &&
                      share_out(path, &list, limits->train_tokens, ids, &made, error);
    free(ids);
    free(file.bytes);
    token_list_destroy(&list);
    if (!good) {
        corpus_destroy(&made);
        return false;
    }
    (void)snprintf(made.name, sizeof made.name, "%s", path);
    *text = made;
    return true;
}
