/* SPDX-License-Identifier: Apache-2.0 */
/* The commands that read results instead of measuring: report and compare. */
#ifndef ARD_BENCH_OPTIONS_REPORT_H
#define ARD_BENCH_OPTIONS_REPORT_H

#include "options_table.h"

extern const char options_about_report[];
extern const char options_about_compare[];
void options_make_report(options_raw *raw, cli_option table[MOST_OPTIONS]);
void options_make_compare(options_raw *raw, cli_option table[MOST_OPTIONS]);

/* Completes and checks the options of either. CLI_CONTINUE, or CLI_MISTAKE after a line. */
int options_check_report(options_raw *raw);
int options_check_compare(options_raw *raw);

#endif
