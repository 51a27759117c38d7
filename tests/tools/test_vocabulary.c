/* SPDX-License-Identifier: Apache-2.0 */
/* Words and their numbers: by first occurrence, by frequency, under a limit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/token_list.h"
#include "data/vocabulary.h"
#include "support/unit.h"

static uint32_t add(vocabulary *words, const char *word, uint64_t times)
{
    uint32_t id = VOCABULARY_NONE;
    data_error error;
    assert_true(vocabulary_add(words, word, strlen(word), times, &id, &error));
    return id;
}

static uint32_t find(const vocabulary *words, const char *word)
{
    return vocabulary_find(words, word, strlen(word));
}

/* The words by id are `expected`, and found where they are. */
static void assert_words(const vocabulary *words, size_t count, const char *const *expected)
{
    assert_int_equal(words->count, count);
    for (uint32_t id = 0; id < count; ++id) {
        size_t length = 0;
        assert_string_equal(vocabulary_word(words, id, &length), expected[id]);
        assert_int_equal(length, strlen(expected[id]));
        assert_int_equal(find(words, expected[id]), id);
    }
    assert_null(vocabulary_word(words, (uint32_t)count, NULL));
    assert_int_equal(vocabulary_times(words, (uint32_t)count), 0);
}

static void test_empty(void **state)
{
    (void)state;
    vocabulary words = {0};
    assert_words(&words, 0, NULL);
    assert_int_equal(find(&words, "a"), VOCABULARY_NONE);
    vocabulary_destroy(&words);
}

static void test_first_occurrence(void **state)
{
    (void)state;
    static const char *const EXPECTED[] = {"b", "a", "ab", ""};
    vocabulary words = {0};
    assert_int_equal(add(&words, "b", 1), 0);
    assert_int_equal(add(&words, "a", 1), 1);
    assert_int_equal(add(&words, "b", 2), 0);
    assert_int_equal(add(&words, "ab", 1), 2);
    assert_int_equal(add(&words, "", 1), 3);
    assert_words(&words, 4, EXPECTED);
    assert_int_equal(vocabulary_times(&words, 0), 3);
    assert_int_equal(vocabulary_times(&words, 1), 1);
    assert_int_equal(find(&words, "aba"), VOCABULARY_NONE);
    vocabulary_destroy(&words);
}

/* A NUL byte is a byte like any other. */
static void test_any_bytes(void **state)
{
    (void)state;
    vocabulary words = {0};
    data_error error;
    uint32_t id = 7;
    assert_true(vocabulary_add(&words, "a\0b", 3, 1, &id, &error));
    assert_int_equal(id, 0);
    assert_true(vocabulary_add(&words, "a\0c", 3, 1, &id, &error));
    assert_int_equal(id, 1);
    assert_true(vocabulary_add(&words, "a", 1, 1, NULL, &error));
    assert_int_equal(vocabulary_find(&words, "a\0c", 3), 1);
    assert_int_equal(vocabulary_find(&words, "a\0d", 3), VOCABULARY_NONE);
    size_t length = 0;
    assert_memory_equal(vocabulary_word(&words, 0, &length), "a\0b", 4);
    assert_int_equal(length, 3);
    vocabulary_destroy(&words);
}

/* More than the first tables hold, with one word longer than their first bytes. */
static void test_growth(void **state)
{
    (void)state;
    enum { COUNT = 50021, LONG = 100003 };
    vocabulary words = {0};
    data_error error;
    char word[16];
    for (uint32_t i = 0; i < COUNT; ++i) {
        (void)snprintf(word, sizeof word, "w%u", i);
        assert_int_equal(add(&words, word, i), i);
    }
    char *longest = calloc(LONG, 1);
    assert_non_null(longest);
    uint32_t id = 0;
    assert_true(vocabulary_add(&words, longest, LONG, 1, &id, &error));
    assert_int_equal(id, COUNT);
    for (uint32_t i = 0; i < COUNT; ++i) {
        (void)snprintf(word, sizeof word, "w%u", i);
        assert_int_equal(find(&words, word), i);
        assert_int_equal(vocabulary_times(&words, i), i);
    }
    assert_int_equal(vocabulary_find(&words, longest, LONG), COUNT);
    assert_int_equal(vocabulary_find(&words, longest, LONG - 1), VOCABULARY_NONE);
    free(longest);
    vocabulary_destroy(&words);
}

