/* SPDX-License-Identifier: Apache-2.0 */
#include "step.h"

#include "input.h"

/* Both networks, and the batch that they are trained on. */
typedef struct networks {
    bench_input input;
    ard_mlp *compact;
    ard_mlp *dense;
} networks;

static ard_status compact(void *state, const ard_layer_pattern *patterns)
{
    const networks *networks = state;
    return ard_mlp_step_with_patterns(networks->compact, patterns, networks->input.batch,
                                      &networks->input.matrix, &networks->input.device_labels,
                                      NULL);
}

static ard_status dense(void *state)
{
    const networks *networks = state;
    return ard_mlp_step(networks->dense, networks->input.batch, &networks->input.matrix,
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
        dropout[side] = kase->dropout[side];
        if (kind != kase->pattern) {
            status =
                ard_dropout_init(kind, kase->dropout[side].rate, 0, kase->scale, &dropout[side]);
        }
    }
    const ard_mlp_options options = {
        .layers = kase->layers,
        .widths = kase->widths,
        .dropout = dropout,
        .max_batch = kase->batch,
        .seed = kase->seed,
        .sgd = step_sgd(),
    };
    return status == ARD_STATUS_SUCCESS ? ard_mlp_create(context, &options, mlp) : status;
}

bench_outcome step_run(ard_context *context, const draw_set *set, const char *label,
                       bench_result *result)
{
    const bench_case *kase = set->kase;
    networks networks = {0};
    const bench_subject subject = {
        .context = context, .state = &networks, .dense = dense, .compact = compact, .flops = flops};
    bench_outcome outcome = BENCH_DONE;
    if (kase->verify) {
        outcome = step_verify(context, set, label, result);
    }
    if (outcome == BENCH_DONE) {
        outcome = input_create(context, kase->batch, kase->widths[0], kase->widths[kase->layers],
                               kase->seed, &networks.input);
    }
    if (outcome == BENCH_DONE) {
        outcome = measure_outcome(step_create_mlp(context, kase, kase->pattern, &networks.compact));
    }
    if (outcome == BENCH_DONE) {
        outcome =
            measure_outcome(step_create_mlp(context, kase, ARD_DROPOUT_BERNOULLI, &networks.dense));
    }
    if (outcome == BENCH_DONE) {
        outcome = measure(&subject, set, label, result);
    }
    ard_mlp_destroy(networks.compact);
    ard_mlp_destroy(networks.dense);
    input_destroy(&networks.input);
    return outcome;
}
