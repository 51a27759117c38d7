/* SPDX-License-Identifier: Apache-2.0 */
#include "verify_product.h"

#include <math.h>

#include "input_random.h"
#include "mask_words.h"

enum { MOST_OUTPUTS = 1024 };

static double element(const factor *factor, size_t row, size_t term)
{
    const size_t r = factor->rows != NULL ? factor->rows[row] : row;
    const size_t t = factor->terms != NULL ? factor->terms[term] : term;
    return factor->values[r * factor->row_stride + t * factor->term_stride];
}

/* The error of output `at`, counted row by row. */
static double output_error(const product *product, size_t at, double got)
{
    double want = 0;
    double scale = 0;
    const bool dropped = product->mask != NULL && !mask_keeps(product->mask, at);
    for (size_t term = 0; term < product->terms && !dropped; term++) {
        const double value = element(&product->left, at / product->cols, term) *
                             element(&product->right, at % product->cols, term);
        want += value;
        scale += fabs(value);
    }
    const double distance = fabs(got - want);
    return scale > 0 ? distance / scale : distance;
}

bench_outcome product_check(ard_context *context, const product *product, uint64_t seed, float *got,
                            double *largest)
{
    const bench_outcome outcome = measure_outcome(
        ard_matrix_read(context, product->rows, product->cols, &product->output, got));
    const size_t total = product->rows * product->cols;
    const size_t count = total < MOST_OUTPUTS ? total : MOST_OUTPUTS;
    for (size_t i = 0; i < count && outcome == BENCH_DONE; i++) {
        const ard_draw draw = {
            .seed = seed, .step = i, .layer = INPUT_STREAM, .purpose = ARD_PURPOSE_OFFSET};
        /* One output of each of `count` equal stretches, so that no region is left out. */
        const size_t first = i * (total / count);
        const size_t stretch = i + 1 < count ? total / count : total - first;
        const size_t at = first + ard_draw_below(&draw, (uint32_t)stretch);
        const double error = output_error(product, at, (double)got[at]);
        if (!(error <= *largest)) {
            *largest = isnan(error) ? HUGE_VAL : error;
        }
    }
    return outcome;
}
