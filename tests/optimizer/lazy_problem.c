/* SPDX-License-Identifier: Apache-2.0 */
#include "optimizer/lazy_problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "optimizer/sgd_state.h"
#include "optimizer/tile_blocks.h"
#include "support/compare.h"
#include "support/device.h"
#include "support/folder.h"
#include "support/memory.h"
#include "support/reference_model.h"
#include "support/unit.h"

/* Of the largest value: what catching up and float32 steps may differ from the dense optimizer. */
static const double TOLERANCE = 1e-5;

enum { MOST_UPDATES = 3, STEPS_OF_A_RATE = 13 };

typedef struct run {
    ard_context *context;
    const lazy_problem *problem;
    ard_sgd_options options; /* with the rate of now */
    ard_sgd *sgd;
    ard_parameter *parameter;
    ard_parameter *twin;
    ard_sgd *resumed_sgd; /* from the middle of the run on */
    ard_parameter *resumed;
    size_t rows;
    size_t cols;
    uint64_t random;
    uint32_t *row_indices; /* of the draws of a step, [MOST_UPDATES x rows] */
    uint32_t *col_indices;
    double *weights;
    double *velocity;
    double *gradient;
    double squares; /* of the step's gradients, summed */
} run;

/* The patterns of a step. */
typedef struct draw {
    ard_pattern row;
    ard_pattern col;
    ard_tile_pattern tile_pattern;
    const ard_tile_pattern *tile; /* NULL in problems without */
} draw;

ard_sgd_options lazy_options(void)
{
    return (ard_sgd_options){.schedule = {.kind = ARD_SCHEDULE_COSINE,
                                          .rate = 0.1,
                                          .final_rate = 0.001,
                                          .every = LAZY_STEPS},
                             .momentum = 0.9,
                             .weight_decay = 0.01};
}

/* Those of update `index` of a step. */
static void draw_patterns(run *r, size_t index, draw *drawn)
{
    uint32_t *row_indices = r->row_indices + index * r->rows;
    uint32_t *col_indices = r->col_indices + index * r->cols;
    drawn->row = lazy_draw_pattern(&r->random, &r->problem->rows, row_indices);
    drawn->col = lazy_draw_pattern(&r->random, &r->problem->cols, col_indices);
    drawn->tile = NULL;
    if (r->problem->tiles.edge > 0) {
        drawn->tile_pattern = lazy_draw_tile(&r->random, r->problem);
        drawn->tile = &drawn->tile_pattern;
    }
}

static ard_parameter *create_parameter(const lazy_problem *p, ard_sgd *sgd)
{
    const ard_parameter_classes classes = {.rows = p->rows.classes,
                                           .cols = p->cols.classes,
                                           .tile_edge = p->tiles.unannounced ? 0 : p->tiles.edge,
                                           .tiles = p->tiles.classes,
                                           .row_stride = p->row_stride,
                                           .col_stride = p->col_stride};
    ard_parameter *parameter = NULL;
    assert_success(ard_parameter_create(sgd, p->rows.size, p->cols.size, &classes, &parameter));
    assert_int_equal(parameter->by_element, p->element_ages && !ard__sgd_is_stateless(&p->options));
    return parameter;
}

static run begin(ard_context *context, const lazy_problem *p)
{
    run r = {.context = context,
             .problem = p,
             .options = p->options,
             .rows = p->rows.size,
             .cols = p->cols.size,
             .random = p->seed};
    const size_t count = r.rows * r.cols;
    assert_success(ard_sgd_create(context, &p->options, &r.sgd));
    r.parameter = create_parameter(p, r.sgd);
    r.twin = create_parameter(p, r.sgd);
    float *initial = test_random_floats(count, test_random(&r.random));
    assert_success(ard_parameter_write(r.parameter, initial));
    assert_success(ard_parameter_write(r.twin, initial));
    r.weights = test_to_double(count, initial);
    r.velocity = test_alloc(count, sizeof *r.velocity);
    r.gradient = test_alloc(count, sizeof *r.gradient);
    r.row_indices = test_alloc(MOST_UPDATES * r.rows, sizeof *r.row_indices);
    r.col_indices = test_alloc(MOST_UPDATES * r.cols, sizeof *r.col_indices);
    free(initial);
    return r;
}

static void end(run *r)
{
    ard_parameter_destroy(r->parameter);
    ard_parameter_destroy(r->twin);
    ard_parameter_destroy(r->resumed);
    ard_sgd_destroy(r->sgd);
    ard_sgd_destroy(r->resumed_sgd);
    free(r->weights);
    free(r->velocity);
    free(r->gradient);
    free(r->row_indices);
    free(r->col_indices);
}

