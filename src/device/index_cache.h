/* SPDX-License-Identifier: Apache-2.0 */
/* The kept units of recent patterns as index lists on the device.
 *
 * Gathers read the list instead of computing with periods, so that every kind of pattern takes the
 * same path. A list is made by a small kernel when its pattern is first met; the least recently
 * used one gives way. The in-order queue makes reuse safe: a list is overwritten after the commands
 * that read it. */
#ifndef ARD_INDEX_CACHE_H
#define ARD_INDEX_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include <ard/context.h>
#include <ard/pattern.h>

/* More than the row patterns of periods 1..5, so that the common distributions never miss after the
 * first steps. */
enum { ARD__INDEX_SLOTS = 48 };

/* indices[0..count) are the kept units and indices[width..width + count) their classes, unit %
 * classes. */
typedef struct ard__index_list {
    cl_mem buffer;
    size_t count;
    size_t width;
} ard__index_list;

typedef struct ard__index_slot {
    ard__index_list list;
    ard_pattern pattern;
    uint32_t classes; /* 0: the slot is empty */
    size_t bytes;
    uint64_t last_use;
} ard__index_slot;

typedef struct ard__index_cache {
    ard__index_slot slots[ARD__INDEX_SLOTS];
    uint64_t uses;
} ard__index_cache;

/* The list of `pattern` (checked by the caller; NULL: everything) over `width` units, with classes
 * modulo `classes` >= 1. The list is borrowed and stays until ARD__INDEX_SLOTS - 1 other ones have
 * been asked for. */
ard_status ard__index_list_get(ard_context *context, const ard_pattern *pattern, size_t width,
                               uint32_t classes, ard__index_list *list);

void ard__index_cache_clear(ard__index_cache *cache);

#endif
