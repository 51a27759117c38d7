/* SPDX-License-Identifier: Apache-2.0 */
/* What a log says of a network. */
#include <stdio.h>

#include "device/operation.h"
#include "models/mlp_internal.h"

static void describe_layer(ard__description *description, const ard_mlp *mlp, size_t group,
                           size_t layer, const ard_layer_pattern *pattern)
{
    char role[48];
    const ard_dropout *dropout = &mlp->options.dropout[layer];
    if (mlp->options.groups > 1) {
        snprintf(role, sizeof role, "group%zu.layer%zu", group + 1, layer + 1);
    } else {
        snprintf(role, sizeof role, "layer%zu", layer + 1);
    }
    ard__describe_dropout(description, role, dropout, pattern, mlp->widths[layer + 1]);
}

ard_status ard__mlp_end(ard_context *context, const ard_mlp *mlp, size_t batch,
                        const ard_layer_pattern *patterns, ard_status status)
{
    ard__description *description = ard__operation_end(context, status);
    if (description == NULL) {
        return status;
    }
    if (batch > 0) {
        ard__describe_shape(description, "%zu:", batch);
    }
    const size_t hidden = mlp->options.layers - 1;
    for (size_t i = 0; i <= hidden + 1; ++i) {
        ard__describe_shape(description, i > 0 ? "-%zu" : "%zu", mlp->widths[i]);
    }
    for (size_t k = 0; patterns != NULL && k < mlp->options.groups; ++k) {
        for (size_t i = 0; i < hidden; ++i) {
            describe_layer(description, mlp, k, i, &patterns[k * hidden + i]);
        }
    }
    ard__operation_describe(context);
    return status;
}
