/* SPDX-License-Identifier: Apache-2.0 */
/* Which periods a rate is made of: the exact search beside the paper's, and what comes out when
 * patterns are drawn.
 *     search_distribution [RATE [N]]     0.5 and periods up to 4 unless told otherwise */
#include <ard/ard.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { DRAWS = 100000, WIDTH = 30 };

static void print_search(const char *name, const ard_distribution *d)
{
    printf("%-12s rate %.6f  entropy %.4f  kept %.4f  steps %u\n", name, d->achieved_rate,
           d->entropy, ard_distribution_kept_share(d), (unsigned)d->steps);
    for (uint32_t period = 1; period <= d->max_period; ++period) {
        const double k = d->probabilities[period - 1];
        printf("  period %2u  %.4f  %.*s\n", (unsigned)period, k, (int)(60.0 * k + 0.5),
               "############################################################");
    }
}

/* Draws a pattern a step, as training does, and counts how often each period came and how often
 * each neuron was dropped. Shares farther off than five standard errors would be a mistake. */
static int sample(const ard_distribution *d, double rate)
{
    unsigned periods[ARD_MAX_PERIOD] = {0}, dropped[WIDTH] = {0};
    for (uint64_t step = 0; step < DRAWS; ++step) {
        const ard_pattern pattern = ard_sample_row(d, 1, 0, step, 0);
        ++periods[pattern.period - 1];
        for (size_t neuron = 0; neuron < WIDTH; ++neuron) {
            dropped[neuron] += !ard_pattern_keeps(&pattern, neuron);
        }
    }
    const double draws = DRAWS;
    int wrong = 0;
    printf("\ndrawn %d times\n", DRAWS);
    for (uint32_t i = 0; i < d->max_period; ++i) {
        const double share = (double)periods[i] / draws, k = d->probabilities[i];
        printf("  period %2u  %.4f  expected %.4f\n", (unsigned)(i + 1), share, k);
        wrong += fabs(share - k) > 5.0 * sqrt(k * (1.0 - k) / draws) + 1e-9;
    }
    unsigned least = DRAWS, most = 0;
    for (size_t neuron = 0; neuron < WIDTH; ++neuron) {
        least = dropped[neuron] < least ? dropped[neuron] : least;
        most = dropped[neuron] > most ? dropped[neuron] : most;
    }
    const double lowest = (double)least / draws, highest = (double)most / draws;
    const double error = 5.0 * sqrt(rate * (1.0 - rate) / draws) + 1e-9;
    printf("  each of %d neurons is dropped in %.4f to %.4f of the steps, asked for %.4f\n", WIDTH,
           lowest, highest, rate);
    return wrong > 0 || lowest < rate - error || highest > rate + error;
}

int main(int argc, char **argv)
{
    const double rate = argc > 1 ? strtod(argv[1], NULL) : 0.5;
    const uint32_t longest = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 4;
    ard_distribution exact, paper;
    if (ard_distribution_exact(rate, longest, &exact) ||
        ard_distribution_sgd(rate, longest, NULL, &paper)) {
        fprintf(stderr, "failed: %s\n", ard_detail());
        return 1;
    }
    print_search("exact", &exact);
    print_search("the paper's", &paper);
    if (sample(&exact, rate)) {
        fprintf(stderr, "failed: what was drawn is not the distribution\n");
        return 1;
    }
    return 0;
}
