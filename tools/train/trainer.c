/* SPDX-License-Identifier: Apache-2.0 */
#include "train/trainer.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "interrupt.h"
#include "train/checkpoint.h"
#include "train/messages.h"
#include "train/model.h"
#include "train/report.h"
#include "train/stopwatch.h"

/* Fetching the loss waits for the device, so it is done seldom. */
static const double SECONDS_BETWEEN_LOSSES = 0.5;

static uint64_t last_step(const trainer *train)
{
    return train->options->epochs * train->steps_per_epoch;
}

/* Waits for the steps so far and adds their loss to the epoch's. */
static int collect(trainer *train)
{
    ard_mlp_result part;
    const ard_status status = ard_mlp_take_training_result(train->mlp, &part);
    if (status != ARD_STATUS_SUCCESS) {
        return report_status("training", status);
    }
    if (part.samples > 0) {
        epoch_sums *sums = &train->extra.sums;
        sums->loss += part.loss * (double)part.samples;
        sums->correct += part.correct;
        sums->samples += part.samples;
        (void)snprintf(train->note, sizeof train->note, "loss %.4f", part.loss);
    }
    return CLI_SUCCESS;
}

static progress *bar_of(trainer *train)
{
    return train->part != NULL ? train->part->bar : &train->bar;
}

/* One of several runs never fetches its loss early: in pieces it sums up to slightly other bits,
 * and results should not depend on whether someone watches. */
static void show_part(trainer *train, uint64_t samples_done)
{
    const trainer_part *part = train->part;
    (void)snprintf(train->note, sizeof train->note, "%s, epoch %" PRIu64 ", %s", part->title,
                   ard_mlp_steps_done(train->mlp) / train->steps_per_epoch + 1, part->tail);
    progress_update(part->bar, part->before + samples_done, train->note);
}

static int show_progress(trainer *train, uint64_t samples_done)
{
    if (train->part != NULL) {
        show_part(train, samples_done);
        return CLI_SUCCESS;
    }
    if (!train->watched) {
        return CLI_SUCCESS;
    }
    const double now = stopwatch_now();
    if (now - train->loss_asked >= SECONDS_BETWEEN_LOSSES) {
        train->loss_asked = now;
        const int result = collect(train);
        if (result != CLI_SUCCESS) {
            return result;
        }
    }
    progress_update(&train->bar, samples_done, train->note);
    return CLI_SUCCESS;
}

static uint64_t samples_until(const trainer *train, uint64_t step)
{
    const uint64_t into_epoch = step % train->steps_per_epoch * train->options->batch;
    return step / train->steps_per_epoch * train->train->samples + into_epoch;
}

/* Gives the network the dropout of a step where it changes. */
static int set_dropout(trainer *train, uint64_t step)
{
    if (train->levels->count <= 1) {
        return CLI_SUCCESS;
    }
    const ard_dropout *dropout = dropout_levels_at(train->levels, step);
    if (dropout == train->dropout) {
        return CLI_SUCCESS;
    }
    train->dropout = dropout;
    const ard_status status = ard_mlp_set_dropout(train->mlp, dropout);
    return status == ARD_STATUS_SUCCESS ? CLI_SUCCESS : report_status("dropout", status);
}

/* Enqueues one step, without waiting for it. */
static int do_step(trainer *train, uint64_t step)
{
    const size_t batch = train->options->batch;
    const size_t first = (size_t)(step % train->steps_per_epoch) * batch;
    const size_t left = train->train->samples - first;
    const size_t count = left < batch ? left : batch;
    int result = set_dropout(train, step);
    if (result == CLI_SUCCESS) {
        result = feeder_take(train->feed, first, count);
    }
    if (result != CLI_SUCCESS) {
        return result;
    }
    cl_event event = NULL;
    const ard_status status =
        ard_mlp_step(train->mlp, count, &train->feed->pixels, &train->feed->labels, &event);
    return status == ARD_STATUS_SUCCESS ? step_window_push(&train->window, event)
                                        : report_status("training step", status);
}

/* Steps until the end of the epoch or a stop. */
static int do_steps(trainer *train)
{
    uint64_t step = ard_mlp_steps_done(train->mlp);
    const uint64_t end = (step / train->steps_per_epoch + 1) * train->steps_per_epoch;
    int result = feeder_start_epoch(train->feed, step / train->steps_per_epoch);
    const uint64_t before = samples_until(train, train->result->first_step);
    for (; result == CLI_SUCCESS && step < end && !interrupt_requested(); ++step) {
        result = do_step(train, step);
        if (result == CLI_SUCCESS) {
            result = show_progress(train, samples_until(train, step + 1) - before);
        }
    }
    return result == CLI_SUCCESS ? collect(train) : result;
}

