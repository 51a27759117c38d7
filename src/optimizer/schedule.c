/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include <ard/sgd.h>

/* Without the warm-up. */
static double rate_at(const ard_schedule *schedule, uint64_t step)
{
    static const double pi = 3.14159265358979323846;
    switch (schedule->kind) {
    case ARD_SCHEDULE_STEP:
        return schedule->rate * pow(schedule->factor, (double)(step / schedule->every));
    case ARD_SCHEDULE_COSINE: {
        const uint64_t t = step < schedule->every ? step : schedule->every;
        const double progress = (double)t / (double)schedule->every;
        return schedule->final_rate +
               (schedule->rate - schedule->final_rate) * (1.0 + cos(pi * progress)) / 2.0;
    }
    case ARD_SCHEDULE_CONSTANT:
        break;
    }
    return schedule->rate;
}

double ard_schedule_rate(const ard_schedule *schedule, uint64_t step)
{
    const double rate = rate_at(schedule, step);
    return step < schedule->warmup ? rate * (((double)step + 1.0) / (double)schedule->warmup)
                                   : rate;
}
