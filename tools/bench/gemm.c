/* SPDX-License-Identifier: Apache-2.0 */
#include "gemm.h"

#include <math.h>
#include <stdlib.h>

#include "input.h"

/* Enqueues the three products of a layer that takes these weights. */
static ard_status run_products(const gemm *gemm, const ard_linear *linear,
                               const ard_matrix *weights)
{
    ard_matrix src = gemm->src;
    ard_matrix diff_src = gemm->diff_src;
    ard_matrix dst = gemm->dst;
    ard_matrix diff_pre = gemm->diff_pre;
    ard_matrix diff_weights = gemm->diff_weights;
    ard_tile_layout layout;
    ard_status status = ard_pattern_kept_count(&linear->in_pattern, linear->in, &src.ld);
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_pattern_kept_count(&linear->out_pattern, linear->out, &dst.ld);
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_tile_get_layout(&linear->tile, linear->out, linear->in, &linear->out_pattern,
                                     &linear->in_pattern, &layout);
    }
    if (status == ARD_STATUS_SUCCESS) {
        diff_src.ld = src.ld;
        diff_pre.ld = dst.ld;
        diff_weights.ld = layout.cols;
        status = ard_linear_forward(gemm->context, linear, &src, weights, NULL, &dst, NULL);
    }
    if (status == ARD_STATUS_SUCCESS) {
        status =
            ard_linear_backward_data(gemm->context, linear, &diff_pre, weights, &diff_src, NULL);
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_linear_backward_weights(gemm->context, linear, &diff_pre, &src, &diff_weights,
                                             NULL);
    }
    return status;
}

static ard_linear whole_layer(const gemm *gemm)
{
    const bench_case *kase = gemm->kase;
    return ard_linear_init(kase->batch, kase->widths[0], kase->widths[1]);
}

/* The products over the kept tiles. */
static ard_status run_tiles(const gemm *gemm, const ard_tile_pattern *tile)
{
    ard_linear linear = whole_layer(gemm);
    ard_matrix kept = gemm->kept_weights;
    ard_tile_layout layout;
    if (ard_tile_is_all(tile)) {
        return run_products(gemm, &linear, &gemm->weights);
    }
    linear.tile = *tile;
    linear.compact = true;
    ard_status status = ard_tile_get_layout(tile, linear.out, linear.in, NULL, NULL, &layout);
    if (status == ARD_STATUS_SUCCESS) {
        kept.ld = layout.cols;
        status = ard_compact_tiles(gemm->context, linear.out, linear.in, tile, NULL, NULL,
                                   &gemm->weights, &kept, NULL);
    }
    return status == ARD_STATUS_SUCCESS ? run_products(gemm, &linear, &kept) : status;
}

ard_status gemm_products(const gemm *gemm, const ard_layer_pattern *patterns)
{
    if (gemm->kase->pattern == ARD_DROPOUT_TILE) {
        return run_tiles(gemm, &patterns[0].tiles);
    }
    ard_linear linear = whole_layer(gemm);
    linear.in_pattern = patterns[0].units;
    linear.out_pattern = patterns[1].units;
    return run_products(gemm, &linear, &gemm->weights);
}

ard_bernoulli gemm_mask(const bench_case *kase, uint64_t step)
{
    return (ard_bernoulli){.rate = kase->dropout[0].rate, .seed = kase->seed, .step = step};
}

ard_status gemm_drop_connect(const gemm *gemm, const ard_bernoulli *mask)
{
    ard_linear linear = whole_layer(gemm);
    ard_matrix kept = gemm->kept_weights;
    kept.ld = linear.in;
    linear.drop_connect = mask;
    linear.compact = true;
    const ard_status status =
        ard_drop_connect(gemm->context, linear.out, linear.in, mask, &gemm->weights, &kept, NULL);
    return status == ARD_STATUS_SUCCESS ? run_products(gemm, &linear, &kept) : status;
}

void gemm_cblas(const gemm *gemm)
{
    cblas_gemm_multiply(&gemm->cblas, gemm->src_values, gemm->weights_values,
                        gemm->diff_pre_values);
}

static ard_status compact(void *state, const ard_layer_pattern *patterns)
{
    return gemm_products(state, patterns);
}

