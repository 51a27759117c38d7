/* SPDX-License-Identifier: Apache-2.0 */
/* A comparison as text, CSV or JSON. */
#ifndef ARD_REPORT_COMPARE_PRINT_H
#define ARD_REPORT_COMPARE_PRINT_H

#include "report/compare_command.h"
#include "report/pairing.h"

/* What is compared, for the formats. */
typedef struct comparison {
    const report_data *old_data, *new_data;
    const pairing *pairing;
    double tolerance; /* per cent */
} comparison;

/* Prints the pairs; false without memory. */
bool compare_print(FILE *output, compare_format format, const comparison *comparison);

/* "step 784-2048-10, batch 128, rate 0.5, row / bernoulli, packed, on NAME", for a line of text:
 * without control characters. */
enum { COMPARE_WORDS = 900 };
void compare_describe(const report_data *data, const report_result *result,
                      char text[COMPARE_WORDS]);

#endif
