/* SPDX-License-Identifier: Apache-2.0 */
/* One line of progress on a terminal: a bar, how much is done, the rate, the time left, and a note.
 *
 *     progress bar;
 *     progress_start(&bar, "epoch 1", "samples", 60000);
 *     for (...) {
 *         progress_update(&bar, done, "loss 0.312");
 *     }
 *     progress_finish(&bar);
 *
 * It is drawn on stderr, only when that is a terminal, not in the first second, and at most ten
 * times a second, so that calling progress_update() often costs little. In a pipe it prints
 * nothing. */
#ifndef ARD_PROGRESS_H
#define ARD_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Treat as opaque; plain so that it needs no allocation. `label` and `unit` must outlive it. */
typedef struct progress {
    FILE *stream;
    double (*now)(void); /* seconds of a monotonic clock */
    const char *label;
    const char *unit;
    uint64_t total;
    double started;
    double drawn; /* when the line was last drawn */
    int columns;  /* width of the terminal */
    bool enabled;
    bool visible; /* a line is on the screen */
} progress;

/* Starts on stderr. `total` is the amount that makes 100 %, in `unit`s (plural, such as "samples");
 * NULL: no rate is shown. */
void progress_start(progress *bar, const char *label, const char *unit, uint64_t total);

/* `done` of the total is done. `note` (may be NULL) stands at the end of the line. */
void progress_update(progress *bar, uint64_t done, const char *note);

/* Wipes the line, so that what is printed next starts on a clean one. */
void progress_clear(progress *bar);

/* Wipes the line and stops drawing. May be called twice. */
void progress_finish(progress *bar);

/* progress_start() with stream, clock, width and visibility given, for tests. */
void progress_start_on(progress *bar, FILE *stream, double (*now)(void), int columns, bool enabled,
                       const char *label, const char *unit, uint64_t total);

#endif
