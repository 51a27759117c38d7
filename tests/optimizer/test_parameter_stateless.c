/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters of an optimizer without momentum and decay: weights alone, never behind, for every
 * pattern. */
#include <ard/profile.h>
#include <ard/sgd.h>

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "optimizer/lazy_problem.h"
#include "optimizer/sgd_state.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/folder.h"
#include "support/memory.h"
#include "support/unit.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const ard_sgd_options stateless = {
    .schedule = {.kind = ARD_SCHEDULE_CONSTANT, .rate = 0.125}};

/* Whatever the classes say; columns in long runs, short ones and none. */
static void test_every_pattern(void **state)
{
    static const lazy_problem problems[] = {
        {.name = "rows of whole columns", .rows = {33, 1, DRAW_ROW, 7}, .cols = {531, 1, DRAW_ALL}},
        {.name = "indices of rows", .rows = {61, 2, DRAW_INDEX, 1}, .cols = {37, 1, DRAW_ALL}},
        {.name = "narrow rows", .rows = {61, 1, DRAW_SUBSET, 10}, .cols = {7, 1, DRAW_ALL}},
        {.name = "both", .rows = {31, 4, DRAW_ROW, 5}, .cols = {127, 3, DRAW_SUBSET, 7}},
        {.name = "indices of both", .rows = {31, 0, DRAW_INDEX, 1}, .cols = {65, 1, DRAW_INDEX, 1}},
        {.name = "columns in runs",
         .rows = {37, 1, DRAW_ROW, 4},
         .cols = {531, 1, DRAW_ROW, 4},
         .row_stride = 12,
         .col_stride = 12},
        {.name = "tiles",
         .rows = {61, 1, DRAW_ALL, 1},
         .cols = {127, 1, DRAW_ROW, 2},
         .tiles = {5, ARD_TILE_DIAGONAL, 0, DRAW_ROW, 9, true}},
        {.name = "large tiles and rows",
         .rows = {61, 1, DRAW_ROW, 3},
         .cols = {127, 1, DRAW_ALL, 1},
         .tiles = {32, ARD_TILE_LINEAR, 0, DRAW_ROW, 5, true}},
        {.name = "everything", .rows = {33, 1, DRAW_ALL}, .cols = {61, 1, DRAW_ALL}},
        {.name = "one weight", .rows = {1, 1, DRAW_ALL}, .cols = {1, 1, DRAW_ALL}},
        {.name = "a bias", .rows = {1, 1, DRAW_ALL}, .cols = {4099, 1, DRAW_INDEX}},
    };
    for (size_t i = 0; i < COUNT(problems); ++i) {
        for (size_t updates = 1; updates <= 3; ++updates) {
            lazy_problem problem = problems[i];
            problem.options = stateless;
            problem.updates = updates;
            problem.steps = 30;
            problem.idle = updates == 2 ? 3 : 0;
            problem.rate_factor = updates == 3 ? 0.6 : 0.0;
            problem.seed = 4000 + 10 * i + updates;
            check_lazy(*state, &problem);
        }
    }
}

typedef struct fixture {
    ard_context *context;
    size_t rows;
    size_t cols;
    ard_sgd *sgd;
    ard_parameter *parameter;
    float *initial;
} fixture;

static fixture make_fixture(ard_context *context, const ard_sgd_options *options, size_t rows,
                            size_t cols, const ard_parameter_classes *classes)
{
    fixture f = {.context = context, .rows = rows, .cols = cols};
    assert_success(ard_sgd_create(context, options, &f.sgd));
    assert_success(ard_parameter_create(f.sgd, rows, cols, classes, &f.parameter));
    f.initial = test_random_floats(rows * cols, 5);
    assert_success(ard_parameter_write(f.parameter, f.initial));
    return f;
}

static void drop_fixture(fixture *f)
{
    free(f->initial);
    ard_parameter_destroy(f->parameter);
    ard_sgd_destroy(f->sgd);
}

