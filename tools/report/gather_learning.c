/* SPDX-License-Identifier: Apache-2.0 */
/* Learning curves: accuracy or perplexity and loss against epochs, and the first against the
 * seconds of training. Runs of one name, such as those of several seeds, are one line of means. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/case_words.h"
#include "report/gather.h"
#include "report/read_epochs.h"

typedef enum curve { SCORE_BY_EPOCH, LOSS_BY_EPOCH, SCORE_BY_SECOND, CURVES } curve;

static double value_of(const report_epoch *epoch, curve curve)
{
    return curve == LOSS_BY_EPOCH ? epoch->loss : epoch->score;
}

/* Seconds differ between runs of one name on one device: the line of their means by the index of
 * the epoch. */
static picture_series *find_seconds(const report_run *run, picture_list *means)
{
    char device[24];
    snprintf(device, sizeof device, "%zu", run->device);
    picture *picture = picture_find(means, PICTURE_LEARNING, run->group, device);
    return picture != NULL ? picture_find_series(means, picture, run->name, false) : NULL;
}

static void add_seconds(const report_run *run, picture_list *means)
{
    picture_series *series = find_seconds(run, means);
    for (size_t i = 0; i < run->count; i++) {
        picture_add_point(
            means, series,
            (picture_point){.x = (double)i, .y = run->epochs[i].seconds, .low = NAN, .high = NAN});
    }
}

static double mean_seconds(const picture_series *series, size_t index)
{
    for (size_t i = 0; series != NULL && i < series->count; i++) {
        if (series->points[i].x == (double)index) {
            return series->points[i].y;
        }
    }
    return NAN;
}

static const char *label_of(const report_run *run, curve curve)
{
    const bool validation = strcmp(run->held, "validation") == 0;
    if (curve == LOSS_BY_EPOCH) {
        return validation ? "validation loss" : "test loss";
    }
    if (read_run_is_lstm(run)) {
        return validation ? "validation perplexity" : "test perplexity";
    }
    return validation ? "validation accuracy" : "test accuracy";
}

static const char *label_with_unit(const char *label)
{
    return strcmp(label, "validation accuracy") == 0 ? "validation accuracy, %"
           : strcmp(label, "test accuracy") == 0     ? "test accuracy, %"
                                                     : label;
}

/* The title says what is drawn, so that curves of one thing alone are in one picture; seconds of
 * several devices are several things. */
static picture *find_picture(const report_data *data, const report_run *run, curve curve,
                             picture_list *list)
{
    char title[PICTURE_TITLE];
    char note[PICTURE_TITLE];
    char device[CASE_WORDS] = "";
    const char *label = label_of(run, curve);
    const bool seconds = curve == SCORE_BY_SECOND;
    if (seconds && run->device != REPORT_NO_DEVICE) {
        case_device(data, run->device, device);
    }
    snprintf(title, sizeof title, "%s against %s", label, seconds ? "seconds" : "epochs");
    snprintf(note, sizeof note, "%.150s%s%.100s", run->group, device[0] != '\0' ? ", " : "",
             device);
    picture *made = picture_find(list, PICTURE_LEARNING, title, note);
    if (made != NULL) {
        made->y_label = label_with_unit(label);
        made->x_label = seconds ? "seconds of training" : "epoch";
        made->x_whole = !seconds;
        made->log_y = curve != LOSS_BY_EPOCH && read_run_is_lstm(run);
    }
    return made;
}

static void add_run(const report_data *data, const report_run *run, curve curve,
                    picture_list *means, picture_list *list)
{
    const picture_series *seconds = find_seconds(run, means);
    picture *picture = find_picture(data, run, curve, list);
    if (picture == NULL) {
        return;
    }
    picture_series *series = picture_find_series(list, picture, run->name, false);
    for (size_t i = 0; i < run->count; i++) {
        const report_epoch *epoch = &run->epochs[i];
        picture_add_point(
            list, series,
            (picture_point){.x = curve == SCORE_BY_SECOND ? mean_seconds(seconds, i) : epoch->epoch,
                            .y = value_of(epoch, curve),
                            .low = NAN,
                            .high = NAN});
    }
}

void gather_learning(const report_data *data, picture_list *list)
{
    picture_list means = {0};
    for (size_t i = 0; i < data->run_count; i++) {
        add_seconds(&data->runs[i], &means);
    }
    for (curve curve = 0; curve < CURVES; curve++) {
        for (size_t i = 0; i < data->run_count; i++) {
            add_run(data, &data->runs[i], curve, &means, list);
        }
    }
    list->failed = list->failed || means.failed;
    picture_list_free(&means);
}
