/* SPDX-License-Identifier: Apache-2.0 */
/* Dropout settings of a layer, and the check of a network's options. */
#include "models/mlp_internal.h"

#include "core/integers.h"
#include "device/matrix_check.h"

/* Beyond this, tables of residue classes do not pay (see ARD__MAX_CLASSES). */
enum { MAX_COMMON_MULTIPLE = 4096 };

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
    ARD__CHECK(kind >= ARD_DROPOUT_NONE && kind <= ARD_DROPOUT_SUBSET,
               "the dropout kind is %d, expected none (0), bernoulli (1), row (2) or subset (3)",
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
    } else if (kind == ARD_DROPOUT_ROW) {
        uint32_t periods = max_period;
        if (periods == 0) {
            ARD_TRY(ard_distribution_default_max_period(rate, &periods));
        }
        ARD_TRY(ard_distribution_exact(rate, periods, &made.distribution));
    } else if (kind == ARD_DROPOUT_SUBSET) {
        ARD_TRY(ard_subset_distribution_from_rate(rate, max_period, &made.subset));
    }
    *dropout = made;
    return ARD_STATUS_SUCCESS;
}

static ard_status check_distribution(const ard_distribution *distribution, size_t width)
{
    const uint32_t periods = distribution->max_period;
    ARD__CHECK(periods >= 1 && periods <= ARD_MAX_PERIOD,
               "the largest period is %u, expected 1..%d", periods, ARD_MAX_PERIOD);
    uint64_t before = 0;
    for (uint32_t i = 0; i < periods; ++i) {
        const uint64_t cumulative = distribution->cumulative[i];
        ARD__CHECK(cumulative >= before && cumulative <= (uint64_t)1 << 32,
                   "the cumulative probabilities of the periods do not increase to 2^32");
        if (cumulative > before && i + 1 > width) {
            return ard__fail(ARD_STATUS_INVALID_PATTERN, "period %u exceeds the layer's %zu units",
                             i + 1, width);
        }
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

static ard_status check_dropout(const ard_dropout *dropout, size_t width)
{
    ARD_TRY(check_kinds(dropout->kind, dropout->scale));
    ARD_TRY(check_rate(dropout->rate));
    switch (dropout->kind) {
    case ARD_DROPOUT_ROW:
        return check_distribution(&dropout->distribution, width);
    case ARD_DROPOUT_SUBSET:
        return check_subset(&dropout->subset, width);
    case ARD_DROPOUT_NONE:
    case ARD_DROPOUT_BERNOULLI:
        break;
    }
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
        ARD_TRY(check_dropout(&options->dropout[i], options->widths[i + 1]));
        ARD__CHECK(options->dropout[i].kind != ARD_DROPOUT_BERNOULLI ||
                       options->widths[i + 1] <= ((size_t)1 << 34) / options->max_batch,
                   "a Bernoulli mask over [%zu x %zu] is larger than its stream of 2^34 elements",
                   options->max_batch, options->widths[i + 1]);
    }
    return ARD_STATUS_SUCCESS;
}

uint32_t ard__dropout_classes(const ard_dropout *dropout)
{
    if (dropout->kind == ARD_DROPOUT_SUBSET) {
        return dropout->subset.period;
    }
    uint32_t multiple = 1;
    uint64_t before = 0;
    for (uint32_t i = 0; dropout->kind == ARD_DROPOUT_ROW && i < dropout->distribution.max_period;
         ++i) {
        if (dropout->distribution.cumulative[i] > before) {
            multiple *= (i + 1) / ard__greatest_common_divisor(multiple, i + 1);
        }
        if (multiple > MAX_COMMON_MULTIPLE) {
            return 0;
        }
        before = dropout->distribution.cumulative[i];
    }
    return multiple;
}
