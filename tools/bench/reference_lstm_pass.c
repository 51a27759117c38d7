/* SPDX-License-Identifier: Apache-2.0 */
/* The forward and the backward pass of the reference of a language model. */
#include <math.h>
#include <string.h>

#include "reference_lstm_internal.h"

/* dst += factor * src. */
static void add_scaled(size_t count, double factor, const double *src, double *dst)
{
    for (size_t i = 0; i < count; i++) {
        dst[i] += factor * src[i];
    }
}

static double dot(size_t count, const double *a, const double *b)
{
    double sums[4] = {0};
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        for (size_t j = 0; j < 4; j++) {
            sums[j] += a[i + j] * b[i + j];
        }
    }
    for (; i < count; i++) {
        sums[0] += a[i] * b[i];
    }
    return sums[0] + sums[1] + sums[2] + sums[3];
}

/* dst [batch x cols] += src [batch x rows] times the weights. */
static void multiply(size_t batch, const reference_parameter *weights, const double *src,
                     double *dst)
{
    for (size_t row = 0; row < weights->rows; row++) {
        for (size_t b = 0; b < batch; b++) {
            const double value = src[b * weights->rows + row];
            if (value != 0) {
                add_scaled(weights->cols, value, weights->used + row * weights->cols,
                           dst + b * weights->cols);
            }
        }
    }
}

/* diff_src [batch x rows] = diff [batch x cols] times the transposed weights, whose gradient grows.
 */
static void multiply_back(size_t batch, const reference_parameter *weights, const double *src,
                          const double *diff, double *diff_src)
{
    const size_t cols = weights->cols;
    for (size_t row = 0; row < weights->rows; row++) {
        for (size_t b = 0; b < batch; b++) {
            const size_t at = b * weights->rows + row;
            diff_src[at] = dot(cols, weights->used + row * cols, diff + b * cols);
            add_scaled(cols, src[at], diff + b * cols, weights->gradient + row * cols);
        }
    }
}

/* The transposed embedding as the weights of a tied softmax. */
static void multiply_tied(size_t batch, const reference_parameter *words, const double *src,
                          double *dst)
{
    for (size_t word = 0; word < words->rows; word++) {
        for (size_t b = 0; b < batch; b++) {
            dst[b * words->rows + word] +=
                dot(words->cols, words->used + word * words->cols, src + b * words->cols);
        }
    }
}

static void multiply_tied_back(size_t batch, const reference_parameter *words, const double *src,
                               const double *diff, double *diff_src)
{
    const size_t width = words->cols;
    memset(diff_src, 0, batch * width * sizeof *diff_src);
    for (size_t word = 0; word < words->rows; word++) {
        for (size_t b = 0; b < batch; b++) {
            const double value = diff[b * words->rows + word];
            add_scaled(width, value, words->used + word * width, diff_src + b * width);
            add_scaled(width, value, src + b * width, words->gradient + word * width);
        }
    }
}

/* Drops and scales units of values [batch x width]. */
static void drop(size_t batch, const reference_lstm_dropout *dropout, size_t width, double *values)
{
    for (size_t unit = 0; unit < width; unit++) {
        const double factor = ard_pattern_keeps(&dropout->pattern.units, unit) ? dropout->scale : 0;
        for (size_t b = 0; b < batch; b++) {
            values[b * width + unit] *= factor;
        }
    }
}

static const reference_lstm_dropout *recurrent_dropout(const reference_lstm *lstm, size_t layer,
                                                       size_t t)
{
    const reference_lstm_dropout *first = lstm->dropout + lstm->sizes.layers + 1;
    return lstm->stride > 0 ? &first[layer * lstm->stride + t] : &first[layer];
}

/* The weights that a step uses, where some are dropped. */
static void drop_weights(reference_parameter *weights, const reference_lstm_dropout *dropout)
{
    weights->dropout = weights->used != weights->values ? dropout : NULL;
    for (size_t row = 0; row < weights->rows && weights->dropout != NULL; row++) {
        for (size_t col = 0; col < weights->cols; col++) {
            const size_t at = row * weights->cols + col;
            const bool kept = ard_tile_keeps(&dropout->pattern.tiles, weights->cols, row, col);
            weights->used[at] = kept ? dropout->weight_scale * weights->values[at] : 0;
        }
    }
}

