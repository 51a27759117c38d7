/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <pthread.h>
#include <string.h>

#include "core/status_internal.h"
#include "support/unit.h"

static const ard_status all_statuses[] = {
#define STATUS_ITEM(name, value, sentence) ARD_STATUS_##name,
    ARD_STATUS_MAP(STATUS_ITEM)
#undef STATUS_ITEM
};

enum { STATUS_COUNT = sizeof all_statuses / sizeof all_statuses[0] };

static void test_detail_is_empty_at_first(void **state)
{
    (void)state;
    assert_string_equal(ard_detail(), "");
}

static void test_names_and_sentences(void **state)
{
    (void)state;
    assert_string_equal(ard_status_name(ARD_STATUS_SUCCESS), "SUCCESS");
    assert_string_equal(ard_status_name(ARD_STATUS_INVALID_RATE), "INVALID_RATE");
    assert_string_equal(ard_status_string(ARD_STATUS_SUCCESS), "success");
    for (size_t i = 0; i < STATUS_COUNT; ++i) {
        const char *sentence = ard_status_string(all_statuses[i]);
        assert_int_equal((int)all_statuses[i], (int)i); /* the values are part of the interface */
        assert_true(strlen(sentence) > 0);
        assert_false(isupper((unsigned char)sentence[0]));
        assert_int_not_equal(sentence[strlen(sentence) - 1], '.');
        for (size_t j = 0; j < i; ++j) {
            assert_string_not_equal(sentence, ard_status_string(all_statuses[j]));
            assert_string_not_equal(ard_status_name(all_statuses[i]),
                                    ard_status_name(all_statuses[j]));
        }
    }
}

static void test_unknown_values(void **state)
{
    (void)state;
    const int values[] = {-1, STATUS_COUNT, 1000};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; ++i) {
        /* Copied bytewise, as it would arrive from another language's binding. */
        ard_status status = ARD_STATUS_SUCCESS;
        memcpy(&status, &values[i], sizeof status);
        assert_string_equal(ard_status_name(status), "UNKNOWN");
        assert_string_equal(ard_status_string(status), "unknown status");
    }
}

static void test_fail_sets_the_detail(void **state)
{
    (void)state;
    assert_int_equal(ard__fail(ARD_STATUS_IO, "%s: %d of %d bytes", "x.bin", 3, 8), ARD_STATUS_IO);
    assert_string_equal(ard_detail(), "x.bin: 3 of 8 bytes");
    assert_int_equal(ard__fail(ARD_STATUS_FORMAT, "while loading: %s", ard_detail()),
                     ARD_STATUS_FORMAT);
    assert_string_equal(ard_detail(), "while loading: x.bin: 3 of 8 bytes");
    assert_int_equal(ard__fail(ARD_STATUS_FORMAT, "%s", ""), ARD_STATUS_FORMAT);
    assert_string_equal(ard_detail(), "");
}

static void test_long_details_are_cut(void **state)
{
    (void)state;
    static char long_text[20000];
    memset(long_text, 'x', sizeof long_text - 1);
    assert_int_equal(ard__fail(ARD_STATUS_BUILD, "log: %s", long_text), ARD_STATUS_BUILD);
    const size_t length = strlen(ard_detail());
    assert_true(length >= 4096 && length < sizeof long_text);
    assert_memory_equal(ard_detail(), "log: xxx", 8);
    assert_int_equal(ard_detail()[length - 1], 'x');
}

static void *fail_elsewhere(void *seen_at_first)
{
    *(int *)seen_at_first = ard_detail()[0] == '\0';
    (void)ard__fail(ARD_STATUS_NO_DEVICE, "the other thread's");
    return NULL;
}

static void test_detail_belongs_to_the_thread(void **state)
{
    (void)state;
    int empty_at_first = 0;
    pthread_t thread;
    (void)ard__fail(ARD_STATUS_IO, "mine");
    assert_int_equal(pthread_create(&thread, NULL, fail_elsewhere, &empty_at_first), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(empty_at_first);
    assert_string_equal(ard_detail(), "mine");
}

static ard_status try_it(ard_status status, int *reached)
{
    ARD_TRY(status);
    *reached = 1;
    return ARD_STATUS_SUCCESS;
}

static ard_status check_it(int value)
{
    ARD__CHECK(value > 0, "value is %d, expected > 0", value);
    return ARD_STATUS_SUCCESS;
}

static void test_macros(void **state)
{
    (void)state;
    int reached = 0;
    assert_int_equal(try_it(ARD_STATUS_MISMATCH, &reached), ARD_STATUS_MISMATCH);
    assert_false(reached);
    assert_int_equal(try_it(ARD_STATUS_SUCCESS, &reached), ARD_STATUS_SUCCESS);
    assert_true(reached);
    assert_int_equal(check_it(-4), ARD_STATUS_INVALID_ARGUMENT);
    assert_string_equal(ard_detail(), "value is -4, expected > 0");
    assert_int_equal(check_it(1), ARD_STATUS_SUCCESS);
    assert_string_equal(ard_detail(), "value is -4, expected > 0"); /* success leaves it alone */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_detail_is_empty_at_first),
        cmocka_unit_test(test_names_and_sentences),
        cmocka_unit_test(test_unknown_values),
        cmocka_unit_test(test_fail_sets_the_detail),
        cmocka_unit_test(test_long_details_are_cut),
        cmocka_unit_test(test_detail_belongs_to_the_thread),
        cmocka_unit_test(test_macros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
