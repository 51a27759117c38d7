/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of words: where the files are, what a word and a line are, which words have a number, and
 * each way to be bad. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/corpus.h"
#include "data/word_reader.h"
#include "support/unit.h"
#include "tools/data_files.h"
#include "tools/text_check.h"

static const corpus_limits NO_LIMITS = {0};

static void write_text(const char *name, const char *text)
{
    data_write(name, text, strlen(text));
}

/* train.txt, valid.txt and test.txt. */
static void write_texts(const char *train, const char *valid, const char *test)
{
    data_folder_empty();
    write_text("train.txt", train);
    write_text("valid.txt", valid);
    write_text("test.txt", test);
}

static corpus read_with(const char *path, const corpus_limits *limits)
{
    corpus text = {0};
    data_error error = {""};
    if (!corpus_read_words(path, limits, &text, &error)) {
        fail_msg("%s", error.text);
    }
    return text;
}

static corpus read_folder(const corpus_limits *limits)
{
    return read_with(data_folder(), limits);
}

static void assert_refused_with(const char *path, const corpus_limits *limits, const char *expected)
{
    corpus text = {.train_count = 77};
    data_error error = {""};
    assert_false(corpus_read_words(path, limits, &text, &error));
    assert_int_equal(text.train_count, 77);
    assert_null(text.train);
    text_assert_reason(&error, expected);
}

static void assert_refused(const char *expected)
{
    assert_refused_with(data_folder(), &NO_LIMITS, expected);
}

static void test_parts(void **state)
{
    (void)state;
    write_texts("b a b\n c\n", "a b\n", "c\nc\n");
    corpus text = read_folder(&NO_LIMITS);
    text_assert_words(&text.words, text.train, text.train_count, "b a b <eos> c <eos>");
    text_assert_words(&text.words, text.valid, text.valid_count, "a b <eos>");
    text_assert_words(&text.words, text.test, text.test_count, "c <eos> c <eos>");
    assert_int_equal(text.words.count, 4);
    assert_string_equal(vocabulary_word(&text.words, 0, NULL), "b");
    assert_string_equal(vocabulary_word(&text.words, 1, NULL), "<eos>");
    assert_string_equal(vocabulary_word(&text.words, 2, NULL), "a");
    assert_int_equal(vocabulary_times(&text.words, 1), 2);
    assert_int_equal(text.unknown_valid, 0);
    assert_int_equal(text.unknown_test, 0);
    assert_true(isnan(text.entropy) && isnan(text.surprisal_valid) && isnan(text.surprisal_test));
    assert_string_equal(text.name, data_folder());
    corpus_destroy(&text);
    assert_null(text.train);
    corpus_destroy(&text);
}

/* `train` is read as `expected`. */
static void assert_read_as(const char *train, const char *expected)
{
    write_texts(train, "a a\n", "a a\n");
    corpus text = read_folder(&NO_LIMITS);
    text_assert_words(&text.words, text.train, text.train_count, expected);
    corpus_destroy(&text);
}

static void test_lines(void **state)
{
    (void)state;
    assert_read_as("a\n", "a <eos>");
    assert_read_as("a", "a <eos>");
    assert_read_as("\na", "<eos> a <eos>");
    assert_read_as("a\n\n\n", "a <eos> <eos> <eos>");
    assert_read_as("a\n \n", "a <eos> <eos>");
    assert_read_as("a\n ", "a <eos> <eos>");
    assert_read_as("a\r\nb\r\n\r\n", "a <eos> b <eos> <eos>");
    assert_read_as(" \t a\tb \v\f c", "a b c <eos>");
    assert_read_as("a <eos> b\n", "a <eos> b <eos>");
    assert_read_as("\xe6\x88\xa6\xc2\xa0 a \x80\n", "\xe6\x88\xa6\xc2\xa0 a \x80 <eos>");
}

/* Words and lines of many lengths in a file of several chunks: what is read, written again, is the
 * file, plain and packed. */
