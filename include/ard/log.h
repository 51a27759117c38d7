/* SPDX-License-Identifier: Apache-2.0 */
/* Seeing what happens: one line for each call that works on the device.
 *
 * The environment variable ARD_VERBOSE=1|2 prints such lines to stderr, and an application that
 * keeps a log of its own gets them by a function (ard_context_options.log). docs/verbose.md lists
 * the lines and their fields.
 *
 * Level 1 tells what the application called: one line an operation, that of a whole step of a
 * network included. Level 2 adds the commands on the device that each operation consists of, the
 * programs that are built and the choice of the tuning. */
#ifndef ARD_LOG_H
#define ARD_LOG_H

#include <ard/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a line tells of. */
typedef enum ard_log_kind {
    ARD_LOG_INFO = 0,    /* a context was made */
    ARD_LOG_EXEC = 1,    /* an operation was computed */
    ARD_LOG_ERROR = 2,   /* an operation failed */
    ARD_LOG_COMMAND = 3, /* level 2: a command on the device was run */
    ARD_LOG_BUILD = 4,   /* level 2: a program was built or loaded */
    ARD_LOG_TUNING = 5,  /* level 2: where the tuning is from; level 1: a file that is refused */
} ard_log_kind;

/* One line, and its fields. Texts contain no comma and no line break; one that a kind does not have
 * is "-". All of it is libard's and lives until the function that gets it returns. */
typedef struct ard_log_entry {
    ard_log_kind kind;     /* which of the fields below it has */
    const char *line;      /* everything as ARD_VERBOSE prints it, without the end of line */
    const char *device;    /* "P:D" */
    const char *operation; /* EXEC, ERROR, COMMAND: the call without "ard_", "linear_forward" */
    const char *shape;     /* EXEC */
    const char *pattern;   /* EXEC */
    const char *engine;    /* EXEC: what multiplied */
    const char *part;      /* COMMAND: the operation inside the operation that it belongs to */
    const char *name;      /* COMMAND: as in profile.h; BUILD: the source; INFO: the device's */
    const char *detail;    /* ERROR, TUNING: what was wrong or chosen; INFO: the version of libard;
                              BUILD: the options */
    ard_status status;     /* ERROR */
    double flops;          /* COMMAND: as in profile.h */
    double bytes;          /* likewise */
    double milliseconds;   /* EXEC, COMMAND: on the device, BUILD: on the host; NaN: not known */
} ard_log_entry;

/* What gets the lines of a context, one call a line, in the thread that calls libard with the
 * context: contexts in several threads call it at the same time. It must not call libard with that
 * context, nor destroy it. */
typedef void (*ard_log_function)(const ard_log_entry *entry, void *user);

/* Zero-initialised: nothing is logged. */
typedef struct ard_log {
    ard_log_function function; /* NULL with level 0 alone */
    void *user;                /* handed to the function */
    int level;                 /* 0: nothing, 1 or 2 */
} ard_log;

#ifdef __cplusplus
}
#endif

#endif
