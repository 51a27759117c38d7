/* SPDX-License-Identifier: Apache-2.0 */
/* A few training steps against the double-precision reference.
 *
 * Several steps, because what a skipped weight's momentum owes is only seen when it is kept again.
 * Error of a parameter: see reference_layer_error(); of the loss: relative to the loss. */
#include "step_mlp.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "progress.h"
#include "reference.h"

enum {
    VERIFY_STEPS = 3,
    VERIFY_ATTEMPTS = 100, /* at a sample that stays clear of the ReLU's corner */
};

/* Dense operations that the reference may spend on one step; what is above takes a smaller batch.
 */
#define VERIFY_FLOPS 3e9
/* How near to the corner a sample may come. */
#define VERIFY_MARGIN 2e-5

typedef struct verification {
    ard_context *context;
    const bench_case *kase;
    ard_dropout_kind kind; /* the case's pattern, DROPCONNECT, or NONE: the CBLAS baseline, which
                              draws other masks, without its dropout */
    size_t batch;
    bench_input input;
    ard_mlp *mlp;
    cblas_mlp *cblas; /* of kind NONE; the other network gives its first weights then */
    reference *reference;
    float *weights; /* room for those of any layer */
    float *bias;
    progress bar;
    char note[CASE_TEXT];
    uint64_t samples; /* done */
    double largest;   /* error so far */
} verification;

/* At least one sample for every group. */
static size_t verification_batch(const bench_case *kase)
{
    const size_t least = case_groups(kase) > 4 ? case_groups(kase) : 4;
    const double most = VERIFY_FLOPS / (case_flops(kase, NULL) / (double)kase->batch);
    if (most >= (double)kase->batch) {
        return kase->batch;
    }
    const size_t batch = most < (double)least ? least : (size_t)most;
    return batch < kase->batch ? batch : kase->batch;
}

static bench_outcome copy_parameters(verification *v)
{
    bench_outcome outcome = BENCH_DONE;
    for (size_t layer = 0; layer < v->kase->layers && outcome == BENCH_DONE; layer++) {
        outcome = measure_outcome(ard_mlp_read_layer(v->mlp, layer, v->weights, v->bias));
        reference_set_layer(v->reference, layer, v->weights, v->bias);
        if (v->cblas != NULL) {
            cblas_mlp_write_layer(v->cblas, layer, v->weights, v->bias);
        }
    }
    return outcome;
}

static bench_outcome create(verification *v)
{
    const bench_case *kase = v->kase;
    size_t most_weights = 0;
    size_t most_units = 0;
    case_largest_layer(kase, &most_weights, &most_units);
    v->weights = calloc(most_weights, sizeof *v->weights);
    v->bias = calloc(most_units, sizeof *v->bias);
    v->reference = reference_create(kase->layers, kase->widths, v->batch);
    if (v->weights == NULL || v->bias == NULL || v->reference == NULL) {
        return BENCH_NO_MEMORY;
    }
    if (v->kind == ARD_DROPOUT_NONE) {
        v->cblas = step_create_cblas(kase, v->batch, false);
        if (v->cblas == NULL) {
            return BENCH_NO_MEMORY;
        }
    }
    bench_outcome outcome = input_create(v->context, v->batch, kase->widths[0],
                                         kase->widths[kase->layers], kase->seed, &v->input);
    if (outcome == BENCH_DONE) {
        outcome = measure_outcome(step_create_mlp(v->context, kase, v->kind, &v->mlp));
    }
    return outcome == BENCH_DONE ? copy_parameters(v) : outcome;
}

static void destroy(verification *v)
{
    free(v->weights);
    free(v->bias);
    reference_destroy(v->reference);
    ard_mlp_destroy(v->mlp);
    cblas_mlp_destroy(v->cblas);
    input_destroy(&v->input);
    v->weights = NULL;
    v->bias = NULL;
    v->reference = NULL;
    v->mlp = NULL;
    v->cblas = NULL;
}

static void note_error(verification *v, double error)
{
    if (!(error <= v->largest)) {
        v->largest = isnan(error) ? HUGE_VAL : error;
    }
}

