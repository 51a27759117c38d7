/* SPDX-License-Identifier: Apache-2.0 */
/* What a conventional mask drops, by its definition, for verification on the host. */
#ifndef ARD_MEASURE_MASK_WORDS_H
#define ARD_MEASURE_MASK_WORDS_H

#include <ard/ard.h>

/* Whether the mask keeps element `element` of its matrix, counted row by row. */
bool mask_keeps(const ard_bernoulli *mask, uint64_t element);

#endif
