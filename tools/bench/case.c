/* SPDX-License-Identifier: Apache-2.0 */
#include "case.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

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

const char *case_name(const bench_case *kase)
{
    return kase->kind == BENCH_GEMM ? "gemm" : "step";
}

const char *case_pattern_name(const bench_case *kase)
{
    return kase->pattern == ARD_DROPOUT_SUBSET ? "subset" : "row";
}

const char *case_model(const bench_case *kase)
{
    return kase->kind == BENCH_GEMM ? "none" : "mlp";
}

const char *case_baseline(const bench_case *kase)
{
    return kase->kind == BENCH_GEMM ? "none" : "bernoulli";
}

/* A text that grows by printf and stops at its end. */
typedef struct words {
    char *text;
    size_t length;
} words;

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void
add(words *words, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const size_t room = CASE_TEXT - words->length;
    const int count = vsnprintf(words->text + words->length, room, format, arguments);
    va_end(arguments);
    if (count > 0) {
        words->length += (size_t)count < room ? (size_t)count : room - 1;
    }
}

/* A rate with the digits that give the same number back. */
static void add_exactly(words *words, double rate)
{
    char text[40];
    snprintf(text, sizeof text, CASE_RATE_FORMAT, rate);
    add(words, strtod(text, NULL) == rate ? CASE_RATE_FORMAT : "%.17g", rate);
}

/* The rates, comma-separated; a single one where all are equal. */
static void add_rates(words *words, const bench_case *kase, bool exactly)
{
    size_t count = kase->sides > 0 ? 1 : 0;
    for (size_t side = 1; side < kase->sides; side++) {
        if (kase->dropout[side].rate != kase->dropout[0].rate) {
            count = kase->sides;
        }
    }
    for (size_t side = 0; side < count; side++) {
        add(words, "%s", side > 0 ? "," : "");
        if (exactly) {
            add_exactly(words, kase->dropout[side].rate);
        } else {
            add(words, "%.6g", kase->dropout[side].rate);
        }
    }
}

void case_describe(const bench_case *kase, char text[CASE_TEXT])
{
    words words = {.text = text};
    add(&words, "%s", case_name(kase));
    if (kase->kind == BENCH_STEP) {
        add(&words, " %s", case_model(kase));
    }
    for (size_t i = 0; i <= kase->layers; i++) {
        add(&words, "%s%zu", i == 0 ? " " : "-", kase->widths[i]);
    }
    add(&words, ", batch %zu, rate ", kase->batch);
    add_rates(&words, kase, false);
    add(&words, ", %s", case_pattern_name(kase));
    if (kase->fixed.period > 0) {
        add(&words, " period %" PRIu32 " offset %" PRIu32, kase->fixed.period, kase->fixed.offset);
    }
}

static void add_sizes(words *words, const bench_case *kase)
{
    if (kase->kind == BENCH_GEMM) {
        add(words, " --m %zu --n %zu --k %zu", kase->batch, kase->widths[1], kase->widths[0]);
        return;
    }
    add(words, " --model mlp --in %zu --hidden ", kase->widths[0]);
    for (size_t layer = 1; layer < kase->layers; layer++) {
        add(words, "%s%zu", layer > 1 ? "," : "", kase->widths[layer]);
    }
    add(words, " --out %zu --batch %zu", kase->widths[kase->layers], kase->batch);
}

void case_command(const bench_case *kase, const char *id, char text[CASE_TEXT])
{
    words words = {.text = text};
    add(&words, "ard-bench %s", case_name(kase));
    add_sizes(&words, kase);
    add(&words, " --rate ");
    add_rates(&words, kase, true);
    add(&words, " --pattern %s", case_pattern_name(kase));
    if (kase->fixed.period > 0) {
        add(&words, " --period %" PRIu32 " --offset %" PRIu32, kase->fixed.period,
            kase->fixed.offset);
    }
    if (kase->max_period > 0) {
        add(&words, " --max-period %" PRIu32, kase->max_period);
    }
    if (kase->kind == BENCH_STEP) {
        add(&words, " --scale %s", kase->scale == ARD_SCALE_PERIOD ? "period" : "rate");
    }
    add(&words, " --device %s --repeat %" PRIu32 " --seed %" PRIu64 "%s", id, kase->repeat,
        kase->seed, kase->verify ? " --verify" : "");
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
