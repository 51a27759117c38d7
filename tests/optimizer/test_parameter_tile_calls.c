/* SPDX-License-Identifier: Apache-2.0 */
/* What single calls with tile patterns touch and refuse; runs of them are in
 * test_parameter_tiles.c. */
#include <ard/sgd.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "optimizer/sgd_internal.h"
#include "optimizer/tile_blocks.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/unit.h"

enum { ROWS = 13, COLS = 17, COUNT = ROWS * COLS, EDGE = 4 };

static const ard_parameter_classes in_table = {
    .rows = 2, .cols = 2, .tile_edge = EDGE, .tiles = 12};
static const ard_parameter_classes in_elements = {.rows = 0, .cols = 2, .tile_edge = EDGE};

typedef struct fixture {
    ard_context *context;
    ard_sgd *sgd;
    ard_parameter *parameter;
} fixture;

static fixture make_fixture(ard_context *context, const ard_parameter_classes *classes)
{
    fixture f = {.context = context};
    ard_sgd_options options = ard_sgd_defaults();
    options.weight_decay = 0.01;
    assert_success(ard_sgd_create(context, &options, &f.sgd));
    assert_success(ard_parameter_create(f.sgd, ROWS, COLS, classes, &f.parameter));
    float *values = test_random_floats(COUNT, 5);
    assert_success(ard_parameter_write(f.parameter, values));
    free(values);
    return f;
}

static void drop_fixture(fixture *f)
{
    ard_parameter_destroy(f->parameter);
    ard_sgd_destroy(f->sgd);
}

/* What a parameter holds in its memory: nothing is brought up to date. */
typedef struct memory {
    uint32_t weights[COUNT]; /* as bits */
    uint32_t velocity[COUNT];
    uint64_t steps[COUNT]; /* that a weight has had */
} memory;

static void read_words(const fixture *f, cl_mem buffer, uint32_t words[COUNT])
{
    assert_success(ard_context_finish(f->context));
    assert_int_equal(clEnqueueReadBuffer(ard_context_queue(f->context), buffer, CL_TRUE, 0,
                                         COUNT * sizeof *words, words, 0, NULL, NULL),
                     CL_SUCCESS);
}

static memory read_memory(const fixture *f)
{
    memory now = {0};
    const ard_parameter *p = f->parameter;
    uint32_t ages[COUNT] = {0};
    read_words(f, p->weights, now.weights);
    read_words(f, p->velocity, now.velocity);
    if (p->by_element) {
        read_words(f, p->ages, ages);
    }
    const size_t across = ard__unit_class_count(&p->col_classes);
    for (size_t i = 0; i < COUNT; ++i) {
        const size_t row = ard__unit_class(&p->row_classes, i / COLS);
        const size_t col = ard__unit_class(&p->col_classes, i % COLS);
        now.steps[i] = p->by_element ? ages[i] : p->class_steps[row * across + col];
    }
    return now;
}

static void assert_same_memory(const memory *now, const memory *before)
{
    assert_memory_equal(now, before, sizeof *now);
}

/* A gradient of ones, NaN in the padding. */
static guarded ones(const fixture *f, const tile_blocks *blocks)
{
    const size_t count = blocks->rows * blocks->cols;
    float *values = test_alloc(count, sizeof *values);
    for (size_t i = 0; i < count; ++i) {
        values[i] = blocks->at[i] != TILE_BLOCKS_PADDING ? 1.0f : test_canary();
    }
    const guarded diff = guarded_create_with(f->context, blocks->rows, blocks->cols, 3, 2, values);
    free(values);
    return diff;
}

/* That kept weights and velocities moved and are of step `step`, and that no bit of the others, and
 * of their ages, changed. */