static int save(trainer *train)
{
    const uint64_t step = ard_mlp_steps_done(train->mlp);
    if (train->options->save == NULL || (train->saved && train->saved_step == step)) {
        return CLI_SUCCESS;
    }
    const int result = checkpoint_save(train->mlp, train->options->save, &train->extra);
    train->saved = result == CLI_SUCCESS;
    train->saved_step = step;
    return result;
}

static int evaluate(const trainer *train, const device_set *set, evaluation *found)
{
    ard_mlp_result result;
    const ard_status status =
        ard_mlp_evaluate(train->mlp, set->samples, &set->pixels, &set->labels, &result);
    if (status != ARD_STATUS_SUCCESS) {
        return report_status("evaluation", status);
    }
    *found = (evaluation){.loss = result.loss,
                          .accuracy = (double)result.correct / (double)result.samples};
    return CLI_SUCCESS;
}

static int test(trainer *train)
{
    const int result = evaluate(train, train->test, &train->result->test);
    train->result->tested = result == CLI_SUCCESS;
    return result;
}

/* How good the network is after an epoch. */
static int validate(trainer *train, evaluation *found)
{
    if (train->validation != NULL) {
        return evaluate(train, train->validation, found);
    }
    const int result = test(train);
    *found = train->result->test;
    return result;
}

/* A checkpoint of a network that is no use any more would overwrite one that may be. */
static int check_finite(const trainer *train, const epoch_record *record)
{
    return isfinite(record->loss)
               ? CLI_SUCCESS
               : setting_failure(train->options->origin,
                                 "epoch %" PRIu64
                                 ": the loss is no longer a number; a lower --lr than "
                                 "%g may help",
                                 record->epoch, train->options->lr);
}

static int record_epoch(trainer *train, double seconds)
{
    train_result *result = train->result;
    const epoch_sums *sums = &train->extra.sums;
    epoch_record record = {.epoch = ard_mlp_steps_done(train->mlp) / train->steps_per_epoch,
                           .loss = sums->loss / (double)sums->samples,
                           .train_accuracy = (double)sums->correct / (double)sums->samples,
                           .seconds = seconds};
    progress_clear(bar_of(train));
    int status = check_finite(train, &record);
    if (status != CLI_SUCCESS) {
        return status;
    }
    train->extra.sums = (epoch_sums){0};
    const bool last = record.epoch == train->options->epochs;
    if (last || record.epoch % train->options->save_every == 0) {
        status = save(train);
    }
    if (status == CLI_SUCCESS) {
        status = validate(train, &record.after);
    }
    if (status != CLI_SUCCESS) {
        return status;
    }
    result->epochs[result->epoch_count++] = record;
    progress_clear(bar_of(train));
    report_epoch(train->options, &record);
    return CLI_SUCCESS;
}

/* An epoch, or what is left of one. */
static int do_epoch(trainer *train)
{
    train_result *result = train->result;
    const double started = stopwatch_now();
    result->tested = false;
    int status = do_steps(train);
    if (status != CLI_SUCCESS) {
        return status;
    }
    const double seconds = stopwatch_now() - started;
    result->seconds += seconds;
    if (ard_mlp_steps_done(train->mlp) % train->steps_per_epoch == 0 &&
        train->extra.sums.samples > 0) {
        status = record_epoch(train, seconds);
    }
    if (status == CLI_SUCCESS && interrupt_requested() &&
        ard_mlp_steps_done(train->mlp) < last_step(train)) {
        result->interrupted = true;
        status = save(train);
    }
    return status;
}

static int prepare(trainer *train)
{
    train_result *result = train->result;
    train->steps_per_epoch = model_steps_per_epoch(train->train->samples, train->options->batch);
    result->first_step = ard_mlp_steps_done(train->mlp);
    const uint64_t steps = last_step(train) - result->first_step;
    const uint64_t epochs = steps / train->steps_per_epoch + 1;
    result->epochs = calloc((size_t)epochs, sizeof *result->epochs);
    if (result->epochs == NULL) {
        return cli_failure(&train_messages, "not enough memory");
    }
    if (train->part != NULL) {
        return CLI_SUCCESS;
    }
    train->watched = !train->options->quiet && isatty(STDERR_FILENO);
    train->loss_asked = stopwatch_now();
    progress_start(&train->bar, "training", "samples",
                   samples_until(train, last_step(train)) -
                       samples_until(train, result->first_step));
    return CLI_SUCCESS;
}

int trainer_run(trainer *train)
{
    train_result *result = train->result;
    int status = prepare(train);
    while (status == CLI_SUCCESS && !result->interrupted &&
           ard_mlp_steps_done(train->mlp) < last_step(train)) {
        status = do_epoch(train);
    }
    progress_finish(&train->bar);
    step_window_clear(&train->window);
    /* With validation, or where a resumed run had nothing left to do. */
    if (status == CLI_SUCCESS && !result->interrupted && !result->tested) {
        status = save(train);
        if (status == CLI_SUCCESS) {
            status = test(train);
        }
    }
    result->steps = ard_mlp_steps_done(train->mlp);
    return status;
}
