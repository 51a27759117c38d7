/* SPDX-License-Identifier: Apache-2.0 */
/* A training step of the network in double precision on the host, plain and slow.
 *
 * Dropped units and weights are zeros in whole arrays and momentum moves every weight at every
 * step, so nothing of what the library does to save work is done here. */
#ifndef ARD_BENCH_REFERENCE_H
#define ARD_BENCH_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/ard.h>

typedef struct reference reference;

/* A network of `layers` linear layers with room for `batch` samples; parameters zero. NULL without
 * memory. */
reference *reference_create(size_t layers, const size_t *widths, size_t batch);
void reference_destroy(reference *reference);

/* Sets weights [widths[layer + 1] x widths[layer]] and bias of a layer; its velocity is zero. */
void reference_set_layer(reference *reference, size_t layer, const float *weights,
                         const float *bias);

/* What a step drops of a hidden layer and of the weights into it. */
typedef struct reference_dropout {
    ard_layer_pattern pattern;
    double scale;        /* of the kept units */
    double weight_scale; /* of the kept weights */
    bool drop_connect;   /* the weights are dropped by `mask`, too */
    ard_bernoulli mask;
} reference_dropout;

/* The dropout [layers - 1] of the hidden layers for the samples first..first + count - 1 of the
 * step that follows, or goes on with them. */
void reference_begin(reference *reference, const reference_dropout *dropout, size_t first,
                     size_t count);

/* The forward pass of one sample [widths[0]]. Returns how near a hidden unit came to the corner of
 * its ReLU: the smallest |before activation|, relative to the root mean square of its layer. Nearer
 * than the rounding of floats, the device may rightly find itself on the other side. */
double reference_forward(reference *reference, size_t sample, const float *src);

/* After the forward pass of these samples: their backward pass, which adds to the gradient of the
 * step. Returns their share of the mean loss of the batch. */
double reference_backward(reference *reference, const int32_t *labels);

/* The update with the gradient of all `batch` samples, and the end of the step. */
void reference_update(reference *reference, double rate, double momentum);

/* Largest difference of weights and biases of a layer from the given ones, relative to the largest
 * change that the last update made to them, or to a thousandth of the largest of them where that is
 * more. Infinite where something is not a number. */
double reference_layer_error(const reference *reference, size_t layer, const float *weights,
                             const float *bias);

#endif
