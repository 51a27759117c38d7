/* SPDX-License-Identifier: Apache-2.0 */
/* A training run of a small network beside the same run of the double-precision reference. */
#ifndef ARD_TEST_REFERENCE_RUN_H
#define ARD_TEST_REFERENCE_RUN_H

#include <ard/mlp.h>

#include "models/toy.h"
#include "support/reference_model.h"

enum { SAMPLES = 97, INPUTS = 13, CLASSES = 6, STEPS = 24, MAX_BATCH = 16 };

extern const size_t reference_run_widths[4];

typedef struct reference_run {
    ard_context *context;
    ard_mlp *mlp;
    toy_data data;
    double *src;
    reference_net net;
    reference_net velocity;
    reference_net gradient;
    reference_net part; /* the gradient of a group of samples */
} reference_run;

reference_run reference_run_begin(ard_context *context, const ard_mlp_options *options);
void reference_run_end(reference_run *r);

/* Step `t` of both, on the samples from `first` on. */
void reference_run_step(reference_run *r, const ard_mlp_options *options, uint64_t t, size_t first,
                        size_t batch);

/* That both are as near as rounding lets them be: in weights and biases, and in what they make of
 * so many samples. */
void reference_run_compare(const reference_run *r, const char *name);
void reference_run_evaluate(reference_run *r, size_t samples);

/* The same of one matrix. */
void reference_run_values(const char *name, const char *what, size_t rows, size_t cols,
                          const double *actual, const double *expected);

/* A whole run, in batches of changing sizes, the last one of a pass smaller. */
void reference_run_check(ard_context *context, const ard_mlp_options *options, const char *name);

/* One of a few optimizers, so that all schedules are used with and without weight decay. */
ard_sgd_options reference_run_optimizer(size_t variant);

#endif
