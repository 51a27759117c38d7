/* SPDX-License-Identifier: Apache-2.0 */
/* The progress line with a clock of its own: when it is drawn, what it says, that it is wiped. */
#include "progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static double clock_seconds;

static double now(void)
{
    return clock_seconds;
}

static void read_back(FILE *stream, char *text, size_t capacity)
{
    fflush(stream);
    rewind(stream);
    text[fread(text, 1, capacity - 1, stream)] = '\0';
}

static void test_draws_after_a_second(void **state)
{
    (void)state;
    FILE *stream = tmpfile();
    assert_non_null(stream);
    char text[1024];
    progress bar;
    clock_seconds = 100.0;
    progress_start_on(&bar, stream, now, 120, true, "epoch 1", "samples", 1000);
    clock_seconds = 100.9;
    progress_update(&bar, 90, "loss 2.0");
    progress_clear(&bar);
    read_back(stream, text, sizeof text);
    assert_string_equal(text, "");
    clock_seconds = 105.0;
    progress_update(&bar, 250, "loss 0.5");
    clock_seconds = 105.05;
    progress_update(&bar, 260, "too soon");
    read_back(stream, text, sizeof text);
    assert_string_equal(text, "\repoch 1 [######..................]  25%  50 samples/s  "
                              "0:15 left  loss 0.5\033[K");
    progress_finish(&bar);
    progress_finish(&bar);
    clock_seconds = 200.0;
    progress_update(&bar, 300, "after the end");
    read_back(stream, text, sizeof text);
    assert_string_equal(text + strlen(text) - 4, "\r\033[K");
    assert_null(strstr(text, "after the end"));
    fclose(stream);
}

static void test_without_rate(void **state)
{
    (void)state;
    FILE *stream = tmpfile();
    assert_non_null(stream);
    char text[1024];
    progress bar;
    clock_seconds = 0.0;
    progress_start_on(&bar, stream, now, 120, true, "tuning", NULL, 600);
    clock_seconds = 150.0;
    progress_update(&bar, 150, "packed");
    read_back(stream, text, sizeof text);
    assert_string_equal(text, "\rtuning [######..................]  25%  7:30 left  packed\033[K");
    fclose(stream);
}

static void test_line_never_wraps(void **state)
{
    (void)state;
    for (int columns = 1; columns < 100; columns++) {
        FILE *stream = tmpfile();
        assert_non_null(stream);
        char text[1024];
        progress bar;
        clock_seconds = 0.0;
        progress_start_on(&bar, stream, now, columns, true, "a", "steps", 3);
        clock_seconds = 7200.0;
        progress_update(&bar, 1, NULL);
        read_back(stream, text, sizeof text);
        const size_t drawn = strlen(text) - strlen("\r") - strlen("\033[K");
        assert_true(drawn <= (columns > 1 ? (size_t)columns - 1 : 1));
        if (columns > 90) {
            assert_non_null(strstr(text, " 33%  0.00 steps/s  4:00:00 left"));
        }
        fclose(stream);
    }
}

static void test_edges(void **state)
{
    (void)state;
    const struct {
        uint64_t done;
        uint64_t total;
        const char *expected;
    } cases[] = {{0, 10, "  0%  0.00 u/s  -:-- left"},
                 {10, 10, "100%  5.00 u/s  0:00 left"},
                 {20, 10, "100%  10 u/s  0:00 left"},
                 {0, 0, "100%  0.00 u/s  -:-- left"},
                 {1, UINT64_MAX, "  0%  0.50 u/s  99:59:59 left"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        FILE *stream = tmpfile();
        assert_non_null(stream);
        char text[1024];
        progress bar;
        clock_seconds = 0.0;
        progress_start_on(&bar, stream, now, 100, true, "x", "u", cases[i].total);
        clock_seconds = 2.0;
        progress_update(&bar, cases[i].done, NULL);
        read_back(stream, text, sizeof text);
        if (strstr(text, cases[i].expected) == NULL) {
            fail_msg("\"%s\" does not contain \"%s\"", text, cases[i].expected);
        }
        fclose(stream);
    }
}

static void test_silent_when_not_on_a_terminal(void **state)
{
    (void)state;
    FILE *stream = tmpfile();
    assert_non_null(stream);
    char text[16];
    progress bar;
    clock_seconds = 0.0;
    progress_start_on(&bar, stream, now, 80, false, "x", "u", 10);
    clock_seconds = 9.0;
    progress_update(&bar, 5, "note");
    progress_finish(&bar);
    read_back(stream, text, sizeof text);
    assert_string_equal(text, "");
    fclose(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_draws_after_a_second),
        cmocka_unit_test(test_without_rate),
        cmocka_unit_test(test_line_never_wraps),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_silent_when_not_on_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