/* One update of the kept rows and columns: w - rate g there, not a bit elsewhere. */
static void check_update(ard_context *context, size_t rows, size_t cols,
                         const ard_pattern *row_pattern, const ard_pattern *col_pattern, size_t gap)
{
    fixture f = make_fixture(context, &stateless, rows, cols, NULL);
    float *gradient = test_random_floats(rows * cols, 9);
    float *weights = test_alloc(rows * cols, sizeof *weights);
    size_t kept[2] = {rows, cols};
    assert_success(ard_pattern_kept_count(row_pattern, rows, &kept[0]));
    assert_success(ard_pattern_kept_count(col_pattern, cols, &kept[1]));
    guarded diff = guarded_create_with(context, kept[0], kept[1], 3, gap, gradient);
    assert_success(ard_parameter_update(f.parameter, row_pattern, col_pattern, NULL, &diff.matrix));
    guarded_assert_unchanged(&diff, "diff");
    assert_success(ard_sgd_advance(f.sgd));
    assert_success(ard_parameter_read(f.parameter, weights, NULL));
    size_t next = 0;
    for (size_t i = 0; i < rows * cols; ++i) {
        const double before = f.initial[i];
        double expected = before;
        double bound = 0.0;
        if (ard_pattern_keeps(row_pattern, i / cols) && ard_pattern_keeps(col_pattern, i % cols)) {
            expected -= 0.125 * (double)gradient[next++];
            bound = FLT_EPSILON; /* weights and steps are below 1.125 */
        }
        if (!(weights[i] - expected <= bound && expected - weights[i] <= bound)) {
            fail_msg("[%zu x %zu], gap %zu: weight %zu is %.9g, expected %.9g", rows, cols, gap, i,
                     (double)weights[i], expected);
        }
    }
    assert_int_equal(next, kept[0] * kept[1]);
    free(weights);
    free(gradient);
    guarded_destroy(&diff);
    drop_fixture(&f);
}

static void test_updates(void **state)
{
    static const size_t sizes[][2] = {{1, 1},   {1, 15},  {1, 16},   {1, 17},   {3, 31},  {5, 33},
                                      {7, 127}, {64, 64}, {1, 4095}, {1, 4096}, {3, 1367}};
    const ard_pattern all = ard_pattern_all();
    const ard_pattern odd = {.period = 2, .residues = 2};
    const ard_pattern first = {.period = 1, .residues = 1};
    for (size_t i = 0; i < COUNT(sizes); ++i) {
        const size_t rows = sizes[i][0];
        const size_t cols = sizes[i][1];
        for (size_t gap = 0; gap < 4; gap += 3) {
            check_update(*state, rows, cols, &all, &all, gap);
            check_update(*state, rows, cols, rows > 1 ? &odd : &first, &all, gap);
            check_update(*state, rows, cols, &all, cols > 1 ? &odd : &first, gap);
        }
    }
}

static void test_reads_and_writes(void **state)
{
    fixture f = make_fixture(*state, &stateless, 5, 7, NULL);
    float weights[35];
    float velocity[35];
    const float zeros[35] = {0};
    guarded diff = guarded_create_with(*state, 5, 7, 0, 0, f.initial);
    assert_success(ard_parameter_update(f.parameter, NULL, NULL, NULL, &diff.matrix));
    assert_invalid(ard_parameter_read(f.parameter, weights, velocity));
    assert_success(ard_sgd_advance(f.sgd));
    memset(velocity, 1, sizeof velocity);
    assert_success(ard_parameter_read(f.parameter, weights, velocity));
    assert_memory_equal(velocity, zeros, sizeof zeros);
    assert_memory_not_equal(weights, f.initial, sizeof weights);
    assert_success(ard_parameter_write(f.parameter, f.initial));
    assert_success(ard_parameter_read(f.parameter, weights, NULL));
    assert_memory_equal(weights, f.initial, sizeof weights);
    guarded_destroy(&diff);
    drop_fixture(&f);
}

