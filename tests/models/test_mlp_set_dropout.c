/* SPDX-License-Identifier: Apache-2.0 */
/* A dropout that changes while a network trains: what is refused, that memory and tables are there
 * from the beginning, and that a checkpoint goes on in the middle of it. The steps themselves are
 * in test_mlp_reference.c. */
#include <ard/mlp.h>

#include <string.h>

#include "models/toy.h"
#include "support/device.h"
#include "support/folder.h"
#include "support/unit.h"

enum { SAMPLES = 64, INPUTS = 9, CLASSES = 4, BATCH = 33, HIDDEN = 2 };

static const size_t widths[] = {INPUTS, 33, 31, CLASSES};

static const double RATES[] = {0.0, 0.01, 0.1, 0.25, 0.4, 0.5, 0.3};
enum { RATE_COUNT = sizeof RATES / sizeof RATES[0] };

/* Dropout of both layers at a rate, with periods up to `longest` where it draws them. */
static void make_up_to(uint32_t longest, ard_dropout_kind kind, double rate,
                       ard_dropout dropout[HIDDEN])
{
    for (size_t l = 0; l < HIDDEN; ++l) {
        assert_success(ard_dropout_init(kind, rate, kind == ARD_DROPOUT_SUBSET ? 8 : longest,
                                        ARD_SCALE_RATE, &dropout[l]));
        if (kind == ARD_DROPOUT_TILE) {
            dropout[l].tile_edge = TOY_EDGE;
            dropout[l].tile_numbering = l == 0 ? ARD_TILE_DIAGONAL : ARD_TILE_LINEAR;
        }
    }
}

/* With those up to 2, of which rate 1/2 has only the longer one. */
static void make(ard_dropout_kind kind, double rate, ard_dropout dropout[HIDDEN])
{
    make_up_to(2, kind, rate, dropout);
}

/* In groups of samples where the kind can have them. */
static ard_mlp *network_in_groups(ard_context *context, const ard_dropout dropout[HIDDEN],
                                  bool varies, uint32_t groups)
{
    const ard_dropout_kind kind = dropout[0].kind;
    const bool masks = kind == ARD_DROPOUT_BERNOULLI || kind == ARD_DROPOUT_DROPCONNECT;
    ard_mlp_options options = toy_options(HIDDEN + 1, widths, dropout, BATCH);
    options.dropout_varies = varies;
    options.groups = kind == ARD_DROPOUT_NONE || masks ? 1 : groups;
    return toy_network(context, &options);
}

static ard_mlp *network(ard_context *context, const ard_dropout dropout[HIDDEN], bool varies)
{
    return network_in_groups(context, dropout, varies, 1);
}

static void assert_same_dropout(const ard_dropout *actual, const ard_dropout expected[HIDDEN])
{
    for (size_t l = 0; l < HIDDEN; ++l) {
        assert_int_equal(actual[l].kind, expected[l].kind);
        assert_int_equal(actual[l].scale, expected[l].scale);
        assert_true(actual[l].rate == expected[l].rate);
        assert_memory_equal(actual[l].distribution.cumulative, expected[l].distribution.cumulative,
                            sizeof actual[l].distribution.cumulative);
        assert_int_equal(actual[l].subset.period, expected[l].subset.period);
        assert_int_equal(actual[l].subset.high, expected[l].subset.high);
        assert_int_equal(actual[l].tile_edge, expected[l].tile_edge);
        assert_int_equal(actual[l].tile_numbering, expected[l].tile_numbering);
    }
}

/* Refused with that status, and the network has the dropout that it had. */
static void assert_kept(ard_mlp *mlp, const ard_dropout dropout[HIDDEN], ard_status status)
{
    const ard_dropout *now = ard_mlp_get_options(mlp)->dropout;
    const ard_dropout before[HIDDEN] = {now[0], now[1]};
    assert_fails(ard_mlp_set_dropout(mlp, dropout), status);
    assert_same_dropout(now, before);
}

