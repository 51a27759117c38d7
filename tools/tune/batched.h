/* SPDX-License-Identifier: Apache-2.0 */
/* Whether CLBlast multiplies equal products faster in one call than in turn: the products of a
 * layer under a tile pattern, both ways alternately. */
#ifndef ARD_TUNE_BATCHED_H
#define ARD_TUNE_BATCHED_H

#include "arena.h"

typedef struct batched_result {
    bool measured; /* the layers are large enough for tiles, and both ways agree */
    double ratio;  /* time in one call relative to in turn */
} batched_result;

/* With CLBlast's parameters of `tuning`. */
bench_outcome batched_measure(tune_arena *arena, const tune_shapes *shapes,
                              const ard_tuning *tuning, batched_result *result);

#endif
