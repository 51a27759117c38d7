/* SPDX-License-Identifier: Apache-2.0 */
/* Stochastic gradient descent with momentum, weight decay and a schedule, exact on dropped weights.
 *
 *     v <- momentum * v + g + weight_decay * w,    w <- w - rate_t * v
 * A dropped weight has g = 0, yet the rule still moves it. Such a step is linear in (w, v),
 *     M_t = [[1 - rate_t wd, -rate_t mu], [wd, mu]],
 * so a weight that was skipped for some steps is brought up to date by the product of their M_t
 * when it is next kept. The result is the dense optimizer's; the work is proportional to what is
 * kept. Without momentum and weight decay such a weight does not move: that optimizer is stateless.
 * Its parameters are weights alone, w <- w - rate_t * g, never behind, and take every pattern.
 *
 * One ard_sgd holds the step number and the schedule; its parameters are matrices with their
 * velocity. A step is:
 *
 *     ard_parameter_gather   for each parameter, before its weights are used
 *     ard_sgd_clip           where the norm of the gradient is limited
 *     ard_parameter_update   for each parameter, with its gradient, in one part or several
 *     ard_sgd_advance        once */
#ifndef ARD_SGD_H
#define ARD_SGD_H

#include <stddef.h>
#include <stdint.h>

#include <ard/context.h>
#include <ard/matrix.h>
#include <ard/pattern.h>
#include <ard/tile.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How the learning rate changes with the step t. */
typedef enum ard_schedule_kind {
    ARD_SCHEDULE_CONSTANT = 0, /* rate */
    ARD_SCHEDULE_STEP = 1,     /* rate * factor^(t / every), whole division */
    ARD_SCHEDULE_COSINE =
        2, /* final + (rate - final) * (1 + cos(pi * min(t, every) / every)) / 2 */
} ard_schedule_kind;

/* The learning rate of every step. */
typedef struct ard_schedule {
    ard_schedule_kind kind; /* which of the fields below count */
    double rate;            /* initial learning rate, > 0 */
    double factor;          /* STEP: > 0 */
    double final_rate;      /* COSINE: >= 0 */
    uint64_t every;         /* STEP: steps between drops; COSINE: steps until final; >= 1 */
    uint64_t warmup; /* steps at the start with a share of the rate that grows from step to step:
                        (t + 1) / warmup of it at step t < warmup; 0: none */
} ard_schedule;

/* The learning rate of step `step`, counted from 0. */
ARD_API double ard_schedule_rate(const ard_schedule *schedule, uint64_t step);

/* What an optimizer does. */
typedef struct ard_sgd_options {
    ard_schedule schedule; /* of the learning rate */
    double momentum;       /* 0 <= momentum < 1 */
    double weight_decay;   /* >= 0, on every parameter, biases included */
} ard_sgd_options;

/* Constant rate 0.01, momentum 0.9, no weight decay. */
ARD_API ard_sgd_options ard_sgd_defaults(void);

/* An optimizer: the step number and what its parameters have in common. */
typedef struct ard_sgd ard_sgd;

/* A new optimizer at step 0. INVALID_ARGUMENT for options out of range. The context must outlive
 * the optimizer. */
ARD_API ard_status ard_sgd_create(ard_context *context, const ard_sgd_options *options,
                                  ard_sgd **sgd);

/* Its parameters must be destroyed before. NULL is fine. */
ARD_API void ard_sgd_destroy(ard_sgd *sgd);

/* Number of steps done. */
ARD_API uint64_t ard_sgd_step(const ard_sgd *sgd);

/* Another learning rate from the next step on, for decay on a plateau: schedule.rate of a schedule
 * that must be constant. Its warm-up, where it has one, goes on. Does not block. INVALID_ARGUMENT,
 * also for a rate that is not a positive number and in a step that has had an update. */
ARD_API ard_status ard_sgd_set_rate(ard_sgd *sgd, double rate);

/* A gradient [rows x cols], compact or not; every element counts, so padding must hold zeros. */
typedef struct ard_gradient {
    ard_matrix matrix; /* where it lies */
    size_t rows;       /* its size */
    size_t cols;       /* likewise */
} ard_gradient;

/* Limits the norm of a step's gradient: with
 *     norm = sqrt(sum of the squares of all elements of all these matrices)
 *     factor = min(1, max_norm / norm)
 * all updates until ard_sgd_advance multiply their gradients by the factor (Pascanu et al.,
 * arXiv 1211.5063, algorithm 1). It comes between the computation of the gradients and the first
 * update; a second call in a step takes the place of the first. The norm is found on the device,
 * with the same bits every time. Its relative error is at most 5e-6, but elements below 1e-19 may
 * count as zero. A norm that is not finite, or above 1e19 so that its square is not, makes the
 * factor NaN, and with it all weights that are updated. Does not block. INVALID_ARGUMENT, also
 * without gradients, for a max_norm that is not a positive number or below float32's, and in a step
 * that has had an update. */
