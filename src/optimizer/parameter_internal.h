/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the parameter share. */
#ifndef ARD_PARAMETER_INTERNAL_H
#define ARD_PARAMETER_INTERNAL_H

#include "optimizer/sgd_internal.h"

/* The patterns that a call works on; NULL: everything. */
typedef struct ard__kept {
    const ard_pattern *rows;
    const ard_pattern *cols;
    const ard_tile_pattern *tile;
} ard__kept;

static const ard__kept ard__kept_all = {NULL, NULL, NULL};

/* Whether it had an update in this step. */
static inline bool ard__parameter_is_updated(const ard_parameter *parameter)
{
    return parameter->updates_end > parameter->sgd->step;
}

/* Whether the patterns keep every row and column, or every tile, as such. */
bool ard__kept_is_all(const ard__kept *kept);
bool ard__kept_is_all_tiles(const ard__kept *kept);

/* INVALID_ARGUMENT after an update in this step, until ard_sgd_advance. */
ard_status ard__parameter_check_between_steps(const ard_parameter *parameter);

/* INVALID_PATTERN unless the patterns fit the parameter and split no class. */
ard_status ard__parameter_check_kept(const ard_parameter *parameter, const ard__kept *kept);

/* Sets the steps of the kept classes to `steps`. */
void ard__parameter_set_class_steps(ard_parameter *parameter, const ard__kept *kept,
                                    uint64_t steps);

/* A parameter's share of the memory for tables of catch-ups by class. */
ard_status ard__parameter_reserve_table(ard_parameter *parameter);
void ard__parameter_give_up_table(const ard_parameter *parameter);

/* Makes its table valid for what comes next in the current step: a gather or the first update, or
 * after that a further one. */
ard_status ard__parameter_prepare_table(ard_parameter *parameter);

/* Whether all kept classes have had `steps` steps; for ages by class. */
bool ard__parameter_stands_at(const ard_parameter *parameter, const ard__kept *kept,
                              uint64_t steps);

/* Whether all kept weights are up to date as they stand in memory. */
bool ard__parameter_is_fresh(const ard_parameter *parameter, const ard__kept *kept);

/* The lists of the kept rows and columns, with their classes. */
ard_status ard__parameter_list_kept(const ard_parameter *parameter, const ard__kept *kept,
                                    ard__index_list *rows, ard__index_list *cols);

/* An update of a stateless optimizer's parameter, by patterns that were checked. */
ard_status ard__parameter_descend(const ard_parameter *parameter, const ard__kept *kept,
                                  const ard_matrix *diff);

/* dst = the kept weights, or velocities, brought up to date and compact. */
ard_status ard__parameter_copy_kept(ard_parameter *parameter, const ard__kept *kept, bool velocity,
                                    const ard_matrix *dst);

/* As ard_parameter_gather, but what must be copied goes to `room` (a buffer and an offset), and
 * nothing is allocated. */
ard_status ard__parameter_gather_into(ard_parameter *parameter, const ard__kept *kept,
                                      const ard_matrix *room, ard_matrix *weights);

/* Brings everything up to date in place. It is not the same bits as catching up later: a catch-up
 * in two parts rounds otherwise. */
ard_status ard__parameter_catch_up(ard_parameter *parameter);

/* The same; the ages are the caller's to reset. */
ard_status ard__parameter_sweep(ard_parameter *parameter);

/* NULL of NULL. */
static inline ard_context *ard__parameter_context(const ard_parameter *parameter)
{
    return parameter != NULL ? parameter->sgd->context : NULL;
}

/* Ends an operation on the parameter, described where it is to be (operation.h). Returns the
 * status. */
ard_status ard__parameter_end(const ard_parameter *parameter, const ard__kept *kept,
                              ard_status status);

#endif
