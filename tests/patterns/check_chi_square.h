/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARD_TEST_CHECK_CHI_SQUARE_H
#define ARD_TEST_CHECK_CHI_SQUARE_H

#include <stddef.h>
#include <stdint.h>

/* Fails the test where the chi-square of `observed` against `expected` exceeds what chance exceeds
 * with probability `significance`, naming `what` and the seed of the draws. */
void check_chi_square(const uint64_t *observed, const double *expected, size_t count,
                      const char *what, double significance, uint64_t seed);

#endif
