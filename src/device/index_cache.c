/* SPDX-License-Identifier: Apache-2.0 */
#include "device/index_cache.h"

#include <stdlib.h>
#include <string.h>

#include "device/context_internal.h"
#include "device/index_runs.h"
#include "patterns/pattern_internal.h"
#include "patterns/unit_order.h"

bool ard__index_key_equal(const ard__index_key *a, const ard__index_key *b)
{
    return a->width == b->width && a->axis.edge == b->axis.edge && a->axis.step == b->axis.step &&
           a->axis.first == b->axis.first && a->axis.shift == b->axis.shift &&
           a->axis.groups == b->axis.groups && a->classes.units == b->classes.units &&
           a->classes.edge == b->classes.edge && a->classes.tiles == b->classes.tiles &&
           a->stride == b->stride && ard__pattern_equal(&a->pattern, &b->pattern);
}

/* The slot that holds the list, or else the one to overwrite. */
static ard__index_slot *find_slot(ard__index_cache *cache, const ard__index_key *key)
{
    ard__index_slot *oldest = &cache->slots[0];
    for (size_t i = 0; i < ARD__INDEX_SLOTS; ++i) {
        ard__index_slot *slot = &cache->slots[i];
        if (ard__index_key_equal(&slot->key, key)) {
            return slot;
        }
        if (slot->last_use < oldest->last_use) {
            oldest = slot;
        }
    }
    return oldest;
}

/* Words of a list before its runs. */
static size_t list_words(const ard__index_key *key, const ard__index_list *list)
{
    return ard__tile_axis_is_plain(&key->axis) ? 2 * list->count
                                               : 3 * list->count + list->kept + list->groups;
}

static ard_status reserve_slot(ard_context *context, ard__index_slot *slot, size_t bytes)
{
    if (slot->bytes >= bytes) {
        return ARD_STATUS_SUCCESS;
    }
    cl_mem buffer = NULL;
    ARD_TRY(ard__buffer_create(context, bytes, &buffer));
    if (slot->list.buffer != NULL) {
        clReleaseMemObject(slot->list.buffer);
    }
    slot->list.buffer = buffer;
    slot->bytes = bytes;
    return ARD_STATUS_SUCCESS;
}

/* The list of a plain axis whose units lie with a stride. */
static void write_strided(const ard__index_key *key, const ard__index_list *list, uint32_t *words)
{
    uint32_t *classes = words + ard__index_classes_at(list);
    size_t at = 0;
    for (uint32_t residue = 0; residue < key->stride; ++residue) {
        for (size_t unit = residue; unit < key->width; unit += key->stride) {
            if (ard_pattern_keeps(&key->pattern, unit)) {
                words[at] = (uint32_t)ard__unit_place(key->stride, key->width, unit);
                classes[at++] = ard__unit_class(&key->classes, unit);
            }
        }
    }
}

static void write_list(const ard__index_key *key, const ard__index_list *list, uint32_t *words)
{
    if (key->stride > 1) {
        write_strided(key, list, words);
        return;
    }
    const bool plain = ard__tile_axis_is_plain(&key->axis);
    uint32_t *classes = words + ard__index_classes_at(list);
    uint32_t *compact = plain ? NULL : words + ard__index_compact_at(list);
    ard__tile_axis_units(&key->axis, &key->pattern, key->width, list->stride, words, compact);
    for (size_t i = 0; i < list->count; ++i) {
        classes[i] = words[i] != ARD__INDEX_NONE ? ard__unit_class(&key->classes, words[i]) : 0;
    }
    if (plain) {
        return;
    }
    uint32_t *places = words + ard__index_places_at(list);
    memcpy(words + ard__index_sizes_at(list), list->sizes, list->groups * sizeof *words);
    memset(places, 0xff, list->kept * sizeof *places);
    for (size_t i = 0; i < list->count; ++i) {
        if (compact[i] != ARD__INDEX_NONE) {
            places[compact[i]] = (uint32_t)i;
        }
    }
}

/* The sizes of the groups, in the slot. */
static ard_status measure_groups(ard__index_slot *slot, const ard__index_key *key, size_t groups)
{
    uint32_t *sizes = realloc(slot->sizes, groups * sizeof *sizes);
    if (sizes == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for the sizes of %zu groups",
                         groups);
    }
    slot->sizes = sizes;
    for (uint32_t q = 0; q < groups; ++q) {
        sizes[q] = (uint32_t)ard__tile_axis_group_size(&key->axis, &key->pattern, key->width, q);
    }
    return ARD_STATUS_SUCCESS;
}

