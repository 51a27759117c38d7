/* SPDX-License-Identifier: Apache-2.0 */
/* Dropout settings of a layer, and the check of a network's options. */
#include "models/mlp_internal.h"

#include "core/integers.h"
#include "device/matrix_check.h"

/* Beyond this, tables of residue classes do not pay (see ARD__MAX_CLASSES). */
enum { MAX_COMMON_MULTIPLE = 4096 };

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

static ard_status check_dropout(const ard_dropout *dropout, size_t in, size_t out)
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

static bool drops_units(const ard_dropout *dropout)
{
    return dropout->kind == ARD_DROPOUT_ROW || dropout->kind == ARD_DROPOUT_SUBSET ||
           dropout->kind == ARD_DROPOUT_INDEX;
}

/* Groups of samples with patterns of their own; masks have one stream for all samples of a step. */
static ard_status check_groups(const ard_mlp_options *options)
{
    bool draws = false;
    ARD__CHECK(options->groups <= ARD_MLP_MAX_GROUPS, "a batch of %u groups, expected at most %d",
               options->groups, ARD_MLP_MAX_GROUPS);
    if (options->groups <= 1) {
        return ARD_STATUS_SUCCESS;
    }
    for (size_t i = 0; options->dropout != NULL && i + 1 < options->layers; ++i) {
        const ard_dropout *dropout = &options->dropout[i];
        ARD__CHECK(
            dropout->kind != ARD_DROPOUT_BERNOULLI && dropout->kind != ARD_DROPOUT_DROPCONNECT,
            "a batch of %u groups with Bernoulli dropout or DropConnect on hidden layer %zu, "
            "expected row, subset, index or tile patterns or none",
            options->groups, i);
        draws = draws || drops_units(dropout) || dropout->kind == ARD_DROPOUT_TILE;
    }
    ARD__CHECK(draws,
               "a batch of %u groups without dropout in patterns, expected row, subset, index "
               "or tile patterns on a hidden layer, or one group",
               options->groups);
    return ARD_STATUS_SUCCESS;
}

ard_status ard__mlp_check_options(const ard_mlp_options *options)
{
    ARD__CHECK(options != NULL && options->widths != NULL,
               "the network's options or widths are NULL");
    ARD__CHECK(options->layers >= 1 && options->layers <= ARD_MLP_MAX_LAYERS,
               "the network has %zu layers, expected 1..%d", options->layers, ARD_MLP_MAX_LAYERS);
    ARD_TRY(ard__check_size("max_batch", options->max_batch));
    for (size_t i = 0; i <= options->layers; ++i) {
        ARD_TRY(ard__check_size("a width", options->widths[i]));
    }
    for (size_t i = 0; options->dropout != NULL && i + 1 < options->layers; ++i) {
        ARD_TRY(check_dropout(&options->dropout[i], options->widths[i], options->widths[i + 1]));
        ARD__CHECK(options->dropout[i].kind != ARD_DROPOUT_BERNOULLI ||
                       options->widths[i + 1] <= MASK_ELEMENTS / options->max_batch,
                   "a Bernoulli mask over [%zu x %zu] is larger than its stream of 2^34 elements",
                   options->max_batch, options->widths[i + 1]);
        ARD__CHECK(options->dropout[i].kind != ARD_DROPOUT_DROPCONNECT || i == 0 ||
                       !drops_units(&options->dropout[i - 1]),
                   "hidden layer %zu has DropConnect behind a layer of row, subset or index "
                   "patterns, expected one that keeps its units",
                   i);
    }
    return check_groups(options);
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

/* Least common multiple of the periods of the room, 0 where it is large. */
static uint32_t common_multiple(const ard__dropout_room *room)
{
    uint32_t multiple = 1;
    for (uint32_t period = 1; period <= ARD_MAX_PERIOD; ++period) {
        if (ard__dropout_room_has(room, period)) {
            multiple *= period / ard__greatest_common_divisor(multiple, period);
        }
        if (multiple > MAX_COMMON_MULTIPLE) {
            return 0;
        }
    }
    return multiple;
}

uint32_t ard__dropout_classes(const ard_dropout *dropout, const ard__dropout_room *room)
{
    if (dropout->kind == ARD_DROPOUT_INDEX) {
        return dropout->index.width;
    }
    if (dropout->kind == ARD_DROPOUT_SUBSET) {
        return dropout->subset.period;
    }
    return dropout->kind == ARD_DROPOUT_ROW ? common_multiple(room) : 1;
}

uint32_t ard__dropout_tile_classes(const ard__dropout_room *room)
{
    return common_multiple(room);
}
