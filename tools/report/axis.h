/* SPDX-License-Identifier: Apache-2.0 */
/* An axis: which values it spans, where they lie, and where its ticks are. */
#ifndef ARD_REPORT_AXIS_H
#define ARD_REPORT_AXIS_H

#include <stdbool.h>
#include <stddef.h>

enum { AXIS_TICKS = 24 };

typedef struct axis {
    bool log;
    bool from_zero;     /* a linear axis that begins at zero */
    double least, most; /* of its ends, after axis_finish() */
    double ticks[AXIS_TICKS];
    size_t tick_count;
} axis;

/* An axis of no values yet. */
void axis_begin(axis *axis, bool log, bool from_zero);

/* Makes it span a value. What a logarithmic axis cannot show is left out, and so is NaN. */
void axis_include(axis *axis, double value);

/* Whether the value can be shown. */
bool axis_shows(const axis *axis, double value);

/* Chooses ends and ticks: about `wanted` of them at round numbers. */
void axis_finish(axis *axis, size_t wanted);

/* Ends at the values themselves, that far from them, for a linear axis whose ticks are set
 * otherwise. */
void axis_finish_tight(axis *axis, double margin);

/* Where a value lies: 0 at the least end, 1 at the other. */
double axis_place(const axis *axis, double value);

#endif
