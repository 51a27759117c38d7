/* SPDX-License-Identifier: Apache-2.0 */
/* What goes to the output: devices and results as text, CSV or JSON.
 *
 * Text and CSV lines appear as they are measured; JSON is one document at the end, of whatever was
 * measured until then. */
#ifndef ARD_BENCH_REPORT_H
#define ARD_BENCH_REPORT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>

#include "devices.h"
#include "json_text.h"
#include "options.h"
#include "per_period.h"
#include "profiling.h"

/* What stands in a report beside the devices. */
typedef enum report_content {
    REPORT_DEVICES, /* nothing */
    REPORT_RESULTS,
    REPORT_PERIODS, /* times of joint periods */
} report_content;

enum { REPORT_PATH = 4096 };

typedef struct report {
    bench_format format;
    report_content content;
    bool windows; /* whether cases of an LSTM can be among the results */
    bool groups;  /* whether cases with groups of samples can */
    FILE *output;
    cJSON *document;        /* of JSON and of a file alone */
    bool lost;              /* there was no memory for it */
    bool resumed;           /* it has results of an earlier run */
    char path[REPORT_PATH]; /* of its file; "": none */
    FILE *held;             /* the file, while it is ours to write (claim.h) */
} report;

/* Starts a report of results or periods on the devices of `list`, in the format that the options
 * ask for; in CSV with the columns that only some cases have, where theirs is one; `groups` of a
 * sweep. */
void report_begin(report *report, const bench_options *options, report_content content, bool groups,
                  FILE *output, const device_list *list);

/* Before the first result of a device; `verified`: whether its results have a max_error. NULL: it
 * has no environment. */
void report_device(report *report, const ard_device_info *device, bool verified,
                   const char *environment);

void report_result(report *report, const ard_device_info *device, const bench_case *kase,
                   const bench_result *result);

/* The times of joint periods, with the results of the same passes, one for each baseline. */
void report_periods(report *report, const ard_device_info *device, const bench_case *kase,
                    const bench_result *results, const period_times *times);

/* The profiles of a case's results, of those that have one; a text report's alone, since they are
 * a part of JSON results. */
void report_profiles(const report *report, const bench_case *kase, const bench_result *results);

/* The same of the memory of their sides. */
void report_memory(const report *report, const bench_case *kase, const bench_result *results);

/* A sentence about the results: to the output of a text report, to the error stream otherwise. */
void report_sentence(const report *report, const char *sentence);

/* Gives the report up, unprinted. */
void report_drop(report *report);

/* Ends the report; false when it could not be made. */
bool report_end(report *report);

/* The devices alone, as `ard-bench list` shows them; false when that could not be done. */
bool report_list(bench_format format, FILE *output, const device_list *list);

/* The formats' own parts. */
void report_text_device(FILE *output, const ard_device_info *device);
void report_text_columns(FILE *output, bool verified);
void report_text_result(FILE *output, const bench_case *kase, const bench_result *result);
void report_text_periods(FILE *output, const bench_case *kase, const bench_result *results,
                         const period_times *times);
void report_csv_devices(FILE *output, const device_list *list);
void report_csv_columns(FILE *output, const bench_case *kase, bool windows, bool groups);
void report_csv_result(FILE *output, const ard_device_info *device, const bench_case *kase,
                       const bench_result *result, bool windows, bool groups);
void report_csv_period_columns(FILE *output);
void report_csv_periods(FILE *output, const ard_device_info *device, const bench_case *kase,
                        const bench_result *results, const period_times *times);
cJSON *report_json_document(const device_list *list, report_content content);
bool report_json_result(cJSON *document, const ard_device_info *device, const bench_case *kase,
                        const bench_result *result);
bool report_json_periods(cJSON *document, const ard_device_info *device, const bench_case *kase,
                         const bench_result *results, const period_times *times);

void report_text_memory(FILE *output, const bench_result *result);

/* The profile of a side: a table, headed by the side's name; both sides' as a part of a result. */
void report_text_profile(FILE *output, const char *what, const profile_side *side);
bool report_json_profile(cJSON *result, const profile_side *dense, const profile_side *compact);

#endif