static void test_chunks(void **state)
{
    (void)state;
    enum { SIZE = 5 * WORD_READER_CHUNK + 17 };
    char *file = malloc(SIZE);
    assert_non_null(file);
    uint32_t random = 12345;
    char last = '\n';
    for (size_t i = 0; i < SIZE; ++i) {
        random = random * 1664525 + 1013904223;
        const uint32_t kind = random >> 28;
        const bool separated = last != ' ' && last != '\n';
        file[i] = kind == 0 ? '\n' : (char)('a' + kind % 3);
        if (separated && kind > 13 && i + 2 < SIZE) {
            file[i] = ' ';
        } else if (kind == 0 && last == ' ') {
            file[i] = 'd';
        }
        last = file[i];
    }
    file[SIZE - 1] = '\n';
    write_texts("a", "a", "a");
    data_write("plain", file, SIZE);
    data_write_gzip("packed", file, SIZE);
    static const char *const NAMES[] = {"plain", "packed"};
    for (size_t n = 0; n < 2; ++n) {
        char path[DATA_PATH_SIZE];
        char list[3 * DATA_PATH_SIZE];
        data_path(NAMES[n], path);
        (void)snprintf(list, sizeof list, "%s,%s,%s", path, path, path);
        corpus text = read_with(list, &NO_LIMITS);
        size_t at = 0;
        bool begun = false;
        for (size_t i = 0; i < text.train_count; ++i) {
            size_t length = 0;
            const char *word = vocabulary_word(&text.words, text.train[i], &length);
            const bool line_end = strcmp(word, VOCABULARY_EOS) == 0;
            if (line_end) {
                assert_int_equal(file[at++], '\n');
            } else {
                if (begun) {
                    assert_int_equal(file[at++], ' ');
                }
                assert_memory_equal(file + at, word, length);
                at += length;
            }
            begun = !line_end;
        }
        assert_int_equal(at, SIZE);
        corpus_destroy(&text);
    }
    free(file);
}

static void test_layouts(void **state)
{
    (void)state;
    static const char *const LAYOUTS[][3] = {
        {"wiki.train.tokens", "wiki.valid.tokens", "wiki.test.tokens"},
        {"ptb.train.txt", "ptb.valid.txt", "ptb.test.txt"},
        {"train.txt", "valid.txt", "test.txt"}};
    for (size_t i = 0; i < sizeof LAYOUTS / sizeof LAYOUTS[0]; ++i) {
        data_folder_empty();
        write_text(LAYOUTS[i][0], "a b c\n");
        data_write_gzip(LAYOUTS[i][1], "b\n", 2); /* packed all the same */
        char packed[DATA_PATH_SIZE];
        (void)snprintf(packed, sizeof packed, "%s.gz", LAYOUTS[i][2]);
        char reason[3 * DATA_PATH_SIZE];
        (void)snprintf(reason, sizeof reason, "missing %s (plain or .gz) beside %s", LAYOUTS[i][2],
                       LAYOUTS[i][1]);
        assert_refused(reason);
        data_write_gzip(packed, "c\n", 2);
        corpus text = read_folder(&NO_LIMITS);
        text_assert_words(&text.words, text.train, text.train_count, "a b c <eos>");
        text_assert_words(&text.words, text.valid, text.valid_count, "b <eos>");
        text_assert_words(&text.words, text.test, text.test_count, "c <eos>");
        corpus_destroy(&text);
    }
    data_folder_empty();
    assert_refused("no text; expected wiki.train.tokens, ptb.train.txt or train.txt");
}

