/* SPDX-License-Identifier: Apache-2.0 */
#include "train/stopwatch.h"

#include <time.h>

double stopwatch_now(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}
