/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

#include <math.h>

#include "input.h"
#include "step_mlp.h"

enum { PROBE_STEPS = 3 };

/* A small step that takes longer than this (in ms) says enough. */
#define SLOW_STEP 500.0

/* Steps of a network with two equal hidden layers, the first unmeasured; the shortest time. */
static bench_outcome shortest_step(ard_context *context, const bench_case *kase,
                                   double *milliseconds)
{
    bench_input input = {0};
    ard_mlp *mlp = NULL;
    bench_outcome outcome = input_create(context, kase->batch, kase->widths[0],
                                         kase->widths[kase->layers], kase->seed, &input);
    if (outcome == BENCH_DONE) {
        outcome = measure_outcome(step_create_mlp(context, kase, ARD_DROPOUT_BERNOULLI, &mlp));
    }
    *milliseconds = HUGE_VAL;
    for (int i = 0; i <= PROBE_STEPS && outcome == BENCH_DONE; i++) {
        const double start = timing_now();
        ard_status status =
            ard_mlp_step(mlp, kase->batch, &input.matrix, &input.device_labels, NULL);
        if (status == ARD_STATUS_SUCCESS) {
            status = ard_context_finish(context);
        }
        outcome = measure_outcome(status);
        *milliseconds = i > 0 ? fmin(*milliseconds, timing_now() - start) : HUGE_VAL;
    }
    ard_mlp_destroy(mlp);
    input_destroy(&input);
    return outcome;
}

bench_outcome probe_speed(ard_context *context, uint64_t seed, double *speed)
{
    static const struct {
        size_t hidden;
        size_t batch;
    } sizes[] = {{256, 32}, {1024, 128}};
    bench_outcome outcome = BENCH_DONE;
    double milliseconds = 0;
    for (size_t i = 0; i < 2 && outcome == BENCH_DONE && milliseconds < SLOW_STEP; i++) {
        bench_case kase = {
            .kind = BENCH_STEP,
            .pattern = ARD_DROPOUT_ROW,
            .batch = sizes[i].batch,
            .layers = 3,
            .widths = {784, sizes[i].hidden, sizes[i].hidden, 10},
            .sides = 2,
            .seed = seed,
        };
        outcome = measure_outcome(case_set_rates(&kase, (const double[]){0.5, 0.5}));
        if (outcome == BENCH_DONE) {
            outcome = shortest_step(context, &kase, &milliseconds);
            *speed = case_flops(&kase, NULL) / milliseconds;
        }
    }
    return outcome;
}
