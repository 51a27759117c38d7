/* SPDX-License-Identifier: Apache-2.0 */
/* The distributions that times make the fastest. */
#ifndef ARD_COST_CHOICE_H
#define ARD_COST_CHOICE_H

#include "cost/cost_file.h"

typedef struct cost_choice {
    ard_distribution distributions[ARD_MLP_MAX_LAYERS]; /* of the layers dropped from */
    double milliseconds;                                /* of a step to expect with them */
    double speedup[COST_MOST_BASELINES]; /* against each baseline; NaN where the times tell none */
} cost_choice;

/* The distributions of the given rates and longest periods (one for each layer dropped from) with
 * the least expected time and at least `entropy_share` of the entropy possible. False, with one
 * line on why in `error` and `choice` untouched, for a rate that the periods do not reach or
 * periods that were not measured. */
bool cost_choose(const cost_file *file, const double *rates, const uint32_t *max_periods,
                 double entropy_share, cost_choice *choice, char error[COST_ERROR_TEXT]);

#endif