/* Moves all values of a sample on by one place: as good a random sample, and another one. */
static void rotate(float *values, size_t width)
{
    const float first = values[0];
    memmove(values, values + 1, (width - 1) * sizeof *values);
    values[width - 1] = first;
}

/* The reference's forward pass of samples first..end - 1, which do not come too near to a ReLU's
 * corner. */
static bench_outcome forward(verification *v, size_t first, size_t end)
{
    const size_t width = v->input.width;
    for (size_t sample = first; sample < end; sample++) {
        float *src = v->input.values + sample * width;
        double margin = reference_forward(v->reference, sample, src);
        for (int i = 0; i < VERIFY_ATTEMPTS && margin < VERIFY_MARGIN; i++) {
            rotate(src, width);
            margin = reference_forward(v->reference, sample, src);
        }
        progress_update(&v->bar, ++v->samples, v->note);
        const bench_outcome outcome = measure_outcome(ARD_STATUS_SUCCESS);
        if (outcome != BENCH_DONE) {
            return outcome;
        }
    }
    return BENCH_DONE;
}

/* What makes up for the share that a side drops. */
static double make_up(const bench_case *kase, size_t side, double kept_share)
{
    return kase->scale == ARD_SCALE_PERIOD ? 1 / kept_share : 1 / (1 - kase->dropout[side].rate);
}

/* What a step drops, and by how much the rest is scaled. */
static void find_dropout(const verification *v, const ard_layer_pattern *patterns,
                         reference_dropout *dropout)
{
    const bench_case *kase = v->kase;
    for (size_t side = 0; side < kase->sides; side++) {
        const double rate = kase->dropout[side].rate;
        const ard_layer_pattern *pattern = &patterns[side];
        dropout[side] = (reference_dropout){.pattern = *pattern, .scale = 1, .weight_scale = 1};
        if (v->kind == ARD_DROPOUT_DROPCONNECT) {
            dropout[side].drop_connect = true;
            dropout[side].weight_scale = 1 / (1 - rate);
            dropout[side].mask =
                (ard_bernoulli){rate, kase->seed, ard_mlp_steps_done(v->mlp), (uint32_t)side};
        } else if (v->kind == ARD_DROPOUT_TILE) {
            dropout[side].weight_scale = make_up(kase, side, case_kept_share(kase, side, pattern));
        } else if (v->kind != ARD_DROPOUT_NONE) {
            dropout[side].scale = make_up(kase, side, case_kept_share(kase, side, pattern));
        }
    }
}

/* One step of the network that is verified. */
static bench_outcome step(verification *v, const ard_layer_pattern *patterns, double *loss)
{
    ard_mlp_result result = {0};
    if (v->cblas != NULL) {
        *loss = cblas_mlp_step(v->cblas, v->input.values, v->input.labels);
        return BENCH_DONE;
    }
    ard_status status = ard_mlp_step_with_patterns(v->mlp, patterns, v->batch, &v->input.matrix,
                                                   &v->input.device_labels, NULL);
    if (status == ARD_STATUS_SUCCESS) {
        status = ard_mlp_take_training_result(v->mlp, &result);
    }
    *loss = result.loss;
    return measure_outcome(status);
}

static bench_outcome read_layer(verification *v, size_t layer)
{
    if (v->cblas != NULL) {
        cblas_mlp_read_layer(v->cblas, layer, v->weights, v->bias);
        return BENCH_DONE;
    }
    return measure_outcome(ard_mlp_read_layer(v->mlp, layer, v->weights, v->bias));
}

static bench_outcome compare(verification *v, double got_loss, double want_loss)
{
    bench_outcome outcome = BENCH_DONE;
    note_error(v, fabs(got_loss - want_loss) / fmax(want_loss, 1e-3));
    for (size_t layer = 0; layer < v->kase->layers && outcome == BENCH_DONE; layer++) {
        outcome = read_layer(v, layer);
        if (outcome == BENCH_DONE) {
            note_error(v, reference_layer_error(v->reference, layer, v->weights, v->bias));
        }
    }
    return outcome;
}

