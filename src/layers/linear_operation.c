/* SPDX-License-Identifier: Apache-2.0 */
/* What a log says of a linear layer. */
#include "device/operation.h"
#include "layers/linear_internal.h"

ard_status ard__linear_end(ard_context *context, const ard_linear *linear, ard_status status)
{
    ard__description *description = ard__operation_end(context, status);
    if (description == NULL) {
        return status;
    }
    ard__describe_shape(description, "%zux%zu:%zux%zu", linear->batch, linear->in, linear->out,
                        linear->in);
    ard__describe_pattern(description, "in", &linear->in_pattern, linear->in);
    ard__describe_pattern(description, "out", &linear->out_pattern, linear->out);
    ard__describe_tile(description, "weights", &linear->tile);
    if (linear->bernoulli != NULL) {
        ard__describe_rate(description, "out", "mask", linear->bernoulli->rate);
    }
    if (linear->drop_connect != NULL) {
        ard__describe_rate(description, "weights", "mask", linear->drop_connect->rate);
    }
    ard__operation_describe(context);
    return status;
}
