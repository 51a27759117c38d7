/* SPDX-License-Identifier: Apache-2.0 */
/* Options and arguments that a network refuses; those of tiles and DropConnect are in
 * test_mlp_weight_errors.c. */
#include <ard/mlp.h>

#include <math.h>
#include <string.h>

#include "models/toy.h"
#include "support/device.h"
#include "support/unit.h"

enum { LAYERS = 3, BATCH = 8, SAMPLES = 20 };

static const size_t widths[LAYERS + 1] = {6, 16, 20, 4};

static void assert_refused(ard_context *context, const ard_mlp_options *options,
                           ard_status expected)
{
    ard_mlp *mlp = (ard_mlp *)&options;
    assert_fails(ard_mlp_create(context, options, &mlp), expected);
    assert_null(mlp);
}

static void test_shapes(void **state)
{
    const ard_mlp_options good = toy_options(LAYERS, widths, NULL, BATCH);
    size_t bad_widths[LAYERS + 1];
    ard_mlp_options options = good;
    options.layers = 0;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    options.layers = ARD_MLP_MAX_LAYERS + 1;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    options = good;
    options.widths = NULL;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    options = good;
    options.max_batch = 0;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    options.max_batch = SIZE_MAX;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    for (size_t i = 0; i <= LAYERS; ++i) {
        options = good;
        options.widths = bad_widths;
        memcpy(bad_widths, widths, sizeof widths);
        bad_widths[i] = 0;
        assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
        bad_widths[i] = SIZE_MAX;
        assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    }
    ard_mlp *mlp = (ard_mlp *)&good;
    assert_invalid(ard_mlp_create(NULL, &good, &mlp));
    assert_null(mlp);
    assert_invalid(ard_mlp_create(*state, &good, NULL));
    assert_refused(*state, NULL, ARD_STATUS_INVALID_ARGUMENT);
}

static void test_too_large(void **state)
{
    const size_t large[] = {2000000000, 2000000000, 2};
    const ard_mlp_options options = toy_options(2, large, NULL, 1);
    assert_refused(*state, &options, ARD_STATUS_DEVICE_OUT_OF_MEMORY);
}

static void test_optimizer_options(void **state)
{
    ard_mlp_options options = toy_options(LAYERS, widths, NULL, BATCH);
    options.sgd.schedule.rate = 0.0;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    options = toy_options(LAYERS, widths, NULL, BATCH);
    options.sgd.momentum = 1.0;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    options = toy_options(LAYERS, widths, NULL, BATCH);
    options.sgd.weight_decay = NAN;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
}

static void test_dropout_options(void **state)
{
    ard_dropout dropout[LAYERS - 1] = {0};
    const ard_mlp_options options = toy_options(LAYERS, widths, dropout, BATCH);
    static const double rates[] = {-0.1, 1.0, NAN, INFINITY};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; ++i) {
        dropout[1] = toy_dropout(ARD_DROPOUT_BERNOULLI, ARD_SCALE_RATE);
        dropout[1].rate = rates[i];
        assert_refused(*state, &options, ARD_STATUS_INVALID_RATE);
    }
    dropout[1] = (ard_dropout){.kind = (ard_dropout_kind)7};
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    dropout[1] = (ard_dropout){.scale = (ard_scale_kind)2};
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    dropout[1] = toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE);
    dropout[1].distribution.max_period = 0;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    dropout[1].distribution.max_period = ARD_MAX_PERIOD + 1;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    dropout[1] = toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE);
    dropout[1].distribution.cumulative[0] = UINT64_MAX;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    dropout[1] = (ard_dropout){.kind = ARD_DROPOUT_SUBSET, .rate = 0.5};
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    dropout[1] = toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE);
    dropout[1].subset.high = dropout[1].subset.period + 1;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    dropout[1] = toy_dropout(ARD_DROPOUT_INDEX, ARD_SCALE_RATE);
    dropout[1].rate = 0.999; /* less than one unit */
    assert_refused(*state, &options, ARD_STATUS_INVALID_RATE);
}