/* Rows that were skipped are as they stand in memory. */
static void test_rows_are_views(void **state)
{
    const ard_pattern even = {.period = 2, .residues = 1};
    const ard_pattern odd = {.period = 2, .residues = 2};
    fixture f = make_fixture(*state, &stateless, 6, 8, NULL);
    guarded diff = guarded_create_with(*state, 3, 8, 0, 0, f.initial);
    assert_success(ard_parameter_update(f.parameter, &even, NULL, NULL, &diff.matrix));
    ard_matrix view = {0};
    assert_invalid(ard_parameter_gather(f.parameter, &odd, NULL, NULL, &view));
    assert_success(ard_sgd_advance(f.sgd));
    for (size_t i = 0; i < 2; ++i) {
        assert_success(ard_parameter_gather(f.parameter, i == 0 ? &even : &odd, NULL, NULL, &view));
        assert_ptr_equal(view.buffer, f.parameter->weights);
        assert_int_equal(view.offset, 8 * i);
        assert_int_equal(view.ld, 16);
    }
    guarded_destroy(&diff);
    drop_fixture(&f);
}

/* Weights and nothing else, on the device and on the host. */
static void test_memory(void **state)
{
    enum { ROWS = 50, COLS = 70 };
    const ard_parameter_classes known[] = {{.rows = 12, .cols = 12}, {.rows = 0, .cols = 0}};
    for (size_t i = 0; i < COUNT(known); ++i) {
        ard_sgd *sgd = NULL;
        ard_parameter *parameter = NULL;
        size_t before = 0;
        size_t after = 0;
        assert_success(ard_sgd_create(*state, &stateless, &sgd));
        assert_success(ard_context_finish(*state));
        assert_success(ard_context_memory(*state, &before, NULL));
        assert_success(ard_parameter_create(sgd, ROWS, COLS, &known[i], &parameter));
        assert_success(ard_context_memory(*state, &after, NULL));
        assert_int_equal(after - before, ROWS * COLS * sizeof(float));
        assert_null(parameter->class_steps);
        assert_int_equal(sgd->class_entries, 0);
        ard_parameter_destroy(parameter);
        ard_sgd_destroy(sgd);
    }
}

/* A step is one kernel: no tables are sent, nothing is swept, not even after very many steps. */
static void test_launches(void **state)
{
    test_need_timer();
    (void)state;
    const ard_context_options options = {.profiling = true};
    const ard_pattern odd = {.period = 2, .residues = 2};
    ard_context *context = NULL;
    assert_success(ard_context_create(NULL, &options, &context));
    fixture f = make_fixture(context, &stateless, 4, 40, NULL);
    guarded diff = guarded_create_with(context, 2, 40, 0, 0, f.initial);
    ard_profile_entry entries[ARD_PROFILE_MOST_ENTRIES];
    size_t count = 0;
    enum { STEPS = ARD__MAX_AGE + 5 };
    for (size_t t = 0; t <= STEPS; ++t) {
        assert_success(ard_parameter_update(f.parameter, &odd, NULL, NULL, &diff.matrix));
        assert_success(ard_sgd_advance(f.sgd));
        if (t == 0) { /* the lists of rows and columns are there now */
            assert_success(ard_profile_start(context));
        }
    }
    assert_success(ard_profile_stop(context, entries, COUNT(entries), &count));
    assert_int_equal(count, 1);
    assert_non_null(strstr(entries[0].name, "ard_descend"));
    assert_int_equal(entries[0].launches, STEPS);
    assert_true(entries[0].bytes == STEPS * 2.0 * 40.0 * 3.0 * sizeof(float));
    guarded_destroy(&diff);
    drop_fixture(&f);
    ard_context_destroy(context);
}

