/* SPDX-License-Identifier: Apache-2.0 */
/* What a training step does beside its products, on the CPU: loops over whole arrays, shared by the
 * threads of a pool. Matrices are dense and row-major. */
#ifndef ARD_BENCH_CBLAS_LOOPS_H
#define ARD_BENCH_CBLAS_LOOPS_H

#include <stdint.h>

#include <ard/ard.h>

#include "cblas_pool.h"

/* values [batch x width] = dropout(relu(values + bias)): what `mask` keeps, multiplied by
 * 1 / (1 - rate), and all of it at rate 0. The words of the mask are not those of libard's masks,
 * only as many bits of another generator: the same for the same mask, whatever the threads. */
void cblas_activate(cblas_pool *pool, size_t batch, size_t width, const float *bias,
                    const ard_bernoulli *mask, float *values);

/* The gradient before that from the one after it, given the values after it. */
void cblas_activate_backward(cblas_pool *pool, size_t batch, size_t width, double rate,
                             const float *values, float *deltas);

/* logits [batch x classes] + bias become (softmax - onehot(label)) / batch; losses [batch] gets
 * the cross-entropy of each row. */
void cblas_softmax(cblas_pool *pool, size_t batch, size_t classes, const float *bias,
                   const int32_t *labels, float *logits, double *losses);

/* velocity [width] = momentum velocity + the sum of the rows of deltas [batch x width]. */
void cblas_add_rows(cblas_pool *pool, size_t batch, size_t width, double momentum,
                    const float *deltas, float *velocity);

/* values [count] -= rate velocity. */
void cblas_descend(cblas_pool *pool, size_t count, double rate, const float *velocity,
                   float *values);

#endif
