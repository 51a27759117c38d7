/* SPDX-License-Identifier: Apache-2.0 */
/* A text cut into the windows that training steps have.
 *
 * The text is read in `batch` stretches of equal length side by side; what is left over at its end,
 * fewer than `batch` tokens, is not trained on. Window k has the time steps k * steps to k * steps
 * + steps - 1 of all stretches, the last one what is left of them. Every token is there to predict
 * the one after it, across the end of a stretch too. */
#ifndef ARD_TRAIN_LSTM_WINDOWS_H
#define ARD_TRAIN_LSTM_WINDOWS_H

#include <stddef.h>
#include <stdint.h>

typedef struct lstm_windows {
    const uint32_t *tokens; /* borrowed */
    size_t batch;
    size_t steps;  /* most time steps of a window */
    size_t length; /* time steps of a pass */
    size_t count;  /* windows of a pass */
} lstm_windows;

/* Of a text of more than `batch` tokens. */
lstm_windows lstm_windows_cut(const uint32_t *tokens, size_t count, size_t batch, size_t steps);

/* Time steps of the first `windows` windows of a pass, at most all. */
size_t lstm_windows_until(const lstm_windows *windows, size_t count);

/* Tokens and their targets of window `index`, time-first, [steps x batch]. Returns how many time
 * steps there are. */
size_t lstm_windows_fill(const lstm_windows *windows, size_t index, uint32_t *tokens,
                         uint32_t *targets);

#endif
