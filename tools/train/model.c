/* SPDX-License-Identifier: Apache-2.0 */
#include "train/model.h"

#include "train/messages.h"
#include "train/recorded.h"
#include "train/tile_grid.h"

uint64_t model_steps_per_epoch(size_t samples, size_t batch)
{
    return ((uint64_t)samples + batch - 1) / batch;
}

static ard_schedule schedule_of(const train_options *options, uint64_t steps_per_epoch)
{
    ard_schedule schedule = {.kind = (ard_schedule_kind)options->schedule,
                             .rate = options->lr,
                             .factor = options->lr_factor,
                             .final_rate = options->lr_final,
                             .every = 1,
                             .warmup = options->lr_warmup_epochs * steps_per_epoch};
    if (options->schedule == ARD_SCHEDULE_STEP) {
        schedule.every = options->lr_step_epochs * steps_per_epoch;
    } else if (options->schedule == ARD_SCHEDULE_COSINE) {
        schedule.every = options->epochs * steps_per_epoch;
    }
    return schedule;
}

static int make_dropouts(const train_options *options, ard_dropout *dropouts)
{
    for (size_t i = 0; i < options->hidden.count; ++i) {
        ard_status status =
            ard_dropout_init((ard_dropout_kind)options->dropout, options->rate.values[i],
                             options->max_period, (ard_scale_kind)options->scale, &dropouts[i]);
        if (status == ARD_STATUS_SUCCESS && options->search == SEARCH_SGD &&
            options_searches(options->dropout)) {
            ard_distribution *found = &dropouts[i].distribution;
            status = ard_distribution_sgd(options->rate.values[i], found->max_period, NULL, found);
        }
        if (status != ARD_STATUS_SUCCESS) {
            return report_setting_status(options->origin, "dropout", status);
        }
        if (options->dropout == ARD_DROPOUT_TILE) {
            dropouts[i].tile_edge = options->tile;
            dropouts[i].tile_numbering = (ard_tile_numbering)options->numbering;
        }
    }
    return CLI_SUCCESS;
}

static int make_network(ard_context *context, const train_options *options,
                        const dataset_pair *data, ard_mlp **mlp)
{
    ard_dropout dropouts[ARD_MLP_MAX_LAYERS];
    size_t widths[ARD_MLP_MAX_LAYERS + 1];
    const size_t hidden = options->hidden.count;
    widths[0] = data->train.rows * data->train.cols;
    for (size_t i = 0; i < hidden; ++i) {
        widths[i + 1] = options->hidden.values[i];
    }
    widths[hidden + 1] = DATASET_CLASSES;
    int result = make_dropouts(options, dropouts);
    if (result == CLI_SUCCESS && options->dropout == ARD_DROPOUT_TILE) {
        result = tile_grid_check(options, widths, dropouts);
    }
    if (result != CLI_SUCCESS) {
        return result;
    }
    const uint64_t steps = model_steps_per_epoch(data->train.samples, options->batch);
    const uint32_t groups = options_has_groups(options->dropout) ? options->groups : 1;
    const ard_mlp_options mlp_options = {.layers = hidden + 1,
                                         .widths = widths,
                                         .dropout = dropouts,
                                         .max_batch = options->batch,
                                         .seed = options->seed,
                                         .sgd = {.schedule = schedule_of(options, steps),
                                                 .momentum = options->momentum,
                                                 .weight_decay = options->weight_decay},
                                         .groups = groups};
    const ard_status status = ard_mlp_create(context, &mlp_options, mlp);
    return status == ARD_STATUS_SUCCESS ? CLI_SUCCESS
                                        : report_setting_status(options->origin, "network", status);
}

int model_create(ard_context *context, train_options *options, const dataset_pair *data,
                 train_extra *extra, ard_mlp **mlp)
{
    if (options->batch > data->train.samples) {
        return setting_mistake(options->origin, "--batch %zu: there are only %zu training samples",
                               options->batch, data->train.samples);
    }
    const int result = make_network(context, options, data, mlp);
    if (result != CLI_SUCCESS) {
        return result;
    }
    extra->batch = options->batch;
    extra->epochs = options->epochs;
    extra->sgd_search = options->search == SEARCH_SGD && options_searches(options->dropout);
    const uint64_t steps = model_steps_per_epoch(data->train.samples, options->batch);
    (void)recorded_read(*mlp, steps, options);
    return CLI_SUCCESS;
}

