/* SPDX-License-Identifier: Apache-2.0 */
/* Which pattern each hidden layer of a network has, drawn or given, and what it saves. */
#include "device/matrix_check.h"
#include "models/mlp_internal.h"

const ard_pattern *ard__mlp_out_pattern(const ard_mlp *mlp, const ard_pattern *patterns,
                                        size_t layer)
{
    static const ard_pattern all = {1, 1};
    return patterns != NULL && layer + 1 < mlp->options.layers ? &patterns[layer] : &all;
}

static ard_pattern sample(const ard_mlp *mlp, uint64_t step, size_t layer)
{
    const ard_dropout *dropout = &mlp->dropout[layer];
    switch (dropout->kind) {
    case ARD_DROPOUT_ROW:
        return ard_sample_row(&dropout->distribution, mlp->options.seed, (uint32_t)layer, step);
    case ARD_DROPOUT_SUBSET:
        return ard_sample_subset(&dropout->subset, mlp->options.seed, (uint32_t)layer, step);
    case ARD_DROPOUT_NONE:
    case ARD_DROPOUT_BERNOULLI:
        break;
    }
    return ard_pattern_all();
}

ard_status ard_mlp_patterns(const ard_mlp *mlp, uint64_t step, ard_pattern *patterns)
{
    ARD__CHECK(mlp != NULL && (patterns != NULL || mlp->options.layers == 1),
               "ard_mlp_patterns: an argument is NULL");
    for (size_t layer = 0; layer + 1 < mlp->options.layers; ++layer) {
        patterns[layer] = sample(mlp, step, layer);
    }
    return ARD_STATUS_SUCCESS;
}

static bool can_draw(const ard_dropout *dropout, const ard_pattern *pattern)
{
    switch (dropout->kind) {
    case ARD_DROPOUT_ROW: {
        const uint32_t period = pattern->period;
        if (ard_pattern_residue_count(pattern) != 1 || period > dropout->distribution.max_period) {
            return false;
        }
        const uint64_t before = period > 1 ? dropout->distribution.cumulative[period - 2] : 0;
        return dropout->distribution.cumulative[period - 1] > before;
    }
    case ARD_DROPOUT_SUBSET:
        return pattern->period == dropout->subset.period;
    case ARD_DROPOUT_NONE:
    case ARD_DROPOUT_BERNOULLI:
        break;
    }
    return ard_pattern_is_all(pattern);
}

ard_status ard__mlp_check_patterns(const ard_mlp *mlp, const ard_pattern *patterns)
{
    for (size_t layer = 0; layer + 1 < mlp->options.layers; ++layer) {
        ARD_TRY(ard_pattern_check(&patterns[layer], mlp->widths[layer + 1]));
        if (!can_draw(&mlp->dropout[layer], &patterns[layer])) {
            return ard__fail(ARD_STATUS_INVALID_PATTERN,
                             "the dropout of hidden layer %zu cannot draw a pattern of period %u "
                             "that keeps %u residues",
                             layer, patterns[layer].period,
                             ard_pattern_residue_count(&patterns[layer]));
        }
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard_mlp_step_flops(const ard_mlp *mlp, size_t batch, const ard_pattern *patterns,
                              double *flops)
{
    ARD__CHECK(mlp != NULL && flops != NULL, "ard_mlp_step_flops: an argument is NULL");
    ARD_TRY(ard__check_size("batch", batch));
    double sum = 0.0;
    size_t kept_in = mlp->widths[0];
    for (size_t layer = 0; layer < mlp->options.layers; ++layer) {
        size_t kept_out = 0;
        ARD_TRY(ard_pattern_kept_count(ard__mlp_out_pattern(mlp, patterns, layer),
                                       mlp->widths[layer + 1], &kept_out));
        const double products = layer == 0 ? 2.0 : 3.0;
        sum += products * 2.0 * (double)batch * (double)kept_in * (double)kept_out;
        kept_in = kept_out;
    }
    *flops = sum;
    return ARD_STATUS_SUCCESS;
}
