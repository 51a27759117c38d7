/* SPDX-License-Identifier: Apache-2.0 */
/* Whole training runs of language models against the double-precision reference. */
#include <stdio.h>

#include "models/lstm_run.h"
#include "support/device.h"
#include "support/unit.h"

enum { KINDS = ARD_DROPOUT_INDEX + 1 };

/* What changes from run to run beside dropout and sizes. */
static void vary(ard_lstm_options *options, size_t variant)
{
    options->seed = 1000 + variant;
    options->forget_bias = variant % 3 == 0 ? 1.0 : 0.0;
    options->clip = variant % 2 == 0 ? 0.5 : 0.0;
    options->sgd.momentum = variant / 2 % 2 == 0 ? 0.9 : 0.0;
    options->sgd.weight_decay = variant / 3 % 2 == 0 ? 0.01 : 0.0;
}

static bool drops_weights(ard_dropout_kind kind)
{
    return kind == ARD_DROPOUT_TILE || kind == ARD_DROPOUT_DROPCONNECT;
}

/* Kinds at every pair of places: neither, one, the other, both. */
static void check_pairs(ard_context *context, const ard_lstm_options *shape, bool fresh,
                        size_t first_variant)
{
    for (size_t pair = 0; pair < (size_t)KINDS * KINDS; ++pair) {
        const ard_dropout_kind between = (ard_dropout_kind)(pair % KINDS);
        const ard_dropout_kind recurrent = (ard_dropout_kind)(pair / KINDS);
        if ((shape->tied && between == ARD_DROPOUT_TILE) || (fresh && drops_weights(recurrent))) {
            continue; /* refused */
        }
        const size_t variant = first_variant + pair;
        char name[128];
        snprintf(name, sizeof name, "kinds %d and %d%s, %zu layers of %zu, %zu words%s",
                 (int)between, (int)recurrent, fresh ? " fresh" : "", shape->layers, shape->hidden,
                 shape->vocabulary, shape->tied ? ", tied" : "");
        ard_lstm_options options = *shape;
        options.between =
            lstm_toy_dropout(between, variant % 3 == 0 ? ARD_SCALE_PERIOD : ARD_SCALE_RATE);
        options.recurrent =
            lstm_toy_dropout(recurrent, variant % 5 == 0 ? ARD_SCALE_PERIOD : ARD_SCALE_RATE);
        options.between.tile_numbering = (ard_tile_numbering)(variant % 2);
        options.recurrent.tile_numbering = (ard_tile_numbering)(variant / 2 % 2);
        options.fresh = fresh;
        vary(&options, variant);
        lstm_run_check(context, &options, name);
    }
}

static void test_kinds(void **state)
{
    ard_lstm_options shape = lstm_toy_options(2, 11, 13, 3, 5);
    shape.embedding = 17;
    check_pairs(*state, &shape, false, 0);
}

static void test_kinds_fresh(void **state)
{
    ard_lstm_options shape = lstm_toy_options(2, 23, 13, 3, 5);
    shape.embedding = 5;
    check_pairs(*state, &shape, true, 100);
}

static void test_kinds_tied(void **state)
{
    ard_lstm_options shape = lstm_toy_options(1, 19, 17, 5, 7);
    shape.tied = true;
    check_pairs(*state, &shape, false, 200);
    check_pairs(*state, &shape, true, 300);
}

static void test_kinds_of_one_sequence(void **state)
{
    const ard_lstm_options shape = lstm_toy_options(3, 7, 5, 1, 3);
    check_pairs(*state, &shape, false, 400);
    check_pairs(*state, &shape, true, 500);
}

/* Sizes at and around the edges of what kernels work on at once, without dropout and with it. */
static void test_sizes(void **state)
{
    static const size_t sizes[][6] = {
        /* layers, words, embedding, hidden, batch, steps */
        {1, 2, 1, 1, 1, 1},    {1, 3, 1, 1, 3, 7},   {3, 2, 2, 1, 5, 2},   {1, 40, 7, 33, 3, 1},
        {2, 33, 31, 33, 5, 6}, {1, 65, 64, 8, 8, 4}, {2, 16, 16, 32, 4, 4}};
    for (size_t i = 0; i < 4 * (sizeof sizes / sizeof sizes[0]); ++i) {
        const size_t *size = sizes[i / 4];
        ard_lstm_options options = lstm_toy_options(size[0], size[1], size[3], size[4], size[5]);
        options.embedding = size[2];
        if (i % 4 >= 2) {
            options.between = lstm_toy_dropout(ARD_DROPOUT_BERNOULLI, ARD_SCALE_RATE);
            options.recurrent = lstm_toy_dropout(ARD_DROPOUT_BERNOULLI, ARD_SCALE_RATE);
        }
        if (i % 2 == 1) {
            options.tied = true;
            options.embedding = options.hidden;
        }
        vary(&options, 600 + i);
        char name[64];
        snprintf(name, sizeof name, "size %zu%s%s", i / 4, i % 4 >= 2 ? ", Bernoulli" : "",
                 i % 2 == 1 ? ", tied" : "");
        lstm_run_check(*state, &options, name);
    }
}

