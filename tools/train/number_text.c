/* SPDX-License-Identifier: Apache-2.0 */
#include "train/number_text.h"

#include <stdio.h>
#include <stdlib.h>

void number_text(double value, char text[NUMBER_TEXT_SIZE])
{
    for (int digits = 6; digits <= 17; ++digits) {
        (void)snprintf(text, NUMBER_TEXT_SIZE, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
}
