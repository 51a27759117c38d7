/* SPDX-License-Identifier: Apache-2.0 */
/* What a run of the language model prints on standard output: lines on the way and at the end, or
 * one JSON object. */
#ifndef ARD_TRAIN_LSTM_REPORT_H
#define ARD_TRAIN_LSTM_REPORT_H

#include <ard/ard.h>

#include "data/corpus.h"
#include "train/lstm/lstm_options.h"
#include "train/lstm/lstm_outcome.h"

/* Text: what is going to be trained. Nothing with --quiet or in JSON. */
void lstm_report_start(const lstm_options *options, const ard_device_info *device,
                       const corpus *text);

/* Text: a line for an epoch. Nothing with --quiet or in JSON. */
void lstm_report_epoch(const lstm_options *options, const lstm_epoch *epoch);

/* The result. Returns CLI_SUCCESS or, without memory, CLI_FAILURE. */
int lstm_report_end(const lstm_options *options, const ard_device_info *device, const corpus *text,
                    const lstm_outcome *outcome);

/* The result as JSON, for lstm_report_end(). */
int lstm_report_json(const lstm_options *options, const ard_device_info *device, const corpus *text,
                     const lstm_outcome *outcome);

#endif