/* Groups of samples want patterns, and no masks beside them. */
static void test_groups(void **state)
{
    ard_dropout dropout[LAYERS - 1] = {toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE), {0}};
    ard_mlp_options options = toy_options(LAYERS, widths, dropout, BATCH);
    static const uint32_t too_many[] = {ARD_MLP_MAX_GROUPS + 1, UINT32_MAX};
    for (size_t i = 0; i < 2; ++i) {
        options.groups = too_many[i];
        assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
        assert_non_null(strstr(ard_detail(), "at most 255"));
    }
    options.groups = 2;
    dropout[1] = toy_dropout(ARD_DROPOUT_BERNOULLI, ARD_SCALE_RATE);
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    assert_non_null(strstr(ard_detail(), "hidden layer 1"));
    dropout[0] = toy_dropout(ARD_DROPOUT_DROPCONNECT, ARD_SCALE_RATE);
    dropout[1] = toy_dropout(ARD_DROPOUT_TILE, ARD_SCALE_RATE);
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    assert_non_null(strstr(ard_detail(), "hidden layer 0"));
    dropout[0] = dropout[1] = (ard_dropout){0};
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    assert_non_null(strstr(ard_detail(), "without dropout in patterns"));
    options.dropout = NULL;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    const size_t two[] = {6, 4};
    options = toy_options(1, two, NULL, BATCH);
    options.groups = 2;
    assert_refused(*state, &options, ARD_STATUS_INVALID_ARGUMENT);
    options.groups = 1;
    ard_mlp *mlp = toy_network(*state, &options);
    ard_mlp_destroy(mlp);
}

/* A period above the width of its layer. */
static void test_narrow_layers(void **state)
{
    const size_t narrow[] = {6, 9, 7, 4};
    ard_dropout dropout[2] = {0};
    const ard_mlp_options options = toy_options(3, narrow, dropout, BATCH);
    assert_success(ard_dropout_init(ARD_DROPOUT_SUBSET, 0.5, 10, ARD_SCALE_RATE, &dropout[0]));
    assert_refused(*state, &options, ARD_STATUS_INVALID_PATTERN);
    assert_success(ard_dropout_init(ARD_DROPOUT_ROW, 0.5, 10, ARD_SCALE_RATE, &dropout[0]));
    assert_refused(*state, &options, ARD_STATUS_INVALID_PATTERN);
    assert_success(ard_dropout_init(ARD_DROPOUT_ROW, 0.5, 9, ARD_SCALE_RATE, &dropout[0]));
    ard_mlp *mlp = toy_network(*state, &options);
    ard_mlp_destroy(mlp);
    dropout[1] = toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE); /* period 8 on 7 units */
    assert_refused(*state, &options, ARD_STATUS_INVALID_PATTERN);
}

/* A network and its data for calls that are refused. */
typedef struct fixture {
    toy_data data;
    ard_mlp *mlp;
    guarded logits;
} fixture;

static fixture make_fixture(ard_context *context)
{
    const ard_dropout dropout[LAYERS - 1] = {toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE),
                                             toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE)};
    const ard_mlp_options options = toy_options(LAYERS, widths, dropout, BATCH);
    return (fixture){.data = toy_create(context, SAMPLES, widths[0], widths[LAYERS], 0.3f, 9),
                     .mlp = toy_network(context, &options),
                     .logits = guarded_create(context, BATCH, widths[LAYERS], 0, 0)};
}

static void drop_fixture(fixture *f)
{
    guarded_destroy(&f->logits);
    ard_mlp_destroy(f->mlp);
    toy_destroy(&f->data);
}

