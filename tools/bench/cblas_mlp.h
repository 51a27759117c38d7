/* SPDX-License-Identifier: Apache-2.0 */
/* Training steps of a multi-layer perceptron on the CPU, by a CBLAS library: what a C programmer
 * would write without libard. ReLU, conventional dropout of the hidden layers, softmax
 * cross-entropy, momentum SGD, all in single precision.
 *
 * The gradient of weights is added to their velocity by the product itself (its beta is the
 * momentum), and biases, ReLU and dropout are one loop, so no array is read or written once more
 * than it must be. */
#ifndef ARD_BENCH_CBLAS_MLP_H
#define ARD_BENCH_CBLAS_MLP_H

#include <stdint.h>

#include "cblas_library.h"

typedef struct cblas_mlp cblas_mlp;

typedef struct cblas_mlp_options {
    size_t layers;        /* linear layers, at most ARD_MLP_MAX_LAYERS */
    const size_t *widths; /* [layers + 1] */
    const double *rates;  /* [layers - 1], of dropout; 0: none */
    size_t batch;
    uint64_t seed; /* of dropout */
    double learning_rate;
    double momentum;
} cblas_mlp_options;

/* A network, its parameters zero; it multiplies with `library`, which must outlive it, and runs its
 * loops in as many threads. The arrays of the options are copied. NULL without memory. */
cblas_mlp *cblas_mlp_create(const cblas_library *library, const cblas_mlp_options *options);
void cblas_mlp_destroy(cblas_mlp *mlp);

/* Weights [widths[layer + 1] x widths[layer]] and bias of a layer; writing sets its velocity to
 * zero. */
void cblas_mlp_write_layer(cblas_mlp *mlp, size_t layer, const float *weights, const float *bias);
void cblas_mlp_read_layer(const cblas_mlp *mlp, size_t layer, float *weights, float *bias);

/* One training step on src [batch x widths[0]] and labels [batch]. Returns the mean loss, before
 * the update. */
double cblas_mlp_step(cblas_mlp *mlp, const float *src, const int32_t *labels);

#endif
