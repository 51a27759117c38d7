/* SPDX-License-Identifier: Apache-2.0 */
#include "input.h"

#include <stdlib.h>

static bench_outcome upload_labels(bench_input *input)
{
    cl_int code = CL_SUCCESS;
    input->device_labels.buffer =
        clCreateBuffer(ard_context_opencl(input->context), CL_MEM_READ_ONLY | CL_MEM_COPY_HOST_PTR,
                       input->batch * sizeof *input->labels, input->labels, &code);
    return code == CL_SUCCESS ? BENCH_DONE : BENCH_NO_MEMORY;
}

bench_outcome input_create(ard_context *context, size_t batch, size_t width, size_t classes,
                           uint64_t seed, bench_input *input)
{
    *input = (bench_input){.context = context, .batch = batch, .width = width};
    input->values = input_random(seed, INPUT_STREAM, batch * width);
    input->labels = calloc(batch, sizeof *input->labels);
    if (input->values == NULL || input->labels == NULL) {
        return BENCH_NO_MEMORY;
    }
    for (size_t i = 0; i < batch; i++) {
        const ard_draw draw = {
            .seed = seed, .step = i, .layer = INPUT_STREAM, .purpose = ARD_PURPOSE_DATA_ORDER};
        input->labels[i] = (int32_t)ard_draw_below(&draw, (uint32_t)classes);
    }
    ard_status status = ard_matrix_create(context, batch, width, &input->matrix);
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_matrix_write(context, batch, width, input->values, &input->matrix);
    }
    const bench_outcome outcome = measure_outcome(status);
    return outcome == BENCH_DONE ? upload_labels(input) : outcome;
}

void input_destroy(bench_input *input)
{
    free(input->values);
    free(input->labels);
    ard_matrix_destroy(&input->matrix);
    if (input->device_labels.buffer != NULL) {
        clReleaseMemObject(input->device_labels.buffer);
    }
    *input = (bench_input){0};
}
