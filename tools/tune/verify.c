/* SPDX-License-Identifier: Apache-2.0 */
#include "verify.h"

#include <float.h>

#include "verify_product.h"

enum { PRODUCTS = 3 };

/* Primes, so that no block size fits. */
static const struct {
    size_t batch, in, out;
} odd_layers[VERIFY_ODD_SHAPES / PRODUCTS] = {{37, 101, 67}, {3, 17, 131}};

tune_shape verify_odd_shape(size_t index)
{
    tune_shape products[PRODUCTS];
    const size_t layer = index / PRODUCTS;
    shapes_of_layer(odd_layers[layer].batch, odd_layers[layer].in, odd_layers[layer].out, products);
    return products[index % PRODUCTS];
}

static double largest_side(const tune_shape *shape)
{
    const size_t mn = shape->m > shape->n ? shape->m : shape->n;
    return (double)(mn > shape->k ? mn : shape->k);
}

static bench_outcome check(tune_arena *arena, ard_context *context, const tune_shape *shape,
                           double *excess)
{
    ard_matrix c = arena->c;
    c.ld = shape->n;
    const product product = {
        .rows = shape->m,
        .cols = shape->n,
        .terms = shape->k,
        .left = {.values = arena->a_values,
                 .row_stride = shape->a_transposed ? 1 : shape->k,
                 .term_stride = shape->a_transposed ? shape->m : 1},
        .right = {.values = arena->b_values,
                  .row_stride = shape->b_transposed ? shape->k : 1,
                  .term_stride = shape->b_transposed ? 1 : shape->n},
        .output = c,
    };
    double error = 0;
    ard_status status = ard_matrix_write(context, shape->m, shape->n, arena->poison, &c);
    if (status == ARD_STATUS_SUCCESS) {
        status = arena_run(arena, context, shape);
    }
    bench_outcome outcome = measure_outcome(status);
    if (outcome == BENCH_DONE) {
        outcome = product_check(context, &product, arena->seed, arena->got, &error);
    }
    const double share = error / ((largest_side(shape) + 4) * FLT_EPSILON);
    *excess = share > *excess ? share : *excess;
    return outcome;
}

void verify_largest_layer(const tune_shapes *shapes, tune_shape products[3])
{
    const tune_shape *largest = &shapes->list[0];
    for (size_t i = 1; i < shapes->count; i++) {
        if (shape_flops(&shapes->list[i]) > shape_flops(largest)) {
            largest = &shapes->list[i];
        }
    }
    if (largest->a_transposed) {
        shapes_of_layer(largest->k, largest->n, largest->m, products);
    } else if (largest->b_transposed) {
        shapes_of_layer(largest->m, largest->k, largest->n, products);
    } else {
        shapes_of_layer(largest->m, largest->n, largest->k, products);
    }
}

bench_outcome verify_context(tune_arena *arena, ard_context *context, const tune_shapes *shapes,
                             double *excess)
{
    tune_shape products[PRODUCTS];
    bench_outcome outcome = BENCH_DONE;
    *excess = 0;
    for (size_t i = 0; i < VERIFY_ODD_SHAPES && outcome == BENCH_DONE; i++) {
        const tune_shape odd = verify_odd_shape(i);
        outcome = check(arena, context, &odd, excess);
    }
    verify_largest_layer(shapes, products);
    for (size_t i = 0; i < PRODUCTS && outcome == BENCH_DONE; i++) {
        outcome = check(arena, context, &products[i], excess);
    }
    return outcome;
}