static void assert_only_kept_changed(const memory *now, const memory *before,
                                     const tile_blocks *blocks, uint64_t step)
{
    bool kept[COUNT] = {false};
    for (size_t i = 0; i < blocks->rows * blocks->cols; ++i) {
        if (blocks->at[i] != TILE_BLOCKS_PADDING) {
            kept[blocks->at[i]] = true;
        }
    }
    for (size_t i = 0; i < COUNT; ++i) {
        const bool right = kept[i] ? now->weights[i] != before->weights[i] &&
                                         now->velocity[i] != before->velocity[i] &&
                                         now->steps[i] == step + 1
                                   : now->weights[i] == before->weights[i] &&
                                         now->velocity[i] == before->velocity[i] &&
                                         now->steps[i] == before->steps[i];
        if (!right) {
            fail_msg("step %" PRIu64 ": weight (%zu, %zu), %s, is %08x after %08x, its velocity "
                     "%08x after %08x, its steps %" PRIu64 " after %" PRIu64,
                     step, i / COLS, i % COLS, kept[i] ? "kept" : "dropped", now->weights[i],
                     before->weights[i], now->velocity[i], before->velocity[i], now->steps[i],
                     before->steps[i]);
        }
    }
}

/* One step with a pattern; `rows` may be NULL. */
static void step(fixture *f, const ard_pattern *rows, const ard_tile_pattern *tile)
{
    tile_blocks blocks = tile_blocks_create(ROWS, COLS, rows, NULL, tile);
    guarded diff = ones(f, &blocks);
    const memory before = read_memory(f);
    ard_matrix view = {0};
    assert_success(ard_parameter_gather(f->parameter, rows, NULL, tile, &view));
    const memory gathered = read_memory(f);
    assert_same_memory(&gathered, &before);
    assert_success(ard_parameter_update(f->parameter, rows, NULL, tile, &diff.matrix));
    const memory now = read_memory(f);
    assert_only_kept_changed(&now, &before, &blocks, ard_sgd_step(f->sgd));
    assert_success(ard_sgd_advance(f->sgd));
    guarded_destroy(&diff);
    tile_blocks_destroy(&blocks);
}

static void test_only_kept_weights_are_touched(void **state)
{
    static const ard_pattern odd = {.period = 2, .residues = 2};
    static const ard_parameter_classes *const classes[] = {&in_table, &in_elements};
    for (size_t i = 0; i < 4; ++i) {
        const ard_tile_numbering numbering = i % 2 == 0 ? ARD_TILE_DIAGONAL : ARD_TILE_LINEAR;
        fixture f = make_fixture(*state, classes[i / 2]);
        assert_int_equal(f.parameter->by_element, i / 2 == 1);
        for (uint32_t t = 0; t < 12; ++t) {
            const uint32_t period = 2 + 5 * t % 7; /* 2..8 */
            const ard_tile_pattern tile = {EDGE, period, 3 * t % period, numbering};
            step(&f, t % 3 == 2 ? &odd : NULL, &tile);
        }
        drop_fixture(&f);
    }
}

/* The kept columns of tiles and the kept columns have nothing in common: the compact matrix is all
 * padding. */
static void test_nothing_kept(void **state)
{
    static const ard_parameter_classes classes[] = {
        {.rows = 1, .cols = 2, .tile_edge = 1, .tiles = 2}, {.rows = 0, .cols = 2, .tile_edge = 1}};
    const ard_tile_pattern even_cols = {1, 2, 0, ARD_TILE_LINEAR};
    const ard_pattern odd_cols = {.period = 2, .residues = 2};
    for (size_t i = 0; i < 2; ++i) {
        ard_sgd *sgd = NULL;
        ard_parameter *parameter = NULL;
        const ard_sgd_options options = ard_sgd_defaults();
        assert_success(ard_sgd_create(*state, &options, &sgd));
        assert_success(ard_parameter_create(sgd, 3, 4, &classes[i], &parameter));
        float *initial = test_random_floats(12, 6);
        assert_success(ard_parameter_write(parameter, initial));
        float values[12] = {9.0f, 9.0f, 9.0f};
        const float zeros[3] = {0};
        ard_matrix view = {0};
        assert_success(ard_parameter_gather(parameter, NULL, &odd_cols, &even_cols, &view));
        assert_success(ard_matrix_read(*state, 3, 1, &view, values));
        assert_memory_equal(values, zeros, sizeof zeros);
        guarded diff = guarded_create(*state, 3, 1, 0, 0); /* NaN */
        assert_success(ard_parameter_update(parameter, NULL, &odd_cols, &even_cols, &diff.matrix));
        assert_success(ard_parameter_update(parameter, NULL, &odd_cols, &even_cols, &diff.matrix));
        assert_success(ard_sgd_advance(sgd));
        assert_success(ard_parameter_read(parameter, values, NULL));
        assert_memory_equal(values, initial, sizeof values); /* no momentum yet, no decay */
        guarded_destroy(&diff);
        free(initial);
        ard_parameter_destroy(parameter);
        ard_sgd_destroy(sgd);
    }
}

