/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/packed_engine.h"

/* By the width of the device's vectors. Sums and operands fill the registers: 24 + 3 of the 32 of
 * AVX-512, 12 + 3 of the 16 of AVX2 or SSE and of the 32 of NEON. A panel of KC x NR floats is
 * 32 KiB at most, the size of a first-level cache. */
static const ard__packed_parameters known[] = {
    {.name = "avx512-1", .vector_width = 16, .vectors = 2, .rows = 12, .depth = 256},
    {.name = "avx2-1", .vector_width = 8, .vectors = 2, .rows = 6, .depth = 256},
    {.name = "simd-1", .vector_width = 4, .vectors = 2, .rows = 6, .depth = 256},
};

const ard__packed_parameters *ard__packed_parameters_for(uint32_t native_vector_width)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; ++i) {
        if (known[i].vector_width <= native_vector_width) {
            return &known[i];
        }
    }
    return &known[sizeof known / sizeof known[0] - 1];
}