static void test_step_arguments(void **state)
{
    fixture f = make_fixture(*state);
    const ard_matrix *src = &f.data.src;
    const ard_labels *labels = &f.data.src_labels;
    const ard_matrix narrow = {src->buffer, 0, 5};
    const ard_matrix beyond = {src->buffer, SIZE_MAX - 3, src->ld};
    const ard_labels far = {labels->buffer, SIZE_MAX};
    assert_invalid(ard_mlp_step(NULL, BATCH, src, labels, NULL));
    assert_invalid(ard_mlp_step(f.mlp, 0, src, labels, NULL));
    assert_invalid(ard_mlp_step(f.mlp, BATCH + 1, src, labels, NULL));
    assert_invalid(ard_mlp_step(f.mlp, SIZE_MAX, src, labels, NULL));
    assert_invalid(ard_mlp_step(f.mlp, BATCH, NULL, labels, NULL));
    assert_invalid(ard_mlp_step(f.mlp, BATCH, src, NULL, NULL));
    assert_invalid(ard_mlp_step(f.mlp, BATCH, &narrow, labels, NULL));
    assert_invalid(ard_mlp_step(f.mlp, BATCH, &beyond, labels, NULL));
    assert_invalid(ard_mlp_step(f.mlp, BATCH, src, &far, NULL));
    assert_int_equal(ard_mlp_steps_done(f.mlp), 0);
    drop_fixture(&f);
}

static void test_given_patterns(void **state)
{
    fixture f = make_fixture(*state);
    const ard_matrix *src = &f.data.src;
    const ard_labels *labels = &f.data.src_labels;
    const ard_layer_pattern row = toy_units(3, 1);
    const ard_layer_pattern subset = toy_units(8, 0x55);
    const ard_layer_pattern all = ard_layer_pattern_all();
    const ard_layer_pattern tiles = {all.units, {1, 2, 0, ARD_TILE_DIAGONAL}};
    /* N = 3 is the default for rate 0.5. */
    const ard_layer_pattern bad[][2] = {
        {toy_units(4, 1), subset},  {toy_units(3, 3), subset}, {toy_units(0, 1), subset},
        {toy_units(3, 8), subset},  {row, toy_units(7, 1)},    {row, toy_units(8, 0)},
        {toy_units(17, 1), subset}, {row, toy_units(21, 1)},   {tiles, subset},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        assert_fails(ard_mlp_step_with_patterns(f.mlp, bad[i], BATCH, src, labels, NULL),
                     ARD_STATUS_INVALID_PATTERN);
    }
    assert_invalid(ard_mlp_step_with_patterns(f.mlp, NULL, BATCH, src, labels, NULL));
    const ard_layer_pattern good[2] = {toy_units(3, 4), subset};
    assert_invalid(ard_mlp_step_with_patterns(NULL, good, BATCH, src, labels, NULL));
    assert_invalid(ard_mlp_step_with_patterns(f.mlp, good, BATCH + 1, src, labels, NULL));
    assert_success(ard_mlp_step_with_patterns(f.mlp, good, BATCH, src, labels, NULL));
    assert_int_equal(ard_mlp_steps_done(f.mlp), 1);
    drop_fixture(&f);
}

static void test_undropped_layers_take_all(void **state)
{
    fixture f = make_fixture(*state);
    const ard_dropout dropout[2] = {toy_dropout(ARD_DROPOUT_BERNOULLI, ARD_SCALE_RATE), {0}};
    const ard_mlp_options options = toy_options(LAYERS, widths, dropout, BATCH);
    ard_mlp *mlp = toy_network(*state, &options);
    const ard_layer_pattern one = ard_layer_pattern_all();
    const ard_layer_pattern bad[][2] = {{toy_units(2, 1), one}, {one, toy_units(2, 1)}};
    const ard_layer_pattern all[2] = {one, one};
    for (size_t i = 0; i < 2; ++i) {
        assert_fails(
            ard_mlp_step_with_patterns(mlp, bad[i], BATCH, &f.data.src, &f.data.src_labels, NULL),
            ARD_STATUS_INVALID_PATTERN);
    }
    assert_success(
        ard_mlp_step_with_patterns(mlp, all, BATCH, &f.data.src, &f.data.src_labels, NULL));
    ard_mlp_destroy(mlp);
    drop_fixture(&f);
}

