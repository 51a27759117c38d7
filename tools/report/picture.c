/* SPDX-License-Identifier: Apache-2.0 */
#include "report/picture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/report_data.h"

const char *picture_section_name(picture_section section)
{
    static const char *const names[PICTURE_SECTIONS] = {"speedup", "width", "profile", "learning"};
    return names[section];
}

picture *picture_find(picture_list *list, picture_section section, const char *title,
                      const char *note)
{
    for (size_t i = 0; i < list->count; i++) {
        picture *old = &list->pictures[i];
        if (old->section == section && strcmp(old->title, title) == 0 &&
            strcmp(old->note, note) == 0) {
            return old;
        }
    }
    picture *pictures = report_append(list->pictures, list->count, sizeof *pictures);
    if (pictures == NULL) {
        list->failed = true;
        return NULL;
    }
    list->pictures = pictures;
    picture *made = &pictures[list->count++];
    made->section = section;
    made->reference = NAN;
    made->x_label = "";
    made->y_label = "";
    snprintf(made->title, sizeof made->title, "%s", title);
    snprintf(made->note, sizeof made->note, "%s", note);
    return made;
}

picture_series *picture_find_series(picture_list *list, picture *picture, const char *name,
                                    bool limit)
{
    char cut[PICTURE_NAME];
    unsigned style = 0;
    snprintf(cut, sizeof cut, "%s", name);
    for (size_t i = 0; i < picture->series_count; i++) {
        if (strcmp(picture->series[i].name, cut) == 0) {
            return &picture->series[i];
        }
        style += picture->series[i].limit ? 0 : 1;
    }
    picture_series *series = report_append(picture->series, picture->series_count, sizeof *series);
    if (series == NULL) {
        list->failed = true;
        return NULL;
    }
    picture->series = series;
    picture_series *made = &series[picture->series_count++];
    memcpy(made->name, cut, sizeof cut);
    made->limit = limit;
    made->style = style;
    return made;
}

static void merge(picture_point *old, const picture_point *point)
{
    const double low = fmin(old->low, point->low);
    const double high = fmax(old->high, point->high);
    /* Values that differ span a range, even where each is known as a single number. */
    old->low = old->y != point->y ? fmin(low, fmin(old->y, point->y)) : low;
    old->high = old->y != point->y ? fmax(high, fmax(old->y, point->y)) : high;
    old->merged++;
    old->y += (point->y - old->y) / (double)old->merged;
}

void picture_add_point(picture_list *list, picture_series *series, picture_point point)
{
    if (series == NULL || !isfinite(point.x) || !isfinite(point.y)) {
        return;
    }
    for (size_t i = 0; i < series->count; i++) {
        if (series->points[i].x == point.x) {
            merge(&series->points[i], &point);
            return;
        }
    }
    picture_point *points = report_append(series->points, series->count, sizeof *points);
    if (points == NULL) {
        list->failed = true;
        return;
    }
    point.merged = 1;
    series->points = points;
    points[series->count++] = point;
}

picture_bar *picture_add_bar(picture_list *list, picture *picture, const char *name)
{
    picture_bar *bars = report_append(picture->bars, picture->bar_count, sizeof *bars);
    if (bars == NULL) {
        list->failed = true;
        return NULL;
    }
    picture->bars = bars;
    picture_bar *made = &bars[picture->bar_count++];
    snprintf(made->name, sizeof made->name, "%s", name);
    return made;
}

void picture_add_part(picture_list *list, picture_bar *bar, const char *name, unsigned style,
                      double value)
{
    if (bar == NULL || !(value > 0)) {
        return;
    }
    picture_part *parts = report_append(bar->parts, bar->count, sizeof *parts);
    if (parts == NULL) {
        list->failed = true;
        return;
    }
    bar->parts = parts;
    parts[bar->count++] = (picture_part){.name = name, .style = style, .value = value};
}

static int compare_points(const void *a, const void *b)
{
    const picture_point *first = a;
    const picture_point *second = b;
    return (first->x > second->x) - (first->x < second->x);
}

static void free_picture(picture *picture)
{
    for (size_t i = 0; i < picture->series_count; i++) {
        free(picture->series[i].points);
    }
    for (size_t i = 0; i < picture->bar_count; i++) {
        free(picture->bars[i].parts);
    }
    free(picture->series);
    free(picture->bars);
}

/* Whether there is something to see; sorts the points. */
static bool finish_picture(picture *picture)
{
    size_t kept = 0;
    for (size_t i = 0; i < picture->series_count; i++) {
        picture_series *series = &picture->series[i];
        if (series->count > 0) {
            qsort(series->points, series->count, sizeof *series->points, compare_points);
            picture->series[kept++] = *series;
        } else {
            free(series->points);
        }
    }
    picture->series_count = kept;
    return kept > 0 || picture->bar_count > 0;
}

void picture_list_finish(picture_list *list)
{
    size_t kept = 0;
    size_t numbers[PICTURE_SECTIONS] = {0};
    for (size_t i = 0; i < list->count; i++) {
        if (finish_picture(&list->pictures[i])) {
            list->pictures[kept] = list->pictures[i];
            list->pictures[kept].number = ++numbers[list->pictures[kept].section];
            kept++;
        } else {
            free_picture(&list->pictures[i]);
        }
    }
    list->count = kept;
}

void picture_list_free(picture_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free_picture(&list->pictures[i]);
    }
    free(list->pictures);
    *list = (picture_list){0};
}
