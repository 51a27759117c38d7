/* SPDX-License-Identifier: Apache-2.0 */
#include "device/index_cache.h"

#include "device/context_internal.h"
#include "device/launch.h"

static bool holds(const ard__index_slot *slot, const ard_pattern *pattern, size_t width,
                  uint32_t classes)
{
    return slot->classes == classes && slot->list.width == width &&
           slot->pattern.period == pattern->period && slot->pattern.residues == pattern->residues;
}

/* The slot that holds the list, or else the one to overwrite. */
static ard__index_slot *find_slot(ard__index_cache *cache, const ard_pattern *pattern, size_t width,
                                  uint32_t classes)
{
    ard__index_slot *oldest = &cache->slots[0];
    for (size_t i = 0; i < ARD__INDEX_SLOTS; ++i) {
        ard__index_slot *slot = &cache->slots[i];
        if (holds(slot, pattern, width, classes)) {
            return slot;
        }
        if (slot->last_use < oldest->last_use) {
            oldest = slot;
        }
    }
    return oldest;
}

static ard_status fill_slot(ard_context *context, ard__index_slot *slot, const ard_pattern *pattern,
                            size_t width, uint32_t classes)
{
    size_t count = 0;
    ARD_TRY(ard_pattern_kept_count(pattern, width, &count));
    slot->classes = 0;
    const size_t bytes = 2 * width * sizeof(cl_uint);
    if (slot->bytes < bytes) {
        cl_mem buffer = NULL;
        ARD_TRY(ard__buffer_create(context, bytes, &buffer));
        if (slot->list.buffer != NULL) {
            clReleaseMemObject(slot->list.buffer);
        }
        slot->list.buffer = buffer;
        slot->bytes = bytes;
    }
    ard__launch launch;
    ARD_TRY(ard__launch_begin(context, ARD__KERNEL_INDICES, &launch));
    ard__launch_uint(&launch, pattern->period);
    ard__launch_ulong(&launch, pattern->residues);
    ard__launch_uint(&launch, ard_pattern_residue_count(pattern));
    ard__launch_uint(&launch, (cl_uint)count);
    ard__launch_uint(&launch, (cl_uint)width);
    ard__launch_uint(&launch, classes);
    ard__launch_buffer(&launch, slot->list.buffer);
    ARD_TRY(ard__launch_1d(&launch, count));
    slot->list.count = count;
    slot->list.width = width;
    slot->pattern = *pattern;
    slot->classes = classes;
    return ARD_STATUS_SUCCESS;
}

ard_status ard__index_list_get(ard_context *context, const ard_pattern *pattern, size_t width,
                               uint32_t classes, ard__index_list *list)
{
    const ard_pattern all = ard_pattern_all();
    const ard_pattern *wanted = pattern != NULL ? pattern : &all;
    ard__index_slot *slot = find_slot(&context->indices, wanted, width, classes);
    if (!holds(slot, wanted, width, classes)) {
        ARD_TRY(fill_slot(context, slot, wanted, width, classes));
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
    }
    *cache = (ard__index_cache){0};
}
