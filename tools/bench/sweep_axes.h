/* SPDX-License-Identifier: Apache-2.0 */
/* The options of a sweep that take several values, which multiply out. */
#ifndef ARD_BENCH_SWEEP_AXES_H
#define ARD_BENCH_SWEEP_AXES_H

#include "options.h"

/* Which models an option is for, as bits. */
enum { OF_MLP = 1, OF_LSTM = 2, OF_GEMM = 4, OF_STEPS = OF_MLP | OF_LSTM, OF_ALL = 7 };

/* In the order in which they multiply out: cases that differ in the last one follow each other. */
typedef enum sweep_axis_index {
    AXIS_ENGINE,
    AXIS_MODEL,
    AXIS_IN,
    AXIS_HIDDEN,
    AXIS_OUT,
    AXIS_LAYERS,
    AXIS_EMBED,
    AXIS_VOCAB,
    AXIS_STEPS,
    AXIS_M,
    AXIS_N,
    AXIS_K,
    AXIS_BATCH,
    AXIS_PLACEMENT,
    AXIS_RATE,
    AXIS_PATTERN,
    AXIS_TILE,
    AXIS_NUMBERING,
    AXIS_MAX_PERIOD,
    AXIS_SCALE,
    AXIS_GROUPS,
    AXIS_COUNT,
} sweep_axis_index;

typedef struct sweep_axis {
    const char *name;
    const char *metavar;
    const char *help;
    const char *default_text;
    int models;     /* whose option it is */
    bool of_layers; /* a value can be several numbers, joined by "x" */
} sweep_axis;

extern const sweep_axis sweep_axes[AXIS_COUNT];

#endif
