/* SPDX-License-Identifier: Apache-2.0 */
#include "optimizer/lazy_problem.h"

#include <stdlib.h>
#include <string.h>

#include "support/compare.h"
#include "support/device.h"
#include "support/memory.h"
#include "support/reference.h"
#include "support/reference_model.h"
#include "support/unit.h"

/* Of the largest value: what catching up and float32 steps may differ from the dense optimizer. */
static const double TOLERANCE = 1e-5;

typedef struct run {
    ard_context *context;
    const lazy_problem *problem;
    ard_sgd *sgd;
    ard_parameter *parameter;
    ard_parameter *twin;
    size_t rows;
    size_t cols;
    uint64_t random;
    double *weights;
    double *velocity;
    double *gradient;
} run;

static ard_pattern draw_pattern(uint64_t *random, const lazy_dimension *dimension)
{
    ard_pattern pattern = ard_pattern_all();
    const uint32_t most = dimension->max_period;
    switch (dimension->draw) {
    case DRAW_ROW: {
        const uint32_t period = (uint32_t)(1 + test_random_below(random, most));
        const uint32_t offset = (uint32_t)test_random_below(random, period);
        assert_success(ard_pattern_row(period, offset, &pattern));
        break;
    }
    case DRAW_SUBSET: {
        const uint64_t drawn = test_random(random) & ((UINT64_C(1) << most) - 1);
        assert_success(ard_pattern_subset(most, drawn != 0 ? drawn : 2, &pattern));
        break;
    }
    case DRAW_FIRST:
        assert_success(ard_pattern_row(most, 0, &pattern));
        break;
    case DRAW_ALL:
    default:
        break;
    }
    return pattern;
}

static run begin(ard_context *context, const lazy_problem *p)
{
    run r = {.context = context,
             .problem = p,
             .rows = p->rows.size,
             .cols = p->cols.size,
             .random = p->seed};
    const size_t count = r.rows * r.cols;
    assert_success(ard_sgd_create(context, &p->options, &r.sgd));
    assert_success(ard_parameter_create(
        r.sgd, r.rows, r.cols,
        &(ard_parameter_classes){.rows = p->rows.classes, .cols = p->cols.classes}, &r.parameter));
    assert_success(ard_parameter_create(
        r.sgd, r.rows, r.cols,
        &(ard_parameter_classes){.rows = p->rows.classes, .cols = p->cols.classes}, &r.twin));
    float *initial = test_random_floats(count, test_random(&r.random));
    assert_success(ard_parameter_write(r.parameter, initial));
    assert_success(ard_parameter_write(r.twin, initial));
    r.weights = test_to_double(count, initial);
    r.velocity = test_alloc(count, sizeof *r.velocity);
    r.gradient = test_alloc(count, sizeof *r.gradient);
    free(initial);
    return r;
}

static void end(run *r)
{
    ard_parameter_destroy(r->parameter);
    ard_parameter_destroy(r->twin);
    ard_sgd_destroy(r->sgd);
    free(r->weights);
    free(r->velocity);
    free(r->gradient);
}

static void compare(const run *r, const char *what, size_t rows, size_t cols, const float *actual,
                    const double *expected)
{
    const comparison about = {what, r->problem->name, rows, cols, r->problem->seed};
    assert_within(&about, actual, expected, TOLERANCE * largest_of(rows * cols, expected));
}

static void check_all(const run *r)
{
    const size_t count = r->rows * r->cols;
    float *weights = test_alloc(count, sizeof *weights);
    float *velocity = test_alloc(count, sizeof *velocity);
    float *again = test_alloc(count, sizeof *again);
    assert_success(ard_parameter_read(r->parameter, weights, velocity));
    compare(r, "weights", r->rows, r->cols, weights, r->weights);
    compare(r, "velocity", r->rows, r->cols, velocity, r->velocity);
    assert_success(ard_parameter_read(r->parameter, again, NULL));
    assert_memory_equal(again, weights, count * sizeof *again);
    free(weights);
    free(velocity);
    free(again);
}

static void check_gathered(const run *r, const ard_pattern *row, const ard_pattern *col,
                           size_t kept_rows, size_t kept_cols)
{
    double *expected = test_alloc(kept_rows * kept_cols, sizeof *expected);
    float *actual = test_alloc(kept_rows * kept_cols, sizeof *actual);
    ard_matrix view = {0};
    reference_compact(r->rows, r->cols, row, col, r->weights, expected);
    assert_success(ard_parameter_gather(r->parameter, row, col, NULL, &view));
    assert_success(ard_matrix_read(r->context, kept_rows, kept_cols, &view, actual));
    compare(r, "gathered weights", kept_rows, kept_cols, actual, expected);
    free(expected);
    free(actual);
}

/* One step with a random gradient on the kept part. */
static void step(run *r)
{
    const ard_pattern row = draw_pattern(&r->random, &r->problem->rows);
    const ard_pattern col = draw_pattern(&r->random, &r->problem->cols);
    const size_t kept_rows = reference_kept(&row, r->rows, NULL);
    const size_t kept_cols = reference_kept(&col, r->cols, NULL);
    float *values = test_random_floats(kept_rows * kept_cols, test_random(&r->random));
    double *compact = test_to_double(kept_rows * kept_cols, values);
    guarded diff =
        guarded_create_with(r->context, kept_rows, kept_cols, test_random_below(&r->random, 5),
                            test_random_below(&r->random, 3), values);
    reference_expand(r->rows, r->cols, &row, &col, compact, r->gradient);
    check_gathered(r, &row, &col, kept_rows, kept_cols);
    assert_success(ard_parameter_update(r->parameter, &row, &col, NULL, &diff.matrix));
    assert_success(ard_parameter_update(r->twin, &row, &col, NULL, &diff.matrix));
    guarded_assert_unchanged(&diff, "diff");
    guarded_destroy(&diff);
    free(values);
    free(compact);
}

static void check_twin(const run *r)
{
    const size_t count = r->rows * r->cols;
    float *values[4];
    for (size_t i = 0; i < 4; ++i) {
        values[i] = test_alloc(count, sizeof *values[i]);
    }
    assert_success(ard_parameter_read(r->parameter, values[0], values[1]));
    assert_success(ard_parameter_read(r->twin, values[2], values[3]));
    const comparison about = {"the undisturbed twin", r->problem->name, r->rows, r->cols,
                              r->problem->seed};
    assert_same_bits(&about, values[2], values[0]);
    assert_same_bits(&about, values[3], values[1]);
    for (size_t i = 0; i < 4; ++i) {
        free(values[i]);
    }
}

void check_lazy(ard_context *context, const lazy_problem *problem)
{
    run r = begin(context, problem);
    for (size_t t = 0; t < problem->steps; ++t) {
        assert_int_equal(ard_sgd_step(r.sgd), t);
        memset(r.gradient, 0, r.rows * r.cols * sizeof *r.gradient);
        if (problem->idle == 0 || test_random_below(&r.random, problem->idle) > 0) {
            step(&r);
        }
        reference_sgd(&problem->options, t, r.rows * r.cols, r.weights, r.velocity, r.gradient);
        assert_success(ard_sgd_advance(r.sgd));
        if (t % 37 == 36) {
            check_all(&r);
        }
    }
    check_all(&r);
    check_twin(&r);
    end(&r);
}
