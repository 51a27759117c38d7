/* SPDX-License-Identifier: Apache-2.0 */
/* Runs ard-tune as a user would, with its files in a folder of the test's. */
#ifndef ARD_TEST_TUNE_PROCESS_H
#define ARD_TEST_TUNE_PROCESS_H

#include "tools/bench_process.h"

#include "support/folder.h"

/* Runs a shell command, made from a format, in which "ard-tune" stands for the program. */
bench_output tune_shell(const char *format, ...);

/* Fails the test unless "ard-tune ARGUMENTS" ends with status 2, nothing on the output and one line
 * of its own that holds `expected`. */
void tune_assert_mistake(const char *arguments, const char *expected);

/* Runs "ard-tune ARGUMENTS", which must succeed and say nothing else, and parses what it prints. */
cJSON *tune_json(const char *arguments);

double tune_number(const cJSON *object, const char *key);

#endif
