/* SPDX-License-Identifier: Apache-2.0 */
/* The optimizer's and its parameters' state in a checkpoint: exactly as it is in memory, ages
 * included, because bringing weights up to date at another time rounds differently. */
#ifndef ARD_SGD_STATE_H
#define ARD_SGD_STATE_H

#include "files/checkpoint_file.h"
#include "optimizer/sgd_internal.h"

void ard__sgd_put(const ard_sgd *sgd, ard__writer *writer);

/* Restores into an optimizer made with the same options. FORMAT. */
ard_status ard__sgd_get(ard_sgd *sgd, ard__reader *reader);

/* Blocks. A missing piece of memory is the writer's failure. */
ard_status ard__parameter_put(const ard_parameter *parameter, ard__writer *writer);

/* Restores into a parameter of the same shape and classes; its optimizer was restored before.
 * Blocks. FORMAT. */
ard_status ard__parameter_get(ard_parameter *parameter, ard__reader *reader);

#endif
