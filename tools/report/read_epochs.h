/* SPDX-License-Identifier: Apache-2.0 */
/* Epochs of a run of training, whichever document they stand in. */
#ifndef ARD_REPORT_READ_EPOCHS_H
#define ARD_REPORT_READ_EPOCHS_H

#include "report/checks.h"

/* Another run at the end of the data's, of the file that is read; NULL without memory. */
report_run *read_new_run(report_reader *reader);

/* Whether it is a language model, whose score is its perplexity. */
bool read_run_is_lstm(const report_run *run);

/* The epochs of a run's object and its results on the test data. `key` and `number` say where the
 * run stands, NULL for the whole document; `summed`: whether the seconds are those since the
 * beginning of the run, not those of each epoch. */
bool read_epochs(report_reader *reader, const cJSON *object, const char *key, size_t number,
                 bool summed, report_run *run);

#endif
