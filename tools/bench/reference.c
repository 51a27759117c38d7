/* SPDX-License-Identifier: Apache-2.0 */
#include "reference.h"

#include <math.h>
#include <stdlib.h>

#include "mask_words.h"

/* One parameter, whole. */
typedef struct parameter {
    size_t count;
    double *values;
    double *velocity;
    double *gradient; /* of the step so far */
    double change;    /* largest of the last update */
} parameter;

/* The units of one layer of activations. */
typedef struct units {
    size_t width;
    double scale;
    size_t kept_count;
    uint32_t *kept; /* indices */
    double *values; /* [batch x width], zero where dropped */
    double *deltas; /* gradient before the activation */
} units;

struct reference {
    size_t layers;
    size_t batch;
    size_t first; /* sample of those that are under way, */
    size_t end;   /* and behind them */
    units units[ARD_MLP_MAX_LAYERS + 1];
    parameter weights[ARD_MLP_MAX_LAYERS];
    parameter bias[ARD_MLP_MAX_LAYERS];
    reference_dropout dropout[ARD_MLP_MAX_LAYERS]; /* of a step, by the weights into the units */
    double *used[ARD_MLP_MAX_LAYERS]; /* weights as a step uses them: scaled, zero where dropped */
    double *row;                      /* gradient of one row of weights */
};

static bool create_units(units *units, size_t width, size_t batch)
{
    units->width = width;
    units->scale = 1;
    units->kept = calloc(width, sizeof *units->kept);
    units->values = calloc(batch * width, sizeof *units->values);
    units->deltas = calloc(batch * width, sizeof *units->deltas);
    return units->kept != NULL && units->values != NULL && units->deltas != NULL;
}

static bool create_parameter(parameter *parameter, size_t count)
{
    parameter->count = count;
    parameter->values = calloc(count, sizeof *parameter->values);
    parameter->velocity = calloc(count, sizeof *parameter->velocity);
    parameter->gradient = calloc(count, sizeof *parameter->gradient);
    return parameter->values != NULL && parameter->velocity != NULL && parameter->gradient != NULL;
}

reference *reference_create(size_t layers, const size_t *widths, size_t batch)
{
    reference *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return NULL;
    }
    made->layers = layers;
    made->batch = batch;
    bool good = create_units(&made->units[0], widths[0], batch);
    size_t widest = widths[0];
    for (size_t i = 0; i < layers; i++) {
        good = good && create_units(&made->units[i + 1], widths[i + 1], batch) &&
               create_parameter(&made->weights[i], widths[i] * widths[i + 1]) &&
               create_parameter(&made->bias[i], widths[i + 1]);
        made->used[i] = calloc(widths[i] * widths[i + 1], sizeof *made->used[i]);
        good = good && made->used[i] != NULL;
        widest = widths[i + 1] > widest ? widths[i + 1] : widest;
    }
    made->row = calloc(widest, sizeof *made->row);
    if (!good || made->row == NULL) {
        reference_destroy(made);
        return NULL;
    }
    return made;
}

void reference_destroy(reference *reference)
{
    if (reference == NULL) {
        return;
    }
    for (size_t i = 0; i <= reference->layers; i++) {
        free(reference->units[i].kept);
        free(reference->units[i].values);
        free(reference->units[i].deltas);
    }
    for (size_t i = 0; i < reference->layers; i++) {
        free(reference->weights[i].values);
        free(reference->weights[i].velocity);
        free(reference->weights[i].gradient);
        free(reference->bias[i].values);
        free(reference->bias[i].velocity);
        free(reference->bias[i].gradient);
        free(reference->used[i]);
    }
    free(reference->row);
    free(reference);
}

static void set_parameter(parameter *parameter, const float *values)
{
    for (size_t i = 0; i < parameter->count; i++) {
        parameter->values[i] = values[i];
        parameter->velocity[i] = 0;
    }
}

void reference_set_layer(reference *reference, size_t layer, const float *weights,
                         const float *bias)
{
    set_parameter(&reference->weights[layer], weights);
    set_parameter(&reference->bias[layer], bias);
}

