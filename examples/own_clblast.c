/* SPDX-License-Identifier: Apache-2.0 */
/* An application that multiplies with CLBlast itself and takes only the compaction from libard:
 * weights and inputs become smaller dense matrices, CLBlastSgemm runs on those, and the result is
 * that of the layer with dropped inputs and outputs. */
#include <ard/ard.h>
#include <clblast_c.h>
#include <math.h>
#include <stdio.h>

enum { BATCH = 20, IN = 90, OUT = 77 };
enum { IN_KEPT = 45, OUT_KEPT = 26 }; /* of the patterns below */

static float src_values[BATCH * IN], weight_values[OUT * IN];
static float ours[BATCH * OUT_KEPT], theirs[BATCH * OUT_KEPT];

typedef struct matrices {
    ard_matrix src, weights;                 /* whole: [BATCH x IN], [OUT x IN] */
    ard_matrix compact_src, compact_weights; /* [BATCH x IN_KEPT], [OUT_KEPT x IN_KEPT] */
    ard_matrix dst, check;                   /* [BATCH x OUT_KEPT] */
} matrices;

static int create(ard_context *context, matrices *m)
{
    return ard_matrix_create(context, BATCH, IN, &m->src) ||
           ard_matrix_create(context, OUT, IN, &m->weights) ||
           ard_matrix_create(context, BATCH, IN_KEPT, &m->compact_src) ||
           ard_matrix_create(context, OUT_KEPT, IN_KEPT, &m->compact_weights) ||
           ard_matrix_create(context, BATCH, OUT_KEPT, &m->dst) ||
           ard_matrix_create(context, BATCH, OUT_KEPT, &m->check) ||
           ard_sample_uniform(1, 0, 1.0f, BATCH * IN, src_values) ||
           ard_sample_uniform(1, 1, 0.1f, OUT * IN, weight_values) ||
           ard_matrix_write(context, BATCH, IN, src_values, &m->src) ||
           ard_matrix_write(context, OUT, IN, weight_values, &m->weights);
}

/* c [BATCH x n] = a [BATCH x k] b^T, b being [n x k]; offset and ld are counted as CLBlast does. */
static int multiply(ard_context *context, size_t n, size_t k, const ard_matrix *a,
                    const ard_matrix *b, const ard_matrix *c)
{
    cl_command_queue queue = ard_context_queue(context);
    const int code =
        CLBlastSgemm(CLBlastLayoutRowMajor, CLBlastTransposeNo, CLBlastTransposeYes, BATCH, n, k,
                     1.0f, a->buffer, a->offset, a->ld, b->buffer, b->offset, b->ld, 0.0f,
                     c->buffer, c->offset, c->ld, &queue, NULL);
    if (code != CLBlastSuccess) {
        fprintf(stderr, "CLBlastSgemm: %s\n", ard_clblast_error_name(code));
    }
    return code != CLBlastSuccess;
}

/* The product of the application's and libard's own layer, and how far they are apart. */
static int compare(ard_context *context, const char *what, ard_linear *layer, size_t in_kept,
                   const ard_matrix *src, const ard_matrix *weights, matrices *m)
{
    const ard_matrix *layer_src = in_kept == IN ? &m->src : &m->compact_src;
    double apart = 0.0;
    if (multiply(context, OUT_KEPT, in_kept, src, weights, &m->dst) ||
        ard_linear_forward(context, layer, layer_src, &m->weights, NULL, &m->check, NULL) ||
        ard_matrix_read(context, BATCH, OUT_KEPT, &m->dst, theirs) ||
        ard_matrix_read(context, BATCH, OUT_KEPT, &m->check, ours)) {
        return 1;
    }
    for (size_t i = 0; i < BATCH * OUT_KEPT; ++i) {
        apart = fmax(apart, fabs((double)theirs[i] - (double)ours[i]));
    }
    printf("%s: %d x %d x %zu of %d x %d x %d, largest difference %s 1e-5\n", what, BATCH, OUT_KEPT,
           in_kept, BATCH, OUT, IN, apart < 1e-5 ? "below" : "NOT below");
    return !(apart < 1e-5);
}

int main(void)
{
    static ard_context_options options; /* all zero: the default */
    ard_context *context = NULL;
    ard_linear layer = ard_linear_init(BATCH, IN, OUT);
    static matrices m;
    ard_matrix view;
    options.keep_clblast_parameters = true; /* CLBlast's parameters are the application's */
    int failed = ard_context_create(NULL, &options, &context) || create(context, &m) ||
                 ard_pattern_row(3, 0, &layer.out_pattern);

    /* Dropped outputs alone: the kept rows of the weights are a view, nothing is copied. */
    failed = failed || !ard_compact_view(&layer.out_pattern, NULL, &m.weights, &view) ||
             compare(context, "a view of the weights", &layer, IN, &m.src, &view, &m);

    /* Dropped inputs too: 0 and 3 of every four. */
    failed =
        failed || ard_pattern_subset(4, 0x9, &layer.in_pattern) ||
        ard_compact(context, BATCH, IN, NULL, &layer.in_pattern, &m.src, &m.compact_src, NULL) ||
        ard_compact(context, OUT, IN, &layer.out_pattern, &layer.in_pattern, &m.weights,
                    &m.compact_weights, NULL) ||
        compare(context, "compact copies", &layer, IN_KEPT, &m.compact_src, &m.compact_weights, &m);
    if (failed) {
        fprintf(stderr, "failed: %s\n", ard_detail());
    }
    ard_matrix *const made[] = {&m.src, &m.weights, &m.compact_src, &m.compact_weights,
                                &m.dst, &m.check};
    for (size_t i = 0; i < 6; ++i) {
        ard_matrix_destroy(made[i]);
    }
    ard_context_destroy(context);
    return failed;
}
