/* SPDX-License-Identifier: Apache-2.0 */
/* The linear layer under tile patterns, alone and together with row patterns, on all engines. */
#include <ard/linear.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "layers/linear_problem.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/tile_cover.h"
#include "support/unit.h"

/* What a group of tests runs on. */
typedef struct fixture {
    ard_context *context;
    size_t every; /* of the cases of a cover, this one in so many is run */
} fixture;

/* The device's own engine takes all cases. */
static int set_up_engine(void **state)
{
    fixture *f = test_alloc(1, sizeof *f);
    *f = (fixture){.context = test_context_create(), .every = 1};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    ard_context_destroy(f->context);
    free(f);
    return 0;
}

static int set_up_named(void **state, const char *engine)
{
    fixture *f = test_alloc(1, sizeof *f);
    assert_int_equal(setenv("ARD_ENGINE", engine, 1), 0);
    *f = (fixture){.context = test_context_create(), .every = 9};
    assert_string_equal(ard_context_engine(f->context), engine);
    *state = f;
    return 0;
}

/* The other one multiplies the same way, but has its own limits of sizes, strides and batches. */
static int set_up_other_engine(void **state)
{
    ard_context *context = test_context_create();
    const bool packed = strcmp(ard_context_engine(context), "packed") == 0;
    ard_context_destroy(context);
    return set_up_named(state, packed ? "clblast" : "packed");
}

static int set_up_reference(void **state)
{
    return set_up_named(state, "reference");
}

/* Everything of a problem but its sizes and patterns, from the seed. */
static linear_problem vary(ard_linear linear, uint64_t seed)
{
    static const double rates[] = {0.0, 0.3, 0.5, 0.7};
    uint64_t random = seed;
    linear.activation =
        test_random_below(&random, 3) > 0 ? ARD_ACTIVATION_RELU : ARD_ACTIVATION_IDENTITY;
    linear.scale = (float)(1.0 / (1.0 - rates[test_random_below(&random, 4)]));
    linear.weight_scale = test_random_below(&random, 3) > 0
                              ? (float)linear.tile.period
                              : (float)(1.0 / (1.0 - rates[test_random_below(&random, 4)]));
    linear.compact = test_random_below(&random, 2) > 0;
    return (linear_problem){.linear = linear,
                            .bias = test_random_below(&random, 3) > 0,
                            .in_place = test_random_below(&random, 2) > 0,
                            .seed = seed};
}

/* Which cases have been run. */
typedef struct tally {
    fixture *f;
    size_t cases;
    bool out_tile[TILE_COVER_SIZES][TILE_COVER_TILES];
    bool in_tile[TILE_COVER_SIZES][TILE_COVER_TILES];
    bool sizes_grid[TILE_COVER_SIZES][TILE_COVER_SIZES][TILE_COVER_GRIDS];
    bool rows_tile[4]
                  [TILE_COVER_TILES]; /* row patterns of neither, the outputs, the inputs, both */
} tally;

static void run_case(const tile_cover_case *c, void *context)
{
    tally *met = context;
    if (met->cases++ % met->f->every != 0) {
        return;
    }
    ard_linear linear = ard_linear_init(c->batch, c->in, c->out);
    linear.tile = c->tile;
    linear.in_pattern = c->in_pattern;
    linear.out_pattern = c->out_pattern;
    const linear_problem problem = vary(linear, c->seed);
    check_linear(met->f->context, &problem);
    const size_t rows = (ard_pattern_is_all(&c->out_pattern) ? 0u : 1u) +
                        (ard_pattern_is_all(&c->in_pattern) ? 0u : 2u);
    met->out_tile[c->out_index][c->tile_index] = true;
    met->in_tile[c->in_index][c->tile_index] = true;
    met->sizes_grid[c->out_index][c->in_index][c->tile_index / COVER_PATTERNS] = true;
    met->rows_tile[rows][c->tile_index] = true;
}

static size_t count_met(const void *flags, size_t bytes)
{
    const bool *met = flags;
    size_t count = 0;
    for (size_t i = 0; i < bytes / sizeof *met; ++i) {
        count += met[i];
    }
    return count;
}

