/* SPDX-License-Identifier: Apache-2.0 */
/* A sweep over named cases. */
#ifndef ARD_BENCH_SWEEP_PROBLEMS_H
#define ARD_BENCH_SWEEP_PROBLEMS_H

#include "run.h"

/* Measures the run's problems on the device of `tuned`, a context as the device is tuned; false
 * when interrupted or when the results could not be kept. */
bool sweep_problems(run *run, ard_context *tuned);

/* Prints the cases that a sweep would measure, one a line, as a file of problems has them. The exit
 * status. */
int sweep_print(const bench_options *options, const problems *problems);

#endif
