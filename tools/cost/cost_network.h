/* SPDX-License-Identifier: Apache-2.0 */
/* The training step that times are of: what must be the same for them to hold. */
#ifndef ARD_COST_NETWORK_H
#define ARD_COST_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

#include <ard/mlp.h>

typedef struct cost_network {
    ard_dropout_kind pattern;          /* ROW or TILE */
    uint32_t tile_edge;                /* TILE */
    ard_tile_numbering tile_numbering; /* TILE */
    size_t batch;
    size_t layers; /* linear ones; all but the last are dropped from, or their weights are */
    size_t widths[ARD_MLP_MAX_LAYERS + 1]; /* inputs, hidden, outputs */
} cost_network;

bool cost_network_equal(const cost_network *network, const cost_network *other);

enum { COST_NETWORK_TEXT = 1024 };

/* "784-2048-2048-10, batch 128, row", or "..., tile 32 diagonal". */
void cost_network_describe(const cost_network *network, char text[COST_NETWORK_TEXT]);

#endif