static void test_cover(void **state)
{
    tally *met = test_alloc(1, sizeof *met);
    met->f = *state;
    const size_t count = tile_cover_run(cover_wanted(), run_case, met);
    assert_int_equal(count, met->cases);
    if (met->f->every == 1) {
        assert_int_equal(count_met(met->out_tile, sizeof met->out_tile),
                         TILE_COVER_SIZES * TILE_COVER_TILES);
        assert_int_equal(count_met(met->in_tile, sizeof met->in_tile),
                         TILE_COVER_SIZES * TILE_COVER_TILES);
        assert_int_equal(count_met(met->sizes_grid, sizeof met->sizes_grid),
                         TILE_COVER_SIZES * TILE_COVER_SIZES * TILE_COVER_GRIDS);
        assert_int_equal(count_met(met->rows_tile, sizeof met->rows_tile), 4 * TILE_COVER_TILES);
    }
    free(met);
}

/* Kept weights of one kept output (`row`) or input. */
static size_t weights_of(const ard_linear *linear, bool row, size_t unit)
{
    const ard_pattern *others = row ? &linear->in_pattern : &linear->out_pattern;
    size_t count = 0;
    for (size_t other = 0; other < (row ? linear->in : linear->out); ++other) {
        const size_t o = row ? unit : other;
        const size_t i = row ? other : unit;
        count +=
            ard_pattern_keeps(others, other) && ard_tile_keeps(&linear->tile, linear->in, o, i);
    }
    return count;
}

/* Kept outputs or inputs without a weight: what they get is the bias alone, and zero. */
static size_t count_bare(const ard_linear *linear, bool outputs)
{
    const ard_pattern *pattern = outputs ? &linear->out_pattern : &linear->in_pattern;
    size_t count = 0;
    for (size_t unit = 0; unit < (outputs ? linear->out : linear->in); ++unit) {
        count += ard_pattern_keeps(pattern, unit) && weights_of(linear, outputs, unit) == 0;
    }
    return count;
}

/* A period that the grid allows, and an offset of it. */
static ard_tile_pattern random_tile(uint64_t *random, size_t out, size_t in)
{
    static const uint32_t edges[] = {1, 2, 3, 5};
    const ard_tile_numbering numbering =
        test_random_below(random, 2) == 0 ? ARD_TILE_DIAGONAL : ARD_TILE_LINEAR;
    const uint32_t edge = edges[test_random_below(random, 4)];
    const uint32_t most = ard_tile_max_period(edge, numbering, out, in);
    const uint32_t period = 1 + (uint32_t)test_random_below(random, most < 24 ? most : 24);
    ard_tile_pattern tile;
    assert_success(
        ard_tile_init(edge, numbering, period, (uint32_t)test_random_below(random, period), &tile));
    return tile;
}

/* Small tiles, long periods and sparse row patterns: groups without rows, without columns, without
 * either, and layers of which nothing is left. */
static void test_small_tiles(void **state)
{
    fixture *f = *state;
    uint64_t random = 515;
    size_t nothing_left = 0;
    size_t bare_outputs = 0;
    size_t bare_inputs = 0;
    const size_t cases = f->every == 1 ? 600 : 200;
    for (size_t i = 0; i < cases; ++i) {
        ard_linear linear =
            ard_linear_init(1 + test_random_below(&random, 9), 1 + test_random_below(&random, 70),
                            1 + test_random_below(&random, 40));
        linear.tile = random_tile(&random, linear.out, linear.in);
        if (i % 4 != 0) {
            linear.in_pattern = tile_cover_random_pattern(&random, linear.in);
        }
        if (i % 3 != 0) {
            linear.out_pattern = tile_cover_random_pattern(&random, linear.out);
        }
        const size_t outputs = count_bare(&linear, true);
        const size_t inputs = count_bare(&linear, false);
        size_t kept = 0;
        assert_success(ard_pattern_kept_count(&linear.out_pattern, linear.out, &kept));
        nothing_left += outputs == kept;
        bare_outputs += outputs > 0 && outputs < kept;
        bare_inputs += inputs > 0 && outputs < kept;
        const linear_problem problem = vary(linear, 7000 + i);
        check_linear(f->context, &problem);
    }
    assert_true(nothing_left > cases / 50);
    assert_true(bare_outputs > cases / 10);
    assert_true(bare_inputs > cases / 10);
}

typedef struct bare_problem {
    size_t out;
    size_t in;
    ard_tile_pattern tile;
    size_t outputs; /* without a weight */
    size_t inputs;
} bare_problem;

