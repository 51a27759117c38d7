/* SPDX-License-Identifier: Apache-2.0 */
#include "per_period.h"

#include <stdlib.h>
#include <string.h>

static bool same_periods(const draw_set *set, size_t draw, size_t other)
{
    return memcmp(draws_values(set, draw), draws_values(set, other),
                  set->kase->sides * sizeof *set->values) == 0;
}

/* The periods of a draw become those of time `index`. */
static void set_periods(const draw_set *set, size_t draw, period_times *times, size_t index)
{
    memcpy(times->periods[index], draws_values(set, draw), set->kase->sides * sizeof *set->values);
}

/* Copies the times of all draws with the periods of `draw` to `series`; how many there are. None
 * where an earlier draw has these periods. */
static size_t gather(const draw_set *set, const double *milliseconds, size_t draw, double *series)
{
    const size_t repeat = set->kase->repeat;
    size_t count = 0;
    for (size_t other = 0; other < set->count; other++) {
        if (same_periods(set, draw, other)) {
            if (other < draw) {
                return 0;
            }
            memcpy(series + count, milliseconds + other * repeat, repeat * sizeof *series);
            count += repeat;
        }
    }
    return count;
}

/* Fits the model to the medians of the times, or what is to be these. */
static ard_status fit(const bench_case *kase, const double *medians, double conventional,
                      period_times *times)
{
    uint32_t periods[DRAWS_MOST * ARD_MLP_MAX_LAYERS];
    for (size_t i = 0; i < times->count; i++) {
        memcpy(periods + i * kase->sides, times->periods[i], kase->sides * sizeof periods[0]);
    }
    return ard_cost_fit(kase->sides, times->count, periods, medians, conventional, &times->model);
}

ard_status per_period_check(const draw_set *set, period_times *times)
{
    double equal[DRAWS_MOST];
    times->count = set->count;
    for (size_t draw = 0; draw < set->count; draw++) {
        set_periods(set, draw, times, draw);
        equal[draw] = 1;
    }
    return fit(set->kase, equal, 1, times);
}

/* Fits the model, and what it says of each time. */
static ard_status fit_times(const bench_case *kase, double conventional, period_times *times)
{
    double medians[DRAWS_MOST];
    for (size_t i = 0; i < times->count; i++) {
        medians[i] = times->times[i].median;
    }
    ard_status status = fit(kase, medians, conventional, times);
    for (size_t i = 0; i < times->count && status == ARD_STATUS_SUCCESS; i++) {
        status = ard_cost_predict(&times->model, times->periods[i], &times->fitted[i]);
    }
    return status;
}

bench_outcome per_period_summarise(const draw_set *set, const double *milliseconds,
                                   const bench_result *results, period_times *times)
{
    double *series = calloc(set->count * set->kase->repeat, sizeof *series);
    if (series == NULL) {
        return BENCH_NO_MEMORY;
    }
    times->count = 0;
    for (size_t draw = 0; draw < set->count; draw++) {
        const size_t count = gather(set, milliseconds, draw, series);
        if (count > 0) {
            set_periods(set, draw, times, times->count);
            times->times[times->count++] = timing_summarise(series, count);
        }
    }
    free(series);
    return measure_outcome(fit_times(set->kase, results[0].dense.median, times));
}

bool per_period_loses(const period_times *times, size_t index)
{
    return times->times[index].median > times->model.conventional;
}
