/* SPDX-License-Identifier: Apache-2.0 */
/* Where the kept weights of a matrix lie in its compact form, by the definition in <ard/tile.h>. */
#ifndef ARD_TEST_TILE_BLOCKS_H
#define ARD_TEST_TILE_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

#include <ard/pattern.h>
#include <ard/tile.h>

#define TILE_BLOCKS_PADDING SIZE_MAX

/* The compact matrix [rows x cols], all its blocks one below the other. */
typedef struct tile_blocks {
    size_t rows;
    size_t cols;
    size_t weights; /* kept ones */
    size_t *at;     /* [rows x cols]: a weight's place in the whole matrix, or the padding */
} tile_blocks;

/* Of a matrix [rows x cols] under patterns that were checked. NULL: everything. */
tile_blocks tile_blocks_create(size_t rows, size_t cols, const ard_pattern *row_pattern,
                               const ard_pattern *col_pattern, const ard_tile_pattern *tile);

/* The same without tiles, in the order of memory with these strides. */
tile_blocks tile_blocks_strided(size_t rows, size_t cols, const ard_pattern *row_pattern,
                                const ard_pattern *col_pattern, size_t row_stride,
                                size_t col_stride);
void tile_blocks_destroy(tile_blocks *blocks);

#endif