static ard_status dense(void *state, size_t index, uint64_t step)
{
    const gemm *gemm = state;
    const bench_baseline baseline = case_baseline(gemm->kase, index);
    if (baseline == BASELINE_CBLAS) {
        gemm_cblas(gemm);
        return ARD_STATUS_SUCCESS;
    }
    if (baseline == BASELINE_DROPCONNECT) {
        const ard_bernoulli mask = gemm_mask(gemm->kase, step);
        return gemm_drop_connect(gemm, &mask);
    }
    const ard_layer_pattern all[2] = {ard_layer_pattern_all(), ard_layer_pattern_all()};
    return gemm_products(gemm, all);
}

static ard_status flops(void *state, const ard_layer_pattern *patterns, double *flops)
{
    const gemm *gemm = state;
    *flops = case_flops(gemm->kase, patterns);
    return ARD_STATUS_SUCCESS;
}

/* Makes a matrix and, unless `values` is NULL, fills it. */
static ard_status make(ard_context *context, size_t rows, size_t cols, const float *values,
                       ard_matrix *matrix)
{
    const ard_status status = ard_matrix_create(context, rows, cols, matrix);
    if (status != ARD_STATUS_SUCCESS || values == NULL) {
        return status;
    }
    return ard_matrix_write(context, rows, cols, values, matrix);
}

static bench_outcome create(gemm *gemm)
{
    const bench_case *kase = gemm->kase;
    const size_t batch = kase->batch;
    const size_t in = kase->widths[0];
    const size_t out = kase->widths[1];
    gemm->weights_room =
        kase->pattern == ARD_DROPOUT_TILE ? ard_tile_capacity(kase->tile_edge, out, in) : out * in;
    gemm->src_values = input_random(kase->seed, INPUT_STREAM, batch * in);
    gemm->weights_values = input_random(kase->seed, INPUT_STREAM + 1, out * in);
    gemm->diff_pre_values = input_random(kase->seed, INPUT_STREAM + 2, batch * out);
    if (gemm->src_values == NULL || gemm->weights_values == NULL || gemm->diff_pre_values == NULL) {
        return BENCH_NO_MEMORY;
    }
    if (kase->cblas != NULL && !cblas_gemm_create(kase->cblas, batch, in, out, &gemm->cblas)) {
        return BENCH_NO_MEMORY;
    }
    const struct {
        size_t rows, cols;
        const float *values;
        ard_matrix *matrix;
    } matrices[] = {
        {batch, in, gemm->src_values, &gemm->src},
        {out, in, gemm->weights_values, &gemm->weights},
        {batch, out, gemm->diff_pre_values, &gemm->diff_pre},
        {batch, out, NULL, &gemm->dst},
        {batch, in, NULL, &gemm->diff_src},
        {1, gemm->weights_room, NULL, &gemm->diff_weights},
    };
    ard_status status = ARD_STATUS_SUCCESS;
    for (size_t i = 0; i < sizeof matrices / sizeof matrices[0]; i++) {
        if (status == ARD_STATUS_SUCCESS) {
            status = make(gemm->context, matrices[i].rows, matrices[i].cols, matrices[i].values,
                          matrices[i].matrix);
        }
    }
    if (status == ARD_STATUS_SUCCESS && kase->pattern == ARD_DROPOUT_TILE) {
        status = make(gemm->context, 1, gemm->weights_room, NULL, &gemm->kept_weights);
    }
    return measure_outcome(status);
}

static void destroy(gemm *gemm)
{
    free(gemm->src_values);
    free(gemm->weights_values);
    free(gemm->diff_pre_values);
    cblas_gemm_destroy(&gemm->cblas);
    ard_matrix_destroy(&gemm->src);
    ard_matrix_destroy(&gemm->weights);
    ard_matrix_destroy(&gemm->diff_pre);
    ard_matrix_destroy(&gemm->dst);
    ard_matrix_destroy(&gemm->diff_src);
    ard_matrix_destroy(&gemm->diff_weights);
    ard_matrix_destroy(&gemm->kept_weights);
}

bench_outcome gemm_run(ard_context *context, const draw_set *set, const char *label,
                       bench_result *results)
{
    gemm gemm = {.context = context, .kase = set->kase};
    bench_subject subject = {.context = context,
                             .state = &gemm,
                             .error = {.largest = NAN},
                             .dense = dense,
                             .compact = compact,
                             .flops = flops};
    bench_outcome outcome = create(&gemm);
    if (outcome == BENCH_DONE && set->kase->verify) {
        outcome = gemm_verify(&gemm, set, &subject.error);
    }
    if (outcome == BENCH_DONE) {
        outcome = measure(&subject, set, label, results, NULL);
    }
    destroy(&gemm);
    return outcome;
}
