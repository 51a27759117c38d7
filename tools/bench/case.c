/* SPDX-License-Identifier: Apache-2.0 */
#include "case.h"

#include <math.h>

size_t case_groups(const bench_case *kase)
{
    return kase->groups > 0 ? kase->groups : 1;
}

size_t case_dropouts(const bench_case *kase)
{
    return kase->model == MODEL_LSTM ? kase->layers + 1 : kase->sides;
}

size_t case_dropout_of(const bench_case *kase, size_t side)
{
    return kase->model == MODEL_LSTM && side > kase->layers ? kase->layers : side;
}

size_t case_drawn_as(const bench_case *kase, size_t side)
{
    return kase->tied && side == kase->layers - 1 ? 0 : side;
}

size_t case_side_width(const bench_case *kase, size_t side)
{
    if (kase->model == MODEL_LSTM) {
        return case_lstm_width(kase, side);
    }
    return kase->kind == BENCH_GEMM ? kase->widths[side] : kase->widths[side + 1];
}

size_t case_side_rows(const bench_case *kase, size_t side)
{
    return kase->model == MODEL_LSTM ? case_lstm_width(kase, side) : kase->widths[side + 1];
}

size_t case_side_cols(const bench_case *kase, size_t side)
{
    return kase->model == MODEL_LSTM ? case_lstm_cols(kase, side) : kase->widths[side];
}

size_t case_rate_count(const bench_case *kase)
{
    if (kase->model == MODEL_LSTM) {
        return kase->placement == PLACEMENT_BOTH ? 2 : 1;
    }
    return kase->sides;
}

double case_rate(const bench_case *kase, size_t index)
{
    const bool recurrent =
        kase->model == MODEL_LSTM && (index > 0 || kase->placement == PLACEMENT_RECURRENT);
    return kase->dropout[recurrent ? kase->layers : index].rate;
}

void case_largest_layer(const bench_case *kase, size_t *weights, size_t *units)
{
    *weights = 0;
    *units = 0;
    for (size_t i = 0; i < kase->layers; i++) {
        const size_t count = kase->widths[i] * kase->widths[i + 1];
        *weights = count > *weights ? count : *weights;
        *units = kase->widths[i + 1] > *units ? kase->widths[i + 1] : *units;
    }
}

bool case_draws_period(const bench_case *kase, size_t side, uint32_t period)
{
    /* What counts is what is sampled from: a probability far below 2^-32 is rounded to none. */
    const uint64_t *cumulative = kase->dropout[case_dropout_of(kase, side)].distribution.cumulative;
    return cumulative[period - 1] > (period > 1 ? cumulative[period - 2] : 0);
}

uint32_t case_longest_period(const bench_case *kase, size_t side)
{
    const ard_dropout *dropout = &kase->dropout[case_dropout_of(kase, side)];
    if (dropout->kind == ARD_DROPOUT_SUBSET) {
        return dropout->subset.period;
    }
    uint32_t longest = dropout->distribution.max_period;
    while (longest > 1 && !case_draws_period(kase, side, longest)) {
        longest--;
    }
    return longest;
}

/* Whether a side can have a pattern. */
static ard_status check_pattern(const bench_case *kase, size_t side,
                                const ard_layer_pattern *pattern)
{
    if (kase->pattern == ARD_DROPOUT_TILE) {
        return ard_tile_check(&pattern->tiles, case_side_rows(kase, side),
                              case_side_cols(kase, side));
    }
    return ard_pattern_check(&pattern->units, case_side_width(kase, side));
}

/* Whether a side can have all patterns that its dropout draws: of the longest period, tiles of the
 * last offset. */
static ard_status check_longest(const bench_case *kase, size_t side)
{
    const uint32_t period = case_longest_period(kase, side);
    const ard_layer_pattern longest = {
        .units = {.period = period, .residues = 1},
        .tiles = {kase->tile_edge, period, period - 1, kase->tile_numbering},
    };
    return check_pattern(kase, side, &longest);
}

/* What a side draws from, and whether it can. */
static ard_status complete_side(const bench_case *kase, size_t side, ard_dropout *dropout)
{
    if (kase->pattern == ARD_DROPOUT_INDEX) {
        return ard_index_distribution_from_rate(dropout->rate, case_side_width(kase, side),
                                                &dropout->index);
    }
    dropout->tile_edge = kase->pattern == ARD_DROPOUT_TILE ? kase->tile_edge : 0;
    dropout->tile_numbering = kase->tile_numbering;
    return check_longest(kase, side);
}

ard_status case_set_rates(bench_case *kase, const double *rates)
{
    for (size_t side = 0; side < case_dropouts(kase); side++) {
        ard_dropout *dropout = &kase->dropout[side];
        ard_status status =
            ard_dropout_init(kase->pattern, rates[side], kase->max_period, kase->scale, dropout);
        if (status == ARD_STATUS_SUCCESS) {
            status = complete_side(kase, side, dropout);
        }
        if (status != ARD_STATUS_SUCCESS) {
            return status;
        }
    }
    return ARD_STATUS_SUCCESS;
}

ard_status case_set_uniform(bench_case *kase, uint32_t period)
{
    double equal[ARD_MAX_PERIOD];
    for (uint32_t i = 0; i < period; i++) {
        equal[i] = 1.0 / period;
    }
    ard_status status = ARD_STATUS_SUCCESS;
    for (size_t side = 0; side < kase->sides && status == ARD_STATUS_SUCCESS; side++) {
        status =
            ard_distribution_from_probabilities(equal, period, &kase->dropout[side].distribution);
        if (status == ARD_STATUS_SUCCESS) {
            status = check_longest(kase, side);
        }
    }
    return status;
}

