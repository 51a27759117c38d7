/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the built-in grammar. */
#ifndef ARD_GRAMMAR_WORDS_H
#define ARD_GRAMMAR_WORDS_H

#include "data/grammar.h"

/* Which words can stand in for each other. Of each kind of verb there are three forms in a row, the
 * first kind being those of what is not alive. */
typedef enum grammar_group {
    GRAMMAR_END,
    GRAMMAR_YESTERDAY,
    GRAMMAR_AND,
    GRAMMAR_DETERMINER,
    GRAMMAR_ADJECTIVE,
    GRAMMAR_PREPOSITION,
    GRAMMAR_ADVERB,
    GRAMMAR_NOUN, /* singular, then plural */
    GRAMMAR_NOUN_PLURAL,
    GRAMMAR_VERB, /* singular, plural, past; then the same of what is alive */
} grammar_group;

enum { GRAMMAR_SINGULAR = 0, GRAMMAR_PLURAL = 1, GRAMMAR_EITHER = 2 };
enum { GRAMMAR_FORMS = 3, GRAMMAR_PAST = 2 };

/* The weights of each group add up to this. */
enum { GRAMMAR_GROUP_WEIGHT = 60 };

typedef struct grammar_word_entry {
    const char *text;
    uint8_t group;
    uint8_t weight; /* in its group */
    uint8_t mark; /* of a determiner: its number; of a noun: whether it is alive; of a verb: whether
                     it takes an object */
} grammar_word_entry;

extern const grammar_word_entry grammar_words[GRAMMAR_WORDS];

#endif
