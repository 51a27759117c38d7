/* SPDX-License-Identifier: Apache-2.0 */
/* ard-bench compare: the times of two runs side by side. */
#ifndef ARD_REPORT_COMPARE_COMMAND_H
#define ARD_REPORT_COMPARE_COMMAND_H

#include "cli.h"

typedef enum compare_format { COMPARE_TEXT, COMPARE_CSV, COMPARE_JSON } compare_format;

typedef struct compare_options {
    const cli_operands *files; /* two */
    double tolerance;          /* per cent */
    compare_format format;
} compare_options;

/* CLI_SUCCESS, CLI_FAILURE after a regression or a failure, or CLI_MISTAKE after a line. */
int compare_run_command(const cli_program *program, const compare_options *options);

#endif
