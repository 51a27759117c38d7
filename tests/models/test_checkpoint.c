/* SPDX-License-Identifier: Apache-2.0 */
/* A saved and loaded run goes on as the uninterrupted one, and saving does not disturb it. */
#include <ard/mlp.h>

#include <stdlib.h>

#include "models/elsewhere.h"
#include "models/mlp_internal.h"
#include "models/same_options.h"
#include "models/toy.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/folder.h"
#include "support/memory.h"
#include "support/unit.h"

enum { SAMPLES = 120, INPUTS = 9, CLASSES = 4, BATCH = 12 };

static const size_t widths[] = {INPUTS, 31, 33, CLASSES};

typedef struct fixture {
    ard_context *context;
    test_folder folder;
    char path[TEST_PATH_CAPACITY];
    toy_data data;
} fixture;

static fixture make_fixture(ard_context *context)
{
    fixture f = {.context = context, .folder = test_folder_create()};
    test_folder_join(f.folder.path, "run.ard", f.path);
    f.data = toy_create(context, SAMPLES, INPUTS, CLASSES, 0.5f, 6);
    return f;
}

static void drop_fixture(fixture *f)
{
    toy_destroy(&f->data);
    test_folder_destroy(&f->folder);
}

static ard_mlp *load(const fixture *f)
{
    ard_mlp *mlp = NULL;
    assert_success(ard_mlp_load(f->context, f->path, &mlp));
    assert_non_null(mlp);
    return mlp;
}

static void assert_same_velocity(ard_parameter *actual, ard_parameter *expected, size_t count)
{
    float *values[4];
    for (size_t i = 0; i < 4; ++i) {
        values[i] = test_alloc(count, sizeof *values[i]);
    }
    assert_success(ard_parameter_read(actual, values[0], values[1]));
    assert_success(ard_parameter_read(expected, values[2], values[3]));
    assert_memory_equal(values[0], values[2], count * sizeof(float));
    assert_memory_equal(values[1], values[3], count * sizeof(float));
    for (size_t i = 0; i < 4; ++i) {
        free(values[i]);
    }
}

static void assert_same_run(ard_mlp *actual, ard_mlp *expected, const char *what)
{
    assert_int_equal(ard_mlp_steps_done(actual), ard_mlp_steps_done(expected));
    toy_assert_same_bits(actual, expected, what);
    for (size_t l = 0; l < expected->options.layers; ++l) {
        const size_t in = expected->widths[l];
        const size_t out = expected->widths[l + 1];
        assert_same_velocity(actual->layers[l].weights, expected->layers[l].weights, in * out);
        assert_same_velocity(actual->layers[l].bias, expected->layers[l].bias, out);
    }
    ard_mlp_result results[2];
    assert_success(ard_mlp_take_training_result(actual, &results[0]));
    assert_success(ard_mlp_take_training_result(expected, &results[1]));
    assert_int_equal(results[0].samples, results[1].samples);
    assert_int_equal(results[0].correct, results[1].correct);
    assert_true(results[0].loss == results[1].loss);
}

/* An uninterrupted run, one that is saved now and then, and one that is resumed twice. */
static void check_resume_groups(ard_context *context, const ard_dropout dropout[2], uint32_t groups,
                                size_t before, size_t after)
{
    fixture f = make_fixture(context);
    ard_mlp_options options = toy_options(3, widths, dropout, BATCH);
    options.sgd.schedule = (ard_schedule){.kind = ARD_SCHEDULE_COSINE,
                                          .rate = 0.05,
                                          .final_rate = 0.001,
                                          .every = before + after,
                                          .warmup = before + 1};
    options.groups = groups;
    ard_mlp *alone = toy_network(context, &options);
    ard_mlp *saved = toy_network(context, &options);
    ard_mlp *resumed = toy_network(context, &options);
    toy_train(alone, &f.data, before + after, BATCH);
    toy_train(saved, &f.data, before, BATCH);
    for (size_t i = 0; i < after; ++i) {
        assert_success(ard_mlp_save(saved, f.path, NULL, 0));
        toy_train(saved, &f.data, 1, BATCH);
    }
    toy_train(resumed, &f.data, before, BATCH);
    for (size_t i = 0; i < 2; ++i) {
        assert_success(ard_mlp_save(resumed, f.path, NULL, 0));
        ard_mlp_destroy(resumed);
        resumed = load(&f);
        assert_null(ard_mlp_resume_note(resumed));
        toy_train(resumed, &f.data, i == 0 ? 1 : after - 1, BATCH);
    }
    assert_int_equal(test_folder_count(f.folder.path, NULL), 1);
    assert_same_run(saved, alone, "a run that was saved");
    toy_train(alone, &f.data, 1, BATCH);
    toy_train(resumed, &f.data, 1, BATCH);
    ard_mlp_result ignored;
    assert_success(ard_mlp_take_training_result(resumed, &ignored));
    assert_int_equal(ignored.samples, (before + after + 1) * BATCH);
    assert_success(ard_mlp_take_training_result(alone, &ignored));
    assert_same_run(resumed, alone, "a run that was resumed");
    ard_mlp_destroy(alone);
    ard_mlp_destroy(saved);
    ard_mlp_destroy(resumed);
    drop_fixture(&f);
}

