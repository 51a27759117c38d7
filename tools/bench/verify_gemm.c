/* SPDX-License-Identifier: Apache-2.0 */
/* The three products against sums in double precision. What tiles or a mask drop of the weights is
 * zeros in whole matrices here, or not there at all. */
#include "gemm.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "mask_words.h"
#include "verify_product.h"

enum { VERIFY_DRAWS = 16 }; /* of a set, evenly taken */

/* A step whose mask is verified. */
enum { MASK_STEP = 5 };

typedef struct verification {
    const gemm *gemm;
    size_t batch;
    size_t in;
    size_t out;
    uint32_t *in_kept; /* units of a draw, or of a group of tiles */
    uint32_t *out_kept;
    float *weights; /* [out x in], zero where dropped */
    float *got;     /* room for any of the outputs */
    float *poison;  /* not numbers: an output that is not written shows */
    double largest; /* error so far */
} verification;

static size_t largest_of(size_t a, size_t b, size_t c)
{
    const size_t ab = a > b ? a : b;
    return ab > c ? ab : c;
}

static bench_outcome create(verification *v)
{
    const gemm *gemm = v->gemm;
    const size_t most = largest_of(v->batch * v->in, v->batch * v->out, gemm->weights_room);
    v->in_kept = calloc(v->in, sizeof *v->in_kept);
    v->out_kept = calloc(v->out, sizeof *v->out_kept);
    v->weights = calloc(v->out * v->in, sizeof *v->weights);
    v->got = calloc(most, sizeof *v->got);
    v->poison = calloc(most, sizeof *v->poison);
    if (v->in_kept == NULL || v->out_kept == NULL || v->weights == NULL || v->got == NULL ||
        v->poison == NULL) {
        return BENCH_NO_MEMORY;
    }
    for (size_t i = 0; i < most; i++) {
        v->poison[i] = NAN;
    }
    return BENCH_DONE;
}

static void destroy(verification *v)
{
    free(v->in_kept);
    free(v->out_kept);
    free(v->weights);
    free(v->got);
    free(v->poison);
}

static ard_status poison_outputs(const verification *v)
{
    const gemm *gemm = v->gemm;
    ard_status status = ard_matrix_write(gemm->context, v->batch, v->out, v->poison, &gemm->dst);
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_matrix_write(gemm->context, v->batch, v->in, v->poison, &gemm->diff_src);
    }
    if (status == ARD_STATUS_SUCCESS) {
        status =
            ard_matrix_write(gemm->context, 1, gemm->weights_room, v->poison, &gemm->diff_weights);
    }
    return status;
}

static bench_outcome check(verification *v, const product *product)
{
    return product_check(v->gemm->context, product, v->gemm->kase->seed, v->got, &v->largest);
}

/* The outputs and the gradient of the inputs of the kept units (NULL: all) and weights. */
static bench_outcome check_activations(verification *v, const float *weights,
                                       const uint32_t *in_units, size_t kept_in,
                                       const uint32_t *out_units, size_t kept_out)
{
    const gemm *gemm = v->gemm;
    const product forward = {
        .rows = v->batch,
        .cols = kept_out,
        .terms = kept_in,
        .left = {.values = gemm->src_values, .row_stride = kept_in, .term_stride = 1},
        .right = {weights, v->in, 1, out_units, in_units},
        .output = {gemm->dst.buffer, 0, kept_out},
    };
    const product backward = {
        .rows = v->batch,
        .cols = kept_in,
        .terms = kept_out,
        .left = {.values = gemm->diff_pre_values, .row_stride = kept_out, .term_stride = 1},
        .right = {weights, 1, v->in, in_units, out_units},
        .output = {gemm->diff_src.buffer, 0, kept_in},
    };
    const bench_outcome outcome = check(v, &forward);
    return outcome == BENCH_DONE ? check(v, &backward) : outcome;
}

/* The gradient of the weights, whole: [kept_out x kept_in] of activations of these widths. */
static product weights_product(const verification *v, size_t kept_in, size_t kept_out)
{
    const gemm *gemm = v->gemm;
    return (product){
        .rows = kept_out,
        .cols = kept_in,
        .terms = v->batch,
        .left = {.values = gemm->diff_pre_values, .row_stride = 1, .term_stride = kept_out},
        .right = {.values = gemm->src_values, .row_stride = 1, .term_stride = kept_in},
        .output = {gemm->diff_weights.buffer, 0, kept_in},
    };
}

/* A draw of patterns of units. */
static bench_outcome check_units(verification *v, const ard_layer_pattern *patterns)
{
    size_t kept_in = 0;
    size_t kept_out = 0;
    ard_status status =
        ard_pattern_kept_indices(&patterns[0].units, v->in, v->in_kept, v->in, &kept_in);
    if (status == ARD_STATUS_SUCCESS) {
        status =
            ard_pattern_kept_indices(&patterns[1].units, v->out, v->out_kept, v->out, &kept_out);
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = gemm_products(v->gemm, patterns);
    }
    bench_outcome outcome = measure_outcome(status);
    if (outcome == BENCH_DONE) {
        outcome = check_activations(v, v->gemm->weights_values, v->in_kept, kept_in, v->out_kept,
                                    kept_out);
    }
    const product weights = weights_product(v, kept_in, kept_out);
    return outcome == BENCH_DONE ? check(v, &weights) : outcome;
}

/* The gradient of the kept tiles: in group `group`, which holds the rows of tiles that keep the
 * same columns, of its kept rows and columns. */