/* Saves the parameter and restores it as one of an optimizer of its own. */
static void save_and_resume(run *r)
{
    test_folder folder = test_folder_create();
    char path[TEST_PATH_CAPACITY];
    test_folder_join(folder.path, "parameter", path);
    ard__writer writer = {0};
    ard__sgd_put(r->sgd, &writer);
    assert_success(ard__parameter_put(r->parameter, &writer));
    assert_success(ard__writer_save(&writer, path));
    ard__writer_free(&writer);
    ard__reader reader;
    assert_success(ard_sgd_create(r->context, &r->options, &r->resumed_sgd));
    r->resumed = create_parameter(r->problem, r->resumed_sgd);
    assert_success(ard__reader_open(path, &reader));
    assert_success(ard__sgd_get(r->resumed_sgd, &reader));
    assert_success(ard__parameter_get(r->resumed, &reader));
    assert_int_equal(ard__reader_left(&reader), 0);
    ard__reader_close(&reader);
    test_folder_destroy(&folder);
}

/* `whole` are the values of the whole parameter that the expected ones are of. */
static void compare(const run *r, const char *what, size_t rows, size_t cols, const float *actual,
                    const double *expected, const double *whole)
{
    const comparison about = {what, r->problem->name, rows, cols, r->problem->seed};
    assert_within(&about, actual, expected, TOLERANCE * largest_of(r->rows * r->cols, whole));
}

static void check_all(const run *r)
{
    const size_t count = r->rows * r->cols;
    float *weights = test_alloc(count, sizeof *weights);
    float *velocity = test_alloc(count, sizeof *velocity);
    float *again = test_alloc(count, sizeof *again);
    assert_success(ard_parameter_read(r->parameter, weights, velocity));
    compare(r, "weights", r->rows, r->cols, weights, r->weights, r->weights);
    compare(r, "velocity", r->rows, r->cols, velocity, r->velocity, r->velocity);
    assert_success(ard_parameter_read(r->parameter, again, NULL));
    assert_memory_equal(again, weights, count * sizeof *again);
    free(weights);
    free(velocity);
    free(again);
}

/* The values at the kept places, zero in the padding, in new memory. */
static double *take_kept(const tile_blocks *blocks, const double *whole)
{
    double *compact = test_alloc(blocks->rows * blocks->cols, sizeof *compact);
    for (size_t i = 0; i < blocks->rows * blocks->cols; ++i) {
        compact[i] = blocks->at[i] != TILE_BLOCKS_PADDING ? whole[blocks->at[i]] : 0.0;
    }
    return compact;
}

/* That the library has the same idea of the compact matrix. */
static void check_layout(const run *r, const draw *drawn, const tile_blocks *blocks)
{
    const ard_tile_pattern all = ard_tile_all();
    ard_tile_layout layout = {0};
    assert_success(ard_tile_get_layout(drawn->tile != NULL ? drawn->tile : &all, r->rows, r->cols,
                                       &drawn->row, &drawn->col, &layout));
    assert_int_equal(layout.groups * layout.rows, blocks->rows);
    assert_int_equal(layout.cols, blocks->cols);
    assert_int_equal(layout.weights, blocks->weights);
}

static void check_gathered(const run *r, const draw *drawn, const tile_blocks *blocks)
{
    double *expected = take_kept(blocks, r->weights);
    float *actual = test_alloc(blocks->rows * blocks->cols, sizeof *actual);
    ard_matrix view = {0};
    assert_success(
        ard_parameter_gather(r->parameter, &drawn->row, &drawn->col, drawn->tile, &view));
    assert_success(ard_matrix_read(r->context, blocks->rows, blocks->cols, &view, actual));
    compare(r, "gathered weights", blocks->rows, blocks->cols, actual, expected, r->weights);
    for (size_t i = 0; i < blocks->rows * blocks->cols; ++i) {
        assert_true(blocks->at[i] != TILE_BLOCKS_PADDING || actual[i] == 0.0f);
    }
    free(expected);
    free(actual);
}

/* A random gradient of the kept part, compact and added to r->gradient. In the padding there are
 * NaNs, but zeros where everything counts for the norm. */
static guarded draw_gradient(run *r, const tile_blocks *blocks)
{
    const size_t count = blocks->rows * blocks->cols;
    float *values = test_random_floats(count, test_random(&r->random));
    for (size_t i = 0; i < count; ++i) {
        if (blocks->at[i] != TILE_BLOCKS_PADDING) {
            r->gradient[blocks->at[i]] += values[i];
            r->squares += (double)values[i] * (double)values[i];
        } else {
            values[i] = r->problem->clip > 0.0 ? 0.0f : test_canary();
        }
    }
    const size_t offset = test_random_below(&r->random, 5);
    const size_t gap = test_random_below(&r->random, 3);
    const guarded diff =
        guarded_create_with(r->context, blocks->rows, blocks->cols, offset, gap, values);
    free(values);
    return diff;
}

static tile_blocks list_kept(const run *r, const draw *drawn)
{
    const lazy_problem *p = r->problem;
    if (p->row_stride == 0 && p->col_stride == 0) {
        return tile_blocks_create(r->rows, r->cols, &drawn->row, &drawn->col, drawn->tile);
    }
    return tile_blocks_strided(r->rows, r->cols, &drawn->row, &drawn->col,
                               p->row_stride > 0 ? p->row_stride : 1,
                               p->col_stride > 0 ? p->col_stride : 1);
}