static void check_resume(ard_context *context, const ard_dropout dropout[2], size_t before,
                         size_t after)
{
    check_resume_groups(context, dropout, 1, before, after);
}

static void test_every_kind(void **state)
{
    static const ard_dropout_kind kinds[][2] = {{ARD_DROPOUT_NONE, ARD_DROPOUT_NONE},
                                                {ARD_DROPOUT_BERNOULLI, ARD_DROPOUT_BERNOULLI},
                                                {ARD_DROPOUT_ROW, ARD_DROPOUT_ROW},
                                                {ARD_DROPOUT_SUBSET, ARD_DROPOUT_SUBSET},
                                                {ARD_DROPOUT_ROW, ARD_DROPOUT_BERNOULLI},
                                                {ARD_DROPOUT_SUBSET, ARD_DROPOUT_ROW},
                                                {ARD_DROPOUT_TILE, ARD_DROPOUT_TILE},
                                                {ARD_DROPOUT_TILE, ARD_DROPOUT_ROW},
                                                {ARD_DROPOUT_SUBSET, ARD_DROPOUT_TILE},
                                                {ARD_DROPOUT_DROPCONNECT, ARD_DROPOUT_DROPCONNECT},
                                                {ARD_DROPOUT_DROPCONNECT, ARD_DROPOUT_TILE},
                                                {ARD_DROPOUT_INDEX, ARD_DROPOUT_INDEX},
                                                {ARD_DROPOUT_INDEX, ARD_DROPOUT_SUBSET}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        ard_dropout dropout[2] = {toy_dropout(kinds[i][0], ARD_SCALE_RATE),
                                  toy_dropout(kinds[i][1], ARD_SCALE_PERIOD)};
        dropout[1].tile_numbering = ARD_TILE_LINEAR;
        check_resume(*state, dropout, 17, 23);
    }
}

/* Periods up to 16 have too many residue classes for a table, and tiles behind them too. */
static void test_ages_of_elements(void **state)
{
    ard_dropout dropout[2];
    for (size_t i = 0; i < 2; ++i) {
        assert_success(ard_dropout_init(ARD_DROPOUT_ROW, 0.6, 16, ARD_SCALE_RATE, &dropout[i]));
    }
    check_resume(*state, dropout, 17, 23);
    dropout[1] = toy_dropout(ARD_DROPOUT_TILE, ARD_SCALE_RATE);
    check_resume(*state, dropout, 17, 23);
}

/* Weights that some groups of a step kept and others did not. */
static void test_groups(void **state)
{
    static const ard_dropout_kind kinds[][2] = {{ARD_DROPOUT_ROW, ARD_DROPOUT_SUBSET},
                                                {ARD_DROPOUT_TILE, ARD_DROPOUT_ROW},
                                                {ARD_DROPOUT_INDEX, ARD_DROPOUT_INDEX}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        const ard_dropout dropout[2] = {toy_dropout(kinds[i][0], ARD_SCALE_RATE),
                                        toy_dropout(kinds[i][1], ARD_SCALE_PERIOD)};
        check_resume_groups(*state, dropout, 3, 11, 13);
    }
    ard_dropout long_periods[2];
    for (size_t i = 0; i < 2; ++i) {
        assert_success(
            ard_dropout_init(ARD_DROPOUT_ROW, 0.6, 16, ARD_SCALE_RATE, &long_periods[i]));
    }
    check_resume_groups(*state, long_periods, 5, 11, 13);
}

