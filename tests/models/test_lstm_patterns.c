/* SPDX-License-Identifier: Apache-2.0 */
/* The patterns of a language model's steps: how many, where they are the same and where not, and
 * steps on patterns that were given. */
#include <ard/lstm.h>

#include <stdlib.h>
#include <string.h>

#include "models/lstm_run.h"
#include "models/toy.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

enum { LAYERS = 2, WORDS = 11, HIDDEN = 13, BATCH = 3, STEPS = 4 };
enum { SITES = LAYERS + 1, COUNT = SITES + LAYERS, FRESH_COUNT = SITES + LAYERS * STEPS };

static ard_lstm_options make_options(ard_dropout_kind kind, bool fresh)
{
    ard_lstm_options options = lstm_toy_options(LAYERS, WORDS, HIDDEN, BATCH, STEPS);
    options.between = lstm_toy_dropout(kind, ARD_SCALE_RATE);
    options.recurrent = lstm_toy_dropout(kind, ARD_SCALE_RATE);
    options.fresh = fresh;
    return options;
}

/* Whether two patterns keep the same units of HIDDEN and the same tiles. */
static bool same(const ard_layer_pattern *a, const ard_layer_pattern *b)
{
    for (size_t unit = 0; unit < HIDDEN; ++unit) {
        if (ard_pattern_keeps(&a->units, unit) != ard_pattern_keeps(&b->units, unit)) {
            return false;
        }
    }
    return a->tiles.edge == b->tiles.edge && a->tiles.period == b->tiles.period &&
           a->tiles.offset == b->tiles.offset && a->tiles.numbering == b->tiles.numbering;
}

static void test_counts(void **state)
{
    for (int fresh = 0; fresh < 2; ++fresh) {
        const ard_lstm_options options = make_options(ARD_DROPOUT_ROW, fresh != 0);
        ard_lstm *lstm = lstm_toy_model(*state, &options);
        assert_int_equal(ard_lstm_pattern_count(lstm), fresh != 0 ? FRESH_COUNT : COUNT);
        ard_lstm_destroy(lstm);
    }
}

/* A pattern is a function of seed and step, whatever the model has done. */
static void test_functions_of_the_step(void **state)
{
    static const ard_dropout_kind kinds[] = {ARD_DROPOUT_ROW, ARD_DROPOUT_SUBSET, ARD_DROPOUT_INDEX,
                                             ARD_DROPOUT_TILE};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        ard_lstm_options options = make_options(kinds[i], kinds[i] != ARD_DROPOUT_TILE);
        ard_lstm *trained = lstm_toy_model(*state, &options);
        ard_lstm *fresh = lstm_toy_model(*state, &options);
        options.seed = 9;
        ard_lstm *other = lstm_toy_model(*state, &options);
        const size_t count = ard_lstm_pattern_count(trained);
        ard_layer_pattern patterns[3][FRESH_COUNT];
        size_t different = 0;
        lstm_toy_train(trained, 3);
        for (uint64_t step = 0; step < 20; ++step) {
            assert_success(ard_lstm_patterns(trained, step, patterns[0]));
            assert_success(ard_lstm_patterns(fresh, step, patterns[1]));
            assert_success(ard_lstm_patterns(other, step, patterns[2]));
            for (size_t j = 0; j < count; ++j) {
                assert_true(same(&patterns[0][j], &patterns[1][j]));
                different += same(&patterns[0][j], &patterns[2][j]) ? 0 : 1;
            }
        }
        assert_true(different > 5 * count);
        ard_lstm_destroy(trained);
        ard_lstm_destroy(fresh);
        ard_lstm_destroy(other);
    }
}

/* No two places have the same patterns over 20 steps, but the two of a tied model's embedding. */
static void check_places(ard_context *context, const ard_lstm_options *options)
{
    ard_lstm *lstm = lstm_toy_model(context, options);
    const size_t count = ard_lstm_pattern_count(lstm);
    bool alike[FRESH_COUNT][FRESH_COUNT];
    memset(alike, 1, sizeof alike);
    for (uint64_t step = 0; step < 20; ++step) {
        ard_layer_pattern patterns[FRESH_COUNT];
        assert_success(ard_lstm_patterns(lstm, step, patterns));
        for (size_t i = 0; i < count; ++i) {
            for (size_t j = 0; j < i; ++j) {
                alike[i][j] = alike[i][j] && same(&patterns[i], &patterns[j]);
            }
        }
    }
    for (size_t i = 0; i < count; ++i) {
        for (size_t j = 0; j < i; ++j) {
            assert_int_equal(alike[i][j], options->tied && i == LAYERS && j == 0);
        }
    }
    ard_lstm_destroy(lstm);
}

