/* SPDX-License-Identifier: Apache-2.0 */
#include "device/profile_internal.h"

#include <stdlib.h>
#include <string.h>

#include "device/log_internal.h"

/* Room for the commands of some training steps before it has to grow. */
enum { FIRST_CAPACITY = 256 };

typedef struct record {
    const char *name;
    ard__work work;
    cl_event event;
    cl_event after; /* the second of two markers, or NULL */
} record;

struct ard__profile {
    record *records;
    size_t count;
    size_t capacity;
    bool cut; /* a record was lost for want of memory */
};

static void release_event(cl_event event)
{
    if (event != NULL) {
        clReleaseEvent(event);
    }
}

void ard__profile_clear(ard_context *context)
{
    struct ard__profile *profile = context->profile;
    if (profile == NULL) {
        return;
    }
    for (size_t i = 0; i < profile->count; ++i) {
        release_event(profile->records[i].event);
        release_event(profile->records[i].after);
    }
    free(profile->records);
    free(profile);
    context->profile = NULL;
    context->recording = context->log != NULL;
}

/* Makes room for one record more. */
static bool grow(struct ard__profile *profile)
{
    if (profile->count < profile->capacity) {
        return true;
    }
    if (profile->capacity > SIZE_MAX / 2 / sizeof *profile->records) {
        return false;
    }
    const size_t capacity = profile->capacity > 0 ? 2 * profile->capacity : FIRST_CAPACITY;
    record *grown = realloc(profile->records, capacity * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    profile->records = grown;
    profile->capacity = capacity;
    return true;
}

void ard__profile_add(ard_context *context, cl_event event, cl_event after, const char *name,
                      const ard__work *work)
{
    struct ard__profile *profile = context->profile;
    if (context->log != NULL) {
        ard__log_command(context, event, after, name, work);
    }
    if (profile == NULL || profile->cut || !grow(profile)) {
        if (profile != NULL) {
            profile->cut = true;
        }
        release_event(event);
        release_event(after);
        return;
    }
    profile->records[profile->count++] = (record){name, *work, event, after};
}

ard_status ard__profile_mark(ard_context *context, cl_event *event)
{
    return context->recording ? ard__give_event(context, event) : ARD_STATUS_SUCCESS;
}

ard_status ard__profile_has_timer(const ard_context *context, bool *has_timer)
{
    size_t resolution = 0;
    const cl_int code = clGetDeviceInfo(context->device, CL_DEVICE_PROFILING_TIMER_RESOLUTION,
                                        sizeof resolution, &resolution, NULL);
    if (code != CL_SUCCESS) {
        return ard__fail_opencl(code, "clGetDeviceInfo");
    }
    *has_timer = resolution > 0;
    return ARD_STATUS_SUCCESS;
}

static ard_status check_timer(const ard_context *context)
{
    bool has_timer = false;
    ARD_TRY(ard__profile_has_timer(context, &has_timer));
    return has_timer ? ARD_STATUS_SUCCESS
                     : ard__fail(ARD_STATUS_UNSUPPORTED,
                                 "the driver of %s measures no times: the resolution of its "
                                 "profiling timer is 0",
                                 context->info.name);
}

ard_status ard_profile_start(ard_context *context)
{
    ARD__CHECK(context != NULL, "ard_profile_start: context is NULL");
    ARD__CHECK(context->profile == NULL, "ard_profile_start: the context is profiled already");
    if (!context->queue_profiling) {
        return ard__fail(ARD_STATUS_UNSUPPORTED,
                         "the context's queue was made without CL_QUEUE_PROFILING_ENABLE, which "
                         "profiling needs; ard_context_options.profiling asks for it");
    }
    ARD_TRY(check_timer(context));
    context->profile = calloc(1, sizeof *context->profile);
    if (context->profile == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for a profile");
    }
    context->recording = true;
    return ARD_STATUS_SUCCESS;
}

/* Between markers, from the end of the first, when everything before it was done, to the end of the
 * second. */
cl_int ard__profile_time(cl_event event, cl_event after, uint64_t *nanoseconds)
{
    const bool marked = after != NULL;
    cl_ulong start = 0;
    cl_ulong end = 0;
    cl_int code = clGetEventProfilingInfo(
        event, marked ? CL_PROFILING_COMMAND_END : CL_PROFILING_COMMAND_START, sizeof start, &start,
        NULL);
    if (code == CL_SUCCESS) {
        code = clGetEventProfilingInfo(marked ? after : event, CL_PROFILING_COMMAND_END, sizeof end,
                                       &end, NULL);
    }
    *nanoseconds = end > start ? end - start : 0;
    return code;
}

/* The entry of a name among the first `*count`, a new one if there is none. */
static ard_profile_entry *find_entry(ard_profile_entry *entries, size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; ++i) {
        if (strcmp(entries[i].name, name) == 0) {
            return &entries[i];
        }
    }
    entries[*count] = (ard_profile_entry){.name = name};
    return &entries[(*count)++];
}

/* The names are those of the kernels and a few more, fewer than ARD_PROFILE_MOST_ENTRIES. */
_Static_assert(ARD__KERNEL_COUNT + 4 <= ARD_PROFILE_MOST_ENTRIES, "entries for all names");

static ard_status summarise(const struct ard__profile *profile,
                            ard_profile_entry entries[ARD_PROFILE_MOST_ENTRIES], size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < profile->count; ++i) {
        const record *record = &profile->records[i];
        uint64_t nanoseconds = 0;
        const cl_int code = ard__profile_time(record->event, record->after, &nanoseconds);
        if (code != CL_SUCCESS) {
            return ard__fail_opencl(code, "clGetEventProfilingInfo");
        }
        ard_profile_entry *entry = find_entry(entries, count, record->name);
        entry->is_multiplication = record->work.is_multiplication;
        entry->launches += 1;
        entry->nanoseconds += nanoseconds;
        entry->flops += record->work.flops;
        entry->bytes += record->work.bytes;
    }
    return ARD_STATUS_SUCCESS;
}

/* Waits and summarises; nothing is dropped. */
static ard_status finish(ard_context *context, ard_profile_entry entries[ARD_PROFILE_MOST_ENTRIES],
                         size_t *count)
{
    ARD_TRY(ard_context_finish(context));
    if (context->profile->cut) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY,
                         "no host memory for a profile of more than %zu launches",
                         context->profile->count);
    }
    return summarise(context->profile, entries, count);
}

ard_status ard_profile_stop(ard_context *context, ard_profile_entry *entries, size_t capacity,
                            size_t *count)
{
    ARD__CHECK(context != NULL && count != NULL, "ard_profile_stop: context or count is NULL");
    ARD__CHECK(entries != NULL || capacity == 0, "ard_profile_stop: entries is NULL");
    ARD__CHECK(context->profile != NULL, "ard_profile_stop: the context is not profiled");
    ard_profile_entry found[ARD_PROFILE_MOST_ENTRIES];
    size_t found_count = 0;
    const ard_status status = finish(context, found, &found_count);
    if (status == ARD_STATUS_SUCCESS) {
        ARD__CHECK(found_count <= capacity,
                   "the profile has %zu entries, and there is room for %zu; "
                   "ARD_PROFILE_MOST_ENTRIES always suffices",
                   found_count, capacity);
        if (found_count > 0) {
            memcpy(entries, found, found_count * sizeof *entries);
        }
        *count = found_count;
    }
    ard__profile_clear(context);
    return status;
}
