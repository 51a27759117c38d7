/* SPDX-License-Identifier: Apache-2.0 */
/* The sides of a language model. Those between its layers come first: the inputs of each layer and
 * of the softmax. The recurrent ones follow: one a layer, or where they are fresh those of all time
 * steps of the first layer, then of the second. */
#include "case.h"

size_t case_lstm_layers(const bench_case *kase)
{
    return kase->layers - 1;
}

size_t case_lstm_sides(const bench_case *kase)
{
    return kase->layers + case_lstm_layers(kase) * (kase->fresh ? kase->steps : 1);
}

size_t case_lstm_width(const bench_case *kase, size_t side)
{
    return kase->widths[side < kase->layers ? side : 1];
}

size_t case_lstm_cols(const bench_case *kase, size_t side)
{
    enum { GATES = 4 };
    const bool softmax = side == case_lstm_layers(kase);
    return softmax ? kase->widths[kase->layers] : GATES * kase->widths[1];
}

bool case_lstm_drops(const bench_case *kase, bench_placement where)
{
    return kase->placement == PLACEMENT_BOTH || kase->placement == where;
}

ard_status case_lstm_set_rates(bench_case *kase, double between, double recurrent)
{
    double rates[ARD_MLP_MAX_LAYERS];
    for (size_t side = 0; side < kase->layers; side++) {
        rates[side] = case_lstm_drops(kase, PLACEMENT_BETWEEN) ? between : 0;
    }
    rates[kase->layers] = case_lstm_drops(kase, PLACEMENT_RECURRENT) ? recurrent : 0;
    return case_set_rates(kase, rates);
}

const char *case_placement_name(const bench_case *kase)
{
    static const char *const names[] = {"between", "recurrent", "both"};
    return names[kase->placement];
}

/* Weights that a side's product multiplies with; all where the pattern does not fit, which cannot
 * be. */
static double kept_weights(const bench_case *kase, size_t side, const ard_layer_pattern *patterns)
{
    const ard_pattern all = ard_pattern_all();
    const size_t rows = case_side_rows(kase, side);
    const size_t cols = case_side_cols(kase, side);
    ard_tile_layout layout;
    if (patterns == NULL ||
        ard_tile_get_layout(&patterns[side].tiles, rows, cols, &patterns[side].units, &all,
                            &layout) != ARD_STATUS_SUCCESS) {
        return (double)rows * (double)cols;
    }
    return (double)layout.weights;
}

double case_lstm_flops(const bench_case *kase, const ard_layer_pattern *patterns)
{
    double flops = 0;
    for (size_t side = 0; side < kase->sides; side++) {
        const bool fresh = kase->fresh && side >= kase->layers;
        const double kept = kept_weights(kase, side, patterns);
        const double whole = fresh ? kept_weights(kase, side, NULL) : kept;
        const double tokens = (double)kase->batch * (double)(fresh ? 1 : kase->steps);
        flops += 2 * tokens * (2 * kept + whole);
    }
    return flops;
}
