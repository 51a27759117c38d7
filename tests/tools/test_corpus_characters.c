/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of characters: what one is, where the file is cut, and each way to be bad. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/corpus.h"
#include "data/utf8.h"
#include "support/unit.h"
#include "tools/data_files.h"
#include "tools/text_check.h"

static const corpus_limits NO_LIMITS = {0};

static corpus read_file(const char *name, const corpus_limits *limits)
{
    char path[DATA_PATH_SIZE];
    corpus text = {0};
    data_error error = {""};
    data_path(name, path);
    if (!corpus_read_characters(path, limits, &text, &error)) {
        fail_msg("%s", error.text);
    }
    assert_string_equal(text.name, path);
    return text;
}

static void assert_refused(const char *name, const corpus_limits *limits, const char *expected)
{
    char path[DATA_PATH_SIZE];
    corpus text = {.train_count = 77};
    data_error error = {""};
    data_path(name, path);
    assert_false(corpus_read_characters(path, limits, &text, &error));
    assert_int_equal(text.train_count, 77);
    text_assert_reason(&error, expected);
}

/* The characters of a part are the bytes at `*at`, which moves on. */
static void assert_part(const corpus *text, const uint32_t *tokens, size_t count,
                        const unsigned char *bytes, size_t *at)
{
    for (size_t i = 0; i < count; ++i) {
        size_t length = 0;
        const char *character = vocabulary_word(&text->words, tokens[i], &length);
        assert_non_null(character);
        assert_memory_equal(character, bytes + *at, length);
        *at += length;
    }
}

/* The three parts one after the other are the file. */
static void assert_whole(const corpus *text, const unsigned char *bytes, size_t size)
{
    size_t at = 0;
    assert_part(text, text->train, text->train_count, bytes, &at);
    assert_part(text, text->valid, text->valid_count, bytes, &at);
    assert_part(text, text->test, text->test_count, bytes, &at);
    assert_int_equal(at, size);
}

static void test_cuts(void **state)
{
    (void)state;
    static const size_t SIZES[][4] = {
        {40, 36, 2, 2}, {41, 36, 2, 3}, {59, 53, 2, 4}, {60, 54, 3, 3}, {997, 897, 49, 51}};
    unsigned char bytes[1000];
    for (size_t i = 0; i < sizeof bytes; ++i) {
        bytes[i] = (unsigned char)('a' + i * i % 23);
    }
    for (size_t s = 0; s < sizeof SIZES / sizeof SIZES[0]; ++s) {
        data_write("text", bytes, SIZES[s][0]);
        corpus text = read_file("text", &NO_LIMITS);
        assert_int_equal(text.train_count, SIZES[s][1]);
        assert_int_equal(text.valid_count, SIZES[s][2]);
        assert_int_equal(text.test_count, SIZES[s][3]);
        assert_whole(&text, bytes, SIZES[s][0]);
        assert_true(isnan(text.entropy) && isnan(text.surprisal_test));
        corpus_destroy(&text);
    }
}

/* The most frequent character is the first, and those of the held-out text have a number too. */
static void test_alphabet(void **state)
{
    (void)state;
    char bytes[41];
    memset(bytes, 'b', 40);
    memcpy(bytes, "aac", 3);
    memcpy(bytes + 36, "dddz", 4);
    data_write("text", bytes, 40);
    corpus text = read_file("text", &NO_LIMITS);
    static const char *const EXPECTED[] = {"b", "d", "a", "c", "z"};
    assert_int_equal(text.words.count, 5);
    for (uint32_t id = 0; id < 5; ++id) {
        assert_string_equal(vocabulary_word(&text.words, id, NULL), EXPECTED[id]);
    }
    text_assert_words(&text.words, text.test, text.test_count, "d z");
    corpus_destroy(&text);
}

/* Bytes of every value, NUL and line ends among them, that are not UTF-8. */
static void test_any_bytes(void **state)
{
    (void)state;
    unsigned char bytes[768];
    for (size_t i = 0; i < sizeof bytes; ++i) {
        bytes[i] = (unsigned char)i;
    }
    data_write("text", bytes, sizeof bytes);
    corpus text = read_file("text", &NO_LIMITS);
    assert_int_equal(text.words.count, 256);
    assert_whole(&text, bytes, sizeof bytes);
    corpus_destroy(&text);
}

static void test_code_points(void **state)
{
    (void)state;
    static const char LINE[] = "na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80\r\n"; /* 11 characters */
    enum { LENGTH = sizeof LINE - 1, LINES = 10 };
    unsigned char bytes[LINES * LENGTH];
    for (size_t i = 0; i < LINES; ++i) {
        memcpy(bytes + i * LENGTH, LINE, LENGTH);
    }
    data_write("text", bytes, sizeof bytes);
    corpus text = read_file("text", &NO_LIMITS);
    assert_int_equal(text.train_count + text.valid_count + text.test_count, 11 * LINES);
    assert_int_equal(text.words.count, 10);
    assert_true(vocabulary_find(&text.words, "\xe2\x82\xac", 3) != VOCABULARY_NONE);
    assert_whole(&text, bytes, sizeof bytes);
    corpus_destroy(&text);
    /* Cut inside the last character, it is a file of bytes. */
    bytes[sizeof bytes - 3] = 0xf0;
    data_write("text", bytes, sizeof bytes - 2);
    text = read_file("text", &NO_LIMITS);
    assert_int_equal(text.train_count + text.valid_count + text.test_count, sizeof bytes - 2);
    corpus_destroy(&text);
}

