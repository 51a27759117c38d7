/* SPDX-License-Identifier: Apache-2.0 */
/* ard-tune's journal: what is read back, torn and damaged lines, whose it is. */
#include "tune/journal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "support/folder.h"
#include "support/unit.h"

static test_folder folder;
static char path[TEST_PATH_CAPACITY];

static int set_up(void **state)
{
    (void)state;
    folder = test_folder_create();
    test_folder_join(folder.path, "a/b/tuning.json.journal", path);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_folder_destroy(&folder);
    return 0;
}

/* A journal with a measured, a wrong and a failed candidate. */
static void write_journal(const char *identity)
{
    journal journal;
    assert_int_equal(journal_open(path, identity, false, &journal), CLI_CONTINUE);
    assert_int_equal(journal.read, 0);
    assert_true(journal_begin(&journal, "one"));
    assert_true(journal_end(&journal, "one", JOURNAL_MEASURED, 0.12345678901234567));
    assert_true(journal_begin(&journal, "two"));
    assert_true(journal_end(&journal, "two", JOURNAL_WRONG, 0.5));
    assert_true(journal_begin(&journal, "three"));
    assert_true(journal_end(&journal, "three", JOURNAL_FAILED, 0.5));
    journal_close(&journal, false);
}

static void assert_entry(const journal *journal, const char *key, journal_state state, double score)
{
    const journal_entry *entry = journal_find(journal, key);
    assert_non_null(entry);
    assert_int_equal(entry->state, state);
    assert_true(entry->score == score);
    assert_false(entry->counted);
}

static void append(const char *text)
{
    FILE *file = fopen(path, "ab");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* Resumes and closes; the status. `count` gets the entries read. */
static int resume(const char *identity, size_t *count)
{
    journal journal;
    const int status = journal_open(path, identity, true, &journal);
    *count = journal.read;
    journal_close(&journal, false);
    return status;
}

static void goes_on(void **state)
{
    (void)state;
    journal journal;
    write_journal("device \"x\"; seed 1");
    assert_int_equal(journal_open(path, "device \"x\"; seed 1", true, &journal), CLI_CONTINUE);
    assert_int_equal(journal.read, 3);
    assert_entry(&journal, "one", JOURNAL_MEASURED, 0.12345678901234567);
    assert_entry(&journal, "two", JOURNAL_WRONG, HUGE_VAL);
    assert_entry(&journal, "three", JOURNAL_FAILED, HUGE_VAL);
    assert_null(journal_find(&journal, "four"));
    assert_true(journal_begin(&journal, "four"));
    assert_true(journal_end(&journal, "four", JOURNAL_MEASURED, 2));
    journal_close(&journal, false);
    assert_int_equal(journal_open(path, "device \"x\"; seed 1", true, &journal), CLI_CONTINUE);
    assert_int_equal(journal.read, 4);
    assert_entry(&journal, "four", JOURNAL_MEASURED, 2);
    journal_close(&journal, true);
    assert_int_equal(access(path, F_OK), -1);
}

static void begins_afresh(void **state)
{
    (void)state;
    size_t count = 0;
    write_journal("x");
    journal journal;
    assert_int_equal(journal_open(path, "y", false, &journal), CLI_CONTINUE);
    journal_close(&journal, false);
    assert_int_equal(resume("x", &count), CLI_MISTAKE);
    assert_int_equal(resume("y", &count), CLI_CONTINUE);
    assert_int_equal(count, 0);
}

static void survives_torn_lines(void **state)
{
    (void)state;
    static const char line[] = "{\"candidate\":\"four\",\"state\":\"measured\",\"score\":1.5}";
    size_t count = 0;
    for (size_t length = 1; length < sizeof line; length++) {
        char torn[sizeof line];
        memcpy(torn, line, length);
        torn[length] = '\0';
        write_journal("x");
        append(torn);
        assert_int_equal(resume("x", &count), CLI_CONTINUE);
        assert_int_equal(count, 3);
        /* What is appended next stands on a line of its own. */
        append("{\"candidate\":\"five\",\"state\":\"wrong\"}\n");
        assert_int_equal(resume("x", &count), CLI_CONTINUE);
        assert_int_equal(count, 4);
    }
}

static void remembers_what_ended_a_run(void **state)
{
    (void)state;
    journal journal;
    write_journal("x");
    append("{\"candidate\":\"four\",\"state\":\"begun\"}\n");
    assert_int_equal(journal_open(path, "x", true, &journal), CLI_CONTINUE);
    assert_entry(&journal, "four", JOURNAL_BEGUN, HUGE_VAL);
    journal_close(&journal, false);
}

static void forgets_what_was_interrupted(void **state)
{
    (void)state;
    journal journal;
    assert_int_equal(journal_open(path, "x", false, &journal), CLI_CONTINUE);
    assert_true(journal_begin(&journal, "one"));
    assert_true(journal_begin(&journal, "two"));
    assert_true(journal_forget(&journal, "one"));
    assert_null(journal_find(&journal, "one"));
    assert_entry(&journal, "two", JOURNAL_BEGUN, HUGE_VAL);
    journal_close(&journal, false);
    assert_int_equal(journal_open(path, "x", true, &journal), CLI_CONTINUE);
    assert_null(journal_find(&journal, "one"));
    assert_int_equal(journal.read, 1);
    journal_close(&journal, false);
}

static void refuses_damaged_lines(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "\n",
        "nonsense\n",
        "[]\n",
        "{}\n",
        "{\"candidate\":1,\"state\":\"begun\"}\n",
        "{\"candidate\":\"four\"}\n",
        "{\"candidate\":\"four\",\"state\":\"excellent\"}\n",
        "{\"candidate\":\"four\",\"state\":\"measured\"}\n",
        "{\"candidate\":\"four\",\"state\":\"measured\",\"score\":\"1\"}\n",
        "{\"candidate\":\"four\",\"state\":\"measured\",\"score\":0}\n",
        "{\"candidate\":\"four\",\"state\":\"measured\",\"score\":-1}\n",
        "{\"candidate\":\"four\",\"state\":\"measured\",\"score\":1e999}\n",
    };
    size_t count = 0;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        write_journal("x");
        append(lines[i]);
        assert_int_equal(resume("x", &count), CLI_MISTAKE);
    }
}