static void test_three_files(void **state)
{
    (void)state;
    write_texts("a b\n", "b\n", "a\n");
    char one[DATA_PATH_SIZE];
    char two[DATA_PATH_SIZE];
    char list[4 * DATA_PATH_SIZE];
    data_path("train.txt", one);
    data_path("valid.txt", two);
    (void)snprintf(list, sizeof list, "%s,%s,%s", one, two, one);
    corpus text = read_with(list, &NO_LIMITS);
    text_assert_words(&text.words, text.valid, text.valid_count, "b <eos>");
    text_assert_words(&text.words, text.test, text.test_count, "a b <eos>");
    corpus_destroy(&text);

    static const char EXPECTED[] = "expected a folder, or three files, as in TRAIN,VALID,TEST";
    assert_refused_with(one, &NO_LIMITS, EXPECTED);
    (void)snprintf(list, sizeof list, "%s,%s", one, two);
    assert_refused_with(list, &NO_LIMITS, EXPECTED);
    (void)snprintf(list, sizeof list, "%s,,%s", one, two);
    assert_refused_with(list, &NO_LIMITS, EXPECTED);
    (void)snprintf(list, sizeof list, "%s,%s,%s,%s", one, one, one, one);
    assert_refused_with(list, &NO_LIMITS, EXPECTED);
    (void)snprintf(list, sizeof list, "%s,%s,%s/", one, two, data_folder());
    assert_refused_with(list, &NO_LIMITS, "not a regular file");
    (void)snprintf(list, sizeof list, "%s,%s,%s.no", one, two, one);
    assert_refused_with(list, &NO_LIMITS, "train.txt.no: No such file");
    assert_refused_with("/nonexistent/folder", &NO_LIMITS, "/nonexistent/folder: No such file");
    assert_refused_with("", &NO_LIMITS, "No such file");
}

static void test_unknown_words(void **state)
{
    (void)state;
    write_texts("a b c\n", "a\nb\n", "a\n\nb the c\n");
    assert_refused("test.txt:3: \"the\" is not a word of ");
    assert_refused("put <unk> there, or have rare words read so by --max-words below 4");
    write_texts("a b c\n", "a \033[2J\n", "a\n");
    assert_refused("valid.txt:1: \"\\x1b[2J\" is not a word of ");
    /* <unk> itself too, where it has no number. */
    write_texts("a b c\n", "a <unk>\n", "a\n");
    assert_refused("valid.txt:1: \"<unk>\" is not a word of ");

    write_texts("a <unk> b c\n", "a the\nthe the <unk>\n", "d\n");
    corpus text = read_folder(&NO_LIMITS);
    text_assert_words(&text.words, text.valid, text.valid_count,
                      "a <unk> <eos> <unk> <unk> <unk> <eos>");
    assert_int_equal(text.unknown_valid, 3);
    assert_int_equal(text.unknown_test, 1);
    corpus_destroy(&text);
}

static void test_word_limit(void **state)
{
    (void)state;
    write_texts("a b c b c c d\n", "d c e\n", "a\n");
    corpus_limits limits = {.max_words = 4};
    corpus text = read_folder(&limits);
    assert_int_equal(text.words.count, 4);
    text_assert_words(&text.words, text.train, text.train_count, "<unk> b c b c c <unk> <eos>");
    text_assert_words(&text.words, text.valid, text.valid_count, "<unk> c <unk> <eos>");
    assert_int_equal(text.unknown_valid, 2);
    assert_int_equal(text.unknown_test, 1);
    corpus_destroy(&text);
    /* A limit that is not passed makes no <unk>. */
    limits.max_words = 5;
    assert_refused_with(data_folder(), &limits, "valid.txt:1: \"e\"");
    limits.max_words = 2;
    assert_refused_with(data_folder(), &limits,
                        "--max-words is 2; expected 3 or more, <eos> and <unk> included");
}

