/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures as files of their own. */
#ifndef ARD_REPORT_PLOTS_H
#define ARD_REPORT_PLOTS_H

#include "report/output_files.h"
#include "report/picture.h"

typedef enum plot_format { PLOT_SVG, PLOT_PNG } plot_format;

/* CLI_CONTINUE, or a line and CLI_FAILURE where PNG cannot be made, since there is no
 * rsvg-convert. */
int plots_check(const cli_program *program, plot_format format);

/* Writes all of them beside their names in the folder, such as "speedup-1-784-2048-10.svg".
 * CLI_CONTINUE, or CLI_FAILURE after a line. */
int plots_write(output_files *files, const char *folder, plot_format format,
                const picture_list *pictures);

#endif