/* Two tiles of edge 12 on [13 x 13] are, with their padding, more than the matrix. */
static void test_copies_larger_than_the_matrix(void **state)
{
    enum { EDGE = 12, SIZE = 13, ALL = 2 * EDGE * EDGE };
    static const ard_parameter_classes not_known = {.rows = 0, .cols = 0};
    const ard_sgd_options with_ages = ard_sgd_defaults();
    const ard_tile_pattern tile = {EDGE, 2, 0, ARD_TILE_DIAGONAL};
    for (size_t i = 0; i < 2; ++i) {
        fixture f = make_fixture(*state, i == 0 ? &stateless : &with_ages, SIZE, SIZE, &not_known);
        ard_matrix copy = {0};
        float actual[ALL];
        assert_success(ard_parameter_gather(f.parameter, NULL, NULL, &tile, &copy));
        assert_success(ard_matrix_read(*state, ALL / EDGE, EDGE, &copy, actual));
        for (size_t at = 0; at < ALL; ++at) {
            const size_t row = at / EDGE;
            const size_t col = at % EDGE;
            const float last = row == EDGE && col == 0 ? f.initial[SIZE * SIZE - 1] : 0.0f;
            assert_true(actual[at] == (row < EDGE ? f.initial[row * SIZE + col] : last));
        }
        drop_fixture(&f);
    }
}

/* Bytes of a parameter in a checkpoint before its weights: shape, kind of ages, classes, steps. */
enum { KIND_AT = 16, STEPS_AT = 44, FIRST_PART = 60 };

/* Reads the parameter from these bytes. */
static ard_status restore(const fixture *f, const char *path, const void *bytes, size_t size)
{
    ard__writer writer = {0};
    ard__reader reader;
    ard__put_bytes(&writer, bytes, size);
    assert_success(ard__writer_save(&writer, path));
    ard__writer_free(&writer);
    assert_success(ard__reader_open(path, &reader));
    const ard_status status = ard__parameter_get(f->parameter, &reader);
    assert_true(status != ARD_STATUS_SUCCESS || ard__reader_left(&reader) == 0);
    ard__reader_close(&reader);
    return status;
}

static void test_damaged_state(void **state)
{
    static const size_t damaged[] = {0, 8, KIND_AT, KIND_AT + 4, STEPS_AT, STEPS_AT + 8};
    test_folder folder = test_folder_create();
    char path[TEST_PATH_CAPACITY];
    test_folder_join(folder.path, "parameter", path);
    fixture f = make_fixture(*state, &stateless, 3, 5, NULL);
    ard__writer writer = {0};
    assert_success(ard__parameter_put(f.parameter, &writer));
    const size_t size = FIRST_PART + 3 * 5 * sizeof(float);
    unsigned char *bytes = test_alloc(size, 1);
    memcpy(bytes, writer.data + (writer.size - size), size);
    ard__writer_free(&writer);
    assert_int_equal(bytes[KIND_AT], 2);
    for (size_t i = 0; i < COUNT(damaged); ++i) {
        bytes[damaged[i]] ^= 1;
        assert_fails(restore(&f, path, bytes, size), ARD_STATUS_FORMAT);
        bytes[damaged[i]] ^= 1;
    }
    for (size_t cut = 0; cut < size; cut += 7) {
        assert_fails(restore(&f, path, bytes, cut), ARD_STATUS_FORMAT);
    }
    assert_success(restore(&f, path, bytes, size));
    fixture with_ages =
        make_fixture(*state, &(ard_sgd_options){stateless.schedule, 0.5, 0.0}, 3, 5, NULL);
    assert_fails(restore(&with_ages, path, bytes, size), ARD_STATUS_FORMAT);
    drop_fixture(&with_ages);
    drop_fixture(&f);
    free(bytes);
    test_folder_destroy(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_pattern),
        cmocka_unit_test(test_updates),
        cmocka_unit_test(test_reads_and_writes),
        cmocka_unit_test(test_rows_are_views),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_launches),
        cmocka_unit_test(test_copies_larger_than_the_matrix),
        cmocka_unit_test(test_damaged_state),
    };
    return cmocka_run_group_tests(tests, test_context_setup, test_context_teardown);
}