/* Two each of frequency 1 and 5. */
static vocabulary example(void)
{
    vocabulary words = {0};
    (void)add(&words, "rare", 1);
    (void)add(&words, "often", 5);
    (void)add(&words, VOCABULARY_EOS, 1);
    (void)add(&words, "most", 9);
    (void)add(&words, "also", 5);
    (void)add(&words, "seldom", 2);
    return words;
}

static void rank(vocabulary *words, size_t most, const uint32_t *expected_ids, size_t count)
{
    uint32_t *ids = NULL;
    data_error error;
    assert_true(vocabulary_rank(words, most, &ids, &error));
    for (size_t i = 0; i < count; ++i) {
        assert_int_equal(ids[i], expected_ids[i]);
    }
    free(ids);
}

static void test_rank(void **state)
{
    (void)state;
    static const char *const EXPECTED[] = {"most", "often", "also", "seldom", "rare", "<eos>"};
    static const uint32_t IDS[] = {4, 1, 5, 0, 2, 3};
    vocabulary words = example();
    rank(&words, 0, IDS, 6);
    assert_words(&words, 6, EXPECTED);
    assert_int_equal(vocabulary_times(&words, 2), 5);
    vocabulary_destroy(&words);
}

static void test_rank_of_nothing(void **state)
{
    (void)state;
    vocabulary words = {0};
    rank(&words, 0, NULL, 0);
    assert_int_equal(words.count, 0);
    vocabulary_destroy(&words);
}

/* A limit that is not passed changes nothing, and makes no <unk>. */
static void test_limit_not_reached(void **state)
{
    (void)state;
    static const uint32_t IDS[] = {4, 1, 5, 0, 2, 3};
    vocabulary words = example();
    rank(&words, 6, IDS, 6);
    assert_int_equal(words.count, 6);
    assert_int_equal(find(&words, VOCABULARY_UNK), VOCABULARY_NONE);
    vocabulary_destroy(&words);
}

/* <eos> stays though it is rare; <unk> is made, counted as what went, and has its place by that. */
static void test_limit(void **state)
{
    (void)state;
    static const char *const EXPECTED[] = {"most", "<unk>", "often", "<eos>"};
    static const uint32_t IDS[] = {1, 2, 3, 0, 1, 1};
    vocabulary words = example();
    rank(&words, 4, IDS, 6);
    assert_words(&words, 4, EXPECTED);
    assert_int_equal(vocabulary_times(&words, 1), 5 + 2 + 1);
    vocabulary_destroy(&words);

    static const char *const LEAST[] = {"<unk>", "most", "<eos>"};
    static const uint32_t LEAST_IDS[] = {0, 0, 2, 1, 0, 0};
    words = example();
    rank(&words, VOCABULARY_LEAST, LEAST_IDS, 6);
    assert_words(&words, VOCABULARY_LEAST, LEAST);
    vocabulary_destroy(&words);
}

/* <eos> takes the place of no other word where it is frequent. */
static void test_limit_with_frequent_eos(void **state)
{
    (void)state;
    static const char *const EXPECTED[] = {"<eos>", "most", "<unk>", "often"};
    static const uint32_t IDS[] = {2, 3, 0, 1, 2, 2};
    vocabulary words = example();
    (void)add(&words, VOCABULARY_EOS, 100);
    rank(&words, 4, IDS, 6);
    assert_words(&words, 4, EXPECTED);
    vocabulary_destroy(&words);
}

