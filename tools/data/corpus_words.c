/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of words, in three files. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/corpus_internal.h"
#include "data/text_files.h"
#include "data/token_list.h"
#include "data/word_reader.h"

/* The next word, or <eos> for the end of a line, in reader->word; false at the end of the file and
 * for an error, which `*good` tells apart. */
static bool next_word(word_reader *reader, bool *good, data_error *error)
{
    word_kind kind = WORD_KIND_FILE_END;
    *good = word_reader_next(reader, &kind, error);
    if (kind == WORD_KIND_LINE_END) {
        reader->length = strlen(VOCABULARY_EOS);
        memcpy(reader->word, VOCABULARY_EOS, reader->length);
    }
    return *good && kind != WORD_KIND_FILE_END;
}

static bool check_tokens(const char *path, const token_list *list, data_error *error)
{
    return list->count >= CORPUS_LEAST_TOKENS ||
           data_fail(error, "%s: %zu tokens; expected %d or more", path, list->count,
                     CORPUS_LEAST_TOKENS);
}

/* `list` gets the ids in the order of first occurrence. */
static bool read_train(const char *path, size_t train_tokens, vocabulary *words, token_list *list,
                       data_error *error)
{
    word_reader *reader = word_reader_open(path, error);
    if (reader == NULL) {
        return false;
    }
    const size_t wanted = train_tokens == 0 ? SIZE_MAX : train_tokens;
    bool good = true;
    while (list->count < wanted && next_word(reader, &good, error)) {
        uint32_t id = 0;
        good = vocabulary_add(words, reader->word, reader->length, 1, &id, error) &&
               token_list_add(list, id, TOKEN_LIST_MOST, path, error);
        if (!good) {
            break;
        }
    }
    word_reader_close(reader);
    if (good && train_tokens > list->count) {
        return data_fail(error, "%s: %zu tokens; --train-tokens asks for %zu", path, list->count,
                         train_tokens);
    }
    return good && check_tokens(path, list, error);
}

/* Words by frequency, and `list` with their new ids. */
static bool rank(vocabulary *words, size_t max_words, token_list *list, data_error *error)
{
    uint32_t *ids = NULL;
    if (!vocabulary_rank(words, max_words, &ids, error)) {
        return false;
    }
    for (size_t i = 0; i < list->count; ++i) {
        list->tokens[i] = ids[list->tokens[i]];
    }
    free(ids);
    return true;
}

static bool refuse_word(const word_reader *reader, const char *train, size_t words,
                        data_error *error)
{
    char text[VOCABULARY_TEXT_SIZE];
    vocabulary_text(reader->word, reader->length, text);
    return data_fail(error,
                     "%s:%" PRIu64 ": \"%s\" is not a word of %s; put " VOCABULARY_UNK
                     " there, or have rare words read so by --max-words below %zu",
                     reader->path, reader->line, text, train, words);
}

/* A text to be predicted; `train` is the path of the training text, for the reason. */
static bool read_held_out(const char *path, const char *train, const vocabulary *words,
                          token_list *list, size_t *unknown, data_error *error)
{
    const uint32_t unk = vocabulary_find(words, VOCABULARY_UNK, strlen(VOCABULARY_UNK));
    word_reader *reader = word_reader_open(path, error);
    if (reader == NULL) {
        return false;
    }
    bool good = true;
    while (next_word(reader, &good, error)) {
        uint32_t id = vocabulary_find(words, reader->word, reader->length);
        if (id == VOCABULARY_NONE) {
            id = unk;
            ++*unknown;
        }
        good = id != VOCABULARY_NONE ? token_list_add(list, id, TOKEN_LIST_MOST, path, error)
                                     : refuse_word(reader, train, words->count, error);
        if (!good) {
            break;
        }
    }
    word_reader_close(reader);
    return good && check_tokens(path, list, error);
}

static bool check_limits(const corpus_limits *limits, data_error *error)
{
    if (limits->max_words != 0 && limits->max_words < VOCABULARY_LEAST) {
        return data_fail(error,
                         "--max-words is %zu; expected %d or more, " VOCABULARY_EOS
                         " and " VOCABULARY_UNK " included",
                         limits->max_words, VOCABULARY_LEAST);
    }
    return corpus_check_train_tokens(limits->train_tokens, error);
}

static bool read_all(char paths[TEXT_FILES][TEXT_PATH_SIZE], const corpus_limits *limits,
                     corpus *text, token_list lists[TEXT_FILES], data_error *error)
{
    vocabulary *words = &text->words;
    return read_train(paths[0], limits->train_tokens, words, &lists[0], error) &&
           rank(words, limits->max_words, &lists[0], error) &&
           read_held_out(paths[1], paths[0], words, &lists[1], &text->unknown_valid, error) &&
           read_held_out(paths[2], paths[0], words, &lists[2], &text->unknown_test, error);
}

bool corpus_read_words(const char *path, const corpus_limits *limits, corpus *text,
                       data_error *error)
{
    corpus made = {.entropy = NAN, .surprisal_valid = NAN, .surprisal_test = NAN};
    token_list lists[TEXT_FILES] = {{0}};
    char(*paths)[TEXT_PATH_SIZE] = malloc(TEXT_FILES * sizeof *paths);
    if (paths == NULL) {
        return data_fail(error, "%s: not enough memory to read it", path);
    }
    const bool good = check_limits(limits, error) && text_files_find(path, paths, error) &&
                      read_all(paths, limits, &made, lists, error);
    free(paths);
    made.train = lists[0].tokens;
    made.train_count = lists[0].count;
    made.valid = lists[1].tokens;
    made.valid_count = lists[1].count;
    made.test = lists[2].tokens;
    made.test_count = lists[2].count;
    if (!good) {
        corpus_destroy(&made);
        return false;
    }
    (void)snprintf(made.name, sizeof made.name, "%s", path);
    *text = made;
    return true;
}