static void test_places(void **state)
{
    static const ard_dropout_kind kinds[] = {ARD_DROPOUT_ROW, ARD_DROPOUT_SUBSET, ARD_DROPOUT_INDEX,
                                             ARD_DROPOUT_TILE};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        ard_lstm_options options = make_options(kinds[i], false);
        check_places(*state, &options);
        if (kinds[i] != ARD_DROPOUT_TILE) {
            options.fresh = true;
            options.tied = true;
            check_places(*state, &options);
        }
    }
}

/* A step on the patterns that it would have drawn is that step. */
static void check_given(ard_context *context, const ard_lstm_options *options)
{
    ard_lstm *given = lstm_toy_model(context, options);
    ard_lstm *drawn = lstm_toy_model(context, options);
    uint32_t *tokens = lstm_toy_text((size_t)BATCH * STEPS, WORDS, 1);
    for (uint64_t step = 0; step < 5; ++step) {
        ard_layer_pattern patterns[FRESH_COUNT];
        assert_success(ard_lstm_patterns(given, step, patterns));
        assert_success(
            ard_lstm_step_with_patterns(given, patterns, BATCH, STEPS, tokens, tokens, NULL));
        assert_success(ard_lstm_step(drawn, BATCH, STEPS, tokens, tokens, NULL));
    }
    lstm_toy_assert_same_bits(given, drawn, "given patterns");
    free(tokens);
    ard_lstm_destroy(given);
    ard_lstm_destroy(drawn);
}

static void test_given_as_drawn(void **state)
{
    for (size_t kind = 0; kind <= ARD_DROPOUT_INDEX; ++kind) {
        ard_lstm_options options = make_options((ard_dropout_kind)kind, false);
        check_given(*state, &options);
        options.fresh = kind != ARD_DROPOUT_TILE && kind != ARD_DROPOUT_DROPCONNECT;
        options.tied = kind != ARD_DROPOUT_TILE;
        check_given(*state, &options);
    }
}

/* Every offset of every period at every place, against the reference. */
static void test_all_rows(void **state)
{
    for (int variant = 0; variant < 4; ++variant) {
        ard_lstm_options options = make_options(ARD_DROPOUT_ROW, variant % 2 == 1);
        options.tied = variant / 2 == 1;
        options.sgd.momentum = 0.9;
        options.sgd.schedule.rate = 0.05;
        lstm_run run = lstm_run_begin(*state, &options, "given rows");
        const size_t count = ard_lstm_pattern_count(run.lstm);
        for (size_t i = 0; i < 18; ++i) {
            ard_layer_pattern patterns[FRESH_COUNT];
            for (size_t j = 0; j < count; ++j) {
                const uint32_t period = (uint32_t)(1 + (i + j) % 3);
                patterns[j] = toy_units(period, UINT64_C(1) << (i / 3 + j) % period);
            }
            if (options.tied) {
                patterns[LAYERS] = patterns[0];
            }
            lstm_run_step(&run, patterns, BATCH - i % 2, STEPS - i % 3);
        }
        lstm_run_end(&run);
    }
}

/* Weights [in x out] that a pattern keeps. */
static double kept_weights(const ard_layer_pattern *pattern, size_t in, size_t out)
{
    double count = 0.0;
    for (size_t i = 0; i < in * out; ++i) {
        const bool kept = ard_pattern_keeps(&pattern->units, i / out) &&
                          ard_tile_keeps(&pattern->tiles, out, i / out, i % out);
        count += kept ? 1.0 : 0.0;
    }
    return count;
}

/* The recurrent multiply-adds of a layer: forward and to data step by step, to weights over what
 * some step keeps. */
static double recurrent_products(const ard_layer_pattern *patterns, bool fresh, size_t batch,
                                 size_t steps)
{
    double count = 0.0;
    double used = 0.0;
    for (size_t t = 0; t < steps; ++t) {
        count += 2.0 * (double)batch * kept_weights(&patterns[fresh ? t : 0], HIDDEN, 4 * HIDDEN);
    }
    if (!fresh) {
        return count + (double)(batch * steps) * kept_weights(patterns, HIDDEN, 4 * HIDDEN);
    }
    for (size_t unit = 0; unit < HIDDEN; ++unit) {
        bool kept = false;
        for (size_t t = 0; t < steps; ++t) {
            kept = kept || ard_pattern_keeps(&patterns[t].units, unit);
        }
        used += kept ? 1.0 : 0.0;
    }
    return count + (double)(batch * steps) * used * 4.0 * HIDDEN;
}