/* Limits the norm of all gradients of the step, and r->gradient, their sum. */
static void clip(run *r, size_t count, const guarded *diffs)
{
    ard_gradient gradients[MOST_UPDATES];
    for (size_t i = 0; i < count; ++i) {
        gradients[i] = (ard_gradient){diffs[i].matrix, diffs[i].rows, diffs[i].cols};
    }
    assert_success(ard_sgd_clip(r->sgd, r->problem->clip, count, gradients));
    if (r->resumed_sgd != NULL) {
        assert_success(ard_sgd_clip(r->resumed_sgd, r->problem->clip, count, gradients));
    }
    const double norm = sqrt(r->squares);
    for (size_t i = 0; i < r->rows * r->cols; ++i) {
        r->gradient[i] *= norm > r->problem->clip ? r->problem->clip / norm : 1.0;
    }
}

static void update(run *r, const draw *drawn, guarded *diff)
{
    ard_parameter *const parameters[] = {r->parameter, r->twin, r->resumed};
    for (size_t i = 0; i < 3; ++i) {
        if (parameters[i] != NULL) {
            assert_success(ard_parameter_update(parameters[i], &drawn->row, &drawn->col,
                                                drawn->tile, &diff->matrix));
        }
    }
    guarded_assert_unchanged(diff, "diff");
    guarded_destroy(diff);
}

/* One step: everything is gathered before the first update. */
static void step(run *r)
{
    draw drawn[MOST_UPDATES];
    guarded diffs[MOST_UPDATES];
    const size_t updates = r->problem->updates > 0 ? r->problem->updates : 1;
    assert_true(updates <= MOST_UPDATES);
    r->squares = 0.0;
    for (size_t i = 0; i < updates; ++i) {
        draw_patterns(r, i, &drawn[i]);
        tile_blocks blocks = list_kept(r, &drawn[i]);
        check_layout(r, &drawn[i], &blocks);
        check_gathered(r, &drawn[i], &blocks);
        diffs[i] = draw_gradient(r, &blocks);
        tile_blocks_destroy(&blocks);
    }
    if (r->problem->clip > 0.0) {
        clip(r, updates, diffs);
    }
    for (size_t i = 0; i < updates; ++i) {
        update(r, &drawn[i], &diffs[i]);
    }
}

static void check_twin(const run *r, ard_parameter *twin, const char *what)
{
    const size_t count = r->rows * r->cols;
    float *values[4];
    for (size_t i = 0; i < 4; ++i) {
        values[i] = test_alloc(count, sizeof *values[i]);
    }
    assert_success(ard_parameter_read(r->parameter, values[0], values[1]));
    assert_success(ard_parameter_read(twin, values[2], values[3]));
    const comparison about = {what, r->problem->name, r->rows, r->cols, r->problem->seed};
    assert_same_bits(&about, values[2], values[0]);
    assert_same_bits(&about, values[3], values[1]);
    for (size_t i = 0; i < 4; ++i) {
        free(values[i]);
    }
}

static void step_reference(run *r, uint64_t t)
{
    const size_t count = r->rows * r->cols;
    reference_sgd(&r->options, t, count, r->weights, r->velocity, r->gradient);
    if (ard__sgd_is_stateless(&r->options)) {
        memset(r->velocity, 0, count * sizeof *r->velocity); /* none is kept */
    }
}

static void change_rate(run *r)
{
    r->options.schedule.rate *= r->problem->rate_factor;
    assert_success(ard_sgd_set_rate(r->sgd, r->options.schedule.rate));
    if (r->resumed_sgd != NULL) {
        assert_success(ard_sgd_set_rate(r->resumed_sgd, r->options.schedule.rate));
    }
}

void check_lazy(ard_context *context, const lazy_problem *problem)
{
    run r = begin(context, problem);
    for (size_t t = 0; t < problem->steps; ++t) {
        assert_int_equal(ard_sgd_step(r.sgd), t);
        if (t == problem->steps / 2) {
            save_and_resume(&r);
        }
        if (problem->rate_factor > 0.0 && t % STEPS_OF_A_RATE == STEPS_OF_A_RATE - 1) {
            change_rate(&r);
        }
        memset(r.gradient, 0, r.rows * r.cols * sizeof *r.gradient);
        if (problem->idle == 0 || test_random_below(&r.random, problem->idle) > 0) {
            step(&r);
        }
        step_reference(&r, t);
        assert_success(ard_sgd_advance(r.sgd));
        if (r.resumed_sgd != NULL) {
            assert_success(ard_sgd_advance(r.resumed_sgd));
        }
        if (t % 37 == 36) {
            check_all(&r);
        }
    }
    check_all(&r);
    check_twin(&r, r.twin, "the undisturbed twin");
    check_twin(&r, r.resumed, "the resumed twin");
    assert_true(problem->steps - r.parameter->swept < ARD__MAX_AGE);
    end(&r);
}
