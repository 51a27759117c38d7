/* SPDX-License-Identifier: Apache-2.0 */
/* Random numbers as pure functions: no state, the same bits on every host, rank, device and after a
 * resume.
 *
 * Philox 4x32-10 (Salmon et al., SC 2011) with key = seed and
 *     counter = {index, purpose << 24 | layer, step low, step high}.
 * Each purpose has a stream of its own, so that one draw never shifts another. The patterns of the
 * groups of samples of a batch (ard_mlp_options.groups) are draws of their own: those of a group
 * begin at index = group << 24, so that group 0 draws what a batch of one group does. */
#ifndef ARD_SAMPLER_H
#define ARD_SAMPLER_H

#include <stddef.h>
#include <stdint.h>

#include <ard/distribution.h>
#include <ard/pattern.h>
#include <ard/status.h>
#include <ard/tile.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a random word is for; each purpose has a stream of its own. */
typedef enum ard_purpose {
    ARD_PURPOSE_PERIOD = 0,         /* the period of a row or tile pattern */
    ARD_PURPOSE_OFFSET = 1,         /* its offset */
    ARD_PURPOSE_RESIDUES = 2,       /* how many and which a subset or index pattern keeps */
    ARD_PURPOSE_MASK = 3,           /* the elements of a conventional mask */
    ARD_PURPOSE_INITIALISATION = 4, /* initial weights */
    ARD_PURPOSE_DATA_ORDER = 5,     /* the order of the samples of an epoch */
} ard_purpose;

/* Names one draw. `layer` < 2^24. */
typedef struct ard_draw {
    uint64_t seed;       /* the key */
    uint64_t step;       /* of training */
    uint32_t layer;      /* < 2^24 */
    ard_purpose purpose; /* of the word */
    uint32_t index;      /* of the block of words */
} ard_draw;

/* The four 32-bit words of one Philox 4x32-10 block, for known-answer tests and for applications.
 */
ARD_API void ard_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t words[4]);

/* The four words of a draw. */
ARD_API void ard_draw_words(const ard_draw *draw, uint32_t words[4]);

/* A uniform integer in 0..bound-1, without bias (rejection over further words and indices from
 * draw->index on). bound >= 1. */
ARD_API uint32_t ard_draw_below(const ard_draw *draw, uint32_t bound);

/* The row pattern of (seed, layer, step, group): the period from the distribution, the offset
 * uniform over it. `group` < 2^8, here and below; 0 where all samples of a step share a pattern. */
ARD_API ard_pattern ard_sample_row(const ard_distribution *distribution, uint64_t seed,
                                   uint32_t layer, uint64_t step, uint32_t group);

/* The row pattern of (seed, layer, step, group) with the period given instead of drawn. */
ARD_API ard_pattern ard_sample_offset(uint32_t period, uint64_t seed, uint32_t layer, uint64_t step,
                                      uint32_t group);

/* The tile pattern of (seed, layer, step, group): period and offset are drawn as a row pattern's.
 */
ARD_API ard_tile_pattern ard_sample_tile(const ard_distribution *distribution, uint32_t edge,
                                         ard_tile_numbering numbering, uint64_t seed,
                                         uint32_t layer, uint64_t step, uint32_t group);

/* The tile pattern of (seed, layer, step, group) with the period given instead of drawn. */
ARD_API ard_tile_pattern ard_sample_tile_offset(uint32_t edge, ard_tile_numbering numbering,
                                                uint32_t period, uint64_t seed, uint32_t layer,
                                                uint64_t step, uint32_t group);

/* The subset pattern of (seed, layer, step, group): q as the distribution says, then every q-subset
 * of the residues equally likely. */
ARD_API ard_pattern ard_sample_subset(const ard_subset_distribution *distribution, uint64_t seed,
                                      uint32_t layer, uint64_t step, uint32_t group);

/* The index pattern of (seed, layer, step, group): as many units as the distribution says, every
 * such set equally likely: the batchwise dropout of Graham, Reizenstein and Robinson (arXiv
 * 1502.02478) with the number of units fixed. The units go into `indices` [distribution->high],
 * which is the caller's and which the pattern borrows. The distribution must be one of
 * ard_index_distribution_from_rate. */
ARD_API ard_pattern ard_sample_index(const ard_index_distribution *distribution, uint64_t seed,
                                     uint32_t layer, uint64_t step, uint32_t group,
                                     uint32_t *indices);

/* A permutation of 0..count-1 for pass `epoch` over the data (Fisher-Yates), into the caller's
 * `order`. INVALID_ARGUMENT for NULL or count > 2^32 - 1. */
ARD_API ard_status ard_sample_order(uint64_t seed, uint64_t epoch, size_t count, uint32_t *order);

/* `count` floats, uniform in [-limit, limit), for the initial weights of a layer, into the caller's
 * `values`: value i is made of word i % 4 of index i / 4, so a longer request begins with a shorter
 * one. INVALID_ARGUMENT for NULL, layer >= 2^24, a limit that is not a positive (normal) number, or
 * more values than a stream has words. */
ARD_API ard_status ard_sample_uniform(uint64_t seed, uint32_t layer, float limit, size_t count,
                                      float *values);

#ifdef __cplusplus
}
#endif

#endif
