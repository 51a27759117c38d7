/* SPDX-License-Identifier: Apache-2.0 */
/* Fitting the time of a step to measured ones, and what a fit says. */
#include <ard/cost.h>

#include "core/status_internal.h"
#include "patterns/least_squares.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Deviations below this share of the longest time are rounding. */
#define ROUNDING 1e-12

/* What the samples hold of a layer's periods. */
typedef struct layer_periods {
    size_t samples[ARD_MAX_PERIOD + 1]; /* that have the period */
    uint32_t shortest;
    uint32_t longest;
} layer_periods;

/* The samples, and the linear system for the unknowns, a column each: the constant, inverse_l,
 * product_l, and an indicator of each period of a layer but its shortest and its longest, for which
 * the constant and 1/i suffice. */
typedef struct fit {
    size_t layers;
    size_t samples;
    const uint32_t *periods;
    const double *milliseconds;
    layer_periods *seen; /* [layers] */
    size_t smooth;       /* columns that are no indicators */
    size_t columns;      /* all that are fitted */
    double *matrix;      /* [columns x samples], column by column */
    double *values;      /* [samples] */
    double *x;           /* [columns] */
    bool *determined;    /* [columns] */
} fit;

static ard_status check_samples(size_t layers, size_t samples, const uint32_t *periods,
                                const double *milliseconds, double conventional)
{
    ARD__CHECK(layers >= 1 && layers <= ARD_COST_MAX_LAYERS, "%zu layers, expected 1 to %d", layers,
               ARD_COST_MAX_LAYERS);
    ARD__CHECK(samples >= 2 * layers, "%zu samples of %zu layers, expected at least %zu", samples,
               layers, 2 * layers);
    ARD__CHECK(samples <= SIZE_MAX / sizeof(double) / (layers * ARD_MAX_PERIOD),
               "%zu samples are too many", samples);
    ARD__CHECK(conventional > 0.0 && isfinite(conventional),
               "the conventional step takes %g, expected a number above 0", conventional);
    for (size_t sample = 0; sample < samples; sample++) {
        ARD__CHECK(milliseconds[sample] > 0.0 && isfinite(milliseconds[sample]),
                   "sample %zu takes %g, expected a number above 0", sample, milliseconds[sample]);
        for (size_t layer = 0; layer < layers; layer++) {
            const uint32_t period = periods[sample * layers + layer];
            ARD__CHECK(period >= 1 && period <= ARD_MAX_PERIOD,
                       "sample %zu has period %" PRIu32 " in layer %zu, expected 1 to %d", sample,
                       period, layer, ARD_MAX_PERIOD);
        }
    }
    return ARD_STATUS_SUCCESS;
}

static uint32_t period_of(const fit *fit, size_t sample, size_t layer)
{
    return fit->periods[sample * fit->layers + layer];
}

/* Whether a period of a layer has an indicator where any has. */
static bool has_indicator(const fit *fit, size_t layer, uint32_t period)
{
    const layer_periods *seen = &fit->seen[layer];
    return period > seen->shortest && period < seen->longest && seen->samples[period] > 0;
}

/* Counts the samples of each period, and the columns. */
static ard_status find_columns(fit *fit)
{
    size_t indicators = 0;
    for (size_t layer = 0; layer < fit->layers; layer++) {
        layer_periods *seen = &fit->seen[layer];
        seen->shortest = ARD_MAX_PERIOD;
        for (size_t sample = 0; sample < fit->samples; sample++) {
            const uint32_t period = period_of(fit, sample, layer);
            seen->samples[period]++;
            seen->shortest = period < seen->shortest ? period : seen->shortest;
            seen->longest = period > seen->longest ? period : seen->longest;
        }
        ARD__CHECK(seen->shortest < seen->longest,
                   "layer %zu has period %" PRIu32 " in all samples, expected several", layer,
                   seen->longest);
        for (uint32_t i = 1; i <= ARD_MAX_PERIOD; i++) {
            indicators += has_indicator(fit, layer, i) ? 1 : 0;
        }
    }
    fit->smooth = 2 * fit->layers;
    fit->columns = fit->smooth;
    if (fit->samples >= fit->smooth + indicators) {
        fit->columns += indicators;
    }
    return ARD_STATUS_SUCCESS;
}

