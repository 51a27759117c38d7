/* SPDX-License-Identifier: Apache-2.0 */
/* A text to train a language model on, as the ids of its words: what to train on, what to choose by
 * and what to test with at the end.
 *
 * Whatever reads or makes one answers true, or false with a one-line reason and nothing to free.
 * Reasons name the options --max-words and --train-tokens for the limits below. */
#ifndef ARD_CORPUS_H
#define ARD_CORPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/vocabulary.h"

enum {
    CORPUS_NAME_SIZE = 256,
    CORPUS_LEAST_TOKENS = 2, /* in each part: one, and one to predict */
    CORPUS_GRAMMAR_TRAIN = 200000,
    CORPUS_GRAMMAR_MOST = 10000000, /* made in a second or two */
    CORPUS_GRAMMAR_HELD_OUT = 10000 /* tokens of `valid` and of `test` each */
};

/* Zero-initialised: nothing. */
typedef struct corpus {
    vocabulary words;
    uint32_t *train; /* [train_count], ids of `words`; owned, as the next two */
    uint32_t *valid;
    uint32_t *test;
    size_t train_count; /* each >= CORPUS_LEAST_TOKENS and below 2^32 */
    size_t valid_count;
    size_t test_count;
    size_t unknown_valid; /* words of `valid` that `train` does not have and that were read as
                             <unk>; an <unk> in the file is not one of them */
    size_t unknown_test;  /* and of `test` */
    double entropy; /* nats a token that no model can be better than in the long run; NaN where
                       unknown, as the next two */
    double surprisal_valid; /* mean nats a token of `valid` but the first under what it was drawn
                               from: what the best model loses on this very text */
    double surprisal_test;  /* and of `test` */
    char name[CORPUS_NAME_SIZE]; /* where it is from, for people: a path (cut off to fit), or
                                    "grammar" */
} corpus;

/* Frees what it owns and empties it. */
void corpus_destroy(corpus *text);

/* A 64-bit fingerprint of the words and of all three parts, so that limits change it too. */
uint64_t corpus_checksum(const corpus *text);

/* Zero-initialised: none. */
typedef struct corpus_limits {
    size_t max_words;    /* the most words of the vocabulary, <eos> and <unk> included, so at least
                            VOCABULARY_LEAST; the most frequent ones stay, the others become <unk>.
                            0: any number. */
    size_t train_tokens; /* only so many of the training text's tokens, from its beginning, are
                            used. It must have as many. 0: all. */
} corpus_limits;

/* Words between white space (of ASCII), and an <eos> at the end of each line, empty or not. A last
 * line without an end counts as a line.
 *
 * `path` is a folder with wiki.train.tokens, wiki.valid.tokens and wiki.test.tokens, or with
 * ptb.train.txt, ptb.valid.txt and ptb.test.txt, or with train.txt, valid.txt and test.txt, each
 * plain or with .gz; or else it is three files, "TRAIN,VALID,TEST".
 *
 * The vocabulary is that of the training tokens that are used, ranked. Words of the other two texts
 * that are not in it become <unk> if it has that, in the training text or by the limit; otherwise
 * they are an error. NUL bytes and words of more than 64 KiB are an error. */
bool corpus_read_words(const char *path, const corpus_limits *limits, corpus *text,
                       data_error *error);

/* The characters of one file, plain or gzip: its first 90 % to train on, then 5 % and 5 %. They are
 * code points where the whole file is UTF-8, else bytes; nothing is left out or added.
 *
 * The vocabulary is that of the whole file, ranked by frequency in it: an alphabet gives little
 * away, and it is the same for each number of training tokens, so that losses can be compared.
 * `limits->max_words` must be 0. */
bool corpus_read_characters(const char *path, const corpus_limits *limits, corpus *text,
                            data_error *error);

/* Text of a small grammar (data/grammar.h), a pure function of the seed: train_tokens (0:
 * CORPUS_GRAMMAR_TRAIN; at most CORPUS_GRAMMAR_MOST) to train on, of which fewer are the beginning
 * of more, and twice CORPUS_GRAMMAR_HELD_OUT. Its entropy is known. */
bool corpus_make_grammar(uint64_t seed, size_t train_tokens, corpus *text, data_error *error);

#endif