/* A pattern of period 1 is none, whatever its edge, and on a parameter without tiles too. */
static void test_all_tiles_is_no_pattern(void **state)
{
    const ard_tile_pattern all[] = {ard_tile_all(), {7, 1, 0, ARD_TILE_LINEAR}};
    const ard_parameter_classes *const classes[] = {NULL, &in_table};
    for (size_t i = 0; i < 4; ++i) {
        fixture f = make_fixture(*state, classes[i / 2]);
        fixture plain = make_fixture(*state, NULL);
        float *values = test_random_floats(COUNT, 8);
        guarded diff = guarded_create_with(*state, ROWS, COLS, 0, 0, values);
        ard_matrix view = {0};
        assert_success(ard_parameter_gather(f.parameter, NULL, NULL, &all[i % 2], &view));
        assert_ptr_equal(view.buffer, f.parameter->weights); /* nothing is copied */
        assert_int_equal(view.ld, COLS);
        assert_success(ard_parameter_update(f.parameter, NULL, NULL, &all[i % 2], &diff.matrix));
        assert_success(ard_parameter_update(plain.parameter, NULL, NULL, NULL, &diff.matrix));
        const memory now = read_memory(&f);
        const memory expected = read_memory(&plain);
        assert_same_memory(&now, &expected);
        guarded_destroy(&diff);
        free(values);
        drop_fixture(&f);
        drop_fixture(&plain);
    }
}

static void assert_pattern_refused(const fixture *f, const ard_tile_pattern *tile,
                                   const ard_matrix *diff)
{
    ard_matrix view = {NULL, 1, 2};
    assert_fails(ard_parameter_gather(f->parameter, NULL, NULL, tile, &view),
                 ARD_STATUS_INVALID_PATTERN);
    assert_true(view.buffer == NULL && view.offset == 1 && view.ld == 2);
    assert_fails(ard_parameter_update(f->parameter, NULL, NULL, tile, diff),
                 ARD_STATUS_INVALID_PATTERN);
}

/* Whatever remembers the ages: malformed patterns, and offsets that keep no tile of 4 x 5. */
static void test_unusable_patterns(void **state)
{
    static const ard_tile_pattern bad[] = {
        {0, 2, 0, ARD_TILE_DIAGONAL},
        {EDGE, 0, 0, ARD_TILE_DIAGONAL},
        {EDGE, 3, 3, ARD_TILE_DIAGONAL},
        {EDGE, 2, 0, (ard_tile_numbering)7},
        {EDGE, 9, 8, ARD_TILE_DIAGONAL},
        {EDGE, 21, 20, ARD_TILE_LINEAR},
        {EDGE, UINT32_MAX, 99, ARD_TILE_LINEAR},
    };
    const ard_parameter_classes *const classes[] = {&in_table, &in_elements};
    for (size_t i = 0; i < 2; ++i) {
        fixture f = make_fixture(*state, classes[i]);
        guarded diff = guarded_create(*state, 10 * ROWS, COLS, 0, 0);
        const memory before = read_memory(&f);
        for (size_t k = 0; k < sizeof bad / sizeof bad[0]; ++k) {
            assert_pattern_refused(&f, &bad[k], &diff.matrix);
        }
        const memory now = read_memory(&f);
        assert_same_memory(&now, &before);
        const ard_tile_pattern last[] = {{EDGE, 8, 7, ARD_TILE_DIAGONAL},
                                         {EDGE, 20, 19, ARD_TILE_LINEAR}};
        step(&f, NULL, &last[0]);
        step(&f, NULL, &last[1]);
        guarded_destroy(&diff);
        drop_fixture(&f);
    }
}