static bench_outcome check_group(verification *v, const ard_tile_pattern *tile,
                                 const ard_tile_layout *layout, size_t group)
{
    const size_t first = group * tile->edge;
    product block = weights_product(v, v->in, v->out);
    block.rows = 0;
    block.cols = 0;
    for (size_t o = first; o < v->out; o++) {
        if (o / tile->edge % layout->groups == group) {
            v->out_kept[block.rows++] = (uint32_t)o;
        }
    }
    for (size_t i = 0; i < v->in; i++) {
        if (ard_tile_keeps(tile, v->in, first, i)) {
            v->in_kept[block.cols++] = (uint32_t)i;
        }
    }
    if (block.cols == 0) {
        return BENCH_DONE;
    }
    block.left.rows = v->out_kept;
    block.right.rows = v->in_kept;
    block.output.offset = group * layout->rows * layout->cols;
    block.output.ld = layout->cols;
    return check(v, &block);
}

/* A draw of a tile pattern. */
static bench_outcome check_tiles(verification *v, const ard_layer_pattern *patterns)
{
    const ard_tile_pattern *tile = &patterns[0].tiles;
    ard_tile_layout layout = {0};
    for (size_t at = 0; at < v->out * v->in; at++) {
        const bool kept = ard_tile_keeps(tile, v->in, at / v->in, at % v->in);
        v->weights[at] = kept ? v->gemm->weights_values[at] : 0;
    }
    ard_status status = ard_tile_get_layout(tile, v->out, v->in, NULL, NULL, &layout);
    if (status == ARD_STATUS_SUCCESS) {
        status = gemm_products(v->gemm, patterns);
    }
    bench_outcome outcome = measure_outcome(status);
    if (outcome == BENCH_DONE) {
        outcome = check_activations(v, v->weights, NULL, v->in, NULL, v->out);
    }
    for (size_t group = 0; group < layout.groups && outcome == BENCH_DONE; group++) {
        outcome = check_group(v, tile, &layout, group);
    }
    return outcome;
}

/* The DropConnect baseline. */
static bench_outcome check_drop_connect(verification *v)
{
    const ard_bernoulli mask = gemm_mask(v->gemm->kase, MASK_STEP);
    for (size_t at = 0; at < v->out * v->in; at++) {
        v->weights[at] = mask_keeps(&mask, at) ? v->gemm->weights_values[at] : 0;
    }
    bench_outcome outcome = measure_outcome(gemm_drop_connect(v->gemm, &mask));
    if (outcome == BENCH_DONE) {
        outcome = check_activations(v, v->weights, NULL, v->in, NULL, v->out);
    }
    product weights = weights_product(v, v->in, v->out);
    weights.mask = &mask;
    return outcome == BENCH_DONE ? check(v, &weights) : outcome;
}

/* The CBLAS baseline: what it gives is compared as if the device had. */
static bench_outcome check_cblas(verification *v)
{
    const gemm *gemm = v->gemm;
    gemm_cblas(gemm);
    ard_status status =
        ard_matrix_write(gemm->context, v->batch, v->out, gemm->cblas.dst, &gemm->dst);
    if (status == ARD_STATUS_SUCCESS) {
        status =
            ard_matrix_write(gemm->context, v->batch, v->in, gemm->cblas.diff_src, &gemm->diff_src);
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_matrix_write(gemm->context, 1, v->out * v->in, gemm->cblas.diff_weights,
                                  &gemm->diff_weights);
    }
    bench_outcome outcome = measure_outcome(status);
    if (outcome == BENCH_DONE) {
        outcome = check_activations(v, gemm->weights_values, NULL, v->in, NULL, v->out);
    }
    const product weights = weights_product(v, v->in, v->out);
    return outcome == BENCH_DONE ? check(v, &weights) : outcome;
}

/* One pass with these patterns [sides]. */
static bench_outcome check_draw(verification *v, const ard_layer_pattern *patterns)
{
    const bench_outcome outcome = measure_outcome(poison_outputs(v));
    if (outcome != BENCH_DONE) {
        return outcome;
    }
    return v->gemm->kase->pattern == ARD_DROPOUT_TILE ? check_tiles(v, patterns)
                                                      : check_units(v, patterns);
}

static bench_outcome check_baselines(verification *v)
{
    const ard_layer_pattern all[2] = {ard_layer_pattern_all(), ard_layer_pattern_all()};
    const bench_case *kase = v->gemm->kase;
    bench_outcome outcome = check_draw(v, all);
    for (size_t i = 0; i < case_baseline_count(kase) && outcome == BENCH_DONE; i++) {
        const bench_baseline baseline = case_baseline(kase, i);
        if (baseline == BASELINE_DROPCONNECT) {
            outcome = measure_outcome(poison_outputs(v));
            outcome = outcome == BENCH_DONE ? check_drop_connect(v) : outcome;
        } else if (baseline == BASELINE_CBLAS) {
            outcome = check_cblas(v);
        }
    }
    return outcome;
}

bench_outcome gemm_verify(const gemm *gemm, const draw_set *set, bench_error *error)
{
    const bench_case *kase = gemm->kase;
    verification v = {
        .gemm = gemm, .batch = kase->batch, .in = kase->widths[0], .out = kase->widths[1]};
    bench_outcome outcome = create(&v);
    if (outcome == BENCH_DONE) {
        outcome = check_baselines(&v);
    }
    const size_t draws = set->count < VERIFY_DRAWS ? set->count : VERIFY_DRAWS;
    for (size_t i = 0; i < draws && outcome == BENCH_DONE; i++) {
        outcome = check_draw(&v, draws_patterns(set, i * set->count / draws, 0));
    }
    error->largest = v.largest;
    error->bound = (double)(largest_of(v.batch, v.in, v.out) + 4) * FLT_EPSILON;
    destroy(&v);
    return outcome;
}
