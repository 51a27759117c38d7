/* SPDX-License-Identifier: Apache-2.0 */
#include "train/lstm/lstm_model.h"

#include "train/lstm/lstm_recorded.h"
#include "train/lstm/lstm_text.h"
#include "train/lstm/lstm_windows.h"
#include "train/messages.h"
#include "train/options.h"

static int make_dropout(const lstm_options *options, ard_dropout *dropout)
{
    const ard_status status =
        ard_dropout_init((ard_dropout_kind)options->dropout, options->rate, options->max_period,
                         (ard_scale_kind)options->scale, dropout);
    if (status != ARD_STATUS_SUCCESS) {
        return report_status("dropout", status);
    }
    if (options->dropout == ARD_DROPOUT_TILE) {
        dropout->tile_edge = options->tile;
        dropout->tile_numbering = (ard_tile_numbering)options->numbering;
    }
    return CLI_SUCCESS;
}

static int make_network(ard_context *context, const lstm_options *options, const corpus *text,
                        ard_lstm **lstm)
{
    ard_dropout dropout = {.kind = ARD_DROPOUT_NONE};
    const int result =
        options->dropout != ARD_DROPOUT_NONE ? make_dropout(options, &dropout) : CLI_SUCCESS;
    if (result != CLI_SUCCESS) {
        return result;
    }
    const ard_dropout none = {.kind = ARD_DROPOUT_NONE};
    const ard_lstm_options network = {
        .layers = options->layers,
        .vocabulary = text->words.count,
        .embedding = options->embed,
        .hidden = options->hidden,
        .batch = options->batch,
        .steps = options->steps,
        .between = options->placement != LSTM_RECURRENT ? dropout : none,
        .recurrent = options->placement != LSTM_BETWEEN ? dropout : none,
        .fresh = options->fresh,
        .tied = options->tied,
        .forget_bias = options->forget_bias,
        .range = options->range,
        .clip = options->clip,
        .seed = options->seed,
        .sgd = {.schedule = {.kind = ARD_SCHEDULE_CONSTANT, .rate = options->lr, .every = 1},
                .momentum = options->momentum,
                .weight_decay = options->weight_decay}};
    const ard_status status = ard_lstm_create(context, &network, lstm);
    return status == ARD_STATUS_SUCCESS ? CLI_SUCCESS : report_status("network", status);
}

/* What a checkpoint cannot tell from the network. */
static lstm_extra record(const lstm_options *options, const corpus *text)
{
    return (lstm_extra){.builtin = lstm_text_is_builtin(options->data),
                        .level = options->level,
                        .text = corpus_checksum(text),
                        .vocabulary = vocabulary_checksum(&text->words),
                        .tokens = text->train_count,
                        .max_words = options->max_words,
                        .train_tokens = options->train_tokens,
                        .epochs = options->epochs,
                        .lr = options->lr,
                        .schedule = options->schedule,
                        .lr_decay = options->lr_decay,
                        .lr_decay_after = options->lr_decay_after,
                        .rate = options->lr};
}

int lstm_model_create(ard_context *context, lstm_options *options, const corpus *text,
                      lstm_extra *extra, ard_lstm **lstm)
{
    const int result = make_network(context, options, text, lstm);
    if (result == CLI_SUCCESS) {
        *extra = record(options, text);
        (void)lstm_recorded_read(*lstm, extra, options);
    }
    return result;
}

static int refuse(const lstm_options *options)
{
    return cli_mistake(&train_messages, "--resume: %s has settings that ard-train never makes",
                       options->resume);
}

static int adopt(const ard_lstm *lstm, lstm_options *options, lstm_extra *extra)
{
    size_t size = 0;
    const void *text = ard_lstm_extra(lstm, &size);
    lstm_options recorded = *options;
    if (!lstm_extra_read(text, size, extra)) {
        return cli_mistake(&train_messages, "--resume: %s was not written by ard-train",
                           options->resume);
    }
    if (extra->epochs > OPTIONS_MAX_EPOCHS || extra->lr_decay <= 0.0 ||
        !lstm_recorded_read(lstm, extra, &recorded)) {
        return refuse(options);
    }
    const int result = lstm_recorded_merge(&recorded, options);
    extra->epochs = options->epochs;
    return result;
}

static int load(ard_context *context, const char *path, ard_lstm **lstm)
{
    const ard_status status = ard_lstm_load(context, path, lstm);
    if (status == ARD_STATUS_IO) {
        return cli_mistake(&train_messages, "--resume: %s", ard_detail());
    }
    return status == ARD_STATUS_SUCCESS ? CLI_SUCCESS : report_status("--resume", status);
}

int lstm_model_load(ard_context *context, lstm_options *options, lstm_extra *extra, ard_lstm **lstm)
{
    ard_lstm *loaded = NULL;
    int result = load(context, options->resume, &loaded);
    if (result == CLI_SUCCESS) {
        result = adopt(loaded, options, extra);
    }
    if (result != CLI_SUCCESS) {
        ard_lstm_destroy(loaded);
        return result;
    }
    const char *note = ard_lstm_resume_note(loaded);
    if (note != NULL && options->sample == 0) {
        (void)fprintf(stderr, "ard-train: warning: %s: %s\n", options->resume, note);
    }
    *lstm = loaded;
    return CLI_SUCCESS;
}

/* The checkpoint must fit itself and the text before any of its numbers is used. Its epoch so far
 * has the tokens of its windows. */
static bool is_consistent(const ard_lstm *lstm, const corpus *text, const lstm_extra *extra)
{
    const ard_lstm_options *network = ard_lstm_get_options(lstm);
    if (network->vocabulary != text->words.count || text->train_count <= network->batch) {
        return false;
    }
    const lstm_windows windows =
        lstm_windows_cut(text->train, text->train_count, network->batch, network->steps);
    const uint64_t done = ard_lstm_steps_done(lstm);
    const size_t into_epoch = (size_t)(done % windows.count);
    return extra->sums.samples ==
               (uint64_t)lstm_windows_until(&windows, into_epoch) * network->batch &&
           extra->best_epoch <= done / windows.count;
}

static int check_epochs(const ard_lstm *lstm, const lstm_options *options, const corpus *text)
{
    const uint64_t count =
        lstm_windows_cut(text->train, text->train_count, options->batch, options->steps).count;
    const uint64_t done = ard_lstm_steps_done(lstm);
    if (done <= options->epochs * count) {
        return CLI_SUCCESS;
    }
    return cli_mistake(
        &train_messages, "--epochs %zu: the checkpoint is %llu epochs and %llu steps along already",
        options->epochs, (unsigned long long)(done / count), (unsigned long long)(done % count));
}

int lstm_model_check_text(const ard_lstm *lstm, const lstm_options *options, const corpus *text,
                          const lstm_extra *extra)
{
    const char *unit = lstm_text_unit(options);
    if (extra->vocabulary != vocabulary_checksum(&text->words)) {
        return cli_mistake(&train_messages,
                           "--data: %zu other %s than the %zu of the checkpoint's vocabulary",
                           text->words.count, unit, ard_lstm_get_options(lstm)->vocabulary);
    }
    if (options->sample > 0) {
        return ard_lstm_get_options(lstm)->vocabulary == text->words.count ? CLI_SUCCESS
                                                                           : refuse(options);
    }
    if (extra->text != corpus_checksum(text)) {
        return cli_mistake(&train_messages,
                           "--data: another text than the checkpoint's (%s, %zu training %s)",
                           extra->builtin ? "builtin" : "files", extra->tokens, unit);
    }
    return is_consistent(lstm, text, extra) ? check_epochs(lstm, options, text) : refuse(options);
}
