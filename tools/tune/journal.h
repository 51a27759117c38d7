/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of candidates, kept in a file as it is learned, so that a run that was interrupted
 * can go on.
 *
 * JSON, an object a line: first what the run is about, then for each candidate that it begins and
 * what became of it. The last line may be torn. A candidate that began and came to no end took the
 * process with it; it is not tried again. */
#ifndef ARD_TUNE_JOURNAL_H
#define ARD_TUNE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { JOURNAL_KEY = 1536 };

typedef enum journal_state {
    JOURNAL_BEGUN, /* of an entry that was read: it ended its run */
    JOURNAL_MEASURED,
    JOURNAL_WRONG,  /* differs from double precision */
    JOURNAL_FAILED, /* does not build or run */
    JOURNAL_STATES,
} journal_state;

typedef struct journal_entry {
    char key[JOURNAL_KEY]; /* the engine and all its parameters */
    journal_state state;
    double score; /* of a measured one: time relative to the shipped parameters'; else infinite */
    bool counted; /* among this run's candidates */
} journal_entry;

typedef struct journal {
    char *path;
    FILE *file; /* NULL: nothing is kept */
    journal_entry *entries;
    size_t count;
    size_t capacity;
    size_t read; /* entries that an earlier run left */
} journal;

/* Begins the journal `path` about `identity`, a text, with the folders that are missing. `resume`:
 * the one that is there is read and continued; it must be about the same. The status to end with
 * after a line, or CLI_CONTINUE; journal_close() must follow either way. */
int journal_open(const char *path, const char *identity, bool resume, journal *journal);

/* The entry of a candidate, or NULL. Valid until the next one is added. */
journal_entry *journal_find(const journal *journal, const char *key);

/* Notes that a candidate begins, and what became of it. False when the file cannot be written or
 * there is no memory. */
bool journal_begin(journal *journal, const char *key);
bool journal_end(journal *journal, const char *key, journal_state state, double score);

/* Takes back that a candidate began: the run is interrupted. */
bool journal_forget(journal *journal, const char *key);

/* Closes the file; `finished`: removes it. */
void journal_close(journal *journal, bool finished);

#endif
