/* SPDX-License-Identifier: Apache-2.0 */
/* A batch of random samples with labels, on the host and on a device. */
#ifndef ARD_BENCH_INPUT_H
#define ARD_BENCH_INPUT_H

#include <ard/ard.h>

#include "input_random.h"
#include "measure.h"

typedef struct bench_input {
    ard_context *context;
    size_t batch;
    size_t width;
    float *values;   /* [batch x width], uniform in [-1, 1) */
    int32_t *labels; /* [batch] */
    ard_matrix matrix;
    ard_labels device_labels;
} bench_input;

/* Makes a batch and writes it to the device. On failure too, input_destroy() must follow. */
bench_outcome input_create(ard_context *context, size_t batch, size_t width, size_t classes,
                           uint64_t seed, bench_input *input);
void input_destroy(bench_input *input);

#endif
