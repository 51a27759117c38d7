/* SPDX-License-Identifier: Apache-2.0 */
/* What a multi-layer perceptron holds. */
#ifndef ARD_MLP_INTERNAL_H
#define ARD_MLP_INTERNAL_H

#include <ard/linear.h>
#include <ard/mlp.h>
#include <ard/sampler.h>

#include "device/context_internal.h"

typedef struct ard__mlp_layer {
    size_t in;
    size_t out;
    ard_parameter *weights; /* [out x in] */
    ard_parameter *bias;    /* [1 x out] */
    ard_matrix output;      /* [max_batch x out]; a step uses its first [batch x kept(out)] */
    ard_matrix masked;      /* DROPCONNECT: the weights of this step, dropped ones zero */
    uint32_t *indices;      /* INDEX: the units drawn last [index.high] */
} ard__mlp_layer;

struct ard_mlp {
    ard_context *context;
    ard_mlp_options options; /* its arrays are the network's own */
    size_t *widths;
    ard_dropout *dropout;
    ard_sgd *sgd;
    ard__mlp_layer layers[ARD_MLP_MAX_LAYERS];
    ard_matrix diff[2];   /* [max_batch x the widest output], in turn */
    ard__scratch compact; /* compact weights and gradients of a step (mlp_compact.h) */
    ard_matrix diff_bias;
    ard_matrix totals;      /* loss and hits since ard_mlp_take_training_result */
    uint64_t total_samples; /* and of how many samples */
    ard_matrix evaluation_totals;
    void *extra;
    size_t extra_size;
    char *resume_note;
};

/* The pattern of the outputs of layer `layer`; those of the last layer are all kept. */
const ard_pattern *ard__mlp_out_pattern(const ard_mlp *mlp, const ard_layer_pattern *patterns,
                                        size_t layer);

/* The tile pattern of the weights of layer `layer`; the last layer's are all kept. */
const ard_tile_pattern *ard__mlp_tile_pattern(const ard_mlp *mlp, const ard_layer_pattern *patterns,
                                              size_t layer);

/* INVALID_PATTERN unless each hidden layer's dropout can draw its pattern. */
ard_status ard__mlp_check_patterns(const ard_mlp *mlp, const ard_layer_pattern *patterns);

/* INVALID_* unless the network can be made from the options. */
ard_status ard__mlp_check_options(const ard_mlp_options *options);

/* Common multiple of the periods that a dropout can draw for the units, 1 where it draws none, 0
 * where it is too large for tables; the number of units where any may be drawn. The dropout is a
 * network's own. */
uint32_t ard__dropout_classes(const ard_dropout *dropout);

/* The same of the tile patterns of a TILE dropout. */
uint32_t ard__dropout_tile_classes(const ard_dropout *dropout);

/* Whether the distribution of a ROW or TILE dropout has the period. */
bool ard__dropout_has_period(const ard_dropout *dropout, uint32_t period);

/* Sets totals [1 x 2] to zero. */
ard_status ard__mlp_clear_totals(ard_mlp *mlp, const ard_matrix *totals);

#endif
