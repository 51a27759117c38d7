/* SPDX-License-Identifier: Apache-2.0 */
#include "sweep_lstm.h"

#include <stdio.h>

enum { LAYERS = 2, BATCH = 20, STEPS = 35 };

static const struct {
    size_t hidden;
    size_t vocabulary;
} sizes[SWEEP_LSTM_SIZES] = {{650, 10000}, {325, 5000}, {160, 2500}, {80, 1250}};

static const bench_placement placements[SWEEP_LSTM_PLACEMENTS] = {PLACEMENT_BETWEEN,
                                                                  PLACEMENT_BOTH};

void sweep_lstm_describe(size_t size, char text[SWEEP_LSTM_TEXT])
{
    snprintf(text, SWEEP_LSTM_TEXT, "%dx%zu", LAYERS, sizes[size].hidden);
}

ard_status sweep_lstm_case(const bench_options *options, size_t size, size_t placement, double rate,
                           uint32_t repeat, bench_case *kase)
{
    const size_t hidden = sizes[size].hidden;
    *kase = (bench_case){
        .kind = BENCH_STEP,
        .model = MODEL_LSTM,
        .pattern = ARD_DROPOUT_ROW,
        .batch = BATCH,
        .steps = STEPS,
        .layers = LAYERS + 1,
        .widths = {hidden, hidden, hidden, sizes[size].vocabulary},
        .placement = placements[placement],
        .repeat = repeat,
        .seed = options->seed,
        .verify = options->verify,
    };
    kase->sides = case_lstm_sides(kase);
    return case_lstm_set_rates(kase, rate, rate);
}