/* Without momentum and decay there are only weights, more here than what else is in the file. */
static void test_stateless(void **state)
{
    static const size_t wide[] = {INPUTS, 200, 61, CLASSES};
    fixture f = make_fixture(*state);
    const ard_dropout dropout[2] = {toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE),
                                    toy_dropout(ARD_DROPOUT_INDEX, ARD_SCALE_RATE)};
    ard_mlp_options options = toy_options(3, wide, dropout, BATCH);
    options.sgd.momentum = 0.0;
    options.sgd.weight_decay = 0.0;
    ard_mlp *alone = toy_network(*state, &options);
    toy_train(alone, &f.data, 7, BATCH);
    assert_success(ard_mlp_save(alone, f.path, NULL, 0));
    ard_mlp *resumed = load(&f);
    toy_train(alone, &f.data, 5, BATCH);
    toy_train(resumed, &f.data, 5, BATCH);
    assert_same_run(resumed, alone, "a resumed run without momentum");
    ard_mlp_destroy(alone);
    ard_mlp_destroy(resumed);
    drop_fixture(&f);
}

/* Beyond the ages that one table of catch-ups holds. */
static void test_late_resume(void **state)
{
    ard_dropout dropout[2];
    assert_success(ard_dropout_init(ARD_DROPOUT_ROW, 0.6, 16, ARD_SCALE_RATE, &dropout[0]));
    dropout[1] = toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE);
    check_resume(*state, dropout, 1030, 7);
    dropout[0] = toy_dropout(ARD_DROPOUT_TILE, ARD_SCALE_RATE);
    dropout[1] = dropout[0];
    check_resume(*state, dropout, 1030, 7);
}

/* Saving what was just loaded writes the same file. */
static void check_save_load_save(ard_context *context, const ard_dropout dropout[2])
{
    fixture f = make_fixture(context);
    const ard_mlp_options options = toy_options(3, widths, dropout, BATCH);
    ard_mlp *mlp = toy_network(context, &options);
    toy_train(mlp, &f.data, 9, BATCH);
    assert_success(ard_mlp_save(mlp, f.path, "abc", 3));
    size_t sizes[2] = {0, 0};
    unsigned char *first = test_file_read(f.path, &sizes[0]);
    ard_mlp *loaded = load(&f);
    size_t extra_size = 0;
    const void *extra = ard_mlp_extra(loaded, &extra_size);
    assert_success(ard_mlp_save(loaded, f.path, extra, extra_size));
    unsigned char *second = test_file_read(f.path, &sizes[1]);
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(first, second, sizes[0]);
    free(first);
    free(second);
    ard_mlp_destroy(mlp);
    ard_mlp_destroy(loaded);
    drop_fixture(&f);
}

static void test_save_load_save(void **state)
{
    const ard_dropout units[2] = {toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_RATE),
                                  toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE)};
    const ard_dropout weights[2] = {toy_dropout(ARD_DROPOUT_TILE, ARD_SCALE_RATE),
                                    toy_dropout(ARD_DROPOUT_DROPCONNECT, ARD_SCALE_RATE)};
    check_save_load_save(*state, units);
    check_save_load_save(*state, weights);
}

static void test_options_survive(void **state)
{
    enum { HIDDEN = 4 };
    const size_t many[HIDDEN + 2] = {INPUTS, 31, 33, 17, 16, CLASSES};
    fixture f = make_fixture(*state);
    ard_dropout dropout[HIDDEN] = {toy_dropout(ARD_DROPOUT_ROW, ARD_SCALE_PERIOD),
                                   toy_dropout(ARD_DROPOUT_SUBSET, ARD_SCALE_RATE),
                                   toy_dropout(ARD_DROPOUT_TILE, ARD_SCALE_PERIOD),
                                   toy_dropout(ARD_DROPOUT_DROPCONNECT, ARD_SCALE_RATE)};
    dropout[2].tile_edge = 7;
    dropout[2].tile_numbering = ARD_TILE_LINEAR;
    ard_mlp_options options = toy_options(HIDDEN + 1, many, dropout, BATCH);
    options.seed = UINT64_C(0xFEDCBA9876543210);
    options.sgd.schedule = (ard_schedule){.kind = ARD_SCHEDULE_STEP,
                                          .rate = 0.125,
                                          .factor = 0.5,
                                          .final_rate = 0.25,
                                          .every = 77,
                                          .warmup = 5};
    ard_mlp *mlp = toy_network(*state, &options);
    assert_success(ard_mlp_save(mlp, f.path, NULL, 0));
    ard_mlp *loaded = load(&f);
    const ard_mlp_options *got = ard_mlp_get_options(loaded);
    assert_int_equal(got->layers, HIDDEN + 1);
    assert_memory_equal(got->widths, many, sizeof many);
    assert_int_equal(got->max_batch, BATCH);
    assert_true(got->seed == options.seed);
    assert_same_sgd(&got->sgd, &options.sgd);
    for (size_t i = 0; i < HIDDEN; ++i) {
        assert_same_dropout(&got->dropout[i], &dropout[i]);
    }
    ard_mlp_destroy(mlp);
    ard_mlp_destroy(loaded);
    drop_fixture(&f);
}

