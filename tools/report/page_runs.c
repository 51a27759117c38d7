/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of training runs. */
#include <math.h>
#include <stdio.h>

#include "report/case_words.h"
#include "report/page.h"
#include "report/read_epochs.h"

/* Which scores there are: a page of networks alone has no column of perplexities. */
typedef struct scores {
    bool accuracy, perplexity;
} scores;

static scores find_scores(const report_data *data)
{
    scores scores = {false, false};
    for (size_t i = 0; i < data->run_count; i++) {
        const bool lstm = read_run_is_lstm(&data->runs[i]);
        scores.accuracy = scores.accuracy || !lstm;
        scores.perplexity = scores.perplexity || lstm;
    }
    return scores;
}

static void run_row(text_buffer *buffer, const report_data *data, const report_run *run,
                    scores scores)
{
    char device[CASE_WORDS] = "";
    if (run->device != REPORT_NO_DEVICE) {
        case_device(data, run->device, device);
    }
    page_head_cell(buffer, run->name);
    page_cell(buffer, run->group);
    page_number(buffer, run->seed);
    page_number(buffer, (double)run->count);
    page_number(buffer, run->test_loss);
    if (scores.accuracy) {
        page_number(buffer, read_run_is_lstm(run) ? NAN : run->test_score);
    }
    if (scores.perplexity) {
        page_number(buffer, read_run_is_lstm(run) ? run->test_score : NAN);
    }
    page_number(buffer, run->seconds);
    page_cell(buffer, run->interrupted ? "interrupted" : run->date);
    page_cell(buffer, device);
    text_add(buffer, "</tr>\n");
}

static void run_table(text_buffer *buffer, const report_data *data)
{
    const scores scores = find_scores(data);
    char columns[200];
    snprintf(columns, sizeof columns,
             "Dropout|Network and data|>Seed|>Epochs|>Test loss%s%s|>Seconds|Date|Device",
             scores.accuracy ? "|>Test accuracy, %" : "",
             scores.perplexity ? "|>Test perplexity" : "");
    page_begin_table(buffer, "Training runs", columns);
    for (size_t i = 0; i < data->run_count; i++) {
        run_row(buffer, data, &data->runs[i], scores);
    }
    page_end_table(buffer);
}

static void epoch_table(text_buffer *buffer, const report_run *run, bool folded)
{
    char caption[2 * sizeof run->name + 80];
    char columns[240];
    const char *score = read_run_is_lstm(run) ? "perplexity" : "accuracy, %";
    char seed[40] = "";
    if (isfinite(run->seed)) {
        snprintf(seed, sizeof seed, ", seed %.15g", run->seed);
    }
    snprintf(caption, sizeof caption, "Epochs of %s (%s)%s", run->name, run->group, seed);
    snprintf(columns, sizeof columns,
             ">Epoch|>Training loss|>Training %s|>%s loss|>%s %s|>Seconds since the start", score,
             run->held[0] == 'v' ? "Validation" : "Test",
             run->held[0] == 'v' ? "Validation" : "Test", score);
    page_begin_part(buffer, caption, folded, columns);
    for (size_t i = 0; i < run->count; i++) {
        const report_epoch *epoch = &run->epochs[i];
        text_add(buffer, "<tr>");
        page_plain_number(buffer, epoch->epoch);
        page_plain_number(buffer, epoch->train_loss);
        page_plain_number(buffer, epoch->train_score);
        page_plain_number(buffer, epoch->loss);
        page_plain_number(buffer, epoch->score);
        page_plain_number(buffer, epoch->seconds);
        text_add(buffer, "</tr>\n");
    }
    page_end_part(buffer, folded);
}

void page_runs(text_buffer *buffer, const report_data *data)
{
    if (data->run_count == 0) {
        return;
    }
    run_table(buffer, data);
    size_t epochs = 0;
    for (size_t i = 0; i < data->run_count; i++) {
        epochs += data->runs[i].count;
    }
    char title[80];
    snprintf(title, sizeof title, "Epochs of %zu training run%s", data->run_count,
             data->run_count == 1 ? "" : "s");
    const bool folded = page_begin_fold(buffer, title, epochs);
    for (size_t i = 0; i < data->run_count; i++) {
        epoch_table(buffer, &data->runs[i], folded);
    }
    page_end_fold(buffer, folded);
}
