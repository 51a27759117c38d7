/* SPDX-License-Identifier: Apache-2.0 */
/* Settings and patterns of tiles and DropConnect that a network refuses. */
#include <ard/mlp.h>

#include <math.h>
#include <string.h>

#include "models/toy.h"
#include "support/device.h"
#include "support/unit.h"

enum { LAYERS = 3, BATCH = 8, SAMPLES = 20 };

static const size_t widths[LAYERS + 1] = {6, 16, 20, 4};

/* `words` must be in the detail. */
static void assert_refused(ard_context *context, const ard_dropout dropout[LAYERS - 1],
                           ard_status expected, const char *words)
{
    const ard_mlp_options options = toy_options(LAYERS, widths, dropout, BATCH);
    ard_mlp *mlp = (ard_mlp *)&options;
    assert_fails(ard_mlp_create(context, &options, &mlp), expected);
    assert_null(mlp);
    if (strstr(ard_detail(), words) == NULL) {
        fail_msg("the detail is \"%s\", expected \"%s\" in it", ard_detail(), words);
    }
}

static void assert_accepted(ard_context *context, const ard_dropout dropout[LAYERS - 1])
{
    const ard_mlp_options options = toy_options(LAYERS, widths, dropout, BATCH);
    ard_mlp_destroy(toy_network(context, &options));
}

static ard_dropout tiles(uint32_t edge, ard_tile_numbering numbering, uint32_t max_period)
{
    ard_dropout dropout;
    assert_success(ard_dropout_init(ARD_DROPOUT_TILE, 0.5, max_period, ARD_SCALE_RATE, &dropout));
    dropout.tile_edge = edge;
    dropout.tile_numbering = numbering;
    return dropout;
}

/* [20 x 16] weights in 3 x 2 tiles of edge 8 take periods up to 4 or 6, and one tile takes none. */
static void test_periods_above_the_grid(void **state)
{
    ard_dropout dropout[2] = {{0}};
    dropout[1] = tiles(8, ARD_TILE_DIAGONAL, 4);
    assert_accepted(*state, dropout);
    dropout[1] = tiles(8, ARD_TILE_DIAGONAL, 5);
    assert_refused(*state, dropout, ARD_STATUS_INVALID_PATTERN, "period 5 exceeds 4");
    assert_refused(*state, dropout, ARD_STATUS_INVALID_PATTERN, "3 x 2 diagonal tiles");
    assert_refused(*state, dropout, ARD_STATUS_INVALID_PATTERN, "expected a smaller edge");
    dropout[1] = tiles(8, ARD_TILE_LINEAR, 6);
    assert_accepted(*state, dropout);
    dropout[1] = tiles(8, ARD_TILE_LINEAR, 7);
    assert_refused(*state, dropout, ARD_STATUS_INVALID_PATTERN, "period 7 exceeds 6");
    assert_refused(*state, dropout, ARD_STATUS_INVALID_PATTERN, "3 x 2 linear tiles");
    dropout[1] = tiles(ARD_TILE_DEFAULT_EDGE, ARD_TILE_DIAGONAL, 0);
    assert_refused(*state, dropout, ARD_STATUS_INVALID_PATTERN, "period 3 exceeds 1");
    dropout[1] = tiles(UINT32_MAX, ARD_TILE_LINEAR, 0);
    assert_refused(*state, dropout, ARD_STATUS_INVALID_PATTERN, "period 3 exceeds 1");
    dropout[1] = (ard_dropout){0};
    dropout[0] = tiles(8, ARD_TILE_DIAGONAL, 0); /* [16 x 6]: 2 x 1 */
    assert_refused(*state, dropout, ARD_STATUS_INVALID_PATTERN, "period 3 exceeds 2");
}

/* A period that is never drawn does not count. */
static void test_periods_never_drawn(void **state)
{
    const double never[5] = {0.4, 0.3, 0.2, 0.1, 0.0};
    ard_dropout dropout[2] = {{0}};
    dropout[1] = tiles(8, ARD_TILE_DIAGONAL, 0);
    assert_success(ard_distribution_from_probabilities(never, 5, &dropout[1].distribution));
    assert_accepted(*state, dropout);
    const double rarely[5] = {0.4, 0.3, 0.2, 0.09, 0.01};
    assert_success(ard_distribution_from_probabilities(rarely, 5, &dropout[1].distribution));
    assert_refused(*state, dropout, ARD_STATUS_INVALID_PATTERN, "period 5 exceeds 4");
}

