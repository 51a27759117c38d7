/* SPDX-License-Identifier: Apache-2.0 */
#include "step.h"

#include <math.h>
#include <stdlib.h>

#include "cblas_mlp.h"
#include "input.h"

/* The networks, and the batch that they are trained on. */
typedef struct networks {
    const bench_case *kase;
    bench_input input;
    ard_mlp *compact;
    ard_mlp *dense[BENCH_DEVICE_BASELINES];
    cblas_mlp *cblas; /* NULL: no such baseline */
} networks;

static ard_status compact(void *state, const ard_layer_pattern *patterns)
{
    const networks *networks = state;
    return ard_mlp_step_with_patterns(networks->compact, patterns, networks->input.batch,
                                      &networks->input.matrix, &networks->input.device_labels,
                                      NULL);
}

static ard_status dense(void *state, size_t index, uint64_t step)
{
    const networks *networks = state;
    (void)step; /* the network counts its own */
    if (case_baseline(networks->kase, index) == BASELINE_CBLAS) {
        cblas_mlp_step(networks->cblas, networks->input.values, networks->input.labels);
        return ARD_STATUS_SUCCESS;
    }
    return ard_mlp_step(networks->dense[index], networks->input.batch, &networks->input.matrix,
                        &networks->input.device_labels, NULL);
}

static ard_status flops(void *state, const ard_layer_pattern *patterns, double *flops)
{
    const networks *networks = state;
    return ard_mlp_step_flops(networks->compact, networks->input.batch, patterns, flops);
}

ard_sgd_options step_sgd(void)
{
    return ard_sgd_defaults();
}

ard_status step_create_mlp(ard_context *context, const bench_case *kase, ard_dropout_kind kind,
                           ard_mlp **mlp)
{
    ard_dropout dropout[ARD_MLP_MAX_LAYERS] = {0};
    ard_status status = ARD_STATUS_SUCCESS;
    for (size_t side = 0; side < kase->sides && status == ARD_STATUS_SUCCESS; side++) {
        const double rate = kase->dropout[side].rate;
        dropout[side] = kase->dropout[side];
        if (rate == 0 && !kase->per_period) {
            dropout[side] = (ard_dropout){0}; /* nothing is dropped, so no mask is made either */
        } else if (kind != kase->pattern) {
            status = ard_dropout_init(kind, rate, 0, kase->scale, &dropout[side]);
        }
    }
    const ard_mlp_options options = {
        .layers = kase->layers,
        .widths = kase->widths,
        .dropout = dropout,
        .max_batch = kase->batch,
        .seed = kase->seed,
        .sgd = step_sgd(),
        .groups = kind == kase->pattern ? kase->groups : 1,
    };
    return status == ARD_STATUS_SUCCESS ? ard_mlp_create(context, &options, mlp) : status;
}

cblas_mlp *step_create_cblas(const bench_case *kase, size_t batch, bool drops)
{
    double rates[ARD_MLP_MAX_LAYERS] = {0};
    const ard_sgd_options sgd = step_sgd();
    for (size_t side = 0; side < kase->sides; side++) {
        rates[side] = drops ? kase->dropout[side].rate : 0;
    }
    const cblas_mlp_options options = {
        .layers = kase->layers,
        .widths = kase->widths,
        .rates = rates,
        .batch = batch,
        .seed = kase->seed,
        .learning_rate = sgd.schedule.rate,
        .momentum = sgd.momentum,
    };
    return cblas_mlp_create(kase->cblas, &options);
}

/* The network on the host, with the weights of the one on the device. */
static bench_outcome create_cblas(const bench_case *kase, networks *networks)
{
    size_t most_weights = 0;
    size_t most_units = 0;
    case_largest_layer(kase, &most_weights, &most_units);
    float *weights = calloc(most_weights, sizeof *weights);
    float *bias = calloc(most_units, sizeof *bias);
    networks->cblas = step_create_cblas(kase, kase->batch, true);
    bench_outcome outcome = BENCH_NO_MEMORY;
    if (weights != NULL && bias != NULL && networks->cblas != NULL) {
        outcome = BENCH_DONE;
    }
    for (size_t layer = 0; layer < kase->layers && outcome == BENCH_DONE; layer++) {
        outcome = measure_outcome(ard_mlp_read_layer(networks->compact, layer, weights, bias));
        cblas_mlp_write_layer(networks->cblas, layer, weights, bias);
    }
    free(weights);
    free(bias);
    return outcome;
}

ard_dropout_kind step_baseline_kind(bench_baseline baseline)
{
    return baseline == BASELINE_DROPCONNECT ? ARD_DROPOUT_DROPCONNECT : ARD_DROPOUT_BERNOULLI;
}

static bench_outcome create(ard_context *context, const bench_case *kase, networks *networks)
{
    bench_outcome outcome = input_create(context, kase->batch, kase->widths[0],
                                         kase->widths[kase->layers], kase->seed, &networks->input);
    if (outcome == BENCH_DONE) {
        outcome =
            measure_outcome(step_create_mlp(context, kase, kase->pattern, &networks->compact));
    }
    for (size_t i = 0; i < case_device_baselines(kase) && outcome == BENCH_DONE; i++) {
        const ard_dropout_kind kind = step_baseline_kind(case_baseline(kase, i));
        outcome = measure_outcome(step_create_mlp(context, kase, kind, &networks->dense[i]));
    }
    return outcome;
}

static void destroy(networks *networks)
{
    ard_mlp_destroy(networks->compact);
    for (size_t i = 0; i < BENCH_DEVICE_BASELINES; i++) {
        ard_mlp_destroy(networks->dense[i]);
    }
    cblas_mlp_destroy(networks->cblas);
    input_destroy(&networks->input);
}

static bench_subject make_subject(ard_context *context, networks *networks)
{
    return (bench_subject){.context = context,
                           .state = networks,
                           .error = {.largest = NAN},
                           .dense = dense,
                           .compact = compact,
                           .flops = flops};
}

bench_outcome step_run(ard_context *context, const draw_set *set, const char *label,
                       bench_result *results, double *milliseconds)
{
    networks networks = {.kase = set->kase};
    bench_subject subject = make_subject(context, &networks);
    bench_outcome outcome = BENCH_DONE;
    if (set->kase->verify) {
        outcome = step_verify(context, set, label, &subject.error);
    }
    if (outcome == BENCH_DONE) {
        outcome = create(context, set->kase, &networks);
    }
    if (outcome == BENCH_DONE && set->kase->cblas != NULL) {
        outcome = create_cblas(set->kase, &networks);
    }
    if (outcome == BENCH_DONE) {
        outcome = measure(&subject, set, label, results, milliseconds);
    }
    destroy(&networks);
    return outcome;
}

bench_outcome step_profile(const char *id, const draw_set *set, const char *label,
                           bench_profile *profile)
{
    const ard_context_options options = {.profiling = true};
    networks networks = {.kase = set->kase};
    ard_context *context = NULL;
    bench_outcome outcome = measure_outcome(ard_context_create(id, &options, &context));
    if (outcome == BENCH_DONE) {
        outcome = create(context, set->kase, &networks);
    }
    if (outcome == BENCH_DONE) {
        const bench_subject subject = make_subject(context, &networks);
        outcome = profiling_run(&subject, set, label, profile);
    }
    destroy(&networks);
    ard_context_destroy(context);
    return outcome;
}