/* Groups of samples of the network that is verified: baselines have one. */
static size_t groups_of(const verification *v)
{
    return v->kind == v->kase->pattern ? case_groups(v->kase) : 1;
}

/* The reference's step up to its gradient, a group of samples after the other. */
static bench_outcome run_reference(verification *v, const ard_layer_pattern *patterns, double *loss)
{
    const size_t groups = groups_of(v);
    bench_outcome outcome = BENCH_DONE;
    *loss = 0;
    for (size_t group = 0; group < groups && outcome == BENCH_DONE; group++) {
        reference_dropout dropout[ARD_MLP_MAX_LAYERS];
        const size_t first = v->batch * group / groups;
        const size_t end = v->batch * (group + 1) / groups;
        find_dropout(v, patterns + group * v->kase->sides, dropout);
        reference_begin(v->reference, dropout, first, end - first);
        outcome = forward(v, first, end);
        if (outcome == BENCH_DONE) {
            *loss += reference_backward(v->reference, v->input.labels);
        }
    }
    return outcome;
}

static bench_outcome verify_step(verification *v, const ard_layer_pattern *patterns)
{
    double got = 0;
    double loss = 0;
    bench_outcome outcome = run_reference(v, patterns, &loss);
    if (outcome == BENCH_DONE) {
        outcome = measure_outcome(ard_matrix_write(v->context, v->batch, v->input.width,
                                                   v->input.values, &v->input.matrix));
    }
    if (outcome == BENCH_DONE) {
        outcome = step(v, patterns, &got);
    }
    if (outcome == BENCH_DONE) {
        const ard_sgd_options sgd = step_sgd();
        reference_update(v->reference, sgd.schedule.rate, sgd.momentum);
        outcome = compare(v, got, loss);
    }
    return outcome;
}

/* Eight times what roundings that do not conspire add up to in this network. */
static double error_bound(const verification *v)
{
    size_t terms = v->batch;
    for (size_t i = 0; i <= v->kase->layers; i++) {
        terms = v->kase->widths[i] > terms ? v->kase->widths[i] : terms;
    }
    return 8 * FLT_EPSILON * (sqrt((double)terms) * (double)v->kase->layers + 1000);
}

/* Some steps with dropout of a kind and the patterns of a draw each, where that kind has any. */
static bench_outcome verify_kind(verification *v, ard_dropout_kind kind, const draw_set *set)
{
    ard_layer_pattern all[ARD_MLP_MAX_LAYERS];
    for (size_t side = 0; side < v->kase->sides; side++) {
        all[side] = ard_layer_pattern_all();
    }
    v->kind = kind;
    bench_outcome outcome = create(v);
    for (size_t i = 0; i < VERIFY_STEPS && outcome == BENCH_DONE; i++) {
        const size_t draw = i * (set->count - 1) / (VERIFY_STEPS - 1);
        outcome = verify_step(v, kind == v->kase->pattern ? draws_patterns(set, draw, 0) : all);
    }
    destroy(v);
    return outcome;
}

bench_outcome step_verify(ard_context *context, const draw_set *set, const char *label,
                          bench_error *error)
{
    const bench_case *kase = set->kase;
    verification v = {.context = context, .kase = kase, .batch = verification_batch(kase)};
    ard_dropout_kind kinds[1 + BENCH_MOST_BASELINES] = {kase->pattern};
    size_t count = 1;
    for (size_t i = 0; i < case_baseline_count(kase); i++) {
        const bench_baseline baseline = case_baseline(kase, i);
        if (baseline != BASELINE_BERNOULLI) {
            kinds[count++] =
                baseline == BASELINE_CBLAS ? ARD_DROPOUT_NONE : ARD_DROPOUT_DROPCONNECT;
        }
    }
    bench_outcome outcome = BENCH_DONE;
    case_describe(kase, v.note);
    progress_start(&v.bar, label, "samples", count * VERIFY_STEPS * v.batch);
    for (size_t i = 0; i < count && outcome == BENCH_DONE; i++) {
        outcome = verify_kind(&v, kinds[i], set);
    }
    progress_finish(&v.bar);
    *error = (bench_error){.largest = v.largest, .bound = error_bound(&v)};
    return outcome;
}
