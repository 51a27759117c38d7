/* SPDX-License-Identifier: Apache-2.0 */
/* A multi-layer perceptron for classification, trained with dropout on its hidden layers or on the
 * weights into them.
 *
 * Linear layers with ReLU between them, softmax cross-entropy on top, momentum SGD. Every random
 * choice is a function of the seed and the step, so a run can be repeated, and resumed to the same
 * bits. */
#ifndef ARD_MLP_H
#define ARD_MLP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/context.h>
#include <ard/distribution.h>
#include <ard/loss.h>
#include <ard/matrix.h>
#include <ard/pattern.h>
#include <ard/sgd.h>
#include <ard/tile.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is dropped, and how. */
typedef enum ard_dropout_kind {
    ARD_DROPOUT_NONE = 0,        /* nothing is dropped */
    ARD_DROPOUT_BERNOULLI = 1,   /* conventional: every output of every sample by itself */
    ARD_DROPOUT_ROW = 2,         /* a row pattern a step */
    ARD_DROPOUT_SUBSET = 3,      /* a subset pattern a step */
    ARD_DROPOUT_TILE = 4,        /* a tile pattern a step, on the weights into the layer */
    ARD_DROPOUT_DROPCONNECT = 5, /* DropConnect: each of those weights by itself, for all samples of
                                    a step alike; not behind a layer of ROW, SUBSET or INDEX */
    ARD_DROPOUT_INDEX = 6,       /* an index pattern a step */
} ard_dropout_kind;

/* How kept units, or kept weights, are scaled so that their expectation does not change. */
typedef enum ard_scale_kind {
    ARD_SCALE_RATE = 0,   /* by 1 / (1 - rate): unbiased over the distribution */
    ARD_SCALE_PERIOD = 1, /* by period / (number of kept residues), for INDEX width / (number of
                             kept units): unbiased given the pattern */
} ard_scale_kind;

/* What a step keeps of one hidden layer: its units, and tiles of the weights into it. */
typedef struct ard_layer_pattern {
    ard_pattern units;      /* the kept outputs of the layer */
    ard_tile_pattern tiles; /* the kept tiles of the weights into it */
} ard_layer_pattern;

/* The pattern that keeps everything. */
ARD_API ard_layer_pattern ard_layer_pattern_all(void);

/* Dropout on one hidden layer. Zero-initialised: none. */
typedef struct ard_dropout {
    ard_dropout_kind kind;             /* which of the fields below count */
    ard_scale_kind scale;              /* of what is kept */
    double rate;                       /* 0 <= rate < 1 */
    ard_distribution distribution;     /* ROW, TILE: of the periods */
    ard_subset_distribution subset;    /* SUBSET */
    uint32_t tile_edge;                /* TILE */
    ard_tile_numbering tile_numbering; /* TILE */
    ard_index_distribution index;      /* INDEX: what a network made of the rate, which is what
                                          counts, and the layer's width */
} ard_dropout;

/* Dropout of a kind at a rate, with the distribution that the kind needs: for ROW and TILE the
 * exact one over periods up to `max_period` (0: the default for the rate); for SUBSET `max_period`
 * is the period (0: chosen from the rate). TILE has edge 32 and diagonal numbering; set the fields
 * for others. INDEX takes no period; ard_mlp_create finds its distribution, because it depends on
 * the width. INVALID_RATE, INVALID_ARGUMENT. */
ARD_API ard_status ard_dropout_init(ard_dropout_kind kind, double rate, uint32_t max_period,
                                    ard_scale_kind scale, ard_dropout *dropout);

enum { ARD_MLP_MAX_LAYERS = 64, ARD_MLP_MAX_GROUPS = 255 };

/* What a network is made of. */
typedef struct ard_mlp_options {
    size_t layers;              /* linear layers, 1..ARD_MLP_MAX_LAYERS */
    const size_t *widths;       /* [layers + 1]: inputs, hidden widths, classes */
    const ard_dropout *dropout; /* [layers - 1], one a hidden layer; NULL: none anywhere */
    size_t max_batch;           /* the largest batch of a step */
    uint64_t seed;              /* of initial weights, patterns and masks */
    ard_sgd_options sgd;        /* momentum SGD and its schedule */
    uint32_t groups; /* of samples in a batch, each with patterns of its own, so that the gradient
                        of a step is a mean over so many sub-networks; 0 or 1: one. Above 1 some
                        hidden layer has patterns and none BERNOULLI or DROPCONNECT. At most
                        ARD_MLP_MAX_GROUPS. Each takes device memory for a gradient of what it
                        keeps */
    bool dropout_varies; /* make room for every dropout of ard_mlp_set_dropout(), not only for what
                            `dropout` can draw */
} ard_mlp_options;

/* A network with its training state. */
typedef struct ard_mlp ard_mlp;

/* A new network, weights uniform with He's variance 2 / in from (seed, layer), biases zero. All
 * device memory that a step needs is allocated here. The context must outlive it. INVALID_ARGUMENT,
 * INVALID_PATTERN (a period above the width, or with which a grid of tiles is left without one),
 * INVALID_RATE (of INDEX: that keeps less than one unit), *_OUT_OF_MEMORY. */
ARD_API ard_status ard_mlp_create(ard_context *context, const ard_mlp_options *options,
                                  ard_mlp **mlp);

/* NULL is fine. */
ARD_API void ard_mlp_destroy(ard_mlp *mlp);

/* What it was made with, `groups` 1 where it was 0, and the dropout that it has now; the arrays
 * live as long as the network. */
ARD_API const ard_mlp_options *ard_mlp_get_options(const ard_mlp *mlp);

/* Number of training steps done. */
ARD_API uint64_t ard_mlp_steps_done(const ard_mlp *mlp);

