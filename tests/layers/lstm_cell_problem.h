/* SPDX-License-Identifier: Apache-2.0 */
/* Random time steps of an LSTM cell, and what it computes in double precision. */
#ifndef ARD_TEST_LSTM_CELL_PROBLEM_H
#define ARD_TEST_LSTM_CELL_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/lstm_cell.h>

/* How the hidden state is passed on. */
typedef enum cell_passing {
    CELL_NOTHING, /* `passing` is NULL */
    CELL_WHOLE,   /* a copy */
    CELL_ALL,     /* a pattern that keeps everything */
    CELL_MASKED,
    CELL_ROW,
    CELL_SUBSET,
    CELL_INDEX,
    CELL_PASSINGS
} cell_passing;

typedef struct cell_problem {
    size_t batch;
    size_t hidden;
    cell_passing passing;
    bool recurrent;
    bool bias;
    bool in_place;    /* c is c_before */
    bool last;        /* no gradient of c comes from the next time step */
    bool diff_passed; /* a gradient of the hidden state does */
    float spread;     /* gates before the activation are uniform in +- 3 times this */
    uint64_t seed;
} cell_problem;

/* What goes in: host arrays, shaped as the header says. */
typedef struct cell_inputs {
    float *gates;
    float *recurrent;
    float *bias;
    float *c_before;
    float *mask;
    float *diff_h;
    float *diff_passed; /* [batch x kept] */
    float *diff_c;
    uint32_t *indices;
    ard_pattern pattern; /* everything where no pattern passes */
    size_t kept;
} cell_inputs;

cell_inputs cell_inputs_create(const cell_problem *problem);
void cell_inputs_destroy(cell_inputs *inputs);

/* A result of the reference, and for each element the sum of the absolute values that its rounding
 * errors are parts of: an element may differ by a few eps of that. */
typedef struct cell_array {
    double *values;
    double *magnitude;
} cell_array;

/* What comes out of a step, or of the derivative. */
typedef struct cell_outputs {
    cell_array gates; /* activated, or the gradient before the activations */
    cell_array c;     /* or the gradient of c_before */
    cell_array h;     /* forward only */
    cell_array passed;
} cell_outputs;

void cell_outputs_destroy(cell_outputs *outputs);

/* A step by the definition. `gates` and c_before in place of those of `inputs`, so that they can be
 * varied. */
cell_outputs cell_reference_forward(const cell_problem *problem, const cell_inputs *inputs,
                                    const double *gates, const double *c_before);

/* The derivative from activated gates, c_before and c. */
cell_outputs cell_reference_backward(const cell_problem *problem, const cell_inputs *inputs,
                                     const double *gates, const double *c_before, const double *c);

/* `problem` in words, for messages. */
void cell_describe(const cell_problem *problem, char *text, size_t capacity);

#endif
