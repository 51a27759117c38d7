/* SPDX-License-Identifier: Apache-2.0 */
#include "train/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/digits.h"
#include "data/mnist.h"
#include "interrupt.h"
#include "train/checkpoint.h"
#include "train/messages.h"
#include "train/model.h"
#include "train/report.h"
#include "train/stopwatch.h"
#include "train/trainer.h"

/* Everything that a run holds. */
typedef struct session {
    dataset_pair data;
    ard_context *context;
    ard_mlp *mlp;
    device_set train;
    device_set test;
    feeder feed;
    train_extra extra;
    train_result result;
} session;

static void session_destroy(session *run)
{
    free(run->result.epochs);
    feeder_destroy(&run->feed);
    device_set_destroy(&run->test);
    device_set_destroy(&run->train);
    ard_mlp_destroy(run->mlp);
    ard_context_destroy(run->context);
    dataset_pair_destroy(&run->data);
}

static int load_data(const train_options *options, session *run)
{
    data_error error;
    const bool builtin = strcmp(options->data, "builtin") == 0;
    if (builtin ? !digits_builtin(&run->data, &error)
                : !mnist_read(options->data, &run->data, &error)) {
        return cli_mistake(&train_messages, "--data: %s", error.text);
    }
    (void)snprintf(run->extra.data, sizeof run->extra.data, "%s", builtin ? "builtin" : "idx");
    run->extra.samples = run->data.train.samples;
    run->extra.checksum = dataset_pair_checksum(&run->data);
    return CLI_SUCCESS;
}

static int open_device(const train_options *options, session *run)
{
    const ard_status status = ard_context_create(options->device, NULL, &run->context);
    if (status == ARD_STATUS_SUCCESS) {
        const char *refused = ard_context_tuning_refused(run->context);
        if (refused[0] != '\0') {
            fprintf(stderr, "%s: %s\n", train_messages.name, refused);
        }
        return CLI_SUCCESS;
    }
    if (status == ARD_STATUS_NO_DEVICE && options->device != NULL) {
        return cli_mistake(&train_messages, "--device: %s", ard_detail());
    }
    return cli_failure(&train_messages, "device: %s", ard_detail());
}

static int open_network(train_options *options, session *run)
{
    return options->resume == NULL
               ? model_create(run->context, options, &run->data, &run->extra, &run->mlp)
               : model_resume(run->context, options, &run->data, &run->extra, &run->mlp);
}

static int upload(const train_options *options, session *run)
{
    int result = device_set_create(run->context, &run->data.train, &run->train);
    if (result == CLI_SUCCESS) {
        result = device_set_create(run->context, &run->data.test, &run->test);
    }
    if (result == CLI_SUCCESS) {
        result =
            feeder_create(run->context, &run->train, options->batch, options->seed, &run->feed);
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
        result = load_data(options, run);
    }
    if (result == CLI_SUCCESS) {
        result = open_device(options, run);
    }
    if (result == CLI_SUCCESS) {
        result = open_network(options, run);
    }
    return result == CLI_SUCCESS ? upload(options, run) : result;
}

static void say_interrupted(const train_options *options, const train_result *result)
{
    if (options->save != NULL) {
        (void)fprintf(stderr, "ard-train: interrupted after step %llu; saved to %s\n",
                      (unsigned long long)result->steps, options->save);
    } else {
        (void)fprintf(stderr, "ard-train: interrupted after step %llu; not saved without --save\n",
                      (unsigned long long)result->steps);
    }
}

static int train(const train_options *options, session *run, double started)
{
    const run_facts facts = {.device = ard_context_device(run->context),
                             .inputs = run->train.width,
                             .classes = DATASET_CLASSES,
                             .train_samples = run->train.samples,
                             .test_samples = run->test.samples};
    trainer loop = {.options = options,
                    .mlp = run->mlp,
                    .train = &run->train,
                    .test = &run->test,
                    .feed = &run->feed,
                    .extra = run->extra,
                    .result = &run->result};
    report_start(options, &facts);
    int result = trainer_run(&loop);
    if (result != CLI_SUCCESS) {
        return result;
    }
    run->result.total_seconds = stopwatch_now() - started;
    result = report_end(options, &facts, &run->result);
    if (result == CLI_SUCCESS && run->result.interrupted) {
        say_interrupted(options, &run->result);
        return INTERRUPT_EXIT;
    }
    return result;
}

int run_mlp(train_options *options)
{
    const double started = stopwatch_now();
    session run = {.context = NULL};
    int result = prepare(options, &run);
    if (result == CLI_SUCCESS) {
        result = train(options, &run, started);
    }
    session_destroy(&run);
    return result;
}
