/* SPDX-License-Identifier: Apache-2.0 */
/* What a run prints on standard output: lines on the way and at the end, or one JSON object. */
#ifndef ARD_TRAIN_REPORT_H
#define ARD_TRAIN_REPORT_H

#include <ard/ard.h>

#include "train/options.h"
#include "train/result.h"

/* Where and on what a run trains. */
typedef struct run_facts {
    const ard_device_info *device;
    size_t inputs;
    size_t classes;
    size_t train_samples;
    size_t validation_samples;
    size_t test_samples;
} run_facts;

/* Text: what is going to be trained. Nothing with --quiet or in JSON. */
void report_start(const train_options *options, const run_facts *facts);

/* Text: a line for an epoch. Nothing with --quiet or in JSON. */
void report_epoch(const train_options *options, const epoch_record *record);

/* The result. Returns CLI_SUCCESS or, without memory, CLI_FAILURE. */
int report_end(const train_options *options, const run_facts *facts, const train_result *result);

/* The result as JSON, for report_end(). */
int report_json(const train_options *options, const run_facts *facts, const train_result *result);

#endif
