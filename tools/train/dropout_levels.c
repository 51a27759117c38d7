/* SPDX-License-Identifier: Apache-2.0 */
#include "train/dropout_levels.h"

#include <math.h>
#include <stdlib.h>

#include "train/cost_times.h"
#include "train/messages.h"

enum { LEVELS = 32 };

/* The authors' gamma times the number of steps. */
static const double GROWTH = 10.0;

static size_t level_at(uint64_t step, uint64_t steps)
{
    const double share = -expm1(-GROWTH * (double)step / (double)steps);
    return (size_t)floor(LEVELS * share + 0.5);
}

static double rate_of(double rate, size_t level)
{
    return rate * ((double)level / LEVELS);
}

double dropout_rate_at(double rate, uint64_t step, uint64_t steps)
{
    return rate_of(rate, level_at(step, steps));
}

/* What the levels are made from. */
typedef struct search {
    const train_options *options;
    const cost_file *file; /* NULL: not searched by times */
    size_t layers;
} search;

/* The exact distributions, or none where there are no patterns. `periods` may be 0: from the rate.
 */
static int make_exact(const search *search, const double *rates, const uint32_t *periods,
                      ard_dropout *dropouts)
{
    const train_options *options = search->options;
    for (size_t i = 0; i < search->layers; ++i) {
        const ard_status status =
            ard_dropout_init((ard_dropout_kind)options->dropout, rates[i], periods[i],
                             (ard_scale_kind)options->scale, &dropouts[i]);
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

/* The paper's in their place. */
static int search_by_sgd(const search *search, const double *rates, ard_dropout *dropouts)
{
    for (size_t i = 0; i < search->layers; ++i) {
        ard_distribution *found = &dropouts[i].distribution;
        const ard_status status = ard_distribution_sgd(rates[i], found->max_period, NULL, found);
        if (status != ARD_STATUS_SUCCESS) {
            return report_setting_status(search->options->origin, "dropout", status);
        }
    }
    return CLI_SUCCESS;
}

/* The distributions of one level in place of the exact ones, if they are wanted. */
static int search_level(const search *search, const double *rates, ard_dropout *dropouts)
{
    const train_options *options = search->options;
    if (!options_searches(options->dropout) || options->search == SEARCH_EXACT) {
        return CLI_SUCCESS;
    }
    return options->search == SEARCH_SGD
               ? search_by_sgd(search, rates, dropouts)
               : cost_times_search(options, search->file, rates, search->layers, dropouts);
}

/* The longest period of the level that there is, which all levels have. */
static uint32_t period_of(const ard_dropout *dropout)
{
    return dropout->kind == ARD_DROPOUT_SUBSET ? dropout->subset.period
                                               : dropout->distribution.max_period;
}

/* Level `index`; the last one must be there already, unless it is this one. */
static int make_level(const search *search, const dropout_levels *levels, size_t index)
{
    const train_options *options = search->options;
    const bool last = index + 1 == levels->count;
    const ard_dropout *final = dropout_levels_get(levels, levels->count - 1);
    ard_dropout *dropouts = levels->dropouts + index * levels->layers;
    double rates[ARD_MLP_MAX_LAYERS];
    uint32_t periods[ARD_MLP_MAX_LAYERS];
    for (size_t i = 0; i < levels->layers; ++i) {
        const uint32_t asked =
            i < options->periods.count ? (uint32_t)options->periods.values[i] : options->max_period;
        rates[i] = last ? options->rate.values[i] : rate_of(options->rate.values[i], index);
        periods[i] = last ? asked : period_of(&final[i]);
    }
    const int status = make_exact(search, rates, periods, dropouts);
    return status == CLI_SUCCESS ? search_level(search, rates, dropouts) : status;
}

static int make_all(const search *search, dropout_levels *levels)
{
    int status = CLI_SUCCESS;
    for (size_t i = levels->count; status == CLI_SUCCESS && i-- > 0;) {
        status = make_level(search, levels, i);
    }
    return status;
}

int dropout_levels_make(const train_options *options, const size_t *widths,
                        uint64_t steps_per_epoch, dropout_levels *made)
{
    cost_file *file = NULL;
    dropout_levels levels = {.layers = options->hidden.count,
                             .count = options_rate_changes(options) ? LEVELS + 1 : 1,
                             .steps = options->rate_epochs * steps_per_epoch};
    int status = CLI_SUCCESS;
    levels.dropouts = calloc(levels.count * levels.layers, sizeof *levels.dropouts);
    if (levels.dropouts == NULL) {
        return cli_failure(&train_messages, "not enough memory");
    }
    if (options_uses_cost(options)) {
        status = cost_times_read(options, widths, &file);
    }
    if (status == CLI_SUCCESS) {
        const search search = {.options = options, .file = file, .layers = levels.layers};
        levels.cost_checksum = file != NULL ? file->checksum : 0;
        status = make_all(&search, &levels);
    }
    free(file);
    if (status != CLI_SUCCESS) {
        dropout_levels_destroy(&levels);
        return status;
    }
    *made = levels;
    return CLI_SUCCESS;
}

const ard_dropout *dropout_levels_get(const dropout_levels *levels, size_t index)
{
    return levels->dropouts + index * levels->layers;
}

const ard_dropout *dropout_levels_at(const dropout_levels *levels, uint64_t step)
{
    return dropout_levels_get(levels, levels->count == 1 ? 0 : level_at(step, levels->steps));
}

void dropout_levels_destroy(dropout_levels *levels)
{
    free(levels->dropouts);
    *levels = (dropout_levels){.layers = 0};
}
