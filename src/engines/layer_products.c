/* SPDX-License-Identifier: Apache-2.0 */
#include "engines/layer_products.h"

#include "core/integers.h"

/* That of the weights' gradient, which is stored as they are. */
static ard__gemm_batch weight_product(const ard__layer_products *layer, ard__columns inputs,
                                      ard__columns outputs)
{
    const bool swap = layer->inputs_first;
    return (ard__gemm_batch){.first = {.m = swap ? layer->in : layer->out,
                                       .n = swap ? layer->out : layer->in,
                                       .k = layer->rows,
                                       .a_transposed = true},
                             .a_columns = swap ? inputs : outputs,
                             .b_columns = swap ? outputs : inputs};
}

ard_status ard__layer_products_reserve(ard_context *context, const ard__layer_products *layer,
                                       cl_mem any)
{
    const bool listed = layer->groups > 0;
    const ard__columns inputs = {.stride = listed ? layer->in : 0};
    const ard__columns outputs = {.stride = listed ? layer->out : 0};
    ard__gemm_batch products[] = {
        {.first = {.m = layer->rows,
                   .n = layer->out,
                   .k = layer->in,
                   .b_transposed = !layer->inputs_first},
         .a_columns = inputs,
         .c_columns = outputs},
        {.first = {.m = layer->rows,
                   .n = layer->in,
                   .k = layer->out,
                   .b_transposed = layer->inputs_first},
         .a_columns = outputs,
         .c_columns = inputs},
        weight_product(layer, inputs, outputs),
    };
    for (size_t i = 0; i < sizeof products / sizeof products[0]; ++i) {
        ard__gemm *first = &products[i].first;
        first->a = first->b = first->c = (ard_matrix){any, 0, ard__larger(layer->in, layer->out)};
        products[i].count = listed ? layer->groups : 1;
        ARD_TRY(ard__gemm_reserve(context, &products[i]));
    }
    return ARD_STATUS_SUCCESS;
}
