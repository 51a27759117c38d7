/* SPDX-License-Identifier: Apache-2.0 */
#include "report/axis.h"

#include <math.h>

/* What a logarithmic axis shows at the least, so that quotients stay finite. */
static const double LEAST_LOG = 1e-30;

/* Values that differ by less are drawn as one: their tenth parts must be numbers still. */
static const double LEAST_SPAN = 1e-290;

void axis_begin(axis *axis, bool log, bool from_zero)
{
    *axis = (struct axis){.log = log, .from_zero = from_zero, .least = INFINITY, .most = -INFINITY};
}

bool axis_shows(const axis *axis, double value)
{
    return isfinite(value) && (!axis->log || value >= LEAST_LOG);
}

void axis_include(axis *axis, double value)
{
    if (axis_shows(axis, value)) {
        axis->least = fmin(axis->least, value);
        axis->most = fmax(axis->most, value);
    }
}

/* 1, 2 or 5 times a power of ten: the least that is not below `value`. */
static double round_step(double value)
{
    const double power = pow(10, floor(log10(value)));
    const double times = value / power;
    return (times <= 1.0001 ? 1 : times <= 2.0001 ? 2 : times <= 5.0001 ? 5 : 10) * power;
}

static void add_tick(axis *axis, double value)
{
    if (axis->tick_count < AXIS_TICKS) {
        axis->ticks[axis->tick_count++] = value;
    }
}

static void finish_linear(axis *axis, size_t wanted)
{
    const double span = axis->most - axis->least;
    const double magnitude = fmax(fabs(axis->most), fabs(axis->least));
    if (!(span > fmax(magnitude * 1e-9, LEAST_SPAN))) {
        const double half = magnitude > LEAST_SPAN ? magnitude * 0.1 : 1;
        axis->least -= axis->from_zero && axis->least == 0 ? 0 : half;
        axis->most += half;
    }
    const double step = round_step((axis->most - axis->least) / (double)wanted);
    const double first = floor(axis->least / step + 1e-6);
    const double last = ceil(axis->most / step - 1e-6);
    for (double i = first; i <= last; i++) {
        add_tick(axis, i == 0 ? 0 : i * step);
    }
    axis->least = fmin(axis->least, first * step);
    axis->most = fmax(axis->most, last * step);
}

/* The power of ten, if it is on the axis, and where ticks are to be fine twice and 5 times it. */
static void add_decade(axis *axis, double power, bool fine)
{
    static const double times[] = {1, 2, 5};
    for (size_t i = 0; i < (fine ? 3 : 1); i++) {
        const double value = times[i] * power;
        if (value >= axis->least * 0.9999 && value <= axis->most * 1.0001) {
            add_tick(axis, value);
        }
    }
}

/* Within less than a decade: as on a linear axis. */
static void add_round(axis *axis, size_t wanted)
{
    const double step = round_step((axis->most - axis->least) / (double)wanted);
    axis->tick_count = 0;
    for (double i = ceil(axis->least / step); i <= floor(axis->most / step); i++) {
        add_tick(axis, i * step);
    }
}

static void finish_log(axis *axis, size_t wanted)
{
    /* A little air, so that nothing lies on the frame. */
    const double margin = fmax(pow(axis->most / axis->least, 0.06), 1.05);
    axis->least /= margin;
    axis->most *= margin;
    const double first = floor(log10(axis->least));
    const double decades = log10(axis->most) - log10(axis->least);
    const double skip = fmax(1, ceil(decades / (double)wanted));
    for (double i = first; i <= first + decades + 1; i += skip) {
        add_decade(axis, pow(10, i), decades < 2.5);
    }
    if (axis->tick_count < 3 && decades < 2.5) {
        add_round(axis, wanted);
    }
}

void axis_finish(axis *axis, size_t wanted)
{
    if (!(axis->least <= axis->most)) {
        axis->least = axis->log ? 1 : 0;
        axis->most = axis->log ? 10 : 1;
    }
    if (axis->from_zero && !axis->log) {
        axis->least = fmin(axis->least, 0);
        axis->most = fmax(axis->most, 0);
    }
    if (axis->log) {
        finish_log(axis, wanted);
    } else {
        finish_linear(axis, wanted);
    }
}

void axis_finish_tight(axis *axis, double margin)
{
    if (!(axis->least <= axis->most)) {
        axis->least = 0;
        axis->most = 1;
    }
    axis->least -= margin;
    axis->most += margin;
    axis->tick_count = 0;
}

double axis_place(const axis *axis, double value)
{
    const double place =
        axis->log ? (log(value) - log(axis->least)) / (log(axis->most) - log(axis->least))
                  : (value - axis->least) / (axis->most - axis->least);
    return fmin(fmax(place, 0), 1);
}
