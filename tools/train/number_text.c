/* SPDX-License-Identifier: Apache-2.0 */
#include "train/number_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Whole numbers below this are written without an exponent. */
static const double MOST_PLAIN = 1e16;

void number_text(double value, char text[NUMBER_TEXT_SIZE])
{
    if (value == floor(value) && fabs(value) < MOST_PLAIN) {
        (void)snprintf(text, NUMBER_TEXT_SIZE, "%.0f", value);
        return;
    }
    for (int digits = 6; digits <= 17; ++digits) {
        (void)snprintf(text, NUMBER_TEXT_SIZE, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
}
