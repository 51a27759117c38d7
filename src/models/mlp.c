/* SPDX-License-Identifier: Apache-2.0 */
/* A network's life; its steps are in mlp_step.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/integers.h"
#include "device/operation.h"
#include "engines/layer_products.h"
#include "layers/linear_internal.h"
#include "models/mlp_compact.h"
#include "models/mlp_pass.h"

/* A copy of the options' arrays, so that the caller's may go. */
static ard_status copy_options(ard_mlp *mlp, const ard_mlp_options *options)
{
    const size_t hidden = options->layers - 1;
    mlp->widths = calloc(options->layers + 1, sizeof *mlp->widths);
    mlp->dropout = calloc(hidden + 1, sizeof *mlp->dropout);
    if (mlp->widths == NULL || mlp->dropout == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for a network's options");
    }
    memcpy(mlp->widths, options->widths, (options->layers + 1) * sizeof *mlp->widths);
    if (options->dropout != NULL) {
        memcpy(mlp->dropout, options->dropout, hidden * sizeof *mlp->dropout);
    }
    mlp->options = *options;
    mlp->options.widths = mlp->widths;
    mlp->options.dropout = mlp->dropout;
    mlp->options.groups = options->groups > 0 ? options->groups : 1;
    return ard__dropout_count_units(mlp);
}

/* Host memory for what a step is planned in. */
static ard_status create_plans(ard_mlp *mlp)
{
    mlp->passes = calloc(mlp->options.groups, sizeof *mlp->passes);
    mlp->patterns = calloc(ard_mlp_pattern_count(mlp) + 1, sizeof *mlp->patterns);
    return mlp->passes != NULL && mlp->patterns != NULL
               ? ARD_STATUS_SUCCESS
               : ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for the plan of a step");
}

/* Units of a residue class that make it worth keeping them together. */
enum { SMALLEST_RUN = 4 };

/* Residue classes of the outputs of layer `layer` (of the inputs of the next one). */
static uint32_t output_classes(const ard_mlp *mlp, size_t layer)
{
    return layer + 1 < mlp->options.layers
               ? ard__dropout_classes(&mlp->dropout[layer], &mlp->rooms[layer])
               : 1;
}

/* The order of the outputs of layer `layer` in memory: their residue classes one after the other,
 * unless those are too small to matter or a neighbour's tiles want the increasing order. */
static uint32_t output_stride(const ard_mlp *mlp, size_t layer)
{
    const uint32_t classes = output_classes(mlp, layer);
    const bool tiles =
        layer + 2 < mlp->options.layers && mlp->dropout[layer + 1].kind == ARD_DROPOUT_TILE;
    return tiles || classes == 0 || classes > mlp->widths[layer + 1] / SMALLEST_RUN ? 1 : classes;
}

static ard_status initialise_weights(ard_mlp *mlp, size_t index)
{
    const ard__mlp_layer *layer = &mlp->layers[index];
    const size_t count = layer->in * layer->out;
    float *values = malloc(count * sizeof *values);
    if (values == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for %zu initial weights", count);
    }
    /* Uniform in +-limit has variance limit^2 / 3 = 2 / in. */
    const float limit = (float)sqrt(6.0 / (double)layer->in);
    ard_status status =
        ard_sample_uniform(mlp->options.seed, (uint32_t)index, limit, count, values);
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_parameter_write(layer->weights, values);
    }
    free(values);
    return status;
}

static ard_status create_layer(ard_mlp *mlp, size_t index)
{
    ard__mlp_layer *layer = &mlp->layers[index];
    layer->in = mlp->widths[index];
    layer->out = mlp->widths[index + 1];
    const ard_dropout *dropout = &mlp->dropout[index];
    ard_parameter_classes classes = {.rows = output_classes(mlp, index),
                                     .cols = index > 0 ? output_classes(mlp, index - 1) : 1,
                                     .row_stride = output_stride(mlp, index),
                                     .col_stride = index > 0 ? output_stride(mlp, index - 1) : 1};
    const ard_parameter_classes bias_classes = {
        .rows = 1, .cols = classes.rows, .col_stride = classes.row_stride};
    if (dropout->kind == ARD_DROPOUT_TILE) {
        classes.tile_edge = dropout->tile_edge;
        classes.tiles = ard__dropout_tile_classes(&mlp->rooms[index]);
    }
    ARD_TRY(ard_parameter_create(mlp->sgd, layer->out, layer->in, &classes, &layer->weights));
    ARD_TRY(ard_parameter_create(mlp->sgd, 1, layer->out, &bias_classes, &layer->bias));
    if (dropout->kind == ARD_DROPOUT_DROPCONNECT) {
        ARD_TRY(ard_matrix_create(mlp->context, layer->out, layer->in, &layer->masked));
    }
    if (dropout->kind == ARD_DROPOUT_INDEX) {
        layer->indices =
            calloc((size_t)mlp->options.groups * mlp->rooms[index].units, sizeof *layer->indices);
        if (layer->indices == NULL) {
            return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for %u indices",
                             mlp->rooms[index].units);
        }
    }
    return ard_matrix_create(mlp->context, mlp->options.max_batch, layer->out, &layer->output);
}

