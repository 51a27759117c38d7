/* SPDX-License-Identifier: Apache-2.0 */
#include "case.h"

#include <math.h>

size_t case_side_width(const bench_case *kase, size_t side)
{
    return kase->kind == BENCH_GEMM ? kase->widths[side] : kase->widths[side + 1];
}

/* The pattern of the longest period that this dropout draws. */
static ard_pattern longest_pattern(const ard_dropout *dropout)
{
    ard_pattern pattern = ard_pattern_all();
    if (dropout->kind == ARD_DROPOUT_SUBSET) {
        pattern.period = dropout->subset.period;
        return pattern;
    }
    for (uint32_t i = 0; i < dropout->distribution.max_period; i++) {
        if (dropout->distribution.probabilities[i] > 0) {
            pattern.period = i + 1;
        }
    }
    return pattern;
}

ard_status case_set_rates(bench_case *kase, const double *rates)
{
    for (size_t side = 0; side < kase->sides; side++) {
        ard_dropout *dropout = &kase->dropout[side];
        ard_status status =
            ard_dropout_init(kase->pattern, rates[side], kase->max_period, kase->scale, dropout);
        if (status == ARD_STATUS_SUCCESS) {
            const ard_pattern longest = longest_pattern(dropout);
            status = ard_pattern_check(&longest, case_side_width(kase, side));
        }
        if (status != ARD_STATUS_SUCCESS) {
            return status;
        }
    }
    return ARD_STATUS_SUCCESS;
}

ard_pattern case_fixed_pattern(const bench_case *kase)
{
    const uint32_t period = kase->fixed.period;
    const long count = lround((1 - kase->dropout[0].rate) * period);
    ard_pattern pattern = {.period = period};
    for (uint32_t i = 0; i == 0 || (long)i < count; i++) {
        pattern.residues |= UINT64_C(1) << (kase->fixed.offset + i) % period;
    }
    return pattern;
}

ard_status case_set_fixed(bench_case *kase, double rate, uint32_t period, uint32_t offset)
{
    ard_pattern pattern;
    ard_status status = ard_pattern_row(period, offset, &pattern);
    if (status != ARD_STATUS_SUCCESS) {
        return status;
    }
    kase->fixed = (bench_fixed_pattern){.period = period, .offset = offset};
    kase->dropout[0].rate = kase->pattern == ARD_DROPOUT_SUBSET ? rate : 1 - 1.0 / period;
    pattern = case_fixed_pattern(kase);
    for (size_t side = 0; side < kase->sides && status == ARD_STATUS_SUCCESS; side++) {
        kase->dropout[side].kind = kase->pattern;
        kase->dropout[side].rate = 1 - ard_pattern_kept_share(&pattern);
        status = ard_pattern_check(&pattern, case_side_width(kase, side));
    }
    return status;
}

size_t case_baseline_count(const bench_case *kase)
{
    (void)kase;
    return 1;
}

ard_dropout_kind case_baseline(const bench_case *kase, size_t index)
{
    (void)index;
    return kase->kind == BENCH_GEMM ? ARD_DROPOUT_NONE : ARD_DROPOUT_BERNOULLI;
}

/* Kept units of `width` under a pattern that is known to fit. */
static double kept(const ard_pattern *pattern, size_t width)
{
    size_t count = width;
    if (pattern != NULL && ard_pattern_kept_count(pattern, width, &count) != ARD_STATUS_SUCCESS) {
        return (double)width;
    }
    return (double)count;
}

double case_flops(const bench_case *kase, const ard_layer_pattern *patterns)
{
    const bool gemm = kase->kind == BENCH_GEMM;
    double flops = 0;
    for (size_t layer = 0; layer < kase->layers; layer++) {
        const bool in_dropped = gemm || layer > 0;
        const bool out_dropped = gemm || layer + 1 < kase->layers;
        const ard_pattern *in =
            patterns != NULL && in_dropped ? &patterns[gemm ? 0 : layer - 1].units : NULL;
        const ard_pattern *out =
            patterns != NULL && out_dropped ? &patterns[gemm ? 1 : layer].units : NULL;
        const double products = !gemm && layer == 0 ? 2 : 3;
        flops += products * 2 * (double)kase->batch * kept(in, kase->widths[layer]) *
                 kept(out, kase->widths[layer + 1]);
    }
    return flops;
}
