/* SPDX-License-Identifier: Apache-2.0 */
/* One pass through a network: what steps and evaluations share. */
#ifndef ARD_MLP_PASS_H
#define ARD_MLP_PASS_H

#include "models/mlp_internal.h"

/* A layer as one pass sees it. Weights and activations are compact. */
typedef struct ard__layer_pass {
    ard_linear linear;
    ard_bernoulli mask;
    const ard_pattern *in_pattern; /* NULL: the network's inputs */
    const ard_pattern *out_pattern;
    const ard_tile_pattern *tile;
    size_t kept_in;
    size_t kept_out;
    size_t weight_count; /* of the compact weights, padding included */
    size_t weight_cols;
    size_t copy_at;          /* in the compact memory: the copies of its weights */
    size_t bias_at;          /* and its bias, */
    size_t gradient_at;      /* and its gradient, */
    size_t bias_gradient_at; /* and that of its bias, where `apart` */
    ard_matrix weights;
    ard_matrix bias;
    ard_matrix src;
    ard_matrix dst;
} ard__layer_pass;

typedef struct ard__mlp_pass {
    size_t batch; /* of a step of several groups: the group's share of it */
    bool training;
    bool apart;     /* its gradients have a place of their own, else one among the copies */
    size_t copies;  /* elements of compact memory that the copies of weights take */
    cl_mem compact; /* where the copies of weights go */
    ard__layer_pass layers[ARD_MLP_MAX_LAYERS];
} ard__mlp_pass;

/* INVALID_ARGUMENT unless the network can take a batch of this size. */
ard_status ard__mlp_check_batch(const ard_mlp *mlp, size_t batch);

/* Sizes, patterns and places of all layers of a pass without (patterns NULL) or with dropped units
 * and weights; `*count` elements of compact memory serve. */
ard_status ard__mlp_plan(ard_mlp *mlp, ard__mlp_pass *pass, size_t batch, bool training,
                         const ard_layer_pattern *patterns, size_t *count);

/* Gives the gradients of a planned pass a place of their own, from `at` on; where it ends. */
size_t ard__mlp_place_gradients(const ard_mlp *mlp, ard__mlp_pass *pass, size_t at);

/* Fetches the weights of all layers, brought up to date and without what is dropped; pass->compact
 * is set, unless nothing is behind. */
ard_status ard__mlp_fetch(ard_mlp *mlp, ard__mlp_pass *pass);

/* Enqueues the forward pass; the logits go where the last layer's dst says. */
ard_status ard__mlp_run_forward(ard_mlp *mlp, ard__mlp_pass *pass, const ard_matrix *src);

#endif
