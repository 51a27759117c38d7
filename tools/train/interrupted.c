/* SPDX-License-Identifier: Apache-2.0 */
#include "train/interrupted.h"

#include <inttypes.h>
#include <stdio.h>

#include "interrupt.h"

int interrupted_after(uint64_t step, const char *save)
{
    if (save != NULL) {
        (void)fprintf(stderr, "ard-train: interrupted after step %" PRIu64 "; saved to %s\n", step,
                      save);
    } else {
        (void)fprintf(stderr,
                      "ard-train: interrupted after step %" PRIu64 "; not saved without --save\n",
                      step);
    }
    return INTERRUPT_EXIT;
}
