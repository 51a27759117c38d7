/* SPDX-License-Identifier: Apache-2.0 */
#include "cost/cost_network.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool cost_network_equal(const cost_network *network, const cost_network *other)
{
    const bool tiles = network->pattern == ARD_DROPOUT_TILE;
    return network->pattern == other->pattern && network->batch == other->batch &&
           network->layers == other->layers &&
           memcmp(network->widths, other->widths,
                  (network->layers + 1) * sizeof network->widths[0]) == 0 &&
           (!tiles || (network->tile_edge == other->tile_edge &&
                       network->tile_numbering == other->tile_numbering));
}

void cost_network_describe(const cost_network *network, char text[COST_NETWORK_TEXT])
{
    int length = 0;
    for (size_t i = 0; i <= network->layers; i++) {
        length += snprintf(text + length, COST_NETWORK_TEXT - (size_t)length, "%s%zu",
                           i > 0 ? "-" : "", network->widths[i]);
    }
    length += snprintf(text + length, COST_NETWORK_TEXT - (size_t)length, ", batch %zu, ",
                       network->batch);
    if (network->pattern != ARD_DROPOUT_TILE) {
        (void)snprintf(text + length, COST_NETWORK_TEXT - (size_t)length, "row");
        return;
    }
    (void)snprintf(text + length, COST_NETWORK_TEXT - (size_t)length, "tile %" PRIu32 " %s",
                   network->tile_edge,
                   network->tile_numbering == ARD_TILE_LINEAR ? "linear" : "diagonal");
}
