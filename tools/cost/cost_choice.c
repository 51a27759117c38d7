/* SPDX-License-Identifier: Apache-2.0 */
#include "cost/cost_choice.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Whether the periods of a layer were measured. */
static bool check_period(uint32_t measured, double rate, uint32_t wanted,
                         char error[COST_ERROR_TEXT])
{
    char shorter[40] = "";
    if (wanted <= measured) {
        return true;
    }
    if (rate <= ard_distribution_rate_limit(measured)) {
        (void)snprintf(shorter, sizeof shorter, ", or choose --max-period %" PRIu32, measured);
    }
    (void)snprintf(error, COST_ERROR_TEXT,
                   "rate %g draws periods up to %" PRIu32
                   ", and the times of --cost are of periods up to %" PRIu32
                   "; measure with --max-period %" PRIu32 "%s",
                   rate, wanted, measured, wanted, shorter);
    return false;
}

static ard_status search(const cost_file *file, const double *rates, const uint32_t *max_periods,
                         double entropy_share, cost_choice *choice)
{
    ard_status status = ard_distribution_cost_search(&file->model, rates, max_periods,
                                                     entropy_share, choice->distributions);
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_cost_expected(&file->model, choice->distributions, &choice->milliseconds);
    }
    for (size_t i = 0; i < COST_MOST_BASELINES; i++) {
        /* Times that follow no model at all can add up to nothing. */
        choice->speedup[i] = choice->milliseconds > 0 && file->milliseconds[i] > 0
                                 ? file->milliseconds[i] / choice->milliseconds
                                 : NAN;
    }
    return status;
}

bool cost_choose(const cost_file *file, const double *rates, const uint32_t *max_periods,
                 double entropy_share, cost_choice *choice, char error[COST_ERROR_TEXT])
{
    for (size_t i = 0; i < file->model.layers; i++) {
        if (!check_period(file->model.max_period[i], rates[i], max_periods[i], error)) {
            return false;
        }
    }
    cost_choice *made = calloc(1, sizeof *made);
    if (made == NULL) {
        (void)snprintf(error, COST_ERROR_TEXT, "the host has not enough memory");
        return false;
    }
    const bool good = search(file, rates, max_periods, entropy_share, made) == ARD_STATUS_SUCCESS;
    if (good) {
        *choice = *made;
    } else {
        (void)snprintf(error, COST_ERROR_TEXT, "%s", ard_detail());
    }
    free(made);
    return good;
}
