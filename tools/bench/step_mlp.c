/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of a multi-layer perceptron. */
#include "step_mlp.h"

#include <stdlib.h>

#include "input.h"

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

static bench_outcome create_input(ard_context *context, const bench_case *kase, void **made)
{
    bench_input *input = calloc(1, sizeof *input);
    *made = input;
    return input == NULL ? BENCH_NO_MEMORY
                         : input_create(context, kase->batch, kase->widths[0],
                                        kase->widths[kase->layers], kase->seed, input);
}

static void destroy_input(void *input)
{
    if (input != NULL) {
        input_destroy(input);
        free(input);
    }
}

static ard_status create(ard_context *context, const bench_case *kase, ard_dropout_kind kind,
                         void **network)
{
    ard_mlp *mlp = NULL;
    const ard_status status = step_create_mlp(context, kase, kind, &mlp);
    *network = mlp;
    return status;
}

static void destroy(void *network)
{
    ard_mlp_destroy(network);
}

static ard_status step(void *network, void *data, const ard_layer_pattern *patterns)
{
    bench_input *input = data;
    return patterns != NULL
               ? ard_mlp_step_with_patterns(network, patterns, input->batch, &input->matrix,
                                            &input->device_labels, NULL)
               : ard_mlp_step(network, input->batch, &input->matrix, &input->device_labels, NULL);
}

static ard_status flops(void *network, void *data, const ard_layer_pattern *patterns, double *flops)
{
    const bench_input *input = data;
    return ard_mlp_step_flops(network, input->batch, patterns, flops);
}

/* The network on the host, with the weights of the one on the device. */
static bench_outcome create_host(const bench_case *kase, void *network, void **host)
{
    size_t most_weights = 0;
    size_t most_units = 0;
    case_largest_layer(kase, &most_weights, &most_units);
    float *weights = calloc(most_weights, sizeof *weights);
    float *bias = calloc(most_units, sizeof *bias);
    cblas_mlp *cblas = step_create_cblas(kase, kase->batch, true);
    bench_outcome outcome = BENCH_NO_MEMORY;
    *host = cblas;
    if (weights != NULL && bias != NULL && cblas != NULL) {
        outcome = BENCH_DONE;
    }
    for (size_t layer = 0; layer < kase->layers && outcome == BENCH_DONE; layer++) {
        outcome = measure_outcome(ard_mlp_read_layer(network, layer, weights, bias));
        cblas_mlp_write_layer(cblas, layer, weights, bias);
    }
    free(weights);
    free(bias);
    return outcome;
}

static void step_host(void *host, void *data)
{
    const bench_input *input = data;
    cblas_mlp_step(host, input->values, input->labels);
}

static void destroy_host(void *host)
{
    cblas_mlp_destroy(host);
}

const step_model step_mlp = {
    .create_input = create_input,
    .destroy_input = destroy_input,
    .create = create,
    .destroy = destroy,
    .step = step,
    .flops = flops,
    .verify = step_verify,
    .create_host = create_host,
    .step_host = step_host,
    .destroy_host = destroy_host,
};
