/* SPDX-License-Identifier: Apache-2.0 */
/* Saving and loading a network. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/checkpoint_file.h"
#include "models/mlp_internal.h"
#include "optimizer/sgd_state.h"

enum { MAX_EXTRA = 64 << 10, MAX_ENVIRONMENT = 4096 };

static ard_status fail_damaged(const char *what)
{
    return ard__fail(ARD_STATUS_FORMAT, "the checkpoint is damaged: %s", what);
}

static void put_dropout(ard__writer *writer, const ard_dropout *dropout)
{
    ard__put_u32(writer, (uint32_t)dropout->kind);
    ard__put_u32(writer, (uint32_t)dropout->scale);
    ard__put_f64(writer, dropout->rate);
    const ard_distribution *d = &dropout->distribution;
    ard__put_u32(writer, d->max_period);
    for (size_t i = 0; i < ARD_MAX_PERIOD; ++i) {
        ard__put_f64(writer, d->probabilities[i]);
        ard__put_u64(writer, d->cumulative[i]);
    }
    ard__put_f64(writer, d->rate);
    ard__put_f64(writer, d->achieved_rate);
    ard__put_f64(writer, d->entropy);
    ard__put_u32(writer, d->steps);
    const ard_subset_distribution *s = &dropout->subset;
    ard__put_u32(writer, s->period);
    ard__put_u32(writer, s->low);
    ard__put_u32(writer, s->high);
    ard__put_u64(writer, s->high_threshold);
    ard__put_f64(writer, s->high_probability);
    ard__put_f64(writer, s->rate);
    ard__put_u32(writer, dropout->tile_edge);
    ard__put_u32(writer, (uint32_t)dropout->tile_numbering);
}

static void get_dropout(ard__reader *reader, ard_dropout *dropout)
{
    dropout->kind = (ard_dropout_kind)(ard__get_u32(reader) & 0xff);
    dropout->scale = (ard_scale_kind)(ard__get_u32(reader) & 0xff);
    dropout->rate = ard__get_f64(reader);
    ard_distribution *d = &dropout->distribution;
    d->max_period = ard__get_u32(reader);
    for (size_t i = 0; i < ARD_MAX_PERIOD; ++i) {
        d->probabilities[i] = ard__get_f64(reader);
        d->cumulative[i] = ard__get_u64(reader);
    }
    d->rate = ard__get_f64(reader);
    d->achieved_rate = ard__get_f64(reader);
    d->entropy = ard__get_f64(reader);
    d->steps = ard__get_u32(reader);
    ard_subset_distribution *s = &dropout->subset;
    s->period = ard__get_u32(reader);
    s->low = ard__get_u32(reader);
    s->high = ard__get_u32(reader);
    s->high_threshold = ard__get_u64(reader);
    s->high_probability = ard__get_f64(reader);
    s->rate = ard__get_f64(reader);
    dropout->tile_edge = ard__get_u32(reader);
    dropout->tile_numbering = (ard_tile_numbering)(ard__get_u32(reader) & 0xff);
}

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
    const ard_schedule *schedule = &options->sgd.schedule;
    ard__put_u32(writer, (uint32_t)options->layers);
    for (size_t i = 0; i <= options->layers; ++i) {
        ard__put_u64(writer, options->widths[i]);
    }
    for (size_t i = 0; i + 1 < options->layers; ++i) {
        put_dropout(writer, &options->dropout[i]);
    }
    ard__put_u64(writer, options->max_batch);
    ard__put_u64(writer, options->seed);
    ard__put_u32(writer, (uint32_t)schedule->kind);
    ard__put_f64(writer, schedule->rate);
    ard__put_f64(writer, schedule->factor);
    ard__put_f64(writer, schedule->final_rate);
    ard__put_u64(writer, schedule->every);
    ard__put_u64(writer, schedule->warmup);
    ard__put_f64(writer, options->sgd.momentum);
    ard__put_f64(writer, options->sgd.weight_decay);
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
        return fail_damaged("its number of layers is out of range");
    }
    for (size_t i = 0; i <= options->layers; ++i) {
        stored->widths[i] = (size_t)ard__get_u64(reader);
    }
    for (size_t i = 0; i + 1 < options->layers; ++i) {
        get_dropout(reader, &stored->dropout[i]);
    }
    options->widths = stored->widths;
    options->dropout = stored->dropout;
    options->max_batch = (size_t)ard__get_u64(reader);
    options->seed = ard__get_u64(reader);
    ard_schedule *schedule = &options->sgd.schedule;
    schedule->kind = (ard_schedule_kind)(ard__get_u32(reader) & 0xff);
    schedule->rate = ard__get_f64(reader);
    schedule->factor = ard__get_f64(reader);
    schedule->final_rate = ard__get_f64(reader);
    schedule->every = ard__get_u64(reader);
    schedule->warmup = ard__get_u64(reader);
    options->sgd.momentum = ard__get_f64(reader);
    options->sgd.weight_decay = ard__get_f64(reader);
    options->groups = ard__get_u32(reader);
    get_rooms(reader, stored);
    if (reader->failed || !weights_fit(stored, ard__reader_left(reader))) {
        return fail_damaged("it is shorter than its network");
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
        return fail_damaged("its totals are cut");
    }
    /* A hit count is a number of samples, and is converted to an integer later. */
    if (!(totals[1] >= 0.0f && totals[1] <= 16777216.0f)) {
        return fail_damaged("its hits are out of range");
    }
    ARD_TRY(ard_matrix_write(mlp->context, 1, 2, totals, &mlp->totals));
    for (size_t i = 0; i < mlp->options.layers; ++i) {
        ARD_TRY(ard__parameter_get(mlp->layers[i].weights, reader));
        ARD_TRY(ard__parameter_get(mlp->layers[i].bias, reader));
    }
    return ARD_STATUS_SUCCESS;
}

