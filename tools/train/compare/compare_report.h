/* SPDX-License-Identifier: Apache-2.0 */
/* What a comparison prints on standard output. */
#ifndef ARD_COMPARE_REPORT_H
#define ARD_COMPARE_REPORT_H

#include "train/compare/compare_options.h"
#include "train/compare/summary.h"

/* As the options want it. CLI_SUCCESS or, without memory, CLI_FAILURE. */
int compare_report(const compare_options *options, const compare_results *results);

/* Its parts. The JSON answers false without memory. The text is a head, which says what was trained
 * where and when, so that a table that is kept explains itself, and the table. */
void compare_report_head(table_format tables, const compare_results *results,
                         const compare_summary *summary);
void compare_report_text(table_format tables, const compare_results *results,
                         const compare_summary *summary);
void compare_report_csv(csv_content content, const compare_results *results,
                        const compare_summary *summary);
bool compare_report_json(const compare_results *results, const compare_summary *summary);

#endif
