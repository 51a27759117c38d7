/* SPDX-License-Identifier: Apache-2.0 */
#include "support/memory.h"

#include <stdlib.h>

#include "support/unit.h"

void *test_alloc(size_t count, size_t size)
{
    void *memory = calloc(count > 0 ? count : 1, size);
    if (memory == NULL) {
        fail_msg("no host memory for %zu elements of %zu bytes", count, size);
    }
    return memory;
}

uint64_t test_random(uint64_t *state)
{
    *state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t x = *state;
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

size_t test_random_below(uint64_t *state, size_t bound)
{
    return (size_t)((test_random(state) >> 32) * bound >> 32);
}

float test_random_float(uint64_t *state)
{
    const int32_t integer = (int32_t)(test_random(state) >> 40) - (1 << 23);
    return (float)integer * 0x1p-23f;
}

float *test_random_floats(size_t count, uint64_t seed)
{
    float *values = test_alloc(count, sizeof *values);
    uint64_t state = seed;
    for (size_t i = 0; i < count; ++i) {
        values[i] = test_random_float(&state);
    }
    return values;
}

double *test_to_double(size_t count, const float *values)
{
    double *doubles = test_alloc(count, sizeof *doubles);
    for (size_t i = 0; i < count; ++i) {
        doubles[i] = values[i];
    }
    return doubles;
}

uint64_t test_mix(uint64_t a, uint64_t b)
{
    uint64_t state = a * UINT64_C(0xD6E8FEB86659FD93) + b;
    return test_random(&state);
}