/* Hits and losses that nobody took for a long time. */
static void test_large_totals(void **state)
{
    static const float totals[2] = {3e8f, 5e7f};
    fixture f = make_fixture(*state);
    const ard_mlp_options options = toy_options(3, widths, NULL, BATCH);
    ard_mlp *mlp = toy_network(*state, &options);
    mlp->total_samples = 100000000;
    assert_success(ard_matrix_write(*state, 1, 2, totals, &mlp->totals));
    assert_success(ard_mlp_save(mlp, f.path, NULL, 0));
    ard_mlp *loaded = load(&f);
    ard_mlp_result result;
    assert_success(ard_mlp_take_training_result(loaded, &result));
    assert_int_equal(result.samples, 100000000);
    assert_int_equal(result.correct, 50000000);
    assert_true(result.loss == 3.0);
    ard_mlp_destroy(mlp);
    ard_mlp_destroy(loaded);
    drop_fixture(&f);
}

static void test_extra_bytes(void **state)
{
    static const size_t sizes[] = {0, 1, 1000, 65536};
    fixture f = make_fixture(*state);
    const ard_mlp_options options = toy_options(3, widths, NULL, BATCH);
    ard_mlp *mlp = toy_network(*state, &options);
    unsigned char *bytes = test_alloc(65537, 1);
    for (size_t i = 0; i < 65537; ++i) {
        bytes[i] = (unsigned char)(i * 7 + i / 256);
    }
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        assert_success(ard_mlp_save(mlp, f.path, sizes[i] > 0 ? bytes : NULL, sizes[i]));
        ard_mlp *loaded = load(&f);
        size_t size = 99;
        const void *extra = ard_mlp_extra(loaded, &size);
        assert_int_equal(size, sizes[i]);
        assert_true((extra == NULL) == (sizes[i] == 0));
        if (extra != NULL) {
            assert_memory_equal(extra, bytes, size);
        }
        ard_mlp_destroy(loaded);
    }
    assert_invalid(ard_mlp_save(mlp, f.path, bytes, 65537));
    assert_invalid(ard_mlp_save(mlp, f.path, bytes, SIZE_MAX));
    assert_invalid(ard_mlp_save(mlp, f.path, NULL, 1));
    free(bytes);
    ard_mlp_destroy(mlp);
    drop_fixture(&f);
}

/* A file saved on another driver loads, with a note that names both. */
static void test_resume_note(void **state)
{
    fixture f = make_fixture(*state);
    const ard_mlp_options options = toy_options(3, widths, NULL, BATCH);
    ard_mlp *mlp = toy_network(*state, &options);
    assert_success(ard_mlp_save(mlp, f.path, NULL, 0));
    elsewhere_move(*state, f.path);
    ard_mlp *loaded = load(&f);
    elsewhere_assert_noted(*state, ard_mlp_resume_note(loaded));
    toy_assert_same_bits(loaded, mlp, "a run from elsewhere");
    ard_mlp_destroy(mlp);
    ard_mlp_destroy(loaded);
    drop_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind),  cmocka_unit_test(test_ages_of_elements),
        cmocka_unit_test(test_late_resume), cmocka_unit_test(test_save_load_save),
        cmocka_unit_test(test_groups),      cmocka_unit_test(test_options_survive),
        cmocka_unit_test(test_extra_bytes), cmocka_unit_test(test_resume_note),
        cmocka_unit_test(test_stateless),   cmocka_unit_test(test_large_totals),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
