/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of the reference of a language model. */
#ifndef ARD_BENCH_REFERENCE_LSTM_INTERNAL_H
#define ARD_BENCH_REFERENCE_LSTM_INTERNAL_H

#include "reference_lstm.h"

enum { GATES = 4 }; /* i, f, g, o, side by side */

/* One parameter, whole. */
typedef struct reference_parameter {
    size_t rows;
    size_t cols;
    double *values;   /* [rows x cols] */
    double *used;     /* as a step uses them: `values` itself, or dropped and scaled copies */
    double *gradient; /* of the step so far */
    double change;    /* largest of the last update */
    const reference_lstm_dropout *dropout; /* of its weights; NULL: none */
} reference_parameter;

/* What a layer keeps of a window; h and c begin with those before its first time step. */
typedef struct reference_cell {
    size_t in;
    double *x;      /* [steps x batch x in], dropped */
    double *past;   /* [steps x batch x hidden]: the h that came in, dropped */
    double *gates;  /* [steps x batch x 4 hidden] */
    double *c;      /* [(steps + 1) x batch x hidden] */
    double *h;      /* [(steps + 1) x batch x hidden] */
    double *diff_h; /* [batch x hidden], from the next time step */
    double *diff_c; /* likewise */
} reference_cell;

struct reference_lstm {
    reference_lstm_sizes sizes;
    reference_parameter embedding;
    reference_parameter input[ARD_LSTM_MAX_LAYERS];
    reference_parameter recurrent[ARD_LSTM_MAX_LAYERS];
    reference_parameter bias[ARD_LSTM_MAX_LAYERS];
    reference_parameter softmax; /* of a tied model 0 x 0 */
    reference_parameter softmax_bias;
    reference_cell cells[ARD_LSTM_MAX_LAYERS];
    double *top;      /* [batch x hidden]: the input of the softmax, dropped */
    double *logits;   /* [batch x vocabulary], then their gradient */
    double *diff_top; /* [steps x batch x hidden]: gradient of the last layer's h */
    double *diff;     /* [batch x the widest input]: gradient on its way down */
    double *diff_a;   /* [batch x 4 hidden]: gradient before the gates */
    const reference_lstm_dropout *dropout; /* of the step */
    size_t stride;                         /* of its recurrent ones; 0: they are of the window */
};

/* The parameters in turn: NULL behind the last one. */
reference_parameter *reference_lstm_parameter(reference_lstm *lstm, size_t index);

#endif