static void test_tile_options(void **state)
{
    ard_dropout dropout[2] = {{0}};
    dropout[1] = tiles(0, ARD_TILE_DIAGONAL, 0);
    assert_refused(*state, dropout, ARD_STATUS_INVALID_ARGUMENT, "edge");
    dropout[1] = tiles(4, (ard_tile_numbering)2, 0);
    assert_refused(*state, dropout, ARD_STATUS_INVALID_ARGUMENT, "numbering is 2");
    dropout[1] = tiles(4, (ard_tile_numbering)7, 0);
    assert_refused(*state, dropout, ARD_STATUS_INVALID_ARGUMENT, "numbering is 7");
    dropout[1] = tiles(4, ARD_TILE_DIAGONAL, 0);
    dropout[1].rate = 1.0;
    assert_refused(*state, dropout, ARD_STATUS_INVALID_RATE, "rate");
    dropout[1] = tiles(4, ARD_TILE_DIAGONAL, 0);
    dropout[1].distribution.max_period = ARD_MAX_PERIOD + 1;
    assert_refused(*state, dropout, ARD_STATUS_INVALID_ARGUMENT, "period");
    dropout[1].distribution.max_period = 0;
    assert_refused(*state, dropout, ARD_STATUS_INVALID_ARGUMENT, "period");
    dropout[1] = tiles(4, ARD_TILE_DIAGONAL, 0);
    dropout[1].distribution.cumulative[2] -= 1;
    assert_refused(*state, dropout, ARD_STATUS_INVALID_ARGUMENT, "cumulative");
    dropout[1] = (ard_dropout){.kind = ARD_DROPOUT_TILE, .rate = 0.5, .tile_edge = 4};
    assert_refused(*state, dropout, ARD_STATUS_INVALID_ARGUMENT, "period");
}

static void test_drop_connect_options(void **state)
{
    static const double rates[] = {-0.1, 1.0, NAN, INFINITY};
    static const ard_dropout_kind before[] = {ARD_DROPOUT_ROW, ARD_DROPOUT_SUBSET,
                                              ARD_DROPOUT_INDEX};
    ard_dropout dropout[2] = {{0}};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; ++i) {
        dropout[1] = toy_dropout(ARD_DROPOUT_DROPCONNECT, ARD_SCALE_RATE);
        dropout[1].rate = rates[i];
        assert_refused(*state, dropout, ARD_STATUS_INVALID_RATE, "rate");
    }
    for (size_t i = 0; i < 3; ++i) {
        dropout[0] = toy_dropout(before[i], ARD_SCALE_RATE);
        dropout[1] = toy_dropout(ARD_DROPOUT_DROPCONNECT, ARD_SCALE_RATE);
        assert_refused(*state, dropout, ARD_STATUS_INVALID_ARGUMENT, "hidden layer 1");
        dropout[1] = dropout[0];
        dropout[0] = toy_dropout(ARD_DROPOUT_DROPCONNECT, ARD_SCALE_RATE);
        assert_accepted(*state, dropout);
    }
    /* More weights than the stream of a mask numbers; nothing is allocated before. */
    const size_t large[] = {(size_t)1 << 17, ((size_t)1 << 17) + 1, 2};
    const ard_mlp_options options = toy_options(2, large, dropout, 1);
    ard_mlp *mlp = (ard_mlp *)&options;
    assert_invalid(ard_mlp_create(*state, &options, &mlp));
    assert_non_null(strstr(ard_detail(), "2^34"));
    assert_null(mlp);
}

/* A network and its data for calls that are refused. */
typedef struct fixture {
    toy_data data;
    ard_mlp_options options;
    ard_mlp *mlp;
    ard_mlp *untouched;
} fixture;

static fixture make_fixture(ard_context *context, const ard_dropout dropout[LAYERS - 1])
{
    const ard_mlp_options options = toy_options(LAYERS, widths, dropout, BATCH);
    return (fixture){.data = toy_create(context, SAMPLES, widths[0], widths[LAYERS], 0.3f, 9),
                     .options = options,
                     .mlp = toy_network(context, &options),
                     .untouched = toy_network(context, &options)};
}

static void drop_fixture(fixture *f)
{
    ard_mlp_destroy(f->mlp);
    ard_mlp_destroy(f->untouched);
    toy_destroy(&f->data);
}

static ard_status step(const fixture *f, const ard_layer_pattern patterns[LAYERS - 1])
{
    return ard_mlp_step_with_patterns(f->mlp, patterns, BATCH, &f->data.src, &f->data.src_labels,
                                      NULL);
}

static ard_layer_pattern given(uint32_t edge, uint32_t period, uint32_t offset,
                               ard_tile_numbering numbering)
{
    ard_layer_pattern pattern = ard_layer_pattern_all();
    pattern.tiles = (ard_tile_pattern){edge, period, offset, numbering};
    return pattern;
}