static void test_limit_with_unk(void **state)
{
    (void)state;
    static const char *const EXPECTED[] = {"<unk>", "most", "often", "<eos>"};
    static const uint32_t IDS[] = {0, 2, 3, 1, 0, 0, 0};
    vocabulary words = example();
    (void)add(&words, VOCABULARY_UNK, 7);
    rank(&words, 4, IDS, 7);
    assert_words(&words, 4, EXPECTED);
    assert_int_equal(vocabulary_times(&words, 0), 7 + 5 + 2 + 1);
    vocabulary_destroy(&words);
}

static uint64_t checksum_of(const char *first, const char *second)
{
    vocabulary words = {0};
    (void)add(&words, first, 1);
    (void)add(&words, second, 1);
    const uint64_t checksum = vocabulary_checksum(&words);
    vocabulary_destroy(&words);
    return checksum;
}

static void test_checksum(void **state)
{
    (void)state;
    assert_true(checksum_of("a", "bc") == checksum_of("a", "bc"));
    assert_true(checksum_of("a", "bc") != checksum_of("bc", "a"));
    assert_true(checksum_of("a", "bc") != checksum_of("ab", "c"));
}

static void assert_text(const char *bytes, size_t length, const char *expected)
{
    char text[VOCABULARY_TEXT_SIZE];
    vocabulary_text(bytes, length, text);
    assert_string_equal(text, expected);
}

static void test_text_for_messages(void **state)
{
    (void)state;
    assert_text("", 0, "");
    assert_text("caf\xc3\xa9", 5, "caf\xc3\xa9");
    assert_text("a\033[2J\n\0\x7f", 8, "a\\x1b[2J\\x0a\\x00\\x7f");
    char bytes[200];
    char text[VOCABULARY_TEXT_SIZE];
    /* Each way that the last character can lie on the cut, and bytes that are no characters. */
    for (size_t skip = 0; skip < 3; ++skip) {
        memset(bytes, 'a', sizeof bytes);
        for (size_t i = skip; i + 3 <= sizeof bytes; i += 3) {
            memcpy(bytes + i, "\xe2\x82\xac", 3);
        }
        vocabulary_text(bytes, sizeof bytes, text);
        const size_t length = strlen(text);
        assert_in_range(length, VOCABULARY_TEXT_SIZE - 20, VOCABULARY_TEXT_SIZE - 1);
        assert_int_equal((length - 3 - skip) % 3, 0);
        assert_string_equal(text + length - 3, "...");
    }
    memset(bytes, 0x01, sizeof bytes);
    vocabulary_text(bytes, sizeof bytes, text);
    assert_in_range(strlen(text), VOCABULARY_TEXT_SIZE - 10, VOCABULARY_TEXT_SIZE - 1);
    memset(bytes, 0x80, sizeof bytes);
    assert_text(bytes, sizeof bytes, "...");
}

static void test_token_list(void **state)
{
    (void)state;
    enum { COUNT = 5003 };
    token_list list = {0};
    data_error error;
    for (uint32_t i = 0; i < COUNT; ++i) {
        assert_true(token_list_add(&list, i * 3, COUNT, "file", &error));
    }
    assert_false(token_list_add(&list, 1, COUNT, "file", &error));
    assert_string_equal(error.text, "file: more than 5003 tokens");
    assert_int_equal(list.count, COUNT);
    for (uint32_t i = 0; i < COUNT; ++i) {
        assert_int_equal(list.tokens[i], i * 3);
    }
    token_list_destroy(&list);
    assert_null(list.tokens);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_first_occurrence),
        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_rank),
        cmocka_unit_test(test_rank_of_nothing),
        cmocka_unit_test(test_limit_not_reached),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_limit_with_frequent_eos),
        cmocka_unit_test(test_limit_with_unk),
        cmocka_unit_test(test_checksum),
        cmocka_unit_test(test_text_for_messages),
        cmocka_unit_test(test_token_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