/* Number of patterns of a step: groups x (layers - 1). Those of the hidden layers of the first
 * group come first, then those of the second. */
ARD_API size_t ard_mlp_pattern_count(const ard_mlp *mlp);

/* Takes another dropout [layers - 1] from the next step on, for a rate that changes while the
 * network trains, as in curriculum dropout (Morerio et al., arXiv 1703.06229). Rates and scales are
 * free; a layer's kind, the edge and numbering of its tiles and the period of its subsets stay. A
 * ROW or TILE layer takes the periods that the network was made with, a SUBSET layer at most the
 * residues, an INDEX layer at most the units. With `dropout_varies` that is all periods from 1 to
 * the largest of its distribution (to what the layer's units or tiles serve, if that is less), all
 * residues or all units. Copies, allocates nothing, does not block; the patterns of a step are a
 * function of seed, layer, step, group and the dropout of that step. INVALID_ARGUMENT,
 * INVALID_RATE, INVALID_PATTERN, and the dropout is what it was. */
ARD_API ard_status ard_mlp_set_dropout(ard_mlp *mlp, const ard_dropout *dropout);

/* One training step on src [batch x widths[0]] and its labels, batch <= max_batch: patterns of
 * (seed, layer, step, group), forward, backward, and one update with the mean gradient of all
 * samples. Group k of g has the rows batch * k / g to batch * (k + 1) / g (whole divisions) of the
 * batch; where it is smaller than g some have none. Enqueues and flushes, does not block. `event`
 * as everywhere. A failure may leave some layers updated and others not: the step did not count
 * then, and the network should be loaded from a checkpoint. */
ARD_API ard_status ard_mlp_step(ard_mlp *mlp, size_t batch, const ard_matrix *src,
                                const ard_labels *labels, cl_event *event);

/* The same with the patterns of the hidden layers given ([ard_mlp_pattern_count]) in place of
 * sampled ones: for measurements and tests. They must be such as the dropout of the layer can draw:
 * what it does not drop in patterns is kept as a whole. */
ARD_API ard_status ard_mlp_step_with_patterns(ard_mlp *mlp, const ard_layer_pattern *patterns,
                                              size_t batch, const ard_matrix *src,
                                              const ard_labels *labels, cl_event *event);

/* The patterns that ard_mlp_step uses at step `step` under the dropout that the network has now,
 * into patterns [ard_mlp_pattern_count]. Index patterns borrow memory of the network, until the
 * next call of this or of ard_mlp_step. */
ARD_API ard_status ard_mlp_patterns(const ard_mlp *mlp, uint64_t step, ard_layer_pattern *patterns);

/* Floating point operations (2 a multiply-add) of the products of one step with these patterns
 * (NULL: dense): forward, backward to weights and, but for the first layer, backward to data, of
 * each group with its number of samples. */
ARD_API ard_status ard_mlp_step_flops(const ard_mlp *mlp, size_t batch,
                                      const ard_layer_pattern *patterns, double *flops);

/* How well samples were classified. */
typedef struct ard_mlp_result {
    uint64_t samples; /* that were counted */
    uint64_t correct; /* whose largest logit is their label's */
    double loss;      /* mean cross-entropy in nats */
} ard_mlp_result;

/* Loss and hits of the training steps since the last call, with their dropout, before each update.
 * Blocks. */
ARD_API ard_status ard_mlp_take_training_result(ard_mlp *mlp, ard_mlp_result *result);

/* Evaluates src [samples x widths[0]] without dropout. Blocks; changes nothing that training sees.
 */
ARD_API ard_status ard_mlp_evaluate(ard_mlp *mlp, size_t samples, const ard_matrix *src,
                                    const ard_labels *labels, ard_mlp_result *result);

/* The logits [batch x classes] of src [batch x widths[0]] without dropout, batch <= max_batch. Does
 * not block. */
ARD_API ard_status ard_mlp_forward(ard_mlp *mlp, size_t batch, const ard_matrix *src,
                                   const ard_matrix *logits, cl_event *event);

/* Weights [widths[l + 1] x widths[l]] and bias [widths[l + 1]] of layer l, brought up to date, to
 * host arrays of the caller's (either may be NULL). Blocks. */
ARD_API ard_status ard_mlp_read_layer(ard_mlp *mlp, size_t layer, float *weights, float *bias);

/* Sets the weights and bias of layer l from host arrays (neither NULL); velocity becomes zero.
 * Blocks. */
ARD_API ard_status ard_mlp_write_layer(ard_mlp *mlp, size_t layer, const float *weights,
                                       const float *bias);

/* Writes everything that a resumed run needs (options, dropout as it is now, step, weights,
 * velocity, ages, and up to 64 KiB of the application's own bytes) to `path`: beside it first, then
 * renamed, so that an interrupted save leaves the earlier file. Blocks. IO, INVALID_ARGUMENT. */
ARD_API ard_status ard_mlp_save(ard_mlp *mlp, const char *path, const void *extra,
                                size_t extra_size);

/* The network saved at `path`; training goes on with the same bits on the same device and versions.
 * FORMAT with a detail for a damaged, truncated or foreign file; IO. */
ARD_API ard_status ard_mlp_load(ard_context *context, const char *path, ard_mlp **mlp);

/* The application's bytes from the checkpoint it was loaded from; NULL and 0 otherwise. Borrowed.
 */
ARD_API const void *ard_mlp_extra(const ard_mlp *mlp, size_t *extra_size);

/* NULL when the network was made new or loaded where it was saved; otherwise a sentence that says
 * what differs (device, driver, versions, engine parameters), so that the same bits cannot be
 * expected. Borrowed. */
ARD_API const char *ard_mlp_resume_note(const ard_mlp *mlp);

#ifdef __cplusplus
}
#endif

#endif
