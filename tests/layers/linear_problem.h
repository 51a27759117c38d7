/* SPDX-License-Identifier: Apache-2.0 */
/* One linear layer on the device against the reference: everything forward and backward. */
#ifndef ARD_TEST_LINEAR_PROBLEM_H
#define ARD_TEST_LINEAR_PROBLEM_H

#include <stdbool.h>
#include <stdint.h>

#include <ard/linear.h>

typedef struct linear_problem {
    ard_linear linear;
    bool bias;
    bool in_place; /* diff_pre is diff_dst */
    uint64_t seed; /* of values, offsets and gaps */
} linear_problem;

/* Runs the four calls of the layer on random values in guarded matrices and compares each with the
 * reference. Weights and bias hold canaries wherever they are dropped, and the padding of compact
 * weights too, so that reading one shows; weights that the caller is to mask hold zeros. Compact
 * weights lie, and the gradient of the weights is looked for, where <ard/tile.h> says. */
void check_linear(ard_context *context, const linear_problem *problem);

#endif
