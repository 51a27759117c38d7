/* SPDX-License-Identifier: Apache-2.0 */
#include "step.h"

#include <math.h>

#include "engine.h"

/* The networks, and what they are trained on. */
typedef struct networks {
    const bench_case *kase;
    const step_model *model;
    void *input;
    void *compact;
    void *dense[BENCH_DEVICE_BASELINES];
    void *host; /* of the CBLAS baseline */
} networks;

const step_model *step_model_of(const bench_case *kase)
{
    return kase->model == MODEL_LSTM ? &step_lstm : &step_mlp;
}

static ard_status compact(void *state, const ard_layer_pattern *patterns)
{
    const networks *networks = state;
    return networks->model->step(networks->compact, networks->input, patterns);
}

static ard_status dense(void *state, size_t index, uint64_t step)
{
    const networks *networks = state;
    (void)step; /* the network counts its own */
    if (case_baseline(networks->kase, index) == BASELINE_CBLAS) {
        networks->model->step_host(networks->host, networks->input);
        return ARD_STATUS_SUCCESS;
    }
    return networks->model->step(networks->dense[index], networks->input, NULL);
}

static ard_status flops(void *state, const ard_layer_pattern *patterns, double *flops)
{
    const networks *networks = state;
    return networks->model->flops(networks->compact, networks->input, patterns, flops);
}

ard_dropout_kind step_baseline_kind(bench_baseline baseline)
{
    return baseline == BASELINE_DROPCONNECT ? ARD_DROPOUT_DROPCONNECT : ARD_DROPOUT_BERNOULLI;
}

static bench_outcome create(ard_context *context, networks *networks)
{
    const bench_case *kase = networks->kase;
    const step_model *model = networks->model;
    bench_outcome outcome = model->create_input(context, kase, &networks->input);
    if (outcome == BENCH_DONE) {
        outcome = measure_outcome(model->create(context, kase, kase->pattern, &networks->compact));
    }
    for (size_t i = 0; i < case_device_baselines(kase) && outcome == BENCH_DONE; i++) {
        const ard_dropout_kind kind = step_baseline_kind(case_baseline(kase, i));
        outcome = measure_outcome(model->create(context, kase, kind, &networks->dense[i]));
    }
    return outcome;
}

static void destroy(networks *networks)
{
    const step_model *model = networks->model;
    model->destroy(networks->compact);
    for (size_t i = 0; i < BENCH_DEVICE_BASELINES; i++) {
        model->destroy(networks->dense[i]);
    }
    if (networks->host != NULL) {
        model->destroy_host(networks->host);
    }
    model->destroy_input(networks->input);
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
    networks networks = {.kase = set->kase, .model = step_model_of(set->kase)};
    bench_subject subject = make_subject(context, &networks);
    bench_outcome outcome = BENCH_DONE;
    if (set->kase->verify) {
        outcome = networks.model->verify(context, set, label, &subject.error);
    }
    if (outcome == BENCH_DONE) {
        outcome = create(context, &networks);
    }
    if (outcome == BENCH_DONE && set->kase->cblas != NULL) {
        outcome = networks.model->create_host(set->kase, networks.compact, &networks.host);
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
    networks networks = {.kase = set->kase, .model = step_model_of(set->kase)};
    ard_context *context = NULL;
    bench_outcome outcome = measure_outcome(engine_context(id, set->kase->engine, true, &context));
    if (outcome == BENCH_DONE) {
        outcome = create(context, &networks);
    }
    if (outcome == BENCH_DONE) {
        const bench_subject subject = make_subject(context, &networks);
        outcome = profiling_run(&subject, set, label, profile);
    }
    destroy(&networks);
    ard_context_destroy(context);
    return outcome;
}
