/* SPDX-License-Identifier: Apache-2.0 */
/* What ard-train keeps in a checkpoint: comes back as it was, and nothing else is believed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"
#include "train/extra.h"

static train_extra example(void)
{
    return (train_extra){.data = "idx",
                         .checksum = UINT64_C(0xfedcba9876543210),
                         .samples = 60000,
                         .batch = 128,
                         .epochs = 8,
                         .sums = {.loss = 0.1 + 0.2, .correct = 1200, .samples = 1280}};
}

static void test_round_trip(void **state)
{
    (void)state;
    const train_extra before = example();
    char *text = extra_write(&before);
    assert_non_null(text);
    train_extra after;
    assert_true(extra_read(text, strlen(text), &after));
    assert_string_equal(after.data, before.data);
    assert_true(after.checksum == before.checksum);
    assert_int_equal(after.samples, before.samples);
    assert_int_equal(after.batch, before.batch);
    assert_int_equal(after.epochs, before.epochs);
    assert_true(after.sums.loss == before.sums.loss);
    assert_int_equal(after.sums.correct, before.sums.correct);
    assert_int_equal(after.sums.samples, before.sums.samples);
    char *again = extra_write(&after);
    assert_string_equal(text, again);
    free(again);
    free(text);
}

/* What is kept only where it is used. */
static void test_optional(void **state)
{
    (void)state;
    train_extra before = example();
    before.validation = 5000;
    before.search = SEARCH_SGD;
    char *text = extra_write(&before);
    assert_non_null(text);
    train_extra after;
    assert_true(extra_read(text, strlen(text), &after));
    assert_int_equal(after.validation, 5000);
    assert_int_equal(after.search, SEARCH_SGD);
    free(text);
    before.search = SEARCH_COST;
    before.entropy_share = 0.1 + 0.2;
    before.cost_checksum = UINT64_C(0x0123456789abcdef);
    before.rate_epochs = 7;
    before.rate = (cli_double_list){2, {0.1, 0.0}};
    text = extra_write(&before);
    assert_non_null(text);
    assert_true(extra_read(text, strlen(text), &after));
    assert_int_equal(after.search, SEARCH_COST);
    assert_true(after.entropy_share == 0.1 + 0.2);
    assert_true(after.cost_checksum == UINT64_C(0x0123456789abcdef));
    assert_int_equal(after.rate_epochs, 7);
    assert_int_equal(after.rate.count, 2);
    assert_true(after.rate.values[0] == 0.1 && after.rate.values[1] == 0.0);
    free(text);
    before = example();
    text = extra_write(&before);
    assert_null(strstr(text, "validation"));
    assert_null(strstr(text, "search"));
    assert_null(strstr(text, "rate"));
    assert_null(strstr(text, "cost"));
    assert_true(extra_read(text, strlen(text), &after));
    assert_int_equal(after.validation, 0);
    assert_int_equal(after.search, SEARCH_EXACT);
    free(text);
}

static void assert_not_believed(const char *text, size_t size)
{
    train_extra extra = {.samples = 77};
    if (extra_read(text, size, &extra)) {
        fail_msg("believed: %.*s", (int)size, text);
    }
    assert_int_equal(extra.samples, 77);
}

/* The text with its first `from` replaced. */
static void assert_change_not_believed(const char *from, const char *to)
{
    const train_extra good = example();
    char *text = extra_write(&good);
    assert_non_null(text);
    const char *place = strstr(text, from);
    if (place == NULL) {
        fail_msg("%s does not hold %s", text, from);
        return;
    }
    char changed[2048];
    const int length = snprintf(changed, sizeof changed, "%.*s%s%s", (int)(place - text), text, to,
                                place + strlen(from));
    assert_not_believed(changed, (size_t)length);
    free(text);
}

static void test_changes(void **state)
{
    (void)state;
    static const char *const CHANGES[][2] = {
        {"ard-train-checkpoint-1", "ard-train-checkpoint-2"},
        {"\"schema\":", "\"scheme\":"},
        {"\"idx\"", "\"../../etc/passwd\""},
        {"\"idx\"", "7"},
        {"fedcba9876543210", "fedcba987654321"},
        {"fedcba9876543210", "fedcba987654321g"},
        {"fedcba9876543210", "-edcba9876543210"},
        {"60000", "\"60000\""},
        {"60000", "null"},
        {"60000", "0"},
        {"60000", "-1"},
        {"60000", "60000.5"},
        {"60000", "1e300"},
        {"60000", "1e999"},
        {"60000", "1279"},
        {":128,", ":0,"},
        {":128,", ":[128],"},
        {":8,", ":0,"},
        {"\"epochs\"", "\"epoch\""},
        {":1200,", ":1281,"},
        {":1200,", ":-1,"},
        {"0.30000000000000004", "1e999"},
        {"0.30000000000000004", "{}"},
        {"{", "{\"validation\":0,"},
        {"{", "{\"validation\":true,"},
        {"{", "{\"search\":\"exact\","},
        {"{", "{\"search\":1,"},
        {"{", "{\"search\":\"cost\","},
        {"{", "{\"search\":\"cost\",\"entropy_share\":0.5,"},
        {"{", "{\"search\":\"cost\",\"entropy_share\":2,\"cost_checksum\":\"fedcba9876543210\","},
        {"{", "{\"rate_epochs\":3,"},
        {"{", "{\"rate_epochs\":0,\"rate\":[0.5],"},
        {"{", "{\"rate_epochs\":1000001,\"rate\":[0.5],"},
        {"{", "{\"rate_epochs\":3,\"rate\":[1],"},
        {"{", "{\"rate_epochs\":3,\"rate\":[-0.1],"},
        {"{", "{\"rate_epochs\":3,\"rate\":[null],"},
        {"{", "{\"rate_epochs\":3,\"rate\":0.5,"},
        {"{", "[{"},
    };
    for (size_t i = 0; i < sizeof CHANGES / sizeof CHANGES[0]; ++i) {
        assert_change_not_believed(CHANGES[i][0], CHANGES[i][1]);
    }
}

static void test_cuts(void **state)
{
    (void)state;
    const train_extra good = example();
    char *text = extra_write(&good);
    assert_non_null(text);
    for (size_t size = 0; size < strlen(text); ++size) {
        char *cut = malloc(size + 1); /* so that a sanitizer sees a read beyond the end */
        assert_non_null(cut);
        memcpy(cut, text, size);
        assert_not_believed(size == 0 ? NULL : cut, size);
        free(cut);
    }
    free(text);
}

static void test_deep_nesting(void **state)
{
    (void)state;
    static char deep[65536];
    memset(deep, '[', sizeof deep);
    assert_not_believed(deep, sizeof deep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),   cmocka_unit_test(test_optional),
        cmocka_unit_test(test_changes),      cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_deep_nesting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
