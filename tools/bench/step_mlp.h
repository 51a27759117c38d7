/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of a multi-layer perceptron. */
#ifndef ARD_BENCH_STEP_MLP_H
#define ARD_BENCH_STEP_MLP_H

#include "cblas_mlp.h"
#include "step.h"

/* The network of a case with dropout of a kind: its pattern's, or a baseline's at the same rates.
 */
ard_status step_create_mlp(ard_context *context, const bench_case *kase, ard_dropout_kind kind,
                           ard_mlp **mlp);

/* The network of a case on the host, for its CBLAS baseline, with conventional dropout at the
 * case's rates or without any; its parameters are zero. NULL without memory. */
cblas_mlp *step_create_cblas(const bench_case *kase, size_t batch, bool drops);

/* Learning rate and momentum of these networks. */
ard_sgd_options step_sgd(void);

/* Runs some steps on the device and in double precision on the host and compares the weights, the
 * biases and the loss after each (verify_step.c). */
bench_outcome step_verify(ard_context *context, const draw_set *set, const char *label,
                          bench_error *error);

#endif