static int load(ard_context *context, const char *path, ard_mlp **mlp)
{
    const ard_status status = ard_mlp_load(context, path, mlp);
    if (status == ARD_STATUS_IO) {
        return cli_mistake(&train_messages, "--resume: %s", ard_detail());
    }
    return status == ARD_STATUS_SUCCESS ? CLI_SUCCESS : report_status("--resume", status);
}

static int check_data(const train_extra *saved, const train_extra *here)
{
    const size_t samples = saved->samples + saved->validation;
    if (saved->checksum == here->checksum && samples == here->samples) {
        return CLI_SUCCESS;
    }
    return cli_mistake(&train_messages,
                       "--data: other data than the checkpoint's (%s, %zu training samples)",
                       saved->data, samples);
}

/* The checkpoint must fit itself and the data before any of its numbers is used. */
static bool is_consistent(const ard_mlp *mlp, const train_extra *saved, const dataset_pair *data)
{
    const ard_mlp_options *options = ard_mlp_get_options(mlp);
    const uint64_t steps = model_steps_per_epoch(saved->samples, saved->batch);
    const uint64_t into_epoch = ard_mlp_steps_done(mlp) % steps;
    return options->layers >= 2 && options->max_batch == saved->batch &&
           saved->batch <= saved->samples && saved->epochs <= OPTIONS_MAX_EPOCHS &&
           options->widths[0] == data->train.rows * data->train.cols &&
           options->widths[options->layers] == DATASET_CLASSES &&
           saved->sums.samples <= into_epoch * saved->batch;
}

static int check_epochs(const train_options *options, const ard_mlp *mlp, uint64_t steps_per_epoch)
{
    const uint64_t done = ard_mlp_steps_done(mlp);
    if (done <= options->epochs * steps_per_epoch) {
        return CLI_SUCCESS;
    }
    return cli_mistake(&train_messages,
                       "--epochs %zu: the checkpoint is %llu epochs and %llu steps along already",
                       options->epochs, (unsigned long long)(done / steps_per_epoch),
                       (unsigned long long)(done % steps_per_epoch));
}

static int adopt(const ard_mlp *mlp, train_options *options, const dataset_pair *data,
                 train_extra *extra)
{
    size_t size = 0;
    const void *text = ard_mlp_extra(mlp, &size);
    train_extra saved;
    if (!extra_read(text, size, &saved)) {
        return cli_mistake(&train_messages, "--resume: %s was not written by ard-train",
                           options->resume);
    }
    int result = check_data(&saved, extra);
    if (result != CLI_SUCCESS) {
        return result;
    }
    const uint64_t steps = model_steps_per_epoch(saved.samples, saved.batch);
    train_options recorded = *options;
    recorded.batch = saved.batch;
    recorded.epochs = saved.epochs;
    recorded.validation = saved.validation;
    recorded.search = saved.sgd_search ? SEARCH_SGD : SEARCH_EXACT;
    if (!is_consistent(mlp, &saved, data) || !recorded_read(mlp, steps, &recorded)) {
        return cli_mistake(&train_messages, "--resume: %s has settings that ard-train never makes",
                           options->resume);
    }
    result = recorded_merge(&recorded, options);
    if (result == CLI_SUCCESS) {
        result = check_epochs(options, mlp, steps);
    }
    if (result == CLI_SUCCESS) {
        *extra = saved;
        extra->epochs = options->epochs;
    }
    return result;
}

int model_resume(ard_context *context, train_options *options, const dataset_pair *data,
                 train_extra *extra, ard_mlp **mlp)
{
    ard_mlp *loaded = NULL;
    int result = load(context, options->resume, &loaded);
    if (result == CLI_SUCCESS) {
        result = adopt(loaded, options, data, extra);
    }
    if (result != CLI_SUCCESS) {
        ard_mlp_destroy(loaded);
        return result;
    }
    const char *note = ard_mlp_resume_note(loaded);
    if (note != NULL) {
        (void)fprintf(stderr, "ard-train: warning: %s: %s\n", options->resume, note);
    }
    *mlp = loaded;
    return CLI_SUCCESS;
}
