/* SPDX-License-Identifier: Apache-2.0 */
/* A small grammar of English-like sentences whose entropy is known: text that needs no file, and on
 * which it is known how good a language model can be.
 *
 *     sentence  = ["yesterday"] subject predicate <eos>
 *     subject   = noun phrase {preposition noun phrase}
 *     predicate = verb [noun phrase] [adverb] ["and" predicate]
 *
 * The verbs agree with the subject's noun, which may be many words back and followed by nouns of
 * other number: in number, in whether it is alive (sleeps, falls), and with "yesterday" in tense.
 * Determiners agree with their own noun, past adjectives.
 *
 * The state after a text is a function of the text, and with the state the probabilities of the
 * next word are known. So the entropy of the next word is the mean of those of the states, weighted
 * by how often each is met. All probabilities are quotients of small integers and every draw is
 * exact, so every host makes the same text. */
#ifndef ARD_GRAMMAR_H
#define ARD_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GRAMMAR_WORDS = 75,
    GRAMMAR_EOS = 0,       /* the word that ends a sentence */
    GRAMMAR_STATES = 288,  /* of which some are never met */
    GRAMMAR_MOST_ARCS = 24 /* words that a state may go on with */
};

/* Below GRAMMAR_STATES. */
typedef uint32_t grammar_state;

/* A word that may come next: with probability weight / (sum of all weights of the state). Each word
 * comes once. */
typedef struct grammar_arc {
    uint32_t word;
    uint32_t weight;
    grammar_state next;
} grammar_arc;

/* Word 0..GRAMMAR_WORDS-1. */
const char *grammar_word(uint32_t word);

/* The state before a sentence, and so before a text. */
grammar_state grammar_begin(void);

/* How a text goes on; returns the number of arcs. `*total` gets the sum of their weights. */
size_t grammar_arcs(grammar_state state, grammar_arc arcs[GRAMMAR_MOST_ARCS], uint32_t *total);

/* The probability of a word, and the state after it; 0 where it cannot come. */
double grammar_step(grammar_state *state, uint32_t word);

/* `count` words from the beginning of a text. Word i is a function of the seed, the part (any
 * number below 2^16; two parts share no draw), i and the words before it. */
void grammar_generate(uint64_t seed, uint32_t part, size_t count, uint32_t *words);

/* How often each state is met in a sentence, on average: visits [GRAMMAR_STATES]. Their sum is the
 * mean length of a sentence, <eos> included. */
void grammar_visits(double visits[GRAMMAR_STATES]);

/* The entropy of the next word where all words before it are known, in nats: the least mean loss
 * that a model can have on long text. */
double grammar_entropy(void);

/* Mean of -ln(probability) of words 1..count-1 of a text, given all before: what a model that knows
 * the grammar loses on this very text. NaN where it is no text of the grammar, or shorter than 2.
 */
double grammar_surprisal(const uint32_t *words, size_t count);

#endif