/* Units of layer `index` that the step keeps; the inputs and the outputs are kept whole. */
static void begin_units(reference *reference, size_t index, const reference_dropout *dropout)
{
    units *units = &reference->units[index];
    units->scale = dropout->scale;
    units->kept_count = 0;
    for (size_t unit = 0; unit < units->width; unit++) {
        if (ard_pattern_keeps(&dropout->pattern.units, unit)) {
            units->kept[units->kept_count++] = (uint32_t)unit;
        }
    }
    const size_t end = reference->end * units->width;
    for (size_t at = reference->first * units->width; at < end; at++) {
        units->values[at] = 0;
        units->deltas[at] = 0;
    }
}

/* What weight (o, i) of a layer is multiplied with in this step. */
static double weight_factor(const reference *reference, size_t layer, size_t o, size_t i)
{
    const reference_dropout *dropout = &reference->dropout[layer];
    const size_t in = reference->units[layer].width;
    if (!ard_tile_keeps(&dropout->pattern.tiles, in, o, i) ||
        (dropout->drop_connect && !mask_keeps(&dropout->mask, o * in + i))) {
        return 0;
    }
    return dropout->weight_scale;
}

void reference_begin(reference *reference, const reference_dropout *dropout, size_t first,
                     size_t count)
{
    reference->first = first;
    reference->end = first + count;
    const reference_dropout none = {
        .pattern = ard_layer_pattern_all(), .scale = 1, .weight_scale = 1};
    begin_units(reference, 0, &none);
    for (size_t layer = 0; layer < reference->layers; layer++) {
        const bool hidden = layer + 1 < reference->layers;
        reference->dropout[layer] = hidden ? dropout[layer] : none;
        begin_units(reference, layer + 1, &reference->dropout[layer]);
        const size_t in = reference->units[layer].width;
        for (size_t at = 0; at < reference->weights[layer].count; at++) {
            reference->used[layer][at] = weight_factor(reference, layer, at / in, at % in) *
                                         reference->weights[layer].values[at];
        }
    }
}

/* Weighted sums of one sample into the kept units of layer `layer + 1`. */
static void multiply(const reference *reference, size_t layer, size_t sample)
{
    const units *in = &reference->units[layer];
    const units *out = &reference->units[layer + 1];
    const double *src = in->values + sample * in->width;
    double *dst = out->values + sample * out->width;
    for (size_t j = 0; j < out->kept_count; j++) {
        const size_t unit = out->kept[j];
        const double *row = reference->used[layer] + unit * in->width;
        double sum = reference->bias[layer].values[unit];
        for (size_t i = 0; i < in->kept_count; i++) {
            sum += row[in->kept[i]] * src[in->kept[i]];
        }
        dst[unit] = sum;
    }
}

/* Scaled ReLU of one sample of a hidden layer, and the smallest |value| before it, relative. */
static double activate(const units *units, size_t sample)
{
    double *values = units->values + sample * units->width;
    double smallest = HUGE_VAL;
    double squares = 0;
    for (size_t j = 0; j < units->kept_count; j++) {
        double *value = &values[units->kept[j]];
        smallest = fmin(smallest, fabs(*value));
        squares += *value * *value;
        *value = *value > 0 ? units->scale * *value : 0;
    }
    return squares > 0 ? smallest / sqrt(squares / (double)units->kept_count) : 0;
}

double reference_forward(reference *reference, size_t sample, const float *src)
{
    const units *input = &reference->units[0];
    for (size_t i = 0; i < input->width; i++) {
        input->values[sample * input->width + i] = src[i];
    }
    double margin = HUGE_VAL;
    for (size_t layer = 0; layer < reference->layers; layer++) {
        multiply(reference, layer, sample);
        if (layer + 1 < reference->layers) {
            margin = fmin(margin, activate(&reference->units[layer + 1], sample));
        }
    }
    return margin;
}

/* The share of the mean cross-entropy; its gradient becomes the deltas of the output layer. */
static double softmax(const reference *reference, const int32_t *labels)
{
    const units *output = &reference->units[reference->layers];
    double loss = 0;
    for (size_t sample = reference->first; sample < reference->end; sample++) {
        const double *logits = output->values + sample * output->width;
        double *deltas = output->deltas + sample * output->width;
        double largest = -HUGE_VAL;
        for (size_t i = 0; i < output->width; i++) {
            largest = fmax(largest, logits[i]);
        }
        double sum = 0;
        for (size_t i = 0; i < output->width; i++) {
            sum += exp(logits[i] - largest);
        }
        for (size_t i = 0; i < output->width; i++) {
            const double target = i == (size_t)labels[sample] ? 1 : 0;
            deltas[i] = (exp(logits[i] - largest) / sum - target) / (double)reference->batch;
        }
        loss += log(sum) + largest - logits[labels[sample]];
    }
    return loss / (double)reference->batch;
}

