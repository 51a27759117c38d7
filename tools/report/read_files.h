/* SPDX-License-Identifier: Apache-2.0 */
/* Documents, told apart by their keys: results of ard-bench, times of joint periods, runs of
 * ard-train and comparisons of ard-train compare. */
#ifndef ARD_REPORT_READ_FILES_H
#define ARD_REPORT_READ_FILES_H

#include "report/checks.h"

/* Reads all the files into the data, which are empty; free them whatever the answer is.
 * CLI_CONTINUE, or the status after a line. */
int read_files(const cli_program *program, const char *const *paths, size_t count,
               report_data *data);

/* The parts of a document. */
bool read_devices(report_reader *reader, const cJSON *document);
bool read_results(report_reader *reader, const cJSON *document);
bool read_periods(report_reader *reader, const cJSON *document);
bool read_training(report_reader *reader, const cJSON *document);
bool read_comparison(report_reader *reader, const cJSON *document);

/* The index of a device, which is added where there is none like it. */
bool read_add_device(report_reader *reader, const report_device *device, size_t *index);

/* What a device object holds but what is of the document. */
bool read_device_keys(report_reader *reader, const cJSON *object, report_device *device);

#endif
