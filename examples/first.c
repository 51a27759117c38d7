/* SPDX-License-Identifier: Apache-2.0 */
/* A layer of 512 neurons of which this step keeps every third: a third of the work. */
#include <ard/ard.h>
#include <stdio.h>

enum { BATCH = 64, IN = 784, OUT = 512, KEPT = 171 };

static float input[BATCH * IN], weights[OUT * IN], output[BATCH * KEPT];

int main(void)
{
    ard_context *context = NULL;
    static ard_matrix src, w, dst; /* empty */
    ard_linear layer = ard_linear_init(BATCH, IN, OUT);
    layer.scale = 3.0f; /* what is kept stands in for what is dropped */
    ard_sample_uniform(1, 0, 1.0f, BATCH * IN, input);
    ard_sample_uniform(1, 1, 0.1f, OUT * IN, weights);

    const int failed = ard_context_create(NULL, NULL, &context) || /* each call: 0 if all is well */
                       ard_pattern_row(3, 1, &layer.out_pattern) || /* neurons 1, 4, 7, ..., 511 */
                       ard_matrix_create(context, BATCH, IN, &src) ||
                       ard_matrix_create(context, OUT, IN, &w) ||
                       ard_matrix_create(context, BATCH, KEPT, &dst) ||
                       ard_matrix_write(context, BATCH, IN, input, &src) ||
                       ard_matrix_write(context, OUT, IN, weights, &w) ||
                       ard_linear_forward(context, &layer, &src, &w, NULL, &dst, NULL) ||
                       ard_matrix_read(context, BATCH, KEPT, &dst, output);
    if (failed) {
        fprintf(stderr, "%s\n", ard_detail());
    } else {
        printf("neuron 1 of the first sample: %g\n", (double)output[0]);
    }
    ard_matrix_destroy(&src);
    ard_matrix_destroy(&w);
    ard_matrix_destroy(&dst);
    ard_context_destroy(context);
    return failed;
}
