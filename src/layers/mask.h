/* SPDX-License-Identifier: Apache-2.0 */
/* Conventional masks in launches. */
#ifndef ARD_MASK_H
#define ARD_MASK_H

#include <ard/linear.h>

#include "device/launch.h"

/* The rate of a mask, and whether it covers at most 2^34 elements. */
ard_status ard__mask_check(const ard_bernoulli *mask, size_t rows, size_t cols);

/* The arguments that the kernels with a mask take one after another. */
void ard__add_mask(ard__launch *launch, const ard_bernoulli *mask);

/* Work-items that a row of `cols` elements takes in those kernels. */
size_t ard__mask_items(const ard_context *context, size_t cols);

/* dst [rows x cols] = scale * mask * src; they may be one. */
ard_status ard__mask(ard_context *context, size_t rows, size_t cols, float scale,
                     const ard_bernoulli *mask, const ard_matrix *src, const ard_matrix *dst);

#endif
