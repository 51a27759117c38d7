/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reference_lstm_internal.h"

/* An array of zeros; false without memory. An empty one needs none. */
static bool create_array(size_t count, double **values)
{
    *values = count > 0 ? calloc(count, sizeof **values) : NULL;
    return count == 0 || *values != NULL;
}

static bool create_parameter(reference_parameter *parameter, size_t rows, size_t cols, bool dropped)
{
    const size_t count = rows * cols;
    parameter->rows = rows;
    parameter->cols = cols;
    const bool good = create_array(count, &parameter->values) &&
                      create_array(count, &parameter->gradient) &&
                      (!dropped || create_array(count, &parameter->used));
    if (!dropped) {
        parameter->used = parameter->values;
    }
    return good;
}

static bool create_cell(const reference_lstm_sizes *sizes, size_t in, reference_cell *cell)
{
    const size_t state = sizes->batch * sizes->hidden;
    cell->in = in;
    return create_array(sizes->steps * sizes->batch * in, &cell->x) &&
           create_array(sizes->steps * state, &cell->past) &&
           create_array(sizes->steps * state * GATES, &cell->gates) &&
           create_array((sizes->steps + 1) * state, &cell->c) &&
           create_array((sizes->steps + 1) * state, &cell->h) &&
           create_array(state, &cell->diff_h) && create_array(state, &cell->diff_c);
}

static bool create_layer(reference_lstm *lstm, size_t layer)
{
    const reference_lstm_sizes *sizes = &lstm->sizes;
    const size_t in = layer == 0 ? sizes->embedding : sizes->hidden;
    const size_t out = GATES * sizes->hidden;
    return create_parameter(&lstm->input[layer], in, out, sizes->tiles) &&
           create_parameter(&lstm->recurrent[layer], sizes->hidden, out, sizes->tiles) &&
           create_parameter(&lstm->bias[layer], 1, out, false) &&
           create_cell(sizes, in, &lstm->cells[layer]);
}

reference_lstm *reference_lstm_create(const reference_lstm_sizes *sizes)
{
    reference_lstm *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return NULL;
    }
    made->sizes = *sizes;
    const size_t hidden = sizes->hidden;
    const size_t widest = sizes->embedding > hidden ? sizes->embedding : hidden;
    bool good = create_parameter(&made->embedding, sizes->vocabulary, sizes->embedding, false) &&
                create_parameter(&made->softmax, sizes->tied ? 0 : hidden,
                                 sizes->tied ? 0 : sizes->vocabulary, sizes->tiles) &&
                create_parameter(&made->softmax_bias, 1, sizes->vocabulary, false) &&
                create_array(sizes->batch * hidden, &made->top) &&
                create_array(sizes->batch * sizes->vocabulary, &made->logits) &&
                create_array(sizes->steps * sizes->batch * hidden, &made->diff_top) &&
                create_array(sizes->batch * widest, &made->diff) &&
                create_array(sizes->batch * hidden * GATES, &made->diff_a);
    for (size_t layer = 0; layer < sizes->layers && good; layer++) {
        good = create_layer(made, layer);
    }
    if (!good) {
        reference_lstm_destroy(made);
        return NULL;
    }
    return made;
}

reference_parameter *reference_lstm_parameter(reference_lstm *lstm, size_t index)
{
    const size_t layers = lstm->sizes.layers;
    if (index < 3) {
        return index == 0 ? &lstm->embedding : index == 1 ? &lstm->softmax : &lstm->softmax_bias;
    }
    const size_t layer = (index - 3) / 3;
    if (layer >= layers) {
        return NULL;
    }
    return index % 3 == 0   ? &lstm->input[layer]
           : index % 3 == 1 ? &lstm->recurrent[layer]
                            : &lstm->bias[layer];
}

static void destroy_cell(reference_cell *cell)
{
    free(cell->x);
    free(cell->past);
    free(cell->gates);
    free(cell->c);
    free(cell->h);
    free(cell->diff_h);
    free(cell->diff_c);
}

void reference_lstm_destroy(reference_lstm *lstm)
{
    if (lstm == NULL) {
        return;
    }
    reference_parameter *parameter = NULL;
    for (size_t i = 0; (parameter = reference_lstm_parameter(lstm, i)) != NULL; i++) {
        if (parameter->used != parameter->values) {
            free(parameter->used);
        }
        free(parameter->values);
        free(parameter->gradient);
    }
    for (size_t layer = 0; layer < lstm->sizes.layers; layer++) {
        destroy_cell(&lstm->cells[layer]);
    }
    free(lstm->top);
    free(lstm->logits);
    free(lstm->diff_top);
    free(lstm->diff);
    free(lstm->diff_a);
    free(lstm);
}

