/* SPDX-License-Identifier: Apache-2.0 */
/* What came of a run, for the report. */
#ifndef ARD_TRAIN_RESULT_H
#define ARD_TRAIN_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Over a set of samples, without dropout. */
typedef struct evaluation {
    double loss; /* mean, in nats */
    double accuracy;
} evaluation;

typedef struct epoch_record {
    uint64_t epoch; /* counted from 1 */
    double loss;    /* mean over the training samples, with dropout, before each update */
    double train_accuracy;
    evaluation after; /* over the samples held out for validation, else over the test half */
    double seconds;   /* of this run's steps in the epoch */
} epoch_record;

/* Zero-initialised: nothing happened yet. */
typedef struct train_result {
    epoch_record *epochs; /* that this run completed; owned */
    size_t epoch_count;
    uint64_t first_step; /* where a resumed run began */
    uint64_t steps;      /* done in all, those before a resume included */
    bool interrupted;
    bool tested; /* the next one holds for the network as it is at the end */
    evaluation test;
    double seconds;       /* of this run's steps: no loading, evaluation or saving */
    double total_seconds; /* of the whole run */
} train_result;

#endif
