/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* Nothing is drawn before the first, and not more often than the second, both in seconds. */
#define FIRST_DRAWN 1.0
#define DRAWN_EVERY 0.1

enum { BAR_COLUMNS = 24, LINE_CAPACITY = 512, DEFAULT_COLUMNS = 80 };

static double monotonic_seconds(void)
{
    struct timespec time = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int terminal_columns(void)
{
    struct winsize size = {0};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : DEFAULT_COLUMNS;
}

static bool on_terminal(void)
{
    const char *term = getenv("TERM");
    return isatty(STDERR_FILENO) != 0 && term != NULL && strcmp(term, "dumb") != 0;
}

void progress_start_on(progress *bar, FILE *stream, double (*now)(void), int columns, bool enabled,
                       const char *label, const char *unit, uint64_t total)
{
    *bar = (progress){.stream = stream,
                      .now = now,
                      .label = label,
                      .unit = unit,
                      .total = total,
                      .columns = columns,
                      .enabled = enabled};
    bar->started = bar->now();
    bar->drawn = bar->started;
}

void progress_start(progress *bar, const char *label, const char *unit, uint64_t total)
{
    const bool enabled = on_terminal();
    progress_start_on(bar, stderr, monotonic_seconds,
                      enabled ? terminal_columns() : DEFAULT_COLUMNS, enabled, label, unit, total);
}

/* "0:07", "12:34", "1:02:03". */
static void format_time(double seconds, char text[32])
{
    const double capped = seconds < 359999.0 ? seconds : 359999.0;
    const unsigned whole = (unsigned)(capped + 0.5);
    if (whole >= 3600) {
        (void)snprintf(text, 32, "%u:%02u:%02u", whole / 3600, whole / 60 % 60, whole % 60);
    } else {
        (void)snprintf(text, 32, "%u:%02u", whole / 60, whole % 60);
    }
}

static void draw(progress *bar, uint64_t done, double elapsed, const char *note)
{
    const double share =
        bar->total == 0 || done >= bar->total ? 1.0 : (double)done / (double)bar->total;
    const double rate = elapsed > 0.0 ? (double)done / elapsed : 0.0;
    const int filled = (int)(share * BAR_COLUMNS);
    char blocks[BAR_COLUMNS + 1];
    for (int i = 0; i < BAR_COLUMNS; i++) {
        blocks[i] = i < filled ? '#' : '.';
    }
    blocks[BAR_COLUMNS] = '\0';
    char left[32] = "-:--";
    if (done > 0) {
        format_time(elapsed * (1.0 - share) / share, left);
    }
    char speed[64] = "";
    if (bar->unit != NULL) {
        (void)snprintf(speed, sizeof speed, "%.*f %s/s  ", rate < 10.0 ? 2 : 0, rate, bar->unit);
    }
    char line[LINE_CAPACITY];
    (void)snprintf(line, sizeof line, "%s [%s] %3d%%  %s%s left  %s", bar->label, blocks,
                   (int)(share * 100.0), speed, left, note != NULL ? note : "");
    /* One column less than the terminal has, so that the cursor never wraps. */
    fprintf(bar->stream, "\r%.*s\033[K", bar->columns > 1 ? bar->columns - 1 : 1, line);
    fflush(bar->stream);
    bar->visible = true;
}

void progress_update(progress *bar, uint64_t done, const char *note)
{
    if (!bar->enabled) {
        return;
    }
    const double now = bar->now();
    if (now - bar->started < FIRST_DRAWN || now - bar->drawn < DRAWN_EVERY) {
        return;
    }
    bar->drawn = now;
    draw(bar, done, now - bar->started, note);
}

void progress_clear(progress *bar)
{
    if (bar->visible) {
        fputs("\r\033[K", bar->stream);
        fflush(bar->stream);
        bar->visible = false;
    }
}

void progress_finish(progress *bar)
{
    progress_clear(bar);
    bar->enabled = false;
}
