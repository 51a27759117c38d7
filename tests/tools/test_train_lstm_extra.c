/* SPDX-License-Identifier: Apache-2.0 */
/* What ard-train keeps in a checkpoint of a language model: comes back as it was, nothing else is
 * believed; and how the learning rate goes on from it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"
#include "train/lstm/lstm_extra.h"

static lstm_extra example(void)
{
    return (lstm_extra){.builtin = false,
                        .level = LSTM_CHARACTERS,
                        .text = UINT64_C(0xfedcba9876543210),
                        .vocabulary = UINT64_C(0x0123456789abcdef),
                        .tokens = 929589,
                        .max_words = 10000,
                        .train_tokens = 929589,
                        .epochs = 39,
                        .lr = 0.1 + 0.2,
                        .schedule = LSTM_SCHEDULE_PLATEAU,
                        .lr_decay = 1.0 / 1.2,
                        .lr_decay_after = 6,
                        .rate = (0.1 + 0.2) / 1.2,
                        .best_epoch = 3,
                        .best = 4.7,
                        .sums = {.loss = 1234.5, .correct = 100, .samples = 700}};
}

static void test_round_trip(void **state)
{
    (void)state;
    const lstm_extra before = example();
    lstm_extra after;
    char *text = lstm_extra_write(&before);
    assert_non_null(text);
    assert_true(lstm_extra_read(text, strlen(text), &after));
    assert_true(after.builtin == before.builtin && after.level == before.level);
    assert_true(after.text == before.text && after.vocabulary == before.vocabulary);
    assert_int_equal(after.tokens, before.tokens);
    assert_int_equal(after.max_words, before.max_words);
    assert_int_equal(after.train_tokens, before.train_tokens);
    assert_int_equal(after.epochs, before.epochs);
    assert_true(after.lr == before.lr && after.rate == before.rate);
    assert_true(after.lr_decay == before.lr_decay && after.best == before.best);
    assert_int_equal(after.schedule, before.schedule);
    assert_int_equal(after.lr_decay_after, before.lr_decay_after);
    assert_int_equal(after.best_epoch, before.best_epoch);
    assert_true(after.sums.loss == before.sums.loss);
    assert_int_equal(after.sums.correct, before.sums.correct);
    assert_int_equal(after.sums.samples, before.sums.samples);
    free(text);
}

/* The example with one piece of text in place of another. */
static void assert_refused(const char *old, const char *new)
{
    const lstm_extra before = example();
    lstm_extra after = {.tokens = 77};
    char *text = lstm_extra_write(&before);
    assert_non_null(text);
    const char *place = strstr(text, old);
    if (place == NULL) {
        fail_msg("no %s in %s", old, text);
    }
    char *changed = malloc(strlen(text) + strlen(new) + 1);
    assert_non_null(changed);
    (void)sprintf(changed, "%.*s%s%s", (int)(place - text), text, new, place + strlen(old));
    if (lstm_extra_read(changed, strlen(changed), &after)) {
        fail_msg("believed %s", changed);
    }
    assert_int_equal(after.tokens, 77);
    free(changed);
    free(text);
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const CHANGES[][2] = {
        {"lstm-checkpoint-1", "checkpoint-1"},
        {"\"builtin\":false", "\"builtin\":0"},
        {"\"char\"", "\"byte\""},
        {"fedcba9876543210", "fedcba987654321"},
        {"0123456789abcdef", "0123456789ABCDEF"},
        {"\"tokens\":929589", "\"tokens\":1"},
        {"\"max_words\":10000", "\"max_words\":-1"},
        {"\"train_tokens\":929589", "\"train_tokens\":0.5"},
        {"\"epochs\":39", "\"epochs\":0"},
        {"\"lr\":0.", "\"lr\":-0."},
        {"\"plateau\"", "\"cosine\""},
        {"\"lr_decay\":0", "\"lr_decay\":1"},
        {"\"rate\":0.", "\"rate\":1."}, /* more than the first */
        {"\"rate\":0.25", "\"rate\":0.0,\"other\":0.25"},
        {"\"best_epoch\":3", "\"best_epoch\":\"3\""},
        {"\"best\":4.7", "\"best\":null"},
        {"\"epoch_loss\":1234.5", "\"epoch_loss\":1e999"},
        {"\"epoch_correct\":100", "\"epoch_correct\":701"},
        {"\"epoch_tokens\":700", "\"epoch_tokens\":929589"},
        {"}", ""},
    };
    for (size_t i = 0; i < sizeof CHANGES / sizeof CHANGES[0]; ++i) {
        assert_refused(CHANGES[i][0], CHANGES[i][1]);
    }
    lstm_extra after;
    assert_false(lstm_extra_read(NULL, 0, &after));
    assert_false(lstm_extra_read("[]", 2, &after));
}

/* Zaremba's small model: the fifth epoch is the first with half the rate. */
static void test_epochs(void **state)
{
    (void)state;
    static const double RATES[] = {1.0, 1.0, 1.0, 1.0, 0.5, 0.25, 0.125};
    lstm_extra extra = {.lr = 1.0,
                        .rate = 1.0,
                        .schedule = LSTM_SCHEDULE_EPOCHS,
                        .lr_decay = 0.5,
                        .lr_decay_after = 4};
    for (size_t epoch = 1; epoch <= 7; ++epoch) {
        assert_true(extra.rate == RATES[epoch - 1]);
        assert_int_equal(lstm_extra_validated(&extra, epoch, 5.0 - (epoch == 2)), epoch <= 2);
    }
    assert_int_equal(extra.best_epoch, 2);
    assert_true(extra.best == 4.0);
}

/* Only an epoch that is better than all before it keeps the rate. */
static void test_plateau(void **state)
{
    (void)state;
    static const double LOSSES[] = {5.0, 4.0, 4.0, 4.5, 3.0, 3.5};
    static const double RATES[] = {2.0, 2.0, 1.0, 0.5, 0.5, 0.25}; /* after them */
    lstm_extra extra = {.lr = 2.0, .rate = 2.0, .schedule = LSTM_SCHEDULE_PLATEAU, .lr_decay = 0.5};
    for (size_t i = 0; i < 6; ++i) {
        (void)lstm_extra_validated(&extra, i + 1, LOSSES[i]);
        assert_true(extra.rate == RATES[i]);
    }
    assert_int_equal(extra.best_epoch, 5);
    for (size_t i = 0; i < 2000; ++i) {
        (void)lstm_extra_validated(&extra, i + 7, 9.0);
    }
    assert_true(extra.rate > 0.0 && extra.rate < 1e-30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_epochs),
        cmocka_unit_test(test_plateau),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
