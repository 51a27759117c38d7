/* SPDX-License-Identifier: Apache-2.0 */
/* What came of a run, for the report. Losses are means a token, in nats. */
#ifndef ARD_TRAIN_LSTM_OUTCOME_H
#define ARD_TRAIN_LSTM_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct lstm_epoch {
    uint64_t epoch; /* counted from 1 */
    double loss;    /* of the training text, with dropout, before each update */
    double validation_loss;
    double rate;     /* the learning rate */
    double seconds;  /* of this run's steps in the epoch */
    uint64_t tokens; /* of these steps */
} lstm_epoch;

/* Zero-initialised: nothing happened yet. */
typedef struct lstm_outcome {
    lstm_epoch *epochs; /* that this run completed; owned */
    size_t epoch_count;
    uint64_t first_step; /* where a resumed run began */
    uint64_t steps;      /* done in all, those before a resume included */
    size_t best_epoch; /* with the least validation loss, those before a resume included; 0: none */
    double best;       /* that loss */
    bool interrupted;
    bool tested; /* test_loss is known */
    double test_loss;
    double seconds;       /* of this run's steps: no loading, evaluation or saving */
    double total_seconds; /* of the whole run */
} lstm_outcome;

#endif