/* Above as many periods as there are columns of tiles, some outputs are their bias alone; where the
 * period divides that number, linear numbering leaves inputs untouched. */
static void test_bare_units(void **state)
{
    static const bare_problem problems[] = {
        {96, 32, {32, 3, 0, ARD_TILE_DIAGONAL}, 64, 0},
        {96, 40, {32, 4, 1, ARD_TILE_DIAGONAL}, 32, 0},
        {80, 20, {16, 6, 5, ARD_TILE_DIAGONAL}, 64, 16},
        {80, 48, {16, 11, 10, ARD_TILE_LINEAR}, 64, 32},
        {33, 64, {16, 2, 1, ARD_TILE_LINEAR}, 0, 32},
        {127, 96, {32, 3, 2, ARD_TILE_LINEAR}, 0, 64},
        {61, 784, {16, 7, 0, ARD_TILE_LINEAR}, 0, 784 - 7 * 16},
        {31, 95, {16, 4, 3, ARD_TILE_LINEAR}, 0, 48},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; ++i) {
        const bare_problem *p = &problems[i];
        ard_linear linear = ard_linear_init(17, p->in, p->out);
        linear.tile = p->tile;
        assert_int_equal(count_bare(&linear, true), p->outputs);
        assert_int_equal(count_bare(&linear, false), p->inputs);
        linear_problem problem = vary(linear, 300 + i);
        for (size_t form = 0; form < 4; ++form) {
            problem.linear.compact = form / 2 != 0;
            problem.bias = form % 2 != 0;
            check_linear(f->context, &problem);
        }
    }
}

enum { BATCH = 4, IN = 8, OUT = 6, EDGE = 2 };

typedef enum role { SRC, WEIGHTS, DST, DIFF, DIFF_SRC, DIFF_WEIGHTS, ROLES } role;

/* Matrices for the four calls, zero: src, weights, dst and so on. */
static void set_up_matrices(ard_context *context, guarded m[ROLES])
{
    static const size_t shapes[ROLES][2] = {{BATCH, IN},  {OUT, IN},   {BATCH, OUT},
                                            {BATCH, OUT}, {BATCH, IN}, {OUT, IN}};
    float *zeros = test_alloc((size_t)BATCH * OUT * IN, sizeof *zeros);
    for (size_t i = 0; i < ROLES; ++i) {
        m[i] = guarded_create_with(context, shapes[i][0], shapes[i][1], 0, 0, zeros);
    }
    free(zeros);
}

static void run_calls(ard_context *context, const ard_linear *linear, const guarded m[ROLES],
                      ard_status status[4], cl_event events[4])
{
    status[0] = ard_linear_forward(context, linear, &m[SRC].matrix, &m[WEIGHTS].matrix, NULL,
                                   &m[DST].matrix, &events[0]);
    status[1] = ard_linear_backward_activation(context, linear, &m[DST].matrix, &m[DIFF].matrix,
                                               &m[DIFF].matrix, NULL, &events[1]);
    status[2] = ard_linear_backward_data(context, linear, &m[DIFF].matrix, &m[WEIGHTS].matrix,
                                         &m[DIFF_SRC].matrix, &events[2]);
    status[3] = ard_linear_backward_weights(context, linear, &m[DIFF].matrix, &m[SRC].matrix,
                                            &m[DIFF_WEIGHTS].matrix, &events[3]);
}

static void assert_refused(ard_context *context, const ard_linear *linear, const guarded m[ROLES],
                           ard_status expected)
{
    ard_status status[4];
    cl_event events[4] = {NULL};
    run_calls(context, linear, m, status, events);
    for (size_t i = 0; i < 4; ++i) {
        assert_int_equal(status[i], expected);
        assert_null(events[i]);
    }
}

