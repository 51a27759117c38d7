/* SPDX-License-Identifier: Apache-2.0 */
/* A dropout that changes between steps, and what a network has room for. */
#include <string.h>

#include "models/mlp_internal.h"

static bool draws_periods(const ard_dropout *dropout)
{
    return dropout->kind == ARD_DROPOUT_ROW || dropout->kind == ARD_DROPOUT_TILE;
}

ard__dropout_room ard__dropout_room_of(const ard_mlp_options *options, size_t layer)
{
    return ard__dropout_room_make(&options->dropout[layer], options->widths[layer],
                                  options->widths[layer + 1], options->dropout_varies);
}

bool ard__dropout_room_fits(const ard__dropout_room *room, const ard_mlp_options *options,
                            size_t layer)
{
    const ard_dropout *dropout = &options->dropout[layer];
    const uint64_t possible =
        draws_periods(dropout)
            ? ard__dropout_possible_periods(dropout, options->widths[layer],
                                            options->widths[layer + 1], ARD_MAX_PERIOD)
            : 0;
    const uint32_t residues = dropout->kind == ARD_DROPOUT_SUBSET ? dropout->subset.period : 0;
    const size_t units = dropout->kind == ARD_DROPOUT_INDEX ? options->widths[layer + 1] : 0;
    return (room->periods & ~possible) == 0 && room->residues <= residues && room->units <= units;
}

static ard_status check_units(const ard__dropout_room *room, const ard_mlp_options *options,
                              size_t layer)
{
    ard_index_distribution found;
    ARD_TRY(ard_index_distribution_from_rate(options->dropout[layer].rate,
                                             options->widths[layer + 1], &found));
    if (found.high > room->units) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "hidden layer %zu: the network was made for %u of %u units, not for %u; "
                         "expected one made with them or with dropout_varies",
                         layer, room->units, found.width, found.high);
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard__dropout_room_check(const ard__dropout_room *room, const ard_mlp_options *options,
                                   size_t layer)
{
    const ard_dropout *dropout = &options->dropout[layer];
    for (uint32_t period = 1; draws_periods(dropout) && period <= ARD_MAX_PERIOD; ++period) {
        if (ard__dropout_has_period(dropout, period) && !ard__dropout_room_has(room, period)) {
            return ard__fail(ARD_STATUS_INVALID_PATTERN,
                             "hidden layer %zu: the network was not made for period %u; expected "
                             "one made with it or, up to the largest period, with dropout_varies",
                             layer, period);
        }
    }
    if (dropout->kind == ARD_DROPOUT_SUBSET && dropout->subset.high > room->residues) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "hidden layer %zu: the network was made for %u of %u residues, not for "
                         "%u; expected one made with them or with dropout_varies",
                         layer, room->residues, dropout->subset.period, dropout->subset.high);
    }
    return dropout->kind == ARD_DROPOUT_INDEX ? check_units(room, options, layer)
                                              : ARD_STATUS_SUCCESS;
}

ard_status ard__dropout_count_units(ard_mlp *mlp)
{
    for (size_t i = 0; i + 1 < mlp->options.layers; ++i) {
        if (mlp->dropout[i].kind == ARD_DROPOUT_INDEX) {
            ARD_TRY(ard_index_distribution_from_rate(mlp->dropout[i].rate, mlp->widths[i + 1],
                                                     &mlp->dropout[i].index));
        }
    }
    return ARD_STATUS_SUCCESS;
}

/* What a layer was made of stays. */
static ard_status check_alike(const ard_dropout *now, const ard_dropout *wanted, size_t layer)
{
    ARD__CHECK(wanted->kind == now->kind,
               "hidden layer %zu: the dropout kind is %d, expected %d as the network was made with",
               layer, (int)wanted->kind, (int)now->kind);
    ARD__CHECK(now->kind != ARD_DROPOUT_TILE || (wanted->tile_edge == now->tile_edge &&
                                                 wanted->tile_numbering == now->tile_numbering),
               "hidden layer %zu: tiles of edge %u and numbering %d, expected %u and %d as the "
               "network was made with",
               layer, wanted->tile_edge, (int)wanted->tile_numbering, now->tile_edge,
               (int)now->tile_numbering);
    ARD__CHECK(now->kind != ARD_DROPOUT_SUBSET || wanted->subset.period == now->subset.period,
               "hidden layer %zu: subsets of period %u, expected %u as the network was made with",
               layer, wanted->subset.period, now->subset.period);
    return ARD_STATUS_SUCCESS;
}

ard_status ard_mlp_set_dropout(ard_mlp *mlp, const ard_dropout *dropout)
{
    ARD__CHECK(mlp != NULL, "ard_mlp_set_dropout: the network is NULL");
    const size_t hidden = mlp->options.layers - 1;
    ARD__CHECK(dropout != NULL || hidden == 0, "ard_mlp_set_dropout: the dropout is NULL");
    ard_mlp_options wanted = mlp->options;
    wanted.dropout = dropout;
    ARD_TRY(ard__mlp_check_options(&wanted));
    for (size_t layer = 0; layer < hidden; ++layer) {
        ARD_TRY(check_alike(&mlp->dropout[layer], &dropout[layer], layer));
        ARD_TRY(ard__dropout_room_check(&mlp->rooms[layer], &wanted, layer));
    }
    if (hidden > 0) {
        memmove(mlp->dropout, dropout, hidden * sizeof *dropout);
    }
    return ard__dropout_count_units(mlp);
}
