/* SPDX-License-Identifier: Apache-2.0 */
/* What a multi-layer perceptron holds. */
#ifndef ARD_MLP_INTERNAL_H
#define ARD_MLP_INTERNAL_H

#include <ard/linear.h>
#include <ard/mlp.h>
#include <ard/sampler.h>

#include "device/context_internal.h"
#include "models/dropout_internal.h"

typedef struct ard__mlp_layer {
    size_t in;
    size_t out;
    ard_parameter *weights; /* [out x in] */
    ard_parameter *bias;    /* [1 x out] */
    ard_matrix output;      /* [max_batch x out]; a step uses its first [batch x kept(out)] */
    ard_matrix masked;      /* DROPCONNECT: the weights of this step, dropped ones zero */
    uint32_t *indices;      /* INDEX: the units drawn last, [groups x the room's] */
} ard__mlp_layer;

struct ard_mlp {
    ard_context *context;
    ard_mlp_options options;      /* its arrays are the network's own */
    struct ard__mlp_pass *passes; /* of a step, one a group */
    ard_layer_pattern *patterns;  /* of a step, [ard_mlp_pattern_count] */
    size_t *widths;
    ard_dropout *dropout;
    ard__dropout_room rooms[ARD_MLP_MAX_LAYERS];
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

/* NULL of NULL. */
static inline ard_context *ard__mlp_context(const ard_mlp *mlp)
{
    return mlp != NULL ? mlp->context : NULL;
}

/* Ends an operation on so many samples (0: on none), under the patterns of a step (NULL: dropping
 * nothing), described where it is to be (operation.h). Returns the status. */
ard_status ard__mlp_end(ard_context *context, const ard_mlp *mlp, size_t batch,
                        const ard_layer_pattern *patterns, ard_status status);

/* The pattern of the outputs of layer `layer`; those of the last layer are all kept. */
const ard_pattern *ard__mlp_out_pattern(const ard_mlp *mlp, const ard_layer_pattern *patterns,
                                        size_t layer);

/* The tile pattern of the weights of layer `layer`; the last layer's are all kept. */
const ard_tile_pattern *ard__mlp_tile_pattern(const ard_mlp *mlp, const ard_layer_pattern *patterns,
                                              size_t layer);

/* The first row of the batch that is of group `group`, and the first of none for the number of
 * groups. */
static inline size_t ard__mlp_group_start(const ard_mlp *mlp, size_t batch, size_t group)
{
    return batch * group / mlp->options.groups;
}

/* The patterns of a group among those of all; NULL is none. */
static inline const ard_layer_pattern *
ard__mlp_group_patterns(const ard_mlp *mlp, const ard_layer_pattern *patterns, size_t group)
{
    return patterns != NULL ? patterns + group * (mlp->options.layers - 1) : NULL;
}

/* INVALID_PATTERN unless each hidden layer's dropout can draw its pattern, in every group. */
ard_status ard__mlp_check_patterns(const ard_mlp *mlp, const ard_layer_pattern *patterns);

/* INVALID_* unless the network can be made from the options. */
ard_status ard__mlp_check_options(const ard_mlp_options *options);

/* ard_mlp_create() with rooms [layers - 1] that fit the options, NULL: such as these ask for. */
ard_status ard__mlp_create(ard_context *context, const ard_mlp_options *options,
                           const ard__dropout_room *rooms, ard_mlp **mlp);

/* The room that hidden layer `layer` of a network with checked options asks for. */
ard__dropout_room ard__dropout_room_of(const ard_mlp_options *options, size_t layer);

/* Whether it is a room of that layer, of any size. */
bool ard__dropout_room_fits(const ard__dropout_room *room, const ard_mlp_options *options,
                            size_t layer);

/* INVALID_PATTERN unless there is room for what the dropout of hidden layer `layer` can draw. */
ard_status ard__dropout_room_check(const ard__dropout_room *room, const ard_mlp_options *options,
                                   size_t layer);

/* Finds the distributions of INDEX dropout from its rates and the widths. */
ard_status ard__dropout_count_units(ard_mlp *mlp);

/* Sets totals [1 x 2] to zero. */
ard_status ard__mlp_clear_totals(ard_mlp *mlp, const ard_matrix *totals);

#endif
