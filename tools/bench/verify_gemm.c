/* SPDX-License-Identifier: Apache-2.0 */
/* The three products against sums in double precision.
 *
 * Error of an output: |got - want| / sum |a_i b_i|, bounded for any order of the sum by the number
 * of terms times the rounding of a float. */
#include "gemm.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "input.h"

enum {
    VERIFY_DRAWS = 16,     /* of a set, evenly taken */
    VERIFY_OUTPUTS = 1024, /* of a product; all where it has no more */
};

/* Element (row, term) of a factor, by way of index lists where they are not NULL. */
typedef struct factor {
    const float *values;
    size_t row_stride;
    size_t term_stride;
    const uint32_t *rows;
    const uint32_t *terms;
} factor;

static double element(const factor *factor, size_t row, size_t term)
{
    const size_t r = factor->rows != NULL ? factor->rows[row] : row;
    const size_t t = factor->terms != NULL ? factor->terms[term] : term;
    return factor->values[r * factor->row_stride + t * factor->term_stride];
}

typedef struct product {
    size_t rows;
    size_t cols;
    size_t terms;
    factor left;  /* (row, term) */
    factor right; /* (column, term) */
    ard_matrix output;
} product;

/* The largest error of some outputs of a product; infinite for one that is not a number. */
static double product_error(const product *product, const float *got, uint64_t seed)
{
    const size_t total = product->rows * product->cols;
    const size_t count = total < VERIFY_OUTPUTS ? total : VERIFY_OUTPUTS;
    double largest = 0;
    for (size_t i = 0; i < count; i++) {
        const ard_draw draw = {
            .seed = seed, .step = i, .layer = INPUT_STREAM, .purpose = ARD_PURPOSE_OFFSET};
        /* One output of each of `count` equal stretches, so that no region is left out. */
        const size_t first = i * (total / count);
        const size_t stretch = i + 1 < count ? total / count : total - first;
        const size_t at = first + ard_draw_below(&draw, (uint32_t)stretch);
        double want = 0;
        double scale = 0;
        for (size_t term = 0; term < product->terms; term++) {
            const double value = element(&product->left, at / product->cols, term) *
                                 element(&product->right, at % product->cols, term);
            want += value;
            scale += fabs(value);
        }
        const double distance = fabs((double)got[at] - want);
        const double error = scale > 0 ? distance / scale : distance;
        if (!(error <= largest)) {
            largest = isnan(error) ? HUGE_VAL : error;
        }
    }
    return largest;
}

static bench_outcome check_product(const gemm *gemm, const product *product, float *got,
                                   double *largest)
{
    const bench_outcome outcome = measure_outcome(
        ard_matrix_read(gemm->context, product->rows, product->cols, &product->output, got));
    if (outcome == BENCH_DONE) {
        const double error = product_error(product, got, gemm->kase->seed);
        *largest = error > *largest ? error : *largest;
    }
    return outcome;
}

/* What the kept units of a draw are, and room for any of the outputs. */
typedef struct room {
    uint32_t *in_kept;
    uint32_t *out_kept;
    float *got;
    float *poison; /* not numbers: an output that is not written shows */
} room;

static ard_status poison_outputs(const gemm *gemm, const room *room)
{
    const bench_case *kase = gemm->kase;
    ard_status status =
        ard_matrix_write(gemm->context, kase->batch, kase->widths[1], room->poison, &gemm->dst);
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_matrix_write(gemm->context, kase->batch, kase->widths[0], room->poison,
                                  &gemm->diff_src);
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_matrix_write(gemm->context, kase->widths[1], kase->widths[0], room->poison,
                                  &gemm->diff_weights);
    }
    return status;
}

static bench_outcome check_draw(const gemm *gemm, const ard_layer_pattern *patterns,
                                const room *room, double *largest)
{
    const bench_case *kase = gemm->kase;
    const size_t batch = kase->batch;
    const size_t in = kase->widths[0];
    size_t kept_in = 0;
    size_t kept_out = 0;
    ard_status status =
        ard_pattern_kept_indices(&patterns[0].units, in, room->in_kept, in, &kept_in);
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_pattern_kept_indices(&patterns[1].units, kase->widths[1], room->out_kept,
                                          kase->widths[1], &kept_out);
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = poison_outputs(gemm, room);
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = gemm_products(gemm, patterns);
    }
    const factor src = {.values = gemm->src_values, .row_stride = kept_in, .term_stride = 1};
    const factor diff = {.values = gemm->diff_pre_values, .row_stride = kept_out, .term_stride = 1};
    const factor by_out = {gemm->weights_values, in, 1, room->out_kept, room->in_kept};
    const factor by_in = {gemm->weights_values, 1, in, room->in_kept, room->out_kept};
    const factor src_across = {.values = gemm->src_values, .row_stride = 1, .term_stride = kept_in};
    const factor diff_across = {
        .values = gemm->diff_pre_values, .row_stride = 1, .term_stride = kept_out};
    product products[] = {
        {batch, kept_out, kept_in, src, by_out, gemm->dst},
        {batch, kept_in, kept_out, diff, by_in, gemm->diff_src},
        {kept_out, kept_in, batch, diff_across, src_across, gemm->diff_weights},
    };
    bench_outcome outcome = measure_outcome(status);
    for (size_t i = 0; i < 3 && outcome == BENCH_DONE; i++) {
        products[i].output.ld = products[i].cols;
        outcome = check_product(gemm, &products[i], room->got, largest);
    }
    return outcome;
}

static size_t largest_of(size_t a, size_t b, size_t c)
{
    const size_t ab = a > b ? a : b;
    return ab > c ? ab : c;
}

bench_outcome gemm_verify(const gemm *gemm, const draw_set *set, bench_error *error)
{
    const size_t batch = gemm->kase->batch;
    const size_t in = gemm->kase->widths[0];
    const size_t out = gemm->kase->widths[1];
    const size_t most = largest_of(batch * in, batch * out, out * in);
    room room = {
        .in_kept = calloc(in, sizeof *room.in_kept),
        .out_kept = calloc(out, sizeof *room.out_kept),
        .got = calloc(most, sizeof *room.got),
        .poison = calloc(most, sizeof *room.poison),
    };
    bench_outcome outcome = BENCH_NO_MEMORY;
    if (room.in_kept != NULL && room.out_kept != NULL && room.got != NULL && room.poison != NULL) {
        for (size_t i = 0; i < most; i++) {
            room.poison[i] = NAN;
        }
        outcome = BENCH_DONE;
    }
    const size_t draws = set->count < VERIFY_DRAWS ? set->count : VERIFY_DRAWS;
    error->largest = 0;
    error->bound = (double)(largest_of(batch, in, out) + 4) * FLT_EPSILON;
    const ard_layer_pattern all[2] = {ard_layer_pattern_all(), ard_layer_pattern_all()};
    if (outcome == BENCH_DONE) {
        outcome = check_draw(gemm, all, &room, &error->largest);
    }
    for (size_t i = 0; i < draws && outcome == BENCH_DONE; i++) {
        ard_layer_pattern patterns[2];
        draws_patterns(set, i * set->count / draws, 0, patterns);
        outcome = check_draw(gemm, patterns, &room, &error->largest);
    }
    free(room.in_kept);
    free(room.out_kept);
    free(room.got);
    free(room.poison);
    return outcome;
}
