/* SPDX-License-Identifier: Apache-2.0 */
#include "layers/lstm_cell_problem.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/cover.h"
#include "support/memory.h"
#include "support/reference.h"

void cell_describe(const cell_problem *problem, char *text, size_t capacity)
{
    static const char *const names[CELL_PASSINGS] = {"nothing", "whole",  "all",  "masked",
                                                     "row",     "subset", "index"};
    (void)snprintf(text, capacity, "[%zu x %zu] passing %s%s%s%s%s%s", problem->batch,
                   problem->hidden, names[problem->passing], problem->recurrent ? ", R" : "",
                   problem->bias ? ", b" : "", problem->in_place ? ", in place" : "",
                   problem->last ? ", last" : "", problem->diff_passed ? ", dp" : "");
}

static float *random_floats(size_t count, float spread, uint64_t seed)
{
    float *values = test_random_floats(count, seed);
    for (size_t i = 0; i < count; ++i) {
        values[i] *= spread;
    }
    return values;
}

static ard_pattern random_pattern(const cell_problem *problem, uint32_t *indices)
{
    uint64_t random = problem->seed;
    const size_t most = problem->hidden < ARD_MAX_PERIOD ? problem->hidden : ARD_MAX_PERIOD;
    ard_pattern pattern = ard_pattern_all();
    if (problem->passing == CELL_ROW) {
        pattern.period = (uint32_t)(1 + test_random_below(&random, most));
        pattern.residues = UINT64_C(1) << test_random_below(&random, pattern.period);
    } else if (problem->passing == CELL_SUBSET) {
        pattern = cover_random_subset(&random, problem->hidden);
    } else if (problem->passing == CELL_INDEX) {
        pattern = cover_random_index(&random, problem->hidden, indices);
    } else if (problem->passing == CELL_ALL) {
        pattern = (ard_pattern){.period = 1, .residues = 1};
    }
    return pattern;
}

cell_inputs cell_inputs_create(const cell_problem *problem)
{
    const size_t units = problem->batch * problem->hidden;
    uint64_t seed = problem->seed;
    cell_inputs inputs = {.indices = test_alloc(problem->hidden, sizeof *inputs.indices)};
    inputs.pattern = random_pattern(problem, inputs.indices);
    inputs.kept = reference_kept(&inputs.pattern, problem->hidden, NULL);
    inputs.gates = random_floats(4 * units, problem->spread, test_random(&seed));
    inputs.recurrent = random_floats(4 * units, problem->spread, test_random(&seed));
    inputs.bias = random_floats(4 * problem->hidden, problem->spread, test_random(&seed));
    inputs.c_before = random_floats(units, 2.0f, test_random(&seed));
    inputs.mask = random_floats(units, 2.0f, test_random(&seed));
    for (size_t i = 0; i < units; ++i) {
        inputs.mask[i] = inputs.mask[i] < 0.0f ? 0.0f : inputs.mask[i]; /* half are dropped */
    }
    inputs.diff_h = random_floats(units, 1.0f, test_random(&seed));
    inputs.diff_passed = random_floats(problem->batch * inputs.kept, 1.0f, test_random(&seed));
    inputs.diff_c = random_floats(units, 1.0f, test_random(&seed));
    return inputs;
}

void cell_inputs_destroy(cell_inputs *inputs)
{
    free(inputs->gates);
    free(inputs->recurrent);
    free(inputs->bias);
    free(inputs->c_before);
    free(inputs->mask);
    free(inputs->diff_h);
    free(inputs->diff_passed);
    free(inputs->diff_c);
    free(inputs->indices);
}

static cell_array make_array(size_t count)
{
    return (cell_array){test_alloc(count, sizeof(double)), test_alloc(count, sizeof(double))};
}

static cell_outputs make_outputs(const cell_problem *problem, size_t kept)
{
    const size_t units = problem->batch * problem->hidden;
    return (cell_outputs){.gates = make_array(4 * units),
                          .c = make_array(units),
                          .h = make_array(units),
                          .passed = make_array(problem->batch * kept)};
}

void cell_outputs_destroy(cell_outputs *outputs)
{
    cell_array *arrays[] = {&outputs->gates, &outputs->c, &outputs->h, &outputs->passed};
    for (size_t i = 0; i < 4; ++i) {
        free(arrays[i]->values);
        free(arrays[i]->magnitude);
    }
}

/* A number, and how much its rounding errors can be. */
typedef struct number {
    double value;
    double magnitude;
} number;

static number sigmoid(number x)
{
    const double value = 1.0 / (1.0 + exp(-x.value));
    return (number){value, value + value * (1.0 - value) * x.magnitude};
}

