/* SPDX-License-Identifier: Apache-2.0 */
#include "support/reference.h"

#include <math.h>
#include <stdlib.h>

#include <ard/sampler.h>

#include "support/memory.h"

static bool keeps(const ard_pattern *pattern, size_t unit)
{
    return pattern == NULL || ard_pattern_keeps(pattern, unit);
}

size_t reference_kept(const ard_pattern *pattern, size_t width, size_t *units)
{
    size_t count = 0;
    for (size_t unit = 0; unit < width; ++unit) {
        if (keeps(pattern, unit)) {
            if (units != NULL) {
                units[count] = unit;
            }
            ++count;
        }
    }
    return count;
}

/* The kept units in new memory. */
static size_t *list_kept(const ard_pattern *pattern, size_t width, size_t *count)
{
    size_t *units = test_alloc(width, sizeof *units);
    *count = reference_kept(pattern, width, units);
    return units;
}

void reference_compact(size_t rows, size_t cols, const ard_pattern *row_pattern,
                       const ard_pattern *col_pattern, const double *src, double *dst)
{
    size_t next = 0;
    for (size_t row = 0; row < rows; ++row) {
        for (size_t col = 0; col < cols; ++col) {
            if (keeps(row_pattern, row) && keeps(col_pattern, col)) {
                dst[next++] = src[row * cols + col];
            }
        }
    }
}

void reference_expand(size_t rows, size_t cols, const ard_pattern *row_pattern,
                      const ard_pattern *col_pattern, const double *src, double *dst)
{
    size_t next = 0;
    for (size_t row = 0; row < rows; ++row) {
        for (size_t col = 0; col < cols; ++col) {
            const bool kept = keeps(row_pattern, row) && keeps(col_pattern, col);
            dst[row * cols + col] = kept ? src[next++] : 0.0;
        }
    }
}

bool reference_mask_keeps(const ard_bernoulli *bernoulli, size_t cols, size_t row, size_t col)
{
    if (bernoulli == NULL) {
        return true;
    }
    const size_t element = row * cols + col;
    const ard_draw draw = {.seed = bernoulli->seed,
                           .step = bernoulli->step,
                           .layer = bernoulli->layer,
                           .purpose = ARD_PURPOSE_MASK,
                           .index = (uint32_t)(element / 4)};
    uint32_t words[4];
    ard_draw_words(&draw, words);
    return (double)words[element % 4] >= floor(bernoulli->rate * 4294967296.0 + 0.5);
}

/* result[i][j] = sum over l of a(i, l) * b(l, j), where a and b are read through strides and unit
 * lists; the three products of a layer are three choices of them. */
typedef struct operand {
    const double *values;
    size_t row_stride;
    size_t col_stride;
    const size_t *rows; /* NULL: as they come */
    const size_t *cols;
} operand;

static double element_of(const operand *matrix, size_t row, size_t col)
{
    const size_t at_row = matrix->rows != NULL ? matrix->rows[row] : row;
    const size_t at_col = matrix->cols != NULL ? matrix->cols[col] : col;
    return matrix->values[at_row * matrix->row_stride + at_col * matrix->col_stride];
}

/* The operand in new memory [rows x cols], row by row; transposed: column by column. */
static double *unfold(const operand *matrix, size_t rows, size_t cols, bool transposed)
{
    double *values = test_alloc(rows * cols, sizeof *values);
    for (size_t row = 0; row < rows; ++row) {
        for (size_t col = 0; col < cols; ++col) {
            values[transposed ? col * rows + row : row * cols + col] = element_of(matrix, row, col);
        }
    }
    return values;
}

static void multiply(size_t m, size_t n, size_t k, const operand *a, const operand *b,
                     double *result, double *magnitude)
{
    double *a_rows = unfold(a, m, k, false);
    double *b_cols = unfold(b, k, n, true);
    for (size_t i = 0; i < m; ++i) {
        for (size_t j = 0; j < n; ++j) {
            double sum = 0.0;
            double absolute = 0.0;
            for (size_t l = 0; l < k; ++l) {
                const double product = a_rows[i * k + l] * b_cols[j * k + l];
                sum += product;
                absolute += fabs(product);
            }
            result[i * n + j] = sum;
            if (magnitude != NULL) {
                magnitude[i * n + j] = absolute;
            }
        }
    }
    free(a_rows);
    free(b_cols);
}

/* Whether the tiles and the mask of the weights keep weight (o, i). */
static bool keeps_weight(const ard_linear *linear, size_t o, size_t i)
{
    return ard_tile_keeps(&linear->tile, linear->in, o, i) &&
           reference_mask_keeps(linear->drop_connect, linear->in, o, i);
}

/* The weights [out x in] that the layer multiplies with, in new memory: scaled, and zero where
 * tiles or the mask of the weights drop. */
static double *effective_weights(const ard_linear *linear, const double *weights)
{
    double *values = test_alloc(linear->out * linear->in, sizeof *values);
    for (size_t o = 0; o < linear->out; ++o) {
        for (size_t i = 0; i < linear->in; ++i) {
            const size_t at = o * linear->in + i;
            values[at] = keeps_weight(linear, o, i) ? linear->weight_scale * weights[at] : 0.0;
        }
    }
    return values;
}

