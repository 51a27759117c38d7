/* SPDX-License-Identifier: Apache-2.0 */
/* Speed-up against the rate: a picture for each device and network, a line for each pattern and
 * baseline, and the limits by FLOPs. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/case_words.h"
#include "report/gather.h"

/* Limits that differ by less than this are drawn as one line. */
static const double LIMIT_DIFFERENCE = 0.03;

static const char LIMIT[] = "FLOP limit";

/* What the ranges of both sides allow: the quickest pass against the slowest one, and the other
 * way round. */
static picture_point speedup_point(const report_result *result)
{
    return (picture_point){.x = case_mean_rate(result),
                           .y = result->speedup,
                           .low = result->dense.min / result->ard.max,
                           .high = result->dense.max / result->ard.min};
}

static void name_line(const report_result *result, bool engines, char name[PICTURE_NAME])
{
    char pattern[CASE_WORDS];
    case_pattern(result, pattern);
    snprintf(name, PICTURE_NAME, "%.50s / %.20s%s%.16s", pattern, result->baseline,
             engines ? ", " : "", engines ? result->engine : "");
}

static picture *find_picture(const report_data *data, const report_result *result,
                             picture_list *list)
{
    char network[CASE_WORDS];
    char device[CASE_WORDS];
    case_network(result, network);
    case_device(data, result->device, device);
    picture *made = picture_find(list, PICTURE_SPEEDUP, network, device);
    if (made != NULL) {
        made->x_label = "dropout rate";
        made->y_label = "speed-up (times as fast as the baseline)";
        made->x_at_points = true;
        made->y_from_zero = true;
        made->reference = 1;
    }
    return made;
}

static void add_result(const report_data *data, const report_result *result, bool engines,
                       picture_list *list)
{
    picture *picture = find_picture(data, result, list);
    char name[PICTURE_NAME];
    if (picture == NULL) {
        return;
    }
    name_line(result, engines, name);
    picture_series *series = picture_find_series(list, picture, name, false);
    const unsigned style = series != NULL ? series->style : 0;
    picture_add_point(list, series, speedup_point(result));
    char pattern[CASE_WORDS];
    char limit[PICTURE_NAME];
    case_pattern(result, pattern);
    snprintf(limit, sizeof limit, "%s, %.60s", LIMIT, pattern);
    const size_t before = picture->series_count;
    series = picture_find_series(list, picture, limit, true);
    if (series != NULL) {
        series->style = picture->series_count > before ? style : series->style;
        picture_add_point(
            list, series,
            (picture_point){
                .x = case_mean_rate(result), .y = result->flop_limit, .low = NAN, .high = NAN});
    }
}

static const picture_point *point_at(const picture_series *series, double x)
{
    for (size_t i = 0; i < series->count; i++) {
        if (series->points[i].x == x) {
            return &series->points[i];
        }
    }
    return NULL;
}

static bool agrees(const picture_series *a, const picture_series *b)
{
    for (size_t i = 0; i < a->count; i++) {
        const picture_point *other = point_at(b, a->points[i].x);
        if (other != NULL && fabs(other->y - a->points[i].y) > LIMIT_DIFFERENCE * a->points[i].y) {
            return false;
        }
    }
    return true;
}

static bool limits_agree(const picture *picture)
{
    for (size_t i = 0; i < picture->series_count; i++) {
        for (size_t j = 0; j < i; j++) {
            const picture_series *a = &picture->series[i];
            const picture_series *b = &picture->series[j];
            if (a->limit && b->limit && (!agrees(a, b) || !agrees(b, a))) {
                return false;
            }
        }
    }
    return true;
}

/* Makes one grey line of all limits. */
static void join_limits(picture_list *list, picture *picture)
{
    picture_series *first = NULL;
    for (size_t i = 0; i < picture->series_count; i++) {
        picture_series *series = &picture->series[i];
        if (series->limit && first == NULL) {
            first = series;
            first->style = PICTURE_STYLES;
            snprintf(first->name, sizeof first->name, "%s", LIMIT);
        } else if (series->limit) {
            for (size_t j = 0; j < series->count; j++) {
                picture_add_point(list, first, series->points[j]);
            }
            series->count = 0;
        }
    }
}

void gather_speedups(const report_data *data, picture_list *list)
{
    const bool engines = case_engines_differ(data);
    for (size_t i = 0; i < data->result_count; i++) {
        add_result(data, &data->results[i], engines, list);
    }
    for (size_t i = 0; i < list->count; i++) {
        picture *picture = &list->pictures[i];
        if (picture->section == PICTURE_SPEEDUP && limits_agree(picture)) {
            join_limits(list, picture);
        }
    }
}
