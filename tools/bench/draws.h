/* SPDX-License-Identifier: Apache-2.0 */
/* Which patterns a repeat runs through: a stratified set of joint draws of all dropped sides.
 *
 * A draw fixes the period of every side (of subsets how many residues are kept, of index patterns
 * how many units) and has a weight; the weights sum to 1. Where all combinations are few, the set
 * is all of them with their exact probabilities; otherwise it is a Latin hypercube of equal
 * weights, so that each side sees its periods as often as its distribution says. Offsets and
 * residues are drawn afresh every pass, as in training, where no two steps have the same.
 *
 * Where a batch is groups of samples the weights are equal, and the groups go through the same set,
 * each in an order of its own. */
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
    uint32_t **indices; /* [sides], of index patterns: those drawn last */
    /* The period, or of subsets and index patterns the number kept, of each draw and side. */
    uint32_t *values; /* [DRAWS_MOST x sides] */
    /* Which of these a group has when the first one has draw d. */
    uint8_t order[ARD_MLP_MAX_GROUPS][DRAWS_MOST];
    ard_layer_pattern *patterns; /* room for those of a draw */
} draw_set;

/* The set, zero before, for a case, which must outlive it. INVALID_ARGUMENT, OUT_OF_MEMORY.
 * draws_free() frees what it holds, also after a failure; NULL is fine. */
ard_status draws_make(const bench_case *kase, draw_set *set);
void draws_free(draw_set *set);

/* The values [sides] of a draw: what it fixes. */
const uint32_t *draws_values(const draw_set *set, size_t draw);

/* The patterns [groups x sides] of draw `draw` in pass `pass`; valid until the next call. */
const ard_layer_pattern *draws_patterns(const draw_set *set, size_t draw, uint64_t pass);

#endif