void reference_lstm_begin(reference_lstm *lstm, const reference_lstm_dropout *dropout,
                          size_t stride)
{
    const size_t layers = lstm->sizes.layers;
    const size_t state = lstm->sizes.batch * lstm->sizes.hidden;
    lstm->dropout = dropout;
    lstm->stride = stride;
    for (size_t layer = 0; layer < layers; layer++) {
        reference_cell *cell = &lstm->cells[layer];
        drop_weights(&lstm->input[layer], &dropout[layer]);
        drop_weights(&lstm->recurrent[layer], recurrent_dropout(lstm, layer, 0));
        memset(cell->diff_h, 0, state * sizeof *cell->diff_h);
        memset(cell->diff_c, 0, state * sizeof *cell->diff_c);
    }
    drop_weights(&lstm->softmax, &dropout[layers]);
}

static double sigmoid(double a)
{
    return 1 / (1 + exp(-a));
}

/* The gates, in place, and the states behind a time step of one sequence. */
static void run_cell(size_t hidden, double *gates, const double *c_before, double *c, double *h)
{
    for (size_t unit = 0; unit < hidden; unit++) {
        double *i = gates + unit;
        double *f = i + hidden;
        double *g = f + hidden;
        double *o = g + hidden;
        *i = sigmoid(*i);
        *f = sigmoid(*f);
        *g = tanh(*g);
        *o = sigmoid(*o);
        c[unit] = *f * c_before[unit] + *i * *g;
        h[unit] = *o * tanh(c[unit]);
    }
}

/* Copies a bias [cols] to the rows of dst [batch x cols]. */
static void spread(size_t batch, const reference_parameter *bias, double *dst)
{
    for (size_t b = 0; b < batch; b++) {
        memcpy(dst + b * bias->cols, bias->values, bias->cols * sizeof *dst);
    }
}

/* Its gradient: the sum of the rows of diff. */
static void gather(size_t batch, const double *diff, const reference_parameter *bias)
{
    for (size_t b = 0; b < batch; b++) {
        add_scaled(bias->cols, 1, diff + b * bias->cols, bias->gradient);
    }
}

/* One layer at a time step whose input is in place. */
static void forward_layer(reference_lstm *lstm, size_t layer, size_t t)
{
    const size_t batch = lstm->sizes.batch;
    const size_t hidden = lstm->sizes.hidden;
    const size_t state = batch * hidden;
    reference_cell *cell = &lstm->cells[layer];
    double *x = cell->x + t * batch * cell->in;
    double *past = cell->past + t * state;
    double *gates = cell->gates + t * state * GATES;
    memcpy(past, cell->h + t * state, state * sizeof *past);
    drop(batch, &lstm->dropout[layer], cell->in, x);
    drop(batch, recurrent_dropout(lstm, layer, t), hidden, past);
    spread(batch, &lstm->bias[layer], gates);
    multiply(batch, &lstm->input[layer], x, gates);
    multiply(batch, &lstm->recurrent[layer], past, gates);
    for (size_t b = 0; b < batch; b++) {
        run_cell(hidden, gates + b * hidden * GATES, cell->c + t * state + b * hidden,
                 cell->c + (t + 1) * state + b * hidden, cell->h + (t + 1) * state + b * hidden);
    }
}

/* Turns the logits of a sequence into their gradient, that of the mean over the sequences. Returns
 * its loss. */
static double cross_entropy(size_t batch, size_t vocabulary, uint32_t target, double *logits)
{
    double most = logits[0];
    double sum = 0;
    for (size_t word = 0; word < vocabulary; word++) {
        most = fmax(most, logits[word]);
    }
    for (size_t word = 0; word < vocabulary; word++) {
        sum += exp(logits[word] - most);
    }
    const double loss = log(sum) + most - logits[target];
    for (size_t word = 0; word < vocabulary; word++) {
        const double probability = exp(logits[word] - most) / sum;
        logits[word] = (probability - (word == target ? 1 : 0)) / (double)batch;
    }
    return loss;
}

/* The softmax at a time step, forward and backward. */
static double run_softmax(reference_lstm *lstm, size_t t, const uint32_t *targets)
{
    const reference_lstm_sizes *sizes = &lstm->sizes;
    const size_t state = sizes->batch * sizes->hidden;
    const reference_lstm_dropout *dropout = &lstm->dropout[sizes->layers];
    double *diff_top = lstm->diff_top + t * state;
    double loss = 0;
    memcpy(lstm->top, lstm->cells[sizes->layers - 1].h + (t + 1) * state,
           state * sizeof *lstm->top);
    drop(sizes->batch, dropout, sizes->hidden, lstm->top);
    spread(sizes->batch, &lstm->softmax_bias, lstm->logits);
    if (sizes->tied) {
        multiply_tied(sizes->batch, &lstm->embedding, lstm->top, lstm->logits);
    } else {
        multiply(sizes->batch, &lstm->softmax, lstm->top, lstm->logits);
    }
    for (size_t b = 0; b < sizes->batch; b++) {
        loss += cross_entropy(sizes->batch, sizes->vocabulary, targets[b],
                              lstm->logits + b * sizes->vocabulary);
    }
    gather(sizes->batch, lstm->logits, &lstm->softmax_bias);
    if (sizes->tied) {
        multiply_tied_back(sizes->batch, &lstm->embedding, lstm->top, lstm->logits, diff_top);
    } else {
        multiply_back(sizes->batch, &lstm->softmax, lstm->top, lstm->logits, diff_top);
    }
    drop(sizes->batch, dropout, sizes->hidden, diff_top);
    return loss;
}

