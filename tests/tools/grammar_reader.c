/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/grammar_reader.h"

#include <stdio.h>
#include <string.h>

#include "data/grammar.h"

/* What is left to read. */
typedef struct reader {
    const uint32_t *words;
    size_t count;
} reader;

typedef struct noun {
    bool plural;
    bool alive;
} noun;

/* Whether a word of a list with a space before and after each word. */
static bool in(const char *list, const char *word)
{
    char spaced[32];
    (void)snprintf(spaced, sizeof spaced, " %s ", word);
    return strstr(list, spaced) != NULL;
}

/* Takes the next word if it is on the list. */
static bool take(reader *left, const char *list)
{
    if (left->count == 0 || !in(list, grammar_word(left->words[0]))) {
        return false;
    }
    ++left->words;
    --left->count;
    return true;
}

static bool read_noun_phrase(reader *left, noun *head)
{
    const bool singular = take(left, " a this every ");
    const bool plural = !singular && take(left, " these some many ");
    if (!singular && !plural && !take(left, " the ")) {
        return false;
    }
    while (take(left, " small old red quiet big young ")) {
    }
    head->alive = true;
    head->plural = false;
    if (take(left, " dog cat child farmer ")) {
        return !plural;
    }
    head->plural = true;
    if (take(left, " dogs cats children farmers ")) {
        return !singular;
    }
    head->alive = false;
    if (take(left, " stones wheels boats lamps ")) {
        return !singular;
    }
    head->plural = false;
    return take(left, " stone wheel boat lamp ") && !plural;
}

/* A verb and its object. */
static bool read_verb(reader *left, noun subject, bool past)
{
    /* [alive][form: singular, plural, past][takes an object] */
    static const char *const VERBS[2][3][2] = {{{" stands falls shines ", " blocks touches hides "},
                                                {" stand fall shine ", " block touch hide "},
                                                {" stood fell shone ", " blocked touched hid "}},
                                               {{" sleeps sings runs ", " sees likes follows "},
                                                {" sleep sing run ", " see like follow "},
                                                {" slept sang ran ", " saw liked followed "}}};
    const char *const *verbs = VERBS[subject.alive][past ? 2 : subject.plural];
    noun object;
    return take(left, verbs[0]) || (take(left, verbs[1]) && read_noun_phrase(left, &object));
}

bool grammar_reader_accepts(const uint32_t *words, size_t count)
{
    reader left = {words, count};
    const bool past = take(&left, " yesterday ");
    noun subject;
    if (!read_noun_phrase(&left, &subject)) {
        return false;
    }
    while (take(&left, " near behind under with ")) {
        noun inner;
        if (!read_noun_phrase(&left, &inner)) {
            return false;
        }
    }
    do {
        if (!read_verb(&left, subject, past)) {
            return false;
        }
        (void)take(&left, " again slowly often ");
    } while (take(&left, " and "));
    return take(&left, " <eos> ") && left.count == 0;
}
