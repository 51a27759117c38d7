/* SPDX-License-Identifier: Apache-2.0 */
/* Block sizes of cl/packed.cl. */
#include "space.h"

enum { WIDTH, VECTORS, ROWS, DEPTH };

/* Sums and operands fit the registers, a panel fits the local memory. Vectors of half the width
 * are tried too: some processors run the widest at a lower clock. */
static bool legal(const tune_limits *limits, const size_t *v)
{
    const size_t registers = v[ROWS] * v[VECTORS] + v[VECTORS] + 1;
    return (v[WIDTH] == limits->vector_width || v[WIDTH] * 2 == limits->vector_width) &&
           registers <= limits->registers && v[DEPTH] % v[WIDTH] == 0 &&
           v[DEPTH] * v[VECTORS] * v[WIDTH] * sizeof(float) <= limits->local_memory;
}

const tune_space packed_space = {
    .name = "packed",
    .count = 4,
    .parameters = {{"vector_width", SPACE_VALUES(4, 8, 16)},
                   {"vectors", SPACE_VALUES(1, 2, 3, 4)},
                   {"rows", SPACE_VALUES(4, 6, 8, 10, 12, 14, 16)},
                   {"depth", SPACE_VALUES(128, 192, 256, 384, 512)}},
    .start = {{4, 2, 6, 256}},
    .legal = legal,
    .engine = ARD_ENGINE_PACKED,
    .weight = 1,
};
