/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of an index list, against the list itself. */
#include "device/index_runs.h"

#include <stdlib.h>

#include "patterns/tile_axis.h"
#include "support/memory.h"
#include "support/unit.h"

/* That the runs of a group give back its entries, and that no two could be one. */
static void check_group(const uint32_t *units, const uint32_t *classes, size_t stride,
                        const ard__index_run *runs, size_t count)
{
    size_t at = 0;
    for (size_t i = 0; i < count; ++i) {
        if (runs[i].length == 0) {
            assert_int_equal(at, stride);
            continue;
        }
        assert_int_equal(runs[i].at, at);
        if (at > 0) {
            const uint32_t next =
                units[at - 1] == ARD__INDEX_NONE ? ARD__INDEX_NONE : units[at - 1] + 1;
            assert_true(units[at] != next || classes[at] != classes[at - 1]);
        }
        for (uint32_t j = 0; j < runs[i].length; ++j) {
            const bool padding = runs[i].place == ARD__INDEX_NONE;
            assert_int_equal(units[at], padding ? ARD__INDEX_NONE : runs[i].place + j);
            assert_int_equal(classes[at], runs[i].class_index);
            ++at;
        }
    }
    assert_int_equal(at, stride);
}

static void check_runs(const uint32_t *units, const uint32_t *classes, size_t groups, size_t stride,
                       size_t expected)
{
    const size_t count = ard__index_runs_count(units, classes, groups, stride);
    assert_int_equal(count, expected);
    ard__index_run *runs = test_alloc(groups * count, sizeof *runs);
    ard__index_runs_list(units, classes, groups, stride, count, runs);
    for (size_t q = 0; q < groups; ++q) {
        check_group(units + q * stride, classes + q * stride, stride, runs + q * count, count);
    }
    free(runs);
}

static void test_small_lists(void **state)
{
    (void)state;
    static const uint32_t none = ARD__INDEX_NONE;
    static const uint32_t zeros[12] = {0};
    check_runs((const uint32_t[]){7}, zeros, 1, 1, 1);
    check_runs((const uint32_t[]){3, 4, 5, 6}, zeros, 1, 4, 1);
    check_runs((const uint32_t[]){0, 2, 4, 6}, zeros, 1, 4, 4);
    check_runs((const uint32_t[]){3, 4, 8, 9, 10}, zeros, 1, 5, 2);
    check_runs((const uint32_t[]){3, 4, 5, 6}, (const uint32_t[]){1, 1, 2, 2}, 1, 4, 2);
    check_runs((const uint32_t[]){none}, zeros, 1, 1, 1);
    check_runs((const uint32_t[]){3, 4, none, none}, zeros, 1, 4, 2);
    /* A run does not go on into the next group; groups with fewer runs are filled up. */
    check_runs((const uint32_t[]){0, 1, 2, 3, 4, 5}, zeros, 2, 3, 1);
    check_runs((const uint32_t[]){0, 1, 2, 5, 7, 9, 10, 11, none}, zeros, 3, 3, 3);
}

/* Lists of random stretches. */
static void test_random_lists(void **state)
{
    (void)state;
    enum { GROUPS = 3, STRIDE = 97 };
    uint32_t units[GROUPS * STRIDE];
    uint32_t classes[GROUPS * STRIDE];
    uint64_t random = 5;
    for (size_t pass = 0; pass < 200; ++pass) {
        size_t most = 0;
        for (size_t q = 0; q < GROUPS; ++q) {
            size_t count = 0;
            for (size_t at = q * STRIDE; at < (q + 1) * STRIDE; ++at) {
                const bool goes_on = at > q * STRIDE && test_random_below(&random, 8) > 0;
                count += goes_on ? 0 : 1;
                units[at] = goes_on ? units[at - 1] + 1 : (uint32_t)(1000 * (at + 1));
                classes[at] = goes_on ? classes[at - 1] : (uint32_t)test_random_below(&random, 4);
            }
            most = count > most ? count : most;
        }
        check_runs(units, classes, GROUPS, STRIDE, most);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_lists),
        cmocka_unit_test(test_random_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
