/* SPDX-License-Identifier: Apache-2.0 */
#include "shapes.h"

typedef struct layer {
    size_t in;
    size_t out;
    bool in_hidden;
    bool out_hidden;
} layer;

static const layer usual_layers[] = {
    {784, 2048, false, true},
    {2048, 2048, true, true},
    {1024, 1024, true, true},
    {2048, 10, true, false},
};

/* What a side keeps: width / divisor, rounded up. */
static const double divisors[] = {1.0, 2.0, 3.3};

enum { DIVISORS = sizeof divisors / sizeof divisors[0] };

static size_t kept(size_t width, bool hidden, double divisor)
{
    const double share = (double)width / (hidden ? divisor : 1.0);
    const size_t whole = (size_t)share;
    return (double)whole < share ? whole + 1 : whole;
}

static bool same(const tune_shape *a, const tune_shape *b)
{
    return a->m == b->m && a->n == b->n && a->k == b->k && a->a_transposed == b->a_transposed &&
           a->b_transposed == b->b_transposed;
}

static bool add(tune_shapes *shapes, const tune_shape *shape)
{
    for (size_t i = 0; i < shapes->count; i++) {
        if (same(&shapes->list[i], shape)) {
            return true;
        }
    }
    if (shapes->count == TUNE_MAX_SHAPES) {
        return false;
    }
    shapes->list[shapes->count++] = *shape;
    return true;
}

void shapes_of_layer(size_t batch, size_t in, size_t out, tune_shape products[3])
{
    products[0] = (tune_shape){.m = batch, .n = out, .k = in, .b_transposed = true};
    products[1] = (tune_shape){.m = batch, .n = in, .k = out};
    products[2] = (tune_shape){.m = out, .n = in, .k = batch, .a_transposed = true};
}

static bool add_layer(tune_shapes *shapes, size_t batch, const layer *layer)
{
    bool fits = true;
    for (size_t i = 0; i < DIVISORS && fits; i++) {
        tune_shape products[3];
        shapes_of_layer(batch, kept(layer->in, layer->in_hidden, divisors[i]),
                        kept(layer->out, layer->out_hidden, divisors[i]), products);
        for (size_t p = 0; p < 3 && fits; p++) {
            fits = add(shapes, &products[p]);
        }
    }
    return fits;
}

static bool add_network(tune_shapes *shapes, size_t batch, const cli_size_list *widths)
{
    if (widths->count == 1) {
        const layer square = {widths->values[0], widths->values[0], true, true};
        return add_layer(shapes, batch, &square);
    }
    bool fits = true;
    for (size_t i = 0; i + 1 < widths->count && fits; i++) {
        const layer layer = {widths->values[i], widths->values[i + 1], i > 0,
                             i + 2 < widths->count};
        fits = add_layer(shapes, batch, &layer);
    }
    return fits;
}

bool shapes_make(const cli_size_list *batches, const cli_size_list *widths, tune_shapes *shapes)
{
    bool fits = true;
    shapes->count = 0;
    for (size_t b = 0; b < batches->count && fits; b++) {
        const size_t batch = batches->values[b];
        if (widths->count > 0) {
            fits = add_network(shapes, batch, widths);
            continue;
        }
        for (size_t i = 0; i < sizeof usual_layers / sizeof usual_layers[0] && fits; i++) {
            fits = add_layer(shapes, batch, &usual_layers[i]);
        }
    }
    return fits;
}

double shape_flops(const tune_shape *shape)
{
    return 2.0 * (double)shape->m * (double)shape->n * (double)shape->k;
}

const char *shape_name(const tune_shape *shape)
{
    if (shape->a_transposed) {
        return "weights";
    }
    return shape->b_transposed ? "forward" : "data";
}