static void fill_smooth(fit *fit)
{
    double *inverses = fit->matrix + fit->samples;
    double *products = inverses + fit->layers * fit->samples;
    for (size_t sample = 0; sample < fit->samples; sample++) {
        double before = 0.0;
        fit->matrix[sample] = 1.0;
        for (size_t layer = 0; layer < fit->layers; layer++) {
            const double inverse = 1.0 / (double)period_of(fit, sample, layer);
            inverses[layer * fit->samples + sample] = inverse;
            if (layer > 0) {
                products[(layer - 1) * fit->samples + sample] = before * inverse;
            }
            before = inverse;
        }
    }
}

static void fill_indicators(fit *fit)
{
    double *column = fit->matrix + fit->smooth * fit->samples;
    for (size_t layer = 0; layer < fit->layers; layer++) {
        for (uint32_t i = 1; i <= ARD_MAX_PERIOD; i++) {
            if (has_indicator(fit, layer, i)) {
                for (size_t sample = 0; sample < fit->samples; sample++) {
                    column[sample] = period_of(fit, sample, layer) == i ? 1.0 : 0.0;
                }
                column += fit->samples;
            }
        }
    }
}

static ard_status check_determined(const fit *fit)
{
    for (size_t column = 1; column < fit->smooth; column++) {
        const bool product = column > fit->layers;
        ARD__CHECK(fit->determined[column],
                   "the periods of the %zu samples leave the term in 1/%s of layer %zu undetermined"
                   "; expected all joint periods, or more of them",
                   fit->samples, product ? "(i j)" : "i", column - 1 - (product ? fit->layers : 0));
    }
    return ARD_STATUS_SUCCESS;
}

/* Moves the line u + w / i nearest to a layer's deviations, over all samples, into the constant and
 * inverse_l. */
static void take_out_line(const layer_periods *seen, double *deviation, double *constant,
                          double *inverse)
{
    double count = 0.0;
    double mean_x = 0.0;
    double mean_y = 0.0;
    for (uint32_t i = seen->shortest; i <= seen->longest; i++) {
        const double samples = (double)seen->samples[i];
        count += samples;
        mean_x += samples / (double)i;
        mean_y += samples * deviation[i - 1];
    }
    mean_x /= count;
    mean_y /= count;
    double square = 0.0;
    double dot = 0.0;
    for (uint32_t i = seen->shortest; i <= seen->longest; i++) {
        const double x = 1.0 / (double)i - mean_x;
        square += (double)seen->samples[i] * x * x;
        dot += (double)seen->samples[i] * x * (deviation[i - 1] - mean_y);
    }
    const double slope = dot / square;
    for (uint32_t i = seen->shortest; i <= seen->longest; i++) {
        if (seen->samples[i] > 0) {
            deviation[i - 1] -= mean_y + slope * (1.0 / (double)i - mean_x);
        }
    }
    *inverse += slope;
    *constant += mean_y - slope * mean_x;
}

/* Makes zero what is rounding alone: no distribution should give up randomness for it. */
static void take_out_rounding(const fit *fit, double *deviation)
{
    double longest = 0.0;
    for (size_t sample = 0; sample < fit->samples; sample++) {
        longest = fmax(longest, fit->milliseconds[sample]);
    }
    for (uint32_t i = 0; i < ARD_MAX_PERIOD; i++) {
        if (fabs(deviation[i]) <= ROUNDING * longest) {
            deviation[i] = 0.0;
        }
    }
}

static void read_solution(const fit *fit, ard_cost_model *model)
{
    const size_t layers = fit->layers;
    model->layers = layers;
    model->constant = fit->x[0];
    memcpy(model->inverse, fit->x + 1, layers * sizeof *model->inverse);
    memcpy(model->product, fit->x + 1 + layers, (layers - 1) * sizeof *model->product);
    const double *next = fit->x + fit->smooth;
    for (size_t layer = 0; layer < layers; layer++) {
        model->max_period[layer] = fit->seen[layer].longest;
        if (fit->columns == fit->smooth) {
            continue;
        }
        for (uint32_t i = 1; i <= ARD_MAX_PERIOD; i++) {
            model->deviation[layer][i - 1] = has_indicator(fit, layer, i) ? *next++ : 0.0;
        }
        take_out_line(&fit->seen[layer], model->deviation[layer], &model->constant,
                      &model->inverse[layer]);
        take_out_rounding(fit, model->deviation[layer]);
    }
}

static double predict(const ard_cost_model *model, const uint32_t *periods)
{
    double sum = model->constant;
    for (size_t layer = 0; layer < model->layers; layer++) {
        const double inverse = 1.0 / (double)periods[layer];
        sum += model->inverse[layer] * inverse + model->deviation[layer][periods[layer] - 1];
        if (layer + 1 < model->layers) {
            sum += model->product[layer] * inverse / (double)periods[layer + 1];
        }
    }
    return sum;
}

