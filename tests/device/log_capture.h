/* SPDX-License-Identifier: Apache-2.0 */
/* Contexts that log into memory. */
#ifndef ARD_TEST_LOG_CAPTURE_H
#define ARD_TEST_LOG_CAPTURE_H

#include <stddef.h>

#include <ard/context.h>

enum { CAPTURE_MOST = 4096, CAPTURE_LINE = 512 };

typedef struct captured {
    ard_log_kind kind;
    char line[CAPTURE_LINE];
    char operation[64];
    double milliseconds;
} captured;

typedef struct capture {
    captured entries[CAPTURE_MOST];
    size_t count;
} capture;

/* A context on the default device, or on `queue`, that logs into new memory, `*into`. */
ard_context *capture_context(int level, cl_command_queue queue, capture **into);

/* Destroys the context and then the memory. */
void capture_destroy(ard_context *context, capture *into);

/* Forgets what came so far. */
void capture_clear(capture *into);

/* The entry of a kind, counted from 0; the test fails where there are no more. */
const captured *capture_get(const capture *from, ard_log_kind kind, size_t index);

/* How many there are of a kind. */
size_t capture_count(const capture *from, ard_log_kind kind);

/* Commas of a line, and one. */
size_t capture_fields(const char *line);

/* Fails unless every line begins as its kind does and has the number of fields that docs/verbose.md
 * says. */
void assert_well_formed(const capture *from);

/* Fails unless the line is `head` and a time behind it. */
void assert_timed_line(const char *line, const char *head);

/* Fails unless each operation has come behind its commands and its time is theirs (level 2). */
void assert_adds_up(const capture *from);

#endif
