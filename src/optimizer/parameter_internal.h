/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the parameter share. Patterns may be NULL: everything. */
#ifndef ARD_PARAMETER_INTERNAL_H
#define ARD_PARAMETER_INTERNAL_H

#include "optimizer/sgd_internal.h"

/* INVALID_ARGUMENT after this step's update, until ard_sgd_advance. */
ard_status ard__parameter_check_between_steps(const ard_parameter *parameter);

/* Whether all kept weights are up to date as they stand in memory. */
bool ard__parameter_is_fresh(const ard_parameter *parameter, const ard_pattern *row_pattern,
                             const ard_pattern *col_pattern);

/* dst [kept(rows) x kept(cols)] = the kept weights, or velocities, brought up to date. */
ard_status ard__parameter_copy_kept(ard_parameter *parameter, const ard_pattern *row_pattern,
                                    const ard_pattern *col_pattern, bool velocity,
                                    const ard_matrix *dst);

/* Brings everything up to date in place; the ages are the caller's to reset. */
ard_status ard__parameter_sweep(ard_parameter *parameter);

#endif
