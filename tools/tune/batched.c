/* SPDX-License-Identifier: Apache-2.0 */
#include "batched.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "timing.h"
#include "verify.h"

enum { IN_TURN, IN_ONE_CALL, WAYS };
enum { PERIOD = 2, LARGEST_EDGE = 32, SMALLEST_EDGE = 4, REPEATS = 9 };

typedef struct tiled_layer {
    ard_linear linear;
    ard_matrix src; /* also the gradient before the activation */
    ard_matrix weights;
    ard_matrix dst;
} tiled_layer;

/* The layer of the largest product under tiles of the largest edge that makes several groups. */
static bool make_layer(const tune_arena *arena, const tune_shapes *shapes, tiled_layer *layer)
{
    tune_shape products[3];
    verify_largest_layer(shapes, products);
    layer->linear = ard_linear_init(products[0].m, products[0].k, products[0].n);
    layer->linear.compact = true;
    for (uint32_t edge = LARGEST_EDGE; edge >= SMALLEST_EDGE; edge /= 2) {
        ard_tile_layout layout;
        const ard_status status = ard_tile_init(edge, ARD_TILE_DIAGONAL, PERIOD, 0,
                                                &layer->linear.tile) == ARD_STATUS_SUCCESS
                                      ? ard_tile_get_layout(&layer->linear.tile, products[0].n,
                                                            products[0].k, NULL, NULL, &layout)
                                      : ARD_STATUS_INVALID_PATTERN;
        if (status == ARD_STATUS_SUCCESS && layout.groups > 1 &&
            layout.groups * layout.rows * layout.cols <= arena->b_room) {
            layer->src = (ard_matrix){arena->a.buffer, 0, products[0].k};
            layer->weights = (ard_matrix){arena->b.buffer, 0, layout.cols};
            layer->dst = (ard_matrix){arena->c.buffer, 0, products[0].n};
            return true;
        }
    }
    return false;
}

/* Forward alone: backward is the same batches of other operands. */
static ard_status run(ard_context *context, const tiled_layer *layer)
{
    return ard_linear_forward(context, &layer->linear, &layer->src, &layer->weights, NULL,
                              &layer->dst, NULL);
}

static bench_outcome read_product(tune_arena *arena, ard_context *context, const tiled_layer *layer,
                                  float *values)
{
    const size_t rows = layer->linear.batch;
    const size_t cols = layer->linear.out;
    ard_status status = ard_matrix_write(context, rows, cols, arena->poison, &layer->dst);
    if (status == ARD_STATUS_SUCCESS) {
        status = run(context, layer);
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_matrix_read(context, rows, cols, &layer->dst, values);
    }
    return measure_outcome(status);
}

/* Whether both ways give the same product, up to the rounding of the operands, which are below 1.
 */
static bench_outcome compare(tune_arena *arena, ard_context *const contexts[WAYS],
                             const tiled_layer *layer, bool *agree)
{
    const size_t count = layer->linear.batch * layer->linear.out;
    const double terms = (double)layer->linear.in;
    const double bound = 2 * (terms + 4) * FLT_EPSILON * terms;
    float *other = calloc(count, sizeof *other);
    if (other == NULL) {
        return BENCH_NO_MEMORY;
    }
    bench_outcome outcome = read_product(arena, contexts[IN_TURN], layer, other);
    if (outcome == BENCH_DONE) {
        outcome = read_product(arena, contexts[IN_ONE_CALL], layer, arena->got);
    }
    *agree = outcome == BENCH_DONE;
    for (size_t i = 0; i < count && *agree; i++) {
        *agree = fabs((double)other[i] - (double)arena->got[i]) <= bound;
    }
    free(other);
    return outcome;
}

static bench_outcome time_ways(ard_context *const contexts[WAYS], const tiled_layer *layer,
                               double *ratio)
{
    double times[WAYS][REPEATS];
    bench_outcome outcome = BENCH_DONE;
    for (size_t repeat = 0; repeat < REPEATS; repeat++) {
        for (size_t way = 0; way < WAYS && outcome == BENCH_DONE; way++) {
            const double start = timing_now();
            ard_status status = run(contexts[way], layer);
            if (status == ARD_STATUS_SUCCESS) {
                status = ard_context_finish(contexts[way]);
            }
            times[way][repeat] = timing_now() - start;
            outcome = measure_outcome(status);
        }
    }
    if (outcome == BENCH_DONE) {
        *ratio = timing_summarise(times[IN_ONE_CALL], REPEATS).median /
                 timing_summarise(times[IN_TURN], REPEATS).median;
    }
    return outcome;
}

static bench_outcome measure_layer(tune_arena *arena, ard_context *const contexts[WAYS],
                                   const tiled_layer *layer, batched_result *result)
{
    bool agree = false;
    bench_outcome outcome = compare(arena, contexts, layer, &agree);
    if (outcome == BENCH_DONE && agree) {
        outcome = time_ways(contexts, layer, &result->ratio);
        result->measured = outcome == BENCH_DONE;
    }
    /* A way that does not run is not taken; all else that CLBlast does was verified. */
    return outcome == BENCH_FAILED ? BENCH_DONE : outcome;
}

bench_outcome batched_measure(tune_arena *arena, const tune_shapes *shapes,
                              const ard_tuning *tuning, batched_result *result)
{
    ard_context *contexts[WAYS] = {NULL, NULL};
    tiled_layer layer;
    ard_tuning way = *tuning;
    bench_outcome outcome = BENCH_DONE;
    *result = (batched_result){.ratio = NAN};
    if (!make_layer(arena, shapes, &layer)) {
        return BENCH_DONE;
    }
    for (size_t i = 0; i < WAYS && outcome == BENCH_DONE; i++) {
        way.strided_batched = i == IN_ONE_CALL;
        outcome = measure_outcome(arena_context(arena, &way, ARD_ENGINE_CLBLAST, &contexts[i]));
    }
    if (outcome == BENCH_DONE) {
        outcome = measure_layer(arena, contexts, &layer, result);
    }
    for (size_t i = 0; i < WAYS; i++) {
        ard_context_destroy(contexts[i]);
    }
    return outcome;
}
