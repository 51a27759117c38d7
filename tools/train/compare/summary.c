/* SPDX-License-Identifier: Apache-2.0 */
#include "train/compare/summary.h"

#include <math.h>

/* A number of a run. */
typedef double (*measure)(const compare_run *run);

static double validation_of(const compare_run *run)
{
    return run->epochs[run->epoch_count - 1].validation.accuracy;
}

static double test_of(const compare_run *run)
{
    return run->test.accuracy;
}

static double epoch_seconds_of(const compare_run *run)
{
    return run->epochs[run->epoch_count - 1].seconds / (double)run->epoch_count;
}

static statistic over_seeds(const compare_results *results, size_t setting, measure measure)
{
    double values[COMPARE_MAX_SEEDS];
    size_t count = 0;
    for (size_t i = 0; i < results->description.seed_count; ++i) {
        const compare_run *run = results_find(results, setting, results->description.seeds[i]);
        if (run != NULL) {
            values[count++] = measure(run);
        }
    }
    return statistic_of(count, values);
}

static statistic difference(const compare_results *results, size_t setting, measure measure)
{
    const description *description = &results->description;
    double values[COMPARE_MAX_SEEDS];
    size_t count = 0;
    for (size_t i = 0; i < description->seed_count; ++i) {
        const uint64_t seed = description->seeds[i];
        const compare_run *run = results_find(results, setting, seed);
        const compare_run *base = results_find(results, description->baseline, seed);
        if (run != NULL && base != NULL) {
            values[count++] = measure(run) - measure(base);
        }
    }
    return statistic_of(count, values);
}

size_t summary_reached(const compare_run *run, double target)
{
    for (size_t i = 0; i < run->epoch_count; ++i) {
        if (run->epochs[i].validation.accuracy >= target) {
            return i + 1;
        }
    }
    return 0;
}

static double target_of(const compare_results *results)
{
    const compare_target *target = &results->description.target;
    switch (target->kind) {
    case TARGET_ACCURACY:
        return target->percent / 100.0;
    case TARGET_SETTING:
        return over_seeds(results, target->setting, validation_of).mean - target->less / 100.0;
    case TARGET_NONE:
        break;
    }
    return (double)NAN;
}

static void wait_for_target(const compare_results *results, size_t setting, double target,
                            setting_summary *summary)
{
    double epochs[COMPARE_MAX_SEEDS];
    double seconds[COMPARE_MAX_SEEDS];
    size_t count = 0;
    for (size_t i = 0; i < results->description.seed_count; ++i) {
        const compare_run *run = results_find(results, setting, results->description.seeds[i]);
        const size_t epoch = run != NULL ? summary_reached(run, target) : 0;
        if (epoch > 0) {
            epochs[count] = (double)epoch;
            seconds[count++] = run->epochs[epoch - 1].seconds;
        }
    }
    summary->target_epochs = statistic_of(count, epochs);
    summary->target_seconds = statistic_of(count, seconds);
}

void summary_of_epoch(const compare_results *results, size_t setting, size_t epoch,
                      epoch_summary *summary)
{
    double seconds[COMPARE_MAX_SEEDS];
    double validation[COMPARE_MAX_SEEDS];
    double loss[COMPARE_MAX_SEEDS];
    size_t count = 0;
    for (size_t i = 0; i < results->description.seed_count; ++i) {
        const compare_run *run = results_find(results, setting, results->description.seeds[i]);
        if (run != NULL) {
            seconds[count] = run->epochs[epoch].seconds;
            validation[count] = run->epochs[epoch].validation.accuracy;
            loss[count++] = run->epochs[epoch].loss;
        }
    }
    summary->seconds = statistic_of(count, seconds);
    summary->validation = statistic_of(count, validation);
    summary->loss = statistic_of(count, loss);
}

void summary_make(const compare_results *results, compare_summary *summary)
{
    summary->target = target_of(results);
    for (size_t i = 0; i < results->description.setting_count; ++i) {
        setting_summary *setting = &summary->settings[i];
        setting->validation = over_seeds(results, i, validation_of);
        setting->test = over_seeds(results, i, test_of);
        setting->validation_difference = difference(results, i, validation_of);
        setting->test_difference = difference(results, i, test_of);
        setting->epoch_seconds = over_seeds(results, i, epoch_seconds_of);
        wait_for_target(results, i, summary->target, setting);
    }
}
