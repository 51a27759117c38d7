/* SPDX-License-Identifier: Apache-2.0 */
/* What an LSTM layer does in one time step beside its products, and the derivative of it
 * (Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et al., 2000):
 *     a = x W + h_before R + b
 *     i = sigmoid(a_i)  f = sigmoid(a_f)  g = tanh(a_g)  o = sigmoid(a_o)
 *     c = f c_before + i g,    h = o tanh(c)
 *
 * The four gates are side by side in the order i, f, g, o: gate k of unit j is column
 * k * hidden + j of a matrix [batch x 4 hidden]. Each call is one kernel.
 *
 * The hidden state goes two ways, to the layer above and to the next time step. With dropout on its
 * way to the next time step (ard_lstm_passing) it is written twice: whole, and as it is passed on.
 *
 * No call blocks. Buffers of one call must not overlap unless it says so. Each call fails with
 * INVALID_ARGUMENT (sizes, matrices that exceed their buffers), INVALID_PATTERN, OPENCL,
 * DEVICE_OUT_OF_MEMORY. `event`, where not NULL, gets an event of the last command, the caller's to
 * release. */
#ifndef ARD_LSTM_CELL_H
#define ARD_LSTM_CELL_H

#include <stdbool.h>
#include <stddef.h>

#include <ard/context.h>
#include <ard/matrix.h>
#include <ard/pattern.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How the hidden state goes on to the next time step. {NULL}: whole, as a copy. */
typedef struct ard_lstm_passing {
    const ard_pattern *pattern; /* only the units that it keeps, compact [batch x kept], not scaled;
                                   NULL: all */
    ard_matrix mask; /* factors [batch x hidden] that the state is multiplied with: conventional
                        dropout; no buffer: none. Not together with a pattern that drops */
} ard_lstm_passing;

/* One time step. In `gates` [batch x 4 hidden] comes x W in and go the activated gates i, f, g and
 * o out; `recurrent` [batch x 4 hidden] is h_before R and `bias` [1 x 4 hidden], NULL: none.
 * c_before, c and h are [batch x hidden]; c may be c_before itself where no backward step follows.
 * `passed` [batch x kept], or [batch x hidden] where no pattern drops, is what goes on to the next
 * time step as `passing` says; with `passing` NULL that is h, and `passed` is not looked at. */
ARD_API ard_status ard_lstm_cell_forward(ard_context *context, size_t batch, size_t hidden,
                                         const ard_matrix *gates, const ard_matrix *recurrent,
                                         const ard_matrix *bias, const ard_matrix *c_before,
                                         const ard_matrix *c, const ard_matrix *h,
                                         const ard_lstm_passing *passing, const ard_matrix *passed,
                                         cl_event *event);

/* The derivative of a time step. In `gates` come the activated gates that forward wrote in and goes
 * the gradient before the activations out: of x W, of h_before R and, summed over the batch, of the
 * bias. c_before and c are those of the step.
 *     diff_h       [batch x hidden]  gradient of h from the layer above
 *     diff_passed  shaped as `passed` of forward: gradient of what was passed on, from the next
 *                  time step; NULL: none. With `passing` NULL it is [batch x hidden], of h
 *     diff_c       [batch x hidden]  in: gradient of c from the next time step, or anything where
 *                  there is none (`last`); out: gradient of c_before */
ARD_API ard_status ard_lstm_cell_backward(ard_context *context, size_t batch, size_t hidden,
                                          const ard_matrix *gates, const ard_matrix *c_before,
                                          const ard_matrix *c, const ard_matrix *diff_h,
                                          const ard_lstm_passing *passing,
                                          const ard_matrix *diff_passed, bool last,
                                          const ard_matrix *diff_c, cl_event *event);

#ifdef __cplusplus
}
#endif

#endif