static number tangent(number x)
{
    const double value = tanh(x.value);
    return (number){value, fabs(value) + (1.0 - value * value) * x.magnitude};
}

static number times(number a, number b)
{
    return (number){a.value * b.value, fabs(a.value) * b.magnitude + a.magnitude * fabs(b.value)};
}

static number plus(number a, number b)
{
    return (number){a.value + b.value, a.magnitude + b.magnitude};
}

/* 1 - x, where x was rounded. */
static number one_less(number x)
{
    return (number){1.0 - x.value, 1.0 + x.magnitude};
}

static number given(double value)
{
    return (number){value, fabs(value)};
}

/* Devices may take what is below the normal numbers for zero. */
static void set(cell_array *array, size_t at, number value)
{
    array->values[at] = value.value;
    array->magnitude[at] = value.magnitude + (double)FLT_MIN / (double)FLT_EPSILON;
}

/* What reaches gate k of a unit before its activation. */
static number before_activation(const cell_problem *problem, const cell_inputs *inputs,
                                const double *gates, size_t row, size_t col)
{
    const size_t at = row * 4 * problem->hidden + col;
    number sum = given(gates[at]);
    if (problem->recurrent) {
        sum = plus(sum, given((double)inputs->recurrent[at]));
    }
    if (problem->bias) {
        sum = plus(sum, given((double)inputs->bias[col]));
    }
    return sum;
}

cell_outputs cell_reference_forward(const cell_problem *problem, const cell_inputs *inputs,
                                    const double *gates, const double *c_before)
{
    const size_t hidden = problem->hidden;
    cell_outputs outputs = make_outputs(problem, inputs->kept);
    size_t passed = 0;
    for (size_t row = 0; row < problem->batch; ++row) {
        for (size_t j = 0; j < hidden; ++j) {
            const size_t at = row * hidden + j;
            number gate[4];
            for (size_t k = 0; k < 4; ++k) {
                const number a = before_activation(problem, inputs, gates, row, k * hidden + j);
                gate[k] = k == 2 ? tangent(a) : sigmoid(a);
                set(&outputs.gates, row * 4 * hidden + k * hidden + j, gate[k]);
            }
            const number c = plus(times(gate[1], given(c_before[at])), times(gate[0], gate[2]));
            const number h = times(gate[3], tangent(c));
            set(&outputs.c, at, c);
            set(&outputs.h, at, h);
            if (ard_pattern_keeps(&inputs->pattern, j)) {
                const bool masked = problem->passing == CELL_MASKED;
                const number factor = given(masked ? (double)inputs->mask[at] : 1.0);
                set(&outputs.passed, passed++, times(h, factor));
            }
        }
    }
    return outputs;
}

cell_outputs cell_reference_backward(const cell_problem *problem, const cell_inputs *inputs,
                                     const double *gates, const double *c_before, const double *c)
{
    const size_t hidden = problem->hidden;
    cell_outputs outputs = make_outputs(problem, inputs->kept);
    size_t passed = 0;
    for (size_t row = 0; row < problem->batch; ++row) {
        for (size_t j = 0; j < hidden; ++j) {
            const size_t at = row * hidden + j;
            const double *gate = gates + row * 4 * hidden + j;
            const number i = given(gate[0]);
            const number f = given(gate[hidden]);
            const number g = given(gate[2 * hidden]);
            const number o = given(gate[3 * hidden]);
            number dh = given((double)inputs->diff_h[at]);
            if (ard_pattern_keeps(&inputs->pattern, j)) {
                const double next = (double)inputs->diff_passed[passed++];
                const bool masked = problem->passing == CELL_MASKED;
                if (problem->diff_passed) {
                    dh = plus(dh, given(masked ? next * (double)inputs->mask[at] : next));
                }
            }
            const number tc = tangent((number){c[at], 0.0});
            number dc = times(times(dh, o), one_less(times(tc, tc)));
            if (!problem->last) {
                dc = plus(dc, given((double)inputs->diff_c[at]));
            }
            const size_t to = row * 4 * hidden + j;
            set(&outputs.c, at, times(dc, f));
            set(&outputs.gates, to, times(times(dc, g), times(i, one_less(i))));
            set(&outputs.gates, to + hidden,
                times(times(dc, given(c_before[at])), times(f, one_less(f))));
            set(&outputs.gates, to + 2 * hidden, times(times(dc, i), one_less(times(g, g))));
            set(&outputs.gates, to + 3 * hidden, times(times(dh, tc), times(o, one_less(o))));
        }
    }
    return outputs;
}