static void test_other_kinds(void **state)
{
    for (ard_dropout_kind kind = ARD_DROPOUT_NONE; kind <= ARD_DROPOUT_INDEX; ++kind) {
        ard_dropout dropout[HIDDEN];
        make(kind, 0.5, dropout);
        ard_mlp *mlp = network(*state, dropout, true);
        for (ard_dropout_kind other = ARD_DROPOUT_NONE; other <= ARD_DROPOUT_INDEX; ++other) {
            make(other, 0.25, dropout);
            if (other != kind) {
                assert_kept(mlp, dropout, ARD_STATUS_INVALID_ARGUMENT);
            }
        }
        make(kind, 0.25, dropout);
        assert_success(ard_mlp_set_dropout(mlp, dropout));
        assert_same_dropout(ard_mlp_get_options(mlp)->dropout, dropout);
        dropout[1].rate = 1.0;
        assert_kept(mlp, dropout, ARD_STATUS_INVALID_RATE);
        ard_mlp_destroy(mlp);
    }
}

static void test_other_shapes(void **state)
{
    ard_dropout dropout[HIDDEN];
    make(ARD_DROPOUT_TILE, 0.5, dropout);
    ard_mlp *mlp = network(*state, dropout, true);
    dropout[1].tile_edge = TOY_EDGE - 1;
    assert_kept(mlp, dropout, ARD_STATUS_INVALID_ARGUMENT);
    make(ARD_DROPOUT_TILE, 0.5, dropout);
    dropout[0].tile_numbering = ARD_TILE_LINEAR;
    assert_kept(mlp, dropout, ARD_STATUS_INVALID_ARGUMENT);
    assert_non_null(strstr(ard_detail(), "hidden layer 0"));
    ard_mlp_destroy(mlp);
    make(ARD_DROPOUT_SUBSET, 0.5, dropout);
    mlp = network(*state, dropout, true);
    assert_success(ard_dropout_init(ARD_DROPOUT_SUBSET, 0.5, 12, ARD_SCALE_RATE, &dropout[1]));
    assert_kept(mlp, dropout, ARD_STATUS_INVALID_ARGUMENT);
    assert_non_null(strstr(ard_detail(), "period 12, expected 8"));
    ard_mlp_destroy(mlp);
}

/* Periods and residues that there is no room for, and what there is. */
static void test_room(void **state)
{
    static const ard_dropout_kind kinds[] = {ARD_DROPOUT_ROW, ARD_DROPOUT_TILE};
    ard_dropout dropout[HIDDEN];
    for (size_t i = 0; i < 2; ++i) {
        make(kinds[i], 0.5, dropout); /* period 2 alone */
        ard_mlp *mlp = network(*state, dropout, false);
        assert_success(ard_mlp_set_dropout(mlp, dropout));
        make(kinds[i], 0.25, dropout);
        assert_kept(mlp, dropout, ARD_STATUS_INVALID_PATTERN);
        assert_non_null(strstr(ard_detail(), "not made for period 1"));
        ard_mlp_destroy(mlp);
        make(kinds[i], 0.5, dropout);
        mlp = network(*state, dropout, true);
        make(kinds[i], 0.25, dropout);
        assert_success(ard_mlp_set_dropout(mlp, dropout));
        assert_success(ard_distribution_exact(0.5, 3, &dropout[1].distribution));
        assert_kept(mlp, dropout, ARD_STATUS_INVALID_PATTERN);
        assert_non_null(
            strstr(ard_detail(), "hidden layer 1: the network was not made for period 3"));
        ard_mlp_destroy(mlp);
    }
    make(ARD_DROPOUT_SUBSET, 0.5, dropout);
    ard_mlp *mlp = network(*state, dropout, false);
    make(ARD_DROPOUT_SUBSET, 0.75, dropout);
    assert_success(ard_mlp_set_dropout(mlp, dropout));
    make(ARD_DROPOUT_SUBSET, 0.5, dropout);
    assert_success(ard_mlp_set_dropout(mlp, dropout));
    make(ARD_DROPOUT_SUBSET, 0.375, dropout);
    assert_kept(mlp, dropout, ARD_STATUS_INVALID_PATTERN);
    assert_non_null(strstr(ard_detail(), "made for 4 of 8 residues, not for 5"));
    ard_mlp_destroy(mlp);
    make(ARD_DROPOUT_INDEX, 0.5, dropout);
    mlp = network(*state, dropout, false);
    make(ARD_DROPOUT_INDEX, 0.75, dropout);
    assert_success(ard_mlp_set_dropout(mlp, dropout));
    assert_int_equal(ard_mlp_get_options(mlp)->dropout[0].index.high, 9);
    make(ARD_DROPOUT_INDEX, 0.4, dropout);
    assert_kept(mlp, dropout, ARD_STATUS_INVALID_PATTERN);
    assert_non_null(strstr(ard_detail(), "made for 17 of 33 units, not for 20"));
    ard_mlp_destroy(mlp);
}