static void test_training_tokens(void **state)
{
    (void)state;
    write_texts("a b\nb <unk>\nb c d\n", "a b\nd\n", "a\n");
    corpus_limits limits = {.train_tokens = 6};
    corpus text = read_folder(&limits);
    text_assert_words(&text.words, text.train, text.train_count, "a b <eos> b <unk> <eos>");
    assert_int_equal(text.words.count, 4);
    text_assert_words(&text.words, text.valid, text.valid_count, "a b <eos> <unk> <eos>");
    const uint64_t six = corpus_checksum(&text);
    corpus_destroy(&text);

    limits.train_tokens = 10;
    text = read_folder(&limits);
    assert_int_equal(text.train_count, 10);
    const uint64_t ten = corpus_checksum(&text);
    corpus_destroy(&text);
    text = read_folder(&NO_LIMITS);
    assert_true(corpus_checksum(&text) == ten);
    assert_true(ten != six);
    text.test[0] ^= 1;
    assert_true(corpus_checksum(&text) != ten);
    corpus_destroy(&text);

    limits.train_tokens = 11;
    assert_refused_with(data_folder(), &limits, "train.txt: 10 tokens; --train-tokens asks for 11");
    limits.train_tokens = 1;
    assert_refused_with(data_folder(), &limits, "--train-tokens is 1; expected 2 or more");
}

static void test_short_texts(void **state)
{
    (void)state;
    write_texts("", "a\n", "a\n");
    assert_refused("train.txt: 0 tokens; expected 2 or more");
    write_texts("\n", "\n\n", "\n\n");
    assert_refused("train.txt: 1 tokens; expected 2 or more");
    write_texts("a\n", "", "a\n");
    assert_refused("valid.txt: 0 tokens");
    write_texts("a\n", "a\n", "\n");
    assert_refused("test.txt: 1 tokens");
    write_texts("\n\n", "\n\n", "\n\n");
    corpus text = read_folder(&NO_LIMITS);
    assert_int_equal(text.words.count, 1);
    corpus_destroy(&text);
}

static void test_long_words(void **state)
{
    (void)state;
    write_texts("a\n", "a\n", "a\n");
    char *word = malloc(WORD_READER_LONGEST + 2);
    assert_non_null(word);
    memset(word, 'x', WORD_READER_LONGEST + 2);
    word[0] = '\n';
    data_write("train.txt", word, WORD_READER_LONGEST + 2);
    assert_refused("train.txt:2: a word of more than 65536 bytes");
    word[WORD_READER_LONGEST + 1] = '\n';
    data_write("train.txt", word, WORD_READER_LONGEST + 2);
    assert_refused("valid.txt:1: \"a\"");
    data_write("valid.txt", word, WORD_READER_LONGEST + 2);
    data_write("test.txt", word, WORD_READER_LONGEST + 1);
    corpus text = read_folder(&NO_LIMITS);
    assert_int_equal(text.train_count, 3);
    assert_int_equal(text.valid_count, 3);
    assert_memory_equal(text.train, text.test, 3 * sizeof *text.train);
    corpus_destroy(&text);
    free(word);
}

static void test_not_text(void **state)
{
    (void)state;
    write_texts("a\n", "a\n", "a\n");
    data_write("train.txt", "a\nb \0c\n", 7);
    assert_refused("train.txt:2: a NUL byte; expected text");
    data_write("train.txt", "\x1f\x8bxx", 4);
    assert_refused("train.txt: ");
    char path[DATA_PATH_SIZE];
    data_path("train.txt", path);
    assert_int_equal(remove(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_refused("train.txt: not a regular file");
}

static void test_unreadable(void **state)
{
    (void)state;
    if (geteuid() == 0) {
        skip(); /* who may read everything */
    }
    write_texts("a\n", "a\n", "a\n");
    char path[DATA_PATH_SIZE];
    data_path("valid.txt", path);
    assert_int_equal(chmod(path, 0), 0);
    assert_refused("valid.txt: Permission denied");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),       cmocka_unit_test(test_lines),
        cmocka_unit_test(test_chunks),      cmocka_unit_test(test_layouts),
        cmocka_unit_test(test_three_files), cmocka_unit_test(test_unknown_words),
        cmocka_unit_test(test_word_limit),  cmocka_unit_test(test_training_tokens),
        cmocka_unit_test(test_short_texts), cmocka_unit_test(test_long_words),
        cmocka_unit_test(test_not_text),    cmocka_unit_test(test_unreadable),
    };
    return cmocka_run_group_tests(tests, data_folder_setup, data_folder_teardown);
}
