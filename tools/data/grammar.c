/* SPDX-License-Identifier: Apache-2.0 */
#include "data/grammar.h"

#include <ard/sampler.h>

#include "data/grammar_words.h"

/* Keeps these draws apart from those of training with the same seed: no layer has such a number. */
enum { STREAM_TAG = 0x67 };

/* Where in a sentence a text is: what comes before the next word. */
typedef enum place {
    NOTHING,     /* of this sentence */
    OPENING,     /* "yesterday" */
    SUBJECT,     /* a determiner of the subject, and any adjectives */
    HEAD,        /* the noun of the subject */
    PREPOSITION, /* after the subject */
    INNER,       /* a determiner after that, and any adjectives */
    INNER_HEAD,  /* the noun after that */
    VERB,        /* that takes an object */
    OBJECT,      /* a determiner of the object, and any adjectives */
    PREDICATE,   /* a whole predicate */
    ADVERB,      /* and its adverb */
    CONJUNCTION, /* "and" */
    PLACES
} place;

/* What of a text its continuation depends on. */
typedef struct memory {
    unsigned place;
    unsigned past;   /* the sentence is in the past tense */
    unsigned number; /* of the subject, once its noun is there */
    unsigned alive;  /* and what the subject is */
    unsigned local;  /* number of the noun that comes after a determiner */
} memory;

/* Numbers of the values of each field but the first, which comes first in a state. */
enum {
    PAST_VALUES = 2,
    NUMBER_VALUES = 2,
    ALIVE_VALUES = 2,
    LOCAL_VALUES = 3,
    MEMORIES = PLACES * PAST_VALUES * NUMBER_VALUES * ALIVE_VALUES * LOCAL_VALUES
};

_Static_assert((int)MEMORIES == (int)GRAMMAR_STATES, "a state for each memory");

static grammar_state pack(memory m)
{
    return (((m.place * PAST_VALUES + m.past) * NUMBER_VALUES + m.number) * ALIVE_VALUES +
            m.alive) *
               LOCAL_VALUES +
           m.local;
}

static memory unpack(grammar_state state)
{
    memory m;
    m.local = state % LOCAL_VALUES;
    state /= LOCAL_VALUES;
    m.alive = state % ALIVE_VALUES;
    state /= ALIVE_VALUES;
    m.number = state % NUMBER_VALUES;
    state /= NUMBER_VALUES;
    m.past = state % PAST_VALUES;
    m.place = state / PAST_VALUES;
    return m;
}

/* How often, relatively, adjectives and nouns come after a determiner. */
static uint32_t noun_phrase_share(unsigned local, unsigned group)
{
    switch (group) {
    case GRAMMAR_ADJECTIVE:
        return 2;
    case GRAMMAR_NOUN:
        return local == GRAMMAR_EITHER ? 2 : local == GRAMMAR_SINGULAR ? 4 : 0;
    case GRAMMAR_NOUN_PLURAL:
        return local == GRAMMAR_EITHER ? 2 : local == GRAMMAR_PLURAL ? 4 : 0;
    default:
        return 0;
    }
}

static unsigned verb_group(memory m)
{
    return GRAMMAR_VERB + GRAMMAR_FORMS * m.alive + (m.past ? GRAMMAR_PAST : m.number);
}

/* How often, relatively, a word of a group comes next; 0: never. */
static uint32_t share(memory m, unsigned group)
{
    switch ((place)m.place) {
    case NOTHING:
        return group == GRAMMAR_YESTERDAY ? 2 : group == GRAMMAR_DETERMINER ? 3 : 0;
    case OPENING:
    case PREPOSITION:
    case VERB:
        return group == GRAMMAR_DETERMINER;
    case SUBJECT:
    case INNER:
    case OBJECT:
        return noun_phrase_share(m.local, group);
    case HEAD:
        return group == GRAMMAR_PREPOSITION || group == verb_group(m);
    case INNER_HEAD:
        return group == GRAMMAR_PREPOSITION ? 1 : group == verb_group(m) ? 4 : 0;
    case PREDICATE:
        return group == GRAMMAR_ADVERB || group == GRAMMAR_AND ? 1 : group == GRAMMAR_END ? 2 : 0;
    case ADVERB:
        return group == GRAMMAR_AND ? 1 : group == GRAMMAR_END ? 2 : 0;
    case CONJUNCTION:
        return group == verb_group(m);
    case PLACES:
        break;
    }
    return 0;
}

