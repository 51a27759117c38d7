/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a candidate computes correctly: all three products against sums in double precision on
 * the host, on odd sizes and on the largest layer that is measured. */
#ifndef ARD_TUNE_VERIFY_H
#define ARD_TUNE_VERIFY_H

#include "arena.h"

enum { VERIFY_ODD_SHAPES = 6 }; /* the products of two layers */

tune_shape verify_odd_shape(size_t index);

/* The three products of the layer of the largest product. */
void verify_largest_layer(const tune_shapes *shapes, tune_shape products[3]);

/* `*excess` gets the largest error as a share of its bound: correct up to 1. */
bench_outcome verify_context(tune_arena *arena, ard_context *context, const tune_shapes *shapes,
                             double *excess);

#endif
