/* SPDX-License-Identifier: Apache-2.0 */
/* The products that are measured: those of a training step of some layers, whole and compacted. */
#ifndef ARD_TUNE_SHAPES_H
#define ARD_TUNE_SHAPES_H

#include <stdbool.h>
#include <stddef.h>

#include "cli.h"

/* One product [m x k] [k x n] of a linear layer: forward (b transposed), backward to data (neither)
 * or backward to weights (a transposed). */
typedef struct tune_shape {
    size_t m;
    size_t n;
    size_t k;
    bool a_transposed;
    bool b_transposed;
} tune_shape;

enum { TUNE_MAX_SHAPES = 256 };

typedef struct tune_shapes {
    size_t count;
    tune_shape list[TUNE_MAX_SHAPES];
} tune_shapes;

/* The three products of every layer at every batch, with its hidden sides kept whole, 1/2 and
 * 1/3.3 (the rates 0.5 and 0.7), each product once. `widths` are those of one network, whose inner
 * ones are hidden, or a single one of a square layer that is hidden on both sides; none: the layers
 * that docs/ard-tune.md lists. False when there are more than TUNE_MAX_SHAPES. */
bool shapes_make(const cli_size_list *batches, const cli_size_list *widths, tune_shapes *shapes);

/* The three products of a layer. */
void shapes_of_layer(size_t batch, size_t in, size_t out, tune_shape products[3]);

double shape_flops(const tune_shape *shape);

/* "forward", "data" or "weights". */
const char *shape_name(const tune_shape *shape);

#endif
