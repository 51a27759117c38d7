/* SPDX-License-Identifier: Apache-2.0 */
/* Which tiles of a weight matrix a step keeps: the paper's tile pattern (Song et al., arXiv
 * 1805.08939, section III-C: TDP).
 *
 * The weight matrix [out x in] lies in a grid of square tiles, R = ceil(out / edge) rows of C =
 * ceil(in / edge); the tiles at the end of a ragged grid are smaller. Tile (r, c) is kept iff
 *     (r * skew + c) % period == offset
 * with skew = 1 (diagonal) or skew = C % period (linear: the paper's numbering, row by row, so that
 * every period-th tile is kept). Where the period divides C, linear keeps whole columns of tiles,
 * and some inputs are not used at all; diagonal always keeps 1 / period of every row and column of
 * tiles, within one tile.
 *
 * What is dropped are synapses, not neurons: it is DropConnect (Wan et al., ICML 2013) in a regular
 * pattern. All activations stay, and each is computed from a share of its inputs; so tiles
 * regularise what a neuron listens to, and do not keep neurons from relying on one another as row
 * patterns do. The grid lies on the whole matrix: together with row patterns of the outputs and the
 * inputs, weight (o, i) is kept iff all of them keep it.
 *
 * The grid bounds the period: with more than R + C - 1 (diagonal) or R * C (linear) some offset has
 * no tile, and ard_tile_check refuses that offset. Before, from periods above C on, some rows of
 * tiles keep nothing and their outputs are the bias alone. So high rates need a grid that is fine
 * enough: at rate 0.7 the usual distribution draws periods up to 4, which a layer of two by two
 * tiles cannot serve in diagonal numbering (largest period 3); take a smaller edge there.
 *
 * Tile patterns are plain values, like ard_pattern. */
#ifndef ARD_TILE_H
#define ARD_TILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/pattern.h>
#include <ard/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How the tiles of a grid are counted. */
typedef enum ard_tile_numbering {
    ARD_TILE_DIAGONAL = 0, /* along diagonals: skew 1 */
    ARD_TILE_LINEAR =
        1, /* row by row, as in the paper: skew = columns of tiles modulo the period */
} ard_tile_numbering;

/* The edge of a tile where nothing is said, the paper's. */
enum { ARD_TILE_DEFAULT_EDGE = 32 };

/* edge >= 1, period >= 1 (of any size, unlike a row pattern's), offset < period. */
typedef struct ard_tile_pattern {
    uint32_t edge;                /* rows and columns of a tile, >= 1 */
    uint32_t period;              /* of so many tiles one is kept; 1: all */
    uint32_t offset;              /* which one, < period */
    ard_tile_numbering numbering; /* of the tiles */
} ard_tile_pattern;

/* The pattern that keeps every tile: the default edge, period 1, diagonal. */
ARD_API ard_tile_pattern ard_tile_all(void);

/* The pattern of these four. INVALID_PATTERN for an edge or a period of 0, an offset at or above
 * the period, or an unknown numbering. */
ARD_API ard_status ard_tile_init(uint32_t edge, ard_tile_numbering numbering, uint32_t period,
                                 uint32_t offset, ard_tile_pattern *tile);

/* Whether the pattern can be used on [out x in] weights: well-formed, and some tile kept.
 * INVALID_PATTERN with a detail otherwise, INVALID_ARGUMENT for a size of 0. */
ARD_API ard_status ard_tile_check(const ard_tile_pattern *tile, size_t out, size_t in);

/* Whether the pattern keeps everything. */
ARD_API bool ard_tile_is_all(const ard_tile_pattern *tile);

/* Whether weight (o, i) of a matrix with `in` columns is kept. The pattern must be well-formed. */
ARD_API bool ard_tile_keeps(const ard_tile_pattern *tile, size_t in, size_t o, size_t i);

/* The largest period of which every offset keeps a tile of [out x in] weights: R + C - 1 for
 * diagonal, R * C for linear, at most 2^32 - 1. 0 for a size or an edge of 0. */
ARD_API uint32_t ard_tile_max_period(uint32_t edge, ard_tile_numbering numbering, size_t out,
                                     size_t in);

/* How the kept weights lie in memory, compact: `groups` dense blocks [rows x cols] one below the
 * other, a matrix [groups * rows x cols]. A group is a class of rows of tiles that keep the same
 * columns: group q has the rows of tiles r with r % groups == q. Its kept rows and columns lie in
 * increasing order at the block's upper left, and what a group with fewer of them leaves over is
 * padding: zero where libard writes weights, not read and not defined in gradients. */
typedef struct ard_tile_layout {
    size_t groups;  /* dense blocks */
    size_t rows;    /* of each block */
    size_t cols;    /* likewise */
    size_t weights; /* kept weights, without the padding */
} ard_tile_layout;

/* The layout of [out x in] weights under a tile pattern and row patterns of the outputs and inputs
 * (NULL: all kept). A pattern that keeps every tile has one group. Row patterns may leave nothing
 * of the kept tiles; a block is at least 1 x 1 still. INVALID_PATTERN, INVALID_ARGUMENT. */
ARD_API ard_status ard_tile_get_layout(const ard_tile_pattern *tile, size_t out, size_t in,
                                       const ard_pattern *out_pattern,
                                       const ard_pattern *in_pattern, ard_tile_layout *layout);

/* Weights, padding included, that compact weights [out x in] take at most under any tile pattern of
 * this edge and any row patterns: the room to allocate once. At least out * in; 0 for a size or an
 * edge of 0. */
ARD_API size_t ard_tile_capacity(uint32_t edge, size_t out, size_t in);

#ifdef __cplusplus
}
#endif

#endif
