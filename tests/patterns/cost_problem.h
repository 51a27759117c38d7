/* SPDX-License-Identifier: Apache-2.0 */
/* Costs of periods, and what distributions make of them, computed anew. */
#ifndef ARD_TEST_COST_PROBLEM_H
#define ARD_TEST_COST_PROBLEM_H

#include <ard/cost.h>

/* A number in 0..1 that looks random, and the next state: the same in every run. */
double cost_next(uint64_t *state);

/* (period - 1) / period */
double cost_period_rate(uint32_t period);

/* Mean of `costs` and entropy in nats of n probabilities. */
double cost_mean(const double *probabilities, const double *costs, uint32_t n);
double cost_entropy(const double *probabilities, uint32_t n);

/* Kinds of costs: any; on either side of a curve; levels; nearly a line. */
enum { COST_KINDS = 5 };
void cost_make(size_t kind, uint32_t n, uint64_t *seed, double *costs);

/* What the search finds; fails the test where it does not succeed. */
ard_distribution cost_find(double rate, uint32_t n, const double *costs, double share);

#endif