static void test_errors(void **state)
{
    /* The grid is of 3 x 4 tiles. */
    static const ard_tile_pattern bad[] = {
        {0, 2, 0, ARD_TILE_DIAGONAL},    {EDGE, 0, 0, ARD_TILE_DIAGONAL},
        {EDGE, 2, 2, ARD_TILE_LINEAR},   {EDGE, 7, 6, ARD_TILE_DIAGONAL},
        {EDGE, 13, 12, ARD_TILE_LINEAR}, {EDGE, 2, 0, (ard_tile_numbering)2}};
    static const float scales[] = {0.0f, -1.0f, NAN, INFINITY};
    const fixture *f = *state;
    guarded m[ROLES];
    set_up_matrices(f->context, m);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        ard_linear linear = ard_linear_init(BATCH, IN, OUT);
        linear.tile = bad[i];
        assert_refused(f->context, &linear, m, ARD_STATUS_INVALID_PATTERN);
    }
    for (size_t i = 0; i < sizeof scales / sizeof scales[0]; ++i) {
        ard_linear linear = ard_linear_init(BATCH, IN, OUT);
        linear.weight_scale = scales[i];
        assert_refused(f->context, &linear, m, ARD_STATUS_INVALID_ARGUMENT);
    }
    for (size_t i = 0; i < ROLES; ++i) {
        guarded_assert_unchanged(&m[i], "a matrix of a refused call");
        guarded_destroy(&m[i]);
    }
}

/* Compact weights and their gradient are as large as their blocks: 3 blocks of 2 x 4 here, not
 * OUT x IN, so a buffer that ends behind them is enough and one element less is not. */
static void test_compact_size(void **state)
{
    const fixture *f = *state;
    guarded m[ROLES];
    set_up_matrices(f->context, m);
    ard_linear linear = ard_linear_init(BATCH, IN, OUT);
    linear.tile = (ard_tile_pattern){EDGE, 3, 1, ARD_TILE_DIAGONAL};
    linear.compact = true;
    const size_t groups = 3;
    const size_t cols = 4; /* the group of columns 0 and 3 */
    const size_t size = groups * EDGE * cols;
    ard_matrix weights = {m[WEIGHTS].matrix.buffer, m[WEIGHTS].elements - size, cols};
    ard_matrix diff = {m[DIFF_WEIGHTS].matrix.buffer, m[DIFF_WEIGHTS].elements - size, cols};
    for (size_t i = 0; i < 2; ++i) {
        const ard_status expected = i == 0 ? ARD_STATUS_SUCCESS : ARD_STATUS_INVALID_ARGUMENT;
        assert_int_equal(ard_linear_forward(f->context, &linear, &m[SRC].matrix, &weights, NULL,
                                            &m[DST].matrix, NULL),
                         expected);
        assert_int_equal(ard_linear_backward_data(f->context, &linear, &m[DIFF].matrix, &weights,
                                                  &m[DIFF_SRC].matrix, NULL),
                         expected);
        assert_int_equal(ard_linear_backward_weights(f->context, &linear, &m[DIFF].matrix,
                                                     &m[SRC].matrix, &diff, NULL),
                         expected);
        ++weights.offset;
        ++diff.offset;
    }
    assert_success(ard_context_finish(f->context));
    for (size_t i = 0; i < ROLES; ++i) {
        guarded_destroy(&m[i]);
    }
}

static void test_events(void **state)
{
    const fixture *f = *state;
    guarded m[ROLES];
    set_up_matrices(f->context, m);
    ard_linear linear = ard_linear_init(BATCH, IN, OUT);
    linear.tile = (ard_tile_pattern){EDGE, 3, 1, ARD_TILE_DIAGONAL};
    ard_status status[4];
    cl_event events[4] = {NULL};
    run_calls(f->context, &linear, m, status, events);
    for (size_t i = 0; i < 4; ++i) {
        assert_int_equal(status[i], ARD_STATUS_SUCCESS);
        assert_non_null(events[i]);
    }
    assert_int_equal(clWaitForEvents(4, events), CL_SUCCESS);
    for (size_t i = 0; i < 4; ++i) {
        clReleaseEvent(events[i]);
    }
    for (size_t i = 0; i < ROLES; ++i) {
        guarded_destroy(&m[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cover),        cmocka_unit_test(test_small_tiles),
        cmocka_unit_test(test_bare_units),   cmocka_unit_test(test_errors),
        cmocka_unit_test(test_compact_size), cmocka_unit_test(test_events),
    };
    const int failed =
        cmocka_run_group_tests_name("the device's engine", tests, set_up_engine, tear_down);
    return failed +
           cmocka_run_group_tests_name("the other engine", tests, set_up_other_engine, tear_down) +
           cmocka_run_group_tests_name("reference", tests, set_up_reference, tear_down);
}
