/* SPDX-License-Identifier: Apache-2.0 */
/* How ard-search shows a distribution. */
#ifndef ARD_SEARCH_REPORT_H
#define ARD_SEARCH_REPORT_H

#include <ard/distribution.h>

#include <stdio.h>

/* A small table: the rate reached, the entropy, the shares kept, and each period's probability. */
void report_text(FILE *stream, const ard_distribution *distribution, const char *method);

/* One object on one line, numbers with as many digits as reading them back exactly takes: rate,
 * achieved_rate, entropy, method, max_period, steps, probabilities (of the periods 1..max_period,
 * in order). */
void report_json(FILE *stream, const ard_distribution *distribution, const char *method);

/* Their parts: the table of probabilities; in JSON a number, null for one that is not finite, and
 * the probabilities as a member that follows others. */
void report_text_periods(FILE *stream, const ard_distribution *distribution);
void report_json_number(FILE *stream, double value);
void report_json_periods(FILE *stream, const ard_distribution *distribution);

#endif
