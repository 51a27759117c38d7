/* SPDX-License-Identifier: Apache-2.0 */
#include "train/recorded.h"

#include <string.h>

#include "train/messages.h"
#include "train/settings.h"

/* Whether two hidden layers differ at most in rate and period. */
static bool is_alike(const ard_dropout *a, const ard_dropout *b)
{
    return a->kind == b->kind && a->scale == b->scale && a->tile_edge == b->tile_edge &&
           a->tile_numbering == b->tile_numbering;
}

/* One kind, scale and grid for all hidden layers, a rate and a period for each. */
static bool read_dropout(const ard_mlp_options *network, train_options *options)
{
    const ard_dropout *dropouts = network->dropout;
    options->dropout = (int)dropouts[0].kind;
    options->scale = (int)dropouts[0].scale;
    options->tile = dropouts[0].tile_edge;
    options->numbering = (int)dropouts[0].tile_numbering;
    for (size_t i = 0; i < options->hidden.count; ++i) {
        const ard_dropout *dropout = &dropouts[i];
        if (!is_alike(dropout, &dropouts[0])) {
            return false;
        }
        if (!options_rate_changes(options)) {
            options->rate.values[i] = dropout->rate;
        }
        options->periods.values[i] = dropout->kind == ARD_DROPOUT_SUBSET
                                         ? dropout->subset.period
                                         : dropout->distribution.max_period;
    }
    options->rate.count = options->hidden.count;
    options->periods.count = options_has_period(options->dropout) ? options->hidden.count : 0;
    return true;
}

static bool read_schedule(const ard_schedule *schedule, uint64_t steps_per_epoch,
                          train_options *options)
{
    options->schedule = (int)schedule->kind;
    options->lr = schedule->rate;
    options->lr_warmup_epochs = (size_t)(schedule->warmup / steps_per_epoch);
    if (schedule->warmup % steps_per_epoch != 0) {
        return false;
    }
    switch (schedule->kind) {
    case ARD_SCHEDULE_CONSTANT:
        return true;
    case ARD_SCHEDULE_STEP:
        options->lr_factor = schedule->factor;
        options->lr_step_epochs = (size_t)(schedule->every / steps_per_epoch);
        break;
    case ARD_SCHEDULE_COSINE:
        options->lr_final = schedule->final_rate;
        break;
    }
    return schedule->every >= steps_per_epoch && schedule->every % steps_per_epoch == 0;
}

bool recorded_read(const ard_mlp *mlp, uint64_t steps_per_epoch, train_options *options)
{
    const ard_mlp_options *network = ard_mlp_get_options(mlp);
    options->hidden.count = network->layers - 1;
    for (size_t i = 0; i < options->hidden.count; ++i) {
        options->hidden.values[i] = network->widths[i + 1];
    }
    options->seed = network->seed;
    options->groups = network->groups;
    options->momentum = network->sgd.momentum;
    options->weight_decay = network->sgd.weight_decay;
    return read_dropout(network, options) &&
           read_schedule(&network->sgd.schedule, steps_per_epoch, options);
}

static bool may_differ(const train_options *recorded, recorded_option option)
{
    /* A network without dropout has no rate: any given one is as unused as before. The same times
     * may be in another file. */
    return option == RECORDED_EPOCHS || option == RECORDED_COST ||
           (option == RECORDED_RATE && recorded->dropout == ARD_DROPOUT_NONE);
}

static int compare(const train_options *recorded, const train_options *given)
{
    char there[SETTING_TEXT_SIZE];
    char here[SETTING_TEXT_SIZE];
    for (recorded_option option = 0; option < RECORDED_COUNT; ++option) {
        if (!given->given[option] || may_differ(recorded, option)) {
            continue;
        }
        setting_text(recorded, option, there);
        setting_text(given, option, here);
        if (strcmp(there, here) != 0) {
            return cli_mistake(&train_messages,
                               "--%s %s contradicts the checkpoint, which was made with %s",
                               setting_name(option), here, there);
        }
    }
    return CLI_SUCCESS;
}

/* The command line with everything filled in that it leaves to the checkpoint and that the meaning
 * of what it does say depends on. */
static train_options completed(const train_options *recorded, const train_options *options)
{
    train_options given = *options;
    if (!given.given[RECORDED_HIDDEN]) {
        given.hidden = recorded->hidden;
    }
    if (!given.given[RECORDED_DROPOUT]) {
        given.dropout = recorded->dropout;
    }
    if (!given.given[RECORDED_SCHEDULE]) {
        given.schedule = recorded->schedule;
    }
    if (!given.given[RECORDED_RATE_SCHEDULE]) {
        given.rate_schedule = recorded->rate_schedule;
    }
    if (!given.given[RECORDED_SEARCH]) {
        given.search = recorded->search;
    }
    given.periods.count = given.hidden.count;
    for (size_t i = 0; i < given.hidden.count && i < CLI_MAX_LIST; ++i) {
        given.periods.values[i] = given.max_period;
    }
    return given;
}

int recorded_merge(const train_options *recorded, train_options *options)
{
    train_options given = completed(recorded, options);
    int result = options_check(&given);
    if (result == CLI_SUCCESS) {
        result = compare(recorded, &given);
    }
    if (result != CLI_SUCCESS) {
        return result;
    }
    const size_t epochs = options->given[RECORDED_EPOCHS] ? options->epochs : recorded->epochs;
    *options = *recorded;
    options->epochs = epochs;
    return CLI_SUCCESS;
}
