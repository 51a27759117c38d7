/* SPDX-License-Identifier: Apache-2.0 */
/* Which patterns a repeat runs through: a stratified set of joint draws of all dropped sides.
 *
 * A draw fixes the period of every side (of subsets how many residues are kept, of index patterns
 * how many units) and has a weight; the weights sum to 1. Where all combinations are few, the set
 * is all of them with their exact probabilities; otherwise it is a Latin hypercube of equal
 * weights, so that each side sees its periods as often as its distribution says. Offsets and
 * residues are drawn afresh every pass, as in training, where no two steps have the same. */
#ifndef ARD_BENCH_DRAWS_H
#define ARD_BENCH_DRAWS_H

#include "case.h"

enum {
    DRAWS_MOST = 64,  /* combinations that are enumerated, and draws where there are more */
    DRAWS_FEWEST = 8, /* a smaller set is repeated: its offsets still vary */
};

typedef struct draw_set {
    const bench_case *kase;
    size_t count;
    double weights[DRAWS_MOST];
    uint32_t *indices[ARD_MLP_MAX_LAYERS]; /* of index patterns: those drawn last, one a side */
    /* The period, or of subsets and index patterns the number kept, of each draw and side. */
    uint32_t values[DRAWS_MOST][ARD_MLP_MAX_LAYERS];
} draw_set;

/* The set, zero before, for a case, which must outlive it. INVALID_ARGUMENT, OUT_OF_MEMORY. */
ard_status draws_make(const bench_case *kase, draw_set *set);

/* Frees what a set holds, also one that was not made. */
void draws_release(draw_set *set);

/* The patterns of draw `draw` in pass `pass`, into patterns [sides]. Index patterns borrow the
 * set's memory, until the next call. */
void draws_patterns(const draw_set *set, size_t draw, uint64_t pass, ard_layer_pattern *patterns);

#endif
