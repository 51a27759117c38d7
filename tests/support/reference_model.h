/* SPDX-License-Identifier: Apache-2.0 */
/* The optimizer and the multi-layer perceptron in double precision: every weight in every step,
 * dropped ones with gradient zero. */
#ifndef ARD_TEST_REFERENCE_MODEL_H
#define ARD_TEST_REFERENCE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/linear.h>
#include <ard/mlp.h>
#include <ard/sgd.h>

double reference_rate(const ard_schedule *schedule, uint64_t step);

/* v <- momentum v + g + weight_decay w, w <- w - rate v. */
void reference_sgd(const ard_sgd_options *options, uint64_t step, size_t count, double *weights,
                   double *velocity, const double *gradient);

/* Weights and biases of a network, or their velocities or gradients. */
typedef struct reference_net {
    size_t layers;
    size_t widths[ARD_MLP_MAX_LAYERS + 1];
    double *weights[ARD_MLP_MAX_LAYERS]; /* [widths[l + 1] x widths[l]] */
    double *bias[ARD_MLP_MAX_LAYERS];    /* [widths[l + 1]] */
} reference_net;

/* All zero. */
reference_net reference_net_create(size_t layers, const size_t *widths);
void reference_net_destroy(reference_net *net);

/* sum += share * part. */
void reference_net_add(reference_net *sum, double share, const reference_net *part);

/* The weights and biases that the library's network has now. */
void reference_net_read(reference_net *net, ard_mlp *mlp);

/* The dropout of one step, a hidden layer each. */
typedef struct reference_dropout {
    ard_layer_pattern patterns[ARD_MLP_MAX_LAYERS];
    float scales[ARD_MLP_MAX_LAYERS];        /* of outputs */
    float weight_scales[ARD_MLP_MAX_LAYERS]; /* of the weights into them */
    bool masked[ARD_MLP_MAX_LAYERS];         /* outputs, by masks[] */
    bool connected[ARD_MLP_MAX_LAYERS];      /* weights, by masks[] */
    ard_bernoulli masks[ARD_MLP_MAX_LAYERS];
} reference_dropout;

/* Nothing dropped, nothing scaled. */
reference_dropout reference_no_dropout(void);

enum { REFERENCE_MAX_INDEX_WIDTH = 1024 };

/* What step `step` of a network with these options drops for a group of samples. Index patterns, of
 * at most that many units, are good until the next call. */
reference_dropout reference_sampled_dropout(const ard_mlp_options *options, uint64_t step,
                                            uint32_t group);

/* The same with these patterns in place of sampled ones. */
reference_dropout reference_given_dropout(const ard_mlp_options *options, uint64_t step,
                                          const ard_layer_pattern *patterns);

/* The mean loss of a batch. `gradient`, unless NULL, is overwritten with its derivatives, zero
 * where dropped. `hits` unless NULL gets the number of right answers. `margin` unless NULL gets the
 * smallest absolute value that any kept ReLU saw. `logits` unless NULL gets [batch x classes]. */
typedef struct reference_outputs {
    reference_net *gradient;
    double *hits;
    double *margin;
    double *logits;
} reference_outputs;

double reference_net_loss(const reference_net *net, const reference_dropout *dropout, size_t batch,
                          const double *src, const int32_t *labels,
                          const reference_outputs *outputs);

/* One optimizer step on everything. */
void reference_net_update(const ard_sgd_options *options, uint64_t step, reference_net *net,
                          reference_net *velocity, const reference_net *gradient);

#endif
