/* SPDX-License-Identifier: Apache-2.0 */
/* Memory and numbers for tests. */
#ifndef ARD_TEST_MEMORY_H
#define ARD_TEST_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* `count` zeroed elements, at least one byte, to be freed with free(); the test fails where there
 * is no memory. */
void *test_alloc(size_t count, size_t size);

/* A small generator of the tests' own (splitmix64), so that their inputs do not hang on the library
 * under test. */
uint64_t test_random(uint64_t *state);

/* Uniform in 0..bound-1, for small bounds. */
size_t test_random_below(uint64_t *state, size_t bound);

/* Uniform in [-1, 1), multiples of 2^-23. */
float test_random_float(uint64_t *state);

/* `count` new floats, uniform in [-1, 1), from the seed. */
float *test_random_floats(size_t count, uint64_t seed);

/* New doubles with the same values. */
double *test_to_double(size_t count, const float *values);

/* One well-mixed number of two. */
uint64_t test_mix(uint64_t a, uint64_t b);

#endif
