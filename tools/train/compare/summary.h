/* SPDX-License-Identifier: Apache-2.0 */
/* What the runs of a comparison say about its settings. */
#ifndef ARD_COMPARE_SUMMARY_H
#define ARD_COMPARE_SUMMARY_H

#include "train/compare/results.h"
#include "train/compare/statistic.h"

/* Over the seeds of a setting whose runs are done. Accuracies are shares of 1. */
typedef struct setting_summary {
    statistic validation; /* accuracy after the last epoch */
    statistic test;
    /* This setting less the baseline, seed by seed, over the seeds that both have. */
    statistic validation_difference;
    statistic test_difference;
    statistic epoch_seconds; /* of a run: its seconds by its epochs */
    /* Until the target was reached, over the runs that did; `count` is their number. */
    statistic target_epochs;
    statistic target_seconds;
} setting_summary;

typedef struct compare_summary {
    double
        target; /* share of 1; NaN where there is none, or no run yet of the setting it is from */
    setting_summary settings[COMPARE_MAX_SETTINGS];
} compare_summary;

/* `summary` is overwritten. */
void summary_make(const compare_results *results, compare_summary *summary);

/* After one epoch, over the seeds of a setting whose runs are done. */
typedef struct epoch_summary {
    statistic seconds; /* of training since the run began */
    statistic validation;
    statistic loss; /* of training */
} epoch_summary;

/* `epoch` counts from 0. */
void summary_of_epoch(const compare_results *results, size_t setting, size_t epoch,
                      epoch_summary *summary);

/* The epoch, from 1, after which a run reaches an accuracy on the validation samples; 0: never. */
size_t summary_reached(const compare_run *run, double target);

#endif
