/* SPDX-License-Identifier: Apache-2.0 */
/* Runs ard-bench as a user would, and keeps what it printed. */
#ifndef ARD_TEST_BENCH_PROCESS_H
#define ARD_TEST_BENCH_PROCESS_H

#include "support/unit.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

typedef struct bench_output {
    int status;
    char *out;
    char *err;
} bench_output;

/* Runs a shell command in which "ard-bench" stands for the program built, its outputs in pipes or
 * files. Free with bench_free(). */
bench_output bench_shell(const char *command);

/* Runs "ard-bench ARGUMENTS" likewise. */
bench_output bench_run(const char *arguments);

/* Runs "ard-bench ARGUMENTS", which must take long, and sends it SIGINT some time after it is ready
 * for one. */
bench_output bench_interrupt(const char *arguments);

/* Fails the test with what was printed unless the program ended with `expected`. */
void bench_assert_status(const bench_output *output, int expected);

void bench_free(bench_output *output);

/* Number of lines, all of which must be ended. */
size_t bench_lines(const char *text);

/* Fails the test unless "ard-bench ARGUMENTS" ends with status 2, nothing on the output and on the
 * error stream one line that holds `expected`. */
void bench_assert_mistake(const char *arguments, const char *expected);

/* Fails the test unless `object` has exactly these keys (NULL-ended). */
void bench_assert_keys(const cJSON *object, const char *const *keys);

#endif
