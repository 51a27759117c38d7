/* SPDX-License-Identifier: Apache-2.0 */
/* A saved and loaded language model goes on as the uninterrupted one, and saving does not disturb
 * it. */
#include <ard/lstm.h>

#include <stdio.h>
#include <stdlib.h>

#include "models/elsewhere.h"
#include "models/lstm_internal.h"
#include "models/lstm_toy.h"
#include "models/same_options.h"
#include "support/device.h"
#include "support/folder.h"
#include "support/memory.h"
#include "support/unit.h"

enum { KINDS = ARD_DROPOUT_INDEX + 1, WORDS = 11, HIDDEN = 13, BATCH = 3, STEPS = 4 };

static ard_lstm *load(ard_context *context, const char *path)
{
    ard_lstm *lstm = NULL;
    assert_success(ard_lstm_load(context, path, &lstm));
    assert_non_null(lstm);
    return lstm;
}

static void assert_same_results(ard_lstm *actual, ard_lstm *expected)
{
    ard_lstm_result results[2];
    double norms[2];
    assert_success(ard_lstm_take_training_result(actual, &results[0]));
    assert_success(ard_lstm_take_training_result(expected, &results[1]));
    assert_int_equal(results[0].tokens, results[1].tokens);
    assert_int_equal(results[0].correct, results[1].correct);
    assert_true(results[0].loss == results[1].loss);
    assert_success(ard_lstm_gradient_norm(actual, &norms[0]));
    assert_success(ard_lstm_gradient_norm(expected, &norms[1]));
    assert_true(norms[0] == norms[1]);
}

/* Fails unless both are the same now and after a few more steps, which the velocities and the ages
 * of skipped weights decide. */
static void assert_same_run(ard_lstm *actual, ard_lstm *expected, const char *what)
{
    assert_int_equal(ard_lstm_steps_done(actual), ard_lstm_steps_done(expected));
    lstm_toy_assert_same_bits(actual, expected, what);
    lstm_toy_train(actual, 3);
    lstm_toy_train(expected, 3);
    lstm_toy_assert_same_bits(actual, expected, what);
}

/* An uninterrupted run, one that is saved now and then, and one that is resumed twice. */
static void check_resume(ard_context *context, const ard_lstm_options *options, size_t before,
                         size_t after, const char *name)
{
    test_place place = test_place_create("run.ard");
    ard_lstm *alone = lstm_toy_model(context, options);
    ard_lstm *saved = lstm_toy_model(context, options);
    ard_lstm *resumed = lstm_toy_model(context, options);
    lstm_toy_train(alone, before + after);
    lstm_toy_train(saved, before);
    for (size_t i = 0; i < after; ++i) {
        assert_success(ard_lstm_save(saved, place.path, NULL, 0));
        lstm_toy_train(saved, 1);
    }
    lstm_toy_train(resumed, before);
    for (size_t i = 0; i < 2; ++i) {
        assert_success(ard_lstm_save(resumed, place.path, NULL, 0));
        ard_lstm_destroy(resumed);
        resumed = load(context, place.path);
        assert_null(ard_lstm_resume_note(resumed));
        lstm_toy_train(resumed, i == 0 ? 1 : after - 1);
    }
    assert_int_equal(test_folder_count(place.folder.path, NULL), 1);
    ard_lstm *const others[2] = {saved, resumed};
    char what[128];
    for (size_t i = 0; i < 2; ++i) {
        snprintf(what, sizeof what, "%s, %s", name, i == 0 ? "saved" : "resumed");
        lstm_toy_assert_same_bits(others[i], alone, what);
    }
    assert_same_results(saved, alone);
    snprintf(what, sizeof what, "%s, resumed and going on", name);
    assert_same_run(resumed, alone, what);
    ard_lstm_destroy(alone);
    ard_lstm_destroy(saved);
    ard_lstm_destroy(resumed);
    test_place_destroy(&place);
}

