/* SPDX-License-Identifier: Apache-2.0 */
#include "device/memory_count.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "core/status_internal.h"

/* Drivers call back from threads of their own. */
struct ard__memory_count {
    atomic_size_t now;
    atomic_size_t peak;
    atomic_size_t holders; /* the context and every buffer */
};

/* What the driver gives back when it frees a buffer. */
typedef struct counted {
    ard__memory_count *count;
    size_t bytes;
} counted;

ard_status ard__memory_count_create(ard__memory_count **count)
{
    ard__memory_count *created = calloc(1, sizeof *created);
    if (created == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for a context");
    }
    atomic_init(&created->holders, 1);
    *count = created;
    return ARD_STATUS_SUCCESS;
}

void ard__memory_count_release(ard__memory_count *count)
{
    if (count != NULL && atomic_fetch_sub(&count->holders, 1) == 1) {
        free(count);
    }
}

static void CL_CALLBACK on_free(cl_mem buffer, void *data)
{
    (void)buffer;
    counted *freed = data;
    atomic_fetch_sub(&freed->count->now, freed->bytes);
    ard__memory_count_release(freed->count);
    free(freed);
}

ard_status ard__memory_count_add(ard__memory_count *count, cl_mem buffer, size_t bytes)
{
    counted *added = malloc(sizeof *added);
    if (added == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for a buffer");
    }
    *added = (counted){count, bytes};
    const cl_int code = clSetMemObjectDestructorCallback(buffer, on_free, added);
    if (code != CL_SUCCESS) {
        free(added);
        return ard__fail_opencl(code, "clSetMemObjectDestructorCallback");
    }
    atomic_fetch_add(&count->holders, 1);
    const size_t now = atomic_fetch_add(&count->now, bytes) + bytes;
    size_t peak = atomic_load(&count->peak);
    while (now > peak && !atomic_compare_exchange_weak(&count->peak, &peak, now)) {
    }
    return ARD_STATUS_SUCCESS;
}

size_t ard__memory_count_now(const ard__memory_count *count)
{
    return atomic_load(&count->now);
}

size_t ard__memory_count_peak(const ard__memory_count *count)
{
    return atomic_load(&count->peak);
}
