/* SPDX-License-Identifier: Apache-2.0 */
/* Counting without checks, for patterns that were checked. */
#ifndef ARD_PATTERN_INTERNAL_H
#define ARD_PATTERN_INTERNAL_H

#include <ard/pattern.h>

/* Units kept of the first `width`. */
size_t ard__pattern_count(const ard_pattern *pattern, size_t width);

#endif
