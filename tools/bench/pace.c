/* SPDX-License-Identifier: Apache-2.0 */
#include "pace.h"

#include <stdio.h>

#include "measure.h"

double pace_work(const bench_case *kase)
{
    const double passes = (double)(case_baseline_count(kase) * MEASURE_DENSE_PASSES + DRAWS_FEWEST);
    return passes * ((double)kase->repeat + 1) * case_flops(kase, NULL);
}

void pace_begin(pace *pace, size_t count, double work)
{
    *pace = (struct pace){.count = count, .all = work, .started = timing_now()};
}

void pace_next(pace *pace)
{
    pace->number++;
}

void pace_end(pace *pace, double work, bool skipped)
{
    if (skipped) {
        pace->all -= work;
    } else {
        pace->done += work;
    }
}

void pace_describe(const pace *pace, char text[PACE_TEXT])
{
    if (pace->count == 0) {
        text[0] = '\0';
        return;
    }
    const int length = snprintf(text, PACE_TEXT, "case %zu of %zu", pace->number, pace->count);
    if (pace->done > 0 && length < PACE_TEXT) {
        const double elapsed = (timing_now() - pace->started) / 1e3;
        const double seconds = elapsed * (pace->all - pace->done) / pace->done;
        const double minutes = seconds / 60;
        const bool hours = minutes >= 90;
        snprintf(text + length, PACE_TEXT - (size_t)length, ", about %.0f %s left",
                 seconds < 90 ? seconds
                 : hours      ? minutes / 60
                              : minutes,
                 seconds < 90 ? "s"
                 : hours      ? "h"
                              : "min");
    }
}
