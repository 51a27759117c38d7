/* SPDX-License-Identifier: Apache-2.0 */
#include "timing.h"

#include <stdlib.h>
#include <time.h>

double timing_now(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

/* Milliseconds of processors that this process has used. */
static double processors_used(void)
{
    struct timespec used = {0};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return 1e3 * (double)used.tv_sec + 1e-6 * (double)used.tv_nsec;
}

void timing_settle(void)
{
    enum { MOST_WAITS = 200 };
    const struct timespec wait = {.tv_nsec = 2000 * 1000};
    for (int i = 0; i < MOST_WAITS; i++) {
        const double start = timing_now();
        const double used = processors_used();
        nanosleep(&wait, NULL);
        if (processors_used() - used < 0.1 * (timing_now() - start)) {
            return;
        }
    }
}

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

timing_summary timing_summarise(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
    return (timing_summary){
        .median = (values[(count - 1) / 2] + values[count / 2]) / 2,
        .min = values[0],
        .max = values[count - 1],
    };
}
