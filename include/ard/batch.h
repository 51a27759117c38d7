/* SPDX-License-Identifier: Apache-2.0 */
/* Taking a shuffled batch out of a data set that lives on the device. */
#ifndef ARD_BATCH_H
#define ARD_BATCH_H

#include <stddef.h>

#include <ard/context.h>
#include <ard/loss.h>
#include <ard/matrix.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Row i of dst [batch x width] and label i of dst_labels get row and label order[first + i] of the
 * data set, src [samples x width] and src_labels [samples]. `order` holds uint32 sample numbers
 * (see ard_sample_order); one at or above `samples` yields a row of zeros and label -1. Does not
 * block. */
ARD_API ard_status ard_batch_gather(ard_context *context, size_t batch, size_t width,
                                    size_t samples, const ard_matrix *src,
                                    const ard_labels *src_labels, cl_mem order, size_t first,
                                    const ard_matrix *dst, const ard_labels *dst_labels,
                                    cl_event *event);

#ifdef __cplusplus
}
#endif

#endif