/* A largest period that is never drawn needs no units or tiles. */
static void test_more_periods_than_units(void **state)
{
    const size_t narrow[] = {INPUTS, 3, 2, CLASSES};
    static const ard_dropout_kind kinds[] = {ARD_DROPOUT_ROW, ARD_DROPOUT_TILE};
    for (size_t i = 0; i < 2; ++i) {
        ard_dropout dropout[HIDDEN];
        for (size_t l = 0; l < HIDDEN; ++l) {
            assert_success(
                ard_dropout_init(kinds[i], 0.0, ARD_MAX_PERIOD, ARD_SCALE_RATE, &dropout[l]));
        }
        ard_mlp_options options = toy_options(HIDDEN + 1, narrow, dropout, BATCH);
        options.dropout_varies = true;
        ard_mlp *mlp = toy_network(*state, &options);
        assert_success(ard_distribution_exact(0.5, 2, &dropout[0].distribution));
        const ard_status status = ard_mlp_set_dropout(mlp, dropout);
        /* One tile holds these weights. */
        assert_int_equal(status, kinds[i] == ARD_DROPOUT_ROW ? ARD_STATUS_SUCCESS
                                                             : ARD_STATUS_INVALID_PATTERN);
        assert_success(ard_distribution_exact(0.6, 4, &dropout[0].distribution));
        assert_kept(mlp, dropout, ARD_STATUS_INVALID_PATTERN);
        ard_mlp_destroy(mlp);
    }
}

static void test_null(void **state)
{
    ard_dropout dropout[HIDDEN];
    make(ARD_DROPOUT_ROW, 0.5, dropout);
    ard_mlp *mlp = network(*state, dropout, true);
    assert_invalid(ard_mlp_set_dropout(NULL, dropout));
    assert_invalid(ard_mlp_set_dropout(mlp, NULL));
    /* Its own may be given back. */
    assert_success(ard_mlp_set_dropout(mlp, ard_mlp_get_options(mlp)->dropout));
    ard_mlp_destroy(mlp);
    const size_t two[] = {INPUTS, CLASSES};
    const ard_mlp_options options = toy_options(1, two, NULL, BATCH);
    mlp = toy_network(*state, &options);
    assert_success(ard_mlp_set_dropout(mlp, NULL));
    ard_mlp_destroy(mlp);
}

/* The rate that has period LONGEST alone, and the rates on the way to it. */
enum { LONGEST = 4 };
static const double FINAL_RATE = 0.75;

