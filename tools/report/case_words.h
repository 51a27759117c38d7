/* SPDX-License-Identifier: Apache-2.0 */
/* Cases in words, for titles, legends and tables. */
#ifndef ARD_REPORT_CASE_WORDS_H
#define ARD_REPORT_CASE_WORDS_H

#include "report/report_data.h"

enum { CASE_WORDS = 200 };

/* The device's name, and its id where another device has the same name; then version and driver
 * where another has that, too. */
void case_device(const report_data *data, size_t device, char text[CASE_WORDS]);

/* Network, batch and all that is of the model: "784-2048-2048-10, batch 128". */
void case_network(const report_result *result, char text[CASE_WORDS]);

/* The same without the widths: what networks of one family have in common. */
void case_family(const report_result *result, char text[CASE_WORDS]);

/* The pattern with what is of it: "tile 32 diagonal, 4 groups". */
void case_pattern(const report_result *result, char text[CASE_WORDS]);

/* "0.5", or "0.5, 0.3" where they differ. */
void case_rates(const report_result *result, char text[CASE_WORDS]);

double case_mean_rate(const report_result *result);

/* The geometric mean of the widths that the family is about: hidden layers, or all of a product. */
double case_width(const report_result *result);

/* Whether results were multiplied by several engines. */
bool case_engines_differ(const report_data *data);

#endif