/* The place after a determiner, which begins a noun phrase, and after its noun. */
static unsigned begun(unsigned at)
{
    return at == PREPOSITION ? INNER : at == VERB ? OBJECT : SUBJECT;
}

static unsigned completed(unsigned at)
{
    return at == SUBJECT ? HEAD : at == INNER ? INNER_HEAD : PREDICATE;
}

/* The memory after a word that can come. */
static memory after(memory m, const grammar_word_entry *word)
{
    switch (word->group) {
    case GRAMMAR_END:
        return (memory){.place = NOTHING};
    case GRAMMAR_YESTERDAY:
        return (memory){.place = OPENING, .past = 1};
    case GRAMMAR_DETERMINER:
        m.place = begun(m.place);
        m.local = word->mark;
        return m;
    case GRAMMAR_ADJECTIVE:
        return m;
    case GRAMMAR_NOUN:
    case GRAMMAR_NOUN_PLURAL:
        if (m.place == SUBJECT) {
            m.number = word->group == GRAMMAR_NOUN_PLURAL;
            m.alive = word->mark;
        }
        m.place = completed(m.place);
        m.local = 0;
        return m;
    case GRAMMAR_PREPOSITION:
        m.place = PREPOSITION;
        return m;
    case GRAMMAR_ADVERB:
        m.place = ADVERB;
        return m;
    case GRAMMAR_AND:
        m.place = CONJUNCTION;
        return m;
    default:
        m.place = word->mark ? VERB : PREDICATE;
        return m;
    }
}

const char *grammar_word(uint32_t word)
{
    return grammar_words[word].text;
}

grammar_state grammar_begin(void)
{
    return pack((memory){.place = NOTHING});
}

size_t grammar_arcs(grammar_state state, grammar_arc arcs[GRAMMAR_MOST_ARCS], uint32_t *total)
{
    const memory m = unpack(state);
    size_t count = 0;
    *total = 0;
    for (uint32_t word = 0; word < GRAMMAR_WORDS; ++word) {
        const grammar_word_entry *entry = &grammar_words[word];
        const uint32_t weight = share(m, entry->group) * entry->weight;
        if (weight > 0) {
            arcs[count++] =
                (grammar_arc){.word = word, .weight = weight, .next = pack(after(m, entry))};
            *total += weight;
        }
    }
    return count;
}

double grammar_step(grammar_state *state, uint32_t word)
{
    grammar_arc arcs[GRAMMAR_MOST_ARCS];
    uint32_t total;
    const size_t count = grammar_arcs(*state, arcs, &total);
    for (size_t i = 0; i < count; ++i) {
        if (arcs[i].word == word) {
            *state = arcs[i].next;
            return (double)arcs[i].weight / total;
        }
    }
    return 0.0;
}

void grammar_generate(uint64_t seed, uint32_t part, size_t count, uint32_t *words)
{
    grammar_state state = grammar_begin();
    for (size_t i = 0; i < count; ++i) {
        const ard_draw draw = {.seed = seed,
                               .step = i,
                               .layer = (uint32_t)STREAM_TAG << 16 | part,
                               .purpose = ARD_PURPOSE_DATA_ORDER};
        grammar_arc arcs[GRAMMAR_MOST_ARCS];
        uint32_t total;
        (void)grammar_arcs(state, arcs, &total);
        uint32_t drawn = ard_draw_below(&draw, total);
        size_t chosen = 0;
        while (drawn >= arcs[chosen].weight) {
            drawn -= arcs[chosen++].weight;
        }
        words[i] = arcs[chosen].word;
        state = arcs[chosen].next;
    }
}