/* `steps` steps, each at the rate of its number. */
static void train(ard_mlp *mlp, const toy_data *data, ard_dropout_kind kind, size_t steps)
{
    for (size_t i = 0; i < steps; ++i) {
        ard_dropout dropout[HIDDEN];
        make_up_to(LONGEST, kind, RATES[ard_mlp_steps_done(mlp) % RATE_COUNT], dropout);
        assert_success(ard_mlp_set_dropout(mlp, dropout));
        toy_train(mlp, data, 1, BATCH);
    }
}

/* Grids of tiles in which a shorter period than the final one takes the most. */
static void test_memory_of_tiles(void **state)
{
    (void)state;
    static const struct {
        size_t widths[HIDDEN + 2];
        uint32_t edge;
        ard_tile_numbering numbering;
        uint32_t longest;
    } cases[] = {
        {{5, 130, 7, 2}, 3, ARD_TILE_DIAGONAL, 9},
        {{200, 6, 90, 2}, 7, ARD_TILE_LINEAR, 13},
        {{12, 16, 12, 2}, 1, ARD_TILE_LINEAR, 64},
        {{64, 128, 64, 5}, 32, ARD_TILE_LINEAR, 8},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        const uint32_t longest = cases[i].longest;
        ard_context *context = test_context_create();
        toy_data data =
            toy_create(context, SAMPLES, cases[i].widths[0], cases[i].widths[HIDDEN + 1], 0.5f, 4);
        ard_dropout dropout[HIDDEN];
        ard_mlp *mlp = NULL;
        toy_memory before = {0};
        for (size_t step = 0; step <= 60; ++step) {
            /* The final rate first, at which the network is made. */
            const double share = step == 0 ? 1.0 : RATES[step % RATE_COUNT] * 1.8;
            make_up_to(longest, ARD_DROPOUT_TILE, share * ard_distribution_rate_limit(longest),
                       dropout);
            for (size_t l = 0; l < HIDDEN; ++l) {
                dropout[l].tile_edge = cases[i].edge;
                dropout[l].tile_numbering = cases[i].numbering;
            }
            if (step == 0) {
                ard_mlp_options options = toy_options(HIDDEN + 1, cases[i].widths, dropout, BATCH);
                options.dropout_varies = true;
                mlp = toy_network(context, &options);
                before = toy_read_memory(mlp);
            }
            assert_success(ard_mlp_set_dropout(mlp, dropout));
            toy_train(mlp, &data, 1, BATCH);
        }
        toy_assert_same_memory(mlp, &before);
        ard_mlp_destroy(mlp);
        toy_destroy(&data);
        ard_context_destroy(context);
    }
}

/* A context of its own, so that no other network's memory is there already. */
static void check_memory(ard_dropout_kind kind, uint32_t groups)
{
    ard_context *context = test_context_create();
    toy_data data = toy_create(context, SAMPLES, INPUTS, CLASSES, 0.5f, 4);
    ard_dropout dropout[HIDDEN];
    make_up_to(LONGEST, kind, FINAL_RATE, dropout);
    ard_mlp *mlp = network_in_groups(context, dropout, true, groups);
    const toy_memory before = toy_read_memory(mlp);
    train(mlp, &data, kind, 60);
    toy_assert_same_memory(mlp, &before);
    ard_mlp_destroy(mlp);
    toy_destroy(&data);
    ard_context_destroy(context);
}

static void test_memory(void **state)
{
    (void)state;
    for (ard_dropout_kind kind = ARD_DROPOUT_NONE; kind <= ARD_DROPOUT_INDEX; ++kind) {
        check_memory(kind, 1);
        check_memory(kind, 3);
    }
}

/* Without dropout_varies a network takes what it took: less, where it has fewer choices. */
static void test_no_more_memory_unless_it_varies(void **state)
{
    static const ard_dropout_kind kinds[] = {ARD_DROPOUT_ROW, ARD_DROPOUT_SUBSET,
                                             ARD_DROPOUT_INDEX};
    for (size_t i = 0; i < 3; ++i) {
        ard_dropout dropout[HIDDEN];
        make(kinds[i], 0.5, dropout);
        ard_mlp *fixed = network(*state, dropout, false);
        ard_mlp *varying = network(*state, dropout, true);
        assert_true(toy_read_memory(fixed).compact < toy_read_memory(varying).compact);
        ard_mlp_destroy(fixed);
        ard_mlp_destroy(varying);
    }
}