/* What a layer of tiles of edge 4, periods 1..3 in diagonal numbering cannot draw. */
static void test_given_tiles(void **state)
{
    const ard_dropout dropout[2] = {tiles(4, ARD_TILE_DIAGONAL, 0), tiles(4, ARD_TILE_LINEAR, 0)};
    const ard_layer_pattern bad[] = {
        given(3, 2, 0, ARD_TILE_DIAGONAL),
        given(8, 2, 0, ARD_TILE_DIAGONAL),
        given(32, 2, 0, ARD_TILE_DIAGONAL),
        given(4, 2, 0, ARD_TILE_LINEAR),
        given(4, 4, 0, ARD_TILE_DIAGONAL),
        given(4, 65, 0, ARD_TILE_DIAGONAL),
        given(4, 3, 3, ARD_TILE_DIAGONAL),
        given(4, 0, 0, ARD_TILE_DIAGONAL),
        given(0, 2, 0, ARD_TILE_DIAGONAL),
        given(4, 2, 0, (ard_tile_numbering)7),
        toy_units(2, 1),
    };
    fixture f = make_fixture(*state, dropout);
    const ard_layer_pattern linear = given(4, 3, 1, ARD_TILE_LINEAR);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        const ard_layer_pattern patterns[2] = {bad[i], linear};
        assert_fails(step(&f, patterns), ARD_STATUS_INVALID_PATTERN);
    }
    const ard_layer_pattern exchanged[2] = {given(4, 3, 1, ARD_TILE_DIAGONAL),
                                            given(4, 3, 1, ARD_TILE_DIAGONAL)};
    assert_fails(step(&f, exchanged), ARD_STATUS_INVALID_PATTERN);
    assert_int_equal(ard_mlp_steps_done(f.mlp), 0);
    toy_assert_same_bits(f.mlp, f.untouched, "a network of refused steps");
    const ard_layer_pattern good[2] = {given(4, 3, 2, ARD_TILE_DIAGONAL), linear};
    assert_success(step(&f, good));
    assert_int_equal(ard_mlp_steps_done(f.mlp), 1);
    drop_fixture(&f);
}

static void test_tiles_on_other_layers(void **state)
{
    static const ard_dropout_kind kinds[] = {ARD_DROPOUT_NONE,        ARD_DROPOUT_BERNOULLI,
                                             ARD_DROPOUT_ROW,         ARD_DROPOUT_SUBSET,
                                             ARD_DROPOUT_DROPCONNECT, ARD_DROPOUT_INDEX};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        const ard_dropout dropout[2] = {toy_dropout(kinds[i], ARD_SCALE_RATE), {0}};
        fixture f = make_fixture(*state, dropout);
        ard_layer_pattern patterns[2];
        assert_success(ard_mlp_patterns(f.mlp, 0, patterns));
        const ard_layer_pattern drawn = patterns[0];
        patterns[0].tiles = (ard_tile_pattern){4, 2, 0, ARD_TILE_DIAGONAL};
        assert_fails(step(&f, patterns), ARD_STATUS_INVALID_PATTERN);
        patterns[0] = drawn;
        patterns[1].tiles = (ard_tile_pattern){4, 2, 0, ARD_TILE_DIAGONAL};
        assert_fails(step(&f, patterns), ARD_STATUS_INVALID_PATTERN);
        assert_int_equal(ard_mlp_steps_done(f.mlp), 0);
        toy_assert_same_bits(f.mlp, f.untouched, "a network of refused steps");
        patterns[1] = ard_layer_pattern_all();
        assert_success(step(&f, patterns));
        drop_fixture(&f);
    }
}

static void test_flops_of_bad_tiles(void **state)
{
    const ard_dropout dropout[2] = {{0}};
    fixture f = make_fixture(*state, dropout);
    double flops = 7.0;
    const ard_layer_pattern all = ard_layer_pattern_all();
    const ard_layer_pattern bad[][2] = {{given(0, 2, 0, ARD_TILE_DIAGONAL), all},
                                        {all, given(8, 5, 4, ARD_TILE_DIAGONAL)}};
    for (size_t i = 0; i < 2; ++i) {
        assert_fails(ard_mlp_step_flops(f.mlp, 1, bad[i], &flops), ARD_STATUS_INVALID_PATTERN);
    }
    assert_true(flops == 7.0);
    drop_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_periods_above_the_grid),
        cmocka_unit_test(test_periods_never_drawn),
        cmocka_unit_test(test_tile_options),
        cmocka_unit_test(test_drop_connect_options),
        cmocka_unit_test(test_given_tiles),
        cmocka_unit_test(test_tiles_on_other_layers),
        cmocka_unit_test(test_flops_of_bad_tiles),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
