/* SPDX-License-Identifier: Apache-2.0 */
/* What came of a run, for the report. */
#ifndef ARD_TRAIN_RESULT_H
#define ARD_TRAIN_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct epoch_record {
    uint64_t epoch; /* counted from 1 */
    double loss;    /* mean over the training samples, with dropout, before each update */
    double train_accuracy;
    double test_loss;
    double test_accuracy;
    double seconds; /* of this run's steps in the epoch */
} epoch_record;

/* Zero-initialised: nothing happened yet. */
typedef struct train_result {
    epoch_record *epochs; /* that this run completed; owned */
    size_t epoch_count;
    uint64_t first_step; /* where a resumed run began */
    uint64_t steps;      /* done in all, those before a resume included */
    bool interrupted;
    bool evaluated; /* the next two hold for the network as it is at the end */
    double test_loss;
    double test_accuracy;
    double seconds;       /* of this run's steps: no loading, evaluation or saving */
    double total_seconds; /* of the whole run */
} train_result;

#endif
