/* SPDX-License-Identifier: Apache-2.0 */
#include "train/lstm/lstm_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "train/lstm/lstm_text.h"
#include "train/number_text.h"
#include "train/option_values.h"
#include "train/options.h"

static bool is_silent(const lstm_options *options)
{
    return options->quiet || options->format != FORMAT_TEXT;
}

static void setting_text(const lstm_options *options, lstm_setting setting,
                         char text[OPTION_TEXT_SIZE])
{
    cli_option table[LSTM_TABLE_SIZE];
    lstm_options shown = *options;
    lstm_options_table(&shown, table);
    option_text(lstm_options_find(table, &shown, setting), text);
}

static void print_dropout(const lstm_options *options)
{
    char rate[OPTION_TEXT_SIZE];
    char placement[OPTION_TEXT_SIZE];
    (void)printf(", dropout %s", options_dropout_name(options->dropout));
    if (options->dropout == ARD_DROPOUT_NONE) {
        return;
    }
    setting_text(options, LSTM_RATE, rate);
    setting_text(options, LSTM_PLACEMENT, placement);
    (void)printf(" %s %s%s", rate, placement, options->fresh ? " fresh" : "");
    if (options->dropout == ARD_DROPOUT_TILE) {
        (void)printf(", %s tiles of edge %" PRIu32, options_numbering_name(options->numbering),
                     options->tile);
    }
}

void lstm_report_start(const lstm_options *options, const ard_device_info *device,
                       const corpus *text)
{
    const char *unit = lstm_text_unit(options);
    if (is_silent(options)) {
        return;
    }
    (void)printf("lstm %zu x %zu", options->layers, options->hidden);
    if (options->embed != options->hidden) {
        (void)printf(", embedding %zu", options->embed);
    }
    (void)printf(", %s%zu %s", options->tied ? "tied, " : "", text->words.count, unit);
    print_dropout(options);
    (void)printf(", batch %zu, %zu steps, %zu epochs\n", options->batch, options->steps,
                 options->epochs);
    (void)printf("%zu training, %zu validation and %zu test %s, on %s %s\n", text->train_count,
                 text->valid_count, text->test_count, unit, device->id, device->name);
    (void)fflush(stdout);
}

void lstm_report_epoch(const lstm_options *options, const lstm_epoch *epoch)
{
    char rate[NUMBER_TEXT_SIZE];
    if (is_silent(options)) {
        return;
    }
    (void)snprintf(rate, sizeof rate, "%.4g", epoch->rate);
    (void)printf("epoch %*" PRIu64 "  perplexity %.2f  validation perplexity %.2f  learning rate "
                 "%s  %.2f s  %.0f %s/s\n",
                 options->epochs < 10 ? 1 : 3, epoch->epoch, lstm_perplexity(epoch->loss),
                 lstm_perplexity(epoch->validation_loss), rate, epoch->seconds,
                 (double)epoch->tokens / epoch->seconds, lstm_text_unit(options));
    (void)fflush(stdout);
}

static void print_end(const lstm_options *options, const corpus *text, const lstm_outcome *outcome)
{
    if (outcome->interrupted) {
        (void)printf("stopped after %" PRIu64 " steps, %.2f s of training, %.2f s in all\n",
                     outcome->steps, outcome->seconds, outcome->total_seconds);
        return;
    }
    (void)printf("test perplexity %.2f", lstm_perplexity(outcome->test_loss));
    if (isfinite(text->surprisal_test)) {
        (void)printf(", of the grammar itself %.2f,", lstm_perplexity(text->surprisal_test));
    }
    (void)printf(" after %zu epochs, %.2f s of training, %.2f s in all\n", options->epochs,
                 outcome->seconds, outcome->total_seconds);
}

int lstm_report_end(const lstm_options *options, const ard_device_info *device, const corpus *text,
                    const lstm_outcome *outcome)
{
    if (options->format == FORMAT_JSON) {
        return lstm_report_json(options, device, text, outcome);
    }
    print_end(options, text, outcome);
    return CLI_SUCCESS;
}
