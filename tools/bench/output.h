/* SPDX-License-Identifier: Apache-2.0 */
/* The file of --output: the JSON document, written after every case. */
#ifndef ARD_BENCH_OUTPUT_H
#define ARD_BENCH_OUTPUT_H

#include "report.h"

/* Whether the file may be written: a file that exists must be asked for by --resume or --overwrite.
 * CLI_CONTINUE, or CLI_MISTAKE after a line. */
int output_check(const bench_options *options);

/* Writes the report's document for the first time; with --resume that in the file takes its place,
 * if there is one, with the devices of `list` added. output_end() must follow. CLI_CONTINUE, or the
 * status to end with after a line: CLI_MISTAKE for a file that is no such document, was measured by
 * another version, on another host, or on other devices, or that another process writes. */
int output_begin(report *report, const bench_options *options, const device_list *list);

/* Writes it again, where there is a file; false after a line. */
bool output_save(report *report);

/* Gives the file up to other processes. */
void output_end(report *report);

/* Whether the file that was resumed has all results of a case, whole with their profiles and
 * memory; `*wrong`: whether they failed its verification. */
bool output_has(const report *report, const ard_device_info *device, const bench_case *kase,
                bool *wrong);

/* Removes what there is of a case, which was measured anew, from what was resumed. */
void output_forget(const report *report, const ard_device_info *device, const bench_case *kase);

#endif