/* Saved and loaded between two rates, with periods that the dropout of that moment does not have.
 */
static void test_checkpoint(void **state)
{
    test_folder folder = test_folder_create();
    char path[TEST_PATH_CAPACITY];
    test_folder_join(folder.path, "run.ard", path);
    toy_data data = toy_create(*state, SAMPLES, INPUTS, CLASSES, 0.5f, 4);
    for (ard_dropout_kind kind = ARD_DROPOUT_NONE; kind <= ARD_DROPOUT_INDEX; ++kind) {
        for (size_t stop = 0; stop < RATE_COUNT; ++stop) {
            ard_dropout dropout[HIDDEN];
            make_up_to(LONGEST, kind, FINAL_RATE, dropout);
            const uint32_t groups = stop % 2 == 0 ? 1 : 3;
            ard_mlp *alone = network_in_groups(*state, dropout, true, groups);
            ard_mlp *resumed = network_in_groups(*state, dropout, true, groups);
            train(alone, &data, kind, 2 * RATE_COUNT);
            train(resumed, &data, kind, stop + 1);
            assert_success(ard_mlp_save(resumed, path, NULL, 0));
            ard_mlp_destroy(resumed);
            assert_success(ard_mlp_load(*state, path, &resumed));
            make_up_to(LONGEST, kind, RATES[stop], dropout);
            const ard_mlp_options *options = ard_mlp_get_options(resumed);
            assert_true(options->dropout_varies);
            assert_same_dropout(options->dropout, dropout);
            train(resumed, &data, kind, 2 * RATE_COUNT - stop - 1);
            toy_assert_same_bits(resumed, alone, "a run with changing rates that was resumed");
            ard_mlp_destroy(alone);
            ard_mlp_destroy(resumed);
        }
    }
    toy_destroy(&data);
    test_folder_destroy(&folder);
}

/* Patterns depend on nothing that was set before. */
static void test_patterns(void **state)
{
    ard_dropout dropout[HIDDEN];
    make(ARD_DROPOUT_ROW, 0.5, dropout);
    ard_mlp *mlp = network(*state, dropout, true);
    ard_layer_pattern first[HIDDEN];
    ard_layer_pattern again[HIDDEN];
    make(ARD_DROPOUT_ROW, 0.25, dropout);
    assert_success(ard_mlp_set_dropout(mlp, dropout));
    assert_success(ard_mlp_patterns(mlp, 12345, first));
    make(ARD_DROPOUT_ROW, 0.0, dropout);
    assert_success(ard_mlp_set_dropout(mlp, dropout));
    assert_success(ard_mlp_patterns(mlp, 12345, again));
    assert_true(ard_pattern_is_all(&again[0].units) && ard_pattern_is_all(&again[1].units));
    make(ARD_DROPOUT_ROW, 0.25, dropout);
    assert_success(ard_mlp_set_dropout(mlp, dropout));
    assert_success(ard_mlp_patterns(mlp, 12345, again));
    for (size_t l = 0; l < HIDDEN; ++l) {
        assert_int_equal(first[l].units.period, again[l].units.period);
        assert_true(first[l].units.residues == again[l].units.residues);
    }
    ard_mlp_destroy(mlp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_other_kinds),
        cmocka_unit_test(test_other_shapes),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_more_periods_than_units),
        cmocka_unit_test(test_null),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_memory_of_tiles),
        cmocka_unit_test(test_no_more_memory_unless_it_varies),
        cmocka_unit_test(test_checkpoint),
        cmocka_unit_test(test_patterns),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
