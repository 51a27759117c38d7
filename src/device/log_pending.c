/* SPDX-License-Identifier: Apache-2.0 */
/* What has been enqueued and is to be logged when it has completed. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/context_internal.h"
#include "device/log_internal.h"

enum { FIRST_CAPACITY = 256 };

/* A long operation settles what it can after so many commands. */
enum { SETTLE_EVERY = 1024 };

static bool has_completed(const ard__pending *pending)
{
    cl_int execution = CL_COMPLETE;
    const cl_event last = pending->after != NULL ? pending->after : pending->event;
    /* A failed command's status is negative. */
    return last == NULL ||
           clGetEventInfo(last, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof execution, &execution,
                          NULL) != CL_SUCCESS ||
           execution <= CL_COMPLETE;
}

static void log_command(const ard__log *log, const ard__pending *pending, double milliseconds)
{
    ard__log_number time;
    const ard_log_entry entry = {
        .kind = ARD_LOG_COMMAND,
        .operation = pending->operation != NULL ? pending->operation : "-",
        .part = pending->part != NULL ? pending->part : "-",
        .name = pending->name,
        .flops = pending->work.flops,
        .bytes = pending->work.bytes,
        .milliseconds = milliseconds,
    };
    ard__log_write(log, 2, &entry, "%s,%s,%s,%.0f,%.0f,%s", entry.operation, entry.part, entry.name,
                   entry.flops, entry.bytes, ard__log_time(milliseconds, time));
}

static void settle_command(ard__log *log, const ard__pending *pending)
{
    uint64_t nanoseconds = 0;
    const bool known =
        log->timed && has_completed(pending) &&
        ard__profile_time(pending->event, pending->after, &nanoseconds) == CL_SUCCESS;
    const double milliseconds = known ? (double)nanoseconds * 1e-6 : NAN;
    if (pending->operation != NULL) {
        log->milliseconds += milliseconds;
    }
    if (log->level >= 2) {
        log_command(log, pending, milliseconds);
    }
    clReleaseEvent(pending->event);
    if (pending->after != NULL) {
        clReleaseEvent(pending->after);
    }
}

static void settle_end(ard__log *log, const ard__pending *pending)
{
    ard__description *description = pending->description;
    const double milliseconds = log->timed ? log->milliseconds : NAN;
    log->milliseconds = 0.0;
    if (description != NULL) {
        ard__log_number time;
        const ard_log_entry entry = {
            .kind = ARD_LOG_EXEC,
            .operation = description->operation,
            .shape = description->shape,
            .pattern = description->pattern,
            .engine = description->engine,
            .milliseconds = milliseconds,
        };
        ard__log_write(log, 1, &entry, "%s,%s,%s,%s,%s", entry.operation, entry.shape,
                       entry.pattern, entry.engine, ard__log_time(milliseconds, time));
        free(description);
    }
}

static void settle_first(ard__log *log)
{
    const ard__pending first = log->pending[log->first++];
    if (first.name != NULL) {
        settle_command(log, &first);
    } else {
        settle_end(log, &first);
    }
}

void ard__log_settle(ard__log *log)
{
    while (log->first < log->end && has_completed(&log->pending[log->first])) {
        settle_first(log);
    }
}

/* Moves what is pending to the beginning, and makes room for one more. */
static bool make_room(ard__log *log)
{
    if (log->end < log->capacity) {
        return true;
    }
    const size_t count = log->end - log->first;
    if (log->first > 0) {
        memmove(log->pending, log->pending + log->first, count * sizeof *log->pending);
        log->first = 0;
        log->end = count;
    }
    if (count <= log->capacity / 2 && log->capacity > 0) {
        return true;
    }
    const size_t capacity = log->capacity > 0 ? 2 * log->capacity : FIRST_CAPACITY;
    ard__pending *grown = realloc(log->pending, capacity * sizeof *grown);
    if (grown == NULL) {
        return log->end < log->capacity;
    }
    log->pending = grown;
    log->capacity = capacity;
    return true;
}

static void release(const ard__pending *pending)
{
    if (pending->event != NULL) {
        clReleaseEvent(pending->event);
    }
    if (pending->after != NULL) {
        clReleaseEvent(pending->after);
    }
    free(pending->description);
}

/* Takes over the events and the description. Where there is no room, the oldest are settled without
 * their times; without any host memory the line is lost. */
static void push(ard__log *log, const ard__pending *pending)
{
    if (log->end - log->first >= ARD__LOG_MOST_PENDING) {
        settle_first(log);
    }
    while (!make_room(log) && log->first < log->end) {
        settle_first(log);
    }
    if (log->end < log->capacity) {
        log->pending[log->end++] = *pending;
        return;
    }
    /* Nothing is pending before it. */
    if (pending->operation != NULL) {
        log->milliseconds = NAN;
    } else if (pending->name == NULL) {
        log->milliseconds = 0.0;
    }
    release(pending);
}

void ard__log_command(ard_context *context, cl_event event, cl_event after, const char *name,
                      const ard__work *work)
{
    ard__log *log = context->log;
    const size_t innermost =
        log->depth < ARD__LOG_MOST_NAMES ? log->depth : (size_t)ARD__LOG_MOST_NAMES;
    const ard__pending pending = {
        .operation = log->depth > 0 ? log->names[0] : NULL,
        .part = innermost > 1 ? log->names[innermost - 1] : NULL,
        .name = name,
        .work = *work,
        .event = event,
        .after = after,
    };
    clRetainEvent(event);
    if (after != NULL) {
        clRetainEvent(after);
    }
    push(log, &pending);
    if ((log->end - log->first) % SETTLE_EVERY == 0) {
        ard__log_settle(log);
    }
}

void ard__log_end(ard__log *log, const ard__description *description)
{
    ard__pending pending = {.description = NULL};
    if (description != NULL) {
        pending.description = malloc(sizeof *description);
    }
    if (pending.description != NULL) {
        *pending.description = *description;
    }
    push(log, &pending);
    ard__log_settle(log);
}

void ard__log_destroy(ard_context *context, bool wait)
{
    ard__log *log = context->log;
    if (log == NULL) {
        return;
    }
    if (wait && log->first < log->end) {
        clFinish(context->queue);
    }
    while (log->first < log->end) {
        settle_first(log);
    }
    free(log->pending);
    free(log);
    context->log = NULL;
}