void reference_forward(const ard_linear *linear, const double *src, const double *weights,
                       const double *bias, double *dst, double *magnitude)
{
    size_t in = 0;
    size_t out = 0;
    size_t *in_units = list_kept(&linear->in_pattern, linear->in, &in);
    size_t *out_units = list_kept(&linear->out_pattern, linear->out, &out);
    const operand a = {src, in, 1, NULL, NULL};
    double *effective = effective_weights(linear, weights);
    const operand b = {effective, 1, linear->in, in_units, out_units};
    multiply(linear->batch, out, in, &a, &b, dst, magnitude);
    free(effective);
    const double scale = linear->scale;
    for (size_t row = 0; row < linear->batch; ++row) {
        for (size_t j = 0; j < out; ++j) {
            const size_t unit = out_units[j];
            const double added = bias != NULL ? bias[unit] : 0.0;
            const bool kept = reference_mask_keeps(linear->bernoulli, linear->out, row, unit);
            double value = dst[row * out + j] + added;
            if (linear->activation == ARD_ACTIVATION_RELU && value < 0.0) {
                value = 0.0;
            }
            dst[row * out + j] = kept ? scale * value : 0.0;
            if (magnitude != NULL) {
                const double absolute = magnitude[row * out + j] + fabs(added);
                magnitude[row * out + j] = kept ? scale * absolute : 0.0;
            }
        }
    }
    free(in_units);
    free(out_units);
}

void reference_backward_activation(const ard_linear *linear, const double *dst,
                                   const double *diff_dst, double *diff_pre, double *diff_bias,
                                   double *bias_magnitude)
{
    size_t out = 0;
    size_t *units = list_kept(&linear->out_pattern, linear->out, &out);
    for (size_t j = 0; j < out; ++j) {
        double sum = 0.0;
        double absolute = 0.0;
        for (size_t row = 0; row < linear->batch; ++row) {
            const size_t at = row * out + j;
            const bool passes = linear->activation == ARD_ACTIVATION_IDENTITY || dst[at] > 0.0;
            const bool kept = reference_mask_keeps(linear->bernoulli, linear->out, row, units[j]);
            diff_pre[at] = passes && kept ? linear->scale * diff_dst[at] : 0.0;
            sum += diff_pre[at];
            absolute += fabs(diff_pre[at]);
        }
        if (diff_bias != NULL) {
            diff_bias[j] = sum;
        }
        if (bias_magnitude != NULL) {
            bias_magnitude[j] = absolute;
        }
    }
    free(units);
}

void reference_backward_data(const ard_linear *linear, const double *diff_pre,
                             const double *weights, double *diff_src, double *magnitude)
{
    size_t in = 0;
    size_t out = 0;
    size_t *in_units = list_kept(&linear->in_pattern, linear->in, &in);
    size_t *out_units = list_kept(&linear->out_pattern, linear->out, &out);
    const operand a = {diff_pre, out, 1, NULL, NULL};
    double *effective = effective_weights(linear, weights);
    const operand b = {effective, linear->in, 1, out_units, in_units};
    multiply(linear->batch, in, out, &a, &b, diff_src, magnitude);
    free(effective);
    free(in_units);
    free(out_units);
}

void reference_backward_weights(const ard_linear *linear, const double *diff_pre, const double *src,
                                double *diff_weights, double *magnitude)
{
    size_t in = 0;
    size_t out = 0;
    size_t *in_units = list_kept(&linear->in_pattern, linear->in, &in);
    size_t *out_units = list_kept(&linear->out_pattern, linear->out, &out);
    const operand a = {diff_pre, 1, out, NULL, NULL};
    const operand b = {src, in, 1, NULL, NULL};
    multiply(out, in, linear->batch, &a, &b, diff_weights, magnitude);
    for (size_t at = 0; at < out * in; ++at) {
        const bool kept = keeps_weight(linear, out_units[at / in], in_units[at % in]);
        const double factor = kept ? linear->weight_scale : 0.0;
        diff_weights[at] *= factor;
        if (magnitude != NULL) {
            magnitude[at] *= factor;
        }
    }
    free(in_units);
    free(out_units);
}

static double loss_of_row(size_t classes, const double *logits, size_t label, double *softmax)
{
    double largest = logits[0];
    for (size_t i = 1; i < classes; ++i) {
        largest = fmax(largest, logits[i]);
    }
    double sum = 0.0;
    for (size_t i = 0; i < classes; ++i) {
        sum += exp(logits[i] - largest);
    }
    for (size_t i = 0; i < classes && softmax != NULL; ++i) {
        softmax[i] = exp(logits[i] - largest) / sum;
    }
    return log(sum) + largest - logits[label];
}

static size_t first_largest(size_t classes, const double *logits)
{
    size_t best = 0;
    for (size_t i = 1; i < classes; ++i) {
        if (logits[i] > logits[best]) {
            best = i;
        }
    }
    return best;
}

void reference_loss(size_t batch, size_t classes, const double *logits, const int32_t *labels,
                    double *diff_logits, double totals[2])
{
    for (size_t row = 0; row < batch; ++row) {
        const double *line = logits + row * classes;
        double *diff = diff_logits != NULL ? diff_logits + row * classes : NULL;
        if (labels[row] < 0 || (size_t)labels[row] >= classes) {
            totals[0] = NAN;
            for (size_t i = 0; i < classes && diff != NULL; ++i) {
                diff[i] = 0.0;
            }
            continue;
        }
        const size_t label = (size_t)labels[row];
        totals[1] += first_largest(classes, line) == label ? 1.0 : 0.0;
        totals[0] += loss_of_row(classes, line, label, diff);
        for (size_t i = 0; i < classes && diff != NULL; ++i) {
            diff[i] = (diff[i] - (i == label ? 1.0 : 0.0)) / (double)batch;
        }
    }
}