ard_layer_pattern case_fixed_pattern(const bench_case *kase)
{
    const uint32_t period = kase->fixed.period;
    ard_layer_pattern pattern = ard_layer_pattern_all();
    if (kase->pattern == ARD_DROPOUT_TILE) {
        pattern.tiles =
            (ard_tile_pattern){kase->tile_edge, period, kase->fixed.offset, kase->tile_numbering};
        return pattern;
    }
    const long count = lround((1 - kase->dropout[0].rate) * period);
    pattern.units = (ard_pattern){.period = period};
    for (uint32_t i = 0; i == 0 || (long)i < count; i++) {
        pattern.units.residues |= UINT64_C(1) << (kase->fixed.offset + i) % period;
    }
    return pattern;
}

/* Whether one of every `period` can be kept, the one at `offset`. */
static ard_status check_fixed(const bench_case *kase, uint32_t period, uint32_t offset)
{
    ard_pattern row;
    ard_tile_pattern tile;
    return kase->pattern == ARD_DROPOUT_TILE
               ? ard_tile_init(kase->tile_edge, kase->tile_numbering, period, offset, &tile)
               : ard_pattern_row(period, offset, &row);
}

ard_status case_set_fixed(bench_case *kase, double rate, uint32_t period, uint32_t offset)
{
    ard_status status = check_fixed(kase, period, offset);
    if (status != ARD_STATUS_SUCCESS) {
        return status;
    }
    kase->fixed = (bench_fixed_pattern){.period = period, .offset = offset};
    kase->dropout[0].rate = kase->pattern == ARD_DROPOUT_SUBSET ? rate : 1 - 1.0 / period;
    const ard_layer_pattern pattern = case_fixed_pattern(kase);
    const double kept =
        kase->pattern == ARD_DROPOUT_TILE ? 1.0 / period : ard_pattern_kept_share(&pattern.units);
    for (size_t side = 0; side < kase->sides && status == ARD_STATUS_SUCCESS; side++) {
        kase->dropout[side].kind = kase->pattern;
        kase->dropout[side].rate = 1 - kept;
        status = check_pattern(kase, side, &pattern);
    }
    return status;
}

double case_kept_share(const bench_case *kase, size_t side, const ard_layer_pattern *pattern)
{
    if (kase->pattern == ARD_DROPOUT_TILE) {
        return 1.0 / pattern->tiles.period;
    }
    return ard_pattern_is_index(&pattern->units)
               ? (double)pattern->units.count / (double)case_side_width(kase, side)
               : ard_pattern_kept_share(&pattern->units);
}

size_t case_device_baselines(const bench_case *kase)
{
    return kase->pattern == ARD_DROPOUT_TILE ? 2 : 1;
}

size_t case_baseline_count(const bench_case *kase)
{
    return case_device_baselines(kase) + (kase->cblas != NULL ? 1 : 0);
}

bench_baseline case_baseline(const bench_case *kase, size_t index)
{
    if (index >= case_device_baselines(kase)) {
        return BASELINE_CBLAS;
    }
    if (index == 1) {
        return BASELINE_DROPCONNECT;
    }
    return kase->kind == BENCH_GEMM ? BASELINE_NONE : BASELINE_BERNOULLI;
}

/* What a pass keeps of a layer. */
typedef struct layer_kept {
    ard_pattern in;
    ard_pattern out;
    ard_tile_pattern tiles;
} layer_kept;

static layer_kept find_kept(const bench_case *kase, const ard_layer_pattern *patterns, size_t layer)
{
    layer_kept kept = {ard_pattern_all(), ard_pattern_all(), ard_tile_all()};
    if (patterns == NULL) {
        return kept;
    }
    if (kase->kind == BENCH_STEP) {
        if (layer > 0) {
            kept.in = patterns[layer - 1].units;
        }
        if (layer + 1 < kase->layers) {
            kept.out = patterns[layer].units;
            kept.tiles = patterns[layer].tiles;
        }
    } else if (kase->pattern == ARD_DROPOUT_TILE) {
        kept.tiles = patterns[0].tiles;
    } else {
        kept.in = patterns[0].units;
        kept.out = patterns[1].units;
    }
    return kept;
}

/* Kept weights of a layer [out x in], all where the pattern does not fit, which cannot be. */
static double kept_weights(const layer_kept *kept, size_t out, size_t in)
{
    ard_tile_layout layout;
    const ard_status status =
        ard_tile_get_layout(&kept->tiles, out, in, &kept->out, &kept->in, &layout);
    return (double)(status == ARD_STATUS_SUCCESS ? layout.weights : out * in);
}

double case_flops(const bench_case *kase, const ard_layer_pattern *patterns)
{
    double flops = 0;
    if (kase->model == MODEL_LSTM) {
        return case_lstm_flops(kase, patterns);
    }
    for (size_t layer = 0; layer < kase->layers; layer++) {
        const layer_kept kept = find_kept(kase, patterns, layer);
        const double products = kase->kind == BENCH_STEP && layer == 0 ? 2 : 3;
        flops += products * 2 * (double)kase->batch *
                 kept_weights(&kept, kase->widths[layer + 1], kase->widths[layer]);
    }
    return flops;
}
