/* SPDX-License-Identifier: Apache-2.0 */
#include "train/tile_grid.h"

#include <inttypes.h>

#include "train/messages.h"

static const uint64_t PROBABILITY_ONE = (uint64_t)1 << 32;

/* The largest period of any probability: those above it add nothing. */
static uint32_t largest_period(const ard_distribution *distribution)
{
    uint32_t period = 1;
    while (period < distribution->max_period &&
           distribution->cumulative[period - 1] < PROBABILITY_ONE) {
        ++period;
    }
    return period;
}

/* The largest period that the weights into hidden layer `layer` serve with tiles of this edge. */
static uint32_t served(const train_options *options, const size_t *widths, size_t layer,
                       uint32_t edge)
{
    return ard_tile_max_period(edge, (ard_tile_numbering)options->numbering, widths[layer + 1],
                               widths[layer]);
}

/* The first layer that cannot have all its periods, or the number of layers. */
static size_t first_unserved(const train_options *options, const size_t *widths,
                             const ard_dropout *dropouts, uint32_t edge)
{
    size_t layer = 0;
    while (layer < options->hidden.count &&
           largest_period(&dropouts[layer].distribution) <= served(options, widths, layer, edge)) {
        ++layer;
    }
    return layer;
}

/* The largest edge with which all layers have what they need, 0 where none does. A smaller edge
 * never serves less. */
static uint32_t largest_edge(const train_options *options, const size_t *widths,
                             const ard_dropout *dropouts)
{
    uint32_t good = 0;
    uint32_t bad = options->tile;
    while (bad - good > 1) {
        const uint32_t middle = good + (bad - good) / 2;
        if (first_unserved(options, widths, dropouts, middle) == options->hidden.count) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    return good;
}

/* The largest --max-period that all layers serve with the tiles as they are and with which they
 * still reach their rates, 0 where there is none. */
static uint32_t largest_max_period(const train_options *options, const size_t *widths,
                                   const ard_dropout *dropouts)
{
    uint32_t period = ARD_MAX_PERIOD;
    for (size_t i = 0; i < options->hidden.count; ++i) {
        const uint32_t most = served(options, widths, i, options->tile);
        /* A rate of 0 never draws another period than 1. */
        if (dropouts[i].rate > 0.0 && most < period) {
            period = most;
        }
    }
    for (size_t i = 0; i < options->hidden.count; ++i) {
        ard_distribution distribution;
        if (ard_distribution_exact(dropouts[i].rate, period, &distribution) != ARD_STATUS_SUCCESS) {
            return 0;
        }
    }
    return period;
}

static const char *advice(const train_options *options, const size_t *widths,
                          const ard_dropout *dropouts, char *text, size_t size)
{
    const uint32_t edge = largest_edge(options, widths, dropouts);
    const uint32_t period = largest_max_period(options, widths, dropouts);
    if (edge > 0 && period > 0) {
        (void)snprintf(text, size, "--tile %" PRIu32 " or less, or --max-period %" PRIu32, edge,
                       period);
    } else if (edge > 0) {
        (void)snprintf(text, size, "--tile %" PRIu32 " or less", edge);
    } else if (period > 0) {
        (void)snprintf(text, size, "--max-period %" PRIu32, period);
    } else {
        (void)snprintf(text, size, "a lower --rate or wider --hidden");
    }
    return text;
}

int tile_grid_check(const train_options *options, const size_t *widths, const ard_dropout *dropouts)
{
    const size_t layer = first_unserved(options, widths, dropouts, options->tile);
    if (layer == options->hidden.count) {
        return CLI_SUCCESS;
    }
    char expected[128];
    return setting_mistake(
        options->origin,
        "--tile %" PRIu32 ": the tiles of the [%zu x %zu] weights into hidden layer "
        "%zu serve periods up to %" PRIu32 ", and rate %g draws up to %" PRIu32 "; expected %s",
        options->tile, widths[layer + 1], widths[layer], layer + 1,
        served(options, widths, layer, options->tile), dropouts[layer].rate,
        largest_period(&dropouts[layer].distribution),
        advice(options, widths, dropouts, expected, sizeof expected));
}
