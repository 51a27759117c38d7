/* SPDX-License-Identifier: Apache-2.0 */
/* What goes to the output: what a run found, or what it would do. */
#ifndef ARD_TUNE_REPORT_H
#define ARD_TUNE_REPORT_H

#include <stdio.h>

#include "result.h"

/* Prints what was found, in the options' format; false without memory. */
bool report_result(FILE *output, const tune_result *result);

/* Prints what would be measured and searched. */
bool report_plan(FILE *output, const tune_result *result, const tune_limits *limits);

/* The formats' own parts. */
void report_text_result(FILE *output, const tune_result *result);
void report_text_plan(FILE *output, const tune_result *result, const tune_limits *limits);
bool report_json_result(FILE *output, const tune_result *result);
bool report_json_plan(FILE *output, const tune_result *result, const tune_limits *limits);

/* Whether an engine is to be tuned. */
bool report_tunes(const tune_options *options, ard_engine engine);

/* GFLOP/s of a product that takes so many milliseconds. */
double report_speed(const tune_shape *shape, double milliseconds);

/* The geometric mean of the speeds of all shapes. */
double report_mean_speed(const tune_shapes *shapes, const contest_times *times);

#endif