/* Makes room for the three products of a layer of these sizes, or (above 0) of `groups` such ones.
 */
static ard_status reserve_products(ard_mlp *mlp, size_t batch, size_t groups, size_t in, size_t out)
{
    const ard__layer_products products = {.rows = batch, .in = in, .out = out, .groups = groups};
    return ard__layer_products_reserve(mlp->context, &products, mlp->diff[0].buffer);
}

/* The engine's workspace for all products that steps of a layer can have: the largest sizes, and
 * the largest that no block size divides, because those are padded and copied where round ones need
 * no workspace. */
static ard_status reserve_layer(ard_mlp *mlp, const ard__mlp_layer *layer)
{
    const size_t batch = mlp->options.max_batch;
    ARD_TRY(reserve_products(mlp, batch, 0, layer->in, layer->out));
    const size_t ragged_batch = batch > 1 ? batch - 1 : 1;
    const size_t ragged_in = layer->in > 1 ? layer->in - 1 : 1;
    const size_t ragged_out = layer->out > 1 ? layer->out - 1 : 1;
    ARD_TRY(reserve_products(mlp, ragged_batch, 0, ragged_in, ragged_out));
    const size_t group = ard__divide_up(batch, mlp->options.groups);
    return mlp->options.groups > 1 ? reserve_products(mlp, group, 0, ragged_in, ragged_out)
                                   : ARD_STATUS_SUCCESS;
}