static ard_lstm_options make_options(ard_dropout_kind between, ard_dropout_kind recurrent)
{
    ard_lstm_options options = lstm_toy_options(2, WORDS, HIDDEN, BATCH, STEPS);
    options.between = lstm_toy_dropout(between, ARD_SCALE_RATE);
    options.recurrent = lstm_toy_dropout(recurrent, ARD_SCALE_PERIOD);
    options.recurrent.tile_numbering = ARD_TILE_LINEAR;
    options.sgd.momentum = 0.9;
    options.sgd.weight_decay = 0.01;
    return options;
}

static void test_every_kind(void **state)
{
    for (size_t i = 0; i < KINDS; ++i) {
        const ard_dropout_kind kind = (ard_dropout_kind)i;
        char name[64];
        snprintf(name, sizeof name, "kind %zu", i);
        ard_lstm_options options = make_options(kind, ARD_DROPOUT_NONE);
        options.embedding = 7;
        check_resume(*state, &options, 7, 9, name);
        options = make_options(ARD_DROPOUT_NONE, kind);
        options.sgd.momentum = 0.0;
        options.clip = 0.0;
        check_resume(*state, &options, 7, 9, name);
        options = make_options(kind, kind);
        check_resume(*state, &options, 7, 9, name);
        options.tied = kind != ARD_DROPOUT_TILE;
        options.fresh = kind != ARD_DROPOUT_TILE && kind != ARD_DROPOUT_DROPCONNECT;
        options.sgd.schedule = (ard_schedule){.kind = ARD_SCHEDULE_COSINE,
                                              .rate = 0.05,
                                              .final_rate = 0.001,
                                              .every = 20,
                                              .warmup = 8};
        check_resume(*state, &options, 7, 9, name);
    }
}

/* Periods up to 13 have too many residue classes for a table. */
static void test_ages_of_elements(void **state)
{
    ard_lstm_options options = make_options(ARD_DROPOUT_NONE, ARD_DROPOUT_NONE);
    assert_success(ard_dropout_init(ARD_DROPOUT_ROW, 0.6, 13, ARD_SCALE_RATE, &options.between));
    assert_success(ard_dropout_init(ARD_DROPOUT_ROW, 0.6, 11, ARD_SCALE_RATE, &options.recurrent));
    check_resume(*state, &options, 17, 23, "ages of elements");
}

/* Beyond the ages that one table of catch-ups holds. */
static void test_late_resume(void **state)
{
    ard_lstm_options options = make_options(ARD_DROPOUT_ROW, ARD_DROPOUT_SUBSET);
    options.layers = 1;
    check_resume(*state, &options, 1030, 5, "late");
}

/* Rates that were set in the middle, on both sides of a save, while weights were skipped. */
static void test_rates_that_were_set(void **state)
{
    ard_lstm_options options = make_options(ARD_DROPOUT_ROW, ARD_DROPOUT_ROW);
    test_place place = test_place_create("run.ard");
    ard_lstm *alone = lstm_toy_model(*state, &options);
    ard_lstm *resumed = lstm_toy_model(*state, &options);
    for (size_t i = 0; i < 6; ++i) {
        const double rate = 0.1 / (double)(i + 2);
        assert_success(ard_lstm_set_rate(alone, rate));
        lstm_toy_train(alone, i);
        assert_success(ard_lstm_set_rate(resumed, rate));
        assert_success(ard_lstm_save(resumed, place.path, NULL, 0));
        ard_lstm_destroy(resumed);
        resumed = load(*state, place.path);
        assert_true(ard_lstm_get_options(resumed)->sgd.schedule.rate == rate);
        lstm_toy_train(resumed, i);
    }
    assert_same_run(resumed, alone, "rates that were set");
    ard_lstm_destroy(alone);
    ard_lstm_destroy(resumed);
    test_place_destroy(&place);
}

