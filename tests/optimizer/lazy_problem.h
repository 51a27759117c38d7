/* SPDX-License-Identifier: Apache-2.0 */
/* A parameter that is trained with random patterns and gradients, against the dense optimizer in
 * double precision fed with the masked gradients. */
#ifndef ARD_TEST_LAZY_PROBLEM_H
#define ARD_TEST_LAZY_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ard/sgd.h>

/* How the pattern of a dimension, or of the tiles, is drawn each step. */
typedef enum lazy_draw {
    DRAW_ALL = 0,
    DRAW_ROW,    /* a period 1..max_period and an offset */
    DRAW_SUBSET, /* residues of the period max_period; not of tiles */
    DRAW_INDEX,  /* any units; not of tiles */
    DRAW_FIRST,  /* the row pattern of period max_period and offset 0, always */
} lazy_draw;

typedef struct lazy_dimension {
    size_t size;
    uint32_t classes; /* as ard_parameter_create takes them */
    lazy_draw draw;
    uint32_t max_period;
} lazy_dimension;

typedef struct lazy_tiles {
    uint32_t edge; /* 0: no tile patterns */
    ard_tile_numbering numbering;
    uint32_t classes; /* as ard_parameter_create takes them */
    lazy_draw draw;
    uint32_t max_period; /* less where not every offset of it keeps a tile */
    bool unannounced;    /* the parameter is created without the edge */
} lazy_tiles;

typedef struct lazy_problem {
    const char *name;
    lazy_dimension rows;
    lazy_dimension cols;
    lazy_tiles tiles;
    ard_sgd_options options;
    size_t steps;
    size_t idle;         /* of this many steps one goes without update; 0: none does */
    double clip;         /* of the global norm of a step's gradients; 0: there is no limit */
    double rate_factor;  /* of the learning rate every 13 steps; 0: it stays */
    size_t updates;      /* a step, each with patterns of its own; 0: one; at most 3 */
    uint32_t row_stride; /* of the order in memory; 0: increasing; not together with tiles */
    uint32_t col_stride;
    bool element_ages; /* ages are expected an element, not in a table of classes; without
                          momentum and decay there are none */
    uint64_t seed;
} lazy_problem;

enum { LAZY_STEPS = 200 };

/* Momentum, weight decay, and a cosine schedule over LAZY_STEPS steps. */
ard_sgd_options lazy_options(void);

/* A pattern of the dimension. Borrows indices [dimension->size], for an index pattern. */
ard_pattern lazy_draw_pattern(uint64_t *random, const lazy_dimension *dimension, uint32_t *indices);

/* A pattern of the problem's tiles. */
ard_tile_pattern lazy_draw_tile(uint64_t *random, const lazy_problem *problem);

/* Every step compares what gather returns, every 37th and the last one the whole parameter. Two
 * twins must end with the same bits: one that is only updated, never gathered or read, and one that
 * is restored from what was saved in the middle of the run. */
void check_lazy(ard_context *context, const lazy_problem *problem);

#endif
