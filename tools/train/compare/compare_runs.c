/* SPDX-License-Identifier: Apache-2.0 */
#include "train/compare/compare_runs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "interrupt.h"
#include "progress.h"
#include "train/messages.h"
#include "train/model.h"
#include "train/trainer.h"

/* Enough to meet the usual periods. */
enum { WARM_STEPS = 24 };

/* All runs together. */
typedef struct comparison {
    const compare_options *options;
    const train_setup *setup;
    compare_results *results;
    progress bar;
    uint64_t samples; /* trained on by the runs before this one, here and now */
    size_t run;       /* number of this one, from 1 */
    size_t runs;      /* of the whole comparison */
} comparison;

/* One run, or the beginning of one. */
typedef struct session {
    train_options options; /* what the network really has */
    char origin[COMPARE_ORIGIN_SIZE + 32];
    ard_mlp *mlp;
    dropout_levels levels;
    feeder feed;
    train_extra extra;
} session;

static void session_close(session *run)
{
    feeder_destroy(&run->feed);
    ard_mlp_destroy(run->mlp);
    dropout_levels_destroy(&run->levels);
}

static int session_open(const comparison *all, size_t setting, uint64_t seed, session *run)
{
    const compare_setting *from = &all->results->description.settings[setting];
    const train_setup *setup = all->setup;
    *run = (session){.options = from->options, .extra = setup->facts};
    (void)snprintf(run->origin, sizeof run->origin, "%s", from->origin);
    run->options.origin = run->origin;
    run->options.seed = seed;
    int status = model_create(setup->context, &run->options, &setup->data, &run->extra, &run->mlp,
                              &run->levels);
    if (status == CLI_SUCCESS) {
        status = feeder_create(setup->context, &setup->train, run->options.batch, seed, &run->feed);
    }
    if (status != CLI_SUCCESS) {
        session_close(run);
    }
    return status;
}

/* Warm steps go through all rates of the run. */
static ard_status warm_dropout(const session *run, size_t step)
{
    const size_t last = run->levels.count - 1;
    return ard_mlp_set_dropout(
        run->mlp,
        dropout_levels_get(&run->levels, (step * last + WARM_STEPS - 2) / (WARM_STEPS - 1)));
}

static int warm_steps(const comparison *all, session *run)
{
    const size_t batch = run->options.batch;
    const size_t samples = all->setup->train.samples;
    int status = feeder_start_epoch(&run->feed, 0);
    for (size_t i = 0; status == CLI_SUCCESS && i < WARM_STEPS && (i + 1) * batch <= samples; ++i) {
        status = feeder_take(&run->feed, i * batch, batch);
        if (status == CLI_SUCCESS) {
            ard_status step = warm_dropout(run, i);
            if (step == ARD_STATUS_SUCCESS) {
                step = ard_mlp_step(run->mlp, batch, &run->feed.pixels, &run->feed.labels, NULL);
            }
            status = step == ARD_STATUS_SUCCESS ? status : report_status("training step", step);
        }
    }
    ard_mlp_result unused;
    if (status == CLI_SUCCESS &&
        ard_mlp_take_training_result(run->mlp, &unused) != ARD_STATUS_SUCCESS) {
        status = cli_failure(&train_messages, "training: %s", ard_detail());
    }
    return status;
}

static int warm_up(comparison *all)
{
    const description *description = &all->results->description;
    int status = CLI_SUCCESS;
    progress_start(&all->bar, "warming up", NULL, description->setting_count);
    if (all->options->quiet) {
        progress_finish(&all->bar);
    }
    for (size_t i = 0; status == CLI_SUCCESS && i < description->setting_count; ++i) {
        session run;
        progress_update(&all->bar, i, description->settings[i].name);
        status = session_open(all, i, description->seeds[0], &run);
        if (status == CLI_SUCCESS) {
            status = warm_steps(all, &run);
            session_close(&run);
        }
        if (status == CLI_SUCCESS && interrupt_requested()) {
            status = INTERRUPT_EXIT;
        }
    }
    progress_finish(&all->bar);
    return status;
}

/* What times made of a setting. */
static bool record_periods(const session *run, compare_run *record)
{
    const dropout_levels *levels = &run->levels;
    if (!options_uses_cost(&run->options)) {
        return true;
    }
    record->cost_checksum = levels->cost_checksum;
    record->periods = calloc(levels->layers, sizeof *record->periods);
    for (size_t i = 0; record->periods != NULL && i < levels->layers; ++i) {
        const ard_distribution *from =
            &dropout_levels_get(levels, levels->count - 1)[i].distribution;
        record->periods[i].count = from->max_period;
        memcpy(record->periods[i].values, from->probabilities,
               from->max_period * sizeof from->probabilities[0]);
    }
    return record->periods != NULL;
}