ard_status ard_mlp_save(ard_mlp *mlp, const char *path, const void *extra, size_t extra_size)
{
    ARD__CHECK(mlp != NULL && path != NULL, "ard_mlp_save: the network or the path is NULL");
    ARD__CHECK(extra != NULL || extra_size == 0, "ard_mlp_save: extra is NULL with %zu bytes",
               extra_size);
    ARD__CHECK(extra_size <= MAX_EXTRA, "the extra bytes are %zu, expected at most %d", extra_size,
               MAX_EXTRA);
    ard__writer writer = {0};
    const char *environment = ard_context_environment(mlp->context);
    ard__put_u32(&writer, (uint32_t)strlen(environment));
    ard__put_bytes(&writer, environment, strlen(environment));
    ard__put_u32(&writer, (uint32_t)extra_size);
    ard__put_bytes(&writer, extra, extra_size);
    put_options(&writer, &mlp->options);
    put_rooms(&writer, mlp);
    ard_status status = put_state(mlp, &writer);
    if (status == ARD_STATUS_SUCCESS) {
        status = ard__writer_save(&writer, path);
    }
    ard__writer_free(&writer);
    return status;
}

/* What a file holds before the network itself; borrowed from the reader. */
typedef struct preamble {
    const char *environment;
    size_t environment_size;
    const void *extra;
    size_t extra_size;
} preamble;

static ard_status get_preamble(ard__reader *reader, preamble *found)
{
    found->environment_size = ard__get_u32(reader);
    found->environment = ard__get_bytes(reader, found->environment_size);
    found->extra_size = ard__get_u32(reader);
    found->extra = ard__get_bytes(reader, found->extra_size);
    if (reader->failed || found->environment_size > MAX_ENVIRONMENT ||
        found->extra_size > MAX_EXTRA) {
        return fail_damaged("its first part is cut");
    }
    return ARD_STATUS_SUCCESS;
}

/* Keeps a copy of the application's bytes, and a note when the environment is another one. */
static ard_status keep_preamble(ard_mlp *mlp, const preamble *found)
{
    const char *here = ard_context_environment(mlp->context);
    const size_t here_size = strlen(here);
    if (found->extra_size > 0) {
        mlp->extra = malloc(found->extra_size);
        if (mlp->extra == NULL) {
            return ard__fail(ARD_STATUS_OUT_OF_MEMORY,
                             "no host memory for a checkpoint's extra bytes");
        }
        memcpy(mlp->extra, found->extra, found->extra_size);
        mlp->extra_size = found->extra_size;
    }
    if (found->environment_size == here_size && memcmp(found->environment, here, here_size) == 0) {
        return ARD_STATUS_SUCCESS;
    }
    const size_t capacity = found->environment_size + here_size + 128;
    mlp->resume_note = malloc(capacity);
    if (mlp->resume_note == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for a note of %zu bytes",
                         capacity);
    }
    snprintf(mlp->resume_note, capacity,
             "saved under (%.*s), loaded under (%s): the same bits cannot be expected",
             (int)found->environment_size, found->environment, here);
    return ARD_STATUS_SUCCESS;
}

/* Damage that only the network's own checks can see is damage of the file. */
static ard_status as_format(ard_status status)
{
    if (status == ARD_STATUS_INVALID_ARGUMENT || status == ARD_STATUS_INVALID_PATTERN ||
        status == ARD_STATUS_INVALID_RATE) {
        return ard__fail(ARD_STATUS_FORMAT, "the checkpoint is damaged: %s", ard_detail());
    }
    return status;
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

static ard_status load(ard_context *context, ard__reader *reader, ard_mlp **mlp)
{
    preamble found;
    ARD_TRY(get_preamble(reader, &found));
    stored_options *stored = malloc(sizeof *stored);
    if (stored == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no host memory for a checkpoint's options");
    }
    ard_status status = get_options(reader, stored);
    if (status == ARD_STATUS_SUCCESS) {
        status = as_format(check_rooms(stored));
    }
    if (status == ARD_STATUS_SUCCESS) {
        status = as_format(ard__mlp_create(context, &stored->options, stored->rooms, mlp));
    }
    free(stored);
    ARD_TRY(status);
    ARD_TRY(get_state(*mlp, reader));
    if (ard__reader_left(reader) != 0) {
        return fail_damaged("it goes on behind its end");
    }
    return keep_preamble(*mlp, &found);
}

ard_status ard_mlp_load(ard_context *context, const char *path, ard_mlp **mlp)
{
    ARD__CHECK(mlp != NULL, "ard_mlp_load: mlp is NULL");
    *mlp = NULL;
    ARD__CHECK(context != NULL && path != NULL, "ard_mlp_load: the context or the path is NULL");
    ard__reader reader;
    ard_mlp *loaded = NULL;
    ARD_TRY(ard__reader_open(path, &reader));
    const ard_status status = load(context, &reader, &loaded);
    ard__reader_close(&reader);
    if (status != ARD_STATUS_SUCCESS) {
        ard_mlp_destroy(loaded);
        return status;
    }
    *mlp = loaded;
    return ARD_STATUS_SUCCESS;
}
