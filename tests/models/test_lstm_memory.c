/* SPDX-License-Identifier: Apache-2.0 */
/* Steps, evaluations and predictions need no more device memory than a model was made with. */
#include <ard/lstm.h>

#include <stdlib.h>

#include "models/lstm_internal.h"
#include "models/lstm_toy.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

enum { WORDS = 41, HIDDEN = 33, BATCH = 5, STEPS = 6, WINDOWS = 20, KINDS = ARD_DROPOUT_INDEX + 1 };

/* The memory of a model and its context that grows where it is too small. */
typedef struct grown {
    size_t grouped_a;
    size_t grouped_n;
    size_t gemm;
    size_t copies;
    size_t panels;
} grown;

static grown read_memory(const ard_lstm *lstm)
{
    const ard_context *context = lstm->context;
    return (grown){context->grouped_a.bytes, context->grouped_n.bytes, context->gemm.bytes,
                   lstm->copies.bytes, lstm->panels.bytes};
}

static void use(ard_lstm *lstm)
{
    uint32_t *text = lstm_toy_text(200, WORDS, 7);
    float logits[WORDS];
    ard_lstm_result result;
    for (size_t i = 0; i < WINDOWS; ++i) {
        const size_t batch = 1 + i % BATCH;
        const size_t steps = 1 + i % STEPS;
        assert_success(ard_lstm_step(lstm, batch, steps, text, text, NULL));
        lstm_toy_train(lstm, 1);
    }
    assert_success(ard_lstm_evaluate(lstm, 199, text, &result));
    assert_success(ard_lstm_predict(lstm, true, text[0], logits));
    free(text);
}

/* A context of its own, so that no other model's memory is there already. */
static void check_memory(const ard_lstm_options *options)
{
    ard_context *context = test_context_create();
    ard_lstm *lstm = lstm_toy_model(context, options);
    const grown before = read_memory(lstm);
    use(lstm);
    const grown after = read_memory(lstm);
    assert_int_equal(after.grouped_a, before.grouped_a);
    assert_int_equal(after.grouped_n, before.grouped_n);
    assert_int_equal(after.gemm, before.gemm);
    assert_int_equal(after.copies, before.copies);
    assert_int_equal(after.panels, before.panels);
    ard_lstm_destroy(lstm);
    ard_context_destroy(context);
}

static void test_every_kind(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < KINDS; ++kind) {
        ard_lstm_options options = lstm_toy_options(2, WORDS, HIDDEN, BATCH, STEPS);
        options.embedding = 29;
        options.between = lstm_toy_dropout((ard_dropout_kind)kind, ARD_SCALE_RATE);
        options.recurrent = lstm_toy_dropout((ard_dropout_kind)kind, ARD_SCALE_RATE);
        check_memory(&options);
        options.embedding = HIDDEN;
        options.tied = kind != ARD_DROPOUT_TILE;
        options.fresh = kind != ARD_DROPOUT_TILE && kind != ARD_DROPOUT_DROPCONNECT;
        check_memory(&options);
    }
}

/* Weights that are behind are caught up in copies for an evaluation. */
static void test_momentum(void **state)
{
    (void)state;
    ard_lstm_options options = lstm_toy_options(1, WORDS, HIDDEN, BATCH, STEPS);
    options.sgd.momentum = 0.9;
    options.sgd.schedule.rate = 0.02;
    check_memory(&options);
    options.between = lstm_toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE);
    check_memory(&options);
    options.recurrent = lstm_toy_dropout(ARD_DROPOUT_TILE, ARD_SCALE_RATE);
    check_memory(&options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_kind),
                                       cmocka_unit_test(test_momentum)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
