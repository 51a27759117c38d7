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

/* Whether all levels have tiles enough, and memory and tables in the network for their patterns,
 * the last one first. Leaves the network at the first. */
static int check_levels(const train_options *options, const dropout_levels *levels, ard_mlp *mlp)
{
    for (size_t i = levels->count; i-- > 0;) {
        const ard_status status = ard_mlp_set_dropout(mlp, dropout_levels_get(levels, i));
        if (status != ARD_STATUS_SUCCESS) {
            return report_setting_status(options->origin, "network", status);
        }
    }
    return CLI_SUCCESS;
}

static int check_tiles(const train_options *options, const size_t *widths,
                       const dropout_levels *levels)
{
    int status = CLI_SUCCESS;
    for (size_t i = levels->count; status == CLI_SUCCESS && i-- > 0;) {
        status = tile_grid_check(options, widths, dropout_levels_get(levels, i));
    }
    return status;
}

static void find_widths(const train_options *options, const dataset_pair *data,
                        size_t widths[ARD_MLP_MAX_LAYERS + 1])
{
    const size_t hidden = options->hidden.count;
    widths[0] = data->train.rows * data->train.cols;
    for (size_t i = 0; i < hidden; ++i) {
        widths[i + 1] = options->hidden.values[i];
    }
    widths[hidden + 1] = DATASET_CLASSES;
}

/* A network whose dropout is that of the first step. */
static int make_network(ard_context *context, const train_options *options,
                        const dataset_pair *data, const dropout_levels *levels, ard_mlp **mlp)
{
    size_t widths[ARD_MLP_MAX_LAYERS + 1];
    find_widths(options, data, widths);
    int result = CLI_SUCCESS;
    if (options->dropout == ARD_DROPOUT_TILE) {
        result = check_tiles(options, widths, levels);
    }
    if (result != CLI_SUCCESS) {
        return result;
    }
    const uint64_t steps = model_steps_per_epoch(data->train.samples, options->batch);
    const uint32_t groups = options_has_groups(options->dropout) ? options->groups : 1;
    const ard_mlp_options mlp_options = {.layers = options->hidden.count + 1,
                                         .widths = widths,
                                         .dropout = dropout_levels_get(levels, levels->count - 1),
                                         .dropout_varies = levels->count > 1,
                                         .max_batch = options->batch,
                                         .seed = options->seed,
                                         .sgd = {.schedule = schedule_of(options, steps),
                                                 .momentum = options->momentum,
                                                 .weight_decay = options->weight_decay},
                                         .groups = groups};
    const ard_status status = ard_mlp_create(context, &mlp_options, mlp);
    return status == ARD_STATUS_SUCCESS ? check_levels(options, levels, *mlp)
                                        : report_setting_status(options->origin, "network", status);
}

static int make_levels(const train_options *options, const dataset_pair *data, uint64_t steps,
                       dropout_levels *levels)
{
    size_t widths[ARD_MLP_MAX_LAYERS + 1];
    find_widths(options, data, widths);
    return dropout_levels_make(options, widths, steps, levels);
}

/* What a checkpoint cannot tell from the network. */
static void record(const train_options *options, const dropout_levels *levels, train_extra *extra)
{
    extra->batch = options->batch;
    extra->epochs = options->epochs;
    extra->search = options_searches(options->dropout) ? options->search : SEARCH_EXACT;
    extra->entropy_share = options->entropy_share;
    extra->cost_checksum = levels->cost_checksum;
    if (options_rate_changes(options)) {
        extra->rate_epochs = options->rate_epochs;
        extra->rate = options->rate;
    }
}

int model_create(ard_context *context, train_options *options, const dataset_pair *data,
                 train_extra *extra, ard_mlp **mlp, dropout_levels *levels)
{
    if (options->batch > data->train.samples) {
        return setting_mistake(options->origin, "--batch %zu: there are only %zu training samples",
                               options->batch, data->train.samples);
    }
    dropout_levels made = {.layers = 0};
    ard_mlp *network = NULL;
    const uint64_t steps = model_steps_per_epoch(data->train.samples, options->batch);
    int result = make_levels(options, data, steps, &made);
    if (result == CLI_SUCCESS) {
        result = make_network(context, options, data, &made, &network);
    }
    if (result != CLI_SUCCESS) {
        ard_mlp_destroy(network);
        dropout_levels_destroy(&made);
        return result;
    }
    record(options, &made, extra);
    (void)recorded_read(network, steps, options);
    *mlp = network;
    *levels = made;
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

/* A rate that changes is, in the network, still that of the last step that was done. */
static bool has_rates(const ard_mlp *mlp, const train_extra *saved, uint64_t steps_per_epoch)
{
    const ard_mlp_options *options = ard_mlp_get_options(mlp);
    const uint64_t done = ard_mlp_steps_done(mlp);
    const uint64_t steps = saved->rate_epochs * steps_per_epoch;
    bool good = options->dropout_varies == (saved->rate_epochs > 0) &&
                saved->rate.count == (saved->rate_epochs > 0 ? options->layers - 1 : 0);
    for (size_t i = 0; good && i < saved->rate.count; ++i) {
        good = options->dropout[i].rate ==
               dropout_rate_at(saved->rate.values[i], done > 0 ? done - 1 : 0, steps);
    }
    return good;
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
           saved->sums.samples <= into_epoch * saved->batch && has_rates(mlp, saved, steps);
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
    recorded.search = saved.search;
    recorded.entropy_share = saved.entropy_share;
    recorded.rate_schedule = saved.rate_epochs > 0 ? RATE_EXPONENTIAL : RATE_CONSTANT;
    recorded.rate_epochs = saved.rate_epochs;
    if (saved.rate_epochs > 0) {
        recorded.rate = saved.rate;
    }
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

/* The rates to come, and whether times that are given are those of the checkpoint. The
 * distributions of a constant rate are in the network. */
static int resume_levels(const train_options *options, const dataset_pair *data,
                         const train_extra *saved, dropout_levels *levels)
{
    const bool cost = options_uses_cost(options);
    if (!options_rate_changes(options) && !(cost && options->cost != NULL)) {
        return CLI_SUCCESS;
    }
    if (cost && options->cost == NULL) {
        return cli_mistake(&train_messages,
                           "--resume: the periods of the rates to come are searched by times; give "
                           "them again by --cost");
    }
    dropout_levels made = {.layers = 0};
    /* Nothing is held out of the data yet. */
    const uint64_t steps = model_steps_per_epoch(saved->samples, saved->batch);
    const int result = make_levels(options, data, steps, &made);
    if (result != CLI_SUCCESS) {
        return result;
    }
    if (cost && made.cost_checksum != saved->cost_checksum) {
        dropout_levels_destroy(&made);
        return cli_mistake(&train_messages, "--cost: the times in '%s' are not the checkpoint's",
                           options->cost);
    }
    *levels = made;
    return CLI_SUCCESS;
}

int model_resume(ard_context *context, train_options *options, const dataset_pair *data,
                 train_extra *extra, ard_mlp **mlp, dropout_levels *levels)
{
    ard_mlp *loaded = NULL;
    int result = load(context, options->resume, &loaded);
    if (result == CLI_SUCCESS) {
        result = adopt(loaded, options, data, extra);
    }
    if (result == CLI_SUCCESS) {
        result = resume_levels(options, data, extra, levels);
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
