/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the weights of a network have tiles enough for the periods that its dropout draws. */
#ifndef ARD_TRAIN_TILE_GRID_H
#define ARD_TRAIN_TILE_GRID_H

#include <ard/ard.h>

#include "train/options.h"

/* For --dropout tile: `widths` are those of the inputs and the hidden layers, `dropouts` has one a
 * hidden layer. A layer whose grid cannot serve its periods is a mistake; the message names options
 * that would do. */
int tile_grid_check(const train_options *options, const size_t *widths,
                    const ard_dropout *dropouts);

#endif
