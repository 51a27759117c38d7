/* SPDX-License-Identifier: Apache-2.0 */
#include "train/lstm/lstm_run.h"

#include <stdlib.h>

#include "train/checkpoint.h"
#include "train/interrupted.h"
#include "train/lstm/lstm_model.h"
#include "train/lstm/lstm_report.h"
#include "train/lstm/lstm_sample.h"
#include "train/lstm/lstm_sizes.h"
#include "train/lstm/lstm_text.h"
#include "train/lstm/lstm_trainer.h"
#include "train/messages.h"
#include "train/open_device.h"
#include "train/stopwatch.h"

/* Everything that a run holds. */
typedef struct session {
    ard_context *context;
    corpus text;
    ard_lstm *lstm;
    lstm_extra extra;
    lstm_outcome outcome;
} session;

static void session_destroy(session *run)
{
    free(run->outcome.epochs);
    ard_lstm_destroy(run->lstm);
    corpus_destroy(&run->text);
    ard_context_destroy(run->context);
}

static int check_save(const lstm_options *options)
{
    const char *path = options->save;
    return lstm_text_has_file(options->data, path)
               ? cli_mistake(&train_messages, "--save: %s is a text of --data; give another file",
                             path)
               : checkpoint_probe(path);
}

static int check_first(lstm_options *options)
{
    int result = lstm_options_check_run(options);
    /* A resumed run's options are checked together with the checkpoint's. */
    if (result == CLI_SUCCESS && options->resume == NULL) {
        lstm_sizes_complete(options);
        result = lstm_options_check(options);
    }
    return result == CLI_SUCCESS && options->save != NULL ? check_save(options) : result;
}

static int read_text(const lstm_options *options, session *run)
{
    const int result = lstm_text_load(options, &run->text);
    if (result == CLI_SUCCESS && options->resume == NULL &&
        run->text.train_count <= options->batch) {
        return cli_mistake(&train_messages,
                           "--batch %zu: there are only %zu training %s; at most %zu",
                           options->batch, run->text.train_count, lstm_text_unit(options),
                           run->text.train_count - 1);
    }
    return result;
}

static int prepare_new(lstm_options *options, session *run)
{
    int result = read_text(options, run);
    if (result == CLI_SUCCESS) {
        result = open_device(options->device, &run->context);
    }
    return result == CLI_SUCCESS
               ? lstm_model_create(run->context, options, &run->text, &run->extra, &run->lstm)
               : result;
}

/* The checkpoint says how the text is to be read. */
static int prepare_resumed(lstm_options *options, session *run)
{
    int result = open_device(options->device, &run->context);
    if (result == CLI_SUCCESS) {
        result = lstm_model_load(run->context, options, &run->extra, &run->lstm);
    }
    if (result == CLI_SUCCESS) {
        result = read_text(options, run);
    }
    return result == CLI_SUCCESS
               ? lstm_model_check_text(run->lstm, options, &run->text, &run->extra)
               : result;
}

static int train(const lstm_options *options, session *run, double started)
{
    const ard_device_info *device = ard_context_device(run->context);
    lstm_trainer loop = {.options = options,
                         .lstm = run->lstm,
                         .text = &run->text,
                         .extra = run->extra,
                         .outcome = &run->outcome};
    lstm_report_start(options, device, &run->text);
    int result = lstm_trainer_run(&loop);
    if (result != CLI_SUCCESS) {
        return result;
    }
    run->outcome.total_seconds = stopwatch_now() - started;
    result = lstm_report_end(options, device, &run->text, &run->outcome);
    return result == CLI_SUCCESS && run->outcome.interrupted
               ? interrupted_after(run->outcome.steps, options->save)
               : result;
}

int lstm_run(lstm_options *options)
{
    const double started = stopwatch_now();
    session run = {.lstm = NULL};
    int result = check_first(options);
    if (result == CLI_SUCCESS) {
        result =
            options->resume != NULL ? prepare_resumed(options, &run) : prepare_new(options, &run);
    }
    if (result == CLI_SUCCESS) {
        result = options->sample > 0 ? lstm_sample_print(run.lstm, options, &run.text)
                                     : train(options, &run, started);
    }
    session_destroy(&run);
    return result;
}
