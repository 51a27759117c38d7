/* SPDX-License-Identifier: Apache-2.0 */
/* The dropout of a run, and that of the rates on the way to it.
 *
 * A rate that changes is p (1 - exp(-10 t / T)) at step t, where T steps are those of
 * --rate-epochs: curriculum dropout with the authors' choice of gamma = 10 / T (Morerio et al.,
 * arXiv 1703.06229). It is rounded to the nearest of 32 equal parts of p, so that there are few
 * distributions to search, all of them before training; from 0.42 T on it is p. */
#ifndef ARD_TRAIN_DROPOUT_LEVELS_H
#define ARD_TRAIN_DROPOUT_LEVELS_H

#include <ard/ard.h>

#include "train/options.h"

/* Zero-initialised: none, nothing is to be changed. */
typedef struct dropout_levels {
    size_t layers;
    size_t count;           /* 1: the rate is constant */
    uint64_t steps;         /* T */
    ard_dropout *dropouts;  /* [count x layers]; owned */
    uint64_t cost_checksum; /* of the times that were searched by, if any */
} dropout_levels;

/* The rate of a step on the way to `rate` in `steps` steps. */
double dropout_rate_at(double rate, uint64_t step, uint64_t steps);

/* Searches the distributions of all rates of a run of checked options on layers of these widths
 * (inputs, hidden, classes); reads the file of --cost. A wish that cannot be met is a mistake. */
int dropout_levels_make(const train_options *options, const size_t *widths,
                        uint64_t steps_per_epoch, dropout_levels *made);

/* Level `index` of `count`, [layers]; the last one has the final rate. */
const ard_dropout *dropout_levels_get(const dropout_levels *levels, size_t index);

/* What step `step` has, [layers]. */
const ard_dropout *dropout_levels_at(const dropout_levels *levels, uint64_t step);

void dropout_levels_destroy(dropout_levels *levels);

#endif
