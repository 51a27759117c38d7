/* SPDX-License-Identifier: Apache-2.0 */
#include "support/compare.h"

#include <math.h>
#include <string.h>

#include "support/unit.h"

/* Where the result is farthest outside its bound. */
typedef struct worst {
    size_t index;
    double excess; /* difference / bound; above 1 is a failure */
    double bound;
} worst;

static void keep_worst(worst *found, size_t index, double difference, double bound)
{
    double excess = difference == 0.0 ? 0.0 : difference / bound;
    if (isnan(excess)) {
        excess = INFINITY;
    }
    if (excess > found->excess) {
        *found = (worst){index, excess, bound};
    }
}

static void report(const comparison *about, const float *actual, const double *expected,
                   const worst *found)
{
    if (found->excess > 1.0) {
        fail_msg("%s [%zu x %zu] of %s, seed %llu: at (%zu, %zu) got %.9g, expected %.17g within "
                 "%.3g (%.3g times that)",
                 about->what, about->rows, about->cols, about->problem,
                 (unsigned long long)about->seed, found->index / about->cols,
                 found->index % about->cols, (double)actual[found->index], expected[found->index],
                 found->bound, found->excess);
    }
}

void assert_close(const comparison *about, const float *actual, const double *expected,
                  const double *magnitude, double factor)
{
    worst found = {0};
    for (size_t i = 0; i < about->rows * about->cols; ++i) {
        const double scale = magnitude != NULL ? magnitude[i] : fabs(expected[i]);
        keep_worst(&found, i, fabs((double)actual[i] - expected[i]), factor * scale);
    }
    report(about, actual, expected, &found);
}

void assert_within(const comparison *about, const float *actual, const double *expected,
                   double bound)
{
    worst found = {0};
    for (size_t i = 0; i < about->rows * about->cols; ++i) {
        keep_worst(&found, i, fabs((double)actual[i] - expected[i]), bound);
    }
    report(about, actual, expected, &found);
}

void assert_same_bits(const comparison *about, const float *actual, const float *expected)
{
    for (size_t i = 0; i < about->rows * about->cols; ++i) {
        if (memcmp(&actual[i], &expected[i], sizeof actual[i]) != 0) {
            fail_msg("%s [%zu x %zu] of %s, seed %llu: at (%zu, %zu) got %a, expected the bits of "
                     "%a",
                     about->what, about->rows, about->cols, about->problem,
                     (unsigned long long)about->seed, i / about->cols, i % about->cols,
                     (double)actual[i], (double)expected[i]);
        }
    }
}

double largest_of(size_t count, const double *values)
{
    double largest = 0.0;
    for (size_t i = 0; i < count; ++i) {
        largest = fmax(largest, fabs(values[i]));
    }
    return largest;
}
