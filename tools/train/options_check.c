/* SPDX-License-Identifier: Apache-2.0 */
#include "train/messages.h"
#include "train/options.h"
#include "train/settings.h"

static int check_dropout(const train_options *options)
{
    const int dropout = options->dropout;
    if (options->given[RECORDED_RATE] && dropout == ARD_DROPOUT_NONE) {
        return setting_mistake(options->origin, "--rate goes only with a --dropout");
    }
    if (options->given[RECORDED_MAX_PERIOD] && !options_has_period(dropout)) {
        return setting_mistake(options->origin,
                               "--max-period goes only with --dropout row, subset or tile");
    }
    if (options->given[RECORDED_SEARCH] && !options_searches(dropout)) {
        return setting_mistake(options->origin, "--search goes only with --dropout row or tile");
    }
    if (options->given[RECORDED_TILE] && !options_has_tiles(dropout)) {
        return setting_mistake(options->origin, "--tile goes only with --dropout tile");
    }
    static const recorded_option OF_PATTERNS[] = {RECORDED_SCALE, RECORDED_GROUPS};
    for (size_t i = 0; i < sizeof OF_PATTERNS / sizeof OF_PATTERNS[0]; ++i) {
        if (options->given[OF_PATTERNS[i]] && !options_has_groups(dropout)) {
            return setting_mistake(options->origin,
                                   "--%s goes only with --dropout row, subset, tile or index",
                                   setting_name(OF_PATTERNS[i]));
        }
    }
    if (options->given[RECORDED_NUMBERING] && !options_has_tiles(dropout)) {
        return setting_mistake(options->origin, "--numbering goes only with --dropout tile");
    }
    return CLI_SUCCESS;
}

/* Times are needed unless a checkpoint has the distributions already; they are of whole batches. A
 * search that settings share is there for those without one too. */
static int check_cost(const train_options *options)
{
    static const recorded_option ONLY_WITH_COST[] = {RECORDED_COST, RECORDED_ENTROPY_SHARE};
    for (size_t i = 0; i < sizeof ONLY_WITH_COST / sizeof ONLY_WITH_COST[0]; ++i) {
        if (options->given[ONLY_WITH_COST[i]] && !options_uses_cost(options)) {
            return setting_mistake(
                options->origin, "--%s goes only with --search cost%s",
                setting_name(ONLY_WITH_COST[i]),
                options_searches(options->dropout) ? "" : " and --dropout row or tile");
        }
    }
    if (options_uses_cost(options) && options->groups > 1) {
        return setting_mistake(options->origin,
                               "--search cost is of one pattern a batch; --groups must be 1");
    }
    if (options_uses_cost(options) && options->cost == NULL && options->resume == NULL) {
        return setting_mistake(options->origin, "--search cost needs --cost");
    }
    return CLI_SUCCESS;
}

/* Without a number of its own the rate grows in all epochs. */
static int check_rate_schedule(train_options *options)
{
    if (options->given[RECORDED_RATE_SCHEDULE] && options->dropout == ARD_DROPOUT_NONE) {
        return setting_mistake(options->origin, "--rate-schedule goes only with a --dropout");
    }
    if (options->given[RECORDED_RATE_EPOCHS] && !options_rate_changes(options)) {
        return setting_mistake(options->origin,
                               "--rate-epochs goes only with --rate-schedule exponential%s",
                               options->dropout == ARD_DROPOUT_NONE ? " and a --dropout" : "");
    }
    if (options->rate_epochs == 0) {
        options->rate_epochs = options->epochs;
    }
    return CLI_SUCCESS;
}

static int check_schedule(const train_options *options)
{
    static const struct {
        recorded_option option;
        int schedule;
    } ONLY_WITH[] = {
        {RECORDED_LR_STEP_EPOCHS, ARD_SCHEDULE_STEP},
        {RECORDED_LR_FACTOR, ARD_SCHEDULE_STEP},
        {RECORDED_LR_FINAL, ARD_SCHEDULE_COSINE},
    };
    for (size_t i = 0; i < sizeof ONLY_WITH / sizeof ONLY_WITH[0]; ++i) {
        if (options->given[ONLY_WITH[i].option] && options->schedule != ONLY_WITH[i].schedule) {
            return setting_mistake(options->origin, "--%s goes only with --schedule %s",
                                   setting_name(ONLY_WITH[i].option),
                                   options_schedule_name(ONLY_WITH[i].schedule));
        }
    }
    return CLI_SUCCESS;
}

static int spread_rate(train_options *options)
{
    const size_t layers = options->hidden.count;
    if (layers > ARD_MLP_MAX_LAYERS - 1) {
        return setting_mistake(options->origin, "--hidden: %zu layers; at most %d", layers,
                               ARD_MLP_MAX_LAYERS - 1);
    }
    if (options->rate.count == 1) {
        for (size_t i = 1; i < layers; ++i) {
            options->rate.values[i] = options->rate.values[0];
        }
        options->rate.count = layers;
    }
    if (options->rate.count != layers) {
        return setting_mistake(options->origin,
                               "--rate: %zu rates for %zu hidden layers; give one, or one for each",
                               options->rate.count, layers);
    }
    return CLI_SUCCESS;
}

int options_check(train_options *options)
{
    int status = check_dropout(options);
    if (status == CLI_SUCCESS) {
        status = check_cost(options);
    }
    if (status == CLI_SUCCESS) {
        status = check_rate_schedule(options);
    }
    if (status != CLI_SUCCESS) {
        return status;
    }
    if (options->save_every_given && options->save == NULL) {
        return setting_mistake(options->origin, "--save-every needs --save");
    }
    status = check_schedule(options);
    return status != CLI_SUCCESS ? status : spread_rate(options);
}
