/* SPDX-License-Identifier: Apache-2.0 */
/* Between the order of a parameter's rows and columns and that of its memory, on the host. */
#ifndef ARD_PARAMETER_ORDER_H
#define ARD_PARAMETER_ORDER_H

#include "optimizer/sgd_internal.h"

/* Whether the two are the same. */
bool ard__parameter_is_ordered(const ard_parameter *parameter);

/* memory = the 32-bit values [rows x cols] of `ordered`, and back; the arrays must not overlap. */
void ard__parameter_to_memory(const ard_parameter *parameter, const void *ordered, void *memory);
void ard__parameter_from_memory(const ard_parameter *parameter, const void *memory, void *ordered);

#endif
