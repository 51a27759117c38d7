/* SPDX-License-Identifier: Apache-2.0 */
#include "input_random.h"

#include <stdlib.h>

#include <ard/sampler.h>

float *input_random(uint64_t seed, uint32_t stream, size_t count)
{
    float *values = calloc(count, sizeof *values);
    if (values != NULL &&
        ard_sample_uniform(seed, stream, 1.0F, count, values) != ARD_STATUS_SUCCESS) {
        free(values);
        return NULL;
    }
    return values;
}
