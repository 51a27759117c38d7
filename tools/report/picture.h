/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures before they are drawn: lines of points, or bars of parts. */
#ifndef ARD_REPORT_PICTURE_H
#define ARD_REPORT_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

enum { PICTURE_NAME = 96, PICTURE_TITLE = 256, PICTURE_STYLES = 8 };

typedef enum picture_section {
    PICTURE_SPEEDUP,  /* against the rate */
    PICTURE_WIDTH,    /* time against the width of a network */
    PICTURE_PROFILE,  /* time by kernels */
    PICTURE_LEARNING, /* of training runs */
    PICTURE_SECTIONS,
} picture_section;

/* Where `low` and `high` are known, they are the ends of a whisker; NaN otherwise. */
typedef struct picture_point {
    double x, y, low, high;
    size_t merged; /* how many were given for this x; `y` is their mean */
} picture_point;

typedef struct picture_series {
    char name[PICTURE_NAME];
    unsigned style;        /* colour and marker */
    bool limit;            /* a dashed line without markers */
    picture_point *points; /* owned */
    size_t count;
} picture_series;

typedef struct picture_part {
    const char *name;
    unsigned style;
    double value;
} picture_part;

typedef struct picture_bar {
    char name[PICTURE_NAME];
    picture_part *parts; /* owned */
    size_t count;
} picture_bar;

typedef struct picture {
    picture_section section;
    size_t number; /* in its section, from 1 */
    char title[PICTURE_TITLE];
    char note[PICTURE_TITLE]; /* the device */
    const char *x_label, *y_label;
    bool log_x, log_y, y_from_zero;
    bool x_at_points; /* ticks stand where the points are */
    bool x_whole;     /* only whole numbers have ticks */
    double reference; /* a thin line at this y; NaN: none */
    picture_series *series;
    picture_bar *bars; /* a picture has either */
    size_t series_count, bar_count;
} picture;

typedef struct picture_list {
    picture *pictures;
    size_t count;
    bool failed; /* no memory */
} picture_list;

/* The picture of a section with these texts, which is added where there is none; NULL without
 * memory. Pointers to pictures, series and bars are good until another one is added. */
picture *picture_find(picture_list *list, picture_section section, const char *title,
                      const char *note);

/* The series of a name, which is added where there is none. */
picture_series *picture_find_series(picture_list *list, picture *picture, const char *name,
                                    bool limit);

/* Points of the same x become one. */
void picture_add_point(picture_list *list, picture_series *series, picture_point point);

picture_bar *picture_add_bar(picture_list *list, picture *picture, const char *name);
void picture_add_part(picture_list *list, picture_bar *bar, const char *name, unsigned style,
                      double value);

/* Removes pictures of nothing, sorts points, numbers the pictures. */
void picture_list_finish(picture_list *list);

void picture_list_free(picture_list *list);

/* "speedup", "width", "profile", "learning". */
const char *picture_section_name(picture_section section);

#endif