static void refuses_long_keys(void **state)
{
    (void)state;
    size_t count = 0;
    char key[JOURNAL_KEY + 1];
    char line[JOURNAL_KEY + 100];
    memset(key, 'k', JOURNAL_KEY);
    key[JOURNAL_KEY] = '\0';
    write_journal("x");
    (void)snprintf(line, sizeof line, "{\"candidate\":\"%s\",\"state\":\"begun\"}\n", key);
    append(line);
    assert_int_equal(resume("x", &count), CLI_MISTAKE);
    key[JOURNAL_KEY - 1] = '\0';
    write_journal("x");
    (void)snprintf(line, sizeof line, "{\"candidate\":\"%s\",\"state\":\"begun\"}\n", key);
    append(line);
    assert_int_equal(resume("x", &count), CLI_CONTINUE);
}

static void refuses_other_files(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "\n",
        "{\"schema\":\"ard-tune-journal-1\",\"about\":\"x\"}", /* without its end */
        "{\"schema\":\"ard-tune-journal-2\",\"about\":\"x\"}\n",
        "{\"schema\":\"ard-tune-journal-1\"}\n",
        "\177ELF\n"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        write_journal("x");
        test_file_write(path, texts[i], strlen(texts[i]));
        assert_int_equal(resume("x", &count), CLI_MISTAKE);
    }
}

static void refuses_what_is_not_there(void **state)
{
    (void)state;
    size_t count = 0;
    assert_int_equal(resume("x", &count), CLI_MISTAKE);
    assert_int_equal(access(path, F_OK), -1);
}

/* A folder stands where the file should. */
static void fails_where_it_cannot_write(void **state)
{
    (void)state;
    journal journal;
    assert_int_equal(journal_open(folder.path, "x", false, &journal), CLI_FAILURE);
    journal_close(&journal, true);
    assert_int_equal(access(folder.path, F_OK), 0);
}

int main(void)
{
#define JOURNAL_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        JOURNAL_TEST(goes_on),
        JOURNAL_TEST(begins_afresh),
        JOURNAL_TEST(survives_torn_lines),
        JOURNAL_TEST(remembers_what_ended_a_run),
        JOURNAL_TEST(forgets_what_was_interrupted),
        JOURNAL_TEST(refuses_damaged_lines),
        JOURNAL_TEST(refuses_long_keys),
        JOURNAL_TEST(refuses_other_files),
        JOURNAL_TEST(refuses_what_is_not_there),
        JOURNAL_TEST(fails_where_it_cannot_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
