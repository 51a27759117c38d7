/* SPDX-License-Identifier: Apache-2.0 */
/* Counting and comparing without checks, for patterns that were checked. */
#ifndef ARD_PATTERN_INTERNAL_H
#define ARD_PATTERN_INTERNAL_H

#include <ard/pattern.h>

/* Units kept of the first `width`. */
size_t ard__pattern_count(const ard_pattern *pattern, size_t width);

/* The kept units of first..end-1, increasing, into `units`; their number is returned. */
size_t ard__pattern_list(const ard_pattern *pattern, size_t first, size_t end, uint32_t *units);

/* Whether they are written alike; indices are compared, not their addresses. */
bool ard__pattern_equal(const ard_pattern *a, const ard_pattern *b);

#endif
