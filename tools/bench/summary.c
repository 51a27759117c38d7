/* SPDX-License-Identifier: Apache-2.0 */
#include "summary.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* "hidden layers 2048x2048", "784 inputs, 2048 outputs" or "an LSTM 2x650, between". */
static void describe_sizes(const bench_case *kase, char *text, size_t room)
{
    if (kase->model == MODEL_LSTM) {
        snprintf(text, room, "an LSTM %zux%zu, %s", case_lstm_layers(kase), kase->widths[1],
                 case_placement_name(kase));
        return;
    }
    if (kase->kind == BENCH_GEMM) {
        snprintf(text, room, "%zu inputs, %zu outputs", kase->widths[0], kase->widths[1]);
        return;
    }
    snprintf(text, room, "hidden layers ");
    for (size_t i = 1; i < kase->layers; i++) {
        const size_t length = strlen(text);
        snprintf(text + length, room - length, "%s%zu", i > 1 ? "x" : "", kase->widths[i]);
    }
}

void summary_add(summary *summary, const ard_device_info *device, const bench_case *kase,
                 const bench_result *result)
{
    if (strcmp(summary->last_device, device->id) != 0) {
        snprintf(summary->last_device, sizeof summary->last_device, "%s", device->id);
        summary->devices++;
    }
    if (summary->cases == 0 || result->speedup > summary->best) {
        char sizes[64];
        describe_sizes(kase, sizes, sizeof sizes);
        summary->best = result->speedup;
        summary->best_pattern = case_pattern_name(kase);
        summary->best_kind = kase->kind;
        summary->best_baseline = result->baseline;
        snprintf(summary->best_at, sizeof summary->best_at,
                 "%s, rate %g, batch %zu on device %s, %.100s", sizes, case_rate(kase, 0),
                 kase->batch, device->id, device->name);
    }
    const bool first = summary->cases == 0;
    const double efficiency = result->efficiency;
    summary->least_efficiency = first ? efficiency : fmin(summary->least_efficiency, efficiency);
    summary->most_efficiency = first ? efficiency : fmax(summary->most_efficiency, efficiency);
    summary->slower += result->speedup < 1 ? 1 : 0;
    summary->cases++;
}

void summary_describe(const summary *summary, char text[SUMMARY_TEXT])
{
    if (summary->cases == 0) {
        snprintf(text, SUMMARY_TEXT, "No case was measured to its end.");
        return;
    }
    char which[96];
    const char *const pace = summary->slower == 0 ? "faster" : "slower";
    if (summary->cases == 1) {
        snprintf(which, sizeof which, "%s in the only case", pace);
    } else if (summary->slower == 0 || summary->slower == summary->cases) {
        snprintf(which, sizeof which, "%s in all %zu cases", pace, summary->cases);
    } else {
        snprintf(which, sizeof which, "slower in %zu of %zu cases", summary->slower,
                 summary->cases);
    }
    snprintf(text, SUMMARY_TEXT,
             "%s with %s patterns ran %s%.2f times as fast as with %s (%s): %s on "
             "%zu device%s, at %.2f to %.2f of the FLOP limit.",
             summary->best_kind == BENCH_GEMM ? "Products" : "Training steps",
             summary->best_pattern, summary->best >= 1 ? "up to " : "at best ", summary->best,
             case_baseline_words(summary->best_baseline), summary->best_at, which, summary->devices,
             summary->devices == 1 ? "" : "s", summary->least_efficiency, summary->most_efficiency);
}
