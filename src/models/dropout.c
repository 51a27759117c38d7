/* SPDX-License-Identifier: Apache-2.0 */
/* Dropout settings of a layer. */
#include "models/dropout_internal.h"

#include "core/integers.h"
#include "core/status_internal.h"

/* Elements that the stream of a mask numbers. */
static const size_t MASK_ELEMENTS = (size_t)1 << 34;

static ard_status check_rate(double rate)
{
    if (!(rate >= 0.0 && rate < 1.0)) {
        return ard__fail(ARD_STATUS_INVALID_RATE, "the dropout rate is %g, expected 0 <= rate < 1",
                         rate);
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status check_kinds(ard_dropout_kind kind, ard_scale_kind scale)
{
    ARD__CHECK(
        kind >= ARD_DROPOUT_NONE && kind <= ARD_DROPOUT_INDEX,
        "the dropout kind is %d, expected none (0), bernoulli (1), row (2), subset (3), tile "
        "(4), dropconnect (5) or index (6)",
        (int)kind);
    ARD__CHECK(scale == ARD_SCALE_RATE || scale == ARD_SCALE_PERIOD,
               "the scale is %d, expected rate (0) or period (1)", (int)scale);
    return ARD_STATUS_SUCCESS;
}

ard_status ard_dropout_init(ard_dropout_kind kind, double rate, uint32_t max_period,
                            ard_scale_kind scale, ard_dropout *dropout)
{
    ARD__CHECK(dropout != NULL, "ard_dropout_init: dropout is NULL");
    ARD_TRY(check_kinds(kind, scale));
    ARD_TRY(check_rate(rate));
    ard_dropout made = {.kind = kind, .scale = scale, .rate = rate};
    if (kind == ARD_DROPOUT_NONE) {
        made.rate = 0.0;
    } else if (kind == ARD_DROPOUT_ROW || kind == ARD_DROPOUT_TILE) {
        uint32_t periods = max_period;
        if (periods == 0) {
            ARD_TRY(ard_distribution_default_max_period(rate, &periods));
        }
        ARD_TRY(ard_distribution_exact(rate, periods, &made.distribution));
    } else if (kind == ARD_DROPOUT_SUBSET) {
        ARD_TRY(ard_subset_distribution_from_rate(rate, max_period, &made.subset));
    }
    if (kind == ARD_DROPOUT_TILE) {
        made.tile_edge = ARD_TILE_DEFAULT_EDGE;
    }
    *dropout = made;
    return ARD_STATUS_SUCCESS;
}

ard_layer_pattern ard_layer_pattern_all(void)
{
    return (ard_layer_pattern){ard_pattern_all(), ard_tile_all()};
}

/* Checks a distribution and finds its largest period of any probability. */
static ard_status check_distribution(const ard_distribution *distribution, uint32_t *largest)
{
    const uint32_t periods = distribution->max_period;
    ARD__CHECK(periods >= 1 && periods <= ARD_MAX_PERIOD,
               "the largest period is %u, expected 1..%d", periods, ARD_MAX_PERIOD);
    uint64_t before = 0;
    for (uint32_t i = 0; i < periods; ++i) {
        const uint64_t cumulative = distribution->cumulative[i];
        ARD__CHECK(cumulative >= before && cumulative <= (uint64_t)1 << 32,
                   "the cumulative probabilities of the periods do not increase to 2^32");
        *largest = cumulative > before ? i + 1 : *largest;
        before = cumulative;
    }
    ARD__CHECK(before == (uint64_t)1 << 32,
               "the cumulative probabilities of the periods end at %llu, expected 2^32",
               (unsigned long long)before);
    return ARD_STATUS_SUCCESS;
}

static ard_status check_subset(const ard_subset_distribution *subset, size_t width)
{
    ARD__CHECK(subset->period >= 1 && subset->period <= ARD_MAX_PERIOD && subset->low >= 1 &&
                   subset->low <= subset->high && subset->high <= subset->period &&
                   subset->high_threshold <= (uint64_t)1 << 32,
               "the subset distribution keeps %u to %u of %u residues", subset->low, subset->high,
               subset->period);
    if (subset->period > width) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN, "period %u exceeds the layer's %zu units",
                         subset->period, width);
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status check_rows(const ard_dropout *dropout, size_t width)
{
    uint32_t largest = 0;
    ARD_TRY(check_distribution(&dropout->distribution, &largest));
    if (largest > width) {
        return ard__fail(ARD_STATUS_INVALID_PATTERN, "period %u exceeds the layer's %zu units",
                         largest, width);
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status check_tiles(const ard_dropout *dropout, size_t out, size_t in)
{
    const uint32_t edge = dropout->tile_edge;
    const bool diagonal = dropout->tile_numbering == ARD_TILE_DIAGONAL;
    ARD__CHECK(edge >= 1, "the edge of a tile is 0, expected 1 or more");
    ARD__CHECK(diagonal || dropout->tile_numbering == ARD_TILE_LINEAR,
               "the tile numbering is %d, expected diagonal (0) or linear (1)",
               (int)dropout->tile_numbering);
    uint32_t largest = 0;
    ARD_TRY(check_distribution(&dropout->distribution, &largest));
    const uint32_t possible = ard_tile_max_period(edge, dropout->tile_numbering, out, in);
    if (largest > possible) {
        return ard__fail(
            ARD_STATUS_INVALID_PATTERN,
            "period %u exceeds %u, the largest of the %zu x %zu %s tiles of edge %u in "
            "[%zu x %zu] weights; expected a smaller edge or largest period",
            largest, possible, ard__divide_up(out, edge), ard__divide_up(in, edge),
            diagonal ? "diagonal" : "linear", edge, out, in);
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status check_index(const ard_dropout *dropout, size_t width)
{
    ard_index_distribution found;
    return ard_index_distribution_from_rate(dropout->rate, width, &found);
}

ard_status ard__dropout_check(const ard_dropout *dropout, size_t in, size_t out)
{
    ARD_TRY(check_kinds(dropout->kind, dropout->scale));
    ARD_TRY(check_rate(dropout->rate));
    switch (dropout->kind) {
    case ARD_DROPOUT_ROW:
        return check_rows(dropout, out);
    case ARD_DROPOUT_SUBSET:
        return check_subset(&dropout->subset, out);
    case ARD_DROPOUT_TILE:
        return check_tiles(dropout, out, in);
    case ARD_DROPOUT_INDEX:
        return check_index(dropout, out);
    case ARD_DROPOUT_DROPCONNECT:
        ARD__CHECK(out <= MASK_ELEMENTS / in,
                   "a DropConnect mask over [%zu x %zu] is larger than its stream of 2^34 elements",
                   out, in);
        break;
    case ARD_DROPOUT_NONE:
    case ARD_DROPOUT_BERNOULLI:
        break;
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard__dropout_check_mask(const ard_dropout *dropout, size_t samples, size_t out)
{
    ARD__CHECK(dropout->kind != ARD_DROPOUT_BERNOULLI || out <= MASK_ELEMENTS / samples,
               "a Bernoulli mask over [%zu x %zu] is larger than its stream of 2^34 elements",
               samples, out);
    return ARD_STATUS_SUCCESS;
}

bool ard__dropout_drops_units(const ard_dropout *dropout)
{
    return dropout->kind == ARD_DROPOUT_ROW || dropout->kind == ARD_DROPOUT_SUBSET ||
           dropout->kind == ARD_DROPOUT_INDEX;
}

bool ard__dropout_has_period(const ard_dropout *dropout, uint32_t period)
{
    const ard_distribution *distribution = &dropout->distribution;
    if (period < 1 || period > distribution->max_period) {
        return false;
    }
    const uint64_t before = period > 1 ? distribution->cumulative[period - 2] : 0;
    return distribution->cumulative[period - 1] > before;
}
