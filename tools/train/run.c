/* SPDX-License-Identifier: Apache-2.0 */
#include "train/run.h"

#include <stdlib.h>

#include "train/checkpoint.h"
#include "train/interrupted.h"
#include "train/messages.h"
#include "train/model.h"
#include "train/report.h"
#include "train/setup.h"
#include "train/stopwatch.h"
#include "train/trainer.h"

/* Everything that a run holds. */
typedef struct session {
    train_setup setup;
    ard_mlp *mlp;
    dropout_levels levels;
    feeder feed;
    train_extra extra;
    train_result result;
} session;

static void session_destroy(session *run)
{
    free(run->result.epochs);
    feeder_destroy(&run->feed);
    ard_mlp_destroy(run->mlp);
    dropout_levels_destroy(&run->levels);
    setup_destroy(&run->setup);
}

static int open_network(train_options *options, session *run)
{
    train_setup *setup = &run->setup;
    int result = CLI_SUCCESS;
    if (options->resume != NULL) {
        run->extra = setup->facts;
        result = model_resume(setup->context, options, &setup->data, &run->extra, &run->mlp,
                              &run->levels);
    }
    /* A checkpoint says itself what is held out. */
    if (result == CLI_SUCCESS) {
        result = setup_hold_out(setup, NULL, options->validation);
    }
    if (result == CLI_SUCCESS && options->resume == NULL) {
        run->extra = setup->facts;
        result = model_create(setup->context, options, &setup->data, &run->extra, &run->mlp,
                              &run->levels);
    }
    return result;
}

static int check_first(train_options *options)
{
    int result = CLI_SUCCESS;
    /* A resumed run's options are checked together with the checkpoint's. */
    if (options->resume == NULL) {
        result = options_check(options);
    }
    if (result == CLI_SUCCESS && options->save != NULL) {
        result = checkpoint_probe(options->save);
    }
    return result;
}

static int prepare(train_options *options, session *run)
{
    int result = check_first(options);
    if (result == CLI_SUCCESS) {
        result = setup_load(&run->setup, NULL, options->data);
    }
    if (result == CLI_SUCCESS) {
        result = setup_open(&run->setup, options->device);
    }
    if (result == CLI_SUCCESS) {
        result = open_network(options, run);
    }
    if (result == CLI_SUCCESS) {
        result = setup_upload(&run->setup);
    }
    return result == CLI_SUCCESS ? feeder_create(run->setup.context, &run->setup.train,
                                                 options->batch, options->seed, &run->feed)
                                 : result;
}

static int train(const train_options *options, session *run, double started)
{
    const train_setup *setup = &run->setup;
    const run_facts facts = {.device = ard_context_device(setup->context),
                             .inputs = setup->train.width,
                             .classes = DATASET_CLASSES,
                             .train_samples = setup->train.samples,
                             .validation_samples = setup->validation.samples,
                             .test_samples = setup->test.samples};
    trainer loop = {.options = options,
                    .mlp = run->mlp,
                    .train = &setup->train,
                    .validation = options->validation > 0 ? &setup->validation : NULL,
                    .test = &setup->test,
                    .feed = &run->feed,
                    .levels = &run->levels,
                    .extra = run->extra,
                    .result = &run->result};
    report_start(options, &facts);
    int result = trainer_run(&loop);
    if (result != CLI_SUCCESS) {
        return result;
    }
    run->result.total_seconds = stopwatch_now() - started;
    result = report_end(options, &facts, &run->result);
    return result == CLI_SUCCESS && run->result.interrupted
               ? interrupted_after(run->result.steps, options->save)
               : result;
}

int run_mlp(train_options *options)
{
    const double started = stopwatch_now();
    session run = {.mlp = NULL};
    int result = prepare(options, &run);
    if (result == CLI_SUCCESS) {
        result = train(options, &run, started);
    }
    session_destroy(&run);
    return result;
}