/* Sums over more units and words than kernels take in one go, and words that are rare. */
static void test_large_sizes(void **state)
{
    static const size_t sizes[][4] = {/* words, embedding, hidden, steps */
                                      {300, 290, 290, 3},
                                      {3001, 7, 5, 4},
                                      {600, 31, 130, 2}};
    static const ard_dropout_kind kinds[] = {ARD_DROPOUT_NONE, ARD_DROPOUT_BERNOULLI,
                                             ARD_DROPOUT_ROW, ARD_DROPOUT_INDEX};
    for (size_t i = 0; i < 3 * sizeof kinds / sizeof kinds[0]; ++i) {
        const size_t *size = sizes[i % 3];
        ard_lstm_options options = lstm_toy_options(1, size[0], size[2], 2, size[3]);
        options.embedding = size[1];
        options.range = 0.1;
        options.between = lstm_toy_dropout(kinds[i / 3], ARD_SCALE_RATE);
        options.recurrent = lstm_toy_dropout(kinds[i / 3], ARD_SCALE_RATE);
        options.fresh = i % 2 == 1;
        options.tied = i % 3 == 0;
        vary(&options, 1100 + i);
        char name[64];
        snprintf(name, sizeof name, "%zu words, %zu units, kind %d", size[0], size[2],
                 (int)kinds[i / 3]);
        lstm_run_check(*state, &options, name);
    }
}

/* Tiles of two to eight weights, ragged in most matrices, both numberings and scales. */
static void test_tiles(void **state)
{
    static const uint32_t edges[] = {2, 3, 5, 8};
    for (size_t i = 0; i < 16; ++i) {
        ard_lstm_options options = lstm_toy_options(2, 37, 33, 3, 4);
        options.embedding = 29;
        const ard_scale_kind scale = i % 2 == 0 ? ARD_SCALE_RATE : ARD_SCALE_PERIOD;
        options.between = lstm_toy_dropout(ARD_DROPOUT_TILE, scale);
        options.recurrent = lstm_toy_dropout(ARD_DROPOUT_TILE, scale);
        options.between.tile_edge = edges[i / 4];
        options.recurrent.tile_edge = edges[3 - i / 4];
        options.between.tile_numbering = (ard_tile_numbering)(i / 2 % 2);
        options.recurrent.tile_numbering = (ard_tile_numbering)(1 - i / 2 % 2);
        vary(&options, 700 + i);
        char name[64];
        snprintf(name, sizeof name, "tiles of %u and %u, numbering %zu", options.between.tile_edge,
                 options.recurrent.tile_edge, i / 2 % 2);
        lstm_run_check(*state, &options, name);
    }
}

/* Periods of up to 13, whose residue classes are too many for a table, so that weights remember
 * one by one for how long they were skipped. */
static void test_long_periods(void **state)
{
    for (size_t i = 0; i < 4; ++i) {
        ard_lstm_options options = lstm_toy_options(2, 17, 31, 3, 5);
        assert_success(
            ard_dropout_init(ARD_DROPOUT_ROW, 0.6, 13, ARD_SCALE_RATE, &options.between));
        assert_success(
            ard_dropout_init(ARD_DROPOUT_ROW, 0.6, 11, ARD_SCALE_RATE, &options.recurrent));
        options.fresh = i % 2 == 1;
        options.tied = i / 2 == 1;
        vary(&options, 800 + 2 * i);
        lstm_run_check(*state, &options, "long periods");
    }
}

/* Numbers of kept units that vary, that are one and that are all. */
static void test_indices(void **state)
{
    static const double rates[][2] = {{0.3, 0.71}, {12.0 / 13.0, 0.5}, {0.0, 12.0 / 13.0}};
    for (size_t i = 0; i < 12; ++i) {
        const double *rate = rates[i / 4];
        const ard_scale_kind scale = i % 2 == 0 ? ARD_SCALE_RATE : ARD_SCALE_PERIOD;
        ard_lstm_options options = lstm_toy_options(2, 9, 13, 3, 4);
        assert_success(ard_dropout_init(ARD_DROPOUT_INDEX, rate[0], 0, scale, &options.between));
        assert_success(ard_dropout_init(ARD_DROPOUT_INDEX, rate[1], 0, scale, &options.recurrent));
        options.fresh = i / 2 % 2 == 1;
        vary(&options, 900 + i);
        options.sgd.schedule.rate = 0.02; /* one unit scaled by 13 makes much of roundings */
        char name[64];
        snprintf(name, sizeof name, "indices at %.2f and %.2f", rate[0], rate[1]);
        lstm_run_check(*state, &options, name);
    }
}

/* Rates that fall by themselves. */
static void test_schedules(void **state)
{
    for (size_t i = 0; i < 4; ++i) {
        ard_lstm_options options = lstm_toy_options(2, 9, 13, 3, 4);
        options.between = lstm_toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE);
        options.recurrent = lstm_toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE);
        vary(&options, 1000 + i);
        options.sgd.schedule = (ard_schedule){.kind = (ard_schedule_kind)(1 + i % 2),
                                              .rate = 0.1,
                                              .factor = 0.5,
                                              .final_rate = 0.01,
                                              .every = 3,
                                              .warmup = i / 2 * 2};
        lstm_run_check(*state, &options, "schedules");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),      cmocka_unit_test(test_large_sizes),
        cmocka_unit_test(test_kinds),      cmocka_unit_test(test_kinds_fresh),
        cmocka_unit_test(test_kinds_tied), cmocka_unit_test(test_kinds_of_one_sequence),
        cmocka_unit_test(test_tiles),      cmocka_unit_test(test_long_periods),
        cmocka_unit_test(test_indices),    cmocka_unit_test(test_schedules),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
