/* SPDX-License-Identifier: Apache-2.0 */
#include "train/report.h"

#include <inttypes.h>
#include <stdio.h>

#include "train/settings.h"

static bool is_silent(const train_options *options)
{
    return options->quiet || options->format != FORMAT_TEXT;
}

void report_start(const train_options *options, const run_facts *facts)
{
    char text[SETTING_TEXT_SIZE];
    if (is_silent(options)) {
        return;
    }
    setting_layers(facts->inputs, &options->hidden, facts->classes, text);
    (void)printf("mlp %s, dropout %s", text, options_dropout_name(options->dropout));
    if (options->dropout != ARD_DROPOUT_NONE) {
        setting_text(options, RECORDED_RATE, text);
        (void)printf(" %s", text);
    }
    if (options_rate_changes(options)) {
        (void)printf(", rate growing from 0 over %zu epochs", options->rate_epochs);
    }
    if (options_searches(options->dropout) && options->search != SEARCH_EXACT) {
        (void)printf(", periods by %s", options_search_name(options->search));
    }
    if (options->dropout == ARD_DROPOUT_TILE) {
        (void)printf(", %s tiles of edge %" PRIu32, options_numbering_name(options->numbering),
                     options->tile);
    }
    (void)printf(", batch %zu", options->batch);
    if (options->groups > 1 && options_has_groups(options->dropout)) {
        (void)printf(" in %" PRIu32 " groups", options->groups);
    }
    (void)printf(", %zu epochs\n", options->epochs);
    (void)printf("%zu training", facts->train_samples);
    if (facts->validation_samples > 0) {
        (void)printf(", %zu validation", facts->validation_samples);
    }
    (void)printf(" and %zu test samples, on %s %s\n", facts->test_samples, facts->device->id,
                 facts->device->name);
    (void)fflush(stdout);
}

void report_epoch(const train_options *options, const epoch_record *record)
{
    if (is_silent(options)) {
        return;
    }
    const char *samples = options->validation > 0 ? "validation" : "test";
    (void)printf("epoch %*" PRIu64 "  loss %.4f  train %6.2f%%  %s loss %.4f  %s %6.2f%%  "
                 "%.2f s\n",
                 options->epochs < 10 ? 1 : 3, record->epoch, record->loss,
                 100.0 * record->train_accuracy, samples, record->after.loss, samples,
                 100.0 * record->after.accuracy, record->seconds);
    (void)fflush(stdout);
}

static void print_end(const train_options *options, const train_result *result)
{
    if (result->interrupted) {
        (void)printf("stopped after %" PRIu64 " steps, %.2f s of training, %.2f s in all\n",
                     result->steps, result->seconds, result->total_seconds);
    } else {
        (void)printf("test accuracy %.2f%% after %zu epochs, %.2f s of training, %.2f s in all\n",
                     100.0 * result->test.accuracy, options->epochs, result->seconds,
                     result->total_seconds);
    }
}

int report_end(const train_options *options, const run_facts *facts, const train_result *result)
{
    if (options->format == FORMAT_JSON) {
        return report_json(options, facts, result);
    }
    print_end(options, result);
    return CLI_SUCCESS;
}
