/* SPDX-License-Identifier: Apache-2.0 */
/* Results of a small comparison that never ran, with numbers that are good to compute with. */
#ifndef ARD_TEST_COMPARE_EXAMPLE_H
#define ARD_TEST_COMPARE_EXAMPLE_H

#include "train/compare/results.h"

enum { EXAMPLE_BASE, EXAMPLE_ROWS, EXAMPLE_SETTINGS };

/* Settings "base" and "rows" of three epochs each, seeds 1, 2 and 3, no run yet; `target` is the
 * value of that key, such as "97.5". */
compare_results *example_create(const char *target);

/* Adds a run: validation accuracies of its epochs and the final test accuracy in percent, and the
 * seconds of one epoch. */
void example_add(compare_results *results, size_t setting, uint64_t seed,
                 const double validation[3], double test, double seconds);

#endif
