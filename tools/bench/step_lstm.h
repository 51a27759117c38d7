/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of a language model. */
#ifndef ARD_BENCH_STEP_LSTM_H
#define ARD_BENCH_STEP_LSTM_H

#include <ard/lstm.h>

#include "step.h"

/* A window of random words. */
typedef struct lstm_input {
    size_t batch;
    size_t steps;
    uint32_t *words;         /* [(steps + 1) x batch], time-first */
    const uint32_t *targets; /* in them: those from the second time step on */
} lstm_input;

/* Fills in a window, for which lstm_input_free() must follow, also after a failure. */
bench_outcome lstm_input_create(size_t batch, size_t steps, size_t vocabulary, uint64_t seed,
                                lstm_input *input);
void lstm_input_free(lstm_input *input);

/* The model of a case with dropout of a kind: its pattern's, or a baseline's at the same rates. */
ard_status step_create_lstm(ard_context *context, const bench_case *kase, ard_dropout_kind kind,
                            ard_lstm **lstm);

/* Runs some steps with patterns on the device and in double precision on the host and compares
 * all parameters and the loss after each (verify_lstm.c). */
bench_outcome step_verify_lstm(ard_context *context, const draw_set *set, const char *label,
                               bench_error *error);

#endif