static void assert_utf8(const char *bytes, size_t expected)
{
    const size_t size = strlen(bytes);
    assert_int_equal(utf8_length(bytes, size), expected);
    assert_int_equal(utf8_valid(bytes, size), expected == size);
}

static void test_utf8(void **state)
{
    (void)state;
    assert_utf8("\x7f", 1);
    assert_utf8("\xc2\x80", 2);
    assert_utf8("\xdf\xbf", 2);
    assert_utf8("\xe0\xa0\x80", 3);
    assert_utf8("\xed\x9f\xbf", 3);
    assert_utf8("\xee\x80\x80", 3);
    assert_utf8("\xf0\x90\x80\x80", 4);
    assert_utf8("\xf4\x8f\xbf\xbf", 4);
    static const char *const BAD[] = {
        "\x80",             /* a continuation alone */
        "\xc3",             /* cut off */
        "\xe2\x82",         /* cut off */
        "\xc3(",            /* no continuation */
        "\xc0\x80",         /* longer than need be */
        "\xc1\xbf",         /* longer than need be */
        "\xe0\x9f\xbf",     /* longer than need be */
        "\xf0\x8f\xbf\xbf", /* longer than need be */
        "\xed\xa0\x80",     /* a surrogate */
        "\xed\xbf\xbf",     /* a surrogate */
        "\xf4\x90\x80\x80", /* too large */
        "\xf5\x80\x80\x80", /* too large */
        "\xff",
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; ++i) {
        assert_utf8(BAD[i], 0);
    }
    assert_true(utf8_valid("", 0));
}

/* More than is read at once, plain and packed. */
static void test_large_file(void **state)
{
    (void)state;
    enum { SIZE = (1 << 21) + 12345 };
    unsigned char *bytes = malloc(SIZE);
    assert_non_null(bytes);
    for (size_t i = 0; i < SIZE; ++i) {
        bytes[i] = (unsigned char)(' ' + i % 89);
    }
    data_write("plain", bytes, SIZE);
    data_write_gzip("packed", bytes, SIZE);
    corpus plain = read_file("plain", &NO_LIMITS);
    corpus packed = read_file("packed", &NO_LIMITS);
    assert_whole(&plain, bytes, SIZE);
    assert_true(corpus_checksum(&plain) == corpus_checksum(&packed));
    corpus_destroy(&plain);
    corpus_destroy(&packed);
    free(bytes);
}

/* The words are the same, so losses can be compared; the text held out too. */
static void test_training_tokens(void **state)
{
    (void)state;
    char bytes[100];
    for (size_t i = 0; i < sizeof bytes; ++i) {
        bytes[i] = (char)(' ' + i % 64);
    }
    data_write("text", bytes, sizeof bytes);
    corpus all = read_file("text", &NO_LIMITS);
    corpus_limits limits = {.train_tokens = 7};
    corpus few = read_file("text", &limits);
    assert_int_equal(few.train_count, 7);
    assert_int_equal(few.words.count, all.words.count);
    assert_memory_equal(few.train, all.train, 7 * sizeof *few.train);
    assert_memory_equal(few.test, all.test, 5 * sizeof *few.test);
    assert_true(corpus_checksum(&few) != corpus_checksum(&all));
    corpus_destroy(&all);
    corpus_destroy(&few);
    limits.train_tokens = 90;
    few = read_file("text", &limits);
    corpus_destroy(&few);
    limits.train_tokens = 91;
    assert_refused("text", &limits, "90 characters to train on; --train-tokens asks for 91");
    limits.train_tokens = 1;
    assert_refused("text", &limits, "--train-tokens is 1; expected 2 or more");
    limits = (corpus_limits){.max_words = 50};
    assert_refused("text", &limits, "--max-words is for words");
}

static void test_bad_files(void **state)
{
    (void)state;
    data_write("text", "", 0);
    assert_refused("text", &NO_LIMITS, "text: 0 characters; expected 40 or more");
    data_write("text", "0123456789012345678901234567890123456789", 39);
    assert_refused("text", &NO_LIMITS, "text: 39 characters; expected 40 or more");
    data_write("text", "\x1f\x8b\x08xxxxxxxxxx", 13);
    assert_refused("text", &NO_LIMITS, "text: ");
    assert_refused("missing", &NO_LIMITS, "missing: No such file");
    assert_refused(".", &NO_LIMITS, "not a regular file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_alphabet),
        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_code_points),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_large_file),
        cmocka_unit_test(test_training_tokens),
        cmocka_unit_test(test_bad_files),
    };
    return cmocka_run_group_tests(tests, data_folder_setup, data_folder_teardown);
}