static double find_misfit(const fit *fit, const ard_cost_model *model)
{
    double misfit = 0.0;
    for (size_t sample = 0; sample < fit->samples; sample++) {
        const double measured = fit->milliseconds[sample];
        const double fitted = predict(model, fit->periods + sample * fit->layers);
        misfit = fmax(misfit, fabs(fitted - measured) / measured);
    }
    return misfit;
}

static ard_status allocate(fit *fit)
{
    fit->matrix = calloc(fit->columns * fit->samples, sizeof *fit->matrix);
    fit->values = calloc(fit->samples, sizeof *fit->values);
    fit->x = calloc(fit->columns, sizeof *fit->x);
    fit->determined = calloc(fit->columns, sizeof *fit->determined);
    if (fit->matrix == NULL || fit->values == NULL || fit->x == NULL || fit->determined == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no memory to fit %zu samples", fit->samples);
    }
    return ARD_STATUS_SUCCESS;
}

static ard_status solve(fit *fit, ard_cost_model *model)
{
    fit->seen = calloc(fit->layers, sizeof *fit->seen);
    if (fit->seen == NULL) {
        return ard__fail(ARD_STATUS_OUT_OF_MEMORY, "no memory to fit %zu samples", fit->samples);
    }
    ARD_TRY(find_columns(fit));
    ARD_TRY(allocate(fit));
    fill_smooth(fit);
    if (fit->columns > fit->smooth) {
        fill_indicators(fit);
    }
    memcpy(fit->values, fit->milliseconds, fit->samples * sizeof *fit->values);
    ARD_TRY(ard__least_squares(fit->samples, fit->columns, fit->matrix, fit->values, fit->x,
                               fit->determined));
    ARD_TRY(check_determined(fit));
    read_solution(fit, model);
    model->misfit = find_misfit(fit, model);
    return ARD_STATUS_SUCCESS;
}

ard_status ard_cost_fit(size_t layers, size_t samples, const uint32_t *periods,
                        const double *milliseconds, double conventional, ard_cost_model *model)
{
    ARD__CHECK(periods != NULL && milliseconds != NULL && model != NULL,
               "ard_cost_fit: an argument is NULL");
    ARD_TRY(check_samples(layers, samples, periods, milliseconds, conventional));
    fit fit = {
        .layers = layers, .samples = samples, .periods = periods, .milliseconds = milliseconds};
    ard_cost_model made = {.conventional = conventional};
    const ard_status status = solve(&fit, &made);
    free(fit.seen);
    free(fit.matrix);
    free(fit.values);
    free(fit.x);
    free(fit.determined);
    if (status == ARD_STATUS_SUCCESS) {
        *model = made;
    }
    return status;
}

ard_status ard_cost_predict(const ard_cost_model *model, const uint32_t *periods,
                            double *milliseconds)
{
    ARD__CHECK(model != NULL && periods != NULL && milliseconds != NULL,
               "ard_cost_predict: an argument is NULL");
    for (size_t layer = 0; layer < model->layers; layer++) {
        ARD__CHECK(periods[layer] >= 1 && periods[layer] <= ARD_MAX_PERIOD,
                   "period %" PRIu32 " of layer %zu, expected 1 to %d", periods[layer], layer,
                   ARD_MAX_PERIOD);
    }
    *milliseconds = predict(model, periods);
    return ARD_STATUS_SUCCESS;
}

ard_status ard_cost_expected(const ard_cost_model *model, const ard_distribution *distributions,
                             double *milliseconds)
{
    ARD__CHECK(model != NULL && distributions != NULL && milliseconds != NULL,
               "ard_cost_expected: an argument is NULL");
    double sum = model->constant;
    double before = 0.0;
    for (size_t layer = 0; layer < model->layers; layer++) {
        const ard_distribution *distribution = &distributions[layer];
        const double inverse = ard_distribution_kept_share(distribution);
        sum += model->inverse[layer] * inverse;
        sum += layer > 0 ? model->product[layer - 1] * before * inverse : 0.0;
        for (uint32_t i = 0; i < distribution->max_period; i++) {
            sum += distribution->probabilities[i] * model->deviation[layer][i];
        }
        before = inverse;
    }
    *milliseconds = sum;
    return ARD_STATUS_SUCCESS;
}
