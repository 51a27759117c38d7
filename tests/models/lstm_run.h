/* SPDX-License-Identifier: Apache-2.0 */
/* A training run of a small language model beside the same run of the double-precision reference.
 */
#ifndef ARD_TEST_LSTM_RUN_H
#define ARD_TEST_LSTM_RUN_H

#include "models/lstm_toy.h"
#include "support/reference_lstm.h"

typedef struct lstm_run {
    const char *name;
    ard_lstm *lstm;
    reference_lstm reference;
    uint64_t random; /* of the text */
} lstm_run;

/* A new model of the options; the reference has its parameters and its hidden state. */
lstm_run lstm_run_begin(ard_context *context, const ard_lstm_options *options, const char *name);
void lstm_run_end(lstm_run *run);

/* One step of both on a random window with the model's patterns of that step, or unless NULL these
 * in their place. Both must be as near as rounding lets them be: in loss, hits and norm of the
 * step, in parameters and hidden states after it. */
void lstm_run_step(lstm_run *run, const ard_layer_pattern *patterns, size_t batch, size_t steps);

/* The same of a text without dropout. */
void lstm_run_evaluate(lstm_run *run, size_t count);

/* That both have nearly the same parameters and hidden states. */
void lstm_run_compare(const lstm_run *run);

/* A reference of the same parameters gets those that the model has now. */
void lstm_run_read_parameters(ard_lstm *lstm, reference_lstm *reference);

/* Another learning rate for both; the hidden state of both becomes zero. */
void lstm_run_set_rate(lstm_run *run, double rate);
void lstm_run_reset(lstm_run *run);

/* A whole run: windows of changing sizes, another rate, evaluations and resets between them. */
void lstm_run_check(ard_context *context, const ard_lstm_options *options, const char *name);

#endif