static void test_evaluation_arguments(void **state)
{
    fixture f = make_fixture(*state);
    const ard_matrix *src = &f.data.src;
    const ard_labels *labels = &f.data.src_labels;
    const ard_matrix *logits = &f.logits.matrix;
    ard_mlp_result result = {.samples = 77};
    assert_invalid(ard_mlp_evaluate(NULL, SAMPLES, src, labels, &result));
    assert_invalid(ard_mlp_evaluate(f.mlp, 0, src, labels, &result));
    assert_invalid(ard_mlp_evaluate(f.mlp, SIZE_MAX, src, labels, &result));
    assert_invalid(ard_mlp_evaluate(f.mlp, 10 * SAMPLES, src, labels, &result));
    assert_invalid(ard_mlp_evaluate(f.mlp, SAMPLES, NULL, labels, &result));
    assert_invalid(ard_mlp_evaluate(f.mlp, SAMPLES, src, NULL, &result));
    assert_invalid(ard_mlp_evaluate(f.mlp, SAMPLES, src, labels, NULL));
    assert_int_equal(result.samples, 77);
    assert_invalid(ard_mlp_forward(NULL, BATCH, src, logits, NULL));
    assert_invalid(ard_mlp_forward(f.mlp, 0, src, logits, NULL));
    assert_invalid(ard_mlp_forward(f.mlp, BATCH + 1, src, logits, NULL));
    assert_invalid(ard_mlp_forward(f.mlp, BATCH, NULL, logits, NULL));
    assert_invalid(ard_mlp_forward(f.mlp, BATCH, src, NULL, NULL));
    const ard_matrix narrow = {logits->buffer, 0, 3};
    assert_invalid(ard_mlp_forward(f.mlp, BATCH, src, &narrow, NULL));
    assert_invalid(ard_mlp_take_training_result(NULL, &result));
    assert_invalid(ard_mlp_take_training_result(f.mlp, NULL));
    assert_success(ard_mlp_take_training_result(f.mlp, &result));
    assert_int_equal(result.samples, 0);
    assert_true(result.loss == 0.0);
    drop_fixture(&f);
}

static void test_other_arguments(void **state)
{
    fixture f = make_fixture(*state);
    float values[20 * 16] = {0};
    ard_layer_pattern patterns[LAYERS - 1];
    double flops = 0.0;
    assert_invalid(ard_mlp_read_layer(NULL, 0, values, values));
    assert_invalid(ard_mlp_read_layer(f.mlp, LAYERS, values, values));
    assert_invalid(ard_mlp_read_layer(f.mlp, SIZE_MAX, values, values));
    assert_success(ard_mlp_read_layer(f.mlp, 1, NULL, NULL));
    assert_invalid(ard_mlp_write_layer(NULL, 0, values, values));
    assert_invalid(ard_mlp_write_layer(f.mlp, LAYERS, values, values));
    assert_invalid(ard_mlp_write_layer(f.mlp, 0, NULL, values));
    assert_invalid(ard_mlp_write_layer(f.mlp, 0, values, NULL));
    assert_int_equal(ard_mlp_pattern_count(NULL), 0);
    assert_int_equal(ard_mlp_pattern_count(f.mlp), LAYERS - 1);
    assert_invalid(ard_mlp_patterns(NULL, 0, patterns));
    assert_invalid(ard_mlp_patterns(f.mlp, 0, NULL));
    assert_invalid(ard_mlp_step_flops(NULL, 1, NULL, &flops));
    assert_invalid(ard_mlp_step_flops(f.mlp, 1, NULL, NULL));
    assert_invalid(ard_mlp_step_flops(f.mlp, 0, NULL, &flops));
    const ard_layer_pattern bad[LAYERS - 1] = {toy_units(17, 1), toy_units(1, 1)};
    assert_fails(ard_mlp_step_flops(f.mlp, 1, bad, &flops), ARD_STATUS_INVALID_PATTERN);
    assert_null(ard_mlp_get_options(NULL));
    size_t size = 5;
    assert_null(ard_mlp_extra(NULL, &size));
    assert_int_equal(size, 0);
    drop_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_optimizer_options),
        cmocka_unit_test(test_dropout_options),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_narrow_layers),
        cmocka_unit_test(test_step_arguments),
        cmocka_unit_test(test_given_patterns),
        cmocka_unit_test(test_undropped_layers_take_all),
        cmocka_unit_test(test_evaluation_arguments),
        cmocka_unit_test(test_other_arguments),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
