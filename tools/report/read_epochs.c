/* SPDX-License-Identifier: Apache-2.0 */
#include "report/read_epochs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

report_run *read_new_run(report_reader *reader)
{
    report_data *data = reader->data;
    report_run *runs = report_append(data->runs, data->run_count, sizeof *runs);
    if (runs == NULL) {
        (void)check_no_memory(reader);
        return NULL;
    }
    data->runs = runs;
    report_run *run = &runs[data->run_count++];
    *run = (report_run){.device = REPORT_NO_DEVICE,
                        .file = reader->file,
                        .model = "mlp",
                        .data = "",
                        .held = "test",
                        .date = "",
                        .seed = NAN,
                        .seconds = NAN};
    return run;
}

bool read_run_is_lstm(const report_run *run)
{
    return strcmp(run->model, "lstm") == 0;
}

/* Accuracies are shares in the documents. */
static double score_unit(const report_run *run)
{
    return read_run_is_lstm(run) ? 1 : 100;
}

/* `held`_`what` of an epoch. */
static bool read_held(report_reader *reader, const cJSON *object, const char *held,
                      const char *what, double *value)
{
    char key[40];
    snprintf(key, sizeof key, "%.16s_%.16s", held, what);
    return check_any_number(reader, object, key, value);
}

static bool read_epoch(report_reader *reader, const cJSON *object, const report_run *run,
                       report_epoch *epoch)
{
    const bool lstm = read_run_is_lstm(run);
    if (!check_number(reader, object, "epoch", 0, REPORT_MOST_NUMBER, &epoch->epoch)) {
        return false;
    }
    if (isnan(epoch->epoch)) {
        return check_wrong(reader, "epoch", "the number of the epoch");
    }
    return check_any_number(reader, object, "loss", &epoch->train_loss) &&
           check_any_number(reader, object, lstm ? "perplexity" : "train_accuracy",
                            &epoch->train_score) &&
           read_held(reader, object, run->held, "loss", &epoch->loss) &&
           read_held(reader, object, run->held, lstm ? "perplexity" : "accuracy", &epoch->score) &&
           check_number(reader, object, "seconds", 0, REPORT_MOST_TIME, &epoch->seconds);
}

static bool read_array(report_reader *reader, const cJSON *array, bool summed, report_run *run)
{
    const cJSON *item = NULL;
    double seconds = 0;
    cJSON_ArrayForEach(item, array)
    {
        report_epoch *epochs = report_append(run->epochs, run->count, sizeof *epochs);
        if (epochs == NULL) {
            return check_no_memory(reader);
        }
        run->epochs = epochs;
        report_epoch *epoch = &epochs[run->count++];
        if (!read_epoch(reader, item, run, epoch)) {
            return false;
        }
        epoch->train_score *= score_unit(run);
        epoch->score *= score_unit(run);
        seconds += epoch->seconds;
        epoch->seconds = summed ? epoch->seconds : seconds;
    }
    return true;
}

bool read_epochs(report_reader *reader, const cJSON *object, const char *key, size_t number,
                 bool summed, report_run *run)
{
    const cJSON *array = NULL;
    if (!check_objects(reader, object, "epochs", REPORT_MOST_ENTRIES, &array)) {
        return false;
    }
    if (!check_any_number(reader, object, "test_loss", &run->test_loss) ||
        !check_any_number(reader, object,
                          read_run_is_lstm(run) ? "test_perplexity" : "test_accuracy",
                          &run->test_score)) {
        return false;
    }
    const cJSON *first = array->child;
    run->held =
        cJSON_GetObjectItemCaseSensitive(first, "validation_loss") != NULL ? "validation" : "test";
    if (key != NULL) {
        check_enter(reader, key, number, "epochs");
    } else {
        snprintf(reader->place, sizeof reader->place, "epochs.");
    }
    if (!read_array(reader, array, summed, run)) {
        return false;
    }
    run->test_score *= score_unit(run);
    reader->place[0] = '\0';
    return true;
}
