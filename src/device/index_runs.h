/* SPDX-License-Identifier: Apache-2.0 */
/* Index lists as runs, for devices with vectors: of columns that lie side by side and share their
 * class. */
#ifndef ARD_INDEX_RUNS_H
#define ARD_INDEX_RUNS_H

#include <stddef.h>
#include <stdint.h>

/* As cl/sgd_runs.cl reads it. */
typedef struct ard__index_run {
    uint32_t at;          /* its first entry in the group */
    uint32_t place;       /* of that in memory, or ARD__INDEX_NONE: padding */
    uint32_t length;      /* 0: nothing, behind the last run of a group */
    uint32_t class_index; /* of all its columns */
} ard__index_run;

/* The most runs that a group of a list [groups x stride] has. */
size_t ard__index_runs_count(const uint32_t *units, const uint32_t *classes, size_t groups,
                             size_t stride);

/* Writes `count` runs a group. */
void ard__index_runs_list(const uint32_t *units, const uint32_t *classes, size_t groups,
                          size_t stride, size_t count, ard__index_run *runs);

#endif