ARD_API ard_status ard_sgd_clip(ard_sgd *sgd, double max_norm, size_t count,
                                const ard_gradient *gradients);

/* The norm that the last ard_sgd_clip found; 0 before the first. Blocks. */
ARD_API ard_status ard_sgd_gradient_norm(ard_sgd *sgd, double *norm);

/* Ends a step: the next one has the next learning rate. */
ARD_API ard_status ard_sgd_advance(ard_sgd *sgd);

/* A matrix of weights with its velocity, and how long each part was skipped. */
typedef struct ard_parameter ard_parameter;

/* What is known of the patterns that will be used on a parameter. It decides how the parameter
 * remembers for how long weights were skipped: in a table over pairs of residue classes (and of
 * tiles) of rows and columns where that is small, at most 4096 entries or one for 256 weights; else
 * by weight, which takes 4 more bytes each and serves every pattern. Index patterns need as many
 * classes as there are units, so that each has its own, or ages by weight. Parameters of a
 * stateless optimizer remember nothing, whatever is known. */
typedef struct ard_parameter_classes {
    uint32_t rows;      /* a common multiple of the periods of all patterns of its rows; 1: they are
                           never dropped; their number: any may be; 0: not known */
    uint32_t cols;      /* likewise */
    uint32_t tile_edge; /* of all its tile patterns; 0: it has none */
    uint32_t tiles;     /* a common multiple of their periods; 0: not known */
    uint32_t row_stride; /* the order of the rows in memory, and in all matrices that go in or out
                            on the device: 0, s, 2s, ..., 1, 1 + s, ..., so that those of a residue
                            class modulo s are side by side and patterns whose periods divide s
                            keep whole runs. 0 or 1: increasing; with tiles it must be that. Layers
                            that share units must agree about them. Host arrays and checkpoints are
                            in increasing order always. */
    uint32_t col_stride; /* likewise */
} ard_parameter_classes;

/* A parameter [rows x cols], weights and velocity zero. `classes` NULL: nothing is ever dropped. */
ARD_API ard_status ard_parameter_create(ard_sgd *sgd, size_t rows, size_t cols,
                                        const ard_parameter_classes *classes,
                                        ard_parameter **parameter);

/* NULL is fine. */
ARD_API void ard_parameter_destroy(ard_parameter *parameter);

/* Sets the weights from a host array [rows x cols], the velocity to zero and everything up to date.
 * Blocks. */
ARD_API ard_status ard_parameter_write(ard_parameter *parameter, const float *weights);

/* The weights and, unless NULL, the velocity, brought up to date, into host arrays [rows x cols];
 * the parameter itself does not change. The velocity of a stateless optimizer is zero. Blocks. */
ARD_API ard_status ard_parameter_read(ard_parameter *parameter, float *weights, float *velocity);

/* The kept part of the weights, brought up to date: `*weights` becomes a view of memory that the
 * parameter owns, valid until its next gather or update: [kept(rows) x kept(cols)], or under a tile
 * pattern the blocks of ard_tile_get_layout(tile, rows, cols, row_pattern, col_pattern), in the
 * order that the parameter's strides say. Nothing is copied where a view serves; the first copy
 * allocates the memory for all but larger copies of tiles of an edge that was not announced. NULL
 * patterns keep everything. INVALID_PATTERN, also for a period that does not divide the classes,
 * for an index pattern on fewer classes than units and for another tile edge, but not of a
 * stateless optimizer. Does not block. */
ARD_API ard_status ard_parameter_gather(ard_parameter *parameter, const ard_pattern *row_pattern,
                                        const ard_pattern *col_pattern,
                                        const ard_tile_pattern *tile, ard_matrix *weights);

/* Brings the kept weights up to date and applies this step with the compact gradient `diff`, laid
 * out as the gathered weights. Several updates in a step, with whatever patterns, mean the sum of
 * their gradients: a weight that was updated in this step already is moved by its gradient alone,
 *     v <- v + g,    w <- w - rate_t * g,
 * and one that no update keeps has a step without gradient. All gathers of the step come before.
 * Does not block. */
ARD_API ard_status ard_parameter_update(ard_parameter *parameter, const ard_pattern *row_pattern,
                                        const ard_pattern *col_pattern,
                                        const ard_tile_pattern *tile, const ard_matrix *diff);

#ifdef __cplusplus
}
#endif

#endif
