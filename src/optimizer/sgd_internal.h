/* SPDX-License-Identifier: Apache-2.0 */
/* What the optimizer and its parameters hold, for one another and for checkpoints. */
#ifndef ARD_SGD_INTERNAL_H
#define ARD_SGD_INTERNAL_H

#include <stdbool.h>

#include <ard/sgd.h>

#include <ard/compact.h>

#include "device/context_internal.h"

/* No weight is left behind for more steps than this: before, its parameter is swept, brought up to
 * date as a whole. It bounds the table of products; at the rates in use a sweep a thousand steps
 * costs nothing. */
enum { ARD__MAX_AGE = 1024 };

/* Ages are kept a class of rows and columns up to this many pairs of classes, or up to one pair for
 * ARD__WEIGHTS_A_CLASS weights; a table of tiles of edge 16 is not larger. */
enum { ARD__MAX_CLASSES = 4096, ARD__WEIGHTS_A_CLASS = 256 };

/* A 2 x 2 matrix that moves (weight, velocity), row by row. */
typedef struct ard__transition {
    double m[4];
} ard__transition;

struct ard_sgd {
    ard_context *context;
    ard_sgd_options options; /* schedule.rate is what ard_sgd_set_rate made of it */
    uint64_t step;
    ard__transition
        products[ARD__MAX_AGE + 1]; /* [k]: of the last k steps, the latest on the left */
    cl_mem table;        /* the products as float4, for ages an element; made when one is needed */
    uint64_t table_step; /* the step that `table` is of */
    bool table_valid;
    ard__scratch class_tables; /* those of all parameters, sent together */
    size_t class_entries;      /* of all of them */
    cl_mem one;                /* 1.0f: the factor of gradients that are not clipped */
    cl_mem clip;              /* what ard_clip_factor of sgd_clip.cl found; NULL before the first */
    ard__scratch square_sums; /* a chunk of the gradients */
    bool is_clipped;          /* in this step */
    bool has_norm;            /* of some step */
    ard_parameter *parameters; /* a list through ard_parameter.next */
};

struct ard_parameter {
    ard_sgd *sgd;
    ard_parameter *next;
    size_t rows;
    size_t cols;
    uint32_t tile_edge; /* announced, of its tile patterns; 0: it has none */
    ard__unit_classes
        row_classes; /* a single class where ages are kept an element, or not at all */
    ard__unit_classes col_classes;
    bool by_element;
    uint32_t row_stride; /* the order of rows and columns in all its buffers (unit_order.h) */
    uint32_t col_stride;
    cl_mem weights;
    cl_mem velocity; /* not of a stateless optimizer, nor are there ages of any kind */
    cl_mem ages;     /* by_element: the number of steps that each element has had, modulo 2^32 */
    uint64_t *class_steps; /* else: the same, a pair of classes [rows x cols] */
    size_t class_entries;  /* else: its share of sgd->class_tables, a float4 a class, */
    size_t table_at;       /* where that begins, */
    uint64_t table_step;   /* and the step that it catches up to */
    bool table_valid;
    uint64_t swept;       /* everything was up to date at this step */
    uint64_t updates_end; /* 1 + the step of the last update; 0 before the first */
    ard__scratch compact; /* what ard_parameter_gather hands out */
};

/* NULL of NULL. */
static inline ard_context *ard__sgd_context(const ard_sgd *sgd)
{
    return sgd != NULL ? sgd->context : NULL;
}

/* Without momentum and decay a weight without gradient does not move: nothing is ever behind, and
 * there is no velocity. */
static inline bool ard__sgd_is_stateless(const ard_sgd_options *options)
{
    return options->momentum == 0.0 && options->weight_decay == 0.0;
}

static inline bool ard__parameter_is_stateless(const ard_parameter *parameter)
{
    return ard__sgd_is_stateless(&parameter->sgd->options);
}

/* Number of pairs of classes. */
static inline size_t ard__parameter_classes(const ard_parameter *parameter)
{
    return (size_t)ard__unit_class_count(&parameter->row_classes) *
           ard__unit_class_count(&parameter->col_classes);
}

/* INVALID_ARGUMENT where a parameter has had an update in this step. */
ard_status ard__sgd_check_before_updates(const ard_sgd *sgd);

/* The catch-up matrix of one ordinary step without gradient (see sgd.h). */
ard__transition ard__sgd_transition(const ard_sgd_options *options, uint64_t step);

/* The transition that does `first`, then `second`. */
ard__transition ard__sgd_compose(const ard__transition *second, const ard__transition *first);

/* Makes sgd->one. */
ard_status ard__sgd_create_unclipped(ard_sgd *sgd);

/* A buffer of the factor, one float, that updates in this step multiply their gradients by. */
cl_mem ard__sgd_factor(const ard_sgd *sgd);

/* Makes sgd->table valid for the current step. */
ard_status ard__sgd_prepare_table(ard_sgd *sgd);

/* Brings all of a parameter up to date where it could otherwise fall too far behind. */
ard_status ard__parameter_sweep_if_due(ard_parameter *parameter);

#endif
