/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of ard/log.h: who gets them, and what has to be known before one can be written.
 *
 * The line of an operation comes when its commands have completed. Until then they are pending, in
 * the order in which they were enqueued; whenever libard is called, those that have completed are
 * settled. Nothing waits for them. */
#ifndef ARD_LOG_INTERNAL_H
#define ARD_LOG_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include <ard/log.h>

#include "device/profile_internal.h"

/* Commands and operations that are pending at the most. Where there are more, the oldest are
 * settled without their times. */
enum { ARD__LOG_MOST_PENDING = 1 << 16 };

/* Operations inside operations whose names are known. */
enum { ARD__LOG_MOST_NAMES = 8 };

/* What is said of an operation. */
typedef struct ard__description {
    const char *operation;
    char shape[160];
    char pattern[384];
    char engine[40];
} ard__description;

/* A command, or (no name) the end of an operation. */
typedef struct ard__pending {
    const char *operation; /* NULL of a command: enqueued outside of any */
    const char *part;
    const char *name;
    ard__work work;
    cl_event event;
    cl_event after;                /* the second of two markers, or NULL */
    ard__description *description; /* of an operation that succeeded */
} ard__pending;

typedef struct ard__log {
    ard_log sinks[2]; /* of the environment and of the application */
    int level;        /* the higher of theirs */
    const char *device;
    bool timed;                             /* the queue measures times, and means them */
    const char *names[ARD__LOG_MOST_NAMES]; /* of the operations that are going on, the outermost
                                              first */
    size_t depth;                           /* how many these are */
    ard__description described;             /* the outermost one */
    ard__pending *pending; /* [capacity]; those from `first` to `end` are pending */
    size_t first;
    size_t end;
    size_t capacity;
    double milliseconds; /* of the commands settled so far of the operation that is next to end */
} ard__log;

/* Whether a context with these options logs. INVALID_ARGUMENT for another ARD_VERBOSE or level than
 * theirs. */
ard_status ard__log_wanted(const ard_context_options *options, bool *wanted);

/* The log of a context whose queue and device are known; without one where nothing is logged. */
ard_status ard__log_create(ard_context *context, const ard_context_options *options);

/* Settles what is pending, waiting for it (`wait`) or without times, and frees the log. */
void ard__log_destroy(ard_context *context, bool wait);

/* Gives an entry to the sinks of at least this level, its line being "ard,KIND,DEVICE," and what
 * the format makes. */
void ard__log_write(const ard__log *log, int level, const ard_log_entry *entry, const char *format,
                    ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 4, 5)))
#endif
    ;

/* Without a log, these do nothing. */
void ard__log_info(const ard_context *context);
void ard__log_tuning(const ard_context *context, const char *choice, const char *detail);
void ard__log_build(const ard_context *context, const char *source, const char *options,
                    const char *cache, double milliseconds);

/* A text as a field: without commas and line breaks, "-" for an empty one, cut where it is longer.
 * Returns `field`. */
const char *ard__log_field(char *field, size_t capacity, const char *text);

typedef char ard__log_number[32];

/* A number as snprintf wrote it, with a dot for what the application's locale has for one: a comma
 * would end the field. Returns `number`. */
const char *ard__log_plain(char *number);

/* Milliseconds as all lines have them, or "-" for NaN. Returns `text`. */
const char *ard__log_time(double milliseconds, ard__log_number text);

/* Adds to the pending ones, retaining the events. */
void ard__log_command(ard_context *context, cl_event event, cl_event after, const char *name,
                      const ard__work *work);

/* Adds the end of an operation, with its description (NULL: it failed), and settles. */
void ard__log_end(ard__log *log, const ard__description *description);

/* Settles what has completed. */
void ard__log_settle(ard__log *log);

/* That an engine multiplies in the operation that is going on. */
void ard__log_engine(ard_context *context, const char *name);

#endif