static void check_flops(const ard_lstm *lstm, size_t batch, size_t steps,
                        const ard_layer_pattern *patterns)
{
    const ard_lstm_options *options = ard_lstm_get_options(lstm);
    const size_t each = options->fresh ? STEPS : 1;
    double expected = 0.0;
    double flops = 0.0;
    for (size_t site = 0; site < SITES; ++site) {
        const size_t in = site == 0 ? options->embedding : HIDDEN;
        const size_t out = site < LAYERS ? 4 * HIDDEN : WORDS;
        expected += 3.0 * (double)(batch * steps) * kept_weights(&patterns[site], in, out);
    }
    for (size_t l = 0; l < LAYERS; ++l) {
        expected += recurrent_products(patterns + SITES + l * each, options->fresh, batch, steps);
    }
    assert_success(ard_lstm_step_flops(lstm, batch, steps, patterns, &flops));
    if (flops != 2.0 * expected) {
        fail_msg("kinds %d and %d%s: %.0f operations, expected %.0f", (int)options->between.kind,
                 (int)options->recurrent.kind, options->fresh ? ", fresh" : "", flops,
                 2.0 * expected);
    }
}

static void test_flops(void **state)
{
    for (size_t variant = 0; variant < 2 * (ARD_DROPOUT_INDEX + 1); ++variant) {
        const ard_dropout_kind kind = (ard_dropout_kind)(variant / 2);
        const bool fresh = variant % 2 == 1;
        if (fresh && (kind == ARD_DROPOUT_TILE || kind == ARD_DROPOUT_DROPCONNECT)) {
            continue; /* refused */
        }
        ard_lstm_options options = make_options(kind, fresh);
        options.embedding = 7;
        ard_lstm *lstm = lstm_toy_model(*state, &options);
        ard_layer_pattern patterns[FRESH_COUNT];
        for (uint64_t step = 0; step < 10; ++step) {
            assert_success(ard_lstm_patterns(lstm, step, patterns));
            check_flops(lstm, 1 + step % BATCH, 1 + step % STEPS, patterns);
        }
        double dense[2];
        for (size_t i = 0; i < FRESH_COUNT; ++i) {
            patterns[i] = ard_layer_pattern_all();
        }
        check_flops(lstm, BATCH, STEPS, patterns);
        assert_success(ard_lstm_step_flops(lstm, BATCH, STEPS, patterns, &dense[0]));
        assert_success(ard_lstm_step_flops(lstm, BATCH, STEPS, NULL, &dense[1]));
        assert_true(dense[0] == dense[1]);
        ard_lstm_destroy(lstm);
    }
}

/* Half of the units, or half of the tiles. */
static ard_layer_pattern make_half(ard_dropout_kind kind)
{
    ard_layer_pattern half = ard_layer_pattern_all();
    if (kind == ARD_DROPOUT_TILE) {
        half.tiles = (ard_tile_pattern){3, 2, 1, ARD_TILE_DIAGONAL};
    } else {
        assert_success(ard_pattern_subset(4, 5, &half.units));
    }
    return half;
}

/* Dense operations over those with half of everything dropped between the layers, in the recurrent
 * products, or both. */
static double measure_limit(const ard_lstm *lstm, ard_dropout_kind kind, bool between,
                            bool recurrent)
{
    ard_layer_pattern patterns[FRESH_COUNT];
    double flops[2];
    for (size_t i = 0; i < ard_lstm_pattern_count(lstm); ++i) {
        const bool drops = i < SITES ? between : recurrent;
        patterns[i] = drops ? make_half(kind) : ard_layer_pattern_all();
    }
    assert_success(ard_lstm_step_flops(lstm, BATCH, STEPS, NULL, &flops[0]));
    assert_success(ard_lstm_step_flops(lstm, BATCH, STEPS, patterns, &flops[1]));
    return flops[0] / flops[1];
}

/* The limits that lstm.h gives, of a model that halves divide. */
static void test_flop_limits(void **state)
{
    enum { WIDTH = 12, VOCABULARY = 30 };
    static const ard_dropout_kind kinds[] = {ARD_DROPOUT_SUBSET, ARD_DROPOUT_TILE};
    const double lh = LAYERS * WIDTH;
    const double all = 8.0 * lh + VOCABULARY;
    for (size_t i = 0; i < 3; ++i) {
        ard_lstm_options options = lstm_toy_options(LAYERS, VOCABULARY, WIDTH, BATCH, STEPS);
        options.fresh = i == 2;
        const ard_dropout_kind kind = kinds[i % 2];
        /* All time steps have one pattern here, so that u is a half too. */
        ard_lstm *lstm = lstm_toy_model(*state, &options);
        assert_true(measure_limit(lstm, kind, true, false) ==
                    all / (4.0 * lh + 0.5 * (4.0 * lh + VOCABULARY)));
        assert_true(measure_limit(lstm, kind, false, true) ==
                    all / (4.0 * lh + VOCABULARY + 0.5 * 4.0 * lh));
        assert_true(measure_limit(lstm, kind, true, true) == 2.0);
        ard_lstm_destroy(lstm);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),      cmocka_unit_test(test_functions_of_the_step),
        cmocka_unit_test(test_places),      cmocka_unit_test(test_given_as_drawn),
        cmocka_unit_test(test_all_rows),    cmocka_unit_test(test_flops),
        cmocka_unit_test(test_flop_limits),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
