/* SPDX-License-Identifier: Apache-2.0 */
/* The built-in grammar: its states, its sentences by rules of the test's own, and the same text for
 * the same seed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/checksum.h"
#include "data/corpus.h"
#include "data/grammar.h"
#include "data/grammar_words.h"
#include "support/unit.h"
#include "tools/grammar_reader.h"
#include "tools/text_check.h"

enum { SAMPLE = 200003 };

/* The text is part of every checkpoint made with it: a change of it is a change of the format. */
static const uint64_t SAMPLE_CHECKSUM = UINT64_C(0xb3aff13e4044e793);

static uint32_t sample[SAMPLE];

static int setup(void **state)
{
    (void)state;
    grammar_generate(1, 0, SAMPLE, sample);
    return 0;
}

static void test_words(void **state)
{
    (void)state;
    vocabulary words = {0};
    data_error error;
    unsigned weights[GRAMMAR_VERB + 2 * GRAMMAR_FORMS] = {0};
    for (uint32_t word = 0; word < GRAMMAR_WORDS; ++word) {
        const char *text = grammar_word(word);
        assert_true(vocabulary_add(&words, text, strlen(text), 1, NULL, &error));
        weights[grammar_words[word].group] += grammar_words[word].weight;
    }
    assert_int_equal(words.count, GRAMMAR_WORDS);
    assert_string_equal(grammar_word(GRAMMAR_EOS), VOCABULARY_EOS);
    for (size_t group = 0; group < sizeof weights / sizeof weights[0]; ++group) {
        assert_int_equal(weights[group], GRAMMAR_GROUP_WEIGHT);
    }
    vocabulary_destroy(&words);
}

/* Where a text can get to, it can go on; each word leads to one state; sentences end. */
static void test_states(void **state)
{
    (void)state;
    double visits[GRAMMAR_STATES];
    grammar_visits(visits);
    size_t met = 0;
    for (grammar_state at = 0; at < GRAMMAR_STATES; ++at) {
        if (visits[at] == 0.0) {
            continue;
        }
        ++met;
        grammar_arc arcs[GRAMMAR_MOST_ARCS];
        uint32_t total;
        uint32_t sum = 0;
        bool seen[GRAMMAR_WORDS] = {false};
        const size_t count = grammar_arcs(at, arcs, &total);
        assert_in_range(count, 1, GRAMMAR_MOST_ARCS);
        for (size_t i = 0; i < count; ++i) {
            assert_true(arcs[i].word < GRAMMAR_WORDS && !seen[arcs[i].word]);
            seen[arcs[i].word] = true;
            sum += arcs[i].weight;
            assert_true(visits[arcs[i].next] > 0.0);
            assert_int_equal(arcs[i].next == grammar_begin(), arcs[i].word == GRAMMAR_EOS);
            grammar_state stepped = at;
            const double probability = grammar_step(&stepped, arcs[i].word);
            assert_true(probability == (double)arcs[i].weight / total);
            assert_int_equal(stepped, arcs[i].next);
        }
        assert_int_equal(sum, total);
    }
    /* Twelve places; tense, number and life of the subject where it is known; number of a noun to
     * come. */
    assert_int_equal(met, 1 + 1 + 2 * 3 + 2 * 4 * (1 + 1 + 3 + 1 + 1 + 3 + 1 + 1 + 1));
    assert_true(visits[grammar_begin()] == 1.0);
}

static void test_same_text_everywhere(void **state)
{
    (void)state;
    const uint64_t checksum = checksum_words(CHECKSUM_BEGIN, sample, SAMPLE);
    if (checksum != SAMPLE_CHECKSUM) {
        fail_msg("checksum %016llx", (unsigned long long)checksum);
    }
}

static void test_seed_and_part(void **state)
{
    (void)state;
    enum { COUNT = 1009 };
    uint32_t words[COUNT];
    grammar_generate(1, 0, COUNT, words);
    assert_memory_equal(words, sample, sizeof words);
    static const uint64_t SEEDS[] = {2, 1, UINT64_C(1) << 32 | 1};
    static const uint32_t PARTS[] = {0, 1, 0};
    for (size_t i = 0; i < 3; ++i) {
        grammar_generate(SEEDS[i], PARTS[i], COUNT, words);
        assert_memory_not_equal(words, sample, sizeof words);
    }
}