double reference_lstm_forward(reference_lstm *lstm, size_t t, const uint32_t *words,
                              const uint32_t *targets)
{
    const size_t batch = lstm->sizes.batch;
    for (size_t layer = 0; layer < lstm->sizes.layers; layer++) {
        const size_t in = lstm->cells[layer].in;
        double *x = lstm->cells[layer].x + t * batch * in;
        for (size_t b = 0; b < batch; b++) {
            const double *src = layer == 0 ? lstm->embedding.values + words[b] * in
                                           : lstm->cells[layer - 1].h + ((t + 1) * batch + b) * in;
            memcpy(x + b * in, src, in * sizeof *x);
        }
        forward_layer(lstm, layer, t);
    }
    return run_softmax(lstm, t, targets);
}

/* The gradient before the gates of one sequence, from that of its h and c, which becomes that of
 * the c before. */
static void run_cell_back(size_t hidden, const double *gates, const double *c_before,
                          const double *c, const double *diff_h, double *diff_c, double *diff_a)
{
    for (size_t unit = 0; unit < hidden; unit++) {
        const double i = gates[unit];
        const double f = gates[hidden + unit];
        const double g = gates[2 * hidden + unit];
        const double o = gates[3 * hidden + unit];
        const double squashed = tanh(c[unit]);
        const double diff = diff_c[unit] + diff_h[unit] * o * (1 - squashed * squashed);
        diff_a[unit] = diff * g * i * (1 - i);
        diff_a[hidden + unit] = diff * c_before[unit] * f * (1 - f);
        diff_a[2 * hidden + unit] = diff * i * (1 - g * g);
        diff_a[3 * hidden + unit] = diff_h[unit] * squashed * o * (1 - o);
        diff_c[unit] = diff * f;
    }
}

/* One layer at a time step. lstm->diff has the gradient of its h from above, and gets that of its
 * input. */
static void backward_layer(reference_lstm *lstm, size_t layer, size_t t)
{
    const size_t batch = lstm->sizes.batch;
    const size_t hidden = lstm->sizes.hidden;
    const size_t state = batch * hidden;
    reference_cell *cell = &lstm->cells[layer];
    add_scaled(state, 1, lstm->diff, cell->diff_h);
    for (size_t b = 0; b < batch; b++) {
        const size_t at = t * state + b * hidden;
        run_cell_back(hidden, cell->gates + at * GATES, cell->c + at, cell->c + at + state,
                      cell->diff_h + b * hidden, cell->diff_c + b * hidden,
                      lstm->diff_a + b * hidden * GATES);
    }
    gather(batch, lstm->diff_a, &lstm->bias[layer]);
    multiply_back(batch, &lstm->recurrent[layer], cell->past + t * state, lstm->diff_a,
                  cell->diff_h);
    drop(batch, recurrent_dropout(lstm, layer, t), hidden, cell->diff_h);
    multiply_back(batch, &lstm->input[layer], cell->x + t * batch * cell->in, lstm->diff_a,
                  lstm->diff);
    drop(batch, &lstm->dropout[layer], cell->in, lstm->diff);
}

void reference_lstm_backward(reference_lstm *lstm, size_t t, const uint32_t *words)
{
    const size_t batch = lstm->sizes.batch;
    const size_t state = batch * lstm->sizes.hidden;
    const size_t width = lstm->sizes.embedding;
    memcpy(lstm->diff, lstm->diff_top + t * state, state * sizeof *lstm->diff);
    for (size_t layer = lstm->sizes.layers; layer-- > 0;) {
        backward_layer(lstm, layer, t);
    }
    for (size_t b = 0; b < batch; b++) {
        add_scaled(width, 1, lstm->diff + b * width, lstm->embedding.gradient + words[b] * width);
    }
}
