/* SPDX-License-Identifier: Apache-2.0 */
/* A text cut into windows: every token that fits is there once to be read and once to be predicted.
 */
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"
#include "train/lstm/lstm_windows.h"

enum { MOST_TOKENS = 64 };

static void test_example(void **state)
{
    (void)state;
    const uint32_t text[] = {10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21};
    const lstm_windows windows = lstm_windows_cut(text, 12, 2, 3);
    assert_int_equal(windows.length, 5);
    assert_int_equal(windows.count, 2);
    uint32_t tokens[6], targets[6];
    assert_int_equal(lstm_windows_fill(&windows, 0, tokens, targets), 3);
    const uint32_t first[] = {10, 15, 11, 16, 12, 17};
    assert_memory_equal(tokens, first, sizeof first);
    assert_int_equal(lstm_windows_fill(&windows, 1, tokens, targets), 2);
    const uint32_t second[] = {13, 18, 14, 19};
    const uint32_t after[] = {14, 19, 15, 20};
    assert_memory_equal(tokens, second, sizeof second);
    assert_memory_equal(targets, after, sizeof after);
}

/* Counts how often each token is read, and checks what is to be predicted. */
static void check_pass(size_t count, size_t batch, size_t steps)
{
    uint32_t text[MOST_TOKENS], tokens[MOST_TOKENS], targets[MOST_TOKENS];
    unsigned times[MOST_TOKENS] = {0};
    for (uint32_t i = 0; i < count; ++i) {
        text[i] = i;
    }
    const lstm_windows windows = lstm_windows_cut(text, count, batch, steps);
    assert_true(windows.steps <= steps);
    size_t length = 0;
    for (size_t k = 0; k < windows.count; ++k) {
        assert_int_equal(lstm_windows_until(&windows, k), length);
        const size_t here = lstm_windows_fill(&windows, k, tokens, targets);
        assert_in_range(here, 1, windows.steps);
        assert_true(here == windows.steps || k + 1 == windows.count);
        for (size_t i = 0; i < here * batch; ++i) {
            assert_int_equal(targets[i], tokens[i] + 1);
            times[tokens[i]] += 1;
        }
        length += here;
    }
    assert_int_equal(length, windows.length);
    assert_int_equal(lstm_windows_until(&windows, windows.count), length);
    assert_true(count - 1 - length * batch < batch);
    for (size_t i = 0; i < count; ++i) {
        assert_int_equal(times[i], i < length * batch ? 1 : 0);
    }
}

static void test_all_sizes(void **state)
{
    (void)state;
    static const size_t STEPS[] = {1, 2, 3, 7, 31, 100};
    for (size_t count = 2; count <= 37; ++count) {
        for (size_t batch = 1; batch < count; ++batch) {
            for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; ++i) {
                check_pass(count, batch, STEPS[i]);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_example),
        cmocka_unit_test(test_all_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
