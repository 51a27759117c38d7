/* SPDX-License-Identifier: Apache-2.0 */
/* ard-bench report: documents become a page and pictures. */
#ifndef ARD_REPORT_COMMAND_H
#define ARD_REPORT_COMMAND_H

#include "cli.h"

typedef struct report_options {
    const cli_operands *files;
    const char *output; /* the page; "-": to the standard output */
    const char *title;
    bool plots;           /* whether pictures are written, too */
    int plot_format;      /* a plot_format */
    const char *plot_dir; /* NULL: the folder of the page */
} report_options;

/* The exit status: CLI_SUCCESS, or after a line CLI_MISTAKE for what the files hold and CLI_FAILURE
 * for what could not be written. Nothing is written unless all files could be read. */
int report_run_command(const cli_program *program, const report_options *options);

#endif