/* The hidden state of all sequences is part of a checkpoint, and so is one that was reset. */
static void test_state_survives(void **state)
{
    const ard_lstm_options options = make_options(ARD_DROPOUT_NONE, ARD_DROPOUT_NONE);
    test_place place = test_place_create("run.ard");
    uint32_t *tokens = lstm_toy_text((size_t)BATCH * STEPS, WORDS, 3);
    ard_lstm *lstm = lstm_toy_model(*state, &options);
    lstm_toy_train(lstm, 2);
    assert_success(ard_lstm_step(lstm, 1, 2, tokens, tokens, NULL));
    for (size_t i = 0; i < 2; ++i) {
        assert_success(ard_lstm_save(lstm, place.path, NULL, 0));
        ard_lstm *loaded = load(*state, place.path);
        lstm_toy_assert_same_bits(loaded, lstm, "states of all sequences");
        ard_lstm_destroy(loaded);
        assert_success(ard_lstm_reset(lstm));
    }
    free(tokens);
    ard_lstm_destroy(lstm);
    test_place_destroy(&place);
}

/* Saving what was just loaded writes the same file. */
static void test_save_load_save(void **state)
{
    for (size_t kind = 0; kind < KINDS; ++kind) {
        const ard_lstm_options options =
            make_options((ard_dropout_kind)kind, (ard_dropout_kind)kind);
        test_place place = test_place_create("run.ard");
        ard_lstm *lstm = lstm_toy_model(*state, &options);
        lstm_toy_train(lstm, 5);
        assert_success(ard_lstm_save(lstm, place.path, "abc", 3));
        size_t sizes[2] = {0, 0};
        unsigned char *first = test_file_read(place.path, &sizes[0]);
        ard_lstm *loaded = load(*state, place.path);
        size_t extra_size = 0;
        const void *extra = ard_lstm_extra(loaded, &extra_size);
        assert_success(ard_lstm_save(loaded, place.path, extra, extra_size));
        unsigned char *second = test_file_read(place.path, &sizes[1]);
        assert_int_equal(sizes[0], sizes[1]);
        assert_memory_equal(first, second, sizes[0]);
        free(first);
        free(second);
        ard_lstm_destroy(lstm);
        ard_lstm_destroy(loaded);
        test_place_destroy(&place);
    }
}

static void assert_same_options(const ard_lstm_options *actual, const ard_lstm_options *expected)
{
    assert_int_equal(actual->layers, expected->layers);
    assert_int_equal(actual->vocabulary, expected->vocabulary);
    assert_int_equal(actual->embedding, expected->embedding);
    assert_int_equal(actual->hidden, expected->hidden);
    assert_int_equal(actual->batch, expected->batch);
    assert_int_equal(actual->steps, expected->steps);
    assert_int_equal(actual->fresh, expected->fresh);
    assert_int_equal(actual->tied, expected->tied);
    assert_true(actual->forget_bias == expected->forget_bias);
    assert_true(actual->range == expected->range);
    assert_true(actual->clip == expected->clip);
    assert_true(actual->seed == expected->seed);
    assert_same_dropout(&actual->between, &expected->between);
    assert_same_dropout(&actual->recurrent, &expected->recurrent);
    assert_same_sgd(&actual->sgd, &expected->sgd);
}

static void test_options_survive(void **state)
{
    static const ard_dropout_kind kinds[][2] = {{ARD_DROPOUT_TILE, ARD_DROPOUT_SUBSET},
                                                {ARD_DROPOUT_ROW, ARD_DROPOUT_TILE},
                                                {ARD_DROPOUT_DROPCONNECT, ARD_DROPOUT_BERNOULLI}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        ard_lstm_options options = make_options(kinds[i][0], kinds[i][1]);
        options.layers = 3;
        options.embedding = i == 2 ? HIDDEN : 17;
        options.tied = i == 2;
        options.fresh = i != 1;
        options.forget_bias = 1.25;
        options.range = 0.375;
        options.clip = i == 1 ? 0.0 : 7.5;
        options.between.tile_edge = 2;
        options.seed = UINT64_C(0xFEDCBA9876543210);
        options.sgd.schedule = (ard_schedule){.kind = ARD_SCHEDULE_STEP,
                                              .rate = 0.125,
                                              .factor = 0.5,
                                              .final_rate = 0.25,
                                              .every = 77,
                                              .warmup = 5};
        test_place place = test_place_create("run.ard");
        ard_lstm *lstm = lstm_toy_model(*state, &options);
        assert_success(ard_lstm_save(lstm, place.path, NULL, 0));
        ard_lstm *loaded = load(*state, place.path);
        assert_same_options(ard_lstm_get_options(loaded), &options);
        ard_lstm_destroy(lstm);
        ard_lstm_destroy(loaded);
        test_place_destroy(&place);
    }
}

