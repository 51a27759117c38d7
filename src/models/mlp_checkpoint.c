/* SPDX-License-Identifier: Apache-2.0 */
/* Saving and loading a network. */
#include <stdlib.h>

#include "device/operation.h"
#include "models/checkpoint_parts.h"
#include "models/mlp_internal.h"
#include "optimizer/sgd_state.h"

static void put_rooms(ard__writer *writer, const ard_mlp *mlp)
{
    ard__put_u32(writer, mlp->options.dropout_varies ? 1 : 0);
    for (size_t i = 0; i + 1 < mlp->options.layers; ++i) {
        ard__put_u64(writer, mlp->rooms[i].periods);
        ard__put_u32(writer, mlp->rooms[i].residues);
        ard__put_u32(writer, mlp->rooms[i].units);
    }
}

static void put_options(ard__writer *writer, const ard_mlp_options *options)
{
    ard__put_u32(writer, (uint32_t)options->layers);
    for (size_t i = 0; i <= options->layers; ++i) {
        ard__put_u64(writer, options->widths[i]);
    }
    for (size_t i = 0; i + 1 < options->layers; ++i) {
        ard__dropout_put(writer, &options->dropout[i]);
    }
    ard__put_u64(writer, options->max_batch);
    ard__put_u64(writer, options->seed);
    ard__sgd_options_put(writer, &options->sgd);
    ard__put_u32(writer, options->groups);
}

/* Options as they stand in a file, with room for their arrays. */
typedef struct stored_options {
    ard_mlp_options options;
    size_t widths[ARD_MLP_MAX_LAYERS + 1];
    ard_dropout dropout[ARD_MLP_MAX_LAYERS];
    ard__dropout_room rooms[ARD_MLP_MAX_LAYERS];
} stored_options;

/* Whether the weights that the widths ask for are in the rest of the file, so that nothing large is
 * allocated for a file that cannot hold it. */
static bool weights_fit(const stored_options *stored, size_t left)
{
    /* A weight and, but of a stateless optimizer, a velocity, 4 bytes each. */
    const size_t bytes = ard__sgd_is_stateless(&stored->options.sgd) ? 4 : 8;
    for (size_t i = 0; i < stored->options.layers; ++i) {
        const size_t in = stored->widths[i];
        const size_t out = stored->widths[i + 1];
        if (in == 0 || out == 0 || in > left / bytes / out) {
            return false;
        }
        left -= bytes * in * out;
    }
    return true;
}

static void get_rooms(ard__reader *reader, stored_options *stored)
{
    stored->options.dropout_varies = ard__get_u32(reader) != 0;
    for (size_t i = 0; i + 1 < stored->options.layers; ++i) {
        stored->rooms[i].periods = ard__get_u64(reader);
        stored->rooms[i].residues = ard__get_u32(reader);
        stored->rooms[i].units = ard__get_u32(reader);
    }
}

