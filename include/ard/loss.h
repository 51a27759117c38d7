/* SPDX-License-Identifier: Apache-2.0 */
/* Softmax cross-entropy from integer labels. */
#ifndef ARD_LOSS_H
#define ARD_LOSS_H

#include <stddef.h>

#include <ard/context.h>
#include <ard/matrix.h>

#ifdef __cplusplus
extern "C" {
#endif

/* int32 labels at buffer[offset], one a row of the batch. Borrowed. */
typedef struct ard_labels {
    cl_mem buffer; /* of int32, borrowed */
    size_t offset; /* in labels */
} ard_labels;

/* For logits [batch x classes] and labels [batch]:
 *     diff_logits = (softmax(logits) - onehot(label)) / batch
 *     totals[0] += sum over the batch of -ln softmax(logits)[label]
 *     totals[1] += number of rows whose largest logit (the first of equals) is the label's
 * `diff_logits` [batch x classes] is NULL where it is not wanted, and may be logits itself.
 * `totals` is [1 x 2] and the caller's to clear. Sums are taken in a fixed order. A label outside
 * 0..classes-1 makes totals[0] NaN and its row of diff_logits zero. Does not block.
 * INVALID_ARGUMENT, OPENCL. */
ARD_API ard_status ard_softmax_cross_entropy(ard_context *context, size_t batch, size_t classes,
                                             const ard_matrix *logits, const ard_labels *labels,
                                             const ard_matrix *diff_logits,
                                             const ard_matrix *totals, cl_event *event);

#ifdef __cplusplus
}
#endif

#endif
