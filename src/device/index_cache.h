/* SPDX-License-Identifier: Apache-2.0 */
/* The kept units of recent patterns as index lists on the device.
 *
 * Gathers read the list instead of computing with periods and tiles, so that every kind of pattern
 * takes the same path. A list is made on the host when it is first asked for; the least recently
 * used one gives way. The in-order queue makes reuse safe: a list is overwritten after the commands
 * that read it. */
#ifndef ARD_INDEX_CACHE_H
#define ARD_INDEX_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include <ard/context.h>
#include <ard/pattern.h>

#include "patterns/tile_axis.h"
#include "patterns/unit_classes.h"

/* More than the patterns of periods 1..5 on two layers, so that the common distributions never miss
 * after the first steps. */
enum { ARD__INDEX_SLOTS = 128 };

/* What a list is made of. `pattern` was checked against the width; indices that it has are
 * borrowed, but for a slot's own key. */
typedef struct ard__index_key {
    ard_pattern pattern;
    size_t width;
    ard__tile_axis axis;
    ard__unit_classes classes;
    uint32_t stride; /* the order of the units in memory (unit_order.h); 1 where there are tiles */
} ard__index_key;

/* The kept units of all groups, padded to one length: group q has the entries from q * stride on,
 * and ARD__INDEX_NONE behind its last one. In the buffer there are, one after the other,
 *     units    [count]   as their places in memory
 *     classes  [count]   of the units; 0 in the padding
 * and, unless the axis is plain,
 *     compact  [count]   the units' places in the increasing list of all kept ones
 *     places   [kept]    the inverse: where in the groups the k-th kept unit is, or NONE
 *     sizes    [groups]  entries of each group before the padding
 * and last, where they are long enough for a device's vectors,
 *     runs     [groups x run_count]   of four numbers (index_runs.h) */
typedef struct ard__index_list {
    cl_mem buffer;
    size_t groups;
    size_t stride;
    size_t count; /* groups * stride */
    size_t kept;
    const uint32_t *sizes; /* the same on the host, borrowed; NULL where the axis is plain */
    size_t run_count;      /* of a group; 0: there are none */
    size_t runs_at;
} ard__index_list;

typedef struct ard__index_slot {
    ard__index_list list;
    ard__index_key key; /* of width 0: the slot is empty */
    uint32_t *indices;  /* those of the key's pattern: a caller's may change behind their pointer */
    uint32_t *sizes;
    size_t bytes;
    uint64_t last_use;
} ard__index_slot;

typedef struct ard__index_cache {
    ard__index_slot slots[ARD__INDEX_SLOTS];
    uint64_t uses;
} ard__index_cache;

/* The key of a pattern (NULL: everything) without tiles and classes. */
ard__index_key ard__index_key_plain(const ard_pattern *pattern, size_t width);

bool ard__index_key_equal(const ard__index_key *a, const ard__index_key *b);

/* The list of a key, borrowed; it stays until ARD__INDEX_SLOTS - 1 other ones have been asked for.
 */
ard_status ard__index_list_get(ard_context *context, const ard__index_key *key,
                               ard__index_list *list);

/* Whether the list mostly counts up by 1 for the width of the device's vectors at a time, and they
 * are wider than 1: all units are kept, and tiles are not narrower. */
bool ard__index_key_has_runs(const ard_context *context, const ard__index_key *key);

/* Where the list's parts begin in its buffer. */
static inline cl_uint ard__index_classes_at(const ard__index_list *list)
{
    return (cl_uint)list->count;
}

static inline cl_uint ard__index_compact_at(const ard__index_list *list)
{
    return (cl_uint)(2 * list->count);
}

static inline cl_uint ard__index_places_at(const ard__index_list *list)
{
    return (cl_uint)(3 * list->count);
}

static inline cl_uint ard__index_sizes_at(const ard__index_list *list)
{
    return (cl_uint)(3 * list->count + list->kept);
}

void ard__index_cache_clear(ard__index_cache *cache);

#endif
