/* SPDX-License-Identifier: Apache-2.0 */
/* Which units of a layer a step keeps.
 *
 * A pattern keeps unit j iff the residue j % period is in a set. With one residue it is the paper's
 * row pattern (Song et al., arXiv 1805.08939, section III-A: RDP, with dp = period and b = offset);
 * with more it is a subset pattern. An index pattern has no period: it keeps the units of a list.
 * Patterns are plain values: nothing to free, safe to copy, no device involved. */
#ifndef ARD_PATTERN_H
#define ARD_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/status.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ARD_MAX_PERIOD = 64 };

/* Bit r of `residues` says whether units with j % period == r are kept. 1 <= period <=
 * ARD_MAX_PERIOD; bits from `period` on are zero; at least one bit is set; `indices` is NULL and
 * `count` 0.
 *
 * In an index pattern `indices` has the `count` kept units, strictly increasing, at least one;
 * period and residues are 0. The array is the caller's and must stay as it is while a call uses the
 * pattern. A call copies what it keeps, so the array may change or go once the call is back. */
typedef struct ard_pattern {
    uint32_t period;         /* 0: an index pattern */
    uint64_t residues;       /* a bit a residue */
    const uint32_t *indices; /* NULL, or the kept units */
    uint32_t count;          /* of the indices */
} ard_pattern;

/* The pattern that keeps every unit: {period 1, residues 1}. */
ARD_API ard_pattern ard_pattern_all(void);

/* The row pattern that keeps one unit of every `period`, the one at `offset`. INVALID_PATTERN
 * unless 1 <= period <= ARD_MAX_PERIOD and offset < period. */
ARD_API ard_status ard_pattern_row(uint32_t period, uint32_t offset, ard_pattern *pattern);

/* The subset pattern that keeps the residues whose bits are set. INVALID_PATTERN for a period out
 * of range, an empty set, or a residue at or above the period. */
ARD_API ard_status ard_pattern_subset(uint32_t period, uint64_t residues, ard_pattern *pattern);

/* The index pattern that keeps these units, which it borrows. INVALID_PATTERN unless there is at
 * least one and each is larger than the one before; INVALID_ARGUMENT for NULL. */
ARD_API ard_status ard_pattern_index(const uint32_t *indices, uint32_t count, ard_pattern *pattern);

/* Whether the pattern can be used on `width` units: well-formed, something kept, and period <=
 * width or all indices < width. INVALID_PATTERN with a detail otherwise. */
ARD_API ard_status ard_pattern_check(const ard_pattern *pattern, size_t width);

/* Whether unit `unit` is kept. The pattern must be well-formed. */
ARD_API bool ard_pattern_keeps(const ard_pattern *pattern, size_t unit);

/* Whether it is an index pattern. */
ARD_API bool ard_pattern_is_index(const ard_pattern *pattern);

/* Whether the pattern keeps everything of every width, however it is written. Never so of an index
 * pattern: its list ends. */
ARD_API bool ard_pattern_is_all(const ard_pattern *pattern);

/* Number of residues kept: q, 1 for a row pattern, 0 for an index pattern. */
ARD_API uint32_t ard_pattern_residue_count(const ard_pattern *pattern);

/* The share that the pattern keeps of a width that is a multiple of its period: q / period. 0 for
 * an index pattern, which has no period: its share of a width is count / width. */
ARD_API double ard_pattern_kept_share(const ard_pattern *pattern);

/* Number of units kept of `width`. INVALID_PATTERN as ard_pattern_check. */
ARD_API ard_status ard_pattern_kept_count(const ard_pattern *pattern, size_t width, size_t *count);

/* The kept units of `width`, increasing, into `indices` (room for `capacity`; the caller's own).
 * `*count` gets their number. INVALID_PATTERN as ard_pattern_check; INVALID_ARGUMENT when
 * `capacity` is too small. */
ARD_API ard_status ard_pattern_kept_indices(const ard_pattern *pattern, size_t width,
                                            uint32_t *indices, size_t capacity, size_t *count);

#ifdef __cplusplus
}
#endif

#endif
