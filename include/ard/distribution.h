/* SPDX-License-Identifier: Apache-2.0 */
/* How often each period is drawn: probabilities k_1..k_N with mean rate sum k_i (i-1)/i = p.
 *
 * A distribution is a plain value. It is searched once, before training; sampling from it is in
 * sampler.h. Source: Song et al., arXiv 1805.08939, section III-C and algorithm 1; the exact search
 * is the maximum-entropy solution of the same problem, k_i ~ exp(theta * (i-1)/i). */
#ifndef ARD_DISTRIBUTION_H
#define ARD_DISTRIBUTION_H

#include <stddef.h>
#include <stdint.h>

#include <ard/pattern.h>
#include <ard/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How often each period 1..N is drawn: the paper's K. A plain value. */
typedef struct ard_distribution {
    uint32_t max_period;                  /* N, 1..ARD_MAX_PERIOD */
    double probabilities[ARD_MAX_PERIOD]; /* k_i at [i - 1]; zero from N on; they sum to 1 */
    uint64_t cumulative[ARD_MAX_PERIOD];  /* k_1 + .. + k_i in units of 2^-32, [N - 1] == 2^32 */
    double rate;                          /* the rate asked for */
    double achieved_rate;                 /* sum k_i (i-1)/i */
    double entropy;                       /* -sum k_i ln k_i, in nats */
    uint32_t steps;                       /* iterations that the search took */
} ard_distribution;

/* Settings of the paper's search. A field left zero takes its default, that of
 * ard_distribution_sgd_defaults(). */
typedef struct ard_distribution_sgd_options {
    double rate_weight;   /* l1, in (0, 1); the entropy's weight is l2 = 1 - l1 */
    double learning_rate; /* of the gradient descent on v, > 0 */
    double tolerance;     /* stop when no k_i moved by more than this in a step, > 0 */
    uint32_t max_steps;   /* or after this many steps, >= 1 */
} ard_distribution_sgd_options;

/* The settings that the paper's search has by itself. */
ARD_API ard_distribution_sgd_options ard_distribution_sgd_defaults(void);

/* The highest rate that periods up to `max_period` can reach: (N-1)/N. */
ARD_API double ard_distribution_rate_limit(uint32_t max_period);

/* The default N for a rate: the smallest integer above 1/(1-rate). INVALID_RATE for a rate that is
 * NaN, negative or needs more than ARD_MAX_PERIOD. */
ARD_API ard_status ard_distribution_default_max_period(double rate, uint32_t *max_period);

/* The most random distribution with mean rate exactly `rate` (to 1e-12): k_i ~ exp(theta *
 * (i-1)/i), theta by safeguarded Newton. Rate 0 and the limit are closed cases. INVALID_RATE unless
 * 0 <= rate <= (N-1)/N, INVALID_ARGUMENT unless 1 <= max_period <= ARD_MAX_PERIOD. */
ARD_API ard_status ard_distribution_exact(double rate, uint32_t max_period,
                                          ard_distribution *distribution);

/* The paper's algorithm 1: k = softmax(v), gradient descent on
 *     l1 * (sum k_i r_i - rate)^2 + l2 * (1/N) * sum k_i ln k_i,   r_i = (i-1)/i.
 * `options` may be NULL for the defaults. The rate reached is reported, not corrected. Errors as
 * for ard_distribution_exact, and INVALID_ARGUMENT for options out of range. */
ARD_API ard_status ard_distribution_sgd(double rate, uint32_t max_period,
                                        const ard_distribution_sgd_options *options,
                                        ard_distribution *distribution);

/* A distribution from given probabilities (non-negative, sum 1 within 1e-9, else INVALID_ARGUMENT),
 * with the derived fields filled in. `rate` and `achieved_rate` are both its mean rate. */
ARD_API ard_status ard_distribution_from_probabilities(const double *probabilities,
                                                       uint32_t max_period,
                                                       ard_distribution *distribution);

/* Expected kept share E[1/period] = 1 - achieved_rate. */
ARD_API double ard_distribution_kept_share(const ard_distribution *distribution);

/* Subset patterns with mean kept share exactly 1 - rate: the smallest period in 8..64 with q/period
 * exactly 1 - rate (within 1e-9), else period 16 with q the floor or the ceiling of 16 (1 - rate),
 * the higher one with probability `high_probability`. */
typedef struct ard_subset_distribution {
    uint32_t period;         /* of which residues are kept */
    uint32_t low;            /* residues kept, >= 1 */
    uint32_t high;           /* low or low + 1 */
    uint64_t high_threshold; /* high_probability in units of 2^-32, 0..2^32 */
    double high_probability; /* of drawing `high` */
    double rate;             /* the rate asked for */
} ard_subset_distribution;

/* INVALID_RATE unless 0 <= rate and at least one residue of the period can be kept at that rate
 * (rate <= 1 - 1/64 where a period matches exactly, else 1 - 1/16). `period` 0 chooses as above;
 * another (1..64) is used as given. */
ARD_API ard_status ard_subset_distribution_from_rate(double rate, uint32_t period,
                                                     ard_subset_distribution *distribution);

/* The widest layer that index patterns are drawn for. */
enum { ARD_MAX_INDEX_WIDTH = 1 << 25 };

/* Index patterns of `width` units with mean kept share exactly 1 - rate: (1 - rate) * width units
 * where that is whole (within 1e-9 of the width), else its floor or its ceiling, the higher one
 * with probability `high_probability`. */
typedef struct ard_index_distribution {
    uint32_t width;          /* units of the layer */
    uint32_t low;            /* units kept, >= 1 */
    uint32_t high;           /* low or low + 1 */
    uint64_t high_threshold; /* high_probability in units of 2^-32, 0..2^32 */
    double high_probability; /* of drawing `high` */
    double rate;             /* the rate asked for */
} ard_index_distribution;

/* INVALID_RATE unless 0 <= rate <= 1 - 1/width, so that at least one unit is kept; INVALID_ARGUMENT
 * unless 1 <= width <= ARD_MAX_INDEX_WIDTH. */
ARD_API ard_status ard_index_distribution_from_rate(double rate, size_t width,
                                                    ard_index_distribution *distribution);

#ifdef __cplusplus
}
#endif

#endif
