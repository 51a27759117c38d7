/* SPDX-License-Identifier: Apache-2.0 */
/* What a training step costs at the periods of all its dropped layers together, and which
 * distributions make it fast. libard's own, beyond the paper.
 *
 * The time of a step depends on the periods of all dropped layers together. Times measured at
 * joint periods (i_0, i_1, ...) are fitted by
 *     t = constant + sum_l inverse_l / i_l + sum_l product_l / (i_l i_(l+1))
 *         + sum_l deviation_l(i_l)
 * since the arithmetic of row patterns falls as 1/i beside a whole layer and as 1/(i j) between two
 * dropped ones, that of tile patterns as 1/i alone. deviation_l(i) is how far a period lies off
 * this curve by itself: a gather that period 1 does without, a size at which the multiplication
 * takes another kernel, blocks that are not filled.
 *
 * A distribution of mean rate p has E[1/i] = 1 - p, whichever it is. So the first terms have the
 * same expectation under all distributions of the same rates, the exact search's among them, and
 * only the deviations tell fast ones from slow ones. It follows that what its neighbours draw does
 * not change which distributions of a layer are the fastest. */
#ifndef ARD_COST_H
#define ARD_COST_H

#include <stddef.h>
#include <stdint.h>

#include <ard/distribution.h>
#include <ard/pattern.h>
#include <ard/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Dropped layers of a model. */
enum { ARD_COST_MAX_LAYERS = 64 };

/* The fitted time of a step, in the unit of the times that were given, milliseconds say. A plain
 * value of some 34 KB. What lies beyond `layers` is zero. */
typedef struct ard_cost_model {
    size_t layers;   /* dropped, 1..ARD_COST_MAX_LAYERS, in the order of the network */
    double constant; /* what a step takes whatever is dropped */
    double inverse[ARD_COST_MAX_LAYERS];                   /* of 1/i_l */
    double product[ARD_COST_MAX_LAYERS];                   /* of 1/(i_l i_(l+1)), [layers - 1] */
    double deviation[ARD_COST_MAX_LAYERS][ARD_MAX_PERIOD]; /* of layer l at period i: [l][i - 1] */
    uint32_t max_period[ARD_COST_MAX_LAYERS]; /* the longest period measured of each layer */
    double conventional; /* the time of the same step with conventional dropout */
    double misfit;       /* largest |fitted - measured| / measured of the samples */
} ard_cost_model;

/* Fits a model to `samples` times (> 0) at periods [samples x layers], 1..ARD_MAX_PERIOD each, by
 * least squares (Householder QR in double precision). The periods of each layer must vary, and at
 * least 2 * layers samples are needed; all joint periods, or many drawn evenly, serve best. The
 * deviations are fitted where there are as many samples as unknowns, one more for each period of a
 * layer beyond its second, and else are zero; so is that of a period that no sample has, and
 * what is below 1e-12 of the longest time, which is rounding. A layer's deviations have no part of
 * a constant or of 1/i in them. `conventional` (> 0) is stored. INVALID_ARGUMENT with a detail for
 * sizes, periods or times out of range (NaN too), too few samples, or samples that leave a term
 * undetermined; OUT_OF_MEMORY. */
ARD_API ard_status ard_cost_fit(size_t layers, size_t samples, const uint32_t *periods,
                                const double *milliseconds, double conventional,
                                ard_cost_model *model);

/* The fitted time at periods [layers]. Periods longer than those measured are extrapolated.
 * INVALID_ARGUMENT for NULL or a period outside 1..ARD_MAX_PERIOD. */
ARD_API ard_status ard_cost_predict(const ard_cost_model *model, const uint32_t *periods,
                                    double *milliseconds);

/* The expectation of the fitted time where each layer draws its period from a distribution of
 * [layers] by itself: model->conventional divided by it is the speed-up to expect.
 * INVALID_ARGUMENT for NULL. */
ARD_API ard_status ard_cost_expected(const ard_cost_model *model,
                                     const ard_distribution *distributions, double *milliseconds);

/* The distribution of periods 1..max_period with mean rate exactly `rate` (to 1e-12) and at least
 * `entropy_share` of the largest entropy, that of ard_distribution_exact, for which the mean of
 * `costs` [max_period] is least; costs[i - 1] is that of drawing period i. It is
 *     k_i ~ exp(theta r_i - beta costs_i),   r_i = (i - 1) / i,
 * with the beta at which the entropy is the one asked for; where the bound is slack, the vertex of
 * the linear programme, at most two periods. Of equally fast ones it is the most random: share 1,
 * and costs that are a line in r_i, give the exact search's. INVALID_RATE and INVALID_ARGUMENT as
 * ard_distribution_exact, and INVALID_ARGUMENT for costs that are not finite or a share outside
 * 0..1. */
ARD_API ard_status ard_distribution_fastest(double rate, uint32_t max_period, const double *costs,
                                            double entropy_share, ard_distribution *distribution);

/* The distributions [layers] of the given rates and longest periods ([layers] each) with the least
 * expected time by a model: for each layer the fastest with at least `entropy_share` of the
 * entropy that is possible at its rate. Errors as ard_distribution_fastest, and INVALID_ARGUMENT
 * for a max_period longer than those measured of the layer. Use one by giving it to an
 * ard_dropout of kind ROW or TILE as its `distribution`. */
ARD_API ard_status ard_distribution_cost_search(const ard_cost_model *model, const double *rates,
                                                const uint32_t *max_periods, double entropy_share,
                                                ard_distribution *distributions);

#ifdef __cplusplus
}
#endif

#endif
