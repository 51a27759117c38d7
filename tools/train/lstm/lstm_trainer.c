/* SPDX-License-Identifier: Apache-2.0 */
#include "train/lstm/lstm_trainer.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interrupt.h"
#include "train/lstm/lstm_report.h"
#include "train/lstm/lstm_text.h"
#include "train/messages.h"
#include "train/stopwatch.h"

/* Fetching the loss waits for the device, so it is done seldom: for the progress bar, and every so
 * many steps to see that the model is still of use. */
static const double SECONDS_BETWEEN_LOSSES = 0.5;
enum { STEPS_BETWEEN_CHECKS = 512 };

static uint64_t steps_done(const lstm_trainer *train)
{
    return ard_lstm_steps_done(train->lstm);
}

static uint64_t last_step(const lstm_trainer *train)
{
    return (uint64_t)train->options->epochs * train->windows.count;
}

static uint64_t tokens_until(const lstm_trainer *train, uint64_t step)
{
    const lstm_windows *windows = &train->windows;
    const uint64_t passes = step / windows->count;
    const size_t rest = lstm_windows_until(windows, (size_t)(step % windows->count));
    return (passes * windows->length + rest) * windows->batch;
}

/* A checkpoint of a model that is no use any more would overwrite one that may be. */
static int check_finite(lstm_trainer *train, double loss)
{
    if (isfinite(lstm_perplexity(loss))) {
        return CLI_SUCCESS;
    }
    progress_clear(&train->bar);
    return cli_failure(&train_messages,
                       "step %" PRIu64
                       ": the perplexity is no longer a number; a lower --lr than %g or "
                       "a tighter --clip may help",
                       steps_done(train), train->options->lr);
}

/* Waits for the steps so far and adds their loss to the epoch's. */
static int collect(lstm_trainer *train)
{
    ard_lstm_result part;
    const ard_status status = ard_lstm_take_training_result(train->lstm, &part);
    if (status != ARD_STATUS_SUCCESS) {
        return report_status("training", status);
    }
    if (part.tokens == 0) {
        return CLI_SUCCESS;
    }
    epoch_sums *sums = &train->extra.sums;
    sums->loss += part.loss * (double)part.tokens;
    sums->correct += part.correct;
    sums->samples += part.tokens;
    (void)snprintf(train->note, sizeof train->note, "ppl %.1f", lstm_perplexity(part.loss));
    return check_finite(train, part.loss);
}

static int show_progress(lstm_trainer *train, uint64_t tokens_done)
{
    const double now = stopwatch_now();
    if (!train->watched) {
        return CLI_SUCCESS;
    }
    if (now - train->loss_asked >= SECONDS_BETWEEN_LOSSES) {
        train->loss_asked = now;
        const int result = collect(train);
        if (result != CLI_SUCCESS) {
            return result;
        }
    }
    progress_update(&train->bar, tokens_done, train->note);
    return CLI_SUCCESS;
}

/* Enqueues one step, without waiting for it. */
static int do_step(lstm_trainer *train, uint64_t step)
{
    const lstm_windows *windows = &train->windows;
    const size_t steps =
        lstm_windows_fill(windows, (size_t)(step % windows->count), train->tokens, train->targets);
    cl_event event = NULL;
    const ard_status status =
        ard_lstm_step(train->lstm, windows->batch, steps, train->tokens, train->targets, &event);
    return status == ARD_STATUS_SUCCESS ? step_window_push(&train->pending, event)
                                        : report_status("training step", status);
}

/* The hidden state and the learning rate that an epoch begins with. One that goes on has its hidden
 * state. */
static int begin_epoch(lstm_trainer *train)
{
    const double rate = ard_lstm_get_options(train->lstm)->sgd.schedule.rate;
    ard_status status = ARD_STATUS_SUCCESS;
    if (steps_done(train) % train->windows.count == 0) {
        status = ard_lstm_reset(train->lstm);
    }
    if (status == ARD_STATUS_SUCCESS && rate != train->extra.rate) {
        status = ard_lstm_set_rate(train->lstm, train->extra.rate);
    }
    return status == ARD_STATUS_SUCCESS ? CLI_SUCCESS : report_status("epoch", status);
}

/* Steps until the end of the epoch or a stop. */
static int do_steps(lstm_trainer *train)
{
    uint64_t step = steps_done(train);
    const uint64_t end = (step / train->windows.count + 1) * train->windows.count;
    const uint64_t before = tokens_until(train, train->outcome->first_step);
    int result = begin_epoch(train);
    while (result == CLI_SUCCESS && step < end && !interrupt_requested()) {
        result = do_step(train, step++);
        if (result == CLI_SUCCESS) {
            result = show_progress(train, tokens_until(train, step) - before);
        }
        if (result == CLI_SUCCESS && step % STEPS_BETWEEN_CHECKS == 0) {
            result = collect(train);
        }
    }
    return result == CLI_SUCCESS ? collect(train) : result;
}

