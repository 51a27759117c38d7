/* SPDX-License-Identifier: Apache-2.0 */
/* Time against width: a picture for each device, family of networks and rates, with lines of the
 * baselines and of the patterns. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/case_words.h"
#include "report/gather.h"

/* Whether there are points of several widths. */
static bool has_widths(const picture *picture)
{
    const picture_point *first = NULL;
    for (size_t i = 0; i < picture->series_count; i++) {
        for (size_t j = 0; j < picture->series[i].count; j++) {
            const picture_point *point = &picture->series[i].points[j];
            first = first == NULL ? point : first;
            if (point->x != first->x) {
                return true;
            }
        }
    }
    return false;
}

/* A picture without points is dropped. */
static void empty(picture *picture)
{
    for (size_t i = 0; i < picture->series_count; i++) {
        picture->series[i].count = 0;
    }
}

static void add_time(picture_list *list, picture *picture, const char *name,
                     const report_result *result, const report_time *time)
{
    if (time->median > 0) {
        picture_add_point(
            list, picture_find_series(list, picture, name, false),
            (picture_point){
                .x = case_width(result), .y = time->median, .low = time->min, .high = time->max});
    }
}

static void add_result(const report_data *data, const report_result *result, bool engines,
                       picture_list *list)
{
    char family[CASE_WORDS];
    char rates[CASE_WORDS];
    char device[CASE_WORDS];
    char title[PICTURE_TITLE];
    char name[PICTURE_NAME];
    case_family(result, family);
    case_rates(result, rates);
    case_device(data, result->device, device);
    snprintf(title, sizeof title, "%.150s, rate %.60s", family, rates);
    picture *picture = picture_find(list, PICTURE_WIDTH, title, device);
    if (picture == NULL) {
        return;
    }
    picture->x_label = "width (geometric mean of the layers)";
    picture->y_label = "ms";
    picture->log_x = true;
    picture->log_y = true;
    picture->x_at_points = true;
    snprintf(name, sizeof name, "dense: %.30s%s%.16s", result->baseline, engines ? ", " : "",
             engines ? result->engine : "");
    add_time(list, picture, name, result, &result->dense);
    char pattern[CASE_WORDS];
    case_pattern(result, pattern);
    snprintf(name, sizeof name, "%.60s%s%.16s", pattern, engines ? ", " : "",
             engines ? result->engine : "");
    add_time(list, picture, name, result, &result->ard);
}

void gather_widths(const report_data *data, picture_list *list)
{
    const bool engines = case_engines_differ(data);
    for (size_t i = 0; i < data->result_count; i++) {
        add_result(data, &data->results[i], engines, list);
    }
    for (size_t i = 0; i < list->count; i++) {
        picture *picture = &list->pictures[i];
        if (picture->section == PICTURE_WIDTH && !has_widths(picture)) {
            empty(picture);
        }
    }
}
