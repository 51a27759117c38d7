/* SPDX-License-Identifier: Apache-2.0 */
/* What a log says of a parameter. */
#include "device/operation.h"
#include "optimizer/parameter_internal.h"

ard_status ard__parameter_end(const ard_parameter *parameter, const ard__kept *kept,
                              ard_status status)
{
    return parameter != NULL ? ard__operation_end_matrix(parameter->sgd->context, parameter->rows,
                                                         parameter->cols, kept->rows, kept->cols,
                                                         kept->tile, status)
                             : status;
}
