/* SPDX-License-Identifier: Apache-2.0 */
/* Which combinations of sizes and tile patterns a test runs.
 *
 * A case is weights [out x in] under a tile pattern, with or without row patterns of the outputs
 * and the inputs. The tile patterns are those of edge 16, 32 and 64, both numberings, periods 1..9
 * and every offset; a case is valid if its offset keeps a tile. That is some 14,000 cases; the
 * pairwise cover takes
 *     each size, as `out` and as `in`, with each tile pattern (with 784 beside it all are valid),
 *     each pair of sizes with each edge and numbering,
 *     each tile pattern with row patterns of neither, either and both dimensions. */
#ifndef ARD_TEST_TILE_COVER_H
#define ARD_TEST_TILE_COVER_H

#include <stddef.h>
#include <stdint.h>

#include <ard/pattern.h>
#include <ard/tile.h>

#include "support/cover.h"

enum {
    TILE_COVER_SIZES = 9,
    TILE_COVER_GRIDS = 6, /* an edge and a numbering */
    TILE_COVER_TILES = TILE_COVER_GRIDS * COVER_PATTERNS
};

/* 1, 31, 32, 33, 61, 64, 95, 127, 784 */
extern const size_t tile_cover_sizes[TILE_COVER_SIZES];

typedef struct tile_cover_case {
    size_t batch;      /* 1, 7 or 33 */
    size_t out_index;  /* of tile_cover_sizes */
    size_t in_index;   /* of tile_cover_sizes */
    size_t tile_index; /* grids in order, periods and offsets within them */
    size_t out;
    size_t in;
    ard_tile_pattern tile;
    ard_pattern out_pattern; /* keeps everything where there is none */
    ard_pattern in_pattern;
    uint64_t seed; /* for everything else that varies */
} tile_cover_case;

/* Calls `run` for each case, always the same ones, and returns their number. COVER_PRODUCT takes
 * every valid combination of sizes and tile pattern, the batch sizes in turn, and COVER_ALL every
 * batch size. */
size_t tile_cover_run(cover_extent extent, void (*run)(const tile_cover_case *, void *),
                      void *context);

/* Any row or subset pattern of periods up to the width and 64 that is not all: most of one residue
 * or few, so that some leave tiles without a unit. Everything for a width of 1. */
ard_pattern tile_cover_random_pattern(uint64_t *random, size_t width);

#endif
