/* SPDX-License-Identifier: Apache-2.0 */
#include "device/operation.h"
#include "models/dropout_internal.h"

void ard__describe_dropout(ard__description *description, const char *role,
                           const ard_dropout *dropout, const ard_layer_pattern *pattern,
                           size_t width)
{
    if (dropout == NULL) {
        return;
    }
    switch (dropout->kind) {
    case ARD_DROPOUT_BERNOULLI:
        ard__describe_rate(description, role, "mask", dropout->rate);
        break;
    case ARD_DROPOUT_DROPCONNECT:
        ard__describe_rate(description, role, "weight-mask", dropout->rate);
        break;
    default:
        ard__describe_pattern(description, role, &pattern->units, width);
        ard__describe_tile(description, role, &pattern->tiles);
    }
}
