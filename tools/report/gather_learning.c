/* SPDX-License-Identifier: Apache-2.0 */
/* Learning curves: accuracy or perplexity and loss against epochs, and the first against the
 * seconds of training. Runs of one name, such as those of several seeds, are one line of means. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/gather.h"
#include "report/read_epochs.h"

typedef enum curve { SCORE_BY_EPOCH, LOSS_BY_EPOCH, SCORE_BY_SECOND, CURVES } curve;

static double value_of(const report_epoch *epoch, curve curve)
{
    return curve == LOSS_BY_EPOCH ? epoch->loss : epoch->score;
}

/* Seconds differ between runs of one name: the mean over those that have the epoch. */
static double mean_seconds(const report_data *data, const report_run *run, size_t index)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < data->run_count; i++) {
        const report_run *other = &data->runs[i];
        if (strcmp(other->group, run->group) == 0 && strcmp(other->name, run->name) == 0 &&
            other->device == run->device && index < other->count &&
            isfinite(other->epochs[index].seconds)) {
            sum += other->epochs[index].seconds;
            count++;
        }
    }
    return count > 0 ? sum / (double)count : NAN;
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

/* The title says what is drawn, so that curves of one thing alone are in one picture. */
static picture *find_picture(const report_run *run, curve curve, picture_list *list)
{
    char title[PICTURE_TITLE];
    const char *label = label_of(run, curve);
    const bool seconds = curve == SCORE_BY_SECOND;
    snprintf(title, sizeof title, "%s against %s", label, seconds ? "seconds" : "epochs");
    picture *made = picture_find(list, PICTURE_LEARNING, title, run->group);
    if (made != NULL) {
        made->y_label = label;
        made->x_label = seconds ? "seconds of training" : "epoch";
        made->x_whole = !seconds;
        made->log_y = curve != LOSS_BY_EPOCH && read_run_is_lstm(run);
    }
    return made;
}

static void add_run(const report_data *data, const report_run *run, curve curve, picture_list *list)
{
    picture *picture = find_picture(run, curve, list);
    if (picture == NULL) {
        return;
    }
    for (size_t i = 0; i < run->count; i++) {
        const report_epoch *epoch = &run->epochs[i];
        picture_series *series = picture_find_series(list, picture, run->name, false);
        picture_add_point(list, series,
                          (picture_point){.x = curve == SCORE_BY_SECOND ? mean_seconds(data, run, i)
                                                                        : epoch->epoch,
                                          .y = value_of(epoch, curve),
                                          .low = NAN,
                                          .high = NAN});
    }
}

void gather_learning(const report_data *data, picture_list *list)
{
    for (curve curve = 0; curve < CURVES; curve++) {
        for (size_t i = 0; i < data->run_count; i++) {
            add_run(data, &data->runs[i], curve, list);
        }
    }
}