static const reference_parameter *find(const reference_lstm *lstm, ard_lstm_parameter parameter,
                                       size_t layer)
{
    switch (parameter) {
    case ARD_LSTM_EMBEDDING:
        return &lstm->embedding;
    case ARD_LSTM_INPUT:
        return &lstm->input[layer];
    case ARD_LSTM_RECURRENT:
        return &lstm->recurrent[layer];
    case ARD_LSTM_BIAS:
        return &lstm->bias[layer];
    case ARD_LSTM_SOFTMAX:
        return &lstm->softmax;
    default:
        return &lstm->softmax_bias;
    }
}

size_t reference_lstm_count(const reference_lstm *lstm, ard_lstm_parameter parameter, size_t layer)
{
    const reference_parameter *found = find(lstm, parameter, layer);
    return found->rows * found->cols;
}

void reference_lstm_set(reference_lstm *lstm, ard_lstm_parameter parameter, size_t layer,
                        const float *values)
{
    const reference_parameter *found = find(lstm, parameter, layer);
    for (size_t i = 0; i < found->rows * found->cols; i++) {
        found->values[i] = values[i];
    }
}

/* value -= rate gradient; the gradient begins anew. */
static void apply(reference_parameter *parameter, double rate)
{
    parameter->change = 0;
    for (size_t i = 0; i < parameter->rows * parameter->cols; i++) {
        const double change = rate * parameter->gradient[i];
        parameter->values[i] -= change;
        parameter->change = fmax(parameter->change, fabs(change));
        parameter->gradient[i] = 0;
    }
}

/* What a gradient of these weights was, of weights that were multiplied by a factor. */
static void drop_gradient(reference_parameter *parameter)
{
    const reference_lstm_dropout *dropout = parameter->dropout;
    for (size_t row = 0; row < parameter->rows && dropout != NULL; row++) {
        for (size_t col = 0; col < parameter->cols; col++) {
            const bool kept = ard_tile_keeps(&dropout->pattern.tiles, parameter->cols, row, col);
            parameter->gradient[row * parameter->cols + col] *= kept ? dropout->weight_scale : 0;
        }
    }
}

static double sum_of_squares(const reference_parameter *parameter)
{
    double sum = 0;
    for (size_t i = 0; i < parameter->rows * parameter->cols; i++) {
        sum += parameter->gradient[i] * parameter->gradient[i];
    }
    return sum;
}

void reference_lstm_update(reference_lstm *lstm, double rate, double clip)
{
    reference_parameter *parameter = NULL;
    double squares = 0;
    for (size_t i = 0; (parameter = reference_lstm_parameter(lstm, i)) != NULL; i++) {
        drop_gradient(parameter);
        squares += sum_of_squares(parameter);
    }
    const double norm = sqrt(squares);
    for (size_t i = 0; (parameter = reference_lstm_parameter(lstm, i)) != NULL; i++) {
        apply(parameter, norm > clip ? rate * clip / norm : rate);
    }
    /* The next window begins where this one ended. */
    const size_t state = lstm->sizes.batch * lstm->sizes.hidden;
    for (size_t layer = 0; layer < lstm->sizes.layers; layer++) {
        reference_cell *cell = &lstm->cells[layer];
        memcpy(cell->h, cell->h + lstm->sizes.steps * state, state * sizeof *cell->h);
        memcpy(cell->c, cell->c + lstm->sizes.steps * state, state * sizeof *cell->c);
    }
}

double reference_lstm_error(const reference_lstm *lstm, ard_lstm_parameter parameter, size_t layer,
                            const float *values)
{
    const reference_parameter *found = find(lstm, parameter, layer);
    double error = 0;
    double largest = 0;
    for (size_t i = 0; i < found->rows * found->cols; i++) {
        const double distance = fabs((double)values[i] - found->values[i]);
        if (!(distance <= error)) {
            error = isnan(distance) ? HUGE_VAL : distance;
        }
        largest = fmax(largest, fabs(found->values[i]));
    }
    const double scale = fmax(found->change, 1e-3 * largest);
    return scale > 0 ? error / scale : error;
}