static void test_sentences(void **state)
{
    (void)state;
    size_t begin = 0;
    for (size_t i = 0; i < SAMPLE; ++i) {
        if (sample[i] == GRAMMAR_EOS) {
            assert_true(grammar_reader_accepts(sample + begin, i + 1 - begin));
            begin = i + 1;
        }
    }
    assert_in_range(begin, SAMPLE - 100, SAMPLE);
}

/* The test's own reader and the grammar agree on every sentence with one other word, and refuse
 * most. */
static void test_no_sentences(void **state)
{
    (void)state;
    uint32_t words[8] = {GRAMMAR_EOS, GRAMMAR_EOS};
    assert_false(grammar_reader_accepts(words, 1));
    assert_true(isnan(grammar_surprisal(words, 2)));
    assert_true(isnan(grammar_surprisal(sample, 1)));
    assert_true(isnan(grammar_surprisal(sample, 0)));
    size_t first = 0;
    while (sample[first] != GRAMMAR_EOS) {
        ++first;
    }
    uint32_t *copy = malloc((first + 1) * sizeof *copy);
    assert_non_null(copy);
    memcpy(copy, sample, (first + 1) * sizeof *copy);
    size_t refused = 0;
    for (size_t i = 0; i <= first; ++i) {
        for (uint32_t word = 0; word < GRAMMAR_WORDS; ++word) {
            copy[i] = word;
            const bool whole = copy[first] == GRAMMAR_EOS && (i == first || word != GRAMMAR_EOS);
            if (whole) {
                const bool accepted = grammar_reader_accepts(copy, first + 1);
                assert_int_equal(accepted, !isnan(grammar_surprisal(copy, first + 1)));
                refused += !accepted;
            }
        }
        copy[i] = sample[i];
    }
    assert_true(refused > first * GRAMMAR_WORDS / 2);
    free(copy);
}

static void test_corpus(void **state)
{
    (void)state;
    corpus text = {0};
    data_error error = {""};
    assert_true(corpus_make_grammar(1, 0, &text, &error));
    assert_int_equal(text.train_count, CORPUS_GRAMMAR_TRAIN);
    assert_int_equal(text.valid_count, CORPUS_GRAMMAR_HELD_OUT);
    assert_int_equal(text.test_count, CORPUS_GRAMMAR_HELD_OUT);
    assert_memory_equal(text.train, sample, CORPUS_GRAMMAR_TRAIN * sizeof *sample);
    assert_memory_not_equal(text.valid, text.train, 100 * sizeof *sample);
    assert_memory_not_equal(text.valid, text.test, 100 * sizeof *sample);
    assert_int_equal(text.words.count, GRAMMAR_WORDS);
    uint64_t times = 0;
    for (uint32_t word = 0; word < GRAMMAR_WORDS; ++word) {
        assert_string_equal(vocabulary_word(&text.words, word, NULL), grammar_word(word));
        times += vocabulary_times(&text.words, word);
    }
    assert_int_equal(times, text.train_count);
    assert_string_equal(text.name, "grammar");
    assert_true(text.entropy == grammar_entropy());
    assert_true(text.surprisal_valid == grammar_surprisal(text.valid, text.valid_count));
    assert_true(text.surprisal_test == grammar_surprisal(text.test, text.test_count));
    const uint64_t checksum = corpus_checksum(&text);
    corpus_destroy(&text);

    assert_true(corpus_make_grammar(1, 2, &text, &error));
    assert_int_equal(text.train_count, 2);
    assert_memory_equal(text.train, sample, 2 * sizeof *sample);
    assert_true(corpus_checksum(&text) != checksum);
    corpus_destroy(&text);
    assert_false(corpus_make_grammar(1, 1, &text, &error));
    text_assert_reason(&error, "--train-tokens is 1; expected 2 or more");
    assert_false(corpus_make_grammar(1, CORPUS_GRAMMAR_MOST + 1, &text, &error));
    text_assert_reason(&error, "--train-tokens is 10000001; expected 10000000 or less");
    assert_null(text.train);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_states),
        cmocka_unit_test(test_same_text_everywhere),
        cmocka_unit_test(test_seed_and_part),
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_no_sentences),
        cmocka_unit_test(test_corpus),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