/* Deltas of the hidden layer below `layer` from those above it. */
static void propagate(const reference *reference, size_t layer)
{
    const units *in = &reference->units[layer];
    const units *out = &reference->units[layer + 1];
    for (size_t sample = reference->first; sample < reference->end; sample++) {
        const double *above = out->deltas + sample * out->width;
        const double *values = in->values + sample * in->width;
        double *deltas = in->deltas + sample * in->width;
        for (size_t j = 0; j < out->kept_count; j++) {
            const double delta = above[out->kept[j]];
            const double *row = reference->used[layer] + out->kept[j] * in->width;
            for (size_t i = 0; i < in->kept_count; i++) {
                deltas[in->kept[i]] += delta * row[in->kept[i]];
            }
        }
        for (size_t i = 0; i < in->width; i++) {
            deltas[i] *= values[i] > 0 ? in->scale : 0;
        }
    }
}

/* Adds to the gradient of the weights and the bias of a layer. */
static void add_gradient(const reference *reference, size_t layer)
{
    const units *in = &reference->units[layer];
    const units *out = &reference->units[layer + 1];
    double *row = reference->row;
    for (size_t unit = 0; unit < out->width; unit++) {
        double *gradient = reference->weights[layer].gradient + unit * in->width;
        for (size_t i = 0; i < in->width; i++) {
            row[i] = 0;
        }
        for (size_t sample = reference->first; sample < reference->end; sample++) {
            const double delta = out->deltas[sample * out->width + unit];
            const double *values = in->values + sample * in->width;
            reference->bias[layer].gradient[unit] += delta;
            for (size_t i = 0; i < in->kept_count && delta != 0; i++) {
                row[in->kept[i]] += delta * values[in->kept[i]];
            }
        }
        for (size_t i = 0; i < in->width; i++) {
            gradient[i] += weight_factor(reference, layer, unit, i) * row[i];
        }
    }
}

double reference_backward(reference *reference, const int32_t *labels)
{
    const double loss = softmax(reference, labels);
    for (size_t layer = reference->layers; layer-- > 0;) {
        if (layer > 0) {
            propagate(reference, layer);
        }
        add_gradient(reference, layer);
    }
    return loss;
}

/* v = momentum v + gradient, value -= rate v; the gradient begins anew. */
static void apply(parameter *parameter, double rate, double momentum)
{
    parameter->change = 0;
    for (size_t i = 0; i < parameter->count; i++) {
        double *velocity = &parameter->velocity[i];
        *velocity = momentum * *velocity + parameter->gradient[i];
        parameter->values[i] -= rate * *velocity;
        parameter->change = fmax(parameter->change, fabs(rate * *velocity));
        parameter->gradient[i] = 0;
    }
}

void reference_update(reference *reference, double rate, double momentum)
{
    for (size_t layer = 0; layer < reference->layers; layer++) {
        apply(&reference->weights[layer], rate, momentum);
        apply(&reference->bias[layer], rate, momentum);
    }
}

static double parameter_error(const parameter *parameter, const float *values)
{
    double error = 0;
    double largest = 0;
    for (size_t i = 0; i < parameter->count; i++) {
        const double distance = fabs((double)values[i] - parameter->values[i]);
        if (!(distance <= error)) {
            error = isnan(distance) ? HUGE_VAL : distance;
        }
        largest = fmax(largest, fabs(parameter->values[i]));
    }
    const double scale = fmax(parameter->change, 1e-3 * largest);
    return scale > 0 ? error / scale : error;
}

double reference_layer_error(const reference *reference, size_t layer, const float *weights,
                             const float *bias)
{
    return fmax(parameter_error(&reference->weights[layer], weights),
                parameter_error(&reference->bias[layer], bias));
}
