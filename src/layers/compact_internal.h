/* SPDX-License-Identifier: Apache-2.0 */
/* Compaction for the layers, whose own checks have covered the matrices. */
#ifndef ARD_COMPACT_INTERNAL_H
#define ARD_COMPACT_INTERNAL_H

#include <ard/compact.h>

/* ard_compact without a check of the matrices and without an event. */
ard_status ard__compact(ard_context *context, size_t rows, size_t cols,
                        const ard_pattern *row_pattern, const ard_pattern *col_pattern,
                        const ard_matrix *src, const ard_matrix *dst);

#endif
