/* SPDX-License-Identifier: Apache-2.0 */
/* The training of a comparison. */
#ifndef ARD_COMPARE_RUNS_H
#define ARD_COMPARE_RUNS_H

#include "train/compare/compare_options.h"
#include "train/compare/results.h"
#include "train/setup.h"

/* Trains the runs that the results lack, all settings with one seed before the next seed, so that
 * settings have the same seeds whenever it is stopped; adds each and writes the file of the results
 * where there is to be one. Every network is made and warmed up before the first run, so that what
 * cannot work is a mistake at the beginning and compilation counts for no run. CLI_SUCCESS,
 * INTERRUPT_EXIT after ctrl-C, or the exit status after a line. */
int compare_runs(const compare_options *options, const train_setup *setup,
                 compare_results *results);

#endif