static ard_status get_options(ard__reader *reader, stored_options *stored)
{
    ard_mlp_options *options = &stored->options;
    *stored = (stored_options){0};
    options->layers = ard__get_u32(reader);
    if (reader->failed || options->layers < 1 || options->layers > ARD_MLP_MAX_LAYERS) {
        return ard__checkpoint_damaged("its number of layers is out of range");
    }
    for (size_t i = 0; i <= options->layers; ++i) {
        stored->widths[i] = (size_t)ard__get_u64(reader);
    }
    for (size_t i = 0; i + 1 < options->layers; ++i) {
        ard__dropout_get(reader, &stored->dropout[i]);
    }
    options->widths = stored->widths;
    options->dropout = stored->dropout;
    options->max_batch = (size_t)ard__get_u64(reader);
    options->seed = ard__get_u64(reader);
    ard__sgd_options_get(reader, &options->sgd);
    options->groups = ard__get_u32(reader);
    get_rooms(reader, stored);
    if (reader->failed || !weights_fit(stored, ard__reader_left(reader))) {
        return ard__checkpoint_damaged("it is shorter than its network");
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status put_state(ard_mlp *mlp, ard__writer *writer)
{
    float totals[2];
    ARD_TRY(ard_matrix_read(mlp->context, 1, 2, &mlp->totals, totals));
    ard__sgd_put(mlp->sgd, writer);
    ard__put_u64(writer, mlp->total_samples);
    ard__put_words(writer, totals, 2);
    for (size_t i = 0; i < mlp->options.layers; ++i) {
        ARD_TRY(ard__parameter_put(mlp->layers[i].weights, writer));
        ARD_TRY(ard__parameter_put(mlp->layers[i].bias, writer));
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status get_state(ard_mlp *mlp, ard__reader *reader)
{
    float totals[2] = {0.0f, 0.0f};
    ARD_TRY(ard__sgd_get(mlp->sgd, reader));
    mlp->total_samples = ard__get_u64(reader);
    if (!ard__get_words(reader, totals, 2)) {
        return ard__checkpoint_damaged("its totals are cut");
    }
    ARD_TRY(ard__checkpoint_check_hits(totals[1]));
    ARD_TRY(ard_matrix_write(mlp->context, 1, 2, totals, &mlp->totals));
    for (size_t i = 0; i < mlp->options.layers; ++i) {
        ARD_TRY(ard__parameter_get(mlp->layers[i].weights, reader));
        ARD_TRY(ard__parameter_get(mlp->layers[i].bias, reader));
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status save(ard_mlp *mlp, const char *path, const void *extra, size_t extra_size)
{
    ARD__CHECK(mlp != NULL && path != NULL, "ard_mlp_save: the network or the path is NULL");
    ARD_TRY(ard__preamble_check(extra, extra_size));
    ard__writer writer = {0};
    ard__preamble_put(&writer, ARD__CHECKPOINT_MLP, mlp->context, extra, extra_size);
    put_options(&writer, &mlp->options);
    put_rooms(&writer, mlp);
    ard_status status = put_state(mlp, &writer);
    if (status == ARD_STATUS_SUCCESS) {
        status = ard__writer_save(&writer, path);
    }
    ard__writer_free(&writer);
    return status;
}

ard_status ard_mlp_save(ard_mlp *mlp, const char *path, const void *extra, size_t extra_size)
{
    ard__operation_begin(ard__mlp_context(mlp), "mlp_save");
    return ard__mlp_end(ard__mlp_context(mlp), mlp, 0, NULL, save(mlp, path, extra, extra_size));
}

/* Rooms that are not those of the network would give it other tables than the ages in the file. */
static ard_status check_rooms(const stored_options *stored)
{
    ARD_TRY(ard__mlp_check_options(&stored->options));
    for (size_t i = 0; i + 1 < stored->options.layers; ++i) {
        ARD__CHECK(ard__dropout_room_fits(&stored->rooms[i], &stored->options, i),
                   "hidden layer %zu has room for patterns that it cannot have", i);
        ARD_TRY(ard__dropout_room_check(&stored->rooms[i], &stored->options, i));
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status get_network(ard_context *context, ard__reader *reader, ard_mlp **mlp)
{
    ard__preamble found;
    ARD_TRY(ard__preamble_get(reader, ARD__CHECKPOINT_MLP, &found));
    stored_options *stored = malloc(sizeof *stored);
    if (stored == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for a checkpoint's options");
    }
    ard_status status = get_options(reader, stored);
    if (status == ARD_STATUS_SUCCESS) {
        status = ard__checkpoint_as_format(check_rooms(stored));
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = ard__checkpoint_as_format(
            ard__mlp_create(context, &stored->options, stored->rooms, mlp));
    }
    free(stored);
    ARD_TRY(status);
    ARD_TRY(get_state(*mlp, reader));
    if (ard__reader_left(reader) != 0) {
        return ard__checkpoint_damaged("it goes on behind its end");
    }
    return ard__preamble_keep(context, &found, &(*mlp)->extra, &(*mlp)->extra_size,
                              &(*mlp)->resume_note);
}

static ard_status load(ard_context *context, const char *path, ard_mlp **mlp)
{
    ARD__CHECK(mlp != NULL, "ard_mlp_load: mlp is NULL");
    *mlp = NULL;
    ARD__CHECK(context != NULL && path != NULL, "ard_mlp_load: the context or the path is NULL");
    ard__reader reader;
    ard_mlp *loaded = NULL;
    ARD_TRY(ard__reader_open(path, &reader));
    const ard_status status = get_network(context, &reader, &loaded);
    ard__reader_close(&reader);
    if (status != ARD_STATUS_SUCCESS) {
        ard_mlp_destroy(loaded);
        return status;
    }
    *mlp = loaded;
    return ARD_STATUS_SUCCESS;
}

ard_status ard_mlp_load(ard_context *context, const char *path, ard_mlp **mlp)
{
    ard__operation_begin(context, "mlp_load");
    const ard_status status = load(context, path, mlp);
    return ard__mlp_end(context, status == ARD_STATUS_SUCCESS ? *mlp : NULL, 0, NULL, status);
}