/* Makes the key the slot's, with indices of its own. */
static ard_status keep_key(ard__index_slot *slot, const ard__index_key *key)
{
    const size_t bytes = key->pattern.count * sizeof *slot->indices;
    if (bytes > 0) {
        uint32_t *indices = realloc(slot->indices, bytes);
        if (indices == NULL) {
            return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for %u indices",
                             key->pattern.count);
        }
        memcpy(indices, key->pattern.indices, bytes);
        slot->indices = indices;
    }
    slot->key = *key;
    slot->key.pattern.indices = bytes > 0 ? slot->indices : NULL;
    return ARD_STATUS_SUCCESS;
}

/* Average length of runs that makes them faster than single columns. */
enum { SHORTEST_RUN = 8, RUN_WORDS = sizeof(ard__index_run) / sizeof(uint32_t) };

/* Adds the runs behind the list's words where they serve. */
static void add_runs(const ard_context *context, uint32_t *words, ard__index_list *list)
{
    const uint32_t *classes = words + ard__index_classes_at(list);
    if (context->vector_width == 1 || list->count < SHORTEST_RUN) {
        return;
    }
    const size_t count = ard__index_runs_count(words, classes, list->groups, list->stride);
    if (count * SHORTEST_RUN <= list->stride) {
        list->run_count = count;
        ard__index_runs_list(words, classes, list->groups, list->stride, count,
                             (ard__index_run *)(words + list->runs_at));
    }
}

static ard_status fill_slot(ard_context *context, ard__index_slot *slot, const ard__index_key *key)
{
    ard__index_list list = {.groups = key->axis.groups,
                            .stride = ard__tile_axis_stride(&key->axis, &key->pattern, key->width),
                            .kept = ard__pattern_count(&key->pattern, key->width)};
    list.count = list.groups * list.stride;
    if (list.count >= UINT32_MAX / 4) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "%u groups of %zu units are too many to number with 32 bits",
                         key->axis.groups, list.stride);
    }
    slot->key.width = 0;
    if (!ard__tile_axis_is_plain(&key->axis)) {
        ARD_TRY(measure_groups(slot, key, list.groups));
        list.sizes = slot->sizes;
    }
    list.runs_at = list_words(key, &list);
    const size_t most_runs = list.groups * (list.stride / SHORTEST_RUN);
    void *words = NULL;
    ARD_TRY(ard__upload_begin(context, (list.runs_at + most_runs * RUN_WORDS) * sizeof(uint32_t),
                              &words));
    write_list(key, &list, words);
    add_runs(context, words, &list);
    const size_t bytes =
        (list.runs_at + list.groups * list.run_count * RUN_WORDS) * sizeof(uint32_t);
    ARD_TRY(reserve_slot(context, slot, bytes));
    list.buffer = slot->list.buffer;
    ARD_TRY(ard__upload_send(context, bytes, list.buffer, 0));
    slot->list = list;
    return keep_key(slot, key);
}

ard__index_key ard__index_key_plain(const ard_pattern *pattern, size_t width)
{
    return (ard__index_key){.pattern = pattern != NULL ? *pattern : ard_pattern_all(),
                            .width = width,
                            .axis = ard__tile_axis_plain(),
                            .classes = {.units = 1, .edge = 1, .tiles = 1},
                            .stride = 1};
}

bool ard__index_key_has_runs(const ard_context *context, const ard__index_key *key)
{
    return context->vector_width > 1 && ard_pattern_is_all(&key->pattern) &&
           (ard__tile_axis_is_plain(&key->axis) || key->axis.edge >= context->vector_width);
}

ard_status ard__index_list_get(ard_context *context, const ard__index_key *key,
                               ard__index_list *list)
{
    ard__index_slot *slot = find_slot(&context->indices, key);
    if (!ard__index_key_equal(&slot->key, key)) {
        ARD_TRY(fill_slot(context, slot, key));
    }
    slot->last_use = ++context->indices.uses;
    *list = slot->list;
    return ARD_STATUS_SUCCESS;
}

void ard__index_cache_clear(ard__index_cache *cache)
{
    for (size_t i = 0; i < ARD__INDEX_SLOTS; ++i) {
        if (cache->slots[i].list.buffer != NULL) {
            clReleaseMemObject(cache->slots[i].list.buffer);
        }
        free(cache->slots[i].indices);
        free(cache->slots[i].sizes);
    }
    *cache = (ard__index_cache){0};
}
