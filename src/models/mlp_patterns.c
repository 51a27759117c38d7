/* SPDX-License-Identifier: Apache-2.0 */
/* Which pattern each hidden layer of a network has, drawn or given, and what it saves. */
#include <stdio.h>

#include "device/matrix_check.h"
#include "models/mlp_internal.h"

const ard_pattern *ard__mlp_out_pattern(const ard_mlp *mlp, const ard_layer_pattern *patterns,
                                        size_t layer)
{
    static const ard_pattern all = {.period = 1, .residues = 1};
    return patterns != NULL && layer + 1 < mlp->options.layers ? &patterns[layer].units : &all;
}

const ard_tile_pattern *ard__mlp_tile_pattern(const ard_mlp *mlp, const ard_layer_pattern *patterns,
                                              size_t layer)
{
    static const ard_tile_pattern all = {1, 1, 0, ARD_TILE_DIAGONAL};
    return patterns != NULL && layer + 1 < mlp->options.layers ? &patterns[layer].tiles : &all;
}

static ard_layer_pattern sample(const ard_mlp *mlp, uint64_t step, size_t layer, uint32_t group)
{
    const ard__dropout_draw draw = {mlp->options.seed, step, (uint32_t)layer, group};
    uint32_t *indices = mlp->layers[layer].indices;
    return ard__dropout_sample(&mlp->dropout[layer], &draw,
                               indices != NULL ? indices + (size_t)group * mlp->rooms[layer].units
                                               : NULL);
}

size_t ard_mlp_pattern_count(const ard_mlp *mlp)
{
    return mlp != NULL ? mlp->options.groups * (mlp->options.layers - 1) : 0;
}

ard_status ard_mlp_patterns(const ard_mlp *mlp, uint64_t step, ard_layer_pattern *patterns)
{
    ARD__CHECK(mlp != NULL && (patterns != NULL || mlp->options.layers == 1),
               "ard_mlp_patterns: an argument is NULL");
    const size_t hidden = mlp->options.layers - 1;
    for (size_t i = 0; i < ard_mlp_pattern_count(mlp); ++i) {
        patterns[i] = sample(mlp, step, i % hidden, (uint32_t)(i / hidden));
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status check_layer_pattern(const ard_mlp *mlp, size_t layer,
                                      const ard_layer_pattern *pattern)
{
    char where[48];
    snprintf(where, sizeof where, "hidden layer %zu", layer);
    return ard__dropout_check_pattern(&mlp->dropout[layer], where, pattern, mlp->widths[layer],
                                      mlp->widths[layer + 1]);
}

ard_status ard__mlp_check_patterns(const ard_mlp *mlp, const ard_layer_pattern *patterns)
{
    for (size_t i = 0; i < ard_mlp_pattern_count(mlp); ++i) {
        ARD_TRY(check_layer_pattern(mlp, i % (mlp->options.layers - 1), &patterns[i]));
    }
    return ARD_STATUS_SUCCESS;
}

/* Adds what so many samples with the same patterns take. */
static ard_status add_flops(const ard_mlp *mlp, size_t batch, const ard_layer_pattern *patterns,
                            double *sum)
{
    const ard_pattern *in_pattern = NULL;
    for (size_t layer = 0; layer < mlp->options.layers; ++layer) {
        const ard_pattern *out_pattern = ard__mlp_out_pattern(mlp, patterns, layer);
        ard_tile_layout layout;
        ARD_TRY(ard_tile_get_layout(ard__mlp_tile_pattern(mlp, patterns, layer),
                                    mlp->widths[layer + 1], mlp->widths[layer], out_pattern,
                                    in_pattern, &layout));
        const double products = layer == 0 ? 2.0 : 3.0;
        *sum += products * 2.0 * (double)batch * (double)layout.weights;
        in_pattern = out_pattern;
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard_mlp_step_flops(const ard_mlp *mlp, size_t batch, const ard_layer_pattern *patterns,
                              double *flops)
{
    ARD__CHECK(mlp != NULL && flops != NULL, "ard_mlp_step_flops: an argument is NULL");
    ARD_TRY(ard__check_size("batch", batch));
    double sum = 0.0;
    if (patterns == NULL) {
        ARD_TRY(add_flops(mlp, batch, NULL, &sum));
    }
    for (size_t group = 0; patterns != NULL && group < mlp->options.groups; ++group) {
        const size_t first = ard__mlp_group_start(mlp, batch, group);
        const size_t end = ard__mlp_group_start(mlp, batch, group + 1);
        ARD_TRY(add_flops(mlp, end - first, ard__mlp_group_patterns(mlp, patterns, group), &sum));
    }
    *flops = sum;
    return ARD_STATUS_SUCCESS;
}
