/* SPDX-License-Identifier: Apache-2.0 */
#include "cblas_mlp.h"

#include <stdlib.h>
#include <string.h>

#include "cblas_loops.h"

typedef struct layer {
    size_t in, out;
    double rate;             /* of dropout of its outputs */
    float *weights;          /* [out x in] */
    float *weights_velocity; /* likewise */
    float *bias;             /* [out] */
    float *bias_velocity;
    float *outputs; /* [batch x out]: after the activation; of the last one, logits and deltas */
} layer;

struct cblas_mlp {
    const cblas_library *library;
    cblas_pool *pool;
    size_t layers;
    layer list[ARD_MLP_MAX_LAYERS];
    size_t batch;
    uint64_t seed;
    uint64_t step;
    double learning_rate;
    double momentum;
    float *deltas[2]; /* [batch x widest hidden layer]: of a layer and of the one below it */
    double *losses;   /* [batch] */
};

/* Zeros, aligned for the widest vectors; NULL without memory. Sizes are far from overflow. */
static float *zeros(size_t count)
{
    enum { ALIGNMENT = 64 };
    const size_t bytes = (count * sizeof(float) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    float *values = aligned_alloc(ALIGNMENT, bytes);
    if (values != NULL) {
        memset(values, 0, bytes);
    }
    return values;
}

static bool create_layer(cblas_mlp *mlp, const cblas_mlp_options *options, size_t index)
{
    layer *layer = &mlp->list[index];
    layer->in = options->widths[index];
    layer->out = options->widths[index + 1];
    layer->rate = index + 1 < mlp->layers ? options->rates[index] : 0;
    layer->weights = zeros(layer->out * layer->in);
    layer->weights_velocity = zeros(layer->out * layer->in);
    layer->bias = zeros(layer->out);
    layer->bias_velocity = zeros(layer->out);
    layer->outputs = zeros(mlp->batch * layer->out);
    return layer->weights != NULL && layer->weights_velocity != NULL && layer->bias != NULL &&
           layer->bias_velocity != NULL && layer->outputs != NULL;
}

cblas_mlp *cblas_mlp_create(const cblas_library *library, const cblas_mlp_options *options)
{
    cblas_mlp *mlp = calloc(1, sizeof *mlp);
    if (mlp == NULL) {
        return NULL;
    }
    mlp->library = library;
    mlp->layers = options->layers;
    mlp->batch = options->batch;
    mlp->seed = options->seed;
    mlp->learning_rate = options->learning_rate;
    mlp->momentum = options->momentum;
    bool good = true;
    size_t widest = 1;
    for (size_t i = 0; i < options->layers && good; i++) {
        good = create_layer(mlp, options, i);
        widest = i > 0 && options->widths[i] > widest ? options->widths[i] : widest;
    }
    mlp->deltas[0] = zeros(mlp->batch * widest);
    mlp->deltas[1] = zeros(mlp->batch * widest);
    mlp->losses = calloc(mlp->batch, sizeof *mlp->losses);
    mlp->pool = cblas_pool_create(cblas_threads(library));
    if (!good || mlp->deltas[0] == NULL || mlp->deltas[1] == NULL || mlp->losses == NULL ||
        mlp->pool == NULL) {
        cblas_mlp_destroy(mlp);
        return NULL;
    }
    return mlp;
}

void cblas_mlp_destroy(cblas_mlp *mlp)
{
    if (mlp == NULL) {
        return;
    }
    for (size_t i = 0; i < mlp->layers; i++) {
        free(mlp->list[i].weights);
        free(mlp->list[i].weights_velocity);
        free(mlp->list[i].bias);
        free(mlp->list[i].bias_velocity);
        free(mlp->list[i].outputs);
    }
    free(mlp->deltas[0]);
    free(mlp->deltas[1]);
    free(mlp->losses);
    cblas_pool_destroy(mlp->pool);
    free(mlp);
}

void cblas_mlp_write_layer(cblas_mlp *mlp, size_t layer, const float *weights, const float *bias)
{
    struct layer *written = &mlp->list[layer];
    const size_t weights_size = written->out * written->in * sizeof *weights;
    const size_t bias_size = written->out * sizeof *bias;
    memcpy(written->weights, weights, weights_size);
    memset(written->weights_velocity, 0, weights_size);
    memcpy(written->bias, bias, bias_size);
    memset(written->bias_velocity, 0, bias_size);
}

void cblas_mlp_read_layer(const cblas_mlp *mlp, size_t layer, float *weights, float *bias)
{
    const struct layer *read = &mlp->list[layer];
    memcpy(weights, read->weights, read->out * read->in * sizeof *weights);
    memcpy(bias, read->bias, read->out * sizeof *bias);
}

/* What goes into a layer [batch x in]. */
static const float *inputs_of(const cblas_mlp *mlp, size_t index, const float *src)
{
    return index > 0 ? mlp->list[index - 1].outputs : src;
}

static void forward(cblas_mlp *mlp, size_t index, const float *src)
{
    const layer *layer = &mlp->list[index];
    cblas_multiply(mlp->library, &(cblas_product){.b_transposed = true,
                                                  .m = mlp->batch,
                                                  .n = layer->out,
                                                  .k = layer->in,
                                                  .a = inputs_of(mlp, index, src),
                                                  .b = layer->weights,
                                                  .c = layer->outputs});
    if (index + 1 < mlp->layers) {
        const ard_bernoulli mask = {
            .rate = layer->rate, .seed = mlp->seed, .step = mlp->step, .layer = (uint32_t)index};
        cblas_activate(mlp->pool, mlp->batch, layer->out, layer->bias, &mask, layer->outputs);
    }
}

/* The gradient of what goes into a layer, before the activation below it. */
static void backward_data(cblas_mlp *mlp, size_t index, const float *deltas, float *below)
{
    const layer *layer = &mlp->list[index];
    const struct layer *source = &mlp->list[index - 1];
    cblas_multiply(mlp->library, &(cblas_product){.m = mlp->batch,
                                                  .n = layer->in,
                                                  .k = layer->out,
                                                  .a = deltas,
                                                  .b = layer->weights,
                                                  .c = below});
    cblas_activate_backward(mlp->pool, mlp->batch, layer->in, source->rate, source->outputs, below);
}

static void update(cblas_mlp *mlp, size_t index, const float *src, const float *deltas)
{
    const layer *layer = &mlp->list[index];
    cblas_multiply(mlp->library, &(cblas_product){.a_transposed = true,
                                                  .m = layer->out,
                                                  .n = layer->in,
                                                  .k = mlp->batch,
                                                  .a = deltas,
                                                  .b = inputs_of(mlp, index, src),
                                                  .beta = (float)mlp->momentum,
                                                  .c = layer->weights_velocity});
    cblas_add_rows(mlp->pool, mlp->batch, layer->out, mlp->momentum, deltas, layer->bias_velocity);
    cblas_descend(mlp->pool, layer->out * layer->in, mlp->learning_rate, layer->weights_velocity,
                  layer->weights);
    cblas_descend(mlp->pool, layer->out, mlp->learning_rate, layer->bias_velocity, layer->bias);
}

double cblas_mlp_step(cblas_mlp *mlp, const float *src, const int32_t *labels)
{
    const layer *last = &mlp->list[mlp->layers - 1];
    for (size_t i = 0; i < mlp->layers; i++) {
        forward(mlp, i, src);
    }
    cblas_softmax(mlp->pool, mlp->batch, last->out, last->bias, labels, last->outputs, mlp->losses);
    double loss = 0;
    for (size_t i = 0; i < mlp->batch; i++) {
        loss += mlp->losses[i] / (double)mlp->batch;
    }
    const float *deltas = last->outputs;
    for (size_t i = mlp->layers; i-- > 0;) {
        float *below = mlp->deltas[i % 2];
        if (i > 0) {
            backward_data(mlp, i, deltas, below);
        }
        update(mlp, i, src, deltas);
        deltas = below;
    }
    mlp->step++;
    return loss;
}
