/* SPDX-License-Identifier: Apache-2.0 */
/* What the device computes, once more: in double precision, by the definition, without any thought
 * of speed.
 *
 * Matrices are contiguous host arrays of doubles, row-major, shaped as the operation's header says
 * (<ard/linear.h>, <ard/compact.h>, <ard/loss.h>). A `magnitude` array has the shape of the result
 * and gets, for each element, the sum of the absolute values that were added up for it: a result in
 * float32 may differ by c * k * eps of that. Any magnitude may be NULL. */
#ifndef ARD_TEST_REFERENCE_H
#define ARD_TEST_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/linear.h>
#include <ard/pattern.h>

/* The kept units of `width` into `units` (room for `width`, may be NULL); their number. */
size_t reference_kept(const ard_pattern *pattern, size_t width, size_t *units);

/* Patterns may be NULL: everything. */
void reference_compact(size_t rows, size_t cols, const ard_pattern *row_pattern,
                       const ard_pattern *col_pattern, const double *src, double *dst);
void reference_expand(size_t rows, size_t cols, const ard_pattern *row_pattern,
                      const ard_pattern *col_pattern, const double *src, double *dst);

/* Whether a conventional mask over rows of `cols` elements keeps one. NULL keeps all. */
bool reference_mask_keeps(const ard_bernoulli *bernoulli, size_t cols, size_t row, size_t col);

/* dst [batch x kept(out)] of src [batch x kept(in)], weights [out x in], bias [out] or NULL. */
void reference_forward(const ard_linear *linear, const double *src, const double *weights,
                       const double *bias, double *dst, double *magnitude);

/* diff_pre [batch x kept(out)] and, unless NULL, diff_bias [kept(out)]. */
void reference_backward_activation(const ard_linear *linear, const double *dst,
                                   const double *diff_dst, double *diff_pre, double *diff_bias,
                                   double *bias_magnitude);

void reference_backward_data(const ard_linear *linear, const double *diff_pre,
                             const double *weights, double *diff_src, double *magnitude);

void reference_backward_weights(const ard_linear *linear, const double *diff_pre, const double *src,
                                double *diff_weights, double *magnitude);

/* diff_logits may be NULL; totals[0] and totals[1] are added to. A label out of range makes
 * totals[0] NaN and its row of diff_logits zero. */
void reference_loss(size_t batch, size_t classes, const double *logits, const int32_t *labels,
                    double *diff_logits, double totals[2]);

#endif
