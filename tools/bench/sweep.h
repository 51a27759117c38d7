/* SPDX-License-Identifier: Apache-2.0 */
/* The sweep: the networks of the paper's figure and a language model at three rates, as far as a
 * device can take them. */
#ifndef ARD_BENCH_SWEEP_H
#define ARD_BENCH_SWEEP_H

#include "run.h"

/* Sweeps one device; false when interrupted. */
bool sweep_device(run *run, ard_context *context);

/* Prints the cases of a device that takes it whole, one a line. */
void sweep_print_default(const bench_options *options);

#endif
