/* SPDX-License-Identifier: Apache-2.0 */
/* Text of the built-in grammar. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/corpus_internal.h"
#include "data/grammar.h"

/* The ids are the numbers that the grammar gives its words. */
static bool add_words(corpus *text, data_error *error)
{
    for (uint32_t word = 0; word < GRAMMAR_WORDS; ++word) {
        const char *spelling = grammar_word(word);
        if (!vocabulary_add(&text->words, spelling, strlen(spelling), 0, NULL, error)) {
            return false;
        }
    }
    for (size_t i = 0; i < text->train_count; ++i) {
        ++text->words.entries[text->train[i]].times;
    }
    return true;
}

static uint32_t *generate(uint64_t seed, uint32_t part, size_t count, data_error *error)
{
    uint32_t *words = malloc(count * sizeof *words);
    if (words == NULL) {
        data_fail(error, "not enough memory for %zu tokens of the grammar", count);
        return NULL;
    }
    grammar_generate(seed, part, count, words);
    return words;
}

static bool generate_parts(uint64_t seed, corpus *text, data_error *error)
{
    text->train = generate(seed, 0, text->train_count, error);
    text->valid = text->train == NULL ? NULL : generate(seed, 1, text->valid_count, error);
    text->test = text->valid == NULL ? NULL : generate(seed, 2, text->test_count, error);
    return text->test != NULL;
}

bool corpus_make_grammar(uint64_t seed, size_t train_tokens, corpus *text, data_error *error)
{
    if (!corpus_check_train_tokens(train_tokens, error)) {
        return false;
    }
    if (train_tokens > CORPUS_GRAMMAR_MOST) {
        return data_fail(error, "--train-tokens is %zu; expected %d or less", train_tokens,
                         CORPUS_GRAMMAR_MOST);
    }
    corpus made = {.train_count = train_tokens == 0 ? CORPUS_GRAMMAR_TRAIN : train_tokens,
                   .valid_count = CORPUS_GRAMMAR_HELD_OUT,
                   .test_count = CORPUS_GRAMMAR_HELD_OUT,
                   .name = "grammar"};
    if (!generate_parts(seed, &made, error) || !add_words(&made, error)) {
        corpus_destroy(&made);
        return false;
    }
    made.entropy = grammar_entropy();
    made.surprisal_valid = grammar_surprisal(made.valid, made.valid_count);
    made.surprisal_test = grammar_surprisal(made.test, made.test_count);
    *text = made;
    return true;
}
