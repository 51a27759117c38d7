/* SPDX-License-Identifier: Apache-2.0 */
/* What a dropout draws. */
#include <ard/sampler.h>

#include "core/status_internal.h"
#include "models/dropout_internal.h"

ard_layer_pattern ard__dropout_sample(const ard_dropout *dropout, const ard__dropout_draw *draw,
                                      uint32_t *indices)
{
    ard_layer_pattern drawn = ard_layer_pattern_all();
    switch (dropout->kind) {
    case ARD_DROPOUT_ROW:
        drawn.units = ard_sample_row(&dropout->distribution, draw->seed, draw->layer, draw->step,
                                     draw->group);
        break;
    case ARD_DROPOUT_SUBSET:
        drawn.units =
            ard_sample_subset(&dropout->subset, draw->seed, draw->layer, draw->step, draw->group);
        break;
    case ARD_DROPOUT_INDEX:
        drawn.units = ard_sample_index(&dropout->index, draw->seed, draw->layer, draw->step,
                                       draw->group, indices);
        break;
    case ARD_DROPOUT_TILE:
        drawn.tiles =
            ard_sample_tile(&dropout->distribution, dropout->tile_edge, dropout->tile_numbering,
                            draw->seed, draw->layer, draw->step, draw->group);
        break;
    case ARD_DROPOUT_NONE:
    case ARD_DROPOUT_BERNOULLI:
    case ARD_DROPOUT_DROPCONNECT:
        break;
    }
    return drawn;
}

bool ard__dropout_can_draw_units(const ard_dropout *dropout, const ard_pattern *units)
{
    switch (dropout->kind) {
    case ARD_DROPOUT_ROW:
        return ard_pattern_residue_count(units) == 1 &&
               ard__dropout_has_period(dropout, units->period);
    case ARD_DROPOUT_SUBSET:
        return units->period == dropout->subset.period;
    case ARD_DROPOUT_INDEX:
        return units->count == dropout->index.low || units->count == dropout->index.high;
    case ARD_DROPOUT_NONE:
    case ARD_DROPOUT_BERNOULLI:
    case ARD_DROPOUT_TILE:
    case ARD_DROPOUT_DROPCONNECT:
        break;
    }
    return ard_pattern_is_all(units);
}

bool ard__dropout_can_draw_tiles(const ard_dropout *dropout, const ard_tile_pattern *tiles)
{
    if (dropout->kind != ARD_DROPOUT_TILE) {
        return ard_tile_is_all(tiles);
    }
    return tiles->edge == dropout->tile_edge && tiles->numbering == dropout->tile_numbering &&
           ard__dropout_has_period(dropout, tiles->period);
}

ard_status ard__dropout_check_pattern(const ard_dropout *dropout, const char *where,
                                      const ard_layer_pattern *pattern, size_t in, size_t out)
{
    ARD_TRY(ard_pattern_check(&pattern->units, out));
    ARD_TRY(ard_tile_check(&pattern->tiles, out, in));
    const bool drawn = ard__dropout_can_draw_units(dropout, &pattern->units);
    if (!drawn && ard_pattern_is_index(&pattern->units)) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "the dropout of %s cannot draw an index pattern of %u units", where,
                         pattern->units.count);
    }
    if (!drawn) {
        return ard__fail(
            ARD_STATUS_INVALID_PATTERN,
            "the dropout of %s cannot draw a pattern of period %u that keeps %u residues", where,
            pattern->units.period, ard_pattern_residue_count(&pattern->units));
    }
    if (!ard__dropout_can_draw_tiles(dropout, &pattern->tiles)) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN,
                         "the dropout of %s cannot draw tiles of period %u, edge %u and numbering "
                         "%d",
                         where, pattern->tiles.period, pattern->tiles.edge,
                         (int)pattern->tiles.numbering);
    }
    return ARD_STATUS_SUCCESS;
}

/* The share that the pattern keeps. */
static double kept_share(const ard_dropout *dropout, const ard_layer_pattern *pattern, size_t width)
{
    if (dropout->kind == ARD_DROPOUT_TILE) {
        return 1.0 / pattern->tiles.period;
    }
    return ard_pattern_is_index(&pattern->units) ? (double)pattern->units.count / (double)width
                                                 : ard_pattern_kept_share(&pattern->units);
}

float ard__dropout_scale(const ard_dropout *dropout, const ard_layer_pattern *pattern, size_t width)
{
    if (dropout->kind == ARD_DROPOUT_NONE) {
        return 1.0f;
    }
    const bool masked =
        dropout->kind == ARD_DROPOUT_BERNOULLI || dropout->kind == ARD_DROPOUT_DROPCONNECT;
    const bool by_rate = masked || dropout->scale == ARD_SCALE_RATE;
    return (float)(1.0 / (by_rate ? 1.0 - dropout->rate : kept_share(dropout, pattern, width)));
}