static int save(lstm_trainer *train)
{
    const uint64_t step = steps_done(train);
    const char *path = train->options->save;
    if (path == NULL || (train->saved && train->saved_step == step)) {
        return CLI_SUCCESS;
    }
    char *text = lstm_extra_write(&train->extra);
    if (text == NULL) {
        return cli_failure(&train_messages, "not enough memory to save");
    }
    const ard_status status = ard_lstm_save(train->lstm, path, text, strlen(text));
    free(text);
    train->saved = status == ARD_STATUS_SUCCESS;
    train->saved_step = step;
    return train->saved ? CLI_SUCCESS : cli_failure(&train_messages, "--save: %s", ard_detail());
}

static int evaluate(lstm_trainer *train, const uint32_t *tokens, size_t count, const char *what,
                    double *loss)
{
    ard_lstm_result result;
    progress_update(&train->bar,
                    tokens_until(train, steps_done(train)) -
                        tokens_until(train, train->outcome->first_step),
                    what);
    const ard_status status = ard_lstm_evaluate(train->lstm, count, tokens, &result);
    progress_clear(&train->bar);
    if (status != ARD_STATUS_SUCCESS) {
        return report_status(what, status);
    }
    *loss = result.loss;
    return check_finite(train, result.loss);
}

/* The validation loss goes into what is saved, because the learning rate may depend on it. */
static int record_epoch(lstm_trainer *train, double seconds, uint64_t tokens)
{
    lstm_outcome *outcome = train->outcome;
    lstm_extra *extra = &train->extra;
    const corpus *text = train->text;
    lstm_epoch record = {.epoch = steps_done(train) / train->windows.count,
                         .loss = extra->sums.loss / (double)extra->sums.samples,
                         .rate = extra->rate,
                         .seconds = seconds,
                         .tokens = tokens};
    int status =
        evaluate(train, text->valid, text->valid_count, "validation", &record.validation_loss);
    if (status != CLI_SUCCESS) {
        return status;
    }
    extra->sums = (epoch_sums){0};
    (void)lstm_extra_validated(extra, (size_t)record.epoch, record.validation_loss);
    if (record.epoch == train->options->epochs || record.epoch % train->options->save_every == 0) {
        status = save(train);
    }
    if (status == CLI_SUCCESS) {
        outcome->epochs[outcome->epoch_count++] = record;
        progress_clear(&train->bar);
        lstm_report_epoch(train->options, &record);
    }
    return status;
}

/* An epoch, or what is left of one. */
static int do_epoch(lstm_trainer *train)
{
    lstm_outcome *outcome = train->outcome;
    const double started = stopwatch_now();
    const uint64_t first = steps_done(train);
    int status = do_steps(train);
    if (status != CLI_SUCCESS) {
        return status;
    }
    const double seconds = stopwatch_now() - started;
    const uint64_t done = steps_done(train);
    outcome->seconds += seconds;
    if (done > first && done % train->windows.count == 0) {
        status =
            record_epoch(train, seconds, tokens_until(train, done) - tokens_until(train, first));
    }
    if (status == CLI_SUCCESS && interrupt_requested() && done < last_step(train)) {
        outcome->interrupted = true;
        status = save(train);
    }
    return status;
}

static int prepare(lstm_trainer *train)
{
    const lstm_options *options = train->options;
    lstm_outcome *outcome = train->outcome;
    train->windows = lstm_windows_cut(train->text->train, train->text->train_count, options->batch,
                                      options->steps);
    outcome->first_step = steps_done(train);
    const uint64_t epochs = (last_step(train) - outcome->first_step) / train->windows.count + 1;
    const size_t window = train->windows.steps * train->windows.batch;
    outcome->epochs = calloc((size_t)epochs, sizeof *outcome->epochs);
    train->tokens = calloc(window, sizeof *train->tokens);
    train->targets = calloc(window, sizeof *train->targets);
    if (outcome->epochs == NULL || train->tokens == NULL || train->targets == NULL) {
        return cli_failure(&train_messages, "not enough memory");
    }
    train->watched = !options->quiet && isatty(STDERR_FILENO);
    train->loss_asked = stopwatch_now();
    if (train->watched) { /* in words so short that the perplexity fits on 80 columns */
        progress_start(&train->bar, "lstm", options->level == LSTM_CHARACTERS ? "chars" : "words",
                       tokens_until(train, last_step(train)) -
                           tokens_until(train, outcome->first_step));
    }
    return CLI_SUCCESS;
}

static int test(lstm_trainer *train)
{
    const corpus *text = train->text;
    const int status =
        evaluate(train, text->test, text->test_count, "test", &train->outcome->test_loss);
    train->outcome->tested = status == CLI_SUCCESS;
    return status;
}

int lstm_trainer_run(lstm_trainer *train)
{
    lstm_outcome *outcome = train->outcome;
    int status = prepare(train);
    while (status == CLI_SUCCESS && !outcome->interrupted && steps_done(train) < last_step(train)) {
        status = do_epoch(train);
    }
    /* A resumed run may have had nothing left to do. */
    if (status == CLI_SUCCESS && !outcome->interrupted) {
        status = save(train);
    }
    if (status == CLI_SUCCESS && !outcome->interrupted) {
        status = test(train);
    }
    progress_finish(&train->bar);
    step_window_clear(&train->pending);
    free(train->tokens);
    free(train->targets);
    outcome->steps = steps_done(train);
    outcome->best_epoch = train->extra.best_epoch;
    outcome->best = train->extra.best;
    return status;
}