/* The run as the results keep it. */
static int make_record(const comparison *all, const session *run, const train_result *result,
                       compare_run *record)
{
    const char *environment = ard_context_environment(all->setup->context);
    const time_t now = time(NULL);
    struct tm utc;
    record->epochs = calloc(result->epoch_count, sizeof *record->epochs);
    record->environment = strdup(environment);
    if (record->epochs == NULL || record->environment == NULL || !record_periods(run, record) ||
        gmtime_r(&now, &utc) == NULL ||
        strftime(record->date, sizeof record->date, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0) {
        compare_run_destroy(record);
        return cli_failure(&train_messages, "not enough memory for the results");
    }
    double seconds = 0.0;
    for (size_t i = 0; i < result->epoch_count; ++i) {
        const epoch_record *epoch = &result->epochs[i];
        seconds += epoch->seconds;
        record->epochs[i] = (compare_epoch){.loss = epoch->loss,
                                            .train_accuracy = epoch->train_accuracy,
                                            .validation = epoch->after,
                                            .seconds = seconds};
    }
    record->epoch_count = result->epoch_count;
    record->test = result->test;
    return CLI_SUCCESS;
}

static int keep(comparison *all, const session *run, const train_result *result,
                compare_run *record)
{
    int status = make_record(all, run, result, record);
    if (status == CLI_SUCCESS) {
        results_add(all->results, record);
        progress_clear(&all->bar);
        if (all->options->results != NULL) {
            status = results_save(all->options->results, all->results);
        }
    }
    return status;
}

static int train_session(comparison *all, session *run, compare_run *record)
{
    const train_setup *setup = all->setup;
    const char *name = all->results->description.settings[record->setting].name;
    char title[64];
    char tail[COMPARE_NAME_SIZE + 32];
    (void)snprintf(title, sizeof title, "run %zu of %zu", all->run, all->runs);
    (void)snprintf(tail, sizeof tail, "%s, seed %" PRIu64, name, record->seed);
    train_result result = {.epochs = NULL};
    const trainer_part part = {
        .bar = &all->bar, .before = all->samples, .title = title, .tail = tail};
    trainer loop = {.options = &run->options,
                    .mlp = run->mlp,
                    .train = &setup->train,
                    .validation = &setup->validation,
                    .test = &setup->test,
                    .feed = &run->feed,
                    .levels = &run->levels,
                    .part = &part,
                    .extra = run->extra,
                    .result = &result};
    int status = trainer_run(&loop);
    if (status == CLI_SUCCESS && result.interrupted) {
        status = INTERRUPT_EXIT;
    }
    if (status == CLI_SUCCESS) {
        status = keep(all, run, &result, record);
    }
    free(result.epochs);
    return status;
}

static uint64_t samples_of(const comparison *all, size_t setting)
{
    return (uint64_t)all->results->description.settings[setting].options.epochs *
           all->setup->train.samples;
}

static int train_run(comparison *all, size_t setting, uint64_t seed)
{
    session run;
    compare_run record = {.setting = setting, .seed = seed};
    int status = session_open(all, setting, seed, &run);
    if (status != CLI_SUCCESS) {
        return status;
    }
    const size_t length = strlen(run.origin);
    (void)snprintf(run.origin + length, sizeof run.origin - length, ", seed %" PRIu64, seed);
    status = train_session(all, &run, &record);
    session_close(&run);
    all->samples += samples_of(all, setting);
    return status;
}

/* Calls for what is missing, in order. */
static int for_missing(comparison *all, int (*act)(comparison *, size_t, uint64_t))
{
    const description *description = &all->results->description;
    const size_t settings = description->setting_count;
    int status = CLI_SUCCESS;
    for (size_t i = 0; status == CLI_SUCCESS && i < settings * description->seed_count; ++i) {
        const uint64_t seed = description->seeds[i / settings];
        all->run = i + 1;
        if (results_find(all->results, i % settings, seed) == NULL) {
            status = act(all, i % settings, seed);
        }
        if (status == CLI_SUCCESS && interrupt_requested() && all->results->run_count < all->runs) {
            status = INTERRUPT_EXIT;
        }
    }
    return status;
}

static int count_run(comparison *all, size_t setting, uint64_t seed)
{
    (void)seed;
    all->samples += samples_of(all, setting);
    return CLI_SUCCESS;
}

int compare_runs(const compare_options *options, const train_setup *setup, compare_results *results)
{
    const description *description = &results->description;
    comparison all = {.options = options,
                      .setup = setup,
                      .results = results,
                      .runs = description->setting_count * description->seed_count};
    int status = for_missing(&all, count_run);
    if (status != CLI_SUCCESS || all.samples == 0) {
        return status;
    }
    const uint64_t total = all.samples;
    all.samples = 0;
    status = warm_up(&all);
    if (status != CLI_SUCCESS) {
        return status;
    }
    progress_start(&all.bar, "comparing", NULL, total);
    if (options->quiet) {
        progress_finish(&all.bar);
    }
    status = for_missing(&all, train_run);
    progress_finish(&all.bar);
    return status;
}