/* The memory for the products of all tile groups, for all periods that a layer has room for. */
static ard_status reserve_tiles(ard_mlp *mlp, size_t index)
{
    const ard_dropout *dropout = &mlp->dropout[index];
    const ard__mlp_layer *layer = &mlp->layers[index];
    if (dropout->kind != ARD_DROPOUT_TILE) {
        return ARD_STATUS_SUCCESS; /* its distribution was not checked */
    }
    for (uint32_t period = 2; period <= ARD_MAX_PERIOD; ++period) {
        if (ard__dropout_room_has(&mlp->rooms[index], period)) {
            const ard_tile_pattern tile = {dropout->tile_edge, period, 0, dropout->tile_numbering};
            const ard_tile_layout largest = ard__tile_largest_layout(&tile, layer->out, layer->in);
            ARD_TRY(reserve_products(mlp, mlp->options.max_batch, largest.groups, largest.cols,
                                     largest.rows));
        }
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status create_buffers(ard_mlp *mlp)
{
    const size_t layers = mlp->options.layers;
    size_t widest = 0;
    for (size_t i = 0; i < layers; ++i) {
        widest = ard__larger(widest, mlp->layers[i].out);
    }
    ARD_TRY(ard_matrix_create(mlp->context, mlp->options.max_batch, widest, &mlp->diff[0]));
    ARD_TRY(ard_matrix_create(mlp->context, mlp->options.max_batch, widest, &mlp->diff[1]));
    ARD_TRY(ard_matrix_create(mlp->context, 1, widest, &mlp->diff_bias));
    ARD_TRY(ard_matrix_create(mlp->context, 1, 2, &mlp->totals));
    ARD_TRY(ard_matrix_create(mlp->context, 1, 2, &mlp->evaluation_totals));
    ARD_TRY(ard__scratch_reserve(mlp->context, &mlp->compact,
                                 ard__mlp_compact_size(mlp) * sizeof(cl_float)));
    for (size_t i = 0; i < layers; ++i) {
        ARD_TRY(reserve_layer(mlp, &mlp->layers[i]));
        ARD_TRY(reserve_tiles(mlp, i));
    }
    return ard__mlp_clear_totals(mlp, &mlp->totals);
}

static ard_status build(ard_mlp *mlp, const ard_mlp_options *options,
                        const ard__dropout_room *rooms)
{
    ARD_TRY(copy_options(mlp, options));
    ARD_TRY(create_plans(mlp));
    for (size_t i = 0; i + 1 < options->layers; ++i) {
        mlp->rooms[i] = rooms != NULL ? rooms[i] : ard__dropout_room_of(&mlp->options, i);
    }
    ARD_TRY(ard_sgd_create(mlp->context, &options->sgd, &mlp->sgd));
    for (size_t i = 0; i < options->layers; ++i) {
        ARD_TRY(create_layer(mlp, i));
    }
    ARD_TRY(create_buffers(mlp));
    for (size_t i = 0; i < options->layers; ++i) {
        ARD_TRY(initialise_weights(mlp, i));
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard_mlp_create(ard_context *context, const ard_mlp_options *options, ard_mlp **mlp)
{
    ard__operation_begin(context, "mlp_create");
    const ard_status status = ard__mlp_create(context, options, NULL, mlp);
    return ard__mlp_end(context, status == ARD_STATUS_SUCCESS ? *mlp : NULL, 0, NULL, status);
}

ard_status ard__mlp_create(ard_context *context, const ard_mlp_options *options,
                           const ard__dropout_room *rooms, ard_mlp **mlp)
{
    ARD__CHECK(mlp != NULL, "ard_mlp_create: mlp is NULL");
    *mlp = NULL;
    ARD__CHECK(context != NULL, "ard_mlp_create: the context is NULL");
    ARD_TRY(ard__mlp_check_options(options));
    ard_mlp *created = calloc(1, sizeof *created);
    if (created == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for a network");
    }
    created->context = context;
    const ard_status status = build(created, options, rooms);
    if (status != ARD_STATUS_SUCCESS) {
        ard_mlp_destroy(created);
        return status;
    }
    *mlp = created;
    return ARD_STATUS_SUCCESS;
}

void ard_mlp_destroy(ard_mlp *mlp)
{
    if (mlp == NULL) {
        return;
    }
    for (size_t i = 0; i < ARD_MLP_MAX_LAYERS; ++i) {
        ard_parameter_destroy(mlp->layers[i].weights);
        ard_parameter_destroy(mlp->layers[i].bias);
        ard_matrix_destroy(&mlp->layers[i].output);
        ard_matrix_destroy(&mlp->layers[i].masked);
        free(mlp->layers[i].indices);
    }
    ard_matrix_destroy(&mlp->diff[0]);
    ard_matrix_destroy(&mlp->diff[1]);
    ard__scratch_release(&mlp->compact);
    ard_matrix_destroy(&mlp->diff_bias);
    ard_matrix_destroy(&mlp->totals);
    ard_matrix_destroy(&mlp->evaluation_totals);
    ard_sgd_destroy(mlp->sgd);
    free(mlp->widths);
    free(mlp->dropout);
    free(mlp->passes);
    free(mlp->patterns);
    free(mlp->extra);
    free(mlp->resume_note);
    free(mlp);
}

const ard_mlp_options *ard_mlp_get_options(const ard_mlp *mlp)
{
    return mlp != NULL ? &mlp->options : NULL;
}

uint64_t ard_mlp_steps_done(const ard_mlp *mlp)
{
    return mlp != NULL ? ard_sgd_step(mlp->sgd) : 0;
}

static ard_status check_layer(const ard_mlp *mlp, size_t layer)
{
    ARD__CHECK(mlp != NULL, "the network is NULL");
    ARD__CHECK(layer < mlp->options.layers, "layer %zu of a network of %zu", layer,
               mlp->options.layers);
    return ARD_STATUS_SUCCESS;
}

static ard_status read_layer(ard_mlp *mlp, size_t layer, float *weights, float *bias)
{
    ARD_TRY(check_layer(mlp, layer));
    if (weights != NULL) {
        ARD_TRY(ard_parameter_read(mlp->layers[layer].weights, weights, NULL));
    }
    return bias != NULL ? ard_parameter_read(mlp->layers[layer].bias, bias, NULL)
                        : ARD_STATUS_SUCCESS;
}

ard_status ard_mlp_read_layer(ard_mlp *mlp, size_t layer, float *weights, float *bias)
{
    ard__operation_begin(ard__mlp_context(mlp), "mlp_read_layer");
    return ard__mlp_end(ard__mlp_context(mlp), mlp, 0, NULL, read_layer(mlp, layer, weights, bias));
}

static ard_status write_layer(ard_mlp *mlp, size_t layer, const float *weights, const float *bias)
{
    ARD_TRY(check_layer(mlp, layer));
    ARD__CHECK(weights != NULL && bias != NULL, "ard_mlp_write_layer: weights or bias is NULL");
    ARD_TRY(ard_parameter_write(mlp->layers[layer].weights, weights));
    return ard_parameter_write(mlp->layers[layer].bias, bias);
}

ard_status ard_mlp_write_layer(ard_mlp *mlp, size_t layer, const float *weights, const float *bias)
{
    ard__operation_begin(ard__mlp_context(mlp), "mlp_write_layer");
    return ard__mlp_end(ard__mlp_context(mlp), mlp, 0, NULL,
                        write_layer(mlp, layer, weights, bias));
}

const void *ard_mlp_extra(const ard_mlp *mlp, size_t *extra_size)
{
    if (extra_size != NULL) {
        *extra_size = mlp != NULL ? mlp->extra_size : 0;
    }
    return mlp != NULL ? mlp->extra : NULL;
}

const char *ard_mlp_resume_note(const ard_mlp *mlp)
{
    return mlp != NULL ? mlp->resume_note : NULL;
}
