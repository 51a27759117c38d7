/* SPDX-License-Identifier: Apache-2.0 */
#include "optimizer/parameter_order.h"

#include "patterns/unit_order.h"

bool ard__parameter_is_ordered(const ard_parameter *parameter)
{
    return parameter->row_stride == 1 && parameter->col_stride == 1;
}

/* Copies the values of every row; `gather` says that the rows come from memory. */
static void arrange(const ard_parameter *parameter, const uint32_t *from, uint32_t *to, bool gather)
{
    const size_t rows = parameter->rows;
    const size_t cols = parameter->cols;
    for (size_t i = 0; i < rows; ++i) {
        const size_t in_memory = ard__unit_place(parameter->row_stride, rows, i) * cols;
        const uint32_t *row = from + (gather ? in_memory : i * cols);
        uint32_t *target = to + (gather ? i * cols : in_memory);
        size_t place = 0;
        for (size_t residue = 0; residue < parameter->col_stride; ++residue) {
            for (size_t j = residue; j < cols; j += parameter->col_stride) {
                target[gather ? j : place] = row[gather ? place : j];
                ++place;
            }
        }
    }
}

void ard__parameter_to_memory(const ard_parameter *parameter, const void *ordered, void *memory)
{
    arrange(parameter, ordered, memory, false);
}

void ard__parameter_from_memory(const ard_parameter *parameter, const void *memory, void *ordered)
{
    arrange(parameter, memory, ordered, true);
}