/* What the table of classes was not made for. */
static void test_unannounced_patterns(void **state)
{
    static const struct {
        ard_parameter_classes classes;
        ard_tile_pattern tile;
    } bad[] = {
        {{.rows = 1, .cols = 1}, {EDGE, 2, 0, ARD_TILE_DIAGONAL}},
        {{.rows = 1, .cols = 1, .tiles = 12}, {EDGE, 2, 0, ARD_TILE_DIAGONAL}},
        {{.rows = 1, .cols = 1, .tile_edge = 5}, {EDGE, 2, 0, ARD_TILE_DIAGONAL}},
        {{.rows = 1, .cols = 1, .tile_edge = 2}, {EDGE, 2, 0, ARD_TILE_DIAGONAL}},
        {{.rows = 1, .cols = 1, .tile_edge = 1, .tiles = 6}, {1, 4, 0, ARD_TILE_DIAGONAL}},
        /* 13 rows of tiles have a class each, 17 columns have not. */
        {{.rows = 1, .cols = 1, .tile_edge = 1, .tiles = 16}, {1, 3, 0, ARD_TILE_LINEAR}},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        fixture f = make_fixture(*state, &bad[i].classes);
        guarded diff = guarded_create(*state, 3 * ROWS, COLS, 0, 0);
        const memory before = read_memory(&f);
        assert_pattern_refused(&f, &bad[i].tile, &diff.matrix);
        const memory now = read_memory(&f);
        assert_same_memory(&now, &before);
        guarded_destroy(&diff);
        drop_fixture(&f);
    }
}

/* A gradient that is not of the layout's shape. */
static void test_gradient_shapes(void **state)
{
    fixture f = make_fixture(*state, &in_table);
    const ard_tile_pattern tile = {EDGE, 3, 1, ARD_TILE_DIAGONAL};
    tile_blocks blocks = tile_blocks_create(ROWS, COLS, NULL, NULL, &tile);
    guarded diff = ones(&f, &blocks);
    const cl_mem buffer = diff.matrix.buffer;
    const size_t needed = (blocks.rows - 1) * diff.matrix.ld + blocks.cols;
    const ard_matrix bad[] = {
        {NULL, 0, blocks.cols},
        {buffer, 0, blocks.cols - 1},
        {buffer, diff.elements - needed + 1, diff.matrix.ld},
        {buffer, SIZE_MAX, diff.matrix.ld},
        {buffer, 0, SIZE_MAX},
    };
    ard_matrix view = {0};
    const memory before = read_memory(&f);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        assert_invalid(ard_parameter_update(f.parameter, NULL, NULL, &tile, &bad[i]));
    }
    assert_invalid(ard_parameter_update(f.parameter, NULL, NULL, &tile, NULL));
    assert_invalid(ard_parameter_gather(f.parameter, NULL, NULL, &tile, NULL));
    const memory now = read_memory(&f);
    assert_same_memory(&now, &before);
    assert_success(ard_parameter_update(f.parameter, NULL, NULL, &tile, &diff.matrix));
    assert_invalid(ard_parameter_gather(f.parameter, NULL, NULL, &tile, &view));
    guarded_destroy(&diff);
    tile_blocks_destroy(&blocks);
    drop_fixture(&f);
}

/* A compact copy of tiles can be larger than the weights. */
static void test_creation(void **state)
{
    fixture f = make_fixture(*state, NULL);
    ard_parameter *parameter = (ard_parameter *)&f;
    const size_t large = 1000000000;
    assert_fails(ard_parameter_create(f.sgd, large, large, NULL, &parameter),
                 ARD_STATUS_DEVICE_OUT_OF_MEMORY);
    assert_invalid(ard_parameter_create(f.sgd, large, large, &in_table, &parameter));
    assert_null(parameter);
    assert_invalid(ard_parameter_create(NULL, ROWS, COLS, &in_table, &parameter));
    assert_invalid(ard_parameter_create(f.sgd, 0, COLS, &in_table, &parameter));
    assert_invalid(ard_parameter_create(f.sgd, ROWS, COLS, &in_table, NULL));
    drop_fixture(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_kept_weights_are_touched),
        cmocka_unit_test(test_nothing_kept),
        cmocka_unit_test(test_all_tiles_is_no_pattern),
        cmocka_unit_test(test_unusable_patterns),
        cmocka_unit_test(test_unannounced_patterns),
        cmocka_unit_test(test_gradient_shapes),
        cmocka_unit_test(test_creation),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