/* Hits and losses that nobody took for a long time. */
static void test_large_totals(void **state)
{
    static const float totals[2] = {3e8f, 5e7f};
    const ard_lstm_options options = make_options(ARD_DROPOUT_NONE, ARD_DROPOUT_NONE);
    test_place place = test_place_create("run.ard");
    ard_lstm *lstm = lstm_toy_model(*state, &options);
    lstm->total_tokens = 100000000;
    assert_success(ard_matrix_write(*state, 1, 2, totals, &lstm->totals));
    assert_success(ard_lstm_save(lstm, place.path, NULL, 0));
    ard_lstm *loaded = load(*state, place.path);
    ard_lstm_result result;
    assert_success(ard_lstm_take_training_result(loaded, &result));
    assert_int_equal(result.tokens, 100000000);
    assert_int_equal(result.correct, 50000000);
    assert_true(result.loss == 3.0);
    ard_lstm_destroy(lstm);
    ard_lstm_destroy(loaded);
    test_place_destroy(&place);
}

static void test_extra_bytes(void **state)
{
    static const size_t sizes[] = {0, 1, 65536};
    const ard_lstm_options options = make_options(ARD_DROPOUT_NONE, ARD_DROPOUT_NONE);
    test_place place = test_place_create("run.ard");
    ard_lstm *lstm = lstm_toy_model(*state, &options);
    unsigned char *bytes = test_alloc(65537, 1);
    for (size_t i = 0; i < 65537; ++i) {
        bytes[i] = (unsigned char)(i * 7 + i / 256);
    }
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        assert_success(ard_lstm_save(lstm, place.path, sizes[i] > 0 ? bytes : NULL, sizes[i]));
        ard_lstm *loaded = load(*state, place.path);
        size_t size = 99;
        const void *extra = ard_lstm_extra(loaded, &size);
        assert_int_equal(size, sizes[i]);
        assert_true((extra == NULL) == (sizes[i] == 0));
        if (extra != NULL) {
            assert_memory_equal(extra, bytes, size);
        }
        ard_lstm_destroy(loaded);
    }
    assert_invalid(ard_lstm_save(lstm, place.path, bytes, 65537));
    assert_invalid(ard_lstm_save(lstm, place.path, bytes, SIZE_MAX));
    assert_invalid(ard_lstm_save(lstm, place.path, NULL, 1));
    free(bytes);
    ard_lstm_destroy(lstm);
    test_place_destroy(&place);
}

/* A file saved on another driver loads, with a note that names both. */
static void test_resume_note(void **state)
{
    const ard_lstm_options options = make_options(ARD_DROPOUT_ROW, ARD_DROPOUT_NONE);
    test_place place = test_place_create("run.ard");
    ard_lstm *lstm = lstm_toy_model(*state, &options);
    assert_success(ard_lstm_save(lstm, place.path, NULL, 0));
    elsewhere_move(*state, place.path);
    ard_lstm *loaded = load(*state, place.path);
    elsewhere_assert_noted(*state, ard_lstm_resume_note(loaded));
    lstm_toy_assert_same_bits(loaded, lstm, "a run from elsewhere");
    ard_lstm_destroy(lstm);
    ard_lstm_destroy(loaded);
    test_place_destroy(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind),      cmocka_unit_test(test_ages_of_elements),
        cmocka_unit_test(test_late_resume),     cmocka_unit_test(test_rates_that_were_set),
        cmocka_unit_test(test_state_survives),  cmocka_unit_test(test_save_load_save),
        cmocka_unit_test(test_options_survive), cmocka_unit_test(test_extra_bytes),
        cmocka_unit_test(test_resume_note),     cmocka_unit_test(test_large_totals),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
