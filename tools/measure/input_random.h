/* SPDX-License-Identifier: Apache-2.0 */
/* Random matrices on the host, as inputs of what is measured and verified. */
#ifndef ARD_MEASURE_INPUT_RANDOM_H
#define ARD_MEASURE_INPUT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Streams of random numbers for the tool's own matrices, above all layers of a network. */
enum { INPUT_STREAM = 1 << 20 };

/* `count` floats, uniform in [-1, 1), the same for the same seed and stream; NULL without memory.
 */
float *input_random(uint64_t seed, uint32_t stream, size_t count);

#endif
