/* SPDX-License-Identifier: Apache-2.0 */
/* The loss of a part of a batch. */
#ifndef ARD_LOSS_INTERNAL_H
#define ARD_LOSS_INTERNAL_H

#include <ard/loss.h>

/* The two kernels: one work-item a row with vectors for CPUs (cl/loss.cl), several work-items a row
 * for GPUs (cl/loss_lanes.cl). Both run everywhere. */
typedef enum ard__softmax_kernel { ARD__SOFTMAX_VECTORS, ARD__SOFTMAX_LANES } ard__softmax_kernel;

/* ard_softmax_cross_entropy of `rows` samples of a batch of `batch`, by which the gradient is
 * divided. The arguments are good. */
ard_status ard__softmax_cross_entropy(ard_context *context, size_t rows, size_t batch,
                                      size_t classes, const ard_matrix *logits,
                                      const ard_labels *labels, const ard_matrix *diff_logits,
                                      const ard_matrix *totals);

/* The same by one of the kernels, whichever suits the device. */
ard_status ard__softmax_cross_entropy_by(ard_context *context, ard__softmax_kernel kernel,
                                         size_t rows, size_t batch, size_t classes,
                                         const ard_matrix *logits, const ard_labels *labels,
                                         const ard_matrix *diff_logits, const ard_matrix *totals);

#endif
